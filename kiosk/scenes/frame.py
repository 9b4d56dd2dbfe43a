"""What is on the screen, as data: a state -> titles, tiles, facts, buttons, in words (pure).

The drawing code (`kiosk.screens`) lays a `Scene` out and decides nothing; a machine without a
window plays the same scenes; tests read them without a pixel.
"""

from config.hall import text
from kiosk.flow import remaining
from kiosk.menu import Menu
from kiosk.scenes.choosing import choosing
from kiosk.scenes.parts import Body, Scene, Tile
from kiosk.scenes.telling import telling
from kiosk.state import (
    Asking,
    Done,
    Home,
    Languages,
    NoSlip,
    OutOfService,
    PickLanguage,
    Press,
    Printing,
    Starting,
    State,
)
from kiosk.words import Words, clock, words


def scene(menu: Menu, state: State, page_url: str = "") -> Scene:
    """What `state` looks like."""
    say = words(state.language)
    hall = menu.hall
    names = [name for tag, name in hall.name.items() if tag != state.language]
    return Scene(
        hall=text(hall.name, state.language),
        hall_other=names[0] if names else "",
        time=clock(state.wall, hall.timezone),
        date=say.date(state.wall, hall.timezone),
        live=_live(state, say),
        body=_body(menu, state, say, page_url),
        bar=_bar(menu, state, say),
        countdown=_countdown(state, say),
        stay=_stay(state, say),
        language=state.language,
        large=state.large,
        low=state.low,
        dark=isinstance(state.screen, OutOfService),
    )


def _body(menu: Menu, state: State, say: Words, page_url: str) -> Body:
    """The middle of the screen."""
    return choosing(menu, state, say) or telling(menu, state, say, page_url)


def _live(state: State, say: Words) -> str:
    """The line under the header."""
    if state.person is not None:
        return say("live.card")
    if state.view is None or not state.view.open or isinstance(state.screen, OutOfService):
        return ""
    open_now = [s for s in state.view.services if s.open]
    waiting = sum(s.waiting for s in state.view.services)
    return say("live.open", waiting=waiting, services=len(open_now))


def _bar(menu: Menu, state: State, say: Words) -> tuple[Tile, ...]:
    """Back, home, help and the modes: always there, always in the same place."""
    waiting = isinstance(state.screen, Starting | Asking | Printing)
    shown = isinstance(state.screen, Done | NoSlip | OutOfService)
    home = isinstance(state.screen, Home)
    moving = not (waiting or shown or home)
    return (
        Tile(choice=Press.BACK, text=say("bar.back"), icon="back", open=moving),
        Tile(choice=Press.HOME, text=say("bar.home"), icon="home", open=not (waiting or home)
             and not isinstance(state.screen, OutOfService)),
        Tile(choice=Press.LARGE, text=say("bar.normal" if state.large else "bar.large"),
             icon="letters", main=state.large, open=not waiting),
        Tile(choice=Press.LOW, text=say("bar.high" if state.low else "bar.low"),
             icon="wheelchair", main=state.low, open=not waiting),
        _language(menu, state, say),
        Tile(choice=Press.HELP, text=say("bar.help"), icon="help", open=not (waiting or shown)),
    )  # fmt: skip


def _language(menu: Menu, state: State, say: Words) -> Tile:
    """With two languages the button is the other one; with more it opens the choice of them."""
    others = [tag for tag in menu.languages if tag != state.language]
    if len(others) == 1:
        name = words(others[0])("language.name")
        return Tile(choice=PickLanguage(language=others[0]), text=name, icon="globe")
    can = bool(others) and not isinstance(
        state.screen, Starting | Asking | Printing | Done | NoSlip | OutOfService | Languages
    )
    return Tile(choice=Press.LANGUAGES, text=say("bar.languages"), icon="globe", open=can)


def _countdown(state: State, say: Words) -> str:
    left = remaining(state)
    return "" if left is None else say("countdown.text", seconds=left)


def _stay(state: State, say: Words) -> Tile | None:
    if remaining(state) is None or isinstance(state.screen, Done | NoSlip):
        return None
    return Tile(choice=Press.STAY, text=say("countdown.stay"), main=True)
