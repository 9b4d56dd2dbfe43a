"""Which window should open? One suggestion, when people who come would wait too long.

The hall is played forward with whoever waits now and with the people of the last half hour, coming
once more. Where those who come would wait longer than the hall wants, the same is played again with
one more window, and the window that helps most is suggested. Nothing is decided here, and equal
halls get equal suggestions.
"""

from collections.abc import Collection, Iterable, Sequence
from math import ceil

import msgspec

from config.hall import Hall, Stage, Window, WindowKind
from queue_server.engine.estimate import Estimator
from queue_server.engine.offers import offered
from queue_server.engine.runahead import Desk, Join, RunAhead
from queue_server.engine.state import Day

HORIZON = 30.0
"""Minutes looked ahead, and the least for which a window is worth opening."""
QUARTER = 15.0
"""Waits are averaged over so many minutes, and windows close on quarters of an hour."""
SETTLING = 10.0
"""Minutes at the start of a session in which windows are still being opened: no advice."""
FETCH = 5.0
"""Minutes until somebody sits at the window."""
WORTH = 5.0
"""Least minutes that a suggestion takes off a wait."""
PASSES = 2
"""Passes of a play; the second mirrors the first."""
MOST_TRIED = 4
"""Windows tried; those that can do the same are one."""


class Spare(msgspec.Struct, frozen=True):
    """A closed window and what it might offer."""

    window: str
    services: tuple[str, ...]
    temporary: bool = False
    site: str = ""


class Suggestion(msgspec.Struct, frozen=True):
    """Open `window` for `services`. Times in minutes, `until` since midnight."""

    window: str
    services: tuple[str, ...]
    until: float
    service: str
    """The one of them that people wait for longest."""
    before: float
    """What those wait who come for it within `HORIZON`, in the worse quarter of an hour."""
    after: float
    """The same with the window open."""


class _Play(msgspec.Struct, frozen=True):
    """A hall played forward."""

    waits: dict[str, float]
    """Service -> wait of those who come for it, in the worse quarter."""
    drained: dict[str, float]
    """Service -> when the last of them is called."""


def spares(day: Day, minute: float) -> list[Spare]:
    """The closed windows at which citizens might be called, temporary ones first."""
    hall = day.hall
    found = [
        Spare(
            spec.id,
            state.assigned or _might_offer(hall, spec, day.day, minute),
            spec.temporary,
            hall.zone_by_id[spec.zone].site,
        )
        for spec in hall.windows
        if spec.callable and (state := day.windows[spec.id]).state == "closed"
    ]
    return sorted(found, key=lambda s: not s.temporary)


def _might_offer(hall: Hall, window: Window, day: str, minute: float) -> tuple[str, ...]:
    """What the hall file says; an emergency window of which it says nothing takes anything."""
    services = offered(hall, window, day, minute)
    if services or window.kind is not WindowKind.EMERGENCY:
        return services
    people = (Stage.ACCEPT, Stage.INSTANT)
    return tuple(s.id for s in hall.services if s.stage in people and not s.hidden)


def suggest(
    estimator: Estimator,
    desks: Sequence[Desk],
    spare: Iterable[Spare],
    now: float,
    limit: float,
) -> Suggestion | None:
    """Return the window that should open; None when all is well or none would help.

    `limit` is the longest wait the hall wants, minutes.
    """
    end = next((e for s, e in estimator.sessions if s + SETTLING <= now <= e - HORIZON), None)
    if end is None:
        return None
    comers = _comers(estimator, now)
    before = _play(estimator, desks, comers, now, end)
    late = {s for s, wait in before.waits.items() if wait > limit}
    if not late:
        return None
    tried = [
        (_play(estimator, _with(desks, desk), comers, now, end), desk)
        for desk in _openings(spare, late, now)
    ]
    if not tried:
        return None
    after, desk = min(tried, key=lambda t: _excess(t[0], late, limit))
    services = desk.services or ()
    worst = max(services, key=lambda s: (before.waits[s], s))
    if before.waits[worst] - after.waits[worst] < WORTH:
        return None
    drained = max(now + HORIZON, *(after.drained[s] for s in services))
    return Suggestion(
        window=desk.window,
        services=services,
        until=min(end, ceil(drained / QUARTER) * QUARTER),
        service=worst,
        before=round(before.waits[worst]),
        after=round(after.waits[worst]),
    )


def _comers(estimator: Estimator, now: float) -> list[Join]:
    """The people of the last half hour once more, and one for each line that nobody joined."""
    comers = estimator.again(now, HORIZON)
    waited_for = {w.service for w in estimator.dispatcher.waiters.values() if w.window is None}
    quiet = sorted(waited_for - {one.service for one in comers})
    return [*(Join(now, service, now, f"now {service}") for service in quiet), *comers]


def _excess(play: _Play, late: Collection[str], limit: float) -> int:
    """Minutes above the limit; whole ones, so that of windows that help alike the first wins."""
    return round(sum(max(0.0, play.waits[s] - limit) for s in late))


def _openings(spare: Iterable[Spare], late: Collection[str], now: float) -> list[Desk]:
    """The windows as they would open; of several that can do the same the first."""
    found: dict[tuple[object, ...], Desk] = {}
    for one in spare:
        services = tuple(s for s in one.services if s in late)
        if services:
            desk = Desk(one.window, opens=now + FETCH, services=services)
            found.setdefault((one.site, one.temporary, services), desk)
    return [*found.values()][:MOST_TRIED]


def _with(desks: Sequence[Desk], desk: Desk) -> list[Desk]:
    return [*(d for d in desks if d.window != desk.window), desk]


def _play(
    estimator: Estimator, desks: Sequence[Desk], comers: Sequence[Join], now: float, end: float
) -> _Play:
    """Play the hall. Whom no window calls waits until the session ends."""
    hall = RunAhead(estimator.dispatcher, desks, now)
    runs = [hall.play(k, PASSES, joins=comers) for k in range(PASSES)]
    waits: dict[tuple[str, int], list[float]] = {}
    drained: dict[str, float] = {}
    for one in comers:
        called = sum(run.at.get(one.ticket, end) for run in runs) / PASSES
        quarter = min(1, int((one.at - now) // QUARTER))
        waits.setdefault((one.service, quarter), []).append(called - one.at)
        drained[one.service] = max(called, drained.get(one.service, 0.0))
    worst: dict[str, float] = {}
    for (service, _), each in waits.items():
        middle = estimator.calibrator.middle(max(0.0, sum(each) / len(each)))
        worst[service] = max(middle, worst.get(service, 0.0))
    return _Play(worst, drained)
