"""What screens are painted with: a few kinds of things, each with its place (pure data)."""

from dataclasses import dataclass

from kiosk.screens.theme import Colour
from kiosk.state import Choice


@dataclass(frozen=True, slots=True)
class Rect:
    """A place in pixels; y grows upwards, as Kivy has it."""

    x: float
    y: float
    w: float
    h: float

    @property
    def top(self) -> float:
        return self.y + self.h

    @property
    def right(self) -> float:
        return self.x + self.w

    def inset(self, across: float, down: float | None = None) -> "Rect":
        down = across if down is None else down
        return Rect(self.x + across, self.y + down, self.w - 2 * across, self.h - 2 * down)

    def split_top(self, h: float, gap: float = 0) -> tuple["Rect", "Rect"]:
        """The upper `h` pixels, and the rest below a gap."""
        return (
            Rect(self.x, self.top - h, self.w, h),
            Rect(self.x, self.y, self.w, max(0, self.h - h - gap)),
        )

    def split_bottom(self, h: float, gap: float = 0) -> tuple["Rect", "Rect"]:
        """The lower `h` pixels, and the rest above a gap."""
        return (
            Rect(self.x, self.y, self.w, h),
            Rect(self.x, self.y + h + gap, self.w, max(0, self.h - h - gap)),
        )

    def split_left(self, w: float, gap: float = 0) -> tuple["Rect", "Rect"]:
        """The left `w` pixels, and the rest beyond a gap."""
        return (
            Rect(self.x, self.y, w, self.h),
            Rect(self.x + w + gap, self.y, max(0, self.w - w - gap), self.h),
        )

    def grid(self, columns: int, rows: int, gap: float) -> list["Rect"]:
        """Equal cells, row by row from the top left."""
        w = (self.w - gap * (columns - 1)) / columns
        h = (self.h - gap * (rows - 1)) / rows
        return [
            Rect(self.x + column * (w + gap), self.top - h - row * (h + gap), w, h)
            for row in range(rows)
            for column in range(columns)
        ]

    def middle(self, w: float, h: float) -> "Rect":
        return Rect(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)

    def holds(self, other: "Rect", slack: float = 0.5) -> bool:
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )


@dataclass(frozen=True, slots=True)
class Panel:
    at: Rect
    fill: Colour
    radius: float = 0
    edge: Colour | None = None
    """A thin line around it."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A panel that can be touched; `down` is its colour under the finger."""

    at: Rect
    choice: Choice
    fill: Colour
    down: Colour
    radius: float = 0
    edge: Colour | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Text that fits its place: broken into lines, and made smaller when it must be."""

    at: Rect
    text: str
    size: float
    colour: Colour
    bold: bool = False
    align: str = "left"
    valign: str = "middle"


@dataclass(frozen=True, slots=True)
class Icon:
    at: Rect
    name: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code."""

    at: Rect
    data: str


Thing = Panel | Touch | Say | Icon | Code
