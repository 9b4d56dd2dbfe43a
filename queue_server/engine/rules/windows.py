"""Commands about windows and boards: open, pause, close, services, notices."""

from config.wire import commands as c
from config.wire import events as e
from queue_server.engine.asked import Asked, Decision, Rejected
from queue_server.engine.offers import offered
from queue_server.engine.rules.lookup import find_window, known_services
from queue_server.engine.state import Day


def open_(day: Day, asked: Asked, command: c.OpenWindow) -> Decision:
    window = find_window(day, command.window)
    spec = day.window(window.id)
    if not spec.callable:
        raise Rejected("not-callable")
    services = known_services(day, command.services) or window.assigned
    if services is None:
        services = offered(day.hall, spec, day.day, day.minutes(asked.now))
    same = (window.services, window.until) == (services, command.until)
    result = c.Result(window=window.id, state="open")
    if window.state == "open" and same and command.clerk in (None, window.clerk):
        return Decision((), result)
    event = e.WindowOpened(
        window=window.id, services=services, clerk=command.clerk, until=command.until
    )
    return Decision((event,), result)


def pause(day: Day, asked: Asked, command: c.PauseWindow) -> Decision:
    window = find_window(day, command.window)
    result = c.Result(window=window.id, state="paused")
    if window.state == "closed":
        raise Rejected("window-closed")
    if window.state == "paused":
        return Decision((), result)
    return Decision((e.WindowPaused(window=window.id, reason=command.reason),), result)


def close(day: Day, asked: Asked, command: c.CloseWindow) -> Decision:
    """Close; whoever was held here or waited for this window alone waits for its service again,
    at the place they had."""
    window = find_window(day, command.window)
    result = c.Result(window=window.id, state="closed")
    if window.current is not None:
        raise Rejected("window-busy")
    if window.state == "closed":
        return Decision((), result)
    stranded = [*window.held, *day.queue.bound(window.id)]
    released = [
        e.TicketTransferred(
            ticket=id,
            window=window.id,
            service=day.tickets[id].service,
            order=day.tickets[id].order,
            back_to=day.tickets[id].back_to,
        )
        for id in stranded
    ]
    return Decision((*released, e.WindowClosed(window=window.id)), result)


def assign(day: Day, asked: Asked, command: c.AssignServices) -> Decision:
    window = find_window(day, command.window)
    if not day.window(window.id).callable:
        raise Rejected("not-callable")
    services = known_services(day, command.services) or ()
    event = e.ServicesAssigned(window=window.id, services=services)
    return Decision((event,), c.Result(window=window.id, state=window.state))


def notice(day: Day, asked: Asked, command: c.PostNotice) -> Decision:
    if command.area is not None and command.area not in day.hall.area_by_id:
        raise Rejected("no-such-area")
    return Decision((e.NoticePosted(text=command.text, area=command.area),), c.Result())
