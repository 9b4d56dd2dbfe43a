"""A picture as data: boxes and words in pixels, with no idea of how they get onto a screen.

A scene is made of groups. A group has a key and a place; when a group of the same key is elsewhere
in the next scene it moves there, and when it is new it may come in from above. Inside a group
everything is placed from the group's top left corner, downwards and to the right.
"""

from dataclasses import dataclass

from display.colours import Colour
from display.metrics import width

LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, its corners rounded by `radius`."""

    x: float
    y: float
    w: float
    h: float
    colour: Colour
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text, `size` pixels high, the middle of its characters at `y`.

    `align` says which part of it is at `x`. `bold` draws numbers and headings heavier.
    """

    text: str
    x: float
    y: float
    size: float
    colour: Colour
    align: float = LEFT
    bold: bool = False

    @property
    def width(self) -> float:
        return width(self.text) * self.size

    @property
    def left(self) -> float:
        return self.x - self.align * self.width


@dataclass(frozen=True, slots=True)
class Group:
    """Things that move together."""

    key: str
    x: float
    y: float
    items: tuple[Box | Words, ...]
    enters: float = 0.0
    """Pixels from which it comes in from above when it is new; 0 is simply there."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture."""

    width: int
    height: int
    ground: Colour
    groups: tuple[Group, ...]
