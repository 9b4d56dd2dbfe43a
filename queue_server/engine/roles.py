"""Who may ask for what. Deny by default: a command that is not in the table is for nobody."""

from dataclasses import dataclass
from enum import StrEnum

from config.hall import Rules
from config.wire import commands as c


class Role(StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    """Looks at everything, changes nothing (MZ-34)."""
    GUIDE = "guide"
    CLERK = "clerk"
    KIOSK = "kiosk"
    DISPLAY = "display"
    BRIDGE = "bridge"
    """Call pads and other devices."""
    PAD = "pad"
    """One wireless pad, that speaks to the bridge and to nobody else."""
    ZIGBEE = "zigbee"
    """zigbee2mqtt, whose buttons the bridge listens to."""
    SYSTEM = "system"
    """The server's own clock; never given to anybody."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks: a role, a name for the log (an account or device, never a person's name), and
    the windows it is limited to (None is no limit)."""

    role: Role
    name: str
    windows: frozenset[str] | None = None

    def __str__(self) -> str:
        return f"{self.role}:{self.name}"


SYSTEM = Actor(Role.SYSTEM, "clock")

_LEAD = frozenset({Role.ADMIN, Role.MANAGER})
_WINDOW = _LEAD | {Role.CLERK, Role.BRIDGE}
_DESK = _LEAD | {Role.GUIDE, Role.CLERK}

ALLOWED: dict[type, frozenset[Role]] = {
    c.IssueTicket: _DESK | {Role.KIOSK, Role.BRIDGE},
    c.CallNext: _WINDOW | {Role.SYSTEM},
    c.CallTicket: _WINDOW,
    c.RecallTicket: _WINDOW,
    c.StartTicket: _WINDOW,
    c.FinishTicket: _WINDOW,
    c.MarkNoShow: _WINDOW,
    c.RestoreTicket: _DESK,
    c.TransferTicket: _WINDOW,
    c.HoldTicket: _WINDOW,
    c.ResumeTicket: _WINDOW,
    c.CancelTicket: _DESK | {Role.KIOSK},
    c.UndoLast: _WINDOW,
    c.GrantPriority: _LEAD | {Role.GUIDE},
    c.OpenWindow: _WINDOW | {Role.SYSTEM},
    c.PauseWindow: _WINDOW,
    c.CloseWindow: _WINDOW | {Role.SYSTEM},
    c.AssignServices: _LEAD,
    c.ReportPrint: _LEAD | {Role.GUIDE, Role.KIOSK},
    c.PostNotice: _LEAD,
    c.OpenDay: frozenset({Role.ADMIN, Role.SYSTEM}),
    c.CloseDay: frozenset({Role.ADMIN, Role.SYSTEM}),
}


def as_device(actor: Actor) -> Actor:
    """`actor` without proof of who it is: at most a call pad, even if it says it is the server."""
    weaker = (Role.KIOSK, Role.DISPLAY, Role.SUPERVISOR, Role.PAD, Role.ZIGBEE)
    if actor.role in weaker:
        return actor
    return Actor(Role.BRIDGE, actor.name, actor.windows)


def may(actor: Actor, command: c.Command, rules: Rules) -> bool:
    """Whether `actor` may ask for `command`: by its role, and at that window."""
    if actor.role not in ALLOWED[type(command)]:
        return False
    leads_only = isinstance(command, c.CallTicket) and rules.call_chosen != "clerk"
    if leads_only and actor.role not in _LEAD:
        return False
    window = getattr(command, "window", None)
    return window is None or actor.windows is None or window in actor.windows
