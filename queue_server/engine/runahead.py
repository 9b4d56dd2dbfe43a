"""The hall played forward: when will each waiting ticket be called, if nobody else comes?

The waiting lines are copied, each window becomes free when its present handling is likely to end,
and from there the dispatcher's own rule is played with likely handling times until everybody has
been called. Handling times are not means: the earliest of several windows is earlier than the mean
says. They are quantiles of a log-normal law taken in golden-ratio steps, so that a few passes cover
the law evenly and the answer is the same every time.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from heapq import heapify, heappop, heapreplace
from math import exp, inf, log, sqrt
from statistics import NormalDist

import msgspec

from queue_server.engine.dispatch import Dispatcher

STEPS = 256
"""Points of a quantile table."""
GOLDEN = 159
"""Golden-ratio step through a table: 256 x 0.62, odd, so that every point has its turn."""
SHORTEST = 0.2
"""Least minutes that a handling in progress still takes."""


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


class RunAhead:
    """The hall at one moment, ready to be played forward several times."""

    def __init__(self, dispatcher: Dispatcher, desks: Sequence[Desk], now: float) -> None:
        self.now = now
        self.rules = dispatcher.rules
        pace = dispatcher.pace
        lines = dispatcher.lines()
        self.tickets = [[p[2] for p in places] for _, _, places in lines]
        self.orders = [[p[0] for p in places] for _, _, places in lines]
        index: dict[str, list[int]] = {}
        for i, (service, _, _) in enumerate(lines):
            index.setdefault(service, []).append(i)
        self.rates = [1.0 / pace.means[service] for service, _, _ in lines]
        self.tables = [quantiles(pace.cv(service)) for service, _, _ in lines]
        self.total = sum(len(t) for t in self.tickets)
        kappa = self.rules.kappa
        share, waste = pace.no_show
        come, lost = 1.0 - share, share * waste
        self.desks: list[tuple[Desk, float, tuple[float, ...]]] = []
        self.options: list[list[tuple[int, float, float]]] = []
        for desk in desks:
            offered = (
                desk.services
                if desk.services is not None
                else dispatcher.windows.get(desk.window, ())
            )
            able = [
                i for s in offered for i in index.get(s, ()) if lines[i][1] in (None, desk.window)
            ]
            names = [lines[i][0] for i in able]
            extras = pace.extras(desk.window, names)
            self.options.append(
                [
                    (i, kappa * x, come * pace.minutes(s, desk.window) + lost)
                    for i, s, x in zip(able, names, extras, strict=True)
                ]
            )
            busy = desk.service
            self.desks.append(
                (desk, pace.minutes(busy, desk.window), quantiles(pace.cv(busy)))
                if busy is not None
                else (desk, 0.0, ())
            )

    def play(self, start: int, until: str | None = None) -> dict[str, float]:
        """Play once; `start` picks the quantiles. Stop after `until` is called, if given.

        Returns ticket -> minutes since midnight at which it is called.
        """
        step = start % STEPS
        now, band = self.now, self.rules.band
        heap: list[tuple[float, int]] = []
        for w, (desk, mean, table) in enumerate(self.desks):
            if desk.opens is not None:
                heap.append((max(now, desk.opens), w))
            elif desk.service is None:
                heap.append((now, w))
            else:
                step = (step + GOLDEN) % STEPS
                heap.append((now + remaining(mean, table, now - desk.since, step), w))
        heapify(heap)
        orders, tickets, rates, tables = self.orders, self.tickets, self.rates, self.tables
        size = [len(o) for o in orders]
        done = [0] * len(size)
        called: dict[str, float] = {}
        while heap:
            t, w = heap[0]
            earliest, live = inf, []
            for option in self.options[w]:
                c = option[0]
                if done[c] < size[c]:
                    e = orders[c][done[c]] + option[1]
                    if e < earliest:
                        earliest = e
                    live.append((e, option))
            if not live:
                heappop(heap)
                continue
            best, chosen = -1.0, live[0]
            for pair in live:
                if pair[0] <= earliest + band:
                    c = pair[1][0]
                    weight = (size[c] - done[c]) * rates[c]
                    if weight > best or (weight == best and pair[0] < chosen[0]):
                        best, chosen = weight, pair
            c, _, minutes = chosen[1]
            ticket = tickets[c][done[c]]
            done[c] += 1
            called[ticket] = t
            if ticket == until:
                break
            step = (step + GOLDEN) % STEPS
            heapreplace(heap, (t + minutes * tables[c][step], w))
        return called


def mean_calls(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean call time of every ticket that all runs have called."""
    first = runs[0]
    return {t: sum(r[t] for r in runs) / len(runs) for t in first if all(t in r for r in runs)}
