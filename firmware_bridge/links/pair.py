"""A null modem in memory: two ends joined, with a hook that damages what passes.

The hook sees every piece written by one end and answers what the other end shall get: the pieces,
in order, with pauses (seconds) between them. ``[]`` drops, ``[data, data]`` doubles,
``[0.2, data]`` delays, ``[data[:3], data[3:]]`` splits, ``[flip(data)]`` corrupts.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from firmware_bridge.links.link import LinkError

Damage = Callable[[bytes], Iterable[bytes | float]]


def whole(data: bytes) -> Iterable[bytes | float]:
    """No damage."""
    return (data,)


class End:
    """One end of the null modem; `damage` is done to what this end writes."""

    def __init__(self, name: str) -> None:
        self.damage: Damage = whole
        self._name = name
        self._inbox: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._cut = False
        self._other: End = self
        self._clear_at = 0.0

    def join(self, other: "End") -> None:
        self._other, other._other = other, self

    async def read(self) -> bytes:
        while not self._inbox:
            if self._cut:
                raise LinkError(f"{self._name}: unplugged")
            self._news.clear()
            await self._news.wait()
        return self._inbox.popleft()

    async def write(self, data: bytes) -> None:
        if self._cut:
            raise LinkError(f"{self._name}: unplugged")
        loop = asyncio.get_running_loop()
        at = max(loop.time(), self._clear_at)
        for piece in self.damage(bytes(data)):
            if isinstance(piece, float):
                at += piece
            elif at <= loop.time():
                self._other._arrive(piece)
            else:
                loop.call_at(at, self._other._arrive, piece)
        self._clear_at = at

    async def close(self) -> None:
        """Pull the plug on both ends."""
        for end in (self, self._other):
            end._cut = True
            end._news.set()

    def _arrive(self, piece: bytes) -> None:
        if piece and not self._cut:
            self._inbox.append(piece)
            self._news.set()


def pair(name: str = "null modem") -> tuple[End, End]:
    """Two ends: give one to a driver and one to an emulator."""
    left, right = End(name), End(name)
    left.join(right)
    return left, right
