"""The words of the kiosk: what it knows, what can happen to it, what it wants done.

Everything here is frozen data. `kiosk.flow` turns one state and one input into the next state
and some effects; `kiosk.scene` turns a state into what is on the screen.

Two clocks: ``at`` is seconds of a clock that never jumps (time-outs, debounce); `Tick.wall` is
the time of day (the clock in the header, opening hours), which may jump when a box without a
battery finds a time server.
"""

from enum import StrEnum

import msgspec

from config.wire.commands import Command, Reply
from config.wire.views import KioskView


class _Data(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all of them: read-only."""


class Printer(StrEnum):
    """How the kiosk's printer is. SILENT never counts as fine, and never blocks either: the
    number is then shown on the screen when the slip does not come."""

    NONE = "none"
    OK = "ok"
    LOW = "low"
    OUT = "out"
    COVER = "cover"
    FAULT = "fault"
    SILENT = "silent"


CANNOT_PRINT = frozenset({Printer.OUT, Printer.COVER, Printer.FAULT})


class Ticket(_Data, frozen=True, kw_only=True):
    """A ticket that exists on the server, as far as its slip and the screen need it."""

    id: str
    ticket: str
    """The server's id; `id` is the one it was asked for by."""
    number: str
    service: str
    language: str
    item: str | None = None
    ahead: int | None = None
    low: int | None = None
    high: int | None = None
    token: str | None = None
    issued: float = 0.0


# Screens -----------------------------------------------------------------------------------


class Starting(_Data, frozen=True, kw_only=True):
    """Switched on; has not heard from the server yet."""


class Home(_Data, frozen=True, kw_only=True):
    pass


class Zones(_Data, frozen=True, kw_only=True):
    page: int = 0


class Services(_Data, frozen=True, kw_only=True):
    zone: str
    page: int = 0


class Search(_Data, frozen=True, kw_only=True):
    query: str = ""
    page: int = 0


class Confirm(_Data, frozen=True, kw_only=True):
    service: str
    item: str | None = None


class Closed(_Data, frozen=True, kw_only=True):
    """A closed service was touched: says why and when."""

    service: str


class Languages(_Data, frozen=True, kw_only=True):
    pass


class Help(_Data, frozen=True, kw_only=True):
    pass


class Asking(_Data, frozen=True, kw_only=True):
    """The ticket has been asked for; nobody knows yet whether it exists."""

    id: str
    service: str
    item: str | None = None
    again: bool = False
    """It may have been printed before a restart: the slip must say so."""


class Printing(_Data, frozen=True, kw_only=True):
    ticket: Ticket
    copy: int = 0
    """How many times it was printed, or may have been, before."""


class Done(_Data, frozen=True, kw_only=True):
    ticket: Ticket


class NoSlip(_Data, frozen=True, kw_only=True):
    """The ticket exists and paper does not: the number stands on the screen with its QR code."""

    ticket: Ticket
    why: str
    """``no-printer``, ``out``, ``cover``, ``fault`` or ``silent``."""
    copy: int = 0


class Refused(_Data, frozen=True, kw_only=True):
    """The server said no; `code` is one of `config.wire.commands.ERRORS`."""

    code: str
    service: str


class OutOfService(_Data, frozen=True, kw_only=True):
    why: str
    """``out``, ``cover``, ``fault``, ``server`` or ``closed``."""


Screen = (
    Starting
    | Home
    | Zones
    | Services
    | Search
    | Confirm
    | Closed
    | Languages
    | Help
    | Asking
    | Printing
    | Done
    | NoSlip
    | Refused
    | OutOfService
)

CHOOSING = (Home, Zones, Services, Search, Confirm, Closed, Languages, Help, Refused)
"""Screens on which somebody still chooses, and no ticket is at stake."""


class State(_Data, frozen=True, kw_only=True):
    screen: Screen = Starting()
    trail: tuple[Screen, ...] = ()
    """Screens that Back goes through, oldest first."""
    at: float = 0.0
    since: float = 0.0
    """When the screen came up."""
    touched: float = 0.0
    """Last sign of somebody standing there."""
    last: "Choice | None" = None
    wall: float = 0.0
    language: str = "zh"
    large: bool = False
    """Elderly mode (大字版)."""
    low: bool = False
    """Wheelchair mode: everything to touch is in the lower half."""
    person: str | None = None
    """Keyed hash of the card that was read, until home."""
    view: KioskView | None = None
    printer: Printer = Printer.SILENT
    down: float | None = 0.0
    """Since when the server cannot be reached; None while it can."""


# What a touch may mean -----------------------------------------------------------------------


class Press(StrEnum):
    BACK = "back"
    HOME = "home"
    STAY = "stay"
    ZONES = "zones"
    SEARCH = "search"
    ERASE = "erase"
    CLEAR = "clear"
    NEXT = "next"
    PREVIOUS = "previous"
    TAKE = "take"
    REPRINT = "reprint"
    FINISH = "finish"
    LARGE = "large"
    LOW = "low"
    LANGUAGES = "languages"
    HELP = "help"


class PickZone(_Data, frozen=True, kw_only=True):
    zone: str


class PickService(_Data, frozen=True, kw_only=True):
    service: str
    item: str | None = None


class PickLanguage(_Data, frozen=True, kw_only=True):
    language: str


class Letter(_Data, frozen=True, kw_only=True):
    text: str


Choice = Press | PickZone | PickService | PickLanguage | Letter


# What can happen ----------------------------------------------------------------------------


class _Input(_Data, frozen=True, kw_only=True):
    at: float


class Tap(_Input, frozen=True, kw_only=True):
    """A touch on something that means `choice`; `id` is a fresh command id, in case."""

    choice: Choice
    id: str


class Tick(_Input, frozen=True, kw_only=True):
    wall: float


class Card(_Input, frozen=True, kw_only=True):
    """A card was read; only its keyed hash ever gets here."""

    person: str


class Viewed(_Input, frozen=True, kw_only=True):
    view: KioskView


class Line(_Input, frozen=True, kw_only=True):
    """The server can be reached, or cannot."""

    up: bool


class PrinterSaid(_Input, frozen=True, kw_only=True):
    printer: Printer


class Replied(_Input, frozen=True, kw_only=True):
    """The answer to the command `id`, however late."""

    id: str
    reply: Reply


class Printed(_Input, frozen=True, kw_only=True):
    """How the slip of the ticket asked for by `id` came out."""

    id: str
    ok: bool
    why: str = ""


class Recovered(_Input, frozen=True, kw_only=True):
    """After a restart: a request whose end is not known (`kiosk.spool`)."""

    id: str
    service: str
    language: str
    item: str | None = None
    answered: bool = False
    """The answer had come, so paper or screen may have shown the number."""
    age: float = 0.0
    """Seconds since it was asked for."""


Input = Tap | Tick | Card | Viewed | Line | PrinterSaid | Replied | Printed | Recovered


# What it wants done -------------------------------------------------------------------------


class Ask(_Data, frozen=True, kw_only=True):
    """Send a command and send it again until there is an answer. An `IssueTicket` is spooled
    first, and marked there as answered before its reply comes back as `Replied`; of the others
    nobody waits for the reply."""

    command: Command


class Print(_Data, frozen=True, kw_only=True):
    """Print the slip of a ticket."""

    ticket: Ticket
    reprint: bool = False


class Settle(_Data, frozen=True, kw_only=True):
    """The person has the slip or has seen the number: the spool may forget the request."""

    id: str


class Speak(_Data, frozen=True, kw_only=True):
    """Say a sentence of the language tables."""

    key: str
    language: str


class Beep(_Data, frozen=True, kw_only=True):
    sound: str
    """``touch``, ``good`` or ``attention``."""


class CallStaff(_Data, frozen=True, kw_only=True):
    """Somebody asks for help at this kiosk."""


Effect = Ask | Print | Settle | Speak | Beep | CallStaff
