"""Pictures of scenes without a window on any screen: real pixels, drawn offscreen."""

from pathlib import Path

from kivy.base import EventLoop
from kivy.graphics import ClearBuffers, ClearColor, Fbo, Rectangle

from config.hall import Palette
from kiosk.scenes.parts import Scene
from kiosk.screens.painter import OnTouch
from kiosk.screens.screen import KioskScreen, use_font


def _nobody(_: object) -> None:
    """Nobody touches a picture."""


class Camera:
    """Paints scenes of any size into PNG files."""

    def __init__(self, palette: Palette, on_touch: OnTouch = _nobody) -> None:
        use_font()
        EventLoop.ensure_window()
        self._palette = palette
        self._on_touch = on_touch

    def screen(self, scene: Scene, width: int, height: int) -> KioskScreen:
        """The widget itself, for those who look closer."""
        shown = KioskScreen(self._palette, self._on_touch, motion=False)
        shown.show(scene, width, height)
        return shown

    def picture(
        self, scene: Scene, width: int, height: int, path: Path, *, share: float = 1.0
    ) -> KioskScreen:
        """Paint `scene` into the PNG file `path`, `share` times its size."""
        shown = self.screen(scene, width, height)
        full = _sheet(width, height)
        full.add(shown.canvas)
        full.draw()
        full.remove(shown.canvas)
        if share != 1:
            small = _sheet(int(width * share), int(height * share))
            full.texture.min_filter = "linear"
            with small:
                Rectangle(texture=full.texture, size=small.size)
            small.draw()
            full = small
        full.texture.save(str(path), flipped=True)
        return shown


def _sheet(width: int, height: int) -> Fbo:
    sheet = Fbo(size=(width, height), with_stencilbuffer=True)
    with sheet:
        ClearColor(0, 0, 0, 1)
        ClearBuffers()
    return sheet
