"""Commands of a window about the ticket in its hand: call, recall, start, finish, no-show, undo."""

import msgspec

from config.wire import commands as c
from config.wire import events as e
from queue_server.engine.asked import Asked, Decision, Rejected
from queue_server.engine.roles import Role
from queue_server.engine.rules.lookup import (
    about,
    elapsed,
    find_at_window,
    find_open_window,
    find_ticket,
    find_window,
)
from queue_server.engine.state import Day, Ticket, WindowState
from queue_server.engine.transitions import TicketState as S


def call_next(day: Day, asked: Asked, command: c.CallNext) -> Decision:
    window = find_open_window(day, command.window)
    if window.current is not None and asked.actor.role is Role.SYSTEM:
        raise Rejected("window-busy")  # the clerk was quicker than the clock
    choice = day.queue.choose(window.id, day.minutes(asked.now))
    if choice is None:
        raise Rejected("nobody-waiting")
    why = msgspec.Raw(msgspec.json.encode(choice))
    return _call(day, window, day.tickets[choice.waiter.id], why=why)


def call_ticket(day: Day, asked: Asked, command: c.CallTicket) -> Decision:
    window, ticket = find_open_window(day, command.window), find_ticket(day, command.ticket)
    if not command.reason.strip():
        raise Rejected("reason-needed")
    if ticket.state in (S.CALLED, S.SERVING):
        at = day.window(ticket.window or "").number
        raise Rejected("already-called", f"ticket {ticket.number} is at window {at}")
    if ticket.state is not S.WAITING:
        raise Rejected("not-waiting", f"ticket {ticket.number} is {ticket.state}")
    if window.chosen >= day.hall.rules.call_chosen_quota:
        raise Rejected("quota-chosen")
    return _call(day, window, ticket, chosen=True, reason=command.reason)


def _call(
    day: Day,
    window: WindowState,
    ticket: Ticket,
    *,
    why: msgspec.Raw = e.NOTHING,
    chosen: bool = False,
    reason: str = "",
) -> Decision:
    """Call `ticket`; whoever is still at the window is done."""
    before: tuple[e.Event, ...] = ()
    if (current := day.current(window.id)) is not None:
        before = _finished(day, current, window, day.hall.rules.outcomes[0])
    called = e.TicketCalled(
        ticket=ticket.id,
        window=window.id,
        service=ticket.service,
        call=day.call + 1,
        why=why,
        chosen=chosen,
        reason=reason,
    )
    return Decision((*before, called), about(day, ticket, state=S.CALLED, window=window.id))


def recall(day: Day, asked: Asked, command: c.RecallTicket) -> Decision:
    window, ticket = find_at_window(day, command.window)
    rules = day.hall.rules
    if ticket.state is not S.CALLED:
        raise Rejected("not-started", f"ticket {ticket.number} is being served")
    if elapsed(asked.now, ticket.last_called) < rules.recall_spacing:
        raise Rejected("too-soon")
    if ticket.calls > rules.recall_limit:
        missed = e.TicketMissed(ticket=ticket.id, window=window.id)
        return Decision((missed,), about(day, ticket, state=S.MISSED))
    event = e.TicketRecalled(
        ticket=ticket.id, window=window.id, service=ticket.service, call=day.call + 1
    )
    return Decision((event,), about(day, ticket))


def start(day: Day, asked: Asked, command: c.StartTicket) -> Decision:
    window, ticket = find_at_window(day, command.window)
    if ticket.state is S.SERVING:
        return Decision((), about(day, ticket))
    event = e.TicketStarted(ticket=ticket.id, window=window.id)
    return Decision((event,), about(day, ticket, state=S.SERVING))


def finish(day: Day, asked: Asked, command: c.FinishTicket) -> Decision:
    window, ticket = find_at_window(day, command.window)
    if command.outcome not in day.hall.rules.outcomes:
        raise Rejected("bad-outcome")
    events = _finished(day, ticket, window, command.outcome, command.note)
    state = S.WAITING if isinstance(events[0], e.TicketTransferred) else S.DONE
    return Decision(events, about(day, ticket, state=state))


def _finished(
    day: Day, ticket: Ticket, window: WindowState, outcome: str, note: str = ""
) -> tuple[e.Event, ...]:
    """The end of a stage: done, or back to the window that only lent the ticket (case 29); if that
    one has closed, to any other that does the same."""
    lender = day.windows.get(ticket.back_to or "")
    if lender is None or lender is window:
        return (e.TicketFinished(ticket=ticket.id, window=window.id, outcome=outcome, note=note),)
    return (
        e.TicketTransferred(
            ticket=ticket.id,
            window=window.id,
            service=ticket.back_for or ticket.service,
            to=None if lender.state == "closed" else lender.id,
            order=ticket.order,
            note=note,
        ),
    )


def no_show(day: Day, asked: Asked, command: c.MarkNoShow) -> Decision:
    window, ticket = find_at_window(day, command.window)
    rules = day.hall.rules
    if ticket.state is not S.CALLED:
        raise Rejected("not-started", f"ticket {ticket.number} is being served")
    waited = elapsed(asked.now, ticket.called)
    if ticket.calls < rules.no_show_calls or waited < rules.no_show_seconds:
        raise Rejected(
            "too-soon",
            f"call at least {rules.no_show_calls} times and wait {rules.no_show_seconds:g} s",
        )
    event = e.TicketMissed(ticket=ticket.id, window=window.id)
    return Decision((event,), about(day, ticket, state=S.MISSED))


def undo(day: Day, asked: Asked, command: c.UndoLast) -> Decision:
    window = find_window(day, command.window)
    if window.last_ended is None or window.current is not None:
        raise Rejected("nothing-to-undo")
    id, at = window.last_ended
    ticket = day.tickets[id]
    gone = ticket.state not in (S.DONE, S.MISSED) or ticket.window != window.id
    if gone or elapsed(asked.now, at) > day.hall.rules.undo_seconds:
        raise Rejected("nothing-to-undo")
    event = e.TicketReopened(ticket=id, window=window.id)
    state = S.SERVING if ticket.state is S.DONE else S.CALLED
    return Decision((event,), about(day, ticket, state=state))
