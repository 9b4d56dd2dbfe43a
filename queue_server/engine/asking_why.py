"""Why was one called before another? The stored comparison of a call, for whoever asks."""

import msgspec

from config.hall import Text
from queue_server.engine.choice import Choice
from queue_server.engine.explain import Named, Why, clock, why
from queue_server.engine.state import Day, Ticket
from queue_server.engine.views import board_name


def why_called(day: Day, called: str, other: str, *, discreet: bool = False) -> Why | None:
    """Why the ticket `called` was called (last) and not `other`: ids or numbers of today.

    None when there is no such pair: one is unknown, `called` never was, or `other` did not wait any
    more by then. A ticket that was chosen by hand is told as such, with nobody's reason for it.
    `discreet` is for the holder of `other`: not what privilege somebody has, and the names of
    services as they stand on boards.
    """
    one, two = day.find(called), day.find(other)
    if one is None or two is None or one is two or one.called is None:
        return None
    if _was_over(two, one.called):
        return None
    if one.chosen:
        return Why(0, _by_hand(day, one))
    choice = msgspec.json.decode(one.why, type=Choice | None)
    if choice is None:
        return None
    names = {one.id: _named(day, one, discreet), two.id: _named(day, two, discreet)}
    return why(choice, day.waiter(two), names, day.window(choice.window).number)


def _was_over(ticket: Ticket, at: float) -> bool:
    """Whether the ticket's present wait had ended by `at`, by a call or otherwise."""
    ends = [end for end in (ticket.called, ticket.ended) if end is not None and end >= ticket.ready]
    return bool(ends) and min(ends) <= at


def _by_hand(day: Day, ticket: Ticket) -> Text:
    at = clock(day.minutes(ticket.called or 0.0))
    return {
        "zh": f"{ticket.number} 于 {at} 由负责人特呼，已登记原因",
        "en": f"{ticket.number} was called by hand at {at}; a reason is on record",
    }


def _named(day: Day, ticket: Ticket, discreet: bool) -> Named:
    service = day.service(ticket)
    if discreet:
        return Named(ticket.number, board_name(service), discreet=day.waiter(ticket).priority)
    privilege: Text = {}
    if ticket.priority is not None:
        known = day.hall.priority_by_id.get(ticket.priority)
        privilege = {"zh": ticket.priority} if known is None else known.name
    elif ticket.appointment is not None:
        at = clock(day.minutes(ticket.appointment))
        privilege = {"zh": f"预约 {at}", "en": f"appointment at {at}"}
    return Named(ticket.number, service.name, privilege)
