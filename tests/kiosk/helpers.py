"""A kiosk to play with: the demo hall, a view of a good morning, and hands."""

from functools import cache

from msgspec.structs import replace

from config.hall import Hall, Kiosk
from config.load import load_hall, shipped
from config.wire.commands import Refusal, Reply, Result
from config.wire.views import KioskView, ServiceChoice
from kiosk.flow import step
from kiosk.menu import Menu, entries
from kiosk.pinyin import pinyin
from kiosk.search import Index
from kiosk.state import (
    Choice,
    Effect,
    Home,
    Input,
    Line,
    Printer,
    PrinterSaid,
    Replied,
    Screen,
    State,
    Tap,
    Tick,
    Ticket,
    Viewed,
)

MORNING = 1795397520.0
"""Monday, 23 November 2026, 09:32 in Shanghai."""


@cache
def hall(name: str = "demo") -> Hall:
    return load_hall(shipped(name))


@cache
def menu(name: str = "demo") -> Menu:
    found = hall(name)
    return Menu(found, found.kiosks[0], Index.build(entries(found), pinyin))


def sized(which: Menu, size: tuple[int, int]) -> Menu:
    """The same kiosk with a screen of another size."""
    kiosk: Kiosk = replace(which.kiosk, width=size[0], height=size[1])
    return Menu(which.hall, kiosk, which.index)


def without_printer(which: Menu) -> Menu:
    kiosk: Kiosk = replace(which.kiosk, printer=None)
    return Menu(which.hall, kiosk, which.index)


def view(*, closed: str = "", reason: str = "no-window", open_now: bool = True) -> KioskView:
    """Every service of the demo hall open with three waiting, but `closed`."""
    services = tuple(
        ServiceChoice(service=s.id, open=False, reason=reason)
        if s.id == closed
        else ServiceChoice(service=s.id, open=True, waiting=3, windows=2, low=5, high=10)
        for s in hall().services
    )
    return KioskView(
        epoch="e", seq=1, at=MORNING, day="2026-11-23", open=open_now, services=services
    )


def at_home(**changes: object) -> State:
    """Nobody there, all well."""
    state = State(
        screen=Home(),
        at=100.0,
        since=100.0,
        touched=100.0,
        wall=MORNING,
        view=view(),
        printer=Printer.OK,
        down=None,
    )
    return replace(state, **changes)


def issued(id: str, number: str = "S012") -> Reply:
    result = Result(
        ticket="t1", number=number, service="social", ahead=3, low=5, high=10,
        token="tok", issued=MORNING, state="waiting",
    )  # fmt: skip
    return Reply(ok=True, id=id, seq=1, result=result)


def refused(id: str, code: str) -> Reply:
    return Reply(ok=False, id=id, error=Refusal(code, "no"))


TICKET = Ticket(
    id="1", ticket="t1", number="S012", service="social", language="zh",
    ahead=7, low=15, high=25, token="7Hq2mXc9LwTz4RkP", issued=MORNING,
)  # fmt: skip


class Play:
    """A kiosk that is played: time passes between touches; effects are collected."""

    def __init__(self, state: State | None = None, which: Menu | None = None) -> None:
        self.menu = which or menu()
        self.state = state or at_home()
        self.effects: list[Effect] = []
        self._ids = 0

    def screen(self) -> Screen:
        return self.state.screen

    def feed(self, what: Input) -> list[Effect]:
        """One input; answers its effects."""
        self.state, effects = step(self.menu, self.state, what)
        self.effects += effects
        return list(effects)

    def tap(self, *choices: Choice, pause: float = 1.0) -> list[Effect]:
        """Touch one thing after another; answers the effects of the last."""
        effects: list[Effect] = []
        for choice in choices:
            self._ids += 1
            at = self.state.at + pause
            effects = self.feed(Tap(at=at, choice=choice, id=f"id{self._ids}"))
        return effects

    def wait(self, seconds: float, each: float = 0.5) -> None:
        """Let time pass, with its ticks."""
        end = self.state.at + seconds
        while self.state.at < end:
            at = min(end, self.state.at + each)
            self.feed(Tick(at=at, wall=MORNING + at))

    def reply(self, reply: Reply) -> list[Effect]:
        return self.feed(Replied(at=self.state.at + 0.1, id=reply.id or "", reply=reply))

    def view(self, what: KioskView) -> list[Effect]:
        return self.feed(Viewed(at=self.state.at, view=what))

    def line(self, *, up: bool) -> list[Effect]:
        return self.feed(Line(at=self.state.at, up=up))

    def printer(self, how: Printer) -> list[Effect]:
        return self.feed(PrinterSaid(at=self.state.at, printer=how))
