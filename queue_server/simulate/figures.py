"""What a day was like: waits, windows, fairness, and how right we were.

The day may be a simulated one or the hall's own; these are the figures of the manager's report
either way. Waits run from joining the line to the call, in minutes.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from queue_server.simulate.record import Passage, Record


class Line(msgspec.Struct, frozen=True):
    """Waits of one group of people."""

    count: int
    mean: float
    p95: float
    longest: float


class Figures(msgspec.Struct, frozen=True):
    """The numbers of a day."""

    day: str
    all: Line
    services: Mapping[str, Line]
    over_20: float
    """Share who waited more than twenty minutes."""
    windows: Mapping[str, tuple[int, float, float]]
    """Window -> people served, busy minutes, open minutes."""
    ordinary: float
    privileged: float
    """Mean waits."""
    skipped: float
    """Share of ordinary people passed over at a window that could have called them."""
    skipped_by: float
    """Mean minutes by which those who went first had come later."""
    unevenness: float
    """Mean wait of the service with the longest over that with the shortest; 1 when there is
    one service only."""
    missed: int
    error: float | None
    """Mean distance of the middle of the shown interval from the truth, minutes."""
    bias: float | None
    """Mean of shown less true, minutes."""
    inside: float | None
    """Share of people called within the interval they were shown."""
    last: float
    """When the last person left a window."""


def figures(record: Record) -> Figures:
    """Work out the numbers of a day; of people who were called."""
    called = [p for p in record.passages if p.called is not None]
    ordinary = [p for p in called if not p.privileged]
    complaint = [p for p in ordinary if not p.returned]
    shown = [p for p in called if p.low is not None and p.high is not None]
    services = {
        s: line([p.wait for p in called if p.service == s])
        for s in sorted({p.service for p in called})
    }
    means = [found.mean for found in services.values() if found.count >= 5]
    return Figures(
        day=record.day,
        all=line([p.wait for p in called]),
        services=services,
        over_20=mean([float(p.wait > 20.0) for p in called]),
        windows=_work(record, called),
        ordinary=mean([p.wait for p in ordinary]),
        privileged=mean([p.wait for p in called if p.privileged]),
        skipped=mean([float(p.skips > 0) for p in complaint]),
        skipped_by=mean([p.overtaken for p in complaint if p.skips]),
        unevenness=max(means) / max(min(means), 0.1) if len(means) > 1 else 1.0,
        missed=sum(p.missed for p in called),
        error=mean([abs(_middle(p) - p.wait) for p in shown]) if shown else None,
        bias=mean([_middle(p) - p.wait for p in shown]) if shown else None,
        inside=mean([float((p.low or 0) <= p.wait <= (p.high or 0)) for p in shown])
        if shown
        else None,
        last=max((p.ended or p.called or 0.0 for p in called), default=0.0),
    )


def _work(record: Record, called: Sequence[Passage]) -> dict[str, tuple[int, float, float]]:
    served: Counter[str] = Counter()
    busy: dict[str, float] = defaultdict(float)
    for passage in called:
        if passage.window and passage.called is not None and passage.ended is not None:
            served[passage.window] += not passage.missed
            busy[passage.window] += passage.ended - passage.called
    return {
        w: (served[w], busy[w], sum(s.end - s.start for s in found if not s.paused))
        for w, found in record.windows.items()
    }


def _middle(passage: Passage) -> float:
    return ((passage.low or 0) + (passage.high or 0)) / 2.0


def line(waits: Sequence[float]) -> Line:
    """Summarise the waits of a group."""
    if not waits:
        return Line(0, 0.0, 0.0, 0.0)
    ordered = sorted(waits)
    return Line(
        len(ordered), mean(ordered), ordered[int(0.95 * (len(ordered) - 1) + 0.5)], ordered[-1]
    )


def mean(values: Sequence[float]) -> float:
    """Mean of the values; 0 of none."""
    return sum(values) / len(values) if values else 0.0
