"""What is really painted: words inside their places, readable, under real touches."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.menu import Menu
from kiosk.scenes.frame import scene
from kiosk.screens.layout import layout
from kiosk.screens.setup import prepare
from kiosk.screens.theme import LEAST_CONTRAST, luminance, theme
from kiosk.screens.things import Rect, Say
from kiosk.state import (
    Choice,
    Confirm,
    Done,
    Home,
    OutOfService,
    PickZone,
    Press,
    Screen,
    Search,
    State,
)
from tests.kiosk.helpers import TICKET, at_home, menu, sized
from tests.kiosk.test_layout import CASES, MODES, SIZES


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Kivy, drawing offscreen. One window for all: Kivy has no second one."""
    prepare(tmp_path_factory.mktemp("kivy"), 1080, 1080)
    from kiosk.screens.camera import Camera

    return Camera(menu().hall.palette)


def words_of(shown: Any) -> Iterator[Any]:
    """All words that nothing else covers."""
    from kiosk.screens.painter import SayWidget

    covered = "bar" if shown.regions["countdown"].children else ""
    for name, region in shown.regions.items():
        for widget in region.children:
            if name != covered and isinstance(widget, SayWidget):
                yield widget


def said(
    which: Menu, screen: Screen, size: tuple[int, int], **changes: object
) -> Iterator[tuple[Say, list[str], float]]:
    """Every text of a screen with its lines and size, as the painter would have them."""
    from kiosk.screens.painter import fit

    state = at_home(screen=screen, **changes)
    used = sized(which, size)
    look = theme(used.hall.palette, *size, large=state.large)
    for thing in layout(scene(used, state, "http://hall"), *size, look).things:
        if isinstance(thing, Say):
            yield thing, *fit(thing)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("large", "low"), MODES)
@pytest.mark.parametrize("language", ["zh", "en", "zh-Hant"])
def test_no_text_leaves_its_place(
    camera: Any, size: tuple[int, int], large: bool, low: bool, language: str
) -> None:
    from kiosk.screens.painter import _wide

    for which, screen in CASES:
        for thing, lines, font in said(
            which, screen, size, large=large, low=low, language=language
        ):
            wide = max(_wide(line, font) for line in lines)
            assert wide <= thing.at.w + 1, (screen, thing)
            assert len(lines) * font * 1.15 <= thing.at.h + 1, (screen, thing)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("large", "low"), MODES)
def test_nothing_is_cut_in_the_shipped_halls(
    camera: Any, size: tuple[int, int], language: str, large: bool, low: bool
) -> None:
    for which, screen in CASES:
        for thing, lines, _ in said(which, screen, size, language=language, large=large, low=low):
            assert not lines[-1].endswith("…") or thing.text.endswith("…"), (screen, thing)


def test_a_name_that_never_ends_is_cut_and_says_so(camera: Any) -> None:
    from kiosk.screens.painter import SHRINK, SMALLEST, fit

    lines, size = fit(Say(Rect(0, 0, 200, 50), "很" * 200, 40, (0, 0, 0, 1)))
    assert lines[-1].endswith("…")
    assert size > 40 * SMALLEST * SHRINK


# Contrast of the picture itself -----------------------------------------------------------------


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    "screen",
    [Home(), Confirm(service="business", item="SC0303"), Done(ticket=TICKET), Search(),
     OutOfService(why="out")],
)  # fmt: skip
def test_painted_text_stands_out(camera: Any, tmp_path: Path, screen: Screen, large: bool) -> None:
    """The darkest and the lightest pixel of every place with words are 4.5 to 1 apart or more."""
    state = at_home(screen=screen, large=large)
    path = tmp_path / "shot.png"
    shown = camera.picture(scene(menu(), state, "http://hall"), 1080, 1920, path)
    faint = theme(menu().hall.palette, 1080, 1920, large=large).faint
    with Image.open(path) as image:
        picture = image.convert("RGB")
    for widget in words_of(shown):
        thing = widget.thing
        if thing.text and thing.colour != faint:
            at = thing.at
            box = picture.crop((int(at.x), int(1920 - at.top), int(at.right), int(1920 - at.y)))
            lights = sorted(luminance(_unit(c)) for _, c in box.getcolors(1 << 20) or [])
            assert (lights[-1] + 0.05) / (lights[0] + 0.05) >= LEAST_CONTRAST, thing


def _unit(colour: Any) -> tuple[float, float, float, float]:
    red, green, blue = (c / 255 for c in colour)
    return red, green, blue, 1.0


# Touches --------------------------------------------------------------------------------------


class Finger:
    """Real Kivy touches on a scene in Kivy's own window."""

    def __init__(self, state: State) -> None:
        from kivy.core.window import Window

        from kiosk.screens.screen import KioskScreen

        self.chosen: list[Choice] = []
        self.window = Window
        self.screen = KioskScreen(menu().hall.palette, self.chosen.append, motion=False)
        self.screen.show(scene(menu(), state, ""), *map(int, Window.size))
        Window.add_widget(self.screen)

    def close(self) -> None:
        self.window.remove_widget(self.screen)

    def button(self, choice: Choice) -> Any:
        from kiosk.screens.painter import TouchWidget

        for region in self.screen.regions.values():
            for widget in region.children:
                if isinstance(widget, TouchWidget) and widget.thing.choice == choice:
                    return widget
        raise AssertionError(f"nothing means {choice}")

    def down(self, choice: Choice) -> Any:
        """Put a finger on the middle of what means `choice`."""
        from kivy.tests.common import UnitTestTouch

        at = self.button(choice).thing.at
        touch = UnitTestTouch(at.x + at.w / 2, at.y + at.h / 2)
        touch.touch_down()
        return touch


@pytest.fixture
def finger(camera: Any) -> Iterator[Finger]:
    assert camera is not None
    made = Finger(at_home())
    yield made
    made.close()


GENERAL = PickZone(zone="general")


def test_a_touch_is_seen_at_once_and_counts_when_lifted(finger: Finger) -> None:
    button = finger.button(GENERAL)
    touch = finger.down(GENERAL)
    assert tuple(button.fill) == pytest.approx(button.thing.down)
    assert finger.chosen == []
    touch.touch_up()
    assert finger.chosen == [GENERAL]
    assert tuple(button.fill) == pytest.approx(button.thing.fill)


@pytest.mark.parametrize(("slide", "counts"), [(20, True), (400, False)])
def test_a_finger_may_tremble_but_not_wander(finger: Finger, slide: int, counts: bool) -> None:
    touch = finger.down(GENERAL)
    touch.touch_move(touch.x, touch.y + slide)
    touch.touch_up()
    assert finger.chosen == ([GENERAL] if counts else [])


def test_a_palm_is_one_touch(finger: Finger) -> None:
    """A second finger on another tile while the first is down does nothing."""
    first = finger.down(GENERAL)
    second = finger.down(Press.SEARCH)
    second.touch_up()
    first.touch_up()
    assert finger.chosen == [GENERAL]


def test_what_is_closed_can_be_touched_and_what_is_idle_cannot(finger: Finger) -> None:
    with pytest.raises(AssertionError, match="nothing means"):
        finger.button(Press.BACK)


def test_only_what_changed_is_painted_again(finger: Finger) -> None:
    bar = list(finger.screen.regions["bar"].children)
    body = list(finger.screen.regions["body"].children)
    later = at_home(wall=at_home().wall + 60)
    finger.screen.show(scene(menu(), later, ""), *map(int, finger.window.size))
    assert finger.screen.regions["bar"].children == bar
    assert finger.screen.regions["body"].children == body
    searching = at_home(screen=Search())
    finger.screen.show(scene(menu(), searching, ""), *map(int, finger.window.size))
    assert finger.screen.regions["body"].children != body


def test_pictures_for_the_manual(camera: Any, tmp_path: Path) -> None:
    from kiosk.screens.pictures import take

    (path,) = take(tmp_path, menu().hall, wanted="small-large-home", share=0.5)
    with Image.open(path) as image:
        assert image.size == (683, 384)
        assert len(image.convert("RGB").getcolors(1 << 20) or []) > 50
