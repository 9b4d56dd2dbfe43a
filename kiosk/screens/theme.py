"""Sizes and colours of the kiosk's screens (pure).

All lengths are pixels, from one unit that follows the screen: 1 on a screen whose short side has
1080 pixels. Kiosk screens of 15 to 24 inches have about 100 pixels an inch, so 80 pixels are the
20 mm a finger needs and a Chinese character of 40 pixels stands 9 mm high.
"""

from dataclasses import dataclass

from config.hall import Palette

Colour = tuple[float, float, float, float]
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)

LEAST_CONTRAST = 4.5
SHORT_SIDE = 1080
SMALLEST_UNIT = 0.8
"""Below this, letters would be too small for standing people however small the screen."""
FINGER, LARGE_FINGER = 80, 104
"""Least side of a thing to touch, pixels; in elderly mode."""

TYPE = {"small": 26, "body": 31, "lead": 34, "tile": 42, "title": 58, "huge": 74, "number": 420}
"""The type scale: pixels at unit 1."""
LARGER = {"small": 1.5, "body": 1.45, "lead": 1.4, "tile": 1.3, "title": 1.15}
"""Elderly mode: how many times larger each step is. Headings are large already."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What one screen size, palette and mode look like."""

    unit: float
    portrait: bool
    large: bool
    primary: Colour
    on_primary: Colour
    accent: Colour
    ink: Colour
    muted: Colour
    paper: Colour
    card: Colour
    edge: Colour
    soft: Colour
    """A breath of the primary colour: behind icons and hints."""
    strip: Colour
    """The line under the header."""
    night: Colour
    good: Colour
    faint: Colour
    """Things that cannot be touched now."""

    def font(self, step: str) -> float:
        """Pixels of a step of the type scale."""
        size = TYPE[step] * self.unit
        return size * LARGER.get(step, 1.0) if self.large else size

    def space(self, steps: float) -> float:
        """Pixels of `steps` steps of the spacing scale, 8 pixels each at unit 1."""
        return 8 * self.unit * steps

    @property
    def finger(self) -> float:
        return LARGE_FINGER if self.large else FINGER


def theme(palette: Palette, width: int, height: int, *, large: bool = False) -> Theme:
    """The theme of a screen."""
    primary, ink = colour(palette.primary), colour(palette.ink)
    paper = colour(palette.paper)
    if large:
        ink = mix(ink, (0, 0, 0, 1), 0.6)
    return Theme(
        unit=max(SMALLEST_UNIT, min(width, height) / SHORT_SIDE),
        portrait=height > width,
        large=large,
        primary=primary,
        on_primary=readable(WHITE, primary, ink),
        accent=colour(palette.accent),
        ink=ink,
        muted=_muted(ink, paper, 7.0 if large else 5.2),
        paper=paper,
        card=WHITE,
        edge=mix(paper, ink, 0.35 if large else 0.16),
        soft=mix(WHITE, primary, 0.10),
        strip=mix(primary, (0, 0, 0, 1), 0.28),
        night=colour(palette.night),
        good=(0.05, 0.45, 0.29, 1.0),
        faint=mix(paper, ink, 0.32),
    )


def colour(text: str) -> Colour:
    """``#rrggbb`` as numbers from 0 to 1."""
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, 1.0


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with `share` of `b`."""
    red, green, blue = (x + (y - x) * share for x, y in zip(a[:3], b[:3], strict=True))
    return red, green, blue, 1.0


def luminance(c: Colour) -> float:
    """Relative luminance (WCAG 2.1)."""
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in c[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: Colour, b: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def readable(wanted: Colour, ground: Colour, instead: Colour) -> Colour:
    """`wanted` where it can be read on `ground`, else `instead`."""
    return wanted if contrast(wanted, ground) >= LEAST_CONTRAST else instead


def _muted(ink: Colour, ground: Colour, least: float) -> Colour:
    """Ink as quiet as it may be and still be read."""
    steps = (mix(ink, ground, share / 100) for share in range(60, -1, -2))
    return next((c for c in steps if contrast(c, ground) >= least), ink)
