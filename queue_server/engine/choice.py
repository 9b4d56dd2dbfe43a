"""A call and the comparison it was made from, as it is stored and shown to whoever asks why."""

from enum import IntEnum

import msgspec

Place = tuple[float, int, str]
"""Order time, sequence, ticket: what a line is sorted by."""


class Waiter(msgspec.Struct, frozen=True):
    """A waiting ticket as the dispatcher sees it. Times in minutes since midnight."""

    id: str
    service: str
    order: float
    """Order time: ticket time moved back by privileges (`order.order_time`)."""
    seq: int
    """Breaks ties; from the server's sequence."""
    ready: float
    """When it joined the waiting set."""
    priority: bool = False
    """Privileged: counts for the limit of privileged calls in a row."""
    window: str | None = None
    """The only window that may take it; None is any that serves its service."""

    @property
    def line(self) -> str:
        return self.service if self.window is None else f"{self.service}@{self.window}"

    @property
    def place(self) -> Place:
        return (self.order, self.seq, self.id)


class Head(msgspec.Struct, frozen=True):
    """The first ticket of one line, as a window that calls now sees it. Times in minutes."""

    ticket: str
    service: str
    order: float
    effective: float
    """Order time at this window: order + kappa x extra."""
    extra: float
    """Minutes more than at the best window: way on foot, slower clerk."""
    waiting: int
    """Tickets in its line."""
    minutes: float
    """Mean handling time of its service."""
    ready: float
    seq: int
    priority: bool = False
    bound: bool = False
    """Only this window may take it."""


class Reason(IntEnum):
    """Why one ticket was called and another was not: the five sentences of `explain`."""

    ABILITY = 1
    """The window cannot take the other."""
    PRIVILEGE = 2
    """A head start, or its limit: enough privileged calls in a row."""
    ORDER = 3
    """It came first."""
    BALANCE = 4
    """Both within the band; the fuller queue was helped."""
    DISTANCE = 5
    """The other would walk far or wait at a slow window; another window is better for it."""


class Choice(msgspec.Struct, frozen=True):
    """A call and the comparison it was made from; stored with the call."""

    window: str
    at: float
    waiter: Waiter
    considered: tuple[Head, ...]
    """Firsts of all lines the window could have called, the chosen one included."""
    policy: str
    band: float
    kappa: float
    limit: str = ""
    """``in-row`` or ``red-line`` when that limit decided, else empty."""

    @property
    def head(self) -> Head:
        """The chosen one among the considered."""
        return next(h for h in self.considered if h.ticket == self.waiter.id)

    def against(self, other: Head) -> Reason:
        """Return why the chosen one was called rather than `other`."""
        chosen = self.head
        if (chosen.effective, chosen.seq) > (other.effective, other.seq):
            return Reason.PRIVILEGE if self.limit == "in-row" else Reason.BALANCE
        if (chosen.order, chosen.seq) > (other.order, other.seq):
            return Reason.DISTANCE
        if chosen.priority and chosen.ready > other.ready:
            return Reason.PRIVILEGE
        return Reason.ORDER

    @property
    def rule(self) -> Reason:
        """Return the reason against the one who began to wait first and was passed over.

        ORDER when nobody was.
        """
        chosen = self.head
        others = [h for h in self.considered if h is not chosen]
        if not others:
            return Reason.ORDER
        passed = [h for h in others if (h.effective, h.seq) < (chosen.effective, chosen.seq)]
        return self.against(min(passed or others, key=lambda h: (h.ready, h.seq)))
