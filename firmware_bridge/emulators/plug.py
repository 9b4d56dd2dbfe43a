"""An emulator at the other end of a null modem, so that a driver finds it where a port would be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.links.pair import Damage, pair, whole

Serve = Callable[[Link], Awaitable[None]]
Connect = Callable[[], Awaitable[Link]]


@asynccontextmanager
async def plugged(
    serve: Serve, *, to_device: Damage = whole, from_device: Damage = whole
) -> AsyncIterator[Connect]:
    """A way to connect to the emulator whose `run` is `serve`, again after every break."""
    running: list[asyncio.Task[None]] = []

    async def until_unplugged(link: Link) -> None:
        with suppress(LinkError):
            await serve(link)

    async def connect() -> Link:
        await _stop(running)
        ours, theirs = pair("emulator")
        ours.damage, theirs.damage = to_device, from_device
        running.append(asyncio.create_task(until_unplugged(theirs)))
        return ours

    try:
        yield connect
    finally:
        await _stop(running)


async def _stop(running: list[asyncio.Task[None]]) -> None:
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    running.clear()
