"""Commands about people who wait: issue, restore, cancel, priority, slip."""

from config.hall import Service, Stage
from config.wire import commands as c
from config.wire import events as e
from queue_server.engine.asked import Asked, Decision, Rejected
from queue_server.engine.dispatch import Waiter
from queue_server.engine.offers import takes_people
from queue_server.engine.roles import Role
from queue_server.engine.rules.lookup import about, elapsed, find_ticket, order_of
from queue_server.engine.state import Day, Ticket
from queue_server.engine.transitions import ENDED
from queue_server.engine.transitions import TicketState as S


def issue(day: Day, asked: Asked, command: c.IssueTicket) -> Decision:
    service = _wanted(day, command)
    if service.stage is Stage.BACK_OFFICE:
        raise Rejected("service-closed", "nobody is ever called to a back-office service")
    if command.priority is not None and command.priority not in day.hall.priority_by_id:
        raise Rejected("no-such-priority")
    if (mine := _open_ticket(day, command.person, service)) is not None:
        return Decision((), about(day, mine, ahead=_ahead(day, mine), token=mine.token))
    if asked.actor.role is Role.KIOSK:
        _public(day, service, asked.now)
        _moderate(day, asked, command)
    if day.is_quota_reached(service, asked.now):
        raise Rejected("quota-reached")
    n, number = _number(day, service)
    return _issued(day, asked, command, service, n, number)


def _wanted(day: Day, command: c.IssueTicket) -> Service:
    """The service asked for, by itself or through an item; an unmapped item goes to the
    catch-all (BA-23)."""
    hall = day.hall
    if command.service is not None:
        if (service := hall.service_by_id.get(command.service)) is None:
            raise Rejected("no-such-service")
        return service
    if (item := hall.item_by_code.get(command.item or "")) is None:
        raise Rejected("no-such-item" if command.item else "no-such-service")
    if item.service is not None:
        return hall.service_by_id[item.service]
    for service in hall.services:
        if service.catch_all:
            return service
    raise Rejected("no-such-service", "the hall file names no catch-all service for this item")


def _open_ticket(day: Day, person: str | None, service: Service) -> Ticket | None:
    """The ticket this card already has for `service` today (cases 40)."""
    for id in day.by_person.get(person or "", ()):
        ticket = day.tickets[id]
        if ticket.service == service.id and ticket.state is S.WAITING:
            return ticket
    return None


def _public(day: Day, service: Service, now: float) -> None:
    """Refuse what a kiosk must not give out (XX-4, XX-11)."""
    if service.hidden:
        raise Rejected("service-closed", "this service is not offered at the machine")
    if not takes_people(day.hall, service, day.minutes(now)):
        raise Rejected("service-closed")


def _moderate(day: Day, asked: Asked, command: c.IssueTicket) -> None:
    """Refuse a flood: more open tickets than one card may hold, or, without a card, tickets in
    quicker succession than people can stand before one machine (F39)."""
    rules = day.hall.rules
    if command.person is not None:
        mine = (day.tickets[id] for id in day.by_person.get(command.person, ()))
        if sum(ticket.state not in ENDED for ticket in mine) >= rules.per_card:
            raise Rejected("too-many", f"this card holds {rules.per_card} open tickets already")
    elif elapsed(asked.now, day.by_kiosk.get(command.kiosk or "")) < rules.kiosk_interval:
        raise Rejected("too-many")


def _number(day: Day, service: Service) -> tuple[int, str]:
    series = day.hall.series_by_id[service.series]
    n = day.counters.get(series.id, series.first - 1) + 1
    if series.last is not None and n > series.last:
        raise Rejected("series-full")
    return n, f"{series.prefix}{n:0{series.digits}d}"


def _issued(
    day: Day, asked: Asked, command: c.IssueTicket, service: Service, n: int, number: str
) -> Decision:
    id = f"{day.day.replace('-', '')}-{number}"
    joining = day.joining(asked.now)
    order = order_of(day, joining, priority=command.priority, appointment=command.appointment)
    waiter = Waiter(id, service.id, order, day.seq + 1, joining)
    ahead = day.queue.ahead(waiter)
    low, high = asked.wait if asked.wait is not None else (None, None)
    event = e.TicketIssued(
        ticket=id,
        number=number,
        series=service.series,
        n=n,
        service=service.id,
        token=asked.secret,
        journey=id,
        order=order,
        kiosk=command.kiosk,
        item=command.item,
        priority=command.priority,
        appointment=command.appointment,
        agent=command.agent,
        assistance=command.assistance,
        language=command.language,
        person=command.person,
        note=command.note,
        training=command.training,
        ahead=ahead,
        low=low,
        high=high,
    )
    result = c.Result(
        ticket=id,
        number=number,
        service=service.id,
        state=S.WAITING,
        ahead=ahead,
        low=low,
        high=high,
        token=asked.secret,
        issued=asked.now,
        day=day.day,
    )
    return Decision((event,), result)


def restore(day: Day, asked: Asked, command: c.RestoreTicket) -> Decision:
    ticket, rules = find_ticket(day, command.ticket), day.hall.rules
    if ticket.state is not S.MISSED:
        raise Rejected("not-missed")
    if ticket.restored >= rules.restore_limit:
        raise Rejected("restore-limit")
    joining = day.joining(asked.now)
    order = order_of(day, joining, returned=True)
    match rules.restore_place:
        case "keep":
            order = ticket.order
        case "back":
            order = joining
        case _:
            order = day.queue.order_behind(ticket.service, rules.restore_after, order)
    event = e.TicketRestored(ticket=ticket.id, order=order, reason=command.reason)
    return Decision((event,), about(day, ticket, state=S.WAITING))


def cancel(day: Day, asked: Asked, command: c.CancelTicket) -> Decision:
    ticket = find_ticket(day, command.ticket)
    if ticket.state in ENDED or ticket.state is S.SERVING:
        raise Rejected("not-waiting", f"ticket {ticket.number} is {ticket.state}")
    event = e.TicketCancelled(ticket=ticket.id, reason=command.reason)
    return Decision((event,), about(day, ticket, state=S.CANCELLED))


def grant(day: Day, asked: Asked, command: c.GrantPriority) -> Decision:
    ticket = find_ticket(day, command.ticket)
    if command.priority not in day.hall.priority_by_id:
        raise Rejected("no-such-priority")
    if not command.reason.strip():
        raise Rejected("reason-needed")
    if ticket.state is not S.WAITING:
        raise Rejected("not-waiting", f"ticket {ticket.number} is {ticket.state}")
    ready = day.minutes(ticket.ready)
    order = order_of(day, ready, issued=ticket.issued, priority=command.priority)
    event = e.PriorityGranted(
        ticket=ticket.id,
        priority=command.priority,
        order=min(order, ticket.order),
        reason=command.reason,
    )
    return Decision((event,), about(day, ticket))


def report_print(day: Day, asked: Asked, command: c.ReportPrint) -> Decision:
    ticket = find_ticket(day, command.ticket)
    event = e.SlipPrinted(
        ticket=ticket.id,
        printed=command.printed,
        reason=command.reason,
        reprint=command.reprint,
    )
    return Decision((event,), about(day, ticket))


def _ahead(day: Day, ticket: Ticket) -> int:
    return day.queue.ahead(day.waiter(ticket))
