"""How long things take here: means that start from the hall file and follow the hall's figures.

Every mean is (weight x belief + sum of what was seen) / (weight + number seen). The weight says how
many observations the belief is worth: a service's mean gives way after ten people, a window's speed
only after many, because one long case says little about a clerk.
"""

from collections.abc import Mapping, Sequence
from math import sqrt

import msgspec

from queue_server.engine.facts import HallFacts

SERVICE_WEIGHT = 10.0
WINDOW_WEIGHT = 80.0
"""A handling varies by 0.7 of its mean, clerks by 0.08 of theirs: (0.7 / 0.08) squared is 77."""
SQUARE_WEIGHT = 40.0
NO_SHOW = 0.04
NO_SHOW_MINUTES = 1.5
LONGEST = 8.0
"""A handling beyond this many means is a forgotten window, not a pace; it counts as this much."""


class Seen(msgspec.Struct, array_like=True):
    """A number of observations and their sum."""

    count: float = 0.0
    total: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1.0
        self.total += value

    def mean(self, believed: float, weight: float) -> float:
        return (weight * believed + self.total) / (weight + self.count)


_NOTHING = Seen()


class Learned(msgspec.Struct):
    """What a day hands to the next."""

    services: dict[str, Seen] = {}
    windows: dict[str, Seen] = {}
    squares: dict[str, Seen] = {}
    """Squares of handling time over its mean, by service."""
    no_shows: Seen = msgspec.field(default_factory=Seen)
    """Of all calls, those nobody came to."""
    wasted: Seen = msgspec.field(default_factory=Seen)
    """Minutes that such a call cost."""
    outside: Seen = msgspec.field(default_factory=Seen)
    """Handlings of services that a window is slower at, over what was expected of them."""


class Pace:
    """Means per service and speed per window, learned one finish at a time."""

    def __init__(self, facts: HallFacts, learned: Learned | None = None) -> None:
        self.facts = facts
        self.learned = learned or Learned()
        self._mean = {
            s: self.learned.services.get(s, _NOTHING).mean(f.mean, SERVICE_WEIGHT)
            for s, f in facts.services.items()
        }
        self._speed = {w: x.mean(1.0, WINDOW_WEIGHT) for w, x in self.learned.windows.items()}
        self._outside = self.learned.outside.mean(1.0, WINDOW_WEIGHT)
        self._ways: dict[str, dict[str, float]] = {}

    @property
    def means(self) -> Mapping[str, float]:
        """Minutes from call to free, by service."""
        return self._mean

    def factor(self, service: str, window: str) -> float:
        """How many times its mean `service` takes at `window`, as far as is known."""
        slow = self.facts.slow(service, window)
        believed = slow * self._speed.get(window, 1.0)
        return believed * self._outside if slow > 1.0 else believed

    def extras(self, window: str, services: Sequence[str]) -> list[float]:
        """Minutes each service costs here beyond a window on the spot in its own field."""
        ways, slows = self._static(window)
        speed, outside, mean = self._speed.get(window, 1.0), self._outside, self._mean
        found = []
        for service in services:
            slow = slows.get(service, 1.0)
            factor = slow * speed * outside if slow > 1.0 else slow * speed
            late = (factor - 1.0) * mean[service] if factor > 1.0 else 0.0
            found.append(ways.get(service, 0.0) + late)
        return found

    def minutes(self, service: str, window: str) -> float:
        """Expected minutes from call to free of `service` at `window`."""
        return self._mean[service] * self.factor(service, window) + self.facts.way(service, window)

    def cv(self, service: str) -> float:
        """Standard deviation over mean of a handling, in steps of 0.05."""
        believed = 1.0 + self.facts.services[service].cv ** 2
        seen = self.learned.squares.get(service, _NOTHING)
        square = seen.mean(believed, SQUARE_WEIGHT)
        return max(0.3, min(1.5, round(20.0 * sqrt(max(0.0, square - 1.0))) / 20.0))

    @property
    def no_show(self) -> tuple[float, float]:
        """Share of calls that nobody comes to, and the minutes one costs."""
        return (
            self.learned.no_shows.mean(NO_SHOW, 25.0),
            self.learned.wasted.mean(NO_SHOW_MINUTES, 5.0),
        )

    def missed(self, minutes: float) -> None:
        """Learn from a call that nobody came to."""
        self.learned.no_shows.add(1.0)
        if minutes > 0:
            self.learned.wasted.add(minutes)

    def finished(self, service: str, window: str, minutes: float) -> None:
        """Learn from one handling that took `minutes` from call to free."""
        learned, mean = self.learned, self._mean[service]
        learned.no_shows.add(0.0)
        there = max(0.0, minutes - self.facts.way(service, window))
        ratio = min(there / (mean * self.factor(service, window)), LONGEST)
        learned.squares.setdefault(service, Seen()).add(ratio * ratio)
        seen = learned.services.setdefault(service, Seen())
        seen.add(ratio * mean)
        self._mean[service] = seen.mean(self.facts.services[service].mean, SERVICE_WEIGHT)
        seen = learned.windows.setdefault(window, Seen())
        seen.add(ratio * self._speed.get(window, 1.0))
        self._speed[window] = seen.mean(1.0, WINDOW_WEIGHT)
        if self.facts.slow(service, window) > 1.0:
            learned.outside.add(ratio * self._outside)
            self._outside = learned.outside.mean(1.0, WINDOW_WEIGHT)

    def _static(self, window: str) -> tuple[dict[str, float], Mapping[str, float]]:
        """Ways on foot (only those that are not zero) and slowness of a window, from the facts."""
        if window not in self._ways:
            ways = {s: self.facts.way(s, window) for s in self.facts.services}
            self._ways[window] = {s: way for s, way in ways.items() if way}
        known = self.facts.windows.get(window)
        return self._ways[window], known.slow if known else {}
