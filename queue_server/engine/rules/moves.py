"""Commands that put a ticket from a window elsewhere: transfer, hold, resume."""

from config.hall import Stage
from config.wire import commands as c
from config.wire import events as e
from queue_server.engine.asked import Asked, Decision, Rejected
from queue_server.engine.rules.lookup import (
    about,
    find_at_window,
    find_ticket,
    find_window,
    is_callable,
)
from queue_server.engine.state import Day, Ticket
from queue_server.engine.transitions import TicketState as S


def transfer(day: Day, asked: Asked, command: c.TransferTicket) -> Decision:
    window, ticket = find_at_window(day, command.window)
    if (command.service is None) == (command.to is None):
        raise Rejected("bad-target")
    service = ticket.service
    if command.service is not None:
        if command.service not in day.hall.service_by_id:
            raise Rejected("no-such-service")
        if day.hall.service_by_id[command.service].stage is Stage.BACK_OFFICE:
            raise Rejected("bad-target")
        service = command.service
    elif command.to == window.id or not is_callable(day, command.to or ""):
        raise Rejected("bad-target")
    elif day.windows[command.to or ""].state == "closed":
        raise Rejected("window-closed")
    place = command.place or day.hall.rules.transfer_place
    event = e.TicketTransferred(
        ticket=ticket.id,
        window=window.id,
        service=service,
        to=command.to,
        order=_place(day, asked, ticket, service, place),
        note=command.note,
        back_to=window.id if command.back else None,
    )
    return Decision((event,), about(day, ticket, state=S.WAITING, service=service))


def _place(day: Day, asked: Asked, ticket: Ticket, service: str, place: str) -> float:
    """Order time of a ticket that joins `service` at the ``front``, at the ``back``, or keeps the
    place its first number gave it."""
    match place:
        case "back":
            return day.joining(asked.now)
        case "front":
            line = day.queue.line(service)
            first = day.tickets[line[0]].order if line else ticket.order
            return min(ticket.order, first - 0.001)
        case _:
            return ticket.order


def hold(day: Day, asked: Asked, command: c.HoldTicket) -> Decision:
    window, ticket = find_at_window(day, command.window)
    if len(window.held) >= day.hall.rules.hold_limit:
        raise Rejected("hold-limit")
    event = e.TicketHeld(ticket=ticket.id, window=window.id, reason=command.reason)
    return Decision((event,), about(day, ticket, state=S.HELD))


def resume(day: Day, asked: Asked, command: c.ResumeTicket) -> Decision:
    window, ticket = find_window(day, command.window), find_ticket(day, command.ticket)
    if ticket.id not in window.held:
        raise Rejected("not-held")
    if window.current is not None:
        raise Rejected("window-busy")
    event = e.TicketResumed(ticket=ticket.id, window=window.id)
    return Decision((event,), about(day, ticket, state=S.SERVING))
