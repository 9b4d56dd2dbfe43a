"""What anybody may ask of the queue server: one vocabulary for the bus and for HTTP.

A command is an imperative with an id made by whoever asks. The id is the promise: the same id is
answered with the same reply for ever, so a lost answer is asked for again by sending the same
command again.
"""

from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:@-]+$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Note = Annotated[str, msgspec.Meta(max_length=200)]


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """Base of all commands."""

    id: Id
    client: Id | None = None
    """Who asks, and on the bus the last word of the reply topic."""


class IssueTicket(Ask, frozen=True, kw_only=True, tag="IssueTicket"):
    """Give out one number for `service` (or for the service of `item`)."""

    service: Id | None = None
    item: Id | None = None
    kiosk: Id | None = None
    priority: Id | None = None
    """Priority class of the hall file."""
    appointment: float | None = None
    """Booked time, seconds since the epoch."""
    agent: bool = False
    """The person acts for somebody else."""
    assistance: Id | None = None
    language: Id | None = None
    note: Note = ""
    training: bool = False
    person: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """Keyed hash of a card; never a number, never shown, never published."""


class CallNext(Ask, frozen=True, kw_only=True, tag="CallNext"):
    """Call whoever the rules say is next for `window`."""

    window: Id


class CallTicket(Ask, frozen=True, kw_only=True, tag="CallTicket"):
    """Call one chosen ticket, with a reason; limited and logged."""

    window: Id
    ticket: Id
    """Ticket id, or the number as printed."""
    reason: Note


class RecallTicket(Ask, frozen=True, kw_only=True, tag="RecallTicket"):
    """Call the window's present ticket again; limited in number and spacing."""

    window: Id


class StartTicket(Ask, frozen=True, kw_only=True, tag="StartTicket"):
    """The person has arrived at the window."""

    window: Id


class FinishTicket(Ask, frozen=True, kw_only=True, tag="FinishTicket"):
    """The window is done with its present ticket."""

    window: Id
    outcome: Id = "done"
    note: Note = ""


class MarkNoShow(Ask, frozen=True, kw_only=True, tag="MarkNoShow"):
    """The person called did not come; allowed after enough calls and seconds."""

    window: Id


class RestoreTicket(Ask, frozen=True, kw_only=True, tag="RestoreTicket"):
    """A no-show came back and waits again, at the place the rules document."""

    ticket: Id
    reason: Note = ""


class TransferTicket(Ask, frozen=True, kw_only=True, tag="TransferTicket"):
    """Hand the window's present ticket to a service, or to one window."""

    window: Id
    service: Id | None = None
    to: Id | None = None
    place: Annotated[str, msgspec.Meta(pattern="^(keep|front|back)$")] | None = None
    note: Note = ""
    back: bool = False
    """Come back to this window when the other is done."""


class HoldTicket(Ask, frozen=True, kw_only=True, tag="HoldTicket"):
    """Put the present ticket aside at this window (a copy to fetch, a form to fill)."""

    window: Id
    reason: Note = ""


class ResumeTicket(Ask, frozen=True, kw_only=True, tag="ResumeTicket"):
    """Take a held ticket up again at its window."""

    window: Id
    ticket: Id


class CancelTicket(Ask, frozen=True, kw_only=True, tag="CancelTicket"):
    """The person leaves, or the ticket was taken by mistake."""

    ticket: Id
    reason: Note = ""


class UndoLast(Ask, frozen=True, kw_only=True, tag="UndoLast"):
    """Take back a finish or a no-show within a few seconds."""

    window: Id


class GrantPriority(Ask, frozen=True, kw_only=True, tag="GrantPriority"):
    """Put a waiting ticket into a priority class, with the reason seen."""

    ticket: Id
    priority: Id
    reason: Note


class OpenWindow(Ask, frozen=True, kw_only=True, tag="OpenWindow"):
    """Open a window, or come back from a pause."""

    window: Id
    clerk: Name | None = None
    services: tuple[Id, ...] | None = None
    """Offer these for now; None offers what the hall file and the roster say."""
    until: float | None = None
    """Close by itself at this time (emergency windows), seconds since the epoch."""


class PauseWindow(Ask, frozen=True, kw_only=True, tag="PauseWindow"):
    """Stop calling for a while; the present ticket stays."""

    window: Id
    reason: Note = ""


class CloseWindow(Ask, frozen=True, kw_only=True, tag="CloseWindow"):
    """Close a window; refused while it still serves somebody."""

    window: Id


class AssignServices(Ask, frozen=True, kw_only=True, tag="AssignServices"):
    """Change what a window offers while it runs; nobody waiting loses their place."""

    window: Id
    services: tuple[Id, ...]


class ReportPrint(Ask, frozen=True, kw_only=True, tag="ReportPrint"):
    """How the slip of a ticket came out."""

    ticket: Id
    printed: bool
    reason: Note = ""
    reprint: bool = False


class PostNotice(Ask, frozen=True, kw_only=True, tag="PostNotice"):
    """Show a text on the boards (empty takes it away)."""

    text: Note
    area: Id | None = None


class OpenDay(Ask, frozen=True, kw_only=True, tag="OpenDay"):
    """Begin a business day; sent by the clock, once."""

    day: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class CloseDay(Ask, frozen=True, kw_only=True, tag="CloseDay"):
    """End the business day: whoever still waits is closed as expired."""

    day: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


Command = (
    IssueTicket
    | CallNext
    | CallTicket
    | RecallTicket
    | StartTicket
    | FinishTicket
    | MarkNoShow
    | RestoreTicket
    | TransferTicket
    | HoldTicket
    | ResumeTicket
    | CancelTicket
    | UndoLast
    | GrantPriority
    | OpenWindow
    | PauseWindow
    | CloseWindow
    | AssignServices
    | ReportPrint
    | PostNotice
    | OpenDay
    | CloseDay
)


ERRORS: dict[str, str] = {
    "malformed": "the text is not a command: not JSON, a wrong type, an unknown kind or key",
    "too-large": "a command has at most 16 KiB",
    "forbidden": "the role of whoever asks does not allow this command here",
    "no-such-service": "the hall has no such service",
    "no-such-item": "the hall has no such item",
    "no-such-window": "the hall has no such window",
    "no-such-ticket": "no such ticket today",
    "no-such-priority": "the hall has no such priority class",
    "no-such-area": "the hall has no such waiting area",
    "service-closed": "nobody can be served here now: outside hours, or not offered to the public",
    "quota-reached": "the numbers of this half day are given out",
    "series-full": "the numbers of this series are used up",
    "nobody-waiting": "nobody waits for what this window offers",
    "window-closed": "the window is not open",
    "window-paused": "the window is paused",
    "window-busy": "the window still has a ticket; finish, hold or transfer it first",
    "window-idle": "the window has no ticket",
    "not-callable": "nobody is ever called to a back-office position",
    "already-called": "the ticket is at another window",
    "not-waiting": "the ticket does not wait",
    "not-missed": "the ticket is not on the missed list",
    "not-held": "the ticket is not held at this window",
    "not-started": "the person has not been called here, or service has not begun",
    "too-soon": "too soon after the last call",
    "hold-limit": "this window holds enough tickets",
    "restore-limit": "this ticket was restored often enough",
    "quota-chosen": "chosen calls of this window are used up for today",
    "reason-needed": "this needs a reason",
    "bad-outcome": "the hall has no such outcome",
    "bad-target": "a transfer goes to one service or one window",
    "nothing-to-undo": "nothing to take back, or too late",
    "day-closed": "the business day is closed",
    "day-open": "the business day is already open",
    "too-many": "too many tickets in a short time from one place",
    "storage-failed": "the ticket could not be stored; nothing was done",
    "internal": "the server made a mistake; nothing was done, and it is in its log",
    "unavailable": "the server is starting or stopping; ask again",
}
"""Every code a refused command can carry. The set is closed, and documented from here."""


class Refusal(msgspec.Struct, frozen=True):
    """Why a command was refused: a code of `ERRORS` and a sentence for people."""

    code: str
    message: str


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a command, as far as it has something to tell."""

    ticket: str | None = None
    number: str | None = None
    window: str | None = None
    service: str | None = None
    state: str | None = None
    """State of the ticket afterwards."""
    ahead: int | None = None
    low: int | None = None
    """Expected wait, minutes, rounded outwards to 5; left out when there is no honest figure."""
    high: int | None = None
    token: str | None = None
    """Secret of the citizen's page; on the reply to whoever issued, and nowhere else."""
    issued: float | None = None
    day: str | None = None


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to one command."""

    ok: bool
    id: str | None = None
    seq: int | None = None
    """Place in the log of the command's last event."""
    result: Result | None = None
    error: Refusal | None = None


MAX_BYTES = 16_384

_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


class BadCommandError(ValueError):
    """Bytes that are no command; `refusal` says why in the sender's words."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def read_command(body: bytes) -> Command:
    """Decode one command.

    Raises:
        BadCommandError: too large, not JSON, or not of the vocabulary.
    """
    if len(body) > MAX_BYTES:
        raise BadCommandError(Refusal("too-large", ERRORS["too-large"]))
    try:
        return _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadCommandError(Refusal("malformed", str(error)[:200])) from None
