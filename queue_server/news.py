"""What of the log everybody may hear: rows become news, without secrets and without reasons."""

from config.hall import Hall
from config.wire import events as e


def number_of(ticket: str) -> str:
    """The printed number in a ticket id (``20261123-A012`` is A012)."""
    return ticket.partition("-")[2]


def happening(hall: Hall, epoch: str, row: e.Logged) -> e.Happening | None:
    """What the bus carries of one row; None for what is nobody's business."""
    news = _news(hall, row.event)
    return None if news is None else e.Happening(epoch=epoch, seq=row.seq, at=row.at, news=news)


def _news(hall: Hall, event: e.Event) -> e.News | None:
    match event:
        case e.TicketCalled() | e.TicketRecalled():
            return _called(hall, event)
        case e.TicketMissed(ticket=ticket, window=window):
            return e.Answered(number=number_of(ticket), window=window, missed=True)
        case (
            e.TicketStarted(ticket=ticket, window=window)
            | e.TicketFinished(ticket=ticket, window=window)
            | e.TicketHeld(ticket=ticket, window=window)
            | e.TicketTransferred(ticket=ticket, window=window)
        ):
            return e.Answered(number=number_of(ticket), window=window)
        case e.WindowOpened(window=window):
            return e.WindowChanged(window=window, state="open")
        case e.ServicesAssigned(window=window):
            return e.WindowChanged(window=window, state="services")
        case e.WindowPaused(window=window):
            return e.WindowChanged(window=window, state="paused")
        case e.WindowClosed(window=window):
            return e.WindowChanged(window=window, state="closed")
        case e.DayOpened(day=day):
            return e.DayChanged(day=day, open=True)
        case e.DayClosed(day=day):
            return e.DayChanged(day=day, open=False)
        case _:
            return None


def _called(hall: Hall, event: e.TicketCalled | e.TicketRecalled) -> e.Called | None:
    window = hall.window_by_id.get(event.window)
    service = hall.service_by_id.get(event.service)
    if window is None or service is None:
        return None  # an old row of a hall that looked otherwise
    zones = {window.zone, service.zone}
    areas = dict.fromkeys(a for z in zones for a in hall.areas_of(hall.zone_by_id[z]))
    return e.Called(
        call=event.call,
        number=number_of(event.ticket),
        window=window.id,
        label=window.number,
        zone=window.zone,
        service=service.id,
        areas=tuple(sorted(areas)),
        again=isinstance(event, e.TicketRecalled),
    )
