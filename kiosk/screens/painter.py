"""Paints things with Kivy: panels, words, icons, codes, and what a finger touches."""

from collections.abc import Callable
from functools import lru_cache
from math import ceil
from typing import Any, ClassVar

import segno
from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, Ellipse, Rectangle, RoundedRectangle, SmoothLine
from kivy.uix.widget import Widget

from kiosk.lines import wrap
from kiosk.screens.icons import ICONS, Stroke
from kiosk.screens.theme import Colour
from kiosk.screens.things import Code, Icon, Panel, Rect, Say, Thing, Touch
from kiosk.state import Choice

FONT = "Roboto"
LINE_HEIGHT = 1.32
TIGHTEST = 1.16
"""Least height of a line, in font sizes: what a Chinese character with its accents needs."""
SMALLEST = 0.5
"""How much smaller than asked words may get before they are cut."""
SHRINK = 0.94
LEFT_OVER = 0.88
SLIDE = 0.2
"""How far beside a thing, in its heights, a finger may be lifted and still mean it."""
QUIET_SQUARES = 2

OnTouch = Callable[[Choice], None]


def paint(things: tuple[Thing, ...], on_touch: OnTouch) -> list[Widget]:
    """One widget for each thing, in order."""
    return [_widget(thing, on_touch) for thing in things]


def _widget(thing: Thing, on_touch: OnTouch) -> Widget:
    match thing:
        case Panel():
            return PanelWidget(thing)
        case Touch():
            return TouchWidget(thing, on_touch)
        case Say():
            return SayWidget(thing)
        case Icon():
            return IconWidget(thing)
        case Code():
            return CodeWidget(thing)


class _Placed(Widget):
    """A widget at its place, drawn once."""

    def __init__(self, at: Rect) -> None:
        super().__init__(size_hint=(None, None), pos=(at.x, at.y), size=(at.w, at.h))


def _panel(at: Rect, radius: float, edge: Colour | None, width: float) -> None:
    shape: dict[str, Any] = {"pos": (at.x, at.y), "size": (at.w, at.h)}
    if radius:
        RoundedRectangle(**shape, radius=[radius])
    else:
        Rectangle(**shape)
    if edge:
        Color(*edge)
        inner = at.inset(width / 2)
        corner = max(0.0, radius - width / 2)
        SmoothLine(rounded_rectangle=(inner.x, inner.y, inner.w, inner.h, corner), width=width)


class PanelWidget(_Placed):
    def __init__(self, thing: Panel) -> None:
        super().__init__(thing.at)
        with self.canvas:
            Color(*thing.fill)
            _panel(thing.at, thing.radius, thing.edge, 1.2)


class TouchWidget(_Placed):
    """A panel that answers the finger at once and acts when it is lifted.

    A finger that slides off a little still counts. While one finger is down, anywhere, others do
    nothing: a palm is not two wishes.
    """

    held: ClassVar[list[Any]] = []
    """The touch that is down now, if any."""

    def __init__(self, thing: Touch, on_touch: OnTouch) -> None:
        super().__init__(thing.at)
        self.thing = thing
        self._on_touch = on_touch
        with self.canvas:
            self._colour = Color(*thing.fill)
            _panel(thing.at, thing.radius, thing.edge, 1.6)

    @property
    def fill(self) -> Colour:
        """How it is coloured now."""
        red, green, blue, alpha = self._colour.rgba
        return red, green, blue, alpha

    def on_touch_down(self, touch: Any) -> bool:
        if not self.collide_point(*touch.pos) or touch.is_mouse_scrolling:
            return False
        if not self.held:
            self.held.append(touch)
            touch.grab(self)
            self._colour.rgba = self.thing.down
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self.held.clear()
        self._colour.rgba = self.thing.fill
        near = self.thing.at.inset(-SLIDE * self.thing.at.h)
        if near.holds(Rect(touch.x, touch.y, 0, 0)):
            self._on_touch(self.thing.choice)
        return True


@lru_cache(maxsize=20_000)
def _advance(character: str, size: int) -> float:
    label = CoreLabel(text=character, font_size=size, font_name=FONT)
    return float(label.get_extents(character)[0])


def fit(thing: Say) -> tuple[list[str], float]:
    """The lines of a text and the size at which they fit its place; cut with … when nothing
    helps. Rather a little smaller than a single character left over on the last line."""
    size = min(thing.size, thing.at.h / TIGHTEST)
    smallest = size * SMALLEST
    while True:
        lines = _broken(thing, size)
        most = max(1, int(thing.at.h / (size * LINE_HEIGHT) + 0.02))
        wide = max((_wide(line, size) for line in lines), default=0)
        if len(lines) <= most and wide <= thing.at.w + 0.5:
            break
        if size <= smallest:
            return _cut(lines, most, thing.at.w, size), size
        size *= SHRINK
    if len(lines) > 1 and len(lines[-1]) <= 2:
        tighter = _broken(thing, size * LEFT_OVER)
        if len(tighter) < len(lines):
            return tighter, size * LEFT_OVER
    return lines, size


def _broken(thing: Say, size: float) -> list[str]:
    return wrap(thing.text, thing.at.w, lambda text: _wide(text, size))


def _wide(text: str, size: float) -> float:
    pixels = max(1, int(size))
    return sum(_advance(c, pixels) for c in text)


def _cut(lines: list[str], most: int, width: float, size: float) -> list[str]:
    last = lines[most - 1]
    while last and _wide(last + "…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], last + "…"]


class SayWidget(_Placed):
    """Words, drawn line by line so that the place of each is known."""

    def __init__(self, thing: Say) -> None:
        super().__init__(thing.at)
        self.thing = thing
        self.lines, self.font_size = fit(thing)
        textures = [_texture(line, int(self.font_size)) for line in self.lines]
        step = self.font_size * LINE_HEIGHT
        block = step * len(textures)
        at = thing.at
        top = {"top": at.top, "bottom": at.y + block}.get(thing.valign, at.y + (at.h + block) / 2)
        self.text_width = max((t.width for t in textures), default=0)
        with self.canvas:
            Color(*thing.colour)
            for row, texture in enumerate(textures):
                room = at.w - texture.width
                x = at.x + {"left": 0, "center": room / 2, "right": room}[thing.align]
                y = top - step * row - (step + texture.height) / 2
                for shift in _weight(self.font_size) if thing.bold else (0,):
                    pos = (round(x) + shift, round(y))
                    Rectangle(texture=texture, pos=pos, size=texture.size)


def _weight(size: float) -> list[float]:
    """Shifts at which a line is drawn again to look bold: the font comes in one weight. Close
    enough together that large figures stay smooth."""
    stroke = size * 0.02
    steps = max(1, ceil(2 * stroke / 1.5))
    return [stroke * (2 * step / steps - 1) for step in range(steps + 1)]


def _texture(line: str, size: int) -> Any:
    label = CoreLabel(text=line, font_size=size, font_name=FONT)
    label.refresh()
    return label.texture


class IconWidget(_Placed):
    def __init__(self, thing: Icon) -> None:
        super().__init__(thing.at)
        with self.canvas:
            Color(*thing.colour)
            for stroke in ICONS[thing.name]:
                _stroke(stroke, thing.at)


def _stroke(stroke: Stroke, at: Rect) -> None:
    """One stroke of an icon, scaled from the 24 grid into `at`."""
    unit = at.w / 24
    width = max(1.1, 0.95 * unit)
    kind, numbers = stroke

    def x(value: float) -> float:
        return at.x + value * unit

    def y(value: float) -> float:
        return at.top - value * unit

    match kind:
        case "P":
            points = [
                place(value)
                for value, place in zip(numbers, (x, y) * (len(numbers) // 2), strict=True)
            ]
            SmoothLine(points=points, width=width)
            for i in range(0, len(points), 2):
                _round(points[i], points[i + 1], width)
        case "C":
            SmoothLine(circle=(x(numbers[0]), y(numbers[1]), numbers[2] * unit), width=width)
        case "D":
            _round(x(numbers[0]), y(numbers[1]), numbers[2] * unit)
        case "A":
            middle_x, middle_y, radius, begin, end = numbers
            circle = (x(middle_x), y(middle_y), radius * unit, begin, end)
            SmoothLine(circle=circle, width=width)


def _round(x: float, y: float, radius: float) -> None:
    Ellipse(pos=(x - radius, y - radius), size=(2 * radius, 2 * radius), segments=24)


class CodeWidget(_Placed):
    """A QR code in black squares on white, with its quiet edge."""

    def __init__(self, thing: Code) -> None:
        super().__init__(thing.at)
        matrix = segno.make_qr(thing.data, error="m", boost_error=False).matrix
        squares = len(matrix) + 2 * QUIET_SQUARES
        side = int(min(thing.at.w, thing.at.h) // squares)
        left = int(thing.at.x + (thing.at.w - side * squares) / 2)
        bottom = int(thing.at.y + (thing.at.h - side * squares) / 2)
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=(left, bottom), size=(side * squares, side * squares))
            Color(0, 0, 0, 1)
            for row, bits in enumerate(matrix):
                for column, bit in enumerate(bits):
                    if bit:
                        across = left + (column + QUIET_SQUARES) * side
                        up = bottom + (squares - 1 - row - QUIET_SQUARES) * side
                        Rectangle(pos=(across, up), size=(side, side))
