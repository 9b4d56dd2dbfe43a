"""The kiosk's window. It shows scenes and passes touches on; it knows no rule of the hall.

Import this only after `kiosk.screens.setup.prepare`.
"""

from typing import Any

from kivy.app import App
from kivy.core.window import Window

from config.hall import Palette
from kiosk.scenes.parts import Scene
from kiosk.screens.painter import OnTouch
from kiosk.screens.screen import KioskScreen, use_font


class KioskApp(App):
    """One window; `show` may be called at any time after `async_run` has begun."""

    def __init__(self, palette: Palette, on_touch: OnTouch, *, motion: bool = True) -> None:
        super().__init__()
        self._palette = palette
        self._on_touch = on_touch
        self._motion = motion
        self._last: Scene | None = None
        self.screen: KioskScreen | None = None

    def build(self) -> KioskScreen:
        use_font()
        self.title = "yichuang"
        self.screen = KioskScreen(self._palette, self._on_touch, motion=self._motion)
        Window.bind(on_resize=self._resized, on_keyboard=_swallow)
        if self._last is not None:
            self.show(self._last)
        return self.screen

    def show(self, scene: Scene) -> None:
        """Show `scene` from the next frame on."""
        self._last = scene
        if self.screen is not None:
            self.screen.show(scene, *map(int, Window.size))

    def open_settings(self, *_: Any) -> bool:
        """F1 opens nothing."""
        return False

    def _resized(self, *_: Any) -> None:
        if self._last is not None:
            self.show(self._last)


def _swallow(*_: Any) -> bool:
    """No key does anything here."""
    return True
