"""`yichuang bench`: what this machine makes of us, beside what it makes of the bare thing.

Machines differ and are noisy, so the figures to look at are ratios, and both sides of each are
measured in turn in the same run. The bare server (`benchmarks.bare`) takes the same requests and
does only what cannot be left out: one synced commit for all that wait and, where there is a bus,
one QoS 1 message.
"""

import asyncio
import contextlib
import secrets
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import aiomqtt
import httpx
import msgspec
import psutil
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.load import Connection, Figures, figures, load
from benchmarks.press import Ear, listening, prepare, press
from benchmarks.program import Program, ask, free_port
from benchmarks.stored import fill
from config.load import load_hall, shipped
from queue_server.broker import Broker, BrokerAccount, hash_password

COMMANDS = "/api/v1/commands"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ratio` is ours over bare; `most` or `least` is the bound it should
    keep, on the ratio if there is one, else on the figure itself."""

    what: str
    ours: float
    unit: str
    bare: float | None = None
    ratio: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the target was kept; None where there is none."""
        value = self.ours if self.ratio is None else self.ratio
        if self.least is not None:
            return value >= self.least
        return None if self.most is None else value <= self.most


@dataclass(frozen=True, slots=True)
class Size:
    """How long to measure."""

    rounds: int
    each: int
    stored: int
    presses: int
    today: int


FULL = Size(rounds=7, each=200, stored=1_000_000, presses=40, today=10_000)
QUICK = Size(rounds=3, each=100, stored=50_000, presses=10, today=2_000)
SMOKE = Size(rounds=1, each=5, stored=200, presses=2, today=50)


class Bare:
    """The bare server as a process."""

    def __init__(self, data: Path, broker: tuple[int, str, str] | None = None) -> None:
        self.port = free_port()
        data.mkdir(parents=True, exist_ok=True)
        where = [str(part) for part in broker or ()]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bare", str(data), str(self.port), *where]
        )
        deadline = time.monotonic() + 20.0
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                httpx.post(f"http://127.0.0.1:{self.port}/", json={"id": "first"})
                return
            time.sleep(0.02)
        raise TimeoutError("the bare server does not answer")

    def stop(self) -> None:
        self._child.send_signal(signal.SIGTERM)
        self._child.wait()


@contextlib.contextmanager
def started(program: Program) -> Iterator[Program]:
    program.start()
    try:
        yield program
    finally:
        program.stop()


@contextlib.contextmanager
def bare(data: Path, broker: tuple[int, str, str] | None = None) -> Iterator[Bare]:
    server = Bare(data, broker)
    try:
        yield server
    finally:
        server.stop()


# -- tickets over HTTP -----------------------------------------------------------------------------


async def _issue(port: int, token: str, clients: int, each: int, mark: str) -> Figures:
    def body(k: int, n: int) -> bytes:
        command = {"kind": "IssueTicket", "id": f"{mark}.{k}.{n}", "service": "social"}
        return msgspec.json.encode(command)

    return await load([Connection(port, COMMANDS, token) for _ in range(clients)], each, body)


async def issuing(folder: Path, size: Size) -> list[Row]:
    """Tickets from 1, 8 and 32 kiosks at once."""
    rows = []
    with started(Program(folder / "ours")) as ours, bare(folder / "bare") as other:
        await _issue(ours.port, ours.token, 8, size.each, "warm")
        await _issue(other.port, "", 8, size.each, "warm")
        for clients in (1, 8, 32):
            pairs = []
            for n in range(size.rounds):
                mark = f"{clients}.{n}"
                mine = await _issue(ours.port, ours.token, clients, size.each, mark)
                pairs.append((mine, await _issue(other.port, "", clients, size.each, mark)))
            rows += _issue_rows(clients, pairs)
        memory = psutil.Process(ours.pid).memory_info().rss / 1e6
        rows.append(Row("memory of the server after that", memory, "MB", most=120.0))
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
            await _issue(program.port, program.token, 8, size.each, "warm")
        for n in range(2 * size.rounds):
            one = await _issue(full.port, full.token, 8, size.each, f"s{n}")
            pairs.append((one, await _issue(empty.port, empty.token, 8, size.each, f"s{n}")))
    ours, other = (statistics.median(p[k].p50 for p in pairs) for k in (0, 1))
    ratio = statistics.median(a.p50 / b.p50 for a, b in pairs)
    what = f"issue with {size.stored:,} stored, against none"
    return [Row(what, ours, "ms p50", other, ratio, most=1.05)]


# -- a press to the bus ----------------------------------------------------------------------------

CLERKS = 32


async def pressing(folder: Path, size: Size) -> list[Row]:
    """From the press of a clerk to the call on the bus, alone and 32 at once."""
    hall = folder / "crowd.toml"
    hall.write_text(crowd(), encoding="utf-8")
    secret = secrets.token_urlsafe(12)
    account = BrokerAccount("bare", "server", hash_password(secret))
    ear = BrokerAccount("ear", "server", hash_password(secret))
    async with Broker(folder / "second", "bare", accounts=[account, ear]) as broker:
        with started(Program(folder / "ours", str(hall), "embedded")) as ours:
            presses = (size.rounds + 1) * size.presses * (CLERKS + 2)
            await asyncio.to_thread(prepare, ours, CLERKS, presses)
            port = int(ours.broker.rpartition(":")[2])
            with bare(folder / "bare", (broker.port, "bare", secret)) as other:
                async with (
                    listening(port, "load", ours.token, "hall/crowd/event") as calls,
                    listening(broker.port, "ear", secret, "hall/bare/event") as echoes,
                ):
                    sides = ((ours.port, ours.token, calls), (other.port, "", echoes))
                    return await _press_rows(sides, size)


async def _press_rows(sides: tuple[tuple[int, str, Ear], ...], size: Size) -> list[Row]:
    rows = []
    for clerks, most in ((1, 2.0), (CLERKS, 1.5)):
        pairs = []
        for n in range(size.rounds):
            pair = [
                await press(port, COMMANDS, token, ear, clerks, size.presses, f"{clerks}.{n}")
                for port, token, ear in sides
            ]
            pairs.append(pair)
        ours, other = (statistics.median(p[k][0].p50 for p in pairs) for k in (0, 1))
        ratio = statistics.median(a[0].p50 / b[0].p50 for a, b in pairs)
        who = "alone" if clerks == 1 else f"{clerks} at once"
        rows.append(Row(f"press to board event, {who}", ours, "ms p50", other, ratio, most=most))
        tails = (statistics.median(p[k][0].p99 for p in pairs) for k in (0, 1))
        mine, bare_tail = tails
        rows.append(Row("  p99", mine, "ms", bare_tail, mine / bare_tail))
        unheard = sum(p[0][1] for p in pairs)
        rows.append(Row("  not seen", float(unheard), "calls", most=0.0))
    return rows


def crowd() -> str:
    """A hall with as many windows as there are clerks who press at once."""
    windows = "".join(
        f'[[windows]]\nid = "W{n:02d}"\nnumber = "{n + 1}"\nzone = "z"\nservices = ["any"]\n'
        for n in range(CLERKS)
    )
    return f"""
[hall]
id = "crowd"
name = {{ zh = "人多的大厅", en = "A crowd" }}
[rules]
hours = ["00:00-24:00"]
[[sites]]
id = "s"
name = {{ zh = "楼" }}
[[areas]]
id = "a"
name = {{ zh = "区" }}
site = "s"
[[zones]]
id = "z"
name = {{ zh = "受理" }}
site = "s"
[[series]]
id = "a"
prefix = "A"
[[services]]
id = "any"
name = {{ zh = "业务" }}
zone = "z"
series = "a"
{windows}"""


# -- what nothing can be quicker than --------------------------------------------------------------


async def bottom(folder: Path, size: Size) -> list[Row]:
    """One synced commit, and one QoS 1 round trip, on this machine now."""
    commit = await asyncio.to_thread(_commits, folder / "commit.db", size.each)
    secret = secrets.token_urlsafe(12)
    account = BrokerAccount("ear", "server", hash_password(secret))
    async with (
        Broker(folder / "third", "bare", accounts=[account]) as broker,
        aiomqtt.Client(
            "127.0.0.1", broker.port, username="ear", password=secret, identifier="ear"
        ) as client,
    ):
        await client.subscribe("hall/bare/event", qos=1)
        times = []
        for n in range(size.each):
            start = time.perf_counter()
            await client.publish("hall/bare/event", str(n), qos=1)
            await anext(aiter(client.messages))
            times.append(time.perf_counter() - start)
    trip = figures(times, 1.0)
    return [
        Row("one synced commit", commit.p50, "ms p50"),
        Row("one QoS 1 round trip", trip.p50, "ms p50"),
    ]


def _commits(path: Path, count: int) -> Figures:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, body TEXT)")
    times = []
    for _ in range(count):
        start = time.perf_counter()
        db.execute("INSERT INTO t (body) VALUES (?)", ("x" * 300,))
        times.append(time.perf_counter() - start)
    db.close()
    return figures(times, sum(times))


# -- start -----------------------------------------------------------------------------------------


async def starting(folder: Path, size: Size) -> list[Row]:
    """From the start of the process to the first answer, with a full day and with an empty one."""
    return await asyncio.to_thread(_starts, folder, size)


def _starts(folder: Path, size: Size) -> list[Row]:
    full, empty = Program(folder / "full"), Program(folder / "empty")
    with started(full), full.client() as client:
        for n in range(size.today):
            ask(client, "IssueTicket", f"t{n}", service="social")
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
    ]


# -- all of it -------------------------------------------------------------------------------------

SECTIONS = {
    "bottom": bottom,
    "issue": issuing,
    "press": pressing,
    "stored": stored,
    "start": starting,
}


async def measure(only: str | None, size: Size, progress: Progress) -> list[Row]:
    """Run the sections, one after the other."""
    wanted = [name for name in SECTIONS if only in (None, name)]
    rows: list[Row] = []
    task = progress.add_task("", total=len(wanted))
    for name in wanted:
        progress.update(task, description=name)
        with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as folder:
            rows += await SECTIONS[name](Path(folder), size)
        progress.advance(task)
    return rows


def table(rows: list[Row]) -> Table:
    shown = Table(title="yichuang bench", caption="ratio = ours / bare, measured in turn")
    for column in ("what", "ours", "bare", "unit", "ratio", "target", ""):
        shown.add_column(column, justify="left" if column in ("what", "unit") else "right")
    for row in rows:
        bound = "" if row.least is None else f">= {row.least:g}"
        bound = bound if row.most is None else f"<= {row.most:g}"
        mark = {True: "[green]kept", False: "[red]missed", None: ""}[row.kept]
        shown.add_row(
            row.what,
            f"{row.ours:,.2f}",
            "" if row.bare is None else f"{row.bare:,.2f}",
            row.unit,
            "" if row.ratio is None else f"{row.ratio:.2f}",
            bound,
            mark,
        )
    return shown


def main(json: Path | None = None, *, quick: bool = False, only: str | None = None) -> int:
    """Measure, print, and return 0 when every target was kept."""
    load_hall(shipped("demo"))
    console = Console()
    with Progress(console=console, transient=True) as progress:
        rows = asyncio.run(measure(only, QUICK if quick else FULL, progress))
    console.print(table(rows))
    if json is not None:
        lines = [{**asdict(row), "kept": row.kept} for row in rows]
        json.write_bytes(msgspec.json.format(msgspec.json.encode(lines)))
    return 0 if all(row.kept is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(quick="--quick" in sys.argv))
