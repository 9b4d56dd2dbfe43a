"""How wrong the predictions were, and what the next one should say.

Every ticket that is called settles one prediction. Two things are kept of it. One ratio, minutes
waited over minutes predicted, corrects the middle: what the run-ahead leaves out (a clerk's errand,
a second question at the desk) costs about the same share everywhere. And by size of the prediction,
the last few hundred errors give the interval: eight of ten people like you were called between
these two times.
"""

from bisect import bisect_left, bisect_right, insort

import msgspec

EDGES = (1.0, 3.0, 6.0, 10.0, 15.0, 22.0, 32.0)
"""Minutes that separate the sizes."""
KEPT = 400
"""Errors kept of each size."""
TRUSTED = 30
"""Errors below which a size asks its neighbours."""
LOW, HIGH = 0.10, 0.90
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


def scale(raw: float) -> float:
    """Errors grow slower than the prediction: with its power of three quarters, from a floor."""
    return float((raw + 1.0) ** 0.75)


class Calibrator:
    """Turns a raw prediction into middle and interval, and learns from what happened."""

    def __init__(self, calibration: Calibration | None = None) -> None:
        self.calibration = calibration or Calibration()
        self._sorted = [sorted(errors) for errors in self.calibration.errors]
        self._cached: dict[int, tuple[float, float]] = {}

    def settle(self, raw: float, waited: float) -> None:
        """Learn that a prediction of `raw` minutes became `waited` minutes."""
        record = self.calibration
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

    def interval(self, raw: float) -> tuple[float, float]:
        """Return the minutes between which eight of ten such people waited."""
        size = bisect_right(EDGES, raw)
        if size not in self._cached:
            errors = self._near(size)
            self._cached[size] = (quantile(errors, LOW), quantile(errors, HIGH))
        low, high = self._cached[size]
        return max(0.0, raw + low * scale(raw)), max(0.0, raw + high * scale(raw))

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
