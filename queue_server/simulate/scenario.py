"""What a simulated hall is like: who comes, for what, how long it takes, when windows are staffed.

Two sources: a file of the format ``hall-scenario/1``, which says all of it, and a hall file, which
says nothing of the people; for that one the day is made up to fill the windows to a given load.
Minutes are minutes since midnight.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from config.hall import Hall
from queue_server.engine.offers import offered, parse_span

Curve = tuple[tuple[float, float], ...]
"""Minute and weight; straight lines between."""

_SHAPE = ((0.0, 1.0), (0.14, 1.35), (0.3, 1.6), (0.43, 1.6), (0.6, 1.2), (0.8, 0.7), (0.93, 0.2))
"""How a session of a county hall usually goes: part of it that has passed, and people."""
AFTERNOON = 0.8
"""Later sessions have so many people for each of the first."""


LONG = 360.0
"""A session of more minutes has people evenly."""


def usual_day(sessions: Sequence[tuple[float, float]]) -> Curve:
    """A day with its peaks: full an hour after opening, quiet before noon and before evening."""
    points: list[tuple[float, float]] = []
    for i, (start, end) in enumerate(sessions):
        if end - start > LONG:
            points += [(start, 1.0), (end - 15.0, 1.0), (end - 14.9, 0.0)]
            continue
        many = AFTERNOON if i else 1.0
        points += [(start - 20.1, 0.0), (start - 20.0, 0.2 * many)]
        points += [(start + part * (end - start), many * height) for part, height in _SHAPE]
        points.append((start + 0.931 * (end - start), 0.0))
    return tuple(points)


class Onward(msgspec.Struct, frozen=True):
    """Where some people go after a stage: a new number there, or the old one (transfer)."""

    share: float
    service: str
    delay: tuple[float, float] = (0.0, 0.5)
    """Mean minutes until then and their variation."""
    transfer: bool = False


class Habits(msgspec.Struct, frozen=True):
    """How people and clerks behave."""

    day_cv: float = 0.08
    service_day_cv: float = 0.2
    priority: float = 0.08
    appointment: float = 0.0
    slot: float = 15.0
    punctual: tuple[float, float] = (-6.0, 6.0)
    absent: float = 0.08
    no_show: float = 0.04
    no_show_minutes: float = 1.5
    comes_back: float = 0.4
    back_after: tuple[float, float] = (8.0, 0.5)
    walk_cv: float = 0.4
    gap: tuple[float, float] = (0.4, 0.8)
    speed_cv: float = 0.08
    breaks: int = 1
    """Of each window in each half day."""
    break_minutes: tuple[float, float] = (8.0, 0.3)


class Closure(msgspec.Struct, frozen=True):
    """A window that drops out without warning."""

    window: str
    at: float
    minutes: float


class Scenario(msgspec.Struct, frozen=True):
    """A hall with its people."""

    id: str
    hall: Hall
    visitors: Mapping[str, float]
    """Service -> people a day who begin there."""
    staffed: Mapping[str, tuple[tuple[float, float], ...]]
    """Window -> when somebody sits there."""
    profile: Curve
    """How the people spread over the day."""
    offers: Mapping[str, tuple[str, ...]] = {}
    """Window -> services it opens with, where they are not the hall file's."""
    onward: Mapping[str, tuple[Onward, ...]] = {}
    rushes: tuple[tuple[frozenset[str], float, float, float], ...] = ()
    """Services, from, to, factor."""
    habits: Habits = Habits()
    closures: tuple[Closure, ...] = ()
    seed: int = 1

    @property
    def sessions(self) -> tuple[tuple[float, float], ...]:
        """Opening hours of the hall."""
        return tuple(parse_span(span) for span in self.hall.rules.hours)


def with_rules(scenario: Scenario, **changes: Any) -> Scenario:
    """Return the same hall and people under other dispatch rules (fields of `DispatchRules`)."""
    replace = msgspec.structs.replace
    hall = scenario.hall
    dispatch = replace(hall.rules.dispatch, **changes)
    return replace(scenario, hall=replace(hall, rules=replace(hall.rules, dispatch=dispatch)))


def with_windows(scenario: Scenario, originals: Sequence[str]) -> Scenario:
    """Return the same hall with a copy of each of these windows: what more clerks would change.

    Raises:
        ValueError: no such window is staffed.
    """
    hall, spans, offers = scenario.hall, dict(scenario.staffed), dict(scenario.offers)
    windows = list(hall.windows)
    for i, original in enumerate(originals, 1):
        if original not in spans:
            raise ValueError(f"window {original} is not staffed on that day")
        known = hall.window_by_id[original]
        copy = msgspec.structs.replace(known, id=f"{known.id}+{i}", number=f"{known.number}+{i}")
        windows.append(copy)
        spans[copy.id] = spans[original]
        if original in offers:
            offers[copy.id] = offers[original]
    hall = msgspec.structs.replace(hall, windows=tuple(windows))
    return msgspec.structs.replace(scenario, hall=hall, staffed=spans, offers=offers)


def of_hall(hall: Hall, day: str, *, load: float = 0.75, seed: int = 1) -> Scenario:
    """Make up a day that keeps the windows of `hall` busy for `load` of their time.

    Each window's time is shared evenly among what it offers then; windows marked temporary stay
    closed. Peaks are half as high again, so that 0.75 is a busy day already.
    """
    if not 0.0 < load < 2.0:
        raise ValueError("load is a share of the windows' time, such as 0.75")
    sessions = tuple(parse_span(span) for span in hall.rules.hours)
    staffed = {w.id: sessions for w in hall.windows if w.callable and not w.temporary}
    minutes: dict[str, float] = {}
    for window in hall.windows:
        for start, end in staffed.get(window.id, ()):
            services = offered(hall, window, day, start)
            for service in services:
                minutes[service] = minutes.get(service, 0.0) + (end - start) / len(services)
    known = hall.service_by_id
    visitors = {s: load * m / (known[s].mean + 1.0) for s, m in minutes.items()}
    return Scenario(
        id=hall.id,
        hall=hall,
        visitors=visitors,
        staffed=staffed,
        profile=usual_day(sessions),
        seed=seed,
    )
