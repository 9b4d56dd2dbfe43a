"""A day read off its log: who waited how long for what, and when the windows were open."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from config.wire import events as e
from config.wire.events import Logged

OPEN = float("inf")
"""End of a stretch that goes on."""


class Passage(msgspec.Struct):
    """One wait of one ticket at one stage, with what followed."""

    ticket: str
    number: str
    service: str
    ready: float
    privileged: bool
    order: float
    slot: float | None = None
    """Booked time."""
    low: int | None = None
    high: int | None = None
    called: float | None = None
    started: float | None = None
    window: str | None = None
    ended: float | None = None
    missed: bool = False
    returned: bool = False
    """Joined the line again, after a no-show or by a transfer."""
    skips: int = 0
    """How often an ordinary one who came later was called at a window that could have called it."""
    overtaken: float = 0.0
    """By how many minutes the latest of those came later."""

    @property
    def wait(self) -> float:
        return 0.0 if self.called is None else self.called - self.ready


class Stretch(msgspec.Struct):
    """A window was open, or paused, from one minute to another."""

    start: float
    end: float
    services: tuple[str, ...] = ()
    paused: bool = False


class Record(msgspec.Struct):
    """A day as it can be read off its log; minutes since midnight."""

    day: str
    passages: list[Passage]
    windows: dict[str, list[Stretch]]


def read(rows: Iterable[Logged]) -> Record:
    """Read a day's log, in order."""
    reader = _Reader()
    for row in rows:
        reader.take(row)
    return reader.record()


class _Reader:
    """Follows the log and keeps who waits, to see who is passed over."""

    def __init__(self) -> None:
        self.day = ""
        self.midnight = 0.0
        self.passages: list[Passage] = []
        self.waiting: dict[str, Passage] = {}
        self.current: dict[str, Passage] = {}
        self.last: dict[str, Passage] = {}
        self.issued: dict[str, e.TicketIssued] = {}
        self.windows: dict[str, list[Stretch]] = defaultdict(list)
        self.now = 0.0

    def take(self, row: Logged) -> None:
        self.now = (row.at - self.midnight) / 60.0
        event = row.event
        match event:
            case e.DayOpened(day=day, midnight=midnight):
                self.day, self.midnight = day, midnight
            case e.DayClosed():
                for window in self.windows:
                    self._stop(window)
            case e.WindowOpened() | e.WindowPaused() | e.WindowClosed() | e.ServicesAssigned():
                self._window(event)
            case _:
                self._ticket(event)

    def _ticket(self, event: e.Event) -> None:
        match event:
            case e.TicketIssued():
                self._issued(event)
            case e.TicketCalled(ticket=ticket, window=window, chosen=chosen):
                self._called(ticket, window, chosen=chosen)
            case e.TicketStarted(ticket=ticket):
                self.current[ticket].started = self.now
            case e.TicketRestored(ticket=ticket, order=order):
                self._join(ticket, self.issued[ticket].service, order).returned = True
            case e.TicketTransferred(ticket=ticket, service=service, order=order):
                self._end(ticket)
                self._join(ticket, service, order).returned = True
            case e.PriorityGranted(ticket=ticket, order=order):
                self.waiting[ticket].privileged, self.waiting[ticket].order = True, order
            case e.TicketReopened(ticket=ticket):
                self.current[ticket] = self.last[ticket]
                self.last[ticket].ended, self.last[ticket].missed = None, False
            case e.TicketMissed(ticket=ticket):
                self._end(ticket, missed=True)
            case e.TicketFinished() | e.TicketHeld() | e.TicketCancelled() | e.TicketExpired():
                self._end(event.ticket)

    def record(self) -> Record:
        for window in self.windows:
            self._stop(window)
        return Record(self.day, self.passages, dict(self.windows))

    def _issued(self, event: e.TicketIssued) -> None:
        self.issued[event.ticket] = event
        passage = self._join(event.ticket, event.service, event.order)
        passage.low, passage.high = event.low, event.high

    def _join(self, ticket: str, service: str, order: float) -> Passage:
        issued = self.issued[ticket]
        privileged = issued.priority is not None or issued.appointment is not None
        passage = Passage(ticket, issued.number, service, self.now, privileged, order)
        if issued.appointment is not None:
            passage.slot = (issued.appointment - self.midnight) / 60.0
        self.waiting[ticket] = self.last[ticket] = passage
        self.passages.append(passage)
        return passage

    def _window(
        self, event: e.WindowOpened | e.WindowPaused | e.WindowClosed | e.ServicesAssigned
    ) -> None:
        match event:
            case e.WindowOpened(window=window, services=services):
                self._stretch(window, services)
            case e.ServicesAssigned(window=window, services=services) if self._is_open(window):
                self._stretch(window, services)
            case e.WindowPaused(window=window):
                self._stretch(window, (), paused=True)
            case e.WindowClosed(window=window):
                self._stop(window)

    def _called(self, ticket: str, window: str, *, chosen: bool) -> None:
        passage = self.waiting.pop(ticket)
        passage.called, passage.window = self.now, window
        self.current[ticket] = passage
        if passage.privileged or passage.returned or chosen or not self._is_open(window):
            return
        services = self.windows[window][-1].services
        for other in self.waiting.values():
            ordinary = not (other.privileged or other.returned)
            if ordinary and other.ready < passage.ready and other.service in services:
                other.skips += 1
                other.overtaken = max(other.overtaken, passage.ready - other.ready)

    def _end(self, ticket: str, *, missed: bool = False) -> None:
        self.waiting.pop(ticket, None)
        passage = self.current.pop(ticket, None)
        if passage is not None:
            passage.ended, passage.missed = self.now, missed

    def _is_open(self, window: str) -> bool:
        stretches = self.windows[window]
        return bool(stretches) and stretches[-1].end == OPEN and not stretches[-1].paused

    def _stretch(self, window: str, services: tuple[str, ...], *, paused: bool = False) -> None:
        self._stop(window)
        self.windows[window].append(Stretch(self.now, OPEN, services, paused))

    def _stop(self, window: str) -> None:
        stretches = self.windows[window]
        if stretches and stretches[-1].end == OPEN:
            stretches[-1].end = self.now
