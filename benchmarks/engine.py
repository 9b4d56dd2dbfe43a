"""What one call costs in the engine alone, by how many wait: it must not matter how many."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.table import Row, Size
from config.hall import Hall
from config.load import load_hall, shipped
from config.wire.commands import CallNext, Command, IssueTicket, OpenDay, OpenWindow
from config.wire.events import Logged
from queue_server.engine.asked import Asked
from queue_server.engine.decide import decide
from queue_server.engine.evolve import evolve
from queue_server.engine.roles import Actor, Role
from queue_server.engine.state import Day

ADMIN = Actor(Role.ADMIN, "bench")
CALLS = 100
"""Calls of a round."""


class Engine:
    """The engine with a hall and nothing around it: no disk, no clock, no network."""

    def __init__(self, hall: Hall) -> None:
        self.day = Day(hall)
        self._ids: Iterator[int] = count()
        self._now = 1_800_000_000.0
        self.do(OpenDay(id=self.id(), day="2027-01-15"))
        self._now = self.day.midnight + 10 * 3600.0

    def id(self) -> str:
        return f"e{next(self._ids)}"

    def do(self, command: Command) -> float:
        """Decide and fold; the seconds that took."""
        self._now += 0.01
        asked = Asked(command, self._now, ADMIN, f"secret-{command.id}")
        start = time.perf_counter()
        for event in decide(self.day, asked).events:
            row = Logged(
                seq=self.day.seq + 1,
                at=self._now,
                day=self.day.day,
                command=command.id,
                by="bench",
                event=event,
            )
            self.day = evolve(self.day, row)
        return time.perf_counter() - start


async def deciding(_: Path, size: Size) -> list[Row]:
    """Issue and call with few and with very many waiting, at the Dianjiang hall's windows."""
    return await asyncio.to_thread(_deciding, size)


def _deciding(size: Size) -> list[Row]:
    hall = load_hall(shipped("dianjiang"))
    rows: dict[str, list[Row]] = {"issue": [], "call": []}
    for waiting in size.waiting:
        for what, took in _both(hall, waiting, size.rounds).items():
            least = rows[what][0].ours if rows[what] else None
            rows[what].append(
                Row(
                    f"{what} in the engine, {waiting:,} waiting",
                    took,
                    "us p50",
                    least,
                    None if least is None else took / least,
                    most=None if least is None else 2.0,
                )
            )
    return rows["issue"] + rows["call"]


def _both(hall: Hall, waiting: int, rounds: int) -> dict[str, float]:
    engine = Engine(hall)
    windows = [w.id for w in hall.windows if w.callable and not w.temporary]
    for window in windows:
        engine.do(OpenWindow(id=engine.id(), window=window))
    offered = sorted({s for w in windows for s in engine.day.windows[w].services})
    names = (offered[n % len(offered)] for n in count())
    for _ in range(waiting):
        engine.do(IssueTicket(id=engine.id(), service=next(names)))
    issues, calls = [], []
    for n in range(rounds * CALLS):
        issues.append(engine.do(IssueTicket(id=engine.id(), service=next(names))))
        window = windows[n % len(windows)]
        if engine.day.queue.choose(window, engine.day.minutes(engine.day.at)) is not None:
            calls.append(engine.do(CallNext(id=engine.id(), window=window)))
    return {"issue": statistics.median(issues) * 1e6, "call": statistics.median(calls) * 1e6}
