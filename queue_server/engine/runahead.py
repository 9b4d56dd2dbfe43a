"""The hall played forward: when will each waiting ticket be called?

The waiting lines are copied, each window becomes free when its present handling is likely to end,
and from there the dispatcher's own rule is played with likely handling times until the ticket in
question (or everybody) has been called.

Two things decide whether the answer is right. Handling times are not means: the first of several
windows is free sooner than the mean says. They are quantiles of a log-normal law, taken in
golden-ratio steps, so that few passes cover the law evenly and the answer is always the same. And
the hall is not closed meanwhile: people with a head start, and lines that fill up inside the band,
go first. `Join` is such a person; `estimate` makes them up from the people of the last minutes.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, cached_property
from heapq import heapify, heappop, heapreplace
from math import exp, inf, log, log2, sqrt
from statistics import NormalDist

import msgspec

from queue_server.engine.choice import Waiter
from queue_server.engine.dispatch import Dispatcher
from queue_server.engine.policies import DOUBLING, fairscale

STEPS = 256
"""Points of a quantile table."""
GOLDEN = 159
"""Golden-ratio step through a table: 256 x 0.62, odd, so that every point has its turn."""
SHORTEST = 0.2
"""Least minutes that a handling in progress still takes."""
APART = 97
"""Steps between the desks, so that not all are quick or slow at once."""
PAUSES = 0.035
"""Share of a window's open time that goes into short pauses nobody announces."""


class Desk(msgspec.Struct, frozen=True):
    """A window as the run-ahead starts. Times in minutes since midnight."""

    window: str
    service: str | None = None
    """What it handles now; None is free (or closed)."""
    since: float = 0.0
    """When that person was called."""
    opens: float | None = None
    """When a closed window is expected back; None is open now."""
    services: tuple[str, ...] | None = None
    """What it will offer when it opens; None is what the dispatcher knows."""


class Join(msgspec.Struct, frozen=True):
    """A ticket that may join a line while the others wait."""

    at: float
    service: str
    order: float
    ticket: str = ""
    """A name to find it by in the `Run`, if somebody wants to."""


class Run(msgspec.Struct):
    """One pass: when each ticket was called, and by which desk, in the order of the calls."""

    at: dict[str, float]
    desk: dict[str, int]


@cache
def quantiles(cv: float) -> tuple[float, ...]:
    """Quantiles of a log-normal law of mean 1, at the middles of `STEPS` equal slices."""
    spread = sqrt(log(1.0 + cv * cv))
    law = NormalDist(-spread * spread / 2.0, spread)
    values = [exp(law.inv_cdf((i + 0.5) / STEPS)) for i in range(STEPS)]
    scale = STEPS / sum(values)
    return tuple(v * scale for v in values)


def remaining(mean: float, table: Sequence[float], elapsed: float, step: int) -> float:
    """Return likely minutes left of a handling that has lasted `elapsed`, at quantile `step`."""
    passed = bisect_left(table, elapsed / mean)
    if passed >= STEPS - 1:
        return max(SHORTEST, 0.4 * elapsed * (step + 0.5) / STEPS)
    index = passed + (STEPS - passed) * step // STEPS
    return max(SHORTEST, mean * table[index] - elapsed)


Option = tuple[int, float, float]
"""Line, minutes of order it is behind at this desk, minutes a handling takes at this desk."""


class RunAhead:
    """The hall at one moment, ready to be played forward several times.

    `guest` is somebody who does not wait yet but might, such as whoever reads a kiosk's tile.
    """

    def __init__(
        self, dispatcher: Dispatcher, desks: Sequence[Desk], now: float, guest: Waiter | None = None
    ) -> None:
        self.now = now
        self.band = dispatcher.rules.band
        self.pace = dispatcher.pace
        self.kappa = dispatcher.rules.kappa
        self.pick = _weighed if dispatcher.policy is fairscale else _fullest
        lines = dispatcher.lines()
        if guest is not None and guest.id not in dispatcher.waiters:
            lines.setdefault((guest.service, guest.window), []).append(guest.place)
            lines[guest.service, guest.window].sort()
        for service in self.pace.means:
            lines.setdefault((service, None), [])
        self.index = {key: i for i, key in enumerate(lines)}
        self.services = [service for service, _ in lines]
        self.orders = [[p[0] for p in places] for places in lines.values()]
        self.tickets = [[p[2] for p in places] for places in lines.values()]
        self.rates = [1.0 / self.pace.means[s] for s in self.services]
        self.tables = [quantiles(self.pace.cv(s)) for s in self.services]
        self.mirrored = [table[::-1] for table in self.tables]
        bound = [key for key in lines if key[1] is not None]
        offered = {d.window: self._offered(d, dispatcher) for d in desks}
        self.desks = list(desks)
        self.options = [self._options(d.window, offered[d.window], bound) for d in desks]
        self.farthest = max((o[1] for options in self.options for o in options), default=0.0)

    @cached_property
    def able(self) -> list[list[int]]:
        """By line (`index`): the desks that call from it."""
        found: list[list[int]] = [[] for _ in self.services]
        for desk, options in enumerate(self.options):
            for option in options:
                found[option[0]].append(desk)
        return found

    def play(
        self, k: int, passes: int, until: str | None = None, joins: Sequence[Join] = ()
    ) -> Run:
        """Play pass `k` of `passes`. Stop once the ticket `until` is called, if given.

        Every second pass mirrors the one before: what took long takes short, so that the luck of
        one is paid back in the other. `joins` are in order of time.
        """
        tables = self.mirrored if k % 2 else self.tables
        orders, tickets, rates = [*self.orders], [*self.tickets], self.rates
        size, done = [len(o) for o in orders], [0] * len(orders)
        steps, heap = self._start(k, passes)
        run = Run({}, {})
        coming, joined = len(joins), 0
        while heap:
            t, w = heap[0]
            while joined < coming and joins[joined].at <= t:
                self._join(joins[joined], orders, tickets, size, done)
                joined += 1
            live = [
                (orders[o[0]][done[o[0]]] + o[1], o)
                for o in self.options[w]
                if done[o[0]] < size[o[0]]
            ]
            if not live:
                if joined < coming:
                    heapreplace(heap, (joins[joined].at, w))
                else:
                    heappop(heap)
                continue
            if len(live) == 1:
                c, _, minutes = live[0][1]
            else:
                c, _, minutes = self.pick(live, self.band, rates, size, done)
            ticket = tickets[c][done[c]]
            done[c] += 1
            run.at[ticket] = t
            run.desk[ticket] = w
            if ticket == until:
                break
            steps[w] = step = (steps[w] + GOLDEN) % STEPS
            heapreplace(heap, (t + minutes * tables[c][step], w))
        return run

    def _start(self, k: int, passes: int) -> tuple[list[int], list[tuple[float, int]]]:
        """Where each desk stands in its quantiles, and a heap of when it is free first."""
        first = STEPS * (k // 2) // ((passes + 1) // 2)
        steps = [(first + APART * w) % STEPS for w in range(len(self.desks))]
        heap = []
        for w, desk in enumerate(self.desks):
            free = self.now
            if desk.opens is not None:
                free = max(free, desk.opens)
            elif desk.service is not None:
                mean = self.pace.minutes(desk.service, desk.window)
                table = quantiles(self.pace.cv(desk.service))
                step = STEPS - 1 - steps[w] if k % 2 else steps[w]
                free += remaining(mean, table, self.now - desk.since, step)
            heap.append((free, w))
        heapify(heap)
        return steps, heap

    def _join(
        self,
        join: Join,
        orders: list[list[float]],
        tickets: list[list[str]],
        size: list[int],
        done: list[int],
    ) -> None:
        c = self.index[join.service, None]
        if orders[c] is self.orders[c]:
            orders[c], tickets[c] = [*orders[c]], [*tickets[c]]
        i = bisect_left(orders[c], join.order, done[c])
        orders[c].insert(i, join.order)
        tickets[c].insert(i, join.ticket)
        size[c] += 1

    def _offered(self, desk: Desk, dispatcher: Dispatcher) -> Sequence[str]:
        if desk.services is not None:
            return desk.services
        return dispatcher.windows.get(desk.window, ())

    def _options(
        self, window: str, services: Sequence[str], bound: Sequence[tuple[str, str | None]]
    ) -> list[Option]:
        """Lines a desk calls from; handling times include no-shows and pauses."""
        keys = [(s, None) for s in services] + [key for key in bound if key[1] == window]
        names = [key[0] for key in keys]
        missed, wasted = self.pace.no_show
        return [
            (
                self.index[key],
                self.kappa * extra,
                ((1.0 - missed) * self.pace.minutes(key[0], window) + missed * wasted)
                / (1.0 - PAUSES),
            )
            for key, extra in zip(keys, self.pace.extras(window, names), strict=True)
        ]


def _fullest(
    live: Sequence[tuple[float, Option]],
    band: float,
    rates: Sequence[float],
    size: Sequence[int],
    done: Sequence[int],
) -> Option:
    """`policies.fairband` in the form the inner loop needs; with a band of 0, `first_come`."""
    limit = min(live)[0] + band
    best, first, chosen = -1.0, inf, live[0][1]
    for effective, option in live:
        if effective <= limit:
            c = option[0]
            weight = (size[c] - done[c]) * rates[c]
            if weight > best or (weight == best and effective < first):
                best, first, chosen = weight, effective, option
    return chosen


def _weighed(
    live: Sequence[tuple[float, Option]],
    band: float,
    rates: Sequence[float],
    size: Sequence[int],
    done: Sequence[int],
) -> Option:
    """`policies.fairscale`, likewise."""
    limit = min(live)[0] + band
    best, chosen = inf, live[0][1]
    for effective, option in live:
        if effective <= limit:
            c = option[0]
            score = effective - DOUBLING * log2((size[c] - done[c]) * rates[c])
            if score < best:
                best, chosen = score, option
    return chosen
