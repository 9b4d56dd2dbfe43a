"""From the press of a clerk to the call on the bus: ours, and the bare server's own message."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiomqtt
import msgspec

from benchmarks.load import Connection, Figures, figures
from benchmarks.program import Program, ask
from config.wire.events import Called, Happening
from config.wire.mqtt import NO_DELAY

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


def prepare(program: Program, windows: int, tickets: int) -> None:
    """Tickets to call, and `windows` open windows that all may call them."""
    with program.client() as client:
        for n in range(windows):
            ask(client, "OpenWindow", f"open{n}", window=f"W{n:02d}")
        for n in range(tickets):
            ask(client, "IssueTicket", f"waiting{n}", service="any")


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
