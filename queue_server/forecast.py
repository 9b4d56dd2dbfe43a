"""The waits that people are shown: the estimator fed with the day, asked every few seconds.

Nothing here decides anything; a wait that was shown stands in the log with its ticket, so that it
can be compared with what came true. After a restart the day is seen again from the log.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from math import inf
from pathlib import Path

import msgspec

from config.hall import Hall
from config.wire.events import (
    DayOpened,
    Logged,
    TicketCalled,
    TicketIssued,
    TicketRestored,
    TicketTransferred,
)
from queue_server.engine.calibrate import Calibration
from queue_server.engine.choice import Waiter
from queue_server.engine.estimate import Estimator
from queue_server.engine.offers import offered, parse_span
from queue_server.engine.runahead import Desk
from queue_server.engine.staffing import Suggestion, spares, suggest
from queue_server.engine.state import Day, WindowState
from queue_server.engine.views import Interval
from queue_server.server import Server

EVERY = 2.0
"""Least seconds between two forecasts; one costs a few milliseconds."""
DRIFT = 10.0
"""Most seconds between two forecasts: waits change while nobody does anything."""
BREATH = 0.5
"""Minutes that a clerk takes between two people."""
MOST = 3000
"""People waiting beyond whom nothing is foretold: many times what the largest hall holds, so a
machine has gone mad, and playing them all forward would hold up every press."""
PAUSE = 5.0
"""Minutes after which a paused window is expected back."""


class Forecast:
    """Expected waits of one hall, day after day."""

    def __init__(self, hall: Hall, learned: Calibration | None = None) -> None:
        self._learned = learned
        self._sessions = [parse_span(span) for span in hall.rules.hours]
        self._estimator: Estimator | None = None
        self._raw: dict[str, float] = {}

    def saw(self, day: Day, row: Logged) -> None:
        """Take note of one event; `day` is as it is after it."""
        event = row.event
        if isinstance(event, DayOpened) or self._estimator is None:
            self._estimator = Estimator(day.queue, self._sessions, self.calibration)
            self._raw = {}
        match event:
            case TicketIssued(ticket=id) | TicketRestored(ticket=id) | TicketTransferred(ticket=id):
                self._estimator.joined(day.waiter(day.tickets[id]))
            case TicketCalled(ticket=id):
                ticket = day.tickets[id]
                raw = self._raw.pop(id, None)
                if raw is not None and ticket.first_called == row.at:
                    waited = (row.at - ticket.issued) / 60.0
                    self._estimator.settle(raw, waited, ticket.service)

    @property
    def calibration(self) -> Calibration | None:
        """What was learned from waits that came true; worth keeping over a restart."""
        if self._estimator is None:
            return self._learned
        return self._estimator.calibrator.calibration

    def waits(self, day: Day, now: float) -> dict[str, Interval]:
        """Expected waits at `now` (seconds since the epoch): of a number taken now, by service,
        and of every waiting ticket, by id. What nobody is there to serve has none."""
        return {key: wait for part in self.parts(day, now) for key, wait in part.items()}

    def parts(self, day: Day, now: float) -> Iterator[dict[str, Interval]]:
        """The same in pieces of a few milliseconds, between which the day may go on."""
        estimator = self._estimator
        if estimator is None or not _foreseeable(day):
            return
        minute = day.minutes(now)
        desks = self._desks(day, minute)
        estimates = estimator.estimate_all(minute, desks)
        for id, estimate in estimates.items():
            self._raw.setdefault(id, estimate.raw)
        yield {id: estimate.shown for id, estimate in estimates.items()}
        for service in self._served(day, desks):
            newcomer = Waiter(f"new {service}", service, minute, day.seq + 1, minute)
            if (new := estimator.estimate(newcomer, minute, desks)) is not None:
                yield {service: new.shown}

    def advice(self, day: Day, now: float) -> Suggestion | None:
        """Which window should open, if people who come would wait longer than the hall wants."""
        if self._estimator is None or not _foreseeable(day):
            return None
        minute = day.minutes(now)
        desks, spare = self._desks(day, minute), spares(day, minute)
        return suggest(self._estimator, desks, spare, minute, day.hall.rules.longest_wait)

    def _desks(self, day: Day, minute: float) -> list[Desk]:
        return [d for w in day.windows.values() if (d := self._desk(day, w, minute)) is not None]

    def _served(self, day: Day, desks: Iterable[Desk]) -> set[str]:
        known = {s for d in desks for s in (d.services or day.windows[d.window].services)}
        return known & day.hall.service_by_id.keys()

    def _desk(self, day: Day, window: WindowState, minute: float) -> Desk | None:
        """The window as the run-ahead begins; None when it is not expected to serve at all."""
        ticket = day.current(window.id)
        if window.state == "open":
            if ticket is None:
                since = minute - day.minutes(window.idle_since)
                return Desk(window.id, opens=minute + BREATH if since < BREATH else None)
            return Desk(window.id, ticket.service, day.minutes(ticket.called or 0.0))
        if window.state == "paused":
            return Desk(window.id, opens=minute + PAUSE, services=window.services)
        opens = self._next_opening(minute)
        spec = day.window(window.id)
        if opens == inf or spec.temporary or not spec.callable:
            return None
        services = window.assigned or offered(day.hall, spec, day.day, opens)
        return Desk(window.id, opens=opens, services=services)

    def _next_opening(self, minute: float) -> float:
        """When a session begins that has not begun; never, for a window missing from a session."""
        return min((start for start, _ in self._sessions if start > minute), default=inf)


def _foreseeable(day: Day) -> bool:
    return day.open and len(day.queue.waiters) <= MOST


def read_calibration(path: Path) -> Calibration | None:
    """What an earlier run has learned; None when there is nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Calibration)
    except (OSError, msgspec.MsgspecError):
        return None


def write_calibration(path: Path, forecast: Forecast) -> None:
    """Keep what was learned, if the disk lets us; losing it costs a few days of wider intervals
    and nothing else."""
    if forecast.calibration is not None:
        part = path.with_suffix(".part")
        with contextlib.suppress(OSError):
            part.write_bytes(msgspec.json.encode(forecast.calibration))
            part.replace(path)


async def run(server: Server, forecast: Forecast) -> None:
    """Keep `server.waits` and `server.advice` until cancelled."""
    while True:
        pulse = server.pulse()
        waits: dict[str, Interval] = {}
        seen = server.day.seq
        for part in forecast.parts(server.day, server.clock()):
            waits |= part
            await asyncio.sleep(0)  # a press does not wait for all of it
        server.waits_at = seen
        advice = forecast.advice(server.day, server.clock())
        if (waits, advice) != (server.waits, server.advice):
            server.waits, server.advice = waits, advice
            server.changed()
            pulse = server.pulse()
        await asyncio.sleep(EVERY)
        try:
            await asyncio.wait_for(pulse.wait(), DRIFT)
        except TimeoutError:
            continue
