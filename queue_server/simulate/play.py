"""A day in virtual time, driven through the production engine.

People take numbers and clerks press buttons as commands; `decide` and `evolve` do the rest, as on
any other day. What comes out is a log like the server's, and the figures are read from that.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any

import msgspec

from config.wire import commands as c
from config.wire.events import Logged, TicketIssued
from queue_server.engine.asked import Asked, Rejected
from queue_server.engine.calibrate import Calibration
from queue_server.engine.choice import Waiter
from queue_server.engine.decide import decide
from queue_server.engine.estimate import Estimate, Estimator
from queue_server.engine.evolve import evolve
from queue_server.engine.offers import offered
from queue_server.engine.pace import Learned
from queue_server.engine.roles import Actor, Role
from queue_server.engine.rules.days import day_start
from queue_server.engine.runahead import Desk
from queue_server.engine.state import Day
from queue_server.engine.transitions import TicketState
from queue_server.simulate.crowd import Clerk, Crowd, Matter, Visitor
from queue_server.simulate.scenario import Scenario

SIMULATED = Actor(Role.ADMIN, "simulate")
PAUSE = 8.0
"""Minutes that a window which paused is expected to be away."""


BETWEEN = 0.5
"""Minutes in which a clerk who has just finished is expected to call."""


class Person:
    """Where somebody is in the visit."""

    __slots__ = ("missed", "stage", "visitor")

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.stage = 0
        self.missed = False

    @property
    def matter(self) -> Matter:
        return self.visitor.matters[self.stage]


class Seat:
    """A window and its clerk."""

    __slots__ = ("away", "breaks", "busy", "clerk", "closing", "free", "halted", "id")

    def __init__(self, id: str, clerk: Clerk) -> None:
        self.id = id
        self.clerk = clerk
        self.breaks = list(clerk.breaks)
        self.busy = False
        self.closing = False
        self.free: float | None = None
        """Since when the clerk waits for somebody to come."""
        self.away = 0.0
        self.halted: float | None = None
        """Until when the window is out of order."""


class Played(msgspec.Struct):
    """One day's log, and what the next day begins with."""

    day: str
    midnight: float
    rows: list[Logged]
    raw: dict[str, Estimate]
    """Prediction of every ticket that was predicted."""
    learned: Learned
    calibration: Calibration
    turned_away: int
    """People whom the hall had no number for."""


class Play:
    """One simulated day."""

    def __init__(
        self,
        scenario: Scenario,
        crowd: Crowd,
        day: str,
        *,
        learned: Learned | None = None,
        calibration: Calibration | None = None,
        predict: bool = True,
    ) -> None:
        self.scenario = scenario
        self.name = day
        self.midnight = day_start(day, scenario.hall.timezone)
        self.crowd = crowd
        self.now = 0.0
        self.day = Day(scenario.hall, learned)
        self.rows: list[Logged] = []
        self.estimates: dict[str, Estimate] = {}
        self.seats = {w: Seat(w, crowd.clerks[w]) for w in scenario.staffed}
        self.people: dict[str, Person] = {}
        self.turned_away = 0
        self._events: list[tuple[float, int, str, tuple[Any, ...]]] = []
        self._count = 0
        self._predict = predict
        self._calibration = calibration
        self._estimator: Estimator | None = None

    def run(self) -> Played:
        """Play the whole day and close it."""
        self._tell(c.OpenDay(id="open", day=self.name))
        if self._predict:
            early = self.scenario.hall.rules.take_from
            sessions = [(a - early, b) for a, b in self.scenario.sessions]
            self._estimator = Estimator(self.day.queue, sessions, self._calibration)
        for visitor in self.crowd.visitors:
            self._at(visitor.at, "_arrive", Person(visitor))
        for window, spans in self.scenario.staffed.items():
            for start, end in spans:
                self._at(start, "_open", self.seats[window])
                self._at(end, "_want_to_close", self.seats[window])
        for closure in self.scenario.closures:
            if closure.window in self.seats:
                until = closure.at + closure.minutes
                self._at(closure.at, "_halt", self.seats[closure.window], until)
        while self._events:
            self.now, _, what, given = heappop(self._events)
            getattr(self, what)(*given)
        self.now = max(self.now, 24 * 60.0 - 1)
        self._tell(c.CloseDay(id="close", day=self.name))
        calibration = self._estimator.calibrator.calibration if self._estimator else Calibration()
        learned = self.day.queue.pace.learned
        return Played(
            self.name,
            self.midnight,
            self.rows,
            self.estimates,
            learned,
            calibration,
            self.turned_away,
        )

    # -- people -----------------------------------------------------------------------------------

    def _arrive(self, person: Person) -> None:
        """Somebody takes a number (for the next stage, another one)."""
        visitor, matter = person.visitor, person.matter
        first = person.stage == 0
        privileged = visitor.priority and self.scenario.hall.priorities
        slot = visitor.slot if first else None
        command = c.IssueTicket(
            id=self._id(),
            service=matter.service,
            priority=self.scenario.hall.priorities[0].id if privileged else None,
            appointment=None if slot is None else self.midnight + slot * 60.0,
        )
        try:
            ticket = self._tell(command).ticket or ""
        except Rejected:  # a quota, or the numbers are used up: the person goes home
            self.turned_away += 1
            return
        self.people[ticket] = person
        self._waits(ticket)

    def _come_back(self, ticket: str) -> None:
        self._tell(c.RestoreTicket(id=self._id(), ticket=ticket))
        self._waits(ticket)

    def _waits(self, ticket: str) -> None:
        """A ticket has joined a line: tell the estimator, and wake a free clerk who can take it."""
        waiter = self.day.waiter(self.day.tickets[ticket])
        if self._estimator is not None:
            self._estimator.joined(waiter)
        idle = [(s.id, s.free) for s in self.seats.values() if s.free is not None]
        window = self.day.queue.choose_window(waiter, idle, self.now)
        if window is not None:
            self._press(self.seats[window])

    def _leave(self, person: Person) -> None:
        """A stage is done; the next one follows after its delay, while the hall is open."""
        person.stage += 1
        person.missed = False
        if person.stage < len(person.visitor.matters):
            self._at(self._reopened(self.now + person.matter.delay), "_arrive", person)

    def _reopened(self, at: float) -> float:
        """`at`, or the next opening when the hall is closed then; the last evening ends it."""
        for start, end in self.scenario.sessions:
            if at < end:
                return max(at, start)
        return at

    # -- clerks -----------------------------------------------------------------------------------

    def _open(self, seat: Seat) -> None:
        if seat.halted is not None and self.now < seat.halted:
            return
        seat.closing, seat.halted = False, None
        self._offer(seat)
        if not seat.busy:
            self._press(seat)

    def _offer(self, seat: Seat) -> None:
        services = self.scenario.offers.get(seat.id)
        self._tell(c.OpenWindow(id=self._id(), window=seat.id, services=services))

    def _press(self, seat: Seat) -> None:
        """The clerk of an open window is ready for the next one."""
        seat.free = None
        if seat.halted is not None:
            return self._close(seat)
        if seat.breaks and seat.breaks[0][0] <= self.now and not seat.closing:
            _, minutes = seat.breaks.pop(0)
            self._tell(c.PauseWindow(id=self._id(), window=seat.id, reason="rest"))
            seat.away = self.now
            return self._at(self.now + minutes, "_back", seat)
        try:
            result = self._tell(c.CallNext(id=self._id(), window=seat.id))
        except Rejected:
            if seat.closing:
                return self._close(seat)
            seat.free = self.now
            return None
        return self._called(seat, result.ticket or "")

    def _called(self, seat: Seat, ticket: str) -> None:
        seat.busy = True
        person = self.people[ticket]
        matter, facts = person.matter, self.day.queue.pace.facts
        walk = matter.walk + facts.way(matter.service, seat.id)
        if matter.no_show and not person.missed:
            wasted = max(
                self.scenario.habits.no_show_minutes, self.scenario.hall.rules.no_show_seconds / 60
            )
            self._at(self.now + wasted, "_nobody_came", seat, ticket)
            return
        slow = facts.slow(matter.service, seat.id)
        self._at(self.now + walk, "_started", seat)
        minutes = matter.minutes * seat.clerk.speed * slow
        self._at(self.now + walk + minutes, "_done", seat, ticket)

    def _nobody_came(self, seat: Seat, ticket: str) -> None:
        for _ in range(self.scenario.hall.rules.no_show_calls - 1):
            self._tell(c.RecallTicket(id=self._id(), window=seat.id))
        self._tell(c.MarkNoShow(id=self._id(), window=seat.id))
        person = self.people[ticket]
        person.missed = True
        if person.matter.back_after is not None:
            self._at(self.now + person.matter.back_after, "_come_back", ticket)
        self._free(seat)

    def _started(self, seat: Seat) -> None:
        self._tell(c.StartTicket(id=self._id(), window=seat.id))

    def _done(self, seat: Seat, ticket: str) -> None:
        person = self.people[ticket]
        gap = person.matter.gap
        following = person.visitor.matters[person.stage + 1 : person.stage + 2]
        if following and following[0].transfer:
            service = following[0].service
            self._tell(c.TransferTicket(id=self._id(), window=seat.id, service=service))
            person.stage += 1
            self._waits(ticket)
        else:
            self._tell(c.FinishTicket(id=self._id(), window=seat.id))
            self._leave(person)
        self._at(self.now + gap, "_free", seat)

    def _free(self, seat: Seat) -> None:
        seat.busy = False
        self._press(seat)

    def _back(self, seat: Seat) -> None:
        self._offer(seat)
        self._press(seat)

    def _want_to_close(self, seat: Seat) -> None:
        """Closing time: whoever waits is still served, then the window closes."""
        seat.closing = True
        if seat.free is not None:
            self._press(seat)

    def _halt(self, seat: Seat, until: float) -> None:
        seat.halted = until
        if any(a <= until < b for a, b in self.scenario.staffed[seat.id]):
            self._at(until, "_open", seat)
        if seat.free is not None:
            self._press(seat)

    def _close(self, seat: Seat) -> None:
        seat.closing = False
        seat.away = self.now
        self._tell(c.CloseWindow(id=self._id(), window=seat.id))

    # -- inside -----------------------------------------------------------------------------------

    def _at(self, minute: float, what: str, *given: Any) -> None:
        self._count += 1
        heappush(self._events, (minute, self._count, what, given))

    def _id(self) -> str:
        return f"s{len(self.rows)}-{self._count}"

    def _tell(self, command: c.Command) -> c.Result:
        """Carry out a command as the server does.

        Raises:
            Rejected: the engine refuses it.
        """
        at = self.midnight + self.now * 60.0
        estimate = self._estimated(command) if isinstance(command, c.IssueTicket) else None
        shown = None if estimate is None else estimate.shown
        decision = decide(self.day, Asked(command, at, SIMULATED, secret=command.id, wait=shown))
        for event in decision.events:
            row = Logged(
                seq=self.day.seq + 1,
                at=at,
                day=self.name,
                command=command.id,
                by=str(SIMULATED),
                event=event,
            )
            self.day = evolve(self.day, row)
            self.rows.append(row)
            if isinstance(event, TicketIssued) and estimate is not None:
                self.estimates[event.ticket] = estimate
        if isinstance(command, c.CallNext) and self._estimator is not None:
            self._settle(decision.result.ticket or "")
        return decision.result

    def _estimated(self, command: c.IssueTicket) -> Estimate | None:
        if self._estimator is None or command.service is None:
            return None
        hall = self.scenario.hall
        head = 0.0 if command.priority is None else hall.priorities[0].head_start
        order = self.now - head
        if command.appointment is not None:
            order = min(
                order,
                (command.appointment - self.midnight) / 60 - hall.rules.dispatch.head_appointment,
            )
        newcomer = Waiter("new", command.service, order, self.day.seq + 1, self.now, head > 0)
        return self._estimator.estimate(newcomer, self.now, self._desks())

    def _settle(self, id: str) -> None:
        ticket = self.day.tickets[id]
        estimate = self.estimates.get(id)
        if estimate is not None and ticket.first_called == ticket.called and self._estimator:
            waited = self.now - self.day.minutes(ticket.issued)
            self._estimator.settle(estimate.raw, waited, ticket.service)

    def _desks(self) -> Sequence[Desk]:
        found = []
        for seat in self.seats.values():
            window = self.day.windows[seat.id]
            ticket = self.day.current(seat.id)
            if window.state == "open":
                busy = ticket is not None and ticket.state is not TicketState.WAITING
                if busy and ticket is not None:
                    found.append(
                        Desk(seat.id, ticket.service, self.day.minutes(ticket.called or 0))
                    )
                else:  # a clerk between two people is not free: the next call takes a moment
                    opens = None if seat.free is not None else self.now + BETWEEN
                    found.append(Desk(seat.id, opens=opens))
            elif (desk := self._shut(seat)) is not None:
                found.append(desk)
        return found

    def _shut(self, seat: Seat) -> Desk | None:
        """A window nobody sits at now, with the time it is expected to open."""
        for start, end in self.scenario.staffed[seat.id]:
            if self.now < end:
                away = self.now - seat.away
                opens = start if self.now < start else self.now + max(PAUSE - away, away, 1.0)
                hall = self.scenario.hall
                services = offered(hall, hall.window_by_id[seat.id], self.name, max(start, opens))
                return Desk(seat.id, opens=opens, services=services)
        return None
