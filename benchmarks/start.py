"""From the start of the process to its first answer, with a full day and with an empty one."""

import asyncio
import statistics
import time
from pathlib import Path

import psutil

from benchmarks.program import Program, ask, started
from benchmarks.table import Row, Size


async def starting(folder: Path, size: Size) -> list[Row]:
    """From the start of the process to the first answer, with a full day and with an empty one."""
    return await asyncio.to_thread(_starts, folder, size)


def _starts(folder: Path, size: Size) -> list[Row]:
    full, empty = Program(folder / "full"), Program(folder / "empty")
    with started(full), full.client() as client:
        for n in range(size.today):
            ask(client, "IssueTicket", f"t{n}", service="social")
        memory = psutil.Process(full.pid).memory_info().rss / 1e6
    times: dict[str, list[float]] = {"full": [], "empty": []}
    for _ in range(size.rounds):
        for name, program in (("full", full), ("empty", empty)):
            start = time.perf_counter()
            program.start()
            times[name].append(time.perf_counter() - start)
            program.stop()
    ours, other = (statistics.median(times[name]) for name in ("full", "empty"))
    return [
        Row(f"restart with {size.today:,} tickets today", ours, "s", other, ours / other),
        Row("  of which for the tickets", ours - other, "s", most=1.0),
        Row("memory of the server with them", memory, "MB", most=120.0),
    ]
