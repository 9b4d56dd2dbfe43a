"""What a command means: the rules of the hall, without a clock, a file or a random number.

`decide` looks at the day and says which events follow, or raises `Rejected` and nothing follows.
It never changes the day. Whatever it needs of the world (the time, who asks, a secret for the
citizen's page, the expected wait) comes in with the command as `Asked`. One function a command
stands in `rules`; this file only says which.

A command that changes nothing (a window opened twice, a card that already has its ticket) is
answered and leaves no event.
"""

from collections.abc import Callable
from typing import Any

from config.wire import commands as c
from queue_server.engine.asked import Asked, Decision, Rejected
from queue_server.engine.roles import may
from queue_server.engine.rules import calls, days, moves, waiting, windows
from queue_server.engine.state import Day


def decide(day: Day, asked: Asked) -> Decision:
    """Return the events that follow from the command.

    Raises:
        Rejected: it is refused, with a code and a sentence.
    """
    command = asked.command
    if not may(asked.actor, command, day.hall.rules):
        raise Rejected("forbidden", f"{asked.actor.role} may not {type(command).__name__} here")
    if not day.open and not isinstance(command, c.OpenDay):
        raise Rejected("day-closed")
    return _RULES[type(command)](day, asked, command)


_RULES: dict[type, Callable[[Day, Asked, Any], Decision]] = {
    c.IssueTicket: waiting.issue,
    c.CallNext: calls.call_next,
    c.CallTicket: calls.call_ticket,
    c.RecallTicket: calls.recall,
    c.StartTicket: calls.start,
    c.FinishTicket: calls.finish,
    c.MarkNoShow: calls.no_show,
    c.RestoreTicket: waiting.restore,
    c.TransferTicket: moves.transfer,
    c.HoldTicket: moves.hold,
    c.ResumeTicket: moves.resume,
    c.CancelTicket: waiting.cancel,
    c.UndoLast: calls.undo,
    c.GrantPriority: waiting.grant,
    c.OpenWindow: windows.open_,
    c.PauseWindow: windows.pause,
    c.CloseWindow: windows.close,
    c.AssignServices: windows.assign,
    c.ReportPrint: waiting.report_print,
    c.PostNotice: windows.notice,
    c.OpenDay: days.open_day,
    c.CloseDay: days.close_day,
}
