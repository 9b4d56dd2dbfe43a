"""The window of a board or a sign: Kivy set up for a wall, and a painter in it.

Kivy reads its settings when it is first imported, and has one window a process; so this module is
imported only by a process that is to show something, and only once its size is known.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable
from typing import Any

from display.scene import Scene

FRAMES = 60
_HOME = tempfile.TemporaryDirectory(prefix="yichuang-kivy-")
"""Kivy wants a folder of its own; nothing in it outlives the process."""


def _settle(width: int, height: int, x: int, y: int, bare: bool) -> None:
    """Everything Kivy must know before it is imported. Pixels are pixels: no scaling, no density,
    no arguments, no log files, no mouse tricks."""
    os.environ.setdefault("KIVY_HOME", _HOME.name)
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_LOG_MODE="PYTHON",
        KIVY_NO_FILELOG="1",
        KIVY_NO_CONSOLELOG="1",
        KIVY_METRICS_DENSITY="1",
        KIVY_METRICS_FONTSCALE="1",
    )
    from kivy.config import Config

    for section, key, value in (
        ("graphics", "width", width),
        ("graphics", "height", height),
        ("graphics", "position", "custom"),
        ("graphics", "left", x),
        ("graphics", "top", y),
        ("graphics", "borderless", int(bare)),
        ("graphics", "resizable", 0),
        ("graphics", "multisamples", 0),
        ("graphics", "maxfps", FRAMES),
        ("graphics", "show_cursor", 0),
        ("input", "mouse", "mouse,disable_multitouch"),
        ("kivy", "log_level", "warning"),
        ("kivy", "keyboard_mode", ""),
    ):
        Config.set(section, key, str(value))


class Screen:
    """A window of `width` x `height` pixels at `x`, `y` that shows scenes.

    `on_frame` is called after every picture that has really gone to the screen.
    """

    def __init__(
        self, width: int, height: int, *, x: int = 0, y: int = 0, bare: bool = True, title: str = ""
    ) -> None:
        _settle(width, height, x, y, bare)
        from kivy.app import App
        from kivy.core.window import Window

        from display.screens.painter import Painter

        painter = Painter()

        class DisplayApp(App):
            def build(self) -> Any:
                return painter

        self.painter = painter
        self.window: Any = Window
        self.on_frame: Callable[[], None] = lambda: None
        self._app = DisplayApp(title=title or "yichuang")
        self._unseen = not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
        Window.bind(on_flip=self._flipped)

    def show(self, scene: Scene) -> None:
        """Show `scene` with the next frame."""
        self.painter.show(scene)

    def _flipped(self, _window: Any) -> None:
        if self._unseen:
            # Without a screen nobody waits for a picture: they would pile up undrawn, in memory.
            from kivy.graphics.opengl import glFinish

            glFinish()
        self.on_frame()

    async def run(self) -> None:
        """Draw until the window is closed or the task cancelled."""
        try:
            await self._app.async_run(async_lib="asyncio")
        except asyncio.CancelledError:
            self._app.stop()
            raise
