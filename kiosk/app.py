"""The kiosk's window. It shows scenes and passes touches on; it knows no rule of the hall.

Import this only after `kiosk.screens.setup.prepare`.
"""

from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.core.window import Window
from kivy.graphics.transformation import Matrix
from kivy.uix.scatter import Scatter
from kivy.uix.widget import Widget

from config.hall import Palette
from kiosk.scenes.parts import Scene
from kiosk.screens.screen import KioskScreen, use_font
from kiosk.state import Choice


class KioskApp(App):
    """One window; `show` may be called at any time, `run` draws until the window is closed.

    `scale` paints everything smaller or larger than life, for a look at a kiosk on a desk.
    """

    def __init__(self, palette: Palette, *, motion: bool = True, scale: float = 1.0) -> None:
        super().__init__()
        self._scale = scale
        self.on_touch: Callable[[Choice], None] = lambda _: None
        self.screen: KioskScreen | None = None
        self._palette = palette
        self._motion = motion
        self._last: Scene | None = None

    async def run(self) -> None:
        await self.async_run(async_lib="asyncio")

    def build(self) -> Widget:
        use_font()
        self.title = "yichuang"
        self.screen = KioskScreen(self._palette, self._touched, motion=self._motion)
        Window.bind(on_resize=self._resized, on_keyboard=_swallow)
        self._resized()
        if self._scale == 1:
            return self.screen
        desk = Scatter(
            do_rotation=False,
            do_translation=False,
            do_scale=False,
            size_hint=(None, None),
            size=[side / self._scale for side in Window.size],
        )
        desk.apply_transform(Matrix().scale(self._scale, self._scale, 1))
        desk.add_widget(self.screen)
        return desk

    def show(self, scene: Scene) -> None:
        """Show `scene` from the next frame on."""
        self._last = scene
        if self.screen is not None:
            width, height = (round(side / self._scale) for side in Window.size)
            self.screen.show(scene, width, height)

    def open_settings(self, *_: Any) -> bool:
        """F1 opens nothing."""
        return False

    def _touched(self, choice: Choice) -> None:
        self.on_touch(choice)

    def _resized(self, *_: Any) -> None:
        if self._last is not None:
            self.show(self._last)


def _swallow(*_: Any) -> bool:
    """No key does anything here."""
    return True
