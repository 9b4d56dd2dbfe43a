"""A sign as a picture, for panels that know dots and no characters."""

from PIL import Image, ImageDraw, ImageFont

from firmware_bridge.drivers.drawing import font
from firmware_bridge.sign import Strip
from firmware_bridge.words import Sign

Dot = tuple[int, int, int]

COLOURS: dict[str, Dot] = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "yellow": (255, 200, 0),
    "white": (255, 255, 255),
}
CHINESE_DOTS = 12
"""Characters lower than this can only be Latin letters and digits."""


def draw(sign: Sign, strip: Strip, colour: Dot, *, blank: bool = False) -> Image.Image:
    """`sign` in `colour` on black, RGB, the size of `strip`; `blank` leaves out what flashes.

    On a panel too low for Chinese it is the ticket alone, or the window while nobody is called.
    """
    lit = Image.new("L", (strip.width, strip.height), 0)
    pen = ImageDraw.Draw(lit)
    pen.fontmode = "1"
    lines = [(line.text, line.flash) for line in sign.lines[: strip.rows]]
    size, base = strip.character - 1, 0.86
    if strip.character < CHINESE_DOTS and lines:
        lines = [(sign.number or sign.label, any(line.flash for line in sign.lines))]
        size, base = round(strip.character * 1.3), 1.0
    for row, (text, flash) in enumerate(lines):
        if not (blank and flash):
            at = (strip.width / 2, (row + base) * strip.character)
            pen.text(at, text, 255, _fitting(text, size, strip.width), anchor="ms")
    page = Image.new("RGB", lit.size)
    page.paste(colour, mask=lit)
    return page


def _fitting(text: str, size: int, width: int) -> ImageFont.FreeTypeFont:
    """The font in that size, or as much smaller as `text` needs to be no wider than the panel."""
    while size > 6 and font(size).getlength(text) > width:
        size -= 1
    return font(size)
