"""One client's end of a bus: what `LocalBus` and `MqttBus` have in common.

A carrier below it moves bytes and says when the line goes up or down; everything a part can see
of the bus happens here, once: encoding and strict decoding, who among the readers gets what, what
is kept for the next time the line comes up, and what happens to a reader that is too slow.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import msgspec

from config.wire.topics import Topic

M = TypeVar("M")

MAX_PAYLOAD = 60_000
"""Bytes of one message. The broker cuts a client off that sends a packet over 65,536."""

MAX_WAITING = 1_000
"""Messages that wait for one reader before it counts as too slow."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it arrived; `message` is of the topic's type."""

    path: str
    message: Any
    retained: bool = False
    """It was already there when this client asked, and is not news."""


class TooLargeError(ValueError):
    """The message has more than `MAX_PAYLOAD` bytes; it was not sent."""


def encode(topic: Topic[M], message: M) -> bytes:
    """The bytes of `message`.

    Raises:
        TooLargeError: over `MAX_PAYLOAD` bytes.
        TypeError: something in it cannot be sent.
    """
    payload = msgspec.json.encode(message)
    if len(payload) > MAX_PAYLOAD:
        raise TooLargeError(f"{len(payload)} bytes on {topic.path}, {MAX_PAYLOAD} at most")
    return payload


def decode(topic: Topic[M], payload: bytes) -> M:
    """The message in `payload`; a `msgspec.Raw` topic gets the bytes unread.

    Raises:
        ValueError: the bytes are no message of this topic.
    """
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(f"{len(payload)} bytes")
    if topic.kind is msgspec.Raw:
        return cast(M, msgspec.Raw(payload))
    try:
        return msgspec.json.decode(payload, type=topic.kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None


class _Queue(Generic[M]):
    """A queue read by ``async for``; the subclasses say what happens when it gets long."""

    def __init__(self) -> None:
        self._waiting: deque[M] = deque()
        self._arrived = asyncio.Event()

    def __aiter__(self) -> AsyncIterator[M]:
        return self

    async def __anext__(self) -> M:
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting.popleft()

    def _append(self, thing: M) -> None:
        self._waiting.append(thing)
        self._arrived.set()


class Inbox(_Queue[Delivery]):
    """What waits for one reader.

    A reader over `limit` behind first loses states that a newer one of the same path has made
    worthless; if that is not enough, the older half of the happenings. The newest state of each
    path is never lost.
    """

    def __init__(self, topics: Collection[Topic[Any]], limit: int = MAX_WAITING) -> None:
        super().__init__()
        self.topics = tuple(topics)
        self._limit = limit

    def topic_of(self, path: str) -> Topic[Any] | None:
        return next((topic for topic in self.topics if topic.matches(path)), None)

    def put(self, delivery: Delivery) -> bool:
        """Append; False when happenings had to be thrown away for it."""
        self._append(delivery)
        return len(self._waiting) <= self._limit or self._shorten()

    def _shorten(self) -> bool:
        kept: deque[Delivery] = deque()
        states: set[str] = set()
        happenings = 0
        for delivery in reversed(self._waiting):
            topic = self.topic_of(delivery.path)
            if topic is not None and topic.retained:
                if delivery.path in states:
                    continue
                states.add(delivery.path)
            else:
                happenings += 1
                if happenings > self._limit // 2:
                    continue
            kept.appendleft(delivery)
        self._waiting = kept
        return happenings <= self._limit // 2


class LineWatch(_Queue[bool]):
    """The line's ups and downs for one reader, who sees every change of direction but not every
    flicker: a down and an up that nobody has read yet are not repeated."""

    def __init__(self, now: bool) -> None:
        super().__init__()
        self._last = now
        self._append(now)

    def put(self, up: bool) -> None:
        if up == self._last:
            return
        self._last = up
        if len(self._waiting) > 2:
            self._waiting.pop()
        else:
            self._append(up)


class BusEnd(ABC):
    """A `Bus` without its carrier."""

    def __init__(self, client: str) -> None:
        self._client = client
        self._up = False
        self._refused = 0
        self._kept: dict[str, bytes] = {}
        self._inboxes: list[Inbox] = []
        self._watches: list[LineWatch] = []

    @property
    def client(self) -> str:
        return self._client

    @property
    def up(self) -> bool:
        return self._up

    @property
    def refused(self) -> int:
        return self._refused

    async def publish(self, topic: Topic[M], message: M) -> None:
        if "+" in topic.path:
            raise ValueError(f"cannot publish to many paths: {topic.path}")
        payload = encode(topic, message)
        if topic.retained:
            self._kept[topic.path] = payload
        if self._up:
            await self._send(topic.path, payload, topic.retained)

    @asynccontextmanager
    async def subscribe(self, *topics: Topic[Any]) -> AsyncIterator[AsyncIterator[Delivery]]:
        inbox = Inbox(topics)
        self._inboxes.append(inbox)
        try:
            await self._want([topic.path for topic in topics])
            yield inbox
        finally:
            self._inboxes.remove(inbox)
            self._unwant({topic.path for topic in topics} - self._wanted())

    @asynccontextmanager
    async def line(self) -> AsyncIterator[AsyncIterator[bool]]:
        watch = LineWatch(self._up)
        self._watches.append(watch)
        try:
            yield watch
        finally:
            self._watches.remove(watch)

    def _wanted(self) -> set[str]:
        return {topic.path for inbox in self._inboxes for topic in inbox.topics}

    def _receive(self, path: str, payload: bytes, retained: bool) -> None:
        """A message came in. Nothing in it may raise here: it would stop the whole line."""
        good = True
        for inbox in self._inboxes:
            topic = inbox.topic_of(path)
            if topic is None:
                continue
            try:
                message = decode(topic, payload)
            except ValueError:
                good = False
                continue
            if not inbox.put(Delivery(path, message, retained)):
                self._resync(inbox)
        self._refused += not good

    def _resync(self, inbox: Inbox) -> None:
        """Happenings were lost on the way to a slow reader: to every reader it looks as if the
        line had flickered, which they must be able to bear anyway."""
        self._tell(up=False)
        self._tell(up=True)
        self._refresh([topic.path for topic in inbox.topics if topic.retained])

    def _went(self, *, up: bool) -> None:
        if up != self._up:
            self._up = up
            self._tell(up=up)

    def _tell(self, *, up: bool) -> None:
        for watch in self._watches:
            watch.put(up)

    @abstractmethod
    async def _send(self, path: str, payload: bytes, retained: bool) -> None:
        """Hand one message to the carrier; the line is up."""

    @abstractmethod
    async def _want(self, paths: Iterable[str]) -> None:
        """Begin to receive `paths` and the retained messages there; returns when that holds, or
        at once when the line is down."""

    @abstractmethod
    def _refresh(self, paths: Iterable[str]) -> None:
        """Have the retained messages of `paths` sent again."""

    @abstractmethod
    def _unwant(self, paths: Iterable[str]) -> None:
        """Nobody here reads `paths` any more."""
