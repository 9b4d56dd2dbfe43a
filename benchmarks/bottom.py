"""What nothing can be quicker than: one synced commit, one QoS 1 round trip."""

import asyncio
import secrets
import sqlite3
import time
from pathlib import Path

import aiomqtt

from benchmarks.load import Figures, figures
from benchmarks.table import Row, Size
from config.wire.mqtt import NO_DELAY
from queue_server.broker import Broker, BrokerAccount, hash_password


async def bottom(folder: Path, size: Size) -> list[Row]:
    """One synced commit, and one QoS 1 round trip, on this machine now."""
    commit = await asyncio.to_thread(_commits, folder / "commit.db", size.each)
    secret = secrets.token_urlsafe(12)
    account = BrokerAccount("ear", "server", hash_password(secret))
    async with (
        Broker(folder / "third", "bare", accounts=[account]) as broker,
        aiomqtt.Client(
            "127.0.0.1",
            broker.port,
            username="ear",
            password=secret,
            identifier="ear",
            socket_options=NO_DELAY,
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
