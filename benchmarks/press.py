"""From the press of a clerk to the call on the bus: ours, and the bare server's own message."""

import asyncio
import secrets
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import msgspec

from benchmarks.issue import issue
from benchmarks.load import Connection, Figures, figures
from benchmarks.program import COMMANDS, Program, ask, bare, started
from benchmarks.table import Row, Size
from config.wire.events import Called, Happening
from config.wire.mqtt import NO_DELAY
from queue_server.broker import Broker, BrokerAccount, hash_password

Heard = dict[str, "asyncio.Future[float]"]


class Ear:
    """When each thing was heard, by name."""

    def __init__(self) -> None:
        self._heard: Heard = {}

    def at(self, name: str) -> "asyncio.Future[float]":
        """Done with the time when `name` is heard."""
        return self._heard.setdefault(name, asyncio.get_running_loop().create_future())

    def hear(self, name: str) -> None:
        if not self.at(name).done():
            self.at(name).set_result(time.perf_counter())


@asynccontextmanager
async def listening(port: int, user: str, secret: str, topic: str) -> AsyncIterator[Ear]:
    """An ear on `topic`: calls by their number, anything else by its text."""
    ear = Ear()

    async def listen(client: aiomqtt.Client) -> None:
        async for message in client.messages:
            ear.hear(_name(bytes(message.payload)))

    async with aiomqtt.Client(
        "127.0.0.1", port, username=user, password=secret, identifier=user, socket_options=NO_DELAY
    ) as client:
        await client.subscribe(topic, qos=1)
        task = asyncio.create_task(listen(client))
        yield ear
        task.cancel()
        await asyncio.wait([task])


def _name(payload: bytes) -> str:
    try:
        news = msgspec.json.decode(payload, type=Happening).news
    except msgspec.MsgspecError:
        return payload.decode()
    return news.number if isinstance(news, Called) else ""


def open_windows(program: Program, windows: int) -> None:
    """Open `windows` windows of the `crowd`, each for everybody."""
    with program.client() as client:
        for n in range(windows):
            ask(client, "OpenWindow", f"open{n}", window=f"W{n:02d}")


async def press(
    port: int, path: str, token: str, ear: Ear, windows: int, each: int, mark: str
) -> tuple[Figures, int]:
    """`windows` clerks press at once, `each` times; the figures, and how many were not heard."""
    times: list[float] = []
    unheard = 0

    async def clerk(k: int) -> None:
        nonlocal unheard
        async with Connection(port, path, token) as connection:
            for n in range(each):
                id = f"{mark}.{k}.{n}"
                body = {"kind": "CallNext", "id": id, "window": f"W{k:02d}"}
                start = time.perf_counter()
                answer = msgspec.json.decode(await connection.post(msgspec.json.encode(body)))
                name = answer["result"]["number"] if "result" in answer else id
                try:
                    async with asyncio.timeout(5.0):
                        times.append(await ear.at(name) - start)
                except TimeoutError:
                    unheard += 1

    start = time.perf_counter()
    await asyncio.gather(*(clerk(k) for k in range(windows)))
    return figures(times, time.perf_counter() - start), unheard


CLERKS = 32
LONGER = 5
"""Times the presses of one clerk of many that a lone one makes; they take a millisecond each."""


async def pressing(folder: Path, size: Size) -> list[Row]:
    """From the press of a clerk to the call on the bus, alone and 32 at once."""
    hall = folder / "crowd.toml"
    hall.write_text(crowd(), encoding="utf-8")
    secret = secrets.token_urlsafe(12)
    account = BrokerAccount("bare", "server", hash_password(secret))
    ear = BrokerAccount("ear", "server", hash_password(secret))
    async with Broker(folder / "second", "bare", accounts=[account, ear]) as broker:
        with started(Program(folder / "ours", str(hall), "embedded")) as ours:
            await asyncio.to_thread(open_windows, ours, CLERKS)
            port = int(ours.broker.rpartition(":")[2])
            with bare(folder / "bare", (broker.port, "bare", secret)) as other:
                async with (
                    listening(port, "load", ours.token, "hall/crowd/event") as calls,
                    listening(broker.port, "ear", secret, "hall/bare/event") as echoes,
                ):
                    sides = ((ours.port, ours.token, calls), (other.port, "", echoes))
                    return await _press_rows(ours, sides, size)


async def _press_rows(
    program: Program, sides: tuple[tuple[int, str, Ear], ...], size: Size
) -> list[Row]:
    rows = []
    for clerks, most in ((1, 2.0), (CLERKS, 1.5)):
        pairs = []
        each = size.presses * (LONGER if clerks == 1 else 1)
        for n in range(size.rounds):
            await issue(program, clerks, each, f"for{clerks}.{n}", "any")
            pair = [
                await press(port, COMMANDS, token, ear, clerks, each, f"{clerks}.{n}")
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
