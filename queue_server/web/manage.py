"""What the manager's page shows: who waits how long, what each window does, how devices are."""

from collections.abc import Sequence

import msgspec

from config.hall import Stage, Text
from config.wire.devices import DeviceStatus
from queue_server.engine.staffing import Suggestion
from queue_server.engine.state import Day, Ticket, WindowState
from queue_server.engine.views import Moment
from queue_server.simulate.figures import Figures

RECENT = 30 * 60.0
"""Seconds over which waits are averaged."""


class ZoneLine(msgspec.Struct, frozen=True, kw_only=True):
    """A zone; waits in minutes, None when nobody was called lately."""

    zone: str
    name: Text
    waiting: int
    longest: float
    mean_wait: float | None
    open_windows: int
    paused_windows: int
    low: int | None
    high: int | None
    late: bool
    """Somebody waits longer than the hall wants."""


class WindowLine(msgspec.Struct, frozen=True, kw_only=True):
    window: str
    label: str
    zone: Text
    state: str
    """``closed``, ``paused``, ``idle``, ``called`` or ``serving``."""
    clerk: str | None
    number: str | None
    since: float | None
    """Start of the present ticket, seconds since the epoch."""
    slow: bool
    """More than twice the mean of its service."""
    served: int
    mean: float | None
    held: int
    reason: str


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """A window that should open. Waits in minutes, of those who come within half an hour."""

    window: str
    label: str
    zone: Text
    services: tuple[str, ...]
    names: tuple[Text, ...]
    """Of the services, in the same order."""
    until: float
    """Seconds since the epoch."""
    name: Text
    """The service that people wait for longest."""
    before: float
    after: float


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """The last day that is over, as the night measured it. Minutes, and a share of 0 to 1."""

    day: str
    calls: int
    mean: float
    p95: float
    error: float | None
    """How far the middle of the wait shown was from the truth; None when none was shown."""
    inside: float | None
    """Share of people called within the wait they were shown."""


class ManageView(msgspec.Struct, frozen=True, kw_only=True):
    epoch: str
    seq: int
    at: float
    day: str
    waiting: int
    served: int
    issued: int
    missed: int
    longest: float
    zones: tuple[ZoneLine, ...]
    windows: tuple[WindowLine, ...]
    devices: tuple[DeviceStatus, ...]
    notice: str = ""
    advice: Advice | None = None
    measured: Measured | None = None


def manage_view(
    day: Day,
    moment: Moment,
    devices: Sequence[DeviceStatus] = (),
    suggestion: Suggestion | None = None,
    last: Figures | None = None,
) -> ManageView:
    """The whole hall at one look."""
    zones = tuple(
        _zone(day, z.id, moment) for z in day.hall.zones if z.queue and _offers(day, z.id)
    )
    windows = tuple(
        _window(day, w, moment) for w in day.windows.values() if day.window(w.id).callable
    )
    return ManageView(
        epoch=moment.epoch,
        seq=day.seq,
        at=moment.now,
        day=day.day,
        waiting=sum(z.waiting for z in zones),
        served=sum(w.served for w in day.windows.values()),
        issued=len(day.tickets),
        missed=len(day.missed),
        longest=max((z.longest for z in zones), default=0.0),
        zones=zones,
        windows=windows,
        devices=tuple(devices),
        notice=day.notices.get(None, ""),
        advice=None if suggestion is None else _advice(day, suggestion),
        measured=None if last is None else _measured(last),
    )


def _measured(last: Figures) -> Measured:
    return Measured(
        day=last.day,
        calls=last.all.count,
        mean=last.all.mean,
        p95=last.all.p95,
        error=last.error,
        inside=last.inside,
    )


def _advice(day: Day, suggestion: Suggestion) -> Advice | None:
    """The suggestion in names, until somebody has opened the window."""
    spec, services = day.window(suggestion.window), day.hall.service_by_id
    if day.windows[spec.id].state != "closed":
        return None
    return Advice(
        window=spec.id,
        label=spec.number,
        zone=day.hall.zone_by_id[spec.zone].name,
        services=suggestion.services,
        names=tuple(services[s].name for s in suggestion.services),
        until=day.midnight + 60 * suggestion.until,
        name=services[suggestion.service].name,
        before=suggestion.before,
        after=suggestion.after,
    )


def _offers(day: Day, zone: str) -> bool:
    return any(s.zone == zone and s.stage is not Stage.BACK_OFFICE for s in day.hall.services)


def _zone(day: Day, zone: str, moment: Moment) -> ZoneLine:
    services = [s.id for s in day.hall.services if s.zone == zone]
    line = [day.tickets[t] for s in services for t in day.queue.line(s)]
    longest = max((moment.now - t.ready for t in line), default=0.0) / 60.0
    at = [w for w in day.windows.values() if any(s in services for s in w.services)]
    busiest = max(services, key=day.queue.waiting)
    low, high = moment.waits.get(busiest, (None, None))
    return ZoneLine(
        zone=zone,
        name=day.hall.zone_by_id[zone].name,
        waiting=sum(day.queue.waiting(s) for s in services),
        longest=round(longest, 1),
        mean_wait=_mean_wait(day, services, moment.now),
        open_windows=sum(w.state == "open" for w in at),
        paused_windows=sum(w.state == "paused" for w in at),
        low=low,
        high=high,
        late=longest > day.hall.rules.longest_wait,
    )


def _mean_wait(day: Day, services: Sequence[str], now: float) -> float | None:
    waits = [
        t.first_called - t.issued
        for t in day.tickets.values()
        if t.service in services and t.first_called is not None and t.first_called > now - RECENT
    ]
    return round(sum(waits) / len(waits) / 60.0, 1) if waits else None


def _window(day: Day, window: WindowState, moment: Moment) -> WindowLine:
    spec, ticket = day.window(window.id), day.current(window.id)
    state = window.state if window.state != "open" else "idle"
    return WindowLine(
        window=window.id,
        label=spec.number,
        zone=day.hall.zone_by_id[spec.zone].name,
        state=state if ticket is None else ticket.state.value,
        clerk=window.clerk,
        number=None if ticket is None else ticket.number,
        since=None if ticket is None else ticket.started or ticket.called,
        slow=ticket is not None and _is_slow(day, ticket, moment.now),
        served=window.served,
        mean=round(window.minutes / window.served, 1) if window.served else None,
        held=len(window.held),
        reason=window.reason,
    )


def _is_slow(day: Day, ticket: Ticket, now: float) -> bool:
    begun = ticket.started or ticket.called or now
    return (now - begun) / 60.0 > 2 * day.queue.pace.means[ticket.service]
