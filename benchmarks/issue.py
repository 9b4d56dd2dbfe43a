"""Tickets over HTTP, beside the bare server, and beside ourselves with very many stored."""

import asyncio
import statistics
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil

from benchmarks.load import Connection, Figures, load
from benchmarks.program import COMMANDS, Bare, Program, bare, started
from benchmarks.stored import fill
from benchmarks.table import Row, Size


async def issue(
    server: Program | Bare, clients: int, each: int, mark: str, service: str = "social"
) -> Figures:
    """`clients` kiosks ask for `each` tickets, one after another."""

    def body(k: int, n: int) -> bytes:
        command = {"kind": "IssueTicket", "id": f"{mark}.{k}.{n}", "service": service}
        return msgspec.json.encode(command)

    kiosks = [Connection(server.port, COMMANDS, server.token) for _ in range(clients)]
    return await load(kiosks, each, body)


async def issuing(folder: Path, size: Size) -> list[Row]:
    """Tickets from 1, 8 and 32 kiosks at once."""
    rows = []
    with started(Program(folder / "ours")) as ours, bare(folder / "bare") as other:
        await issue(ours, 8, size.each, "warm")
        await issue(other, 8, size.each, "warm")
        for clients in (1, 8, 32):
            pairs = []
            for n in range(size.rounds):
                mark = f"{clients}.{n}"
                mine = await issue(ours, clients, size.each, mark)
                pairs.append((mine, await issue(other, clients, size.each, mark)))
            rows += _issue_rows(clients, pairs)
        memory = psutil.Process(ours.pid).memory_info().rss / 1e6
        tickets = size.rounds * size.each * (1 + 8 + 32)
        rows.append(Row(f"memory with these {tickets:,} tickets", memory, "MB"))
    return rows


def _issue_rows(clients: int, pairs: list[tuple[Figures, Figures]]) -> list[Row]:
    def middle(of: Callable[[Figures], float]) -> tuple[float, float, float]:
        ours, others = [of(a) for a, _ in pairs], [of(b) for _, b in pairs]
        ratios = [a / b for a, b in zip(ours, others, strict=True)]
        return statistics.median(ours), statistics.median(others), statistics.median(ratios)

    rate, rate_bare, ratio = middle(lambda f: f.rate)
    p50, p50_bare, p50_ratio = middle(lambda f: f.p50)
    p99, p99_bare, p99_ratio = middle(lambda f: f.p99)
    who = f"{clients} kiosk" + ("s" if clients > 1 else "")
    return [
        Row(f"issue from {who}", rate, "tickets/s", rate_bare, ratio, least=0.7),
        Row("  p50", p50, "ms", p50_bare, p50_ratio),
        Row("  p99", p99, "ms", p99_bare, p99_ratio),
    ]


async def stored(folder: Path, size: Size) -> list[Row]:
    """Issuing with very many stored tickets against none."""
    full, empty = Program(folder / "full"), Program(folder / "empty")
    await asyncio.to_thread(fill, full.data, size.stored)
    pairs = []
    with started(full), started(empty):
        for program in (full, empty):
            await issue(program, 8, size.each, "warm")
        for n in range(2 * size.rounds):
            one = await issue(full, 8, size.each, f"s{n}")
            pairs.append((one, await issue(empty, 8, size.each, f"s{n}")))
    ours, other = (statistics.median(p[k].p50 for p in pairs) for k in (0, 1))
    ratio = statistics.median(a.p50 / b.p50 for a, b in pairs)
    what = f"issue with {size.stored:,} stored, against none"
    return [Row(what, ours, "ms p50", other, ratio, most=1.05)]
