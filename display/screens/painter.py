"""Draws scenes with Kivy, and touches only what differs from the scene before.

A group whose items are the same keeps its drawing and is at most moved; one that differs in colour
only (the flash) is recoloured. Texts and rounded corners are drawn once, in white, and kept as
textures. When nothing changes, nothing is drawn.
"""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import pylopdf_fonts_zh_cn
from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.graphics import (
    BorderImage,
    Color,
    InstructionGroup,
    PopMatrix,
    PushMatrix,
    Rectangle,
    Translate,
)
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from display.metrics import MIDDLE
from display.scene import Box, Group, Scene, Words

FONT = str(pylopdf_fonts_zh_cn.sans_path())
MOVE = 0.4
"""Seconds a row takes to its new place."""
MOST_PIXELS = 12_000_000
"""How much text is kept drawn: 48 MB."""
HEAVIER = 75
"""A bold text is one pixel heavier for each so many pixels of its height."""


@dataclass(slots=True)
class _Drawn:
    """A group as it is on the canvas."""

    group: Group
    drawing: Any
    place: Any
    colours: list[Any]
    start: float = 0.0
    """From where it moves, pixels above (positive) or below its place."""
    since: float | None = None
    fading: bool = False


class Painter(Widget):
    """A widget that shows one scene at its lower left corner."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._scene: Scene | None = None
        self._drawn: dict[str, _Drawn] = {}
        self._texts: OrderedDict[tuple[str, int, bool], Any] = OrderedDict()
        self._pixels = 0
        self._corners: dict[int, Any] = {}
        self._moving: Any = None
        self.drawn = 0
        """Groups drawn afresh so far; what did not change is not counted."""

    def show(self, scene: Scene) -> None:
        """Make the widget look like `scene`."""
        before, self._scene = self._scene, scene
        now = time.monotonic()
        frame = None if before is None else (before.width, before.height, before.ground)
        same_frame = frame == (scene.width, scene.height, scene.ground)
        drawn: dict[str, _Drawn] = {}
        changed = not same_frame or [*self._drawn] != [g.key for g in scene.groups]
        for group in scene.groups:
            old = self._drawn.get(group.key)
            if old is not None and same_frame and old.group.items == group.items:
                drawn[group.key] = self._move(old, group, now)
            elif old is not None and same_frame and _same_shape(old.group, group):
                drawn[group.key] = self._recolour(self._move(old, group, now), group)
            else:
                drawn[group.key] = self._draw(group, old, before is not None, now)
                changed = True
        self._drawn = drawn
        if changed:
            self._compose(scene)
        if any(d.since is not None for d in drawn.values()):
            self._animate()

    def _compose(self, scene: Scene) -> None:
        self.canvas.clear()
        self.canvas.add(Color(*scene.ground))
        self.canvas.add(Rectangle(pos=(0, 0), size=(scene.width, scene.height)))
        for one in self._drawn.values():
            self.canvas.add(one.drawing)

    def _draw(self, group: Group, old: _Drawn | None, alive: bool, now: float) -> _Drawn:
        self.drawn += 1
        drawing, colours = InstructionGroup(), []
        drawing.add(PushMatrix())
        place = Translate(*self._at(group, 0.0))
        drawing.add(place)
        for item in group.items:
            colour = Color(*item.colour)
            colours.append(colour)
            drawing.add(colour)
            drawing.add(self._box(item) if isinstance(item, Box) else self._words(item))
        drawing.add(PopMatrix())
        one = _Drawn(group, drawing, place, colours)
        if old is not None and old.since is not None:
            one.start, one.since, one.fading = old.start, old.since, old.fading
        elif old is None and alive and group.enters:
            one.start, one.since, one.fading = group.enters, now, True
        return one

    def _move(self, one: _Drawn, group: Group, now: float) -> _Drawn:
        """Nothing to draw; if its place is another, let it go there from where it is now."""
        if (group.x, group.y) != (one.group.x, one.group.y):
            one.start = self._offset(one, now) + group.y - one.group.y
            one.since = now
            one.fading = False
            for colour in one.colours:
                colour.a = 1.0
        one.group = group
        return one

    def _recolour(self, one: _Drawn, group: Group) -> _Drawn:
        self.drawn += 1
        for colour, item in zip(one.colours, group.items, strict=True):
            colour.rgb = item.colour
        return one

    def _at(self, group: Group, above: float) -> tuple[float, float, float]:
        height = self._scene.height if self._scene is not None else 0
        return (round(group.x), round(height - group.y + above), 0)

    def _offset(self, one: _Drawn, now: float) -> float:
        if one.since is None:
            return 0.0
        rest = max(0.0, 1.0 - (now - one.since) / MOVE)
        return one.start * rest**3

    def _animate(self) -> None:
        if self._moving is None:
            self._moving = Clock.schedule_interval(self._step, 0)
        self._step(0)

    def _step(self, _seconds: float) -> bool:
        now = time.monotonic()
        moving = False
        for one in self._drawn.values():
            if one.since is None:
                continue
            done = now - one.since >= MOVE
            one.place.xyz = self._at(one.group, 0.0 if done else self._offset(one, now))
            if one.fading:
                share = 1.0 if done else (now - one.since) / MOVE
                for colour in one.colours:
                    colour.a = share
            if done:
                one.since, one.fading = None, False
            else:
                moving = True
        if not moving:
            self._moving = None
        return moving

    def _box(self, box: Box) -> Any:
        pos, size = (round(box.x), -round(box.y + box.h)), (round(box.w), round(box.h))
        if not box.radius:
            return Rectangle(pos=pos, size=(size[0], max(1, size[1])))
        radius = max(1, min(round(box.radius), size[0] // 2, size[1] // 2))
        if radius not in self._corners:
            self._corners[radius] = _disc(radius)
        border = [radius] * 4
        return BorderImage(texture=self._corners[radius], border=border, pos=pos, size=size)

    def _words(self, words: Words) -> Any:
        size = max(4, int(words.size))
        texture = self._texture(words.text, size, words.bold)
        left = words.x - words.align * texture.width
        edge = _weight(size) if words.bold else 0
        top = words.y - MIDDLE * size - edge
        if words.align == 0.0:
            left -= edge
        elif words.align == 1.0:
            left += edge
        return Rectangle(
            texture=texture, pos=(round(left), -round(top + texture.height)), size=texture.size
        )

    def _texture(self, text: str, size: int, bold: bool) -> Any:
        key = (text, size, bold)
        if key in self._texts:
            self._texts.move_to_end(key)
            return self._texts[key]
        label = CoreLabel(
            text=text,
            font_name=FONT,
            font_size=size,
            color=(1, 1, 1, 1),
            outline_width=_weight(size) if bold else None,
            outline_color=(1, 1, 1, 1),
        )
        label.refresh()
        self._texts[key] = label.texture
        self._pixels += label.texture.width * label.texture.height
        while self._pixels > MOST_PIXELS and len(self._texts) > 1:
            _, old = self._texts.popitem(last=False)
            self._pixels -= old.width * old.height
        return label.texture


def _same_shape(one: Group, other: Group) -> bool:
    """Whether two groups differ in nothing but colours."""
    white = (1.0, 1.0, 1.0)
    return len(one.items) == len(other.items) and all(
        replace(a, colour=white) == replace(b, colour=white)
        for a, b in zip(one.items, other.items, strict=True)
    )


def _disc(radius: int) -> Any:
    """A white disc with a soft edge: four rounded corners and nothing between them."""
    side = 2 * radius + 2
    middle = side / 2
    pixels = bytearray()
    for y in range(side):
        for x in range(side):
            away = math.hypot(x + 0.5 - middle, y + 0.5 - middle)
            cover = max(0.0, min(1.0, radius + 0.5 - away))
            pixels += bytes((255, 255, 255, round(255 * cover)))
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    return texture


def _weight(size: int) -> int:
    return max(1, round(size / HEAVIER))
