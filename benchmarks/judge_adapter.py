"""The production dispatcher and estimator behind the contract of an outside judge.

    python judge.py --dispatcher benchmarks.judge_adapter:factory --days 40 public/*.json

The judge is a simulator that is no part of this project; it calls an object with times as minutes
since midnight. This file only translates: order times, the choice, the free window and the
prediction come from `queue_server.engine`, with the defaults of a hall file. What the judge keeps
from a dispatcher (how slow clerks are outside their field, when skills change by the clock) is
assumed by `OUTSIDE` and learned from one day to the next.
"""

from collections.abc import Sequence
from typing import Any

from config.hall import DispatchRules, PriorityClass
from queue_server.engine.dispatch import Choice, Dispatcher, Waiter
from queue_server.engine.estimate import Estimator
from queue_server.engine.facts import HallFacts, ServiceFacts, WindowFacts
from queue_server.engine.order import order_time
from queue_server.engine.runahead import Desk

OUTSIDE = 1.05
"""How many times its mean a service is believed to take outside a clerk's own field."""
EARLY, LAST = 20.0, 15.0
"""Minutes before opening and before closing between which tickets are issued."""
PAUSE = 8.0
"""Minutes that a window which closes inside its hours is expected to be away."""
HEAD_START = PriorityClass(id="priority", name={}).head_start


def facts_of(hall: dict[str, Any]) -> HallFacts:
    """Read the judge's hall."""
    halls: list[str] = hall["halls"]
    return HallFacts(
        services={s["id"]: ServiceFacts(s["mean"], site=s["hall"]) for s in hall["services"]},
        windows={
            w["id"]: WindowFacts(
                w["hall"], {s: OUTSIDE for s in w["skills"] if s not in w["primary"]}
            )
            for w in hall["windows"]
        },
        walk={
            a: dict(zip(halls, row, strict=True))
            for a, row in zip(halls, hall["walk"], strict=True)
        },
    )


class JudgedDispatcher:
    """What the judge drives: one object for all days of a hall."""

    def __init__(self, hall: dict[str, Any], rules: DispatchRules | None = None) -> None:
        self.rules = rules or DispatchRules()
        self.facts = facts_of(hall)
        self.dispatcher = Dispatcher(self.facts, self.rules)
        self.sessions = [(a - EARLY, b - LAST) for a, b in hall["segments"]]
        self.estimator = Estimator(self.dispatcher, self.sessions)
        self.hours: dict[str, list[list[float]]] = {w["id"]: w["segments"] for w in hall["windows"]}
        self.offered: dict[tuple[str, int], tuple[str, ...]] = {
            (w["id"], i): tuple(w["skills"])
            for w in hall["windows"]
            for i in range(len(w["segments"]))
        }
        """What a window offers in each of its stretches, as seen the last time."""
        self.new_day(0)

    def new_day(self, day: int) -> None:  # noqa: ARG002
        self.dispatcher = Dispatcher(self.facts, self.rules, self.dispatcher.pace.learned)
        self.estimator = Estimator(
            self.dispatcher, self.sessions, self.estimator.calibrator.calibration
        )
        self.predicted: dict[int, float] = {}
        self.choices: dict[int, Choice] = {}
        self.began: dict[str, tuple[str, float]] = {}
        self.closed: dict[str, float] = dict.fromkeys(self.hours, 0.0)
        self.free: dict[str, float] = {}
        self.seq = 0

    def window_open(self, window: str, skills: Sequence[str], now: float) -> None:
        self.dispatcher.open(window, skills)
        self.free[window] = now
        self.closed.pop(window, None)
        for i, (start, end) in enumerate(self.hours[window]):
            if start <= now < end:
                self.offered[window, i] = tuple(skills)

    def window_close(self, window: str, now: float) -> None:
        self.dispatcher.close(window)
        self.closed[window] = now

    def desks(self, now: float) -> list[Desk]:
        """Return what a clock, the roster and the last press of every window tell."""
        found = []
        for window, stretches in self.hours.items():
            if window not in self.closed:
                service, since = self.began.get(window, (None, 0.0))
                found.append(Desk(window, service, since))
                continue
            for i, (start, end) in enumerate(stretches):
                if now < end:
                    away = now - self.closed[window]
                    opens = start if now < start else now + max(PAUSE - away, away, 1.0)
                    found.append(Desk(window, None, 0.0, opens, self.offered[window, i]))
                    break
        return found

    def add(self, ticket: dict[str, Any], now: float) -> None:  # noqa: ARG002
        self.seq += 1
        waiter = self._waiter(ticket)
        self.dispatcher.add(waiter)
        self.estimator.joined(waiter)

    def predict(self, ticket: int, now: float) -> tuple[float, float, float] | None:
        waiter = self.dispatcher.waiters[str(ticket)]
        estimate = self.estimator.estimate(waiter, now, self.desks(now))
        if estimate is None:
            return None
        self.predicted[ticket] = estimate.raw
        return estimate.low, estimate.mid, estimate.high

    def _waiter(self, ticket: dict[str, Any]) -> Waiter:
        return Waiter(
            id=str(ticket["id"]),
            service=ticket["service"],
            order=order_time(
                self.rules,
                ready=ticket["ready"],
                issued=ticket["issued"] if ticket["transferred"] else None,
                head_start=HEAD_START if ticket["priority"] else 0.0,
                appointment=ticket["appointment"],
                returned=ticket["returned"],
            ),
            seq=self.seq,
            ready=ticket["ready"],
            priority=ticket["priority"] or ticket["appointment"] is not None,
        )

    def next_for(self, window: str, now: float) -> int | None:
        self._missed(window, now)
        choice = self.dispatcher.choose(window, now)
        if choice is None:
            self.free[window] = now
            return None
        ticket = choice.waiter.id
        if int(ticket) in self.predicted:
            raw, waited = self.predicted.pop(int(ticket)), now - choice.waiter.ready
            self.estimator.settle(raw, waited, choice.waiter.service)
        self.dispatcher.called(ticket, window)
        self.choices[int(ticket)] = choice
        self.began[window] = (choice.waiter.service, now)
        return int(ticket)

    def _missed(self, window: str, now: float) -> None:
        """The judge does not tell of no-shows; a window that calls again without a finish does."""
        if window in self.began:
            service, since = self.began.pop(window)
            self.dispatcher.finished(service, window, now - since, "no-show")

    def pick_window(self, ticket: dict[str, Any], idle: Sequence[str], now: float) -> str | None:
        free = [(w, self.free.get(w, 0.0)) for w in idle]
        return self.dispatcher.choose_window(ticket["service"], free, now)

    def finished(self, ticket: int, window: str, outcome: str, now: float) -> None:  # noqa: ARG002
        service, since = self.began.pop(window)
        self.dispatcher.finished(service, window, now - since)


def factory(hall: dict[str, Any]) -> JudgedDispatcher:
    """Make a dispatcher for one hall of the judge."""
    return JudgedDispatcher(hall)


def fcfs(hall: dict[str, Any]) -> JudgedDispatcher:
    """First come first served, for comparison."""
    return JudgedDispatcher(hall, DispatchRules(policy="fcfs"))


def fairscale(hall: dict[str, Any]) -> JudgedDispatcher:
    """The third policy, with the parameters recommended for it."""
    return JudgedDispatcher(hall, DispatchRules(policy="fairscale", band=8.0, kappa=4.0))
