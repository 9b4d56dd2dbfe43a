"""A load of many clients over plain HTTP/1.1: one connection each, one request after another."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

REQUEST = (
    "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    "authorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; times in milliseconds."""

    count: int
    seconds: float
    p50: float
    p99: float
    longest: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.count / self.seconds


def figures(times: list[float], seconds: float) -> Figures:
    """Summarise single times (seconds) of a load that took `seconds`."""
    ordered = sorted(t * 1000.0 for t in times)
    return Figures(
        count=len(ordered),
        seconds=seconds,
        p50=statistics.median(ordered),
        p99=ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
        longest=ordered[-1],
    )


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int, path: str, token: str = "") -> None:
        self._port = port
        self._path = path
        self._token = token

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def post(self, body: bytes) -> bytes:
        """Send `body` and return the body of the answer."""
        head = REQUEST.format(path=self._path, token=self._token, length=len(body))
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in answer.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return await self._reader.readexactly(length)


async def load(
    connections: list[Connection], each: int, body: Callable[[int, int], bytes]
) -> Figures:
    """Every connection sends `each` requests; `body(connection, n)` makes them."""
    times: list[float] = []

    async def client(k: int, connection: Connection) -> None:
        async with connection:
            for n in range(each):
                request = body(k, n)
                start = time.perf_counter()
                await connection.post(request)
                times.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(client(k, c) for k, c in enumerate(connections)))
    return figures(times, time.perf_counter() - start)
