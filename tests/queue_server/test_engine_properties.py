"""Whatever is asked in whatever order: the invariants of a day hold, and a replay is the day."""

from collections import Counter
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from config.wire import commands as c
from config.wire import events as e
from queue_server.engine.asked import Asked, Rejected
from queue_server.engine.decide import decide
from queue_server.engine.evolve import evolve
from queue_server.engine.state import Day
from queue_server.engine.transitions import AT_WINDOW, ENDED, TicketState
from tests.queue_server.town import ADMIN, CLOCK, NINE, Story

WINDOWS = st.sampled_from(["N1", "N2", "N3", "Z1", "nowhere"])
SERVICES = st.sampled_from(["social", "tax", "few", "nothing"])
NUMBERS = st.sampled_from([f"A{n:03d}" for n in range(1, 9)] + ["B001", "B002", "X"])
NOTES = st.sampled_from(["", "因故"])
PLACES = st.sampled_from([None, "keep", "front", "back"])

AT_A_WINDOW: dict[Any, dict[str, st.SearchStrategy[str]]] = {
    c.CallNext: {},
    c.CallTicket: {"ticket": NUMBERS, "reason": NOTES},
    c.RecallTicket: {},
    c.StartTicket: {},
    c.FinishTicket: {"outcome": st.sampled_from(["done", "told", "nonsense"])},
    c.MarkNoShow: {},
    c.HoldTicket: {"reason": NOTES},
    c.ResumeTicket: {"ticket": NUMBERS},
    c.UndoLast: {},
    c.OpenWindow: {},
    c.PauseWindow: {"reason": NOTES},
    c.CloseWindow: {},
}


class HallDay(RuleBasedStateMachine):
    """A day that anybody may ask anything of."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.now = 0.0

    def ask(self, kind: type[Any], **fields: Any) -> None:
        self.story.refuses(kind, at=self.now, **fields)

    @rule(seconds=st.floats(0, 400))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(service=SERVICES, priority=st.sampled_from([None, None, "elderly"]))
    def issue(self, service: str, priority: str | None) -> None:
        self.ask(c.IssueTicket, service=service, priority=priority)

    @rule(data=st.data(), kind=st.sampled_from(list(AT_A_WINDOW)), window=WINDOWS)
    def at_a_window(self, data: st.DataObject, kind: type[Any], window: str) -> None:
        fields = {name: data.draw(values) for name, values in AT_A_WINDOW[kind].items()}
        self.ask(kind, window=window, **fields)

    @rule(
        window=WINDOWS,
        service=st.none() | SERVICES,
        to=st.none() | WINDOWS,
        place=PLACES,
        back=st.booleans(),
    )
    def transfer(self, **fields: Any) -> None:
        self.ask(c.TransferTicket, **fields)

    @rule(ticket=NUMBERS, kind=st.sampled_from([c.RestoreTicket, c.CancelTicket]))
    def by_number(self, ticket: str, kind: type[Any]) -> None:
        self.ask(kind, ticket=ticket)

    @rule(ticket=NUMBERS)
    def grant(self, ticket: str) -> None:
        self.ask(c.GrantPriority, ticket=ticket, priority="elderly", reason="证件")

    @rule(window=WINDOWS, services=st.lists(SERVICES, max_size=2).map(tuple))
    def assign(self, window: str, services: tuple[str, ...]) -> None:
        self.ask(c.AssignServices, window=window, services=services)

    @precondition(lambda self: self.now > 3000)
    @rule()
    def close_day(self) -> None:
        self.story.code(c.CloseDay(id="close", day=self.story.day.day), self.now, CLOCK)

    @invariant()
    def a_ticket_is_in_one_place(self) -> None:
        day = self.story.day
        hands = Counter(w.current for w in day.windows.values() if w.current)
        held = Counter(t for w in day.windows.values() for t in w.held)
        assert not hands or max(hands.values()) == 1
        assert not held or max(held.values()) == 1
        for ticket in day.tickets.values():
            assert (ticket.id in hands) == (ticket.state in AT_WINDOW)
            assert (ticket.id in held) == (ticket.state is TicketState.HELD)
            assert (ticket.id in day.queue.waiters) == (ticket.state is TicketState.WAITING)
            assert (ticket.id in day.missed) == (ticket.state is TicketState.MISSED)

    @invariant()
    def numbers_are_consecutive(self) -> None:
        issued: dict[str, list[int]] = {}
        for row in self.story.rows:
            if isinstance(row.event, e.TicketIssued):
                issued.setdefault(row.event.series, []).append(row.event.n)
        assert all(ns == list(range(1, len(ns) + 1)) for ns in issued.values())

    @invariant()
    def nobody_waits_for_a_window_that_is_closed(self) -> None:
        day = self.story.day
        bound = {w.window for w in day.queue.waiters.values() if w.window}
        shut = {w.id for w in day.windows.values() if w.state == "closed"}
        shut_today = {
            r.event.window for r in self.story.rows if isinstance(r.event, e.WindowClosed)
        }
        assert not bound & shut & shut_today

    def teardown(self) -> None:
        """The fold of the log, read back from its bytes, decides as the day itself would."""
        day = Day(self.story.hall)
        for row in self.story.rows:
            day = evolve(day, msgspec.json.decode(msgspec.json.encode(row), type=e.Logged))
        assert day.tickets == self.story.day.tickets
        assert day.windows == self.story.day.windows
        for window in ("N1", "N2", "N3"):
            command = c.CallNext(id="n", window=window)
            asked = Asked(command, NINE + self.now + 1, ADMIN)
            assert _events(day, asked) == _events(self.story.day, asked)
        if not day.open:
            assert all(t.state in ENDED for t in day.tickets.values())


def _events(day: Day, asked: Asked) -> bytes:
    try:
        return msgspec.json.encode(decide(day, asked).events)
    except Rejected as rejected:
        return rejected.refusal.code.encode()


HallDay.TestCase.settings = settings(max_examples=120, stateful_step_count=60, deadline=None)
TestHallDay = HallDay.TestCase
