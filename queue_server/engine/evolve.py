"""What an event does to the day. Every event is taken; one that the table forbids is a damaged log.

Nothing here decides: times, orders and numbers stand in the events, so a replay with other rules in
the hall file still tells what happened.
"""

from collections.abc import Callable

import msgspec

from config.hall import Hall
from config.wire import events as e
from queue_server.engine.pace import Learned
from queue_server.engine.state import Day, Ticket, WindowState
from queue_server.engine.transitions import TicketState, move


def evolve(day: Day, row: e.Logged) -> Day:
    """Fold one event into `day` and return the day it belongs to afterwards.

    Raises:
        IllegalMoveError: the event does not follow from what went before.
    """
    if isinstance(row.event, e.DayOpened):
        day = _open_day(day.next_hall, row.event)
    else:
        _TAKES[type(row.event)](day, row, row.event)
    day.seq, day.at = row.seq, max(day.at, row.at)
    return day


def _open_day(hall: Hall, event: e.DayOpened) -> Day:
    day = Day(hall, msgspec.json.decode(event.learned, type=Learned | None))
    day.day, day.midnight, day.open = event.day, event.midnight, True
    return day


def _close_day(day: Day, row: e.Logged, event: e.DayClosed) -> None:
    day.open = False
    for window in day.windows.values():
        if window.state != "closed":
            _shut(day, window)


def _issued(day: Day, row: e.Logged, event: e.TicketIssued) -> None:
    ticket = Ticket(
        id=event.ticket,
        number=event.number,
        seq=row.seq,
        service=event.service,
        token=event.token,
        journey=event.journey,
        issued=row.at,
        ready=row.at,
        order=event.order,
        priority=event.priority,
        appointment=event.appointment,
        agent=event.agent,
        kiosk=event.kiosk,
        person=event.person,
        note=event.note,
        training=event.training,
    )
    day.tickets[ticket.id] = ticket
    day.by_number[ticket.number] = ticket.id
    day.by_token[ticket.token] = ticket.id
    if ticket.person:
        day.by_person.setdefault(ticket.person, []).append(ticket.id)
    if ticket.kiosk:
        day.by_kiosk[ticket.kiosk] = row.at
    day.counters[event.series] = max(event.n, day.counters.get(event.series, 0))
    half = day.half_day(ticket.service, row.at)
    day.quotas[half] = day.quotas.get(half, 0) + 1
    day.queue.add(day.waiter(ticket))


def _called(day: Day, row: e.Logged, event: e.TicketCalled) -> None:
    ticket, window = _moved(day, event), day.windows[event.window]
    day.queue.called(ticket.id, window.id)
    ticket.window, ticket.only, ticket.calls = window.id, None, 1
    ticket.called = ticket.last_called = row.at
    ticket.first_called = ticket.first_called or row.at
    ticket.started, ticket.taken, ticket.handled = None, row.at, 0.0
    ticket.why, ticket.chosen = bytes(event.why), event.chosen
    window.current = ticket.id
    window.chosen += event.chosen
    window.last_ended = None
    _announced(day, window, ticket, event.call, row.at)


def _recalled(day: Day, row: e.Logged, event: e.TicketRecalled) -> None:
    ticket = _moved(day, event)
    ticket.calls += 1
    ticket.last_called = row.at
    _announced(day, day.windows[event.window], ticket, event.call, row.at)


def _announced(day: Day, window: WindowState, ticket: Ticket, call: int, at: float) -> None:
    day.call = window.call = call
    window.called, window.called_at = ticket.id, at


def _started(day: Day, row: e.Logged, event: e.TicketStarted) -> None:
    _moved(day, event).started = row.at


def _finished(day: Day, row: e.Logged, event: e.TicketFinished) -> None:
    ticket = _moved(day, event)
    _leave(day, ticket, row.at)
    window = day.windows[event.window]
    minutes = _handling(ticket, row.at)
    window.served += 1
    window.minutes += minutes
    if not ticket.training:
        day.queue.finished(ticket.service, window.id, minutes, event.outcome)


def _missed(day: Day, row: e.Logged, event: e.TicketMissed) -> None:
    ticket = _moved(day, event)
    _leave(day, ticket, row.at)
    day.missed[ticket.id] = None
    day.queue.finished(ticket.service, event.window, 0.0, "no-show")


def _handling(ticket: Ticket, until: float) -> float:
    """Minutes that the window had the ticket in hand; a clock that went back took none away."""
    return (ticket.handled + max(0.0, until - ticket.taken)) / 60.0


def _leave(day: Day, ticket: Ticket, at: float) -> None:
    """The ticket ends at its window, for now: an undo may bring it back."""
    window = day.windows[ticket.window or ""]
    ticket.ended = at
    window.current, window.last_ended, window.idle_since = None, (ticket.id, at), at


def _reopened(day: Day, row: e.Logged, event: e.TicketReopened) -> None:
    was = day.tickets[event.ticket].state
    ticket, window = _moved(day, event), day.windows[event.window]
    if was is TicketState.MISSED:
        day.missed.pop(ticket.id, None)
    else:
        window.served -= 1
        window.minutes -= _handling(ticket, ticket.ended or 0.0)
    ticket.ended, window.current, window.last_ended = None, ticket.id, None


def _restored(day: Day, row: e.Logged, event: e.TicketRestored) -> None:
    ticket = _moved(day, event)
    day.missed.pop(ticket.id, None)
    ticket.restored += 1
    ticket.ended = None
    _wait(day, ticket, row.at, event.order)


def _transferred(day: Day, row: e.Logged, event: e.TicketTransferred) -> None:
    ticket = day.tickets[event.ticket]
    if ticket.state is TicketState.WAITING:
        day.queue.remove(ticket.id)
    _moved(day, event)
    _free(day, ticket, row.at)
    if event.back_to != ticket.back_to:
        ticket.back_to, ticket.back_for = event.back_to, ticket.service
    ticket.service, ticket.only = event.service, event.to
    ticket.note = event.note or ticket.note
    _wait(day, ticket, row.at, event.order)


def _wait(day: Day, ticket: Ticket, at: float, order: float) -> None:
    ticket.order, ticket.ready, ticket.calls = order, at, 0
    day.queue.add(day.waiter(ticket))


def _held(day: Day, row: e.Logged, event: e.TicketHeld) -> None:
    ticket, window = _moved(day, event), day.windows[event.window]
    window.current, window.idle_since = None, row.at
    window.held.append(ticket.id)
    ticket.handled = _handling(ticket, row.at) * 60.0
    ticket.note = event.reason or ticket.note


def _resumed(day: Day, row: e.Logged, event: e.TicketResumed) -> None:
    ticket, window = _moved(day, event), day.windows[event.window]
    window.held.remove(ticket.id)
    window.current = ticket.id
    ticket.started, ticket.taken = ticket.started or row.at, row.at


def _ended(day: Day, row: e.Logged, event: e.TicketCancelled | e.TicketExpired) -> None:
    ticket = day.tickets[event.ticket]
    if ticket.state is TicketState.WAITING:
        day.queue.remove(ticket.id)
    _moved(day, event)
    _free(day, ticket, row.at)
    day.missed.pop(ticket.id, None)
    ticket.ended = row.at


def _free(day: Day, ticket: Ticket, at: float) -> None:
    """Take the ticket from whatever window has it in hand or on hold."""
    window = day.windows.get(ticket.window or "")
    if window is None:
        return
    if window.current == ticket.id:
        window.current, window.idle_since = None, at
    if ticket.id in window.held:
        window.held.remove(ticket.id)


def _granted(day: Day, row: e.Logged, event: e.PriorityGranted) -> None:
    ticket = _moved(day, event)
    day.queue.remove(ticket.id)
    ticket.priority, ticket.order = event.priority, event.order
    day.queue.add(day.waiter(ticket))


def _printed(day: Day, row: e.Logged, event: e.SlipPrinted) -> None:
    day.tickets[event.ticket].printed = event.printed


def _opened(day: Day, row: e.Logged, event: e.WindowOpened) -> None:
    window = day.windows[event.window]
    window.state, window.services, window.reason = "open", event.services, ""
    window.until, window.idle_since = event.until, row.at
    window.clerk = event.clerk or window.clerk
    day.queue.open(window.id, event.services)


def _paused(day: Day, row: e.Logged, event: e.WindowPaused) -> None:
    window = day.windows[event.window]
    window.state, window.reason = "paused", event.reason
    day.queue.close(window.id)


def _closed(day: Day, row: e.Logged, event: e.WindowClosed) -> None:
    _shut(day, day.windows[event.window])


def _shut(day: Day, window: WindowState) -> None:
    window.state, window.reason, window.clerk, window.until = "closed", "", None, None
    window.last_ended = None
    day.queue.close(window.id)


def _assigned(day: Day, row: e.Logged, event: e.ServicesAssigned) -> None:
    window = day.windows[event.window]
    window.assigned = window.services = event.services
    if window.state == "open":
        day.queue.open(window.id, event.services)


def _noticed(day: Day, row: e.Logged, event: e.NoticePosted) -> None:
    if event.text:
        day.notices[event.area] = event.text
    else:
        day.notices.pop(event.area, None)


def _moved(day: Day, event: e.Event) -> Ticket:
    """The event's ticket, after the move that the table says."""
    ticket = day.tickets[event.ticket]  # type: ignore[union-attr]
    ticket.state = move(ticket.state, type(event))
    return ticket


_TAKES: dict[type, Callable[..., None]] = {
    e.DayClosed: _close_day,
    e.TicketIssued: _issued,
    e.TicketCalled: _called,
    e.TicketRecalled: _recalled,
    e.TicketStarted: _started,
    e.TicketFinished: _finished,
    e.TicketMissed: _missed,
    e.TicketRestored: _restored,
    e.TicketTransferred: _transferred,
    e.TicketHeld: _held,
    e.TicketResumed: _resumed,
    e.TicketCancelled: _ended,
    e.TicketExpired: _ended,
    e.TicketReopened: _reopened,
    e.PriorityGranted: _granted,
    e.SlipPrinted: _printed,
    e.WindowOpened: _opened,
    e.WindowPaused: _paused,
    e.WindowClosed: _closed,
    e.ServicesAssigned: _assigned,
    e.NoticePosted: _noticed,
}
