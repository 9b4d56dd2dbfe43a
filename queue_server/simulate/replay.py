"""What would that day have been like? A day's log, played again under another rule.

The log tells who came when and for what, how long each matter took, who did not come when called,
and when windows were open. That is all a day needs. It is played twice: as it was, which shows how
close the play comes to the truth, and with the change.
"""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

import msgspec

from config.hall import Hall
from config.wire.events import DayOpened, Logged
from queue_server.engine.facts import HallFacts, hall_facts
from queue_server.engine.pace import Learned
from queue_server.simulate.crowd import Clerk, Crowd, Matter, Visitor
from queue_server.simulate.figures import Figures, figures
from queue_server.simulate.play import Play
from queue_server.simulate.record import Passage, Record, Stretch, read
from queue_server.simulate.scenario import Scenario, with_rules, with_windows

GAP = 0.4
"""Minutes between a finish and the next call where the log shows none."""
TOGETHER = 3.0
"""A pause between finish and call longer than this is no habit but an empty line."""
LUNCH = 45.0
"""A window away longer than this has closed and opened again; less is a pause."""


class Replayed(msgspec.Struct, frozen=True):
    """The same day three times."""

    was: Figures
    """By the log."""
    same: Figures
    """Played as it was."""
    changed: Figures
    """Played with the change."""
    record: Record
    """The changed day."""


def replay_day(
    rows: Iterable[Logged],
    hall: Hall,
    *,
    policy: str | None = None,
    band: float | None = None,
    more_windows: int = 0,
    closed: tuple[str, ...] = (),
) -> Replayed:
    """Play the day of a log again, with another policy or band, more windows, or some closed.

    More windows are copies of those that were busiest.

    Raises:
        ValueError: the rows are not those of one day.
    """
    logged = list(rows)
    if sum(isinstance(row.event, DayOpened) for row in logged) != 1:
        raise ValueError("a replay needs the rows of exactly one day")
    record = read(logged)
    opened = next(row.event for row in logged if isinstance(row.event, DayOpened))
    scenario, crowd = as_it_was(record, hall)
    changes = {"policy": policy, "band": band}
    other = with_rules(scenario, **{k: v for k, v in changes.items() if v is not None})
    if more_windows:
        other = with_windows(other, busiest(figures(record), more_windows))
    if closed:
        staffed = {w: spans for w, spans in other.staffed.items() if w not in closed}
        other = msgspec.structs.replace(other, staffed=staffed)
    clerks = {w: crowd.clerks.get(w, Clerk(1.0, ())) for w in other.staffed}

    def play(what: Scenario, who: Crowd) -> Record:
        learned = msgspec.json.decode(opened.learned, type=Learned | None)
        return read(Play(what, who, record.day, learned=learned).run().rows)

    changed = play(other, Crowd(crowd.visitors, clerks))
    return Replayed(figures(record), figures(play(scenario, crowd)), figures(changed), changed)


def busiest(day: Figures, count: int) -> list[str]:
    """Return the windows that had least time to spare, again from the first when they run out."""
    used = {w: busy / is_open for w, (_, busy, is_open) in day.windows.items() if is_open > 0}
    ranked = sorted(used, key=lambda w: (-used[w], w))
    return [ranked[i % len(ranked)] for i in range(count)] if ranked else []


def as_it_was(record: Record, hall: Hall) -> tuple[Scenario, Crowd]:
    """Return the hall and the people of a recorded day."""
    facts = hall_facts(hall)
    tickets: dict[str, list[Passage]] = {}
    for passage in record.passages:
        tickets.setdefault(passage.ticket, []).append(passage)
    visitors = [v for p in tickets.values() if (v := _visitor(p, facts)) is not None]
    visitors.sort(key=lambda v: v.at)
    windows = {w: found for w, found in record.windows.items() if found}
    scenario = Scenario(
        id=f"{hall.id} {record.day}",
        hall=hall,
        visitors={},
        profile=(),
        staffed={w: _shifts(found) for w, found in windows.items()},
        offers={w: next(s.services for s in found if not s.paused) for w, found in windows.items()},
    )
    gap = _gap(record)
    matters = [
        msgspec.structs.replace(
            v, matters=tuple(msgspec.structs.replace(m, gap=gap) for m in v.matters)
        )
        for v in visitors
    ]
    clerks = {w: Clerk(1.0, _breaks(found)) for w, found in windows.items()}
    return scenario, Crowd(tuple(matters), clerks)


def _visitor(passages: list[Passage], facts: HallFacts) -> Visitor | None:
    """A ticket's stages; None for one who left before being called."""
    first = passages[0]
    matters: list[Matter] = []
    missed: float | None = None
    for passage in passages:
        if passage.called is None and passage.ended is None and passage is not first:
            break
        if passage.missed:
            missed = passage.ended
            continue
        back = None if missed is None else max(0.0, passage.ready - missed)
        matters.append(_matter(passage, facts, no_show=missed is not None, back=back))
        missed = None
    if missed is not None:  # called, did not come, never seen again
        matters.append(_matter(passages[-1], facts, no_show=True, back=None))
    if first.called is None:
        return None
    slot = first.slot
    return Visitor(first.ready, tuple(matters), first.privileged and slot is None, slot)


def _matter(passage: Passage, facts: HallFacts, *, no_show: bool, back: float | None) -> Matter:
    called, ended, window = passage.called, passage.ended, passage.window
    minutes, walk = facts.services[passage.service].mean, 0.5
    if called is not None and ended is not None and window is not None and not passage.missed:
        started = passage.started if passage.started is not None else called
        walk = max(0.0, started - called - facts.way(passage.service, window))
        minutes = (ended - started) / facts.slow(passage.service, window)
    return Matter(passage.service, minutes, walk, GAP, no_show, back, transfer=passage.returned)


def _shifts(stretches: list[Stretch]) -> tuple[tuple[float, float], ...]:
    """From opening to closing, pauses included."""
    shifts: list[list[float]] = []
    for stretch in stretches:
        if shifts and stretch.start - shifts[-1][1] < LUNCH:
            shifts[-1][1] = stretch.end
        elif not stretch.paused:
            shifts.append([stretch.start, stretch.end])
    return tuple((a, b) for a, b in shifts)


def _breaks(stretches: list[Stretch]) -> tuple[tuple[float, float], ...]:
    return tuple((s.start, s.end - s.start) for s in stretches if s.paused)


def _gap(record: Record) -> float:
    """How long clerks usually take from a finish to the next call."""
    by_window: dict[str, list[Passage]] = {}
    for passage in record.passages:
        if passage.window is not None:
            by_window.setdefault(passage.window, []).append(passage)
    gaps = []
    for passages in by_window.values():
        passages.sort(key=lambda p: p.called or 0.0)
        for before, after in pairwise(passages):
            gap = (after.called or 0.0) - (before.ended or before.called or 0.0)
            if 0.0 <= gap < TOGETHER:
                gaps.append(gap)
    return median(gaps) if gaps else GAP
