"""One ticket of today as the guide's desk sees it."""

import msgspec

from config.hall import Text
from queue_server.engine.state import Day
from queue_server.engine.transitions import TicketState
from queue_server.engine.views import place_of


class FoundTicket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket, for staff. No token: whoever has the slip has the citizen's page."""

    ticket: str
    number: str
    state: str
    service: str
    service_name: Text
    zone: Text
    place: Text
    window: str | None = None
    ahead: int | None = None
    issued: float = 0.0
    priority: str | None = None
    agent: bool = False
    note: str = ""
    restored: int = 0
    printed: bool | None = None


def find(day: Day, ref: str) -> FoundTicket | None:
    """The ticket with this number or id today."""
    ticket = day.find(ref.strip())
    if ticket is None:
        return None
    service = day.service(ticket)
    zone = day.hall.zone_by_id[service.zone]
    waiting = ticket.state is TicketState.WAITING
    return FoundTicket(
        ticket=ticket.id,
        number=ticket.number,
        state=ticket.state.value,
        service=service.id,
        service_name=service.name,
        zone=zone.name,
        place=place_of(day.hall, zone),
        window=day.window(ticket.window).number if ticket.window else None,
        ahead=day.queue.ahead(ticket.id) if waiting else None,
        issued=ticket.issued,
        priority=ticket.priority,
        agent=ticket.agent,
        note=ticket.note,
        restored=ticket.restored,
        printed=ticket.printed,
    )
