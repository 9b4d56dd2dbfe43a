"""The bare server: nothing but what any durable queue must do, as the measure of ours.

It takes a small JSON request over HTTP, stores one row by group commit (everything that waits in
one synced transaction), optionally publishes one QoS 1 message, and answers. No rules, no accounts,
no views. A process of its own: ``python -m benchmarks.bare DATA PORT [MQTT-PORT USER SECRET]``.
"""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiomqtt
import msgspec
import uvicorn

from config.wire.mqtt import NO_DELAY

FILLER = "x" * 300
"""About as much as a ticket takes in our log."""


class Request(msgspec.Struct):
    id: str
    service: str = ""


class Bare:
    """The ASGI application."""

    def __init__(self, data: Path, broker: tuple[int, str, str] | None) -> None:
        self.rows = 0
        self._broker = broker
        self._mqtt: aiomqtt.Client | None = None
        self._inbox: asyncio.Queue[tuple[Request, asyncio.Future[int]]] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1)
        self._db = sqlite3.connect(data / "bare.db", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("CREATE TABLE t (seq INTEGER PRIMARY KEY, id TEXT, body TEXT)")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        body = (await receive())["body"]
        request = msgspec.json.decode(body, type=Request)
        stored: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait((request, stored))
        answer = msgspec.json.encode({"ok": True, "seq": await stored})
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        writer = asyncio.create_task(self._write())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        writer.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _write(self) -> None:
        if self._broker is None:
            await self._store(None)
            return
        port, user, secret = self._broker
        async with aiomqtt.Client(
            "127.0.0.1",
            port,
            username=user,
            password=secret,
            identifier=user,
            socket_options=NO_DELAY,
        ) as mqtt:
            await self._store(mqtt)

    async def _store(self, mqtt: aiomqtt.Client | None) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._inbox.get()]
            while not self._inbox.empty():
                batch.append(self._inbox.get_nowait())
            await loop.run_in_executor(self._thread, self._commit, [r for r, _ in batch])
            for request, stored in batch:
                self.rows += 1
                if mqtt is not None:
                    await mqtt.publish("hall/bare/event", request.id, qos=1)
                stored.set_result(self.rows)

    def _commit(self, requests: list[Request]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT INTO t (id, body) VALUES (?, ?)", [(r.id, FILLER) for r in requests]
        )
        self._db.execute("COMMIT")


def main() -> None:
    data, port, *broker = sys.argv[1:]
    where = (int(broker[0]), broker[1], broker[2]) if broker else None
    uvicorn.run(
        Bare(Path(data), where),
        host="127.0.0.1",
        port=int(port),
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
