"""An Onbon sign card that is not there.

Written from the frame description. It keeps dynamic areas by id, answers as a card does, and can
be told to be busy, to fall silent, to answer in pieces or with a wrong checksum.
"""

from dataclasses import dataclass
from typing import Self

from config.hall import Device
from firmware_bridge.links.link import Link

FAULTS = ("silent", "busy", "spoilt", "split", "full")
_BACK = {b"\xa6\x02": b"\xa5", b"\xa6\x01": b"\xa6", b"\x5b\x02": b"\x5a", b"\x5b\x01": b"\x5b"}


def _crc(data: bytes) -> bytes:
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return bytes((value & 0xFF, value >> 8))


@dataclass(frozen=True, slots=True)
class Shown:
    """One area as it stands on the sign."""

    x: int
    y: int
    width: int
    height: int
    text: str


class BxEmulator:
    """One card with `address`."""

    def __init__(self, address: int = 1) -> None:
        self.address = address
        self.faults: set[str] = set()
        self.areas: dict[int, Shown] = {}
        self.on = False
        self.clock = ""
        self.busy_times = 2
        """How often it says busy while the fault is set."""
        self.bad_frames = 0
        self.history: list[str] = []
        """Every text that was put on it."""

    @classmethod
    def for_device(cls, device: Device) -> Self:
        """The card that a hall file describes."""
        return cls(device.address or 1)

    @property
    def text(self) -> str:
        """What can be read on the sign, row by row."""
        rows = sorted(self.areas.values(), key=lambda area: (area.y, area.x))
        return "\n".join(area.text for area in rows) if self.on else ""

    async def run(self, link: Link) -> None:
        """Serve one line until it breaks. Power is on, memory is empty."""
        self.areas.clear()
        buffer = b""
        while True:
            buffer += await link.read()
            while b"\x5a" in buffer:
                frame, _, buffer = buffer.partition(b"\x5a")
                answer = self._serve(frame[frame.rfind(b"\xa5") + 1 :])
                if answer and "silent" not in self.faults:
                    await self._send(link, answer)

    def _serve(self, escaped: bytes) -> bytes:
        body = self._unescape(escaped)
        if len(body) < 21:
            self.bad_frames += 1
            return b""
        if body[-2:] not in (_crc(body[:-2]), b"\xff\xff"):
            self.bad_frames += 1
            return self._reply(body, 0xA0, 0x01, 5)
        if int.from_bytes(body[:2], "little") not in (self.address, 0xFFFE):
            return b""
        if "busy" in self.faults:
            self.busy_times -= 1
            if self.busy_times <= 0:
                self.faults.discard("busy")
            return self._reply(body, 0xA0, 0x01, 3)
        wanted = body[16] != 2
        answer = self._obey(body, body[14], body[15], body[19:-2])
        return answer if wanted else b""

    def _obey(self, body: bytes, group: int, command: int, data: bytes) -> bytes:
        match group, command:
            case (0xA2, 0x00):
                pass
            case (0xA2, 0x03):
                self.clock = data.hex()
            case (0xA3, 0x00):
                self.on = data == b"\x01"
            case (0xA3, 0x10):
                self.areas.clear()
            case (0xA3, 0x06):
                if "full" in self.faults:
                    return self._reply(body, 0xA0, 0x01, 4)
                self._write(data)
            case (0xA1, 0x02):
                ids = bytes(sorted(self.areas))
                state = bytes((1 if self.on else 2, 15)) + bytes(8) + b"\x01P000\0\0"
                tail = bytes((len(ids),)) + ids + bytes(28)
                return self._reply(body, 0xA1, 0x02, 1, state + tail)
            case (0xA1 | 0xA2 | 0xA3, _):
                return self._reply(body, 0xA0, 0x01, 2)
            case _:
                return self._reply(body, 0xA0, 0x01, 1)
        return self._reply(body, 0xA0, 0x00, 0)

    def _write(self, data: bytes) -> None:
        if data[0] == 0xFF:
            self.areas.clear()
            at = 1
        else:
            for ident in data[1 : 1 + data[0]]:
                self.areas.pop(ident, None)
            at = 1 + data[0]
        count, at = data[at], at + 1
        for _ in range(count):
            size = int.from_bytes(data[at : at + 2], "little")
            area = data[at + 2 : at + 2 + size]
            at += 2 + size
            x, y, width, height = (
                int.from_bytes(area[1 + 2 * n : 3 + 2 * n], "little") for n in range(4)
            )
            length = int.from_bytes(area[23:27], "little")
            text = area[27 : 27 + length].decode("gb2312", "replace")
            for escape in ("\\C1", "\\C2", "\\C3"):
                text = text.replace(escape, "")
            self.areas[area[9]] = Shown(x, y, width, height, text)
            self.history.append(text)

    def _reply(
        self, asked: bytes, group: int, command: int, error: int, data: bytes = b""
    ) -> bytes:
        inner = bytes((group, command, error, 0, 0)) + data
        source = self.address.to_bytes(2, "little")
        head = asked[2:4] + source + bytes(6) + bytes((0xFE, 2)) + len(inner).to_bytes(2, "little")
        body = head + inner
        body += _crc(body) if "spoilt" not in self.faults else b"\x12\x34"
        self.faults.discard("spoilt")
        out = b""
        for byte in body:
            plain = bytes((byte,))
            out += next((code for code, back in _BACK.items() if back == plain), plain)
        return b"\xa5" * 8 + out + b"\x5a"

    async def _send(self, link: Link, answer: bytes) -> None:
        if "split" in self.faults:
            for at in range(0, len(answer), 3):
                await link.write(answer[at : at + 3])
        else:
            await link.write(answer)

    @staticmethod
    def _unescape(data: bytes) -> bytes:
        out, at = b"", 0
        while at < len(data):
            code = data[at : at + 2]
            out += _BACK.get(code, data[at : at + 1])
            at += 2 if code in _BACK else 1
        return out
