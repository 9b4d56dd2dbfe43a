"""A device that already speaks MQTT: its topics as a line.

What it says on `up` is read, what is written goes to `down`. Retained messages are old news and
are dropped, except on ``.../availability``, which is a state.
"""

import asyncio
import contextlib
from collections import deque

import msgspec

from config.wire.bus import Bus
from config.wire.topics import Topic
from firmware_bridge.links.link import LinkError


class BusLink:
    """One message is one read, one write is one message."""

    def __init__(self, bus: Bus, up: tuple[str, ...], down: str = "") -> None:
        self._bus = bus
        self._up = [Topic(path, msgspec.Raw) for path in up]
        self._down = Topic(down, msgspec.Raw) if down else None
        self._inbox: deque[bytes] = deque(maxlen=100)
        self._news = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to listen."""
        ready = asyncio.Event()
        self._reader = asyncio.create_task(self._listen(ready))
        await ready.wait()

    async def read(self) -> bytes:
        while not self._inbox:
            if self._reader is None:
                raise LinkError(f"{self._up[0].path}: closed")
            self._news.clear()
            await self._news.wait()
        return self._inbox.popleft()

    async def write(self, data: bytes) -> None:
        if self._down is not None:
            await self._bus.publish(self._down, msgspec.Raw(data))

    async def close(self) -> None:
        reader, self._reader = self._reader, None
        self._news.set()
        if reader is not None:
            reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reader

    async def _listen(self, ready: asyncio.Event) -> None:
        async with self._bus.subscribe(*self._up) as deliveries:
            ready.set()
            async for delivery in deliveries:
                if delivery.retained and not delivery.path.endswith("/availability"):
                    continue
                self._inbox.append(bytes(delivery.message))
                self._news.set()
