"""Why was one called before another? The stored comparison of a call, for whoever asks."""

import msgspec

from config.hall import Text
from queue_server.engine.choice import Choice
from queue_server.engine.explain import Named, Why, clock, why
from queue_server.engine.state import Day, Ticket


def why_called(day: Day, called: str, other: str) -> Why | None:
    """Why the ticket `called` was called (last) and not `other`: ids or numbers of today.

    None when there is no such pair, or the ticket was not called by the rule. A ticket that was
    chosen by hand is told as such, with nobody's reason for it.
    """
    one, two = day.find(called), day.find(other)
    if one is None or two is None or one is two or one.called is None:
        return None
    if one.chosen:
        return Why(0, _by_hand(day, one))
    choice = msgspec.json.decode(one.why, type=Choice | None)
    if choice is None:
        return None
    return why(choice, day.waiter(two), {t.id: _named(day, t) for t in (one, two)})


def _by_hand(day: Day, ticket: Ticket) -> Text:
    at = clock(day.minutes(ticket.called or 0.0))
    return {
        "zh": f"{ticket.number} 于 {at} 由负责人特呼,已登记原因",
        "en": f"{ticket.number} was called by hand at {at}; a reason is on record",
    }


def _named(day: Day, ticket: Ticket) -> Named:
    privilege: Text = {}
    if ticket.priority is not None:
        privilege = day.hall.priority_by_id[ticket.priority].name
    elif ticket.appointment is not None:
        at = clock(day.minutes(ticket.appointment))
        privilege = {"zh": f"预约 {at}", "en": f"appointment at {at}"}
    return Named(ticket.number, day.service(ticket).name, privilege)
