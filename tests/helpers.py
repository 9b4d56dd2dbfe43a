"""What many tests need: free ports, and waiting for a thing instead of for a time."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds after which a test says that something never happened. Never a measure of speed."""


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


async def wait_until(
    true: Callable[[], object], what: str = "it", *, within: float = PATIENCE
) -> None:
    """Return as soon as `true()` is; for what signals nothing by itself."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within} s for {what}")
        await asyncio.sleep(0.01)


def wait_until_sync(
    true: Callable[[], object], what: str = "it", *, within: float = PATIENCE
) -> None:
    """`wait_until` for tests without an event loop."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within} s for {what}")
        time.sleep(0.01)


async def next_of(things: AsyncIterator[T], *, within: float = PATIENCE) -> T:
    """The next thing to come."""
    async with asyncio.timeout(within):
        return await anext(things)


async def take(things: AsyncIterator[T], count: int, *, within: float = PATIENCE) -> list[T]:
    """The next `count` things to come."""
    async with asyncio.timeout(within):
        return [await anext(things) for _ in range(count)]


async def take_until(
    things: AsyncIterator[T], good: Callable[[T], object], *, within: float = PATIENCE
) -> T:
    """The first thing to come that is `good`; those before it are thrown away."""
    async with asyncio.timeout(within):
        while True:
            thing = await anext(things)
            if good(thing):
                return thing


async def nothing_from(things: AsyncIterator[T], *, during: float = 0.2) -> None:
    """Fail if anything comes within `during` seconds."""
    try:
        async with asyncio.timeout(during):
            thing = await anext(things)
    except TimeoutError:
        return
    raise AssertionError(f"nothing should have come, but {thing!r} did")
