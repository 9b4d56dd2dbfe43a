"""The policies: given the firsts of a window's lines, which one is next.

A policy is a function. It sees no clock and keeps nothing; whatever it needs stands in the heads
and in the rules, so the same comparison can be shown to whoever asks why.
"""

from collections.abc import Callable, Mapping, Sequence
from math import log2

from config.hall import DispatchRules
from queue_server.engine.choice import Head

Policy = Callable[[Sequence[Head], DispatchRules], Head]


def first_come(heads: Sequence[Head], rules: DispatchRules) -> Head:  # noqa: ARG001
    """Earliest order time first; also what the red line falls back to."""
    return min(heads, key=lambda h: (h.effective, h.seq))


def fairband(heads: Sequence[Head], rules: DispatchRules) -> Head:
    """Among the heads within the band of the earliest, the line with most people per minute."""
    limit = min(h.effective for h in heads) + rules.band
    near = (h for h in heads if h.effective <= limit)
    return min(near, key=lambda h: (-h.waiting / h.minutes, h.effective, h.seq))


DOUBLING = 5.0
"""Minutes of order that twice as many people per minute are worth to `fairscale`."""


def fairscale(heads: Sequence[Head], rules: DispatchRules) -> Head:
    """Within the band, order and fullness are weighed: a line twice as full is five minutes ahead.

    Where `fairband` jumps the whole band for one person more, this jumps far only for much.
    """
    limit = min(h.effective for h in heads) + rules.band
    near = (h for h in heads if h.effective <= limit)
    return min(near, key=lambda h: (h.effective - DOUBLING * log2(h.waiting / h.minutes), h.seq))


POLICIES: Mapping[str, Policy] = {
    "fairband": fairband,
    "fairscale": fairscale,
    "fcfs": first_come,
}
