"""Where things are: inside the screen, large enough for fingers, apart, low enough for chairs."""

from itertools import combinations

import pytest
from msgspec.structs import replace

from config.hall import Palette
from kiosk.menu import Menu
from kiosk.scenes.frame import scene
from kiosk.screens.layout import layout
from kiosk.screens.theme import FINGER, LARGE_FINGER, contrast, theme
from kiosk.screens.things import Code, Rect, Say, Touch
from kiosk.state import (
    Confirm,
    Done,
    Home,
    Languages,
    NoSlip,
    OutOfService,
    Refused,
    Screen,
    Search,
    Services,
    State,
    Zones,
)
from tests.kiosk.helpers import TICKET, at_home, hall, menu, sized
from tests.kiosk.test_scenes import SCREENS

SIZES = [(1080, 1920), (1920, 1080), (1366, 768)]
MODES = [(False, False), (True, False), (False, True)]


def laid(
    screen: Screen, size: tuple[int, int], which: Menu | None = None, **changes: object
) -> tuple[Rect, list[Touch], list[Say]]:
    state: State = at_home(screen=screen, **changes)
    used = sized(which or menu(), size)
    look = theme(used.hall.palette, *size, large=state.large)
    found = layout(scene(used, state, "http://hall"), *size, look).things
    touches = [t for t in found if isinstance(t, Touch)]
    return Rect(0, 0, *size), touches, [t for t in found if isinstance(t, Say)]


def every(name: str) -> list[tuple[Menu, Screen]]:
    """All screens of a hall, with each of its zones."""
    which = menu(name)
    zones = [Services(zone=z.id) for z in which.zones]
    confirms = [Confirm(service=s.id) for s in which.services]
    screens: list[Screen] = [
        Home(),
        Zones(),
        Search(query="dj"),
        Search(query="s"),
        *zones,
        *confirms,
    ]
    return [(which, s) for s in screens]


CASES = [(menu(), s) for s in SCREENS] + every("boai") + every("dianjiang") + every("guizhou")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("large", "low"), [*MODES, (True, True)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_is_on_the_screen_and_nothing_overlaps(
    size: tuple[int, int], large: bool, low: bool, language: str
) -> None:
    for which, screen in CASES:
        whole, touches, says = laid(screen, size, which, large=large, low=low, language=language)
        for place in [t.at for t in touches] + [s.at for s in says]:
            assert whole.holds(place), (screen, place)
            assert place.w > 0, (screen, place)
            assert place.h > 0, (screen, place)
        for one, other in combinations(touches, 2):
            assert not overlap(one.at, other.at), (screen, one, other)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("large", "low"), [*MODES, (True, True)])
def test_everything_offered_can_be_reached(size: tuple[int, int], large: bool, low: bool) -> None:
    """No tile is left out for want of room; but the popular ones on Home, which are elsewhere."""
    for which, screen in CASES:
        used = sized(which, size)
        body = scene(used, at_home(screen=screen, large=large, low=low)).body
        places = {t.choice for t in laid(screen, size, which, large=large, low=low)[1]}
        wanted = [*body.tiles, *(t for t in (*body.actions, *body.paging) if t.open)]
        if not (large and low and size == (1366, 768)):
            assert {t.choice for t in wanted} <= places, screen


def overlap(a: Rect, b: Rect) -> bool:
    wide = min(a.right, b.right) - max(a.x, b.x)
    high = min(a.top, b.top) - max(a.y, b.y)
    return wide > 0.5 and high > 0.5


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("large", "low"), MODES)
def test_everything_to_touch_is_as_large_as_a_finger_needs(
    size: tuple[int, int], large: bool, low: bool
) -> None:
    least = LARGE_FINGER if large else FINGER
    for which, screen in CASES:
        for touch in laid(screen, size, which, large=large, low=low)[1]:
            assert min(touch.at.w, touch.at.h) >= least - 1, (screen, touch)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("large", [False, True])
def test_in_wheelchair_mode_everything_to_touch_is_in_the_lower_half(
    size: tuple[int, int], large: bool
) -> None:
    for which, screen in CASES:
        for touch in laid(screen, size, which, low=True, large=large)[1]:
            assert touch.at.top <= size[1] / 2 + 0.5, (screen, touch)


@pytest.mark.parametrize("size", SIZES)
def test_in_elderly_mode_main_text_is_nine_millimetres(size: tuple[int, int]) -> None:
    """Names of tiles and buttons; at 100 pixels an inch, 36 pixels of character, 0.92 of its em."""
    look = theme(Palette(), *size, large=True)
    assert look.font("tile") * 0.92 >= 36
    assert look.font("body") * 0.92 >= 29


def test_the_number_is_the_largest_text() -> None:
    for size in SIZES:
        for screen in (Done(ticket=TICKET), NoSlip(ticket=TICKET, why="out")):
            says = laid(screen, size)[2]
            (number,) = [s for s in says if s.text == "S012"]
            assert number.size > 2 * max(s.size for s in says if s is not number)


def test_the_same_buttons_are_at_the_same_place() -> None:
    places = {
        tuple(t.at for t in laid(screen, (1080, 1920))[1] if t.at.top < 200)[:2]
        for screen in (Zones(), Services(zone="general"), Search(), Confirm(service="social"))
    }
    assert len(places) == 1


def test_a_code_can_be_scanned() -> None:
    """At least 25 mm a side."""
    for size in SIZES:
        for large in (False, True):
            look = theme(hall().palette, *size, large=large)
            state = at_home(screen=NoSlip(ticket=TICKET, why="out"), large=large)
            things = layout(scene(menu(), state, "http://hall"), *size, look).things
            (code,) = [t for t in things if isinstance(t, Code)]
            assert min(code.at.w, code.at.h) >= 98, (size, large)


@pytest.mark.parametrize("name", ["demo", "boai", "dianjiang", "guizhou", "mengzi", "xixian"])
@pytest.mark.parametrize("large", [False, True])
def test_all_text_can_be_read_on_its_ground(name: str, large: bool) -> None:
    """Contrast 4.5 to 1 or better, of everything but what cannot be touched now; whatever lies
    under the middle of a text is its ground."""
    which = menu(name)
    look = theme(which.hall.palette, 1080, 1920, large=large)
    screens: list[Screen] = [Home(), Zones(), Search(query="dj"), Languages()]
    screens += [Done(ticket=TICKET)]
    screens += [OutOfService(why="out"), Refused(code="too-many", service="social")]
    screens += [Confirm(service=which.services[0].id), Services(zone=which.zones[0].id)]
    ticket = replace(TICKET, service=which.services[0].id)
    for screen in screens:
        shown = replace(screen, ticket=ticket) if isinstance(screen, Done) else screen
        state = at_home(screen=shown, large=large, at=122.0, touched=100.0)
        things = layout(scene(which, state), 1080, 1920, look).things
        for place, thing in enumerate(things):
            if isinstance(thing, Say) and thing.colour != look.faint:
                middle = Rect(thing.at.x + thing.at.w / 2, thing.at.y + thing.at.h / 2, 0, 0)
                under = [t for t in things[:place] if hasattr(t, "fill") and t.at.holds(middle)]
                assert contrast(thing.colour, under[-1].fill) >= 4.5, (screen, thing)
