"""What each part of the hall is shown: whole states, retained on the bus, never personal.

A view is complete in itself: a display that was off for an hour is right as soon as it has read
one. `epoch` and `seq` say how new it is; an older one than the newest shown is ignored.
"""

import msgspec

from config.hall import Text


class _View(msgspec.Struct, frozen=True, kw_only=True):
    epoch: str
    seq: int
    at: float
    """When the server made it, seconds since the epoch."""
    day: str
    """Business day, YYYY-MM-DD; empty between days."""


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a board: who is called where. One row a window, newest first."""

    number: str
    window: str
    label: str
    zone: str
    service: Text
    at: float
    call: int
    state: str = "called"
    """``called`` flashes or stands, ``serving`` has arrived, ``done`` has left the window."""


class ZoneCount(msgspec.Struct, frozen=True, kw_only=True):
    """How full a zone is."""

    zone: str
    name: Text
    waiting: int
    open_windows: int
    low: int | None = None
    high: int | None = None


class BoardView(_View, frozen=True, kw_only=True):
    """What the boards of one waiting area show."""

    area: str
    name: Text
    rows: tuple[CallRow, ...] = ()
    missed: tuple[str, ...] = ()
    zones: tuple[ZoneCount, ...] = ()
    notice: str = ""
    signs: tuple[Text, ...] = ()
    """Standing priority signs."""


class WindowView(_View, frozen=True, kw_only=True):
    """What the sign over a window says."""

    window: str
    label: str
    state: str
    """``closed``, ``idle``, ``called``, ``serving`` or ``paused``."""
    number: str | None = None
    call: int = 0
    services: tuple[Text, ...] = ()
    """The group it serves now (DJ-23)."""
    waiting: int = 0
    reason: str = ""
    until: float | None = None


class ServiceChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One service as a kiosk offers it now."""

    service: str
    open: bool
    waiting: int = 0
    windows: int = 0
    low: int | None = None
    high: int | None = None
    reason: str = ""
    """Why it is closed: ``hours``, ``no-window``, ``quota``, ``day-closed``."""


class KioskView(_View, frozen=True, kw_only=True):
    """What every kiosk offers: the services open now, how many wait, how long it will take."""

    open: bool
    services: tuple[ServiceChoice, ...] = ()


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting ticket as a clerk sees it."""

    ticket: str
    number: str
    service: str
    waited: float
    """Minutes."""
    priority: bool = False
    note: str = ""


class ConsoleView(_View, frozen=True, kw_only=True):
    """What one clerk sees. Only for the console, over HTTP; it may carry notes."""

    window: str
    label: str
    state: str
    services: tuple[str, ...] = ()
    ticket: str | None = None
    number: str | None = None
    service: str | None = None
    service_name: Text = {}
    called_at: float | None = None
    started_at: float | None = None
    calls: int = 0
    mean: float = 0.0
    priority: str | None = None
    agent: bool = False
    note: str = ""
    held: tuple[Next, ...] = ()
    next: tuple[Next, ...] = ()
    waiting: int = 0
    missed: tuple[Next, ...] = ()
    reason: str = ""
    undo_until: float | None = None
    served: int = 0
    mean_today: float | None = None
    clerk: str | None = None
    """Account signed in at the window."""


class TicketView(_View, frozen=True, kw_only=True):
    """What the citizen's page shows: reached by the token alone."""

    number: str
    state: str
    service: Text
    zone: Text
    place: Text
    """Site, floor and side, in words."""
    ahead: int | None = None
    low: int | None = None
    high: int | None = None
    window: str | None = None
    issued: float = 0.0
    others: tuple[str, ...] = ()
    """Numbers called here since this one waits, newest first: one may ask why."""


class WindowInfo(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    number: str
    name: Text
    zone: str
    kind: str
    state: str
    services: tuple[str, ...] = ()
    callable: bool = True
    serving: str | None = None


class ServiceInfo(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: Text
    zone: str
    open: bool
    waiting: int


class AreaInfo(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: Text


class HallView(_View, frozen=True, kw_only=True):
    """The hall as programs see it: `GET /api/v1/hall`."""

    hall: str
    name: Text
    open: bool
    services: tuple[ServiceInfo, ...] = ()
    windows: tuple[WindowInfo, ...] = ()
    areas: tuple[AreaInfo, ...] = ()


View = BoardView | WindowView | KioskView | HallView | ConsoleView | TicketView
