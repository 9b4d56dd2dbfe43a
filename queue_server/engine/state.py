"""The state of one business day: a fold over its events, and nothing else writes it.

`Day` is changed in place by `evolve` only. Copying it for every event would cost a thousand times
the event; so the rule is kept by the floor plan instead: everybody else gets it to read.
"""

from dataclasses import dataclass, field

from config.hall import Hall, Service, Window
from queue_server.engine.dispatch import Dispatcher, Waiter
from queue_server.engine.facts import hall_facts
from queue_server.engine.pace import Learned
from queue_server.engine.transitions import TicketState


@dataclass(slots=True)
class Ticket:
    """One number of the day. Times are seconds since the epoch, `order` is minutes of the day."""

    id: str
    number: str
    seq: int
    """Place in the log; breaks ties for ever."""
    service: str
    token: str
    journey: str
    issued: float
    ready: float
    """When it last joined the waiting people."""
    order: float
    state: TicketState = TicketState.WAITING
    window: str | None = None
    """The window it is at, or was last."""
    only: str | None = None
    """The one window that may call it."""
    back_to: str | None = None
    """The window that lent it and gets it back, for the service `back_for`."""
    back_for: str | None = None
    priority: str | None = None
    appointment: float | None = None
    agent: bool = False
    kiosk: str | None = None
    person: str | None = None
    note: str = ""
    training: bool = False
    calls: int = 0
    """Times called at the present window."""
    first_called: float | None = None
    """First call of this stage: the end of the wait that reports count."""
    called: float | None = None
    """First call at the present window."""
    last_called: float | None = None
    taken: float = 0.0
    """Since when the present window has it in hand: called, or resumed."""
    handled: float = 0.0
    """Seconds that the present window had it in hand before it was held."""
    started: float | None = None
    ended: float | None = None
    why: bytes = b"null"
    """The comparison of its last call (`choice.Choice`)."""
    chosen: bool = False
    """Its last call was made by hand."""
    restored: int = 0
    printed: bool | None = None


@dataclass(slots=True)
class WindowState:
    """A window today."""

    id: str
    state: str = "closed"
    """``closed``, ``open`` or ``paused``."""
    services: tuple[str, ...] = ()
    assigned: tuple[str, ...] | None = None
    """Services set by a manager for today; None follows the hall file."""
    current: str | None = None
    idle_since: float = 0.0
    """When it last had nobody in hand any more, or opened."""
    held: list[str] = field(default_factory=list)
    clerk: str | None = None
    reason: str = ""
    until: float | None = None
    last_ended: tuple[str, float] | None = None
    """Ticket and time of the last finish or no-show: what an undo takes back."""
    chosen: int = 0
    served: int = 0
    minutes: float = 0.0
    """Handling time of those served."""
    call: int = 0
    """Number of its last call, and the ticket and time of it."""
    called: str | None = None
    called_at: float = 0.0


class Day:
    """One business day of one hall."""

    def __init__(self, hall: Hall, learned: Learned | None = None) -> None:
        self.hall = hall
        self.next_hall = hall
        """The hall of the days after this one: without what the hall file has lost."""
        self.day = ""
        self.midnight = 0.0
        self.open = False
        self.seq = 0
        self.at = 0.0
        """Latest time of any event: with a clock that went back not that of the last one."""
        self.call = 0
        """Number of the last call."""
        self.tickets: dict[str, Ticket] = {}
        self.by_number: dict[str, str] = {}
        self.by_token: dict[str, str] = {}
        self.by_person: dict[str, list[str]] = {}
        self.by_kiosk: dict[str, float] = {}
        """Kiosk -> when it last issued a ticket."""
        self.counters: dict[str, int] = {}
        self.quotas: dict[tuple[str, bool], int] = {}
        """Tickets issued by `half_day`."""
        self.windows = {w.id: WindowState(w.id) for w in hall.windows}
        self.missed: dict[str, None] = {}
        self.notices: dict[str | None, str] = {}
        self.queue = Dispatcher(hall_facts(hall), hall.rules.dispatch, learned)

    def minutes(self, at: float) -> float:
        """Minutes of this day at `at` (seconds since the epoch)."""
        return (at - self.midnight) / 60.0

    def joining(self, now: float) -> float:
        """Minutes of the day at which somebody joins who comes at `now`: never before those who
        came earlier, even if the clock went back since."""
        return self.minutes(max(now, self.at))

    def half_day(self, service: str, at: float) -> tuple[str, bool]:
        """What a quota counts by: the service, and whether it is before noon."""
        return service, self.minutes(at) % 1440 < 720

    def is_quota_reached(self, service: Service, at: float) -> bool:
        """Whether the numbers of this half day are given out."""
        issued = self.quotas.get(self.half_day(service.id, at), 0)
        return service.quota is not None and issued >= service.quota

    def find(self, ref: str) -> Ticket | None:
        """The ticket with this id, or with this number today."""
        return self.tickets.get(ref) or self.tickets.get(self.by_number.get(ref.upper(), ""))

    def current(self, window: str) -> Ticket | None:
        """The ticket that is at `window` now."""
        id = self.windows[window].current
        return None if id is None else self.tickets[id]

    def service(self, ticket: Ticket) -> Service:
        return self.hall.service_by_id[ticket.service]

    def window(self, id: str) -> Window:
        return self.hall.window_by_id[id]

    def waiter(self, ticket: Ticket) -> Waiter:
        """The ticket as the dispatcher sees it."""
        return Waiter(
            id=ticket.id,
            service=ticket.service,
            order=ticket.order,
            seq=ticket.seq,
            ready=self.minutes(ticket.ready),
            priority=ticket.priority is not None or ticket.appointment is not None,
            window=ticket.only,
        )
