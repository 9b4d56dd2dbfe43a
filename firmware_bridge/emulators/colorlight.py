"""A Colorlight receiver card that is not there: keeps rows, shows them when told to."""

from typing import Self

from config.hall import Device
from firmware_bridge.links.link import Link

_TO_CARD = bytes.fromhex("112233445566222233445566")
_FROM_CARD = bytes.fromhex("222233445566112233445566")


class ColorlightEmulator:
    """One card; `shown` is the picture on the panel, rows of (red, green, blue)."""

    def __init__(self) -> None:
        self.faults: set[str] = set()
        self.brightness = 0
        self.shown: dict[int, list[tuple[int, int, int]]] = {}
        self.pictures = 0
        self.bad_frames = 0
        self._rows: dict[int, list[tuple[int, int, int]]] = {}

    @classmethod
    def for_device(cls, _: Device) -> Self:
        """The card that a hall file describes."""
        return cls()

    @property
    def lit(self) -> int:
        """Dots that are not dark."""
        return sum(any(dot) for row in self.shown.values() for dot in row)

    async def run(self, link: Link) -> None:
        while True:
            frame = await link.read()
            if self._take(frame) and "silent" not in self.faults:
                await link.write(_FROM_CARD + b"\x08\x05" + bytes(64))

    def _take(self, frame: bytes) -> bool:
        """Obey one frame; True when it asks who is there."""
        if frame[:12] != _TO_CARD:
            return False
        kind, body = frame[12], frame[13:]
        if kind == 0x55:
            row, offset = body[0] << 8 | body[1], body[2] << 8 | body[3]
            count, dots = body[4] << 8 | body[5], body[8:]
            if len(dots) != 3 * count:
                self.bad_frames += 1
                return False
            line = self._rows.setdefault(row, [])
            line += [(0, 0, 0)] * (offset + count - len(line))
            for n in range(count):
                line[offset + n] = (dots[3 * n + 2], dots[3 * n + 1], dots[3 * n])
        elif kind == 0x0A:
            self.brightness = body[0]
        elif kind == 0x01 and body[0] == 0x07:
            self.shown = {row: list(line) for row, line in self._rows.items()}
            self.pictures += 1
        return kind == 0x07
