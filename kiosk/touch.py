"""What a touch does (pure). A touch on something its screen does not offer does nothing."""

from msgspec.structs import replace

from config.wire.views import ServiceChoice
from kiosk.issue import after_ticket, take
from kiosk.menu import Menu
from kiosk.moves import After, back, forward, show
from kiosk.state import (
    CHOOSING,
    Asking,
    Beep,
    CallStaff,
    Card,
    Choice,
    Closed,
    Confirm,
    Done,
    Help,
    Home,
    Languages,
    Letter,
    NoSlip,
    OutOfService,
    PickLanguage,
    PickService,
    PickZone,
    Press,
    Printing,
    Screen,
    Search,
    Services,
    Speak,
    Starting,
    State,
    Tap,
    Zones,
)

DEBOUNCE = 0.3
"""Seconds in which a second touch of the same thing, or on a screen that just came, is a slip
of the finger."""
LONGEST_QUERY = 12
SMALL = 1000
"""Screens lower than this, in pixels, hold fewer tiles."""


def tap(menu: Menu, state: State, what: Tap) -> After:
    """A finger on something that means `what.choice`."""
    just_came = state.last is not None and state.at - state.since < DEBOUNCE
    bounced = what.choice == state.last and state.at - state.touched < DEBOUNCE
    if just_came or bounced:
        return state, ()
    state = replace(state, touched=state.at, last=what.choice)
    after, effects = _chosen(menu, state, what.choice, what.id)
    return after, (Beep(sound="touch"), *effects)


def _chosen(menu: Menu, state: State, choice: Choice, fresh: str) -> After:
    """What a touch does; anything that its screen does not offer does nothing."""
    screen = state.screen
    match choice, screen:
        case Press.STAY, _:
            return state, ()
        case ((Press.LARGE | Press.LOW | Press.LANGUAGES | PickLanguage()), _):
            return _mode(menu, state, choice), ()
        case _, (Starting() | OutOfService() | Asking() | Printing()):
            return state, ()
        case _, (Done() | NoSlip()):
            return after_ticket(menu, state, choice)
        case Press.HOME, _:
            return show(replace(state, trail=()), Home()), ()
        case Press.BACK, _:
            return back(state), ()
        case Press.HELP, _ if not isinstance(screen, Help):
            return forward(state, Help()), (
                CallStaff(),
                Speak(key="say.help", language=state.language),
            )
        case Press.TAKE, Confirm():
            return take(menu, state, screen, fresh)
        case ((PickZone() | PickService() | Press.ZONES | Press.SEARCH), _):
            return _open(menu, state, choice)
        case ((Press.NEXT | Press.PREVIOUS), (Zones() | Services() | Search())):
            by = 1 if choice is Press.NEXT else -1
            return replace(state, screen=_turn(menu, state, screen, by)), ()
        case ((Letter() | Press.ERASE | Press.CLEAR), Search()):
            return replace(state, screen=Search(query=_typed(screen.query, choice))), ()
    return state, ()


def _mode(menu: Menu, state: State, choice: Choice) -> State:
    match choice:
        case Press.LARGE:
            return replace(state, large=not state.large, screen=_first_page(state.screen))
        case Press.LOW:
            return replace(state, low=not state.low, screen=_first_page(state.screen))
        case Press.LANGUAGES if isinstance(state.screen, CHOOSING) and not isinstance(
            state.screen, Languages
        ):
            return forward(state, Languages())
        case PickLanguage(language=language) if language in menu.languages:
            state = replace(state, language=language)
            return back(state) if isinstance(state.screen, Languages) else state
    return state


def _open(menu: Menu, state: State, choice: Choice) -> After:
    match choice:
        case Press.ZONES:
            return forward(state, Zones()), ()
        case Press.SEARCH:
            return forward(state, Search()), ()
        case PickZone(zone=zone) if menu.in_zone(zone):
            return forward(state, Services(zone=zone)), ()
        case PickService(service=service, item=item) if menu.offers(service):
            if offer(state, service).open:
                said = Speak(key="say.confirm", language=state.language)
                return forward(state, Confirm(service=service, item=item)), (said,)
            return forward(state, Closed(service=service)), ()
    return state, ()


def offer(state: State, service: str) -> ServiceChoice:
    """How the server offers a service now; one it does not name is closed."""
    for choice in state.view.services if state.view else ():
        if choice.service == service:
            return choice
    return ServiceChoice(service=service, open=False, reason="no-window")


def _typed(query: str, choice: Choice) -> str:
    match choice:
        case Letter(text=letter):
            return (query + letter)[:LONGEST_QUERY]
        case Press.ERASE:
            return query[:-1]
    return ""


def page_size(menu: Menu, state: State) -> int:
    """Tiles on one page of the present screen, as many as leave room for fingers."""
    small = menu.kiosk.height < SMALL
    if isinstance(state.screen, Search):
        return 3 if state.large or state.low or small else 6
    if state.large:
        return 4
    if state.low:
        return 6 if small else 8
    return 9 if small else 12


def pages(menu: Menu, state: State) -> int:
    """Pages of the present screen, at least one."""
    match state.screen:
        case Zones():
            count = len(menu.zones)
        case Services(zone=zone):
            count = len(menu.in_zone(zone))
        case Search(query=query):
            count = len(menu.find(query)) if query else len(menu.popular)
        case _:
            count = 0
    return max(1, -(-count // page_size(menu, state)))


def _turn(
    menu: Menu, state: State, screen: Zones | Services | Search, by: int
) -> Zones | Services | Search:
    return replace(screen, page=min(max(screen.page + by, 0), pages(menu, state) - 1))


def _first_page(screen: Screen) -> Screen:
    """The same screen from its first page: another mode has other pages."""
    return replace(screen, page=0) if isinstance(screen, Zones | Services | Search) else screen


def card(state: State, what: Card) -> After:
    """A card was read: its hash goes with the ticket that is asked for next."""
    if not isinstance(state.screen, CHOOSING):
        return state, ()
    return replace(state, person=what.person, touched=state.at), (Beep(sound="good"),)
