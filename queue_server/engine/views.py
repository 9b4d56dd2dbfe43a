"""What each part of the hall sees of the day. Pure: a day and a moment in, a view out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from config.hall import Hall, Service, Stage, Text, Zone
from config.wire import views as v
from queue_server.engine.offers import takes_people
from queue_server.engine.state import Day, Ticket, WindowState
from queue_server.engine.transitions import TicketState

Interval = tuple[int, int]
"""An expected wait: low and high, minutes, rounded outwards."""

MOST_ROWS = 24
MOST_MISSED = 12
MOST_NEXT = 8
MOST_OTHERS = 6


@dataclass(frozen=True, slots=True)
class Moment:
    """What a view needs beside the day: which history, what time, what the waits will be."""

    epoch: str
    now: float
    waits: Mapping[str, Interval]
    """Service -> expected wait of somebody who takes a number now."""


def board_name(service: Service) -> Text:
    """What public screens call a service: neutral where the hall says so."""
    return service.board_name or service.name


def is_public(service: Service) -> bool:
    """Whether machines and boards offer it: not what is hidden, nor what is done without people."""
    return not service.hidden and service.stage is not Stage.BACK_OFFICE


def board_view(day: Day, area: str, moment: Moment) -> v.BoardView:
    """What the boards of a waiting area show: newest call first, one row a window."""
    hall = day.hall
    zones = [z for z in hall.zones if area in hall.areas_of(z)]
    ids = {z.id for z in zones}
    called = [w for w in day.windows.values() if w.called and ids & _zones_of(day, w)]
    called.sort(key=lambda w: w.call, reverse=True)
    missed = [t for t in map(day.tickets.__getitem__, day.missed) if _missed_in(day, t, ids)]
    return v.BoardView(
        **_head(day, moment),
        area=area,
        name=hall.area_by_id[area].name,
        rows=tuple(_row(day, w) for w in called[:MOST_ROWS]),
        missed=tuple(t.number for t in missed[-MOST_MISSED:]),
        zones=tuple(_count(day, z, moment) for z in zones if _counted(hall, z)),
        notice=day.notices.get(area) or day.notices.get(None, ""),
        signs=_signs(hall, zones),
    )


def _signs(hall: Hall, zones: list[Zone]) -> tuple[Text, ...]:
    """Standing signs of the zones, each once; without any, the priority classes."""
    signs = [z.notice for z in zones if z.notice]
    unique = [sign for n, sign in enumerate(signs) if sign not in signs[:n]]
    return tuple(unique) or tuple(p.name for p in hall.priorities if p.sign)


def _zones_of(day: Day, window: WindowState) -> set[str]:
    """Zones whose people look for a call of `window`: its own, and the one they wait for."""
    ticket = day.tickets[window.called or ""]
    return {day.window(window.id).zone, day.service(ticket).zone}


def _missed_in(day: Day, ticket: Ticket, zones: set[str]) -> bool:
    return day.window(ticket.window or "").zone in zones


def _counted(hall: Hall, zone: Zone) -> bool:
    return zone.queue and any(s.zone == zone.id and is_public(s) for s in hall.services)


def _row(day: Day, window: WindowState) -> v.CallRow:
    ticket, spec = day.tickets[window.called or ""], day.window(window.id)
    here = window.current == ticket.id
    return v.CallRow(
        number=ticket.number,
        window=window.id,
        label=spec.number,
        zone=spec.zone,
        service=board_name(day.service(ticket)),
        at=window.called_at,
        call=window.call,
        state=ticket.state.value if here else "done",
    )


def _count(day: Day, zone: Zone, moment: Moment) -> v.ZoneCount:
    services = [s.id for s in day.hall.services if s.zone == zone.id and is_public(s)]
    open_windows = sum(
        1
        for w in day.windows.values()
        if w.state == "open" and any(s in services for s in w.services)
    )
    low, high = _busiest(day, services, moment)
    return v.ZoneCount(
        zone=zone.id,
        name=zone.name,
        waiting=sum(day.queue.waiting(s) for s in services),
        open_windows=open_windows,
        low=low,
        high=high,
    )


def _busiest(day: Day, services: Iterable[str], moment: Moment) -> tuple[int | None, int | None]:
    """The expected wait of a zone is that of its longest queue."""
    known = [s for s in services if s in moment.waits]
    if not known:
        return None, None
    return moment.waits[max(known, key=day.queue.waiting)]


def window_view(day: Day, window: str, moment: Moment) -> v.WindowView:
    """What the sign over a window says; a back-office position says nothing (BA-25)."""
    state, spec = day.windows[window], day.window(window)
    ticket = day.current(window)
    services = day.hall.service_by_id
    shown = state.state if spec.callable else "closed"
    if ticket is not None:
        shown = ticket.state.value
    elif shown == "open":
        shown = "idle"
    return v.WindowView(
        **_head(day, moment),
        window=window,
        label=spec.number,
        state=shown,
        number=None if ticket is None else ticket.number,
        call=state.call,
        services=tuple(board_name(services[s]) for s in state.services if spec.callable),
        waiting=_waiting(day, state),
        reason=state.reason,
        until=state.until,
    )


def _waiting(day: Day, window: WindowState) -> int:
    """How many `window` could call, those who wait for it alone included."""
    shared = sum(day.queue.waiting(s) for s in window.services)
    return shared + len(day.queue.bound(window.id))


def kiosk_view(day: Day, moment: Moment) -> v.KioskView:
    """What every kiosk offers now."""
    choices = tuple(_choice(day, s, moment) for s in day.hall.services if is_public(s))
    return v.KioskView(**_head(day, moment), open=any(c.open for c in choices), services=choices)


def _choice(day: Day, service: Service, moment: Moment) -> v.ServiceChoice:
    low, high = moment.waits.get(service.id, (None, None))
    reason = _why_closed(day, service, moment.now)
    return v.ServiceChoice(
        service=service.id,
        open=not reason,
        waiting=day.queue.waiting(service.id),
        windows=day.queue.servers(service.id),
        low=low,
        high=high,
        reason=reason,
    )


def _why_closed(day: Day, service: Service, now: float) -> str:
    if not day.open:
        return "day-closed"
    if not takes_people(day.hall, service, day.minutes(now)):
        return "hours"
    if day.is_quota_reached(service, now):
        return "quota"
    return ""


def hall_view(day: Day, moment: Moment) -> v.HallView:
    """The hall as programs see it."""
    hall = day.hall
    return v.HallView(
        **_head(day, moment),
        hall=hall.id,
        name=hall.name,
        open=day.open,
        services=tuple(
            v.ServiceInfo(
                id=s.id,
                name=s.name,
                zone=s.zone,
                open=not _why_closed(day, s, moment.now),
                waiting=day.queue.waiting(s.id),
            )
            for s in hall.services
            if s.stage is not Stage.BACK_OFFICE
        ),
        windows=tuple(_info(day, w) for w in day.windows.values()),
        areas=tuple(v.AreaInfo(id=a.id, name=a.name) for a in hall.areas),
    )


def _info(day: Day, window: WindowState) -> v.WindowInfo:
    spec, ticket = day.window(window.id), day.current(window.id)
    return v.WindowInfo(
        id=window.id,
        number=spec.number,
        name=spec.name,
        zone=spec.zone,
        kind=spec.kind.value,
        state=window.state,
        services=window.services or spec.services,
        callable=spec.callable,
        serving=None if ticket is None else ticket.number,
    )


def console_view(day: Day, window: str, moment: Moment) -> v.ConsoleView:
    """What the clerk at `window` sees."""
    state, spec = day.windows[window], day.window(window)
    ticket = day.current(window)
    firsts = [t for s in state.services for t in day.queue.line(s)[:MOST_NEXT]]
    firsts += day.queue.bound(window)
    following = sorted((day.tickets[t] for t in firsts), key=lambda t: (t.order, t.seq))
    undo = state.last_ended if ticket is None else None
    return v.ConsoleView(
        **_head(day, moment),
        window=window,
        label=spec.number,
        state=state.state,
        services=state.services,
        **_in_hand(day, ticket),
        held=tuple(_next(day.tickets[t], moment) for t in state.held),
        next=tuple(_next(t, moment) for t in following[:MOST_NEXT]),
        waiting=_waiting(day, state),
        missed=tuple(
            _next(day.tickets[t], moment)
            for t in list(day.missed)[-MOST_MISSED:]
            if day.tickets[t].window == window or day.tickets[t].service in state.services
        ),
        reason=state.reason,
        undo_until=None if undo is None else undo[1] + day.hall.rules.undo_seconds,
        served=state.served,
        mean_today=state.minutes / state.served if state.served else None,
        clerk=state.clerk,
    )


def _in_hand(day: Day, ticket: Ticket | None) -> dict[str, Any]:
    if ticket is None:
        return {}
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        "service_name": day.service(ticket).name,
        "called_at": ticket.called,
        "started_at": ticket.started,
        "calls": ticket.calls,
        "mean": day.queue.pace.means[ticket.service],
        "priority": ticket.priority,
        "agent": ticket.agent,
        "note": ticket.note,
    }


def _next(ticket: Ticket, moment: Moment) -> v.Next:
    return v.Next(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        waited=max(0.0, (moment.now - ticket.ready) / 60.0),
        priority=ticket.priority is not None,
        note=ticket.note,
    )


def ticket_view(day: Day, token: str, moment: Moment) -> v.TicketView | None:
    """What the citizen's page shows for `token`; None when today knows no such token."""
    ticket = day.tickets.get(day.by_token.get(token, ""))
    if ticket is None:
        return None
    service = day.service(ticket)
    zone = day.hall.zone_by_id[service.zone]
    waiting = ticket.state is TicketState.WAITING
    low, high = moment.waits.get(ticket.id, (None, None)) if waiting else (None, None)
    return v.TicketView(
        **_head(day, moment),
        number=ticket.number,
        state=ticket.state.value,
        service=service.name,
        zone=zone.name,
        place=place_of(day.hall, zone),
        ahead=day.queue.ahead(ticket.id) if waiting else None,
        low=low,
        high=high,
        window=day.window(ticket.window).number if ticket.window and not waiting else None,
        issued=ticket.issued,
        others=_called_meanwhile(day, ticket, zone) if waiting else (),
    )


def _called_meanwhile(day: Day, ticket: Ticket, zone: Zone) -> tuple[str, ...]:
    """The newest call of each window that whoever waits with `ticket` has heard."""
    areas = {*day.hall.areas_of(zone)}
    ids = {z.id for z in day.hall.zones if areas.intersection(day.hall.areas_of(z))}
    called = [
        w
        for w in day.windows.values()
        if w.called and w.called_at > ticket.ready and ids & _zones_of(day, w)
    ]
    called.sort(key=lambda w: w.call, reverse=True)
    return tuple(day.tickets[w.called or ""].number for w in called[:MOST_OTHERS])


def place_of(hall: Hall, zone: Zone) -> Text:
    """Where a zone is, in words: building, floor and side (MZ-25)."""
    site = hall.site_by_id[zone.site].name
    floors = len({z.floor for z in hall.zones if z.site == zone.site}) > 1
    zh = (site.get("zh", ""), f"{zone.floor} 楼" if floors else "", zone.side.get("zh", ""))
    en = (site.get("en", ""), f"floor {zone.floor}" if floors else "", zone.side.get("en", ""))
    return {"zh": " · ".join(filter(None, zh)), "en": ", ".join(filter(None, en))}


def _head(day: Day, moment: Moment) -> dict[str, Any]:
    return {"epoch": moment.epoch, "seq": day.seq, "at": moment.now, "day": day.day}
