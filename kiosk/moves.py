"""Going from screen to screen, and forgetting whoever was there (pure)."""

from msgspec.structs import replace

from kiosk.menu import Menu
from kiosk.state import (
    Closed,
    Effect,
    Help,
    Home,
    Languages,
    NoSlip,
    Refused,
    Screen,
    Settle,
    State,
)

After = tuple[State, tuple[Effect, ...]]
DEEPEST = 8
PASSING = (Closed, Help, Languages, Refused)
"""Screens that Back never comes back to."""


def show(state: State, screen: Screen) -> State:
    return replace(state, screen=screen, since=state.at)


def forward(state: State, screen: Screen) -> State:
    trail = state.trail
    if not isinstance(state.screen, PASSING):
        trail = (*trail, state.screen)[-DEEPEST:]
    return show(replace(state, trail=trail), screen)


def back(state: State) -> State:
    if not state.trail:
        return show(state, Home())
    return show(replace(state, trail=state.trail[:-1]), state.trail[-1])


def forget(menu: Menu, state: State) -> State:
    """Nothing of the last person is left."""
    return replace(
        state,
        trail=(),
        last=None,
        language=menu.language,
        large=False,
        low=False,
        person=None,
    )


def go_home(menu: Menu, state: State) -> After:
    """Home for the next person; a number that stood on the screen has been read."""
    read = (Settle(id=state.screen.ticket.id),) if isinstance(state.screen, NoSlip) else ()
    return show(forget(menu, state), Home()), read
