"""The bus as every part sees it. Implementations: `LocalBus` here, `MqttBus` in `wire.mqtt`.

State topics are retained: a subscriber gets the last message at once, and again after every
reconnect. Happenings are not. Delivery is at least once while the line is up and nothing is
promised while it is down: whoever needs an answer asks again with the same command id (`ask`).
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from config.wire.topics import Topic

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it arrived; `message` is of the topic's type."""

    path: str
    message: Any
    retained: bool = False


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
        anything else is dropped."""

    def subscribe(
        self, *topics: Topic[Any]
    ) -> AbstractAsyncContextManager[AsyncIterator[Delivery]]:
        """Messages of `topics` as they come, for as long as the context is open."""

    def line(self) -> AbstractAsyncContextManager[AsyncIterator[bool]]:
        """The line going up (True) and down (False), beginning with how it is now."""
