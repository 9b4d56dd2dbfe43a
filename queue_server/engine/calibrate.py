"""How wrong the predictions were, and what the next one should say.

Every ticket that is called settles one prediction. Two things are kept of it. One ratio, minutes
waited over minutes predicted, corrects the middle: what the run-ahead leaves out (a clerk's errand,
a second question at the desk) costs about the same share everywhere. And by size of the prediction,
the last few hundred errors give the interval: eight of ten people like you were called between
these two times. Some services are harder to foresee than others, so each has a stretch: a ticket
that falls outside its interval widens the next ones of its service a little, one inside narrows
them by less, and the two come to rest where they should.
"""

from bisect import bisect_left, bisect_right, insort
from math import exp

import msgspec

EDGES = (1.0, 3.0, 6.0, 10.0, 15.0, 22.0, 32.0)
"""Minutes that separate the sizes."""
KEPT = 400
"""Errors kept of each size."""
TRUSTED = 30
"""Errors below which a size asks its neighbours."""
LOW, HIGH = 0.10, 0.90
OUTSIDE = 0.215
"""Share of waiting people whom the interval may miss. Those called at once, about three in ten,
are told so and are never missed: of all tickets 0.85 are inside."""
RATE = 0.02
"""How much a miss widens the intervals of its service."""
BELIEF = 5000.0
"""How many predicted minutes the belief that the run-ahead is right is worth."""
FADE = 0.9995
"""What a settled prediction leaves of the weight of those before it: the last ten days or so."""
FARTHEST = (0.8, 1.25)
"""How far the ratio may correct; more would be a fault elsewhere, not to be hidden here."""
PRIOR = tuple(-0.9 + 0.08 * i for i in range(25))
"""Relative errors believed of a hall without a record."""


class Calibration(msgspec.Struct):
    """The record of a hall's predictions, handed from day to day."""

    predicted: float = 0.0
    waited: float = 0.0
    errors: list[list[float]] = msgspec.field(
        default_factory=lambda: [[] for _ in range(len(EDGES) + 1)]
    )
    """By size, the oldest first, relative to `scale`."""
    stretch: dict[str, float] = {}
    """By service."""


def scale(raw: float) -> float:
    """Errors grow slower than the prediction: with its power of three quarters, from a floor."""
    return float((raw + 1.0) ** 0.75)


class Calibrator:
    """Turns a raw prediction into middle and interval, and learns from what happened."""

    def __init__(self, calibration: Calibration | None = None) -> None:
        self.calibration = calibration or Calibration()
        self._sorted = [sorted(errors) for errors in self.calibration.errors]
        self._cached: dict[int, tuple[float, float]] = {}

    def settle(self, service: str, raw: float, waited: float) -> None:
        """Learn that a prediction of `raw` minutes became `waited` minutes."""
        record = self.calibration
        low, high = self.interval(service, raw)
        missed = 0.0 if low <= waited <= high else 1.0
        stretch = record.stretch.get(service, 1.0) * exp(RATE * (missed - OUTSIDE))
        record.stretch[service] = min(max(stretch, 0.25), 3.0)
        record.predicted = record.predicted * FADE + raw
        record.waited = record.waited * FADE + waited
        size = bisect_right(EDGES, raw)
        errors, ordered = record.errors[size], self._sorted[size]
        if len(errors) == KEPT:
            del ordered[bisect_left(ordered, errors.pop(0))]
        errors.append(round((waited - raw) / scale(raw), 4))
        insort(ordered, errors[-1])
        self._cached.clear()

    def middle(self, raw: float) -> float:
        """Return the corrected prediction."""
        ratio = (self.calibration.waited + BELIEF) / (self.calibration.predicted + BELIEF)
        return raw * min(max(ratio, FARTHEST[0]), FARTHEST[1])

    def interval(self, service: str, raw: float) -> tuple[float, float]:
        """Return the minutes between which eight of ten such people waited."""
        size = bisect_right(EDGES, raw)
        if size not in self._cached:
            errors = self._near(size)
            self._cached[size] = (quantile(errors, LOW), quantile(errors, HIGH))
        low, high = self._cached[size]
        width = scale(raw) * self.calibration.stretch.get(service, 1.0)
        return max(0.0, raw + low * width), max(0.0, raw + high * width)

    def _near(self, size: int) -> list[float]:
        """Errors of this size, with its neighbours' while it has few."""
        found, reach = self._sorted[size], 1
        while len(found) < TRUSTED and reach < len(self._sorted):
            parts = self._sorted[max(0, size - reach) : size + reach + 1]
            found = sorted(error for part in parts for error in part)
            reach += 1
        return found if len(found) >= TRUSTED else sorted([*found, *PRIOR])


def quantile(ordered: list[float], share: float) -> float:
    """Return the sample quantile, interpolated, of sorted values."""
    at = min(max(share * (len(ordered) + 1) - 1.0, 0.0), len(ordered) - 1.0)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
