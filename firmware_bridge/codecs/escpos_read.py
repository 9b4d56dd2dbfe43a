"""ESC/POS read back: which commands a stream of printer bytes is made of.

For checking slips and for `yichuang vectors`. Not used by the printer emulator, which reads the
same bytes by tables of its own.
"""

from dataclasses import dataclass

from firmware_bridge.codecs.stream import MORE, Noise, ProtocolError, Step


@dataclass(frozen=True, slots=True)
class Command:
    """One command by name, with its parameters."""

    name: str
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Words:
    """Characters to print, undecoded."""

    data: bytes


_FIXED: dict[bytes, tuple[str, int]] = {
    b"\x1b@": ("initialise", 0), b"\x1c&": ("kanji on", 0), b"\x1c.": ("kanji off", 0),
    b"\x1bt": ("code table", 1), b"\x1ba": ("align", 1), b"\x1bE": ("bold", 1),
    b"\x1bd": ("feed", 1), b"\x1bB": ("buzzer", 2), b"\x1bM": ("font", 1),
    b"\x1b-": ("underline", 1),
    b"\x1bJ": ("feed dots", 1), b"\x1b2": ("line spacing", 0), b"\x1b3": ("line spacing", 1),
    b"\x1d!": ("size", 1), b"\x1dh": ("barcode height", 1), b"\x1dw": ("barcode width", 1),
    b"\x1dH": ("barcode text", 1), b"\x1df": ("barcode font", 1), b"\x1dB": ("inverse", 1),
    b"\x1da": ("automatic status", 1), b"\x1dr": ("status when done", 1), b"\x1dI": ("identify", 1),
    b"\x1c!": ("kanji style", 1), b"\x1cW": ("kanji size", 1), b"\x1c-": ("kanji underline", 1),
    b"\x1cS": ("kanji spacing", 2), b"\x10\x04": ("status now", 1),
}  # fmt: skip
_LIMITS: dict[str, range] = {
    "align": range(3), "automatic status": range(256), "status now": range(1, 5),
    "status when done": range(1, 3), "barcode text": range(4),
}  # fmt: skip
_STARTS = b"\x10\x1b\x1c\x1d"


def parse(buffer: bytes) -> Step[Command | Words]:
    """First command, or run of characters, in `buffer` (see `stream`)."""
    if buffer[0] not in _STARTS:
        end = next((at for at, byte in enumerate(buffer) if byte in _STARTS), len(buffer))
        return Words(buffer[:end]), end
    if len(buffer) < 2:
        return MORE
    head = buffer[:2]
    match head:
        case b"\x1dV":
            return _cut(buffer)
        case b"\x1dk":
            return _barcode(buffer)
        case b"\x1d(" | b"\x1b(":
            return _function(buffer)
        case b"\x1dv":
            return _picture(buffer)
    if head not in _FIXED:
        return Noise("unknown command"), 2
    name, count = _FIXED[head]
    if len(buffer) < 2 + count:
        return MORE
    data = buffer[2 : 2 + count]
    if name in _LIMITS and data[0] not in _LIMITS[name]:
        return Noise("parameter out of range"), 2
    return Command(name, data), 2 + count


def _cut(buffer: bytes) -> Step[Command | Words]:
    if len(buffer) < 3:
        return MORE
    if buffer[2] in (0, 1, 48, 49):
        return Command("cut", buffer[2:3]), 3
    if buffer[2] not in (65, 66):
        return Noise("parameter out of range"), 2
    return (Command("feed and cut", buffer[2:4]), 4) if len(buffer) > 3 else MORE


def _barcode(buffer: bytes) -> Step[Command | Words]:
    if len(buffer) < 4:
        return MORE
    if not 65 <= buffer[2] <= 79:
        return Noise("parameter out of range"), 2
    end = 4 + buffer[3]
    return (Command("barcode", buffer[2:3] + buffer[4:end]), end) if len(buffer) >= end else MORE


def _function(buffer: bytes) -> Step[Command | Words]:
    if len(buffer) < 5:
        return MORE
    end = 5 + int.from_bytes(buffer[3:5], "little")
    if end > 4096 or end < 6:
        return Noise("length"), 2
    if len(buffer) < end:
        return MORE
    name = f"function {chr(buffer[2])}" if 32 <= buffer[2] < 127 else "function"
    return Command(name, buffer[5:end]), end


def _picture(buffer: bytes) -> Step[Command | Words]:
    if len(buffer) < 8:
        return MORE
    size = int.from_bytes(buffer[4:6], "little") * int.from_bytes(buffer[6:8], "little")
    if buffer[2] != 0x30 or size > 65_536:
        return Noise("parameter out of range"), 2
    end = 8 + size
    return (Command("picture", buffer[4:end]), end) if len(buffer) >= end else MORE


def read(data: bytes) -> list[Command | Words]:
    """All of `data`, which must be whole commands.

    Raises:
        ProtocolError: something in it is none.
    """
    out: list[Command | Words] = []
    while data:
        what, used = parse(data)
        if what is None:
            raise ProtocolError("incomplete")
        if isinstance(what, Noise):
            raise ProtocolError(what.why)
        out.append(what)
        data = data[used:]
    if not out:
        raise ProtocolError("empty")
    return out
