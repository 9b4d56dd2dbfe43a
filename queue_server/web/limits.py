"""How often one may knock: requests a second, and wrong passwords. Pure: time is a parameter."""

from collections import OrderedDict
from dataclasses import dataclass, field

MOST_KEYS = 10_000
"""Addresses and accounts remembered; the longest unseen is forgotten first."""


@dataclass(slots=True)
class Rate:
    """A bucket of `burst` requests for each key, filled with `per_second`."""

    per_second: float
    burst: float
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, key: str, now: float, cost: float = 1.0) -> bool:
        """Take `cost` from the bucket of `key`, if it is in there. A cost of 0 only looks."""
        left, at = self._buckets.get(key, (self.burst, now))
        left = min(self.burst, left + max(0.0, now - at) * self.per_second)
        good = left >= max(cost, 1.0)
        self._buckets[key] = (left - cost if good else left, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return good


@dataclass(slots=True)
class Lockout:
    """After `tries` failures in a row of an account from an address both are locked together."""

    tries: int = 5
    seconds: float = 15 * 60.0
    _failed: OrderedDict[tuple[str, str], tuple[int, float]] = field(default_factory=OrderedDict)

    def locked(self, name: str, address: str, now: float) -> bool:
        count, at = self._failed.get((name.casefold(), address), (0, now))
        return count >= self.tries and now < at + self.seconds

    def fail(self, name: str, address: str, now: float) -> None:
        key = (name.casefold(), address)
        count, at = self._failed.pop(key, (0, now))
        if now >= at + self.seconds:
            count = 0
        self._failed[key] = (count + 1, now)
        if len(self._failed) > MOST_KEYS:
            self._failed.popitem(last=False)

    def succeed(self, name: str, address: str) -> None:
        self._failed.pop((name.casefold(), address), None)
