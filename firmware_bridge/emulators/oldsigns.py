"""An A0 90 strip and an AM03127 sign that are not there."""

from typing import Self

from config.hall import Device
from firmware_bridge.links.link import Link


class StripEmulator:
    """Shows what it is sent, in the colours it is sent."""

    def __init__(self, address: int = 1) -> None:
        self.address = address
        self.faults: set[str] = set()
        self.text = ""
        self.colours: list[int] = []
        self.bad_frames = 0

    @classmethod
    def for_device(cls, device: Device) -> Self:
        """The strip that a hall file describes."""
        return cls(device.address or 1)

    async def run(self, link: Link) -> None:
        buffer = b""
        while True:
            buffer += await link.read()
            while (at := buffer.find(b"\xa0\x90")) >= 0:
                buffer = buffer[at:]
                if len(buffer) < 7 or len(buffer) < 7 + buffer[4] * 256 + buffer[5]:
                    break
                end = 6 + buffer[4] * 256 + buffer[5]
                frame, buffer = buffer[: end + 1], buffer[end + 1 :]
                if self._take(frame) and "silent" not in self.faults:
                    await link.write(b"\xa0\x90" + bytes((self.address,)) + b"\xa5\xaa")

    def _take(self, frame: bytes) -> bool:
        check = 0
        for byte in frame[2:-1]:
            check ^= byte
        if check != frame[-1]:
            self.bad_frames += 1
            return False
        if frame[2] != self.address:
            return False
        data, letters, self.colours = frame[6:-1], b"", []
        while data:
            size = 2 if data[0] >= 0x80 else 1
            letters += data[:size]
            self.colours.append(data[size])
            data = data[size + 1 :]
        self.text = letters.decode("gb2312")
        return True


class AmEmulator:
    """Acknowledges pages with a right checksum, refuses the others."""

    def __init__(self, address: int = 1) -> None:
        self.address = address
        self.faults: set[str] = set()
        self.text = ""

    @classmethod
    def for_device(cls, device: Device) -> Self:
        """The sign that a hall file describes."""
        return cls(device.address or 1)

    async def run(self, link: Link) -> None:
        buffer = b""
        while True:
            buffer += await link.read()
            while b"<E>" in buffer:
                message, _, buffer = buffer.partition(b"<E>")
                if "silent" not in self.faults:
                    await link.write(b"ACK" if self._take(message) else b"NACK")

    def _take(self, message: bytes) -> bool:
        data, stated = message[6:-2], message[-2:]
        check = 0
        for byte in data:
            check ^= byte
        if b"%02X" % check != stated or message[:6] != b"<ID%02X>" % self.address:
            return False
        self.text = data.removeprefix(b"<L1><PA><FE><MA><WC><FE>").decode("ascii")
        return True
