"""A receipt printer that is not there: takes ESC/POS, draws each slip as a picture.

Written from the command tables of printer makers, apart from our encoder, so that the two can
disagree. It answers DLE EOT, automatic status and GS r as truthfully as a printer does, and can be
told to run out of paper, to have its cover opened, to jam, to fall silent or to get stuck.
"""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Self

from config.hall import Device
from firmware_bridge.emulators.slip import Canvas, Style
from firmware_bridge.links.link import Link

FAULTS = ("near-end", "paper-out", "cover-open", "cutter-error", "error", "silent", "stuck")
NEAR_END_DOTS = 4000
_LENGTHS = {  # command -> bytes of parameters
    b"\x1b@": 0, b"\x1c&": 0, b"\x1c.": 0, b"\x1b2": 0, b"\x1b3": 1, b"\x1bt": 1, b"\x1ba": 1,
    b"\x1bE": 1, b"\x1bd": 1, b"\x1bB": 2, b"\x1bM": 1, b"\x1b-": 1, b"\x1bJ": 1, b"\x1d!": 1,
    b"\x1dh": 1, b"\x1dw": 1, b"\x1dH": 1, b"\x1df": 1, b"\x1dB": 1, b"\x1da": 1, b"\x1dr": 1,
    b"\x1dI": 1, b"\x1c!": 1, b"\x1cW": 1, b"\x1c-": 1, b"\x1cS": 2, b"\x10\x04": 1,
}  # fmt: skip


class PrinterEmulator:
    """One printer; `faults` holds what is wrong with it now (see `FAULTS`)."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        dots: int = 576,
        roll: int | None = None,
        buffered_status: bool = True,
    ) -> None:
        self.faults: set[str] = set()
        self.roll = roll
        """Dot rows of paper left; None never ends."""
        self.slips: list[str] = []
        """Text of each slip that was cut off."""
        self.pictures: list[Path] = []
        self.beeps: list[tuple[int, int]] = []
        self.unknown: Counter[str] = Counter()
        """Commands it did not understand."""
        self._folder, self._dots, self._buffered_status = folder, dots, buffered_status
        self._canvas = Canvas(dots)
        self._style = Style()
        self._buffer = b""
        self._tail = b""
        self._qr = (b"", 3, "L")
        self._automatic = False
        self._told = b""
        self._link: Link | None = None
        self._woken = asyncio.Event()

    @classmethod
    def for_device(cls, device: Device) -> Self:
        """The printer that a hall file describes."""
        return cls(dots=384 if int(device.options.get("paper", 80)) == 58 else 576)

    async def run(self, link: Link) -> None:
        """Serve whoever writes to `link`, until the line breaks."""
        self._link, self._buffer, self._tail, self._automatic = link, b"", b"", False
        while True:
            data = await link.read()
            while "stuck" in self.faults:
                await self._woken.wait()
            await self._real_time(data)
            self._buffer += data
            await self._work()
            await self._tell()

    async def set_faults(self, *faults: str) -> None:
        """Have exactly these things be wrong; with none it is repaired and prints on."""
        unknown = set(faults) - set(FAULTS)
        if unknown:
            raise ValueError(f"a printer has no fault {', '.join(sorted(unknown))}")
        self.faults = set(faults)
        if "paper-out" not in faults and self.roll is not None and self.roll <= 0:
            self.roll = None
        self._woken.set()
        self._woken = asyncio.Event()
        await self._work()
        await self._tell()

    @property
    def _near_end(self) -> bool:
        low = self.roll is not None and self.roll < NEAR_END_DOTS
        return low or "near-end" in self.faults

    @property
    def _offline(self) -> bool:
        return bool(self.faults & {"paper-out", "cover-open", "cutter-error", "error"})

    async def _say(self, data: bytes) -> None:
        if self._link is not None and "silent" not in self.faults:
            await self._link.write(data)

    async def _real_time(self, data: bytes) -> None:
        """A printer sees DLE EOT the moment it arrives, wherever it stands in the data."""
        seen = self._tail + data
        self._tail = seen[-2:]
        at = seen.find(b"\x10\x04")
        while 0 <= at < len(seen) - 2:
            if at + 2 >= len(seen) - len(data) and 1 <= seen[at + 2] <= 4:
                await self._say(bytes((self._status_byte(seen[at + 2]),)))
            at = seen.find(b"\x10\x04", at + 1)

    def _status_byte(self, n: int) -> int:
        bits = 0x12
        match n:
            case 1:
                bits |= 0x08 if self._offline else 0
            case 2:
                bits |= 0x04 if "cover-open" in self.faults else 0
                bits |= 0x20 if "paper-out" in self.faults else 0
                bits |= 0x40 if self.faults & {"cutter-error", "error"} else 0
            case 3:
                bits |= 0x08 if "cutter-error" in self.faults else 0
                bits |= 0x20 if "error" in self.faults else 0
            case _:
                bits |= 0x0C if self._near_end else 0
                bits |= 0x60 if "paper-out" in self.faults else 0
        return bits

    async def _tell(self) -> None:
        if not self._automatic:
            return
        first = 0x10 | (0x08 if self._offline else 0)
        first |= 0x20 if "cover-open" in self.faults else 0
        second = (0x08 if "cutter-error" in self.faults else 0) | (
            0x20 if "error" in self.faults else 0
        )
        third = (0x03 if self._near_end else 0) | (0x0C if "paper-out" in self.faults else 0)
        now = bytes((first, second, third, 0))
        if now != self._told:
            self._told = now
            await self._say(now)

    async def _work(self) -> None:
        """Print what is buffered, as far as the printer is able to."""
        while self._buffer and not self._offline:
            used = await self._step()
            if not used:
                return
            self._buffer = self._buffer[used:]

    async def _step(self) -> int:
        """Execute the first command or character of the buffer; answers the bytes it took."""
        data = self._buffer
        if data[0] not in (0x10, 0x1B, 0x1C, 0x1D):
            return self._character()
        if len(data) < 2:
            return 0
        head = data[:2]
        if head in (b"\x1d(", b"\x1dv", b"\x1dV", b"\x1dk"):
            return self._long(head)
        length = _LENGTHS.get(head)
        if length is None:
            self.unknown[head.hex(" ")] += 1
            return 2
        if len(data) < 2 + length:
            return 0
        await self._short(head, data[2 : 2 + length])
        return 2 + length

    async def _short(self, head: bytes, values: bytes) -> None:
        match head, tuple(values):
            case b"\x1b@", _:
                self._style = Style()
            case b"\x1c&", _:
                self._style.kanji = True
            case b"\x1c.", _:
                self._style.kanji = False
            case b"\x1ba", (n,):
                self._style.align = n % 48
            case b"\x1bE", (n,):
                self._style.bold = bool(n & 1)
            case b"\x1d!", (n,):
                self._style.across, self._style.down = (n >> 4) + 1, (n & 15) + 1
            case b"\x1bd", (n,):
                self._canvas.end_line(self._style, forced=False)
                self._canvas.feed(n)
                self._use_paper()
            case b"\x1bB", (n, t):
                self.beeps.append((n, t))
            case b"\x1da", (n,):
                self._automatic, self._told = bool(n), b""
                await self._tell()
            case b"\x1dr", (1 | 49,) if self._buffered_status:
                await self._say(bytes((0x03 if self._near_end else 0,)))
            case b"\x1dI", (66 | 67 as n,):
                await self._say(b"_" + (b"YICHUANG" if n == 66 else b"EMULATOR") + b"\0")

    def _long(self, head: bytes) -> int:
        data = self._buffer
        if head == b"\x1dV":
            return self._cut(data)
        if head == b"\x1dk":
            return self._barcode(data)
        if len(data) < (5 if head == b"\x1d(" else 8):
            return 0
        if head == b"\x1d(":
            end = 5 + int.from_bytes(data[3:5], "little")
            if len(data) >= end:
                self._symbol(data[2:3], data[5:end])
            return end if len(data) >= end else 0
        across, rows = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
        end = 8 + across * rows
        if len(data) < end:
            return 0
        self._canvas.picture(data[8:end], across, rows, self._style)
        self._use_paper()
        return end

    def _symbol(self, kind: bytes, data: bytes) -> None:
        text, module, level = self._qr
        match kind, data[:2]:
            case b"k", b"1C":
                self._qr = (text, data[2], level)
            case b"k", b"1E":
                self._qr = (text, module, "LMQH"[data[2] - 0x30])
            case b"k", b"1P":
                self._qr = (data[3:], module, level)
            case b"k", b"1Q":
                self._canvas.qr(text, module, level, self._style)
                self._use_paper()
            case b"k", b"1A":
                pass
            case _:
                self.unknown["1d 28 " + kind.hex()] += 1

    def _barcode(self, data: bytes) -> int:
        if len(data) < 4 or len(data) < 4 + data[3]:
            return 0
        self.unknown["1d 6b"] += 1
        return 4 + data[3]

    def _cut(self, data: bytes) -> int:
        if len(data) < 3:
            return 0
        feed = data[2] in (0x41, 0x42)
        if feed and len(data) < 4:
            return 0
        if "cutter-error" in self.faults:
            return 0
        self._canvas.end_line(self._style, forced=False)
        if not self._canvas.blank:
            self._finish(partial=data[2] in (1, 49, 0x42))
        return 4 if feed else 3

    def _finish(self, *, partial: bool) -> None:
        self.slips.append(self._canvas.text)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"slip-{len(self.slips):04}.png"
            self._canvas.save(path, partial=partial)
            self.pictures.append(path)
        self._canvas = Canvas(self._dots)

    def _character(self) -> int:
        data = self._buffer
        if data[0] == 0x0A:
            self._canvas.end_line(self._style)
            self._use_paper()
            return 1
        if not self._style.kanji or data[0] < 0x81:
            self._canvas.write(chr(data[0]) if 0x20 <= data[0] < 0x7F else "¿", self._style)
            return 1
        if len(data) < 2:
            return 0
        try:
            self._canvas.write(data[:2].decode("gb18030"), self._style)
        except UnicodeDecodeError:
            self._canvas.write("  ", self._style)
            self.unknown["character"] += 1
        return 2

    def _use_paper(self) -> None:
        if self.roll is not None:
            self.roll -= self._canvas.take_height()
            if self.roll <= 0:
                self.faults.add("paper-out")
