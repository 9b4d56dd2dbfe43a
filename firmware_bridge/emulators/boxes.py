"""A number pad, a Zigbee button and a Modbus box that are not there; each by its own tables."""

import asyncio
import json
import struct
from typing import Self

from config.hall import Device
from firmware_bridge.links.link import Link


class _Plugged:
    """Holds the line while it is plugged in."""

    def __init__(self) -> None:
        self._link: Link | None = None
        self._ready = asyncio.Event()

    @classmethod
    def for_device(cls, _: Device) -> Self:
        """What a hall file describes."""
        return cls()

    async def run(self, link: Link) -> None:
        self._link = link
        self._ready.set()
        while True:
            await link.read()

    async def _say(self, data: bytes) -> None:
        await self._ready.wait()
        if self._link is not None:
            await self._link.write(data)


_CODES = {
    "0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73,
    "enter": 96, "plus": 78, "minus": 74, "dot": 83, "asterisk": 55, "slash": 98,
}  # fmt: skip


class KeypadEmulator(_Plugged):
    """A USB number pad as the kernel reports it."""

    async def press(self, *keys: str) -> bool:
        """Press and release keys, held long enough to repeat once."""
        for key in keys:
            code = _CODES[key]
            for value in (1, 2, 0):
                await self._say(struct.pack("<qqHHi", 0, 0, 4, 4, 0x70059))
                await self._say(struct.pack("<qqHHi", 0, 0, 1, code, value))
                await self._say(struct.pack("<qqHHi", 0, 0, 0, 0, 0))
        return True


class ZigbeeEmulator(_Plugged):
    """A battery button behind zigbee2mqtt; old releases send an empty action after each press."""

    def __init__(self) -> None:
        super().__init__()
        self.battery = 97

    async def press(self, action: str = "single") -> bool:
        for name in (action, ""):
            report = {"action": name, "battery": self.battery, "linkquality": 120}
            await self._say(json.dumps(report).encode())
        return True

    async def available(self, *, online: bool) -> None:
        """The radio finds it, or does not."""
        await self._say(json.dumps({"state": "online" if online else "offline"}).encode())


class ModbusEmulator:
    """A box of eight inputs and eight outputs; a press holds an input for some polls."""

    def __init__(self, unit: int = 1) -> None:
        self.unit = unit
        self.faults: set[str] = set()
        self.outputs = [False] * 8
        self.switched: list[tuple[int, bool]] = []
        self._inputs = 0
        self._polls = asyncio.Condition()

    @classmethod
    def for_device(cls, device: Device) -> Self:
        """The box that a hall file describes."""
        return cls(device.address or 1)

    async def press(self, number: str, polls: int = 3) -> bool:
        """Hold input `number` (from 1) down while it is asked that often."""
        bit = 1 << (int(number) - 1)
        self._inputs |= bit
        await self._asked(polls)
        self._inputs &= ~bit
        await self._asked(2)
        return True

    async def _asked(self, times: int) -> None:
        async with self._polls:
            for _ in range(times):
                await self._polls.wait()

    async def run(self, link: Link) -> None:
        buffer = b""
        while True:
            buffer += await link.read()
            while len(buffer) >= 8:
                frame, buffer = buffer[:8], buffer[8:]
                answer = self._answer(frame)
                if answer and "silent" not in self.faults:
                    await link.write(answer)
                    async with self._polls:
                        self._polls.notify_all()

    def _answer(self, frame: bytes) -> bytes:
        if self._crc(frame[:6]) != frame[6:] or frame[0] != self.unit:
            return b""
        function, first, value = frame[1], frame[3], frame[4:6]
        match function:
            case 2:
                return self._with_crc(bytes((self.unit, 2, 1, self._inputs)))
            case 5 if first < 8 and value in (b"\xff\x00", b"\x00\x00"):
                self.outputs[first] = value == b"\xff\x00"
                self.switched.append((first, self.outputs[first]))
                return frame
            case 5:
                return self._with_crc(bytes((self.unit, 0x85, 2)))
        return self._with_crc(bytes((self.unit, function | 0x80, 1)))

    def _with_crc(self, body: bytes) -> bytes:
        good = self._crc(body)
        if "spoilt" in self.faults:
            self.faults.discard("spoilt")
            good = bytes((good[0] ^ 1, good[1]))
        return body + good

    @staticmethod
    def _crc(data: bytes) -> bytes:
        value = 0xFFFF
        for byte in data:
            value ^= byte
            for _ in range(8):
                value = value >> 1 ^ (0xA001 if value & 1 else 0)
        return bytes((value & 0xFF, value >> 8))
