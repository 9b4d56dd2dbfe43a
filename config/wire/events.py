"""What happened: the words of the log, and the few of them that everybody in the hall may hear.

An event is a fact in the past tense. The log of events is the truth: the state of a day is
nothing but its events, folded (`queue_server.engine.evolve`). Log events may carry secrets (the
token of a citizen's page) and never leave the server; what the bus carries are `Happening`s.
"""

import msgspec

NOTHING = msgspec.Raw(b"null")
"""No record. (msgspec cannot decode ``Raw | None``.)"""


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """Base of all log events."""


class DayOpened(Fact, frozen=True, kw_only=True, tag="DayOpened"):
    """A business day began. Series start afresh; nothing of yesterday waits."""

    day: str
    midnight: float
    """Start of the hall's calendar day, seconds since the epoch: the zero of order times."""
    learned: msgspec.Raw = NOTHING
    """What earlier days taught about handling times, so that a replay begins where they ended."""


class DayClosed(Fact, frozen=True, kw_only=True, tag="DayClosed"):
    day: str


class TicketIssued(Fact, frozen=True, kw_only=True, tag="TicketIssued"):
    ticket: str
    number: str
    series: str
    n: int
    service: str
    token: str
    journey: str
    order: float
    """Order time, minutes after the day's midnight (`engine.order`)."""
    kiosk: str | None = None
    item: str | None = None
    priority: str | None = None
    appointment: float | None = None
    agent: bool = False
    assistance: str | None = None
    language: str | None = None
    person: str | None = None
    note: str = ""
    training: bool = False
    ahead: int = 0
    low: int | None = None
    high: int | None = None


class TicketCalled(Fact, frozen=True, kw_only=True, tag="TicketCalled"):
    """A ticket was called to a window; `why` is the comparison it was chosen by."""

    ticket: str
    window: str
    service: str
    call: int
    """Running number of calls of the day; displays announce each once."""
    why: msgspec.Raw = NOTHING
    chosen: bool = False
    reason: str = ""


class TicketRecalled(Fact, frozen=True, kw_only=True, tag="TicketRecalled"):
    ticket: str
    window: str
    service: str
    call: int


class TicketStarted(Fact, frozen=True, kw_only=True, tag="TicketStarted"):
    ticket: str
    window: str


class TicketFinished(Fact, frozen=True, kw_only=True, tag="TicketFinished"):
    ticket: str
    window: str
    outcome: str
    note: str = ""


class TicketMissed(Fact, frozen=True, kw_only=True, tag="TicketMissed"):
    """Called and did not come (过号)."""

    ticket: str
    window: str


class TicketRestored(Fact, frozen=True, kw_only=True, tag="TicketRestored"):
    ticket: str
    order: float
    reason: str = ""


class TicketTransferred(Fact, frozen=True, kw_only=True, tag="TicketTransferred"):
    ticket: str
    window: str
    service: str
    to: str | None = None
    """Only this window may call it; None is any that offers the service."""
    order: float
    note: str = ""
    back_to: str | None = None


class TicketHeld(Fact, frozen=True, kw_only=True, tag="TicketHeld"):
    ticket: str
    window: str
    reason: str = ""


class TicketResumed(Fact, frozen=True, kw_only=True, tag="TicketResumed"):
    ticket: str
    window: str


class TicketCancelled(Fact, frozen=True, kw_only=True, tag="TicketCancelled"):
    ticket: str
    reason: str = ""


class TicketExpired(Fact, frozen=True, kw_only=True, tag="TicketExpired"):
    """Nobody came to its turn before the day ended."""

    ticket: str


class TicketReopened(Fact, frozen=True, kw_only=True, tag="TicketReopened"):
    """A finish or a no-show was taken back within seconds."""

    ticket: str
    window: str


class PriorityGranted(Fact, frozen=True, kw_only=True, tag="PriorityGranted"):
    ticket: str
    priority: str
    order: float
    reason: str


class SlipPrinted(Fact, frozen=True, kw_only=True, tag="SlipPrinted"):
    ticket: str
    printed: bool
    reason: str = ""
    reprint: bool = False


class WindowOpened(Fact, frozen=True, kw_only=True, tag="WindowOpened"):
    window: str
    services: tuple[str, ...]
    clerk: str | None = None
    until: float | None = None


class WindowPaused(Fact, frozen=True, kw_only=True, tag="WindowPaused"):
    window: str
    reason: str = ""


class WindowClosed(Fact, frozen=True, kw_only=True, tag="WindowClosed"):
    window: str


class ServicesAssigned(Fact, frozen=True, kw_only=True, tag="ServicesAssigned"):
    window: str
    services: tuple[str, ...]


class NoticePosted(Fact, frozen=True, kw_only=True, tag="NoticePosted"):
    text: str
    area: str | None = None


Event = (
    DayOpened
    | DayClosed
    | TicketIssued
    | TicketCalled
    | TicketRecalled
    | TicketStarted
    | TicketFinished
    | TicketMissed
    | TicketRestored
    | TicketTransferred
    | TicketHeld
    | TicketResumed
    | TicketCancelled
    | TicketExpired
    | TicketReopened
    | PriorityGranted
    | SlipPrinted
    | WindowOpened
    | WindowPaused
    | WindowClosed
    | ServicesAssigned
    | NoticePosted
)


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the log: an event with its place, time and cause."""

    seq: int
    at: float
    """Seconds since the epoch, by the server's clock."""
    day: str
    command: str
    by: str
    """Role and name of whoever asked, such as ``clerk:W3``; never a person's name."""
    event: Event


class Called(msgspec.Struct, frozen=True, kw_only=True, tag="called", tag_field="what"):
    """Somebody is called. Displays flash it, speakers say it; each `call` once."""

    call: int
    number: str
    window: str
    label: str
    """Number over the window."""
    zone: str
    service: str
    areas: tuple[str, ...]
    again: bool = False


class Answered(msgspec.Struct, frozen=True, kw_only=True, tag="answered", tag_field="what"):
    """A call is over: the person came, did not come, or went elsewhere."""

    number: str
    window: str
    missed: bool = False


class WindowChanged(msgspec.Struct, frozen=True, kw_only=True, tag="window", tag_field="what"):
    """A window opened, paused, closed or offers something else."""

    window: str
    state: str
    """``open``, ``paused``, ``closed``; ``services`` if only what it offers has changed."""


class DayChanged(msgspec.Struct, frozen=True, kw_only=True, tag="day", tag_field="what"):
    """The business day changed: boards clear once."""

    day: str
    open: bool


News = Called | Answered | WindowChanged | DayChanged


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """What the bus carries of the log, in order. A gap in `seq` or a new `epoch` means: look at
    the retained state again."""

    epoch: str
    seq: int
    at: float
    news: News
