"""How a slip looks: the thermal head's dots, and the picture of the paper."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import segno
from PIL import Image, ImageDraw, ImageFont

CELL, LINE = 12, 30
"""Dots of a half-width character, and of a line with its spacing."""
_MARGIN = 32
_PAPER, _INK = (250, 249, 245), (38, 38, 42)


@dataclass(slots=True)
class Style:
    """The printer's modes."""

    kanji: bool = False
    align: int = 0
    bold: bool = False
    across: int = 1
    down: int = 1


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)


class Canvas:
    """Dots of one slip, line by line."""

    def __init__(self, dots: int) -> None:
        self._dots = dots
        self._lines: list[Image.Image] = []
        self._line: list[tuple[str, Style]] = []
        self._words: list[str] = []
        self._counted = 0

    @property
    def blank(self) -> bool:
        return not self._lines

    @property
    def text(self) -> str:
        """What is written on it; a QR code stands as ``[QR data]``."""
        return "\n".join(self._words)

    def take_height(self) -> int:
        """Dot rows printed since the last time."""
        height = sum(line.height for line in self._lines)
        new, self._counted = height - self._counted, height
        return new

    def write(self, characters: str, style: Style) -> None:
        """Put characters on the line; a full line goes to paper."""
        for character in characters:
            width = _cells(character) * CELL * style.across
            if self._width() + width > self._dots:
                self.end_line(style)
            now = Style(style.kanji, style.align, style.bold, style.across, style.down)
            self._line.append((character, now))

    def end_line(self, style: Style, *, forced: bool = True) -> None:
        """Print the line; `forced` moves the paper for an empty one too, as LF does."""
        if not self._line and not forced:
            return
        tallest = max((s.down for _, s in self._line), default=1)
        image = Image.new("L", (self._dots, CELL * 2 * tallest + LINE - CELL * 2), 0)
        x = _left(style.align, self._dots, self._width())
        for character, how in self._line:
            glyph = _glyph(character, how)
            image.paste(glyph, (x, CELL * 2 * (tallest - how.down) + 3))
            x += glyph.width
        self._lines.append(image)
        self._words.append("".join(c for c, _ in self._line).rstrip())
        self._line = []

    def feed(self, lines: int) -> None:
        self._lines.append(Image.new("L", (self._dots, LINE * lines), 0))

    def picture(self, rows: bytes, across: int, height: int, style: Style) -> None:
        """Bits of a raster picture."""
        dots = Image.frombytes("1", (across * 8, height), rows).convert("L")
        line = Image.new("L", (self._dots, height), 0)
        line.paste(dots, (_left(style.align, self._dots, dots.width), 0))
        self._lines.append(line)
        if not self._words or self._words[-1] != "[picture]":
            self._words.append("[picture]")

    def qr(self, data: bytes, module: int, level: str, style: Style) -> None:
        """Draw a QR code as the printer's own firmware would."""
        code = segno.make_qr(data, error=level.lower(), boost_error=False)
        size = len(code.matrix)
        squares = bytes(255 if bit else 0 for row in code.matrix for bit in row)
        dots = Image.frombytes("L", (size, size), squares)
        dots = dots.resize((size * module, size * module), Image.Resampling.NEAREST)
        line = Image.new("L", (self._dots, dots.height + 8), 0)
        line.paste(dots, (_left(style.align, self._dots, dots.width), 4))
        self._lines.append(line)
        self._words.append(f"[QR {data.decode(errors='replace')}]")

    def save(self, path: Path, *, partial: bool) -> None:
        """Write the slip as a picture: paper, ink, and the edge the cutter left."""
        height = sum(line.height for line in self._lines) + 2 * _MARGIN
        width = self._dots + 2 * _MARGIN
        ink = Image.new("L", (width, height), 0)
        y = _MARGIN
        for line in self._lines:
            ink.paste(line, (_MARGIN, y))
            y += line.height
        paper = Image.new("RGB", (width, height), _PAPER)
        paper.paste(Image.new("RGB", (width, height), _INK), mask=ink)
        _on_table(paper, partial=partial).save(path)

    def _width(self) -> int:
        return sum(_cells(c) * CELL * s.across for c, s in self._line)


def _left(align: int, dots: int, width: int) -> int:
    return max(0, (0, (dots - width) // 2, dots - width)[align % 3])


def _cells(character: str) -> int:
    return 1 if character < "\x80" or character == "¿" else 2


def _glyph(character: str, style: Style) -> Image.Image:
    """One character cell, drawn at its final height and stretched to its width."""
    height = CELL * 2 * style.down
    natural = CELL * style.down * _cells(character)
    image = Image.new("L", (natural, height), 0)
    draw = ImageDraw.Draw(image)
    font = _font(int(height * (0.94 if _cells(character) == 2 else 0.92)))
    draw.text(
        (natural / 2, height * 0.84),
        character,
        255,
        font,
        anchor="ms",
        stroke_width=(style.down + 1) // 3 if style.bold else 0,
        stroke_fill=255,
    )
    width = CELL * style.across * _cells(character)
    return image if width == natural else image.resize((width, height))


def _on_table(paper: Image.Image, *, partial: bool) -> Image.Image:
    """The slip lying on a table: soft shadow, and the tooth of paper a partial cut leaves."""
    around = 24
    width, height = paper.size
    table = Image.new("RGB", (width + 2 * around, height + 2 * around), (222, 226, 230))
    draw = ImageDraw.Draw(table)
    for depth in range(10, 0, -1):
        shade = 222 - (10 - depth) * 3
        box = (
            around - depth,
            around - depth + 4,
            around + width + depth,
            around + height + depth + 4,
        )
        draw.rounded_rectangle(box, depth, fill=(shade, shade + 3, shade + 6))
    table.paste(paper, (around, around))
    if partial:
        middle = around + width // 2
        draw.rectangle((middle - 9, around + height, middle + 9, around + height + 3), fill=_PAPER)
    return table
