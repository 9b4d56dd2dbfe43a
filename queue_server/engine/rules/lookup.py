"""Finding what a command names, and saying so when there is no such thing."""

from math import inf
from typing import Any

from config.hall import Window
from config.wire import commands as c
from queue_server.engine.asked import Rejected
from queue_server.engine.order import order_time
from queue_server.engine.state import Day, Ticket, WindowState


def find_ticket(day: Day, ref: str) -> Ticket:
    if (ticket := day.find(ref)) is None:
        raise Rejected("no-such-ticket")
    return ticket


def find_window(day: Day, id: str) -> WindowState:
    if (window := day.windows.get(id)) is None:
        raise Rejected("no-such-window")
    return window


def find_open_window(day: Day, id: str) -> WindowState:
    window = find_window(day, id)
    if not day.window(id).callable:
        raise Rejected("not-callable")
    if window.state != "open":
        raise Rejected(f"window-{window.state}")
    return window


def find_at_window(day: Day, id: str) -> tuple[WindowState, Ticket]:
    """The window and the ticket in its hand; a paused window may still finish that one."""
    window = find_window(day, id)
    if (ticket := day.current(id)) is None:
        raise Rejected("window-idle")
    return window, ticket


def is_callable(day: Day, window: str) -> bool:
    spec: Window | None = day.hall.window_by_id.get(window)
    return spec is not None and spec.callable


def known_services(day: Day, services: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """`services`, each once."""
    for service in services or ():
        if service not in day.hall.service_by_id:
            raise Rejected("no-such-service")
    return None if services is None else tuple(dict.fromkeys(services))


def elapsed(now: float, since: float | None) -> float:
    """Seconds since `since`. For ever if the clock went back behind it: nobody has to wait until
    it has caught up."""
    return inf if since is None or now < since else now - since


def about(day: Day, ticket: Ticket, **more: Any) -> c.Result:
    known = {"window": ticket.window, "service": ticket.service, "state": ticket.state}
    return c.Result(ticket=ticket.id, number=ticket.number, **{**known, **more})


def order_of(
    day: Day,
    joining: float,
    *,
    issued: float | None = None,
    priority: str | None = None,
    appointment: float | None = None,
    returned: bool = False,
) -> float:
    """Order time in minutes of the day, as is `joining`; the other times in seconds since the
    epoch."""
    return order_time(
        day.hall.rules.dispatch,
        ready=joining,
        issued=None if issued is None else day.minutes(issued),
        head_start=day.hall.priority_by_id[priority].head_start if priority else 0.0,
        appointment=None if appointment is None else day.minutes(appointment),
        returned=returned,
    )
