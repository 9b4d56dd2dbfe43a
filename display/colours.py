"""The colours of a screen, from the hall's palette, and the contrast they must have.

Contrast is the ratio of WCAG 2 (relative luminance). Whatever the palette says, nothing that
people read is drawn under `READABLE` on its ground: `readable` moves it towards white or black.
"""

from dataclasses import dataclass

from config.hall import Palette

Colour = tuple[float, float, float]
"""Red, green, blue from 0 to 1."""

READABLE = 4.5


@dataclass(frozen=True, slots=True)
class Tones:
    """What each part of a screen is drawn in."""

    ground: Colour
    panel: Colour
    line: Colour
    text: Colour
    quiet: Colour
    """Second in rank: English, headings, people already at a window."""
    accent: Colour
    """What is new."""
    on_accent: Colour
    chip: Colour
    on_chip: Colour
    warn: Colour


def parse(colour: str) -> Colour:
    """``#rrggbb`` as a colour."""
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with `share` of `b` in it."""
    red, green, blue = (x + (y - x) * share for x, y in zip(a, b, strict=True))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.1)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: Colour, b: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: Colour, *grounds: Colour, ratio: float = READABLE) -> Colour:
    """`colour`, lightened or darkened until it reaches `ratio` on every ground."""
    dark = max(luminance(g) for g in grounds) < 0.18
    towards: Colour = (1.0, 1.0, 1.0) if dark else (0.0, 0.0, 0.0)
    for step in range(21):
        tried = mix(colour, towards, step / 20)
        if all(contrast(tried, ground) >= ratio for ground in grounds):
            return tried
    return towards


def screen(palette: Palette) -> Tones:
    """A television or monitor: dark and calm, one accent."""
    ground, white = parse(palette.night), parse(palette.paper)
    panel = mix(ground, white, 0.07)
    accent = readable(parse(palette.accent), ground, panel)
    chip = mix(parse(palette.primary), ground, 0.1)
    return Tones(
        ground=ground,
        panel=panel,
        line=mix(ground, white, 0.16),
        text=readable(white, ground, panel),
        quiet=readable(mix(ground, white, 0.58), ground, panel),
        accent=accent,
        on_accent=readable(ground, accent),
        chip=chip,
        on_chip=readable(white, chip),
        warn=accent,
    )


BLACK: Colour = (0.0, 0.0, 0.0)
RED: Colour = (1.0, 0.16, 0.12)
GREEN: Colour = (0.2, 0.95, 0.3)
YELLOW: Colour = (1.0, 0.86, 0.1)


def wall() -> Tones:
    """A two- or three-colour LED wall: red stands, yellow is new, green is said beside it."""
    return Tones(
        ground=BLACK,
        panel=BLACK,
        line=mix(BLACK, RED, 0.45),
        text=RED,
        quiet=GREEN,
        accent=YELLOW,
        on_accent=BLACK,
        chip=BLACK,
        on_chip=YELLOW,
        warn=YELLOW,
    )


def mono() -> Tones:
    """A single-colour LED wall: red on black, what is new black on red."""
    return Tones(
        ground=BLACK,
        panel=BLACK,
        line=mix(BLACK, RED, 0.45),
        text=RED,
        quiet=RED,
        accent=RED,
        on_accent=BLACK,
        chip=BLACK,
        on_chip=RED,
        warn=RED,
    )
