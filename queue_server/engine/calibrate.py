"""How wrong the predictions were, and what the next one should say.

Every ticket that is called settles one prediction. By size of the prediction, the last few hundred
keep a ratio (waited over predicted) that the middle is multiplied by, and residuals whose tenth and
ninetieth percentiles make the interval. So the interval is the hall's own record: eight of ten
people like you waited between these two times.
"""

from bisect import bisect_right, insort

import msgspec

EDGES = (1.0, 3.0, 6.0, 10.0, 15.0, 22.0, 32.0)
"""Minutes that separate the buckets of predictions."""
KEPT = 400
"""Residuals a bucket keeps."""
TRUSTED = 30
"""Residuals below which a bucket asks its neighbours."""
LOW, HIGH = 0.10, 0.90
BELIEF = 60.0
"""How many predictions the belief that the run-ahead is right is worth, in a bucket's ratio."""
RANGE = (0.8, 1.25)
"""Farthest a ratio may correct; more would be a fault elsewhere, not to be hidden here."""


class Bucket(msgspec.Struct, array_like=True):
    """What became of the predictions of one size, the oldest first."""

    predicted: list[float] = []
    waited: list[float] = []

    def settle(self, predicted: float, waited: float) -> None:
        self.predicted.append(round(predicted, 2))
        self.waited.append(round(waited, 2))
        if len(self.waited) > KEPT:
            del self.predicted[0], self.waited[0]


class Calibration(msgspec.Struct):
    """The record of a hall's predictions, handed from day to day."""

    buckets: list[Bucket] = msgspec.field(
        default_factory=lambda: [Bucket() for _ in range(len(EDGES) + 1)]
    )


def bucket_of(raw: float) -> int:
    return bisect_right(EDGES, raw)


class Calibrator:
    """Turns a raw prediction into low, middle and high, and learns from what happened."""

    def __init__(self, calibration: Calibration | None = None) -> None:
        self.calibration = calibration or Calibration()
        self._sums = [[sum(b.predicted), sum(b.waited)] for b in self.calibration.buckets]
        self._ratios: list[list[float]] = [
            sorted(map(_relative, b.predicted, b.waited)) for b in self.calibration.buckets
        ]

    def settle(self, raw: float, waited: float) -> None:
        """Learn that a prediction of `raw` minutes became `waited` minutes."""
        i = bucket_of(raw)
        bucket = self.calibration.buckets[i]
        if len(bucket.waited) == KEPT:
            gone = _relative(bucket.predicted[0], bucket.waited[0])
            del self._ratios[i][bisect_right(self._ratios[i], gone) - 1]
            self._sums[i][0] -= bucket.predicted[0]
            self._sums[i][1] -= bucket.waited[0]
        bucket.settle(raw, waited)
        predicted, was = bucket.predicted[-1], bucket.waited[-1]
        self._sums[i][0] += predicted
        self._sums[i][1] += was
        insort(self._ratios[i], _relative(predicted, was))

    def middle(self, raw: float) -> float:
        """Return the raw prediction times the ratio of its bucket."""
        predicted, waited = self._sums[bucket_of(raw)]
        belief = BELIEF * max(raw, 0.5)
        ratio = (waited + belief) / (predicted + belief)
        return raw * min(max(ratio, RANGE[0]), RANGE[1])

    def interval(self, raw: float) -> tuple[float, float]:
        """Return the minutes between which eight of ten such people waited."""
        found = self._near(bucket_of(raw))
        scale = _scale(raw)
        low, high = _percentile(found, LOW), _percentile(found, HIGH)
        return max(0.0, raw + low * scale), max(0.0, raw + high * scale)

    def _near(self, i: int) -> list[float]:
        """Relative residuals of bucket `i`, with its neighbours' while it has few."""
        found = self._ratios[i]
        reach = 1
        while len(found) < TRUSTED and reach < len(self._ratios):
            found = sorted(
                r for part in self._ratios[max(0, i - reach) : i + reach + 1] for r in part
            )
            reach += 1
        return found if len(found) >= TRUSTED else sorted([*found, *PRIOR])


def _scale(raw: float) -> float:
    """Residuals grow slower than the prediction: with the square root, from a floor."""
    return float((raw + 1.0) ** 0.75)


def _relative(predicted: float, waited: float) -> float:
    return (waited - predicted) / _scale(predicted)


def _percentile(values: list[float], share: float) -> float:
    """Return the sample quantile, interpolated, of sorted values."""
    at = share * (len(values) + 1) - 1.0
    below = min(max(int(at), 0), len(values) - 1)
    above = min(below + 1, len(values) - 1)
    part = min(max(at - below, 0.0), 1.0)
    return values[below] * (1.0 - part) + values[above] * part


PRIOR = tuple(-0.9 + 0.08 * i for i in range(25))
"""Relative residuals believed of a hall without a record: 80 % between -0.7 and 0.8."""
