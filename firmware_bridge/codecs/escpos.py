"""ESC/POS: what a receipt printer is told. What it answers is in `escpos_status`.

A slip is a list of parts; `encode` turns it into bytes. Chinese goes out as GB18030 between
FS & and FS . (python-escpos leaves these out and loses full-width punctuation, so the encoder is
our own). A line with a character that the printer has no glyph for is drawn as a picture by the
`draw` hook; without one the character is replaced by 〓 and named in `Encoded.lost`.

Paper: 58 mm is 384 dots and 32 half-width columns, 80 mm is 576 dots and 48 columns.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from firmware_bridge.codecs import gb
from firmware_bridge.codecs.stream import ProtocolError

INITIALISE = b"\x1b@"
KANJI_ON, KANJI_OFF = b"\x1c&", b"\x1c."
LF = b"\n"
BAND = 128
"""Dot rows per picture command: small buffers of cheap printers take no more at once."""


class Align(IntEnum):
    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `width` and `height` multiply the font, 1 to 8."""

    text: str
    align: Align = Align.LEFT
    width: int = 1
    height: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class QR:
    """A QR code drawn by the printer; `module` dots per square, `level` L, M, Q or H."""

    data: str
    module: int = 6
    level: str = "M"


@dataclass(frozen=True, slots=True)
class Picture:
    """Black dots, one bit each, the left one highest; rows padded to whole bytes."""

    width: int
    height: int
    rows: bytes = field(repr=False)
    align: Align = Align.LEFT

    def __post_init__(self) -> None:
        if len(self.rows) != (self.width + 7) // 8 * self.height:
            raise ProtocolError("picture of another size than it says")


@dataclass(frozen=True, slots=True)
class Beep:
    """The buzzer of Chinese models: `times` beeps of `length` times 50 ms."""

    times: int = 1
    length: int = 2


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed to the cutter and cut; a partial cut keeps the slip from falling."""

    partial: bool = True


Part = Text | Rule | Feed | QR | Picture | Beep | Cut


@dataclass(frozen=True, slots=True)
class Paper:
    """What the printer is: width, and which characters it draws by itself."""

    dots: int = 576
    columns: int = 48
    font: str = "gb18030"
    kanji_double: bool = False
    """The model enlarges Chinese only by FS W (some clones ignore GS ! for it)."""


PAPER_80, PAPER_58 = Paper(), Paper(384, 32)

Draw = Callable[[Text, Paper], Picture]
"""Draws one line of text as a picture of the paper's width."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes for the printer, and the characters no way was found to print."""

    data: bytes
    lost: tuple[str, ...] = ()


def encode(parts: Iterable[Part], paper: Paper = PAPER_80, draw: Draw | None = None) -> Encoded:
    """The bytes that print `parts`, beginning with a reset of the printer's modes."""
    out = [INITIALISE, KANJI_ON]
    lost: dict[str, None] = {}
    for part in parts:
        if isinstance(part, Text) and draw is not None and gb.missing(part.text, paper.font):
            out.append(picture(draw(part, paper)))
        elif isinstance(part, Text):
            line, without = gb.replace(part.text, paper.font)
            lost.update(dict.fromkeys(without))
            out.append(_text(part, line, paper))
        else:
            out.append(_other(part, paper))
    out.append(KANJI_OFF)
    return Encoded(b"".join(out), tuple(lost))


def _other(part: Rule | Feed | QR | Picture | Beep | Cut, paper: Paper) -> bytes:
    match part:
        case Rule():
            return align(Align.LEFT) + size(1, 1) + bold(on=False) + b"-" * paper.columns + LF
        case Feed(lines):
            return feed(lines)
        case QR():
            return align(Align.CENTRE) + qr(part) + align(Align.LEFT)
        case Picture():
            return picture(part)
        case Beep(times, length):
            return bytes((0x1B, 0x42, _within(times, 1, 9), _within(length, 1, 9)))
        case Cut(partial):
            return cut(partial=partial)


def _text(part: Text, line: str, paper: Paper) -> bytes:
    head = align(part.align) + size(part.width, part.height) + bold(on=part.bold)
    if paper.kanji_double:
        large = part.width > 1 or part.height > 1
        head += bytes((0x1C, 0x57, large))
    return head + line.encode(paper.font) + LF


def align(how: Align) -> bytes:
    """ESC a"""
    return bytes((0x1B, 0x61, how))


def size(width: int, height: int) -> bytes:
    """GS !: times 1 to 8 in each direction."""
    return bytes((0x1D, 0x21, (_within(width, 1, 8) - 1) << 4 | (_within(height, 1, 8) - 1)))


def bold(*, on: bool) -> bytes:
    """ESC E"""
    return bytes((0x1B, 0x45, on))


def feed(lines: int) -> bytes:
    """ESC d"""
    return bytes((0x1B, 0x64, _within(lines, 0, 255)))


def cut(*, partial: bool = True) -> bytes:
    """GS V 65 or 66: feed to the cutter first, then cut."""
    return bytes((0x1D, 0x56, 0x42 if partial else 0x41, 0))


def qr(code: QR) -> bytes:
    """GS ( k: model 2, square size, correction, data, print."""
    data = code.data.encode()
    if not 1 <= len(data) <= 700:
        raise ProtocolError("a QR code on a slip holds 1 to 700 bytes")
    if len(code.level) != 1 or code.level not in "LMQH":
        raise ProtocolError("QR correction is L, M, Q or H")
    return b"".join(
        (
            _symbol(0x41, b"\x32\x00"),
            _symbol(0x43, bytes((_within(code.module, 1, 16),))),
            _symbol(0x45, bytes((0x30 + "LMQH".index(code.level),))),
            _symbol(0x50, b"\x30" + data),
            _symbol(0x51, b"\x30"),
        )
    )


def _symbol(function: int, data: bytes) -> bytes:
    return b"\x1d(k" + (len(data) + 2).to_bytes(2, "little") + bytes((0x31, function)) + data


def picture(what: Picture) -> bytes:
    """GS v 0, in bands of `BAND` dot rows."""
    across = (what.width + 7) // 8
    out = [align(what.align)]
    for top in range(0, what.height, BAND):
        band = what.rows[top * across : (top + BAND) * across]
        rows = len(band) // across
        out.append(b"\x1dv0\x00" + across.to_bytes(2, "little") + rows.to_bytes(2, "little") + band)
    return b"".join(out)


def _within(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise ProtocolError(f"outside {low} to {high}")
    return value
