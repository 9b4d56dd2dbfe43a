"""What `decide` gets and gives: a command with its world, and what follows from it."""

from dataclasses import dataclass

from config.wire import commands as c
from config.wire import events as e
from queue_server.engine.roles import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with everything of the world that deciding it needs."""

    command: c.Command
    now: float
    """Seconds since the epoch."""
    actor: Actor
    secret: str = ""
    """Fresh random token for the citizen's page."""
    wait: tuple[int, int] | None = None
    """Expected wait of a new ticket, minutes, rounded outwards; None when there is no figure."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from a command."""

    events: tuple[e.Event, ...]
    result: c.Result


class Rejected(Exception):  # noqa: N818 - a command is rejected, the word of the field
    """The command is refused; nothing happens. `code` is one of `commands.ERRORS`."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or c.ERRORS[code])
        self.refusal = c.Refusal(code, message or c.ERRORS[code])
