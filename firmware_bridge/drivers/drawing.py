"""Lines that a printer has no glyphs for, drawn as pictures with a font of ours."""

from functools import cache

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from firmware_bridge.codecs.escpos import Align, Paper, Picture, Text
from firmware_bridge.codecs.gb import columns

_CELL = 12
"""Dots of a half-width character at the printer's normal size."""


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The hall font, `size` dots high."""
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)


def draw_line(text: Text, paper: Paper) -> Picture:
    """`text` as a picture that takes the place the printer's own line would have taken.

    A line that does not fit is made narrower, never cut off.
    """
    height = 2 * _CELL * text.height
    line = Image.new("L", (max(1, columns(text.text) * _CELL * text.height), height + 6), 0)
    natural = line.width
    draw, glyphs = ImageDraw.Draw(line), font(int(height * 0.94))
    stroke = (text.height + 1) // 3 if text.bold else 0
    x = 0.0
    for character in text.text:
        cell = columns(character) * _CELL * text.height
        at = (x + cell / 2, height * 0.84 + 3)
        draw.text(at, character, 255, glyphs, anchor="ms", stroke_width=stroke, stroke_fill=255)
        x += cell
    width = min(paper.dots, columns(text.text) * _CELL * text.width)
    if width != natural:
        line = line.resize((max(1, width), line.height))
    left = {Align.LEFT: 0, Align.CENTRE: (paper.dots - width) // 2, Align.RIGHT: paper.dots - width}
    page = Image.new("L", (paper.dots, line.height), 0)
    page.paste(line, (left[text.align], 0))
    dots = page.point(lambda value: 255 if value > 110 else 0).convert("1")
    return Picture(paper.dots, line.height, dots.tobytes())
