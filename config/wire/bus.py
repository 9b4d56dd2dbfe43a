"""The bus as every part sees it. Implementations: `LocalBus` here, `MqttBus` in `wire.mqtt`.

State topics are retained: a subscriber gets the last message at once, and again after every
reconnect. Happenings are not. Delivery is at least once while the line is up and nothing is
promised while it is down: whoever needs an answer asks again with the same command id (`ask`).
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from config.wire.end import MAX_PAYLOAD as MAX_PAYLOAD
from config.wire.end import BusEnd, encode
from config.wire.end import Delivery as Delivery
from config.wire.end import TooLargeError as TooLargeError
from config.wire.topics import Topic

M = TypeVar("M")

Will = tuple[Topic[Any], Any]
"""What everybody is told when a client goes, on its own or not: a topic and its message."""


class Bus(Protocol):
    """What a part may do with the bus."""

    @property
    def client(self) -> str:
        """Own name on the bus, unique in the hall."""

    @property
    def up(self) -> bool:
        """Whether the line to the broker stands now."""

    @property
    def refused(self) -> int:
        """Messages dropped because they were not of their topic's type."""

    async def publish(self, topic: Topic[M], message: M) -> None:
        """Send; while the line is down the newest of each retained topic is kept for later and
        anything else is dropped.

        Returns when the message is on its way, not when it has arrived. What was published last
        on each retained topic is published again whenever the line comes back, because the
        broker is a messenger and never a store.

        Raises:
            TooLargeError: over `MAX_PAYLOAD` bytes.
        """

    def subscribe(
        self, *topics: Topic[Any]
    ) -> AbstractAsyncContextManager[AsyncIterator[Delivery]]:
        """Messages of `topics` as they come, for as long as the context is open.

        A reader a thousand messages behind loses outdated states first, then the older half of
        the happenings; in that case `line` says down and up, and the states come once more.
        """

    def line(self) -> AbstractAsyncContextManager[AsyncIterator[bool]]:
        """The line going up (True) and down (False), beginning with how it is now.

        True comes when subscriptions stand again. Whoever lives on happenings looks at the
        retained state, or asks the server, each time it comes.
        """


class LocalBus:
    """A bus inside one process, with the manners of MQTT: messages are bytes on the way, states
    are retained, and the line can be cut.

        switchboard = LocalBus()
        server, board = switchboard.attach("server"), switchboard.attach("board-1")
    """

    def __init__(self) -> None:
        self._retained: dict[str, bytes] = {}
        self._ends: dict[str, _LocalEnd] = {}
        self._alive = True

    def attach(self, client: str, *, will: Will | None = None) -> Bus:
        """The end of `client`. A second one of that name takes the first one's place."""
        if client in self._ends:
            self.cut(client)
        end = self._ends[client] = _LocalEnd(client, self, will)
        if self._alive:
            self.mend(client)
        return end

    def cut(self, client: str | None = None) -> None:
        """Cut the line of one client, so that the others get its will; or stop the whole
        switchboard, which forgets what it retained."""
        if client is None:
            self._alive = False
            self._retained.clear()
            for end in self._ends.values():
                end._went(up=False)
            return
        end = self._ends[client]
        if end.up:
            end._went(up=False)
            end._leave()

    def mend(self, client: str | None = None) -> None:
        """Undo `cut`."""
        if client is None:
            self._alive = True
        for name in [client] if client is not None else list(self._ends):
            self._ends[name]._come_back()

    def _carry(self, path: str, payload: bytes, retained: bool) -> None:
        if retained and payload:
            self._retained[path] = payload
        for end in self._ends.values():
            if end.up:
                end._receive(path, payload, False)

    def _states(self, paths: Iterable[str]) -> list[tuple[str, bytes]]:
        wanted = [Topic(path, bytes) for path in paths]
        return [
            (path, payload)
            for path, payload in self._retained.items()
            if any(topic.matches(path) for topic in wanted)
        ]


class _LocalEnd(BusEnd):
    def __init__(self, client: str, switchboard: LocalBus, will: Will | None) -> None:
        super().__init__(client)
        self._switchboard = switchboard
        self._will = will

    def _come_back(self) -> None:
        if self._up:
            return
        self._up = True
        self._refresh(self._wanted())
        for path, payload in self._kept.items():
            self._switchboard._carry(path, payload, True)
        self._tell(up=True)

    def _leave(self) -> None:
        if self._will is not None:
            topic, message = self._will
            self._switchboard._carry(topic.path, encode(topic, message), topic.retained)

    async def _send(self, path: str, payload: bytes, retained: bool) -> None:
        self._switchboard._carry(path, payload, retained)
        await asyncio.sleep(0)  # as over a network, readers get their turn between two messages

    async def _want(self, paths: Iterable[str]) -> None:
        self._refresh(paths)

    def _refresh(self, paths: Iterable[str]) -> None:
        if self._up:
            for path, payload in self._switchboard._states(paths):
                self._receive(path, payload, True)

    def _unwant(self, paths: Iterable[str]) -> None:
        """Who has no inbox gets nothing."""
