"""Which call is spoken next, and which never. Pure.

One announcement at a time, in the order of the calls. A recall takes the place of the call that
still waits. Somebody who has come is not called any more. A call that waited longer than `OLD` is
dropped, as is one that finds `MOST` before it. Whatever is dropped is named with its reason.

When calls come faster than they can be spoken, each is said once, and when still more wait, in the
first language only: four short sentences are worth more than one spoken twice in two languages.

A call is at most spoken once: what was last begun (`Mark`) is kept on disk by whoever runs this.
"""

from dataclasses import dataclass, replace

from config.wire.events import Answered, Called, DayChanged, Happening

OLD = 60.0
"""Seconds after which a call is not spoken any more."""
MOST = 20
ONCE_FROM, BRIEF_FROM = 2, 5
"""How many others wait when each call is said once, and when in one language only."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The last call whose announcement was begun."""

    epoch: str = ""
    seq: int = -1


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that waits to be spoken."""

    called: Called
    epoch: str
    seq: int
    at: float
    """By the server's clock."""
    since: float
    """By the own clock: when it was heard."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A call that will not be spoken, and why: ``old``, ``full``, ``replaced``, ``answered``,
    ``day``, or what the speaker says."""

    call: int
    reason: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, oldest first."""

    area: str
    mark: Mark = Mark()
    waiting: tuple[Waiting, ...] = ()
    newest: float = 0.0
    """Newest server time heard of; a message far older came late."""


def heard(queue: Queue, happening: Happening, now: float) -> tuple[Queue, list[Dropped]]:
    """Something happened in the hall."""
    newest = max(queue.newest, happening.at)
    if queue.waiting and queue.waiting[-1].epoch != happening.epoch:
        newest = happening.at
    queue = replace(queue, newest=newest)
    match happening.news:
        case Called() as called if queue.area in called.areas:
            return _called(queue, called, happening, now)
        case Answered(number=number, window=window):
            gone = [
                w for w in queue.waiting if (w.called.number, w.called.window) == (number, window)
            ]
            return _without(queue, gone, "answered")
        case DayChanged():
            return _without(queue, list(queue.waiting), "day")
        case _:
            return queue, []


def following(queue: Queue, now: float) -> tuple[Queue, Waiting | None, list[Dropped]]:
    """The call to speak now, marked as begun; None when nobody waits."""
    old = [w for w in queue.waiting if now - w.since > OLD or queue.newest - w.at > OLD]
    queue, dropped = _without(queue, old, "old")
    if not queue.waiting:
        return queue, None, dropped
    first, *rest = queue.waiting
    mark = Mark(first.epoch, first.seq)
    return replace(queue, waiting=tuple(rest), mark=mark), first, dropped


def shortened(waiting: int, times: int, languages: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """How often and in which languages to say a call while `waiting` others wait."""
    if waiting >= BRIEF_FROM:
        return 1, languages[:1]
    if waiting >= ONCE_FROM:
        return 1, languages
    return times, languages


def _called(
    queue: Queue, called: Called, happening: Happening, now: float
) -> tuple[Queue, list[Dropped]]:
    known = [queue.mark, *(Mark(w.epoch, w.seq) for w in queue.waiting)]
    if any(m.epoch == happening.epoch and m.seq >= happening.seq for m in known):
        return queue, []  # the same message once more
    one = Waiting(called, happening.epoch, happening.seq, happening.at, now)
    same = [
        w
        for w in queue.waiting
        if (w.called.number, w.called.window) == (called.number, called.window)
    ]
    if same:
        place = queue.waiting.index(same[0])
        waiting = (*queue.waiting[:place], *queue.waiting[place + 1 :], one)
        return replace(queue, waiting=waiting), [Dropped(same[0].called.call, "replaced")]
    if len(queue.waiting) >= MOST:
        return queue, [Dropped(called.call, "full")]
    return replace(queue, waiting=(*queue.waiting, one)), []


def _without(queue: Queue, gone: list[Waiting], reason: str) -> tuple[Queue, list[Dropped]]:
    kept = tuple(w for w in queue.waiting if w not in gone)
    return replace(queue, waiting=kept), [Dropped(w.called.call, reason) for w in gone]
