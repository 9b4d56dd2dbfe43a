"""One screen of the kiosk as a Kivy widget: shows scenes, repaints only what changed."""

from pathlib import Path

import pylopdf_fonts_zh_cn
from kivy.animation import Animation
from kivy.core.text import LabelBase
from kivy.uix.widget import Widget

from config.hall import Palette
from kiosk.scenes.parts import Scene
from kiosk.screens.layout import layout
from kiosk.screens.painter import FONT, OnTouch, paint
from kiosk.screens.theme import theme
from kiosk.screens.things import Thing

REGIONS = ("frame", "body", "bar", "countdown")
FADE = 0.12
"""Seconds in which a new body comes up; touches count from the first moment."""


def use_font(path: Path | None = None) -> None:
    """Have all text drawn with a font that holds every character a name may have."""
    LabelBase.register(FONT, str(path or pylopdf_fonts_zh_cn.sans_path()))


class KioskScreen(Widget):
    """Shows scenes of one kiosk; `on_touch` is told what was touched."""

    def __init__(self, palette: Palette, on_touch: OnTouch, *, motion: bool = True) -> None:
        super().__init__()
        self._palette = palette
        self._on_touch = on_touch
        self._motion = motion
        self._shown: dict[str, tuple[Thing, ...]] = {}
        self._title = ""
        self.regions = {name: Widget() for name in REGIONS}
        for region in self.regions.values():
            self.add_widget(region)

    def show(self, scene: Scene, width: int, height: int) -> None:
        """Make the screen look like `scene`."""
        look = theme(self._palette, width, height, large=scene.large)
        wanted = layout(scene, width, height, look)
        for name in REGIONS:
            things: tuple[Thing, ...] = getattr(wanted, name)
            if things == self._shown.get(name):
                continue
            self._shown[name] = things
            region = self.regions[name]
            region.clear_widgets()
            for widget in paint(things, self._on_touch):
                region.add_widget(widget)
        if self._motion and scene.body.title != self._title:
            self._fade()
        self._title = scene.body.title

    def _fade(self) -> None:
        region = self.regions["body"]
        Animation.cancel_all(region)
        region.opacity = 0.0
        Animation(opacity=1.0, duration=FADE, transition="out_quad").start(region)
