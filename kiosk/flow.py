"""What happens at the kiosk: one state, one input -> the next state and what to do (pure).

`touch` says what touches do, `issue` how a ticket comes about, `moves` how screens follow each
other; this file joins them and keeps the time. Nobody is ever stranded: every screen ends by
itself (`patience`), and Home forgets the person before.
"""

from math import ceil

from msgspec.structs import replace

from config.wire.views import KioskView
from kiosk.issue import overdue, printed, recovered, replied
from kiosk.menu import Menu
from kiosk.moves import After, forget, go_home, show
from kiosk.state import (
    CANNOT_PRINT,
    CHOOSING,
    Asking,
    Beep,
    Card,
    Done,
    Home,
    Input,
    Line,
    NoSlip,
    OutOfService,
    Printed,
    Printer,
    PrinterSaid,
    Printing,
    Recovered,
    Replied,
    Starting,
    State,
    Tap,
    Tick,
    Viewed,
)
from kiosk.touch import card, tap

SERVER_GRACE = 5.0
"""Seconds without the server before the kiosk stops giving out numbers."""
COUNTDOWN = 10
"""Last seconds of a screen, in which they are shown."""


def start(menu: Menu, at: float, wall: float) -> State:
    """The state of a kiosk that was just switched on."""
    printer = Printer.SILENT if menu.kiosk.printer else Printer.NONE
    return State(
        at=at, since=at, touched=at, wall=wall, down=at, language=menu.language, printer=printer
    )


def step(menu: Menu, state: State, what: Input) -> After:
    """The state after `what`, and what is to be done about it."""
    state = replace(state, at=max(state.at, what.at))
    match what:
        case Tap():
            return tap(menu, state, what)
        case Tick():
            return _tick(menu, replace(state, wall=what.wall))
        case Card():
            return card(state, what)
        case Viewed(view=view):
            return _tick(menu, state if _stale(state.view, view) else replace(state, view=view))
        case Line():
            down = None if what.up else state.at if state.down is None else state.down
            return _tick(menu, replace(state, down=down))
        case PrinterSaid():
            return _tick(menu, replace(state, printer=what.printer))
        case Replied():
            return replied(state, what)
        case Printed():
            return printed(state, what)
        case Recovered():
            return recovered(menu, state, what)


def _stale(shown: KioskView | None, view: KioskView) -> bool:
    """Whether `view` is older than what is shown."""
    return shown is not None and shown.epoch == view.epoch and view.seq < shown.seq


def patience(state: State) -> float | None:
    """Seconds that the present screen waits for a touch; None when it waits for something else,
    or nobody has touched anything."""
    match state.screen:
        case Starting() | Asking() | Printing():
            return None
        case Home() | OutOfService() if state.last is None and state.person is None:
            return None
        case Done():
            return 16.0 if state.large or state.low else 8.0
        case NoSlip():
            return 60.0
        case _:
            return 90.0 if state.low else 60.0 if state.large else 30.0


def remaining(state: State) -> int | None:
    """Whole seconds until the screen goes by itself, in the last ten of them."""
    limit = patience(state)
    if limit is None or isinstance(state.screen, Home | OutOfService):
        return None
    left = limit - (state.at - max(state.touched, state.since))
    return max(1, ceil(left)) if left <= COUNTDOWN else None


def trouble(state: State) -> str | None:
    """Why no number can be given out now; None when it can."""
    if state.printer in CANNOT_PRINT:
        return state.printer.value
    if state.down is not None and state.at - state.down >= SERVER_GRACE:
        return "server"
    return "closed" if state.view is not None and not state.view.open else None


def _tick(menu: Menu, state: State) -> After:
    if isinstance(state.screen, Asking | Printing):
        return overdue(state)
    limit = patience(state)
    if limit is not None and state.at - max(state.touched, state.since) >= limit:
        state, effects = go_home(menu, state)
        return _look_around(menu, state)[0], effects
    return _look_around(menu, state)


def _look_around(menu: Menu, state: State) -> After:
    """Out of service when something is wrong and no ticket is at stake; back when it is well."""
    why = trouble(state)
    match state.screen:
        case Starting() | OutOfService() if why is None:
            well = state.view is not None and state.down is None
            return (show(forget(menu, state), Home()) if well else state), ()
        case OutOfService(why=said) if said == why:
            return state, ()
        case Starting() | OutOfService() | Home() if why:
            return show(state, OutOfService(why=why)), ()
        case screen if why and isinstance(screen, CHOOSING):
            return show(state, OutOfService(why=why)), (Beep(sound="attention"),)
    return state, ()
