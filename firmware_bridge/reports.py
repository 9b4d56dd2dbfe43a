"""How each device is, on its retained status topic."""

import asyncio
from collections.abc import Callable, Collection

from config.hall import Hall
from config.wire import topics
from config.wire.bus import Bus
from config.wire.devices import DeviceStatus
from firmware_bridge.desk import Desk

COUNTERS_SECONDS = 30.0


class Reports:
    """Publishes a device's status when it changes, and its counters now and then."""

    def __init__(self, hall: Hall, bus: Bus, now: Callable[[], float]) -> None:
        self._hall, self._bus, self._now = hall, bus, now
        self._since: dict[str, float] = {}
        self._counted: dict[str, dict[str, int]] = {}
        self._changed: dict[str, Desk] = {}
        self._news = asyncio.Event()

    def tell(self, desk: Desk) -> None:
        """`desk` is not as it was."""
        self._since[desk.device.id] = self._now()
        self._again(desk)

    async def publish(self) -> None:
        """Publish what changed, for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            changed, self._changed = self._changed, {}
            for desk in changed.values():
                await self._publish(desk)

    async def count(self, desks: Collection[Desk]) -> None:
        """Counters that grew are published now and then, not with every bad byte."""
        while True:
            await asyncio.sleep(COUNTERS_SECONDS)
            for desk in desks:
                if self._counted.get(desk.device.id) != _counters(desk):
                    self._again(desk)

    def _again(self, desk: Desk) -> None:
        self._changed[desk.device.id] = desk
        self._news.set()

    async def _publish(self, desk: Desk) -> None:
        name = desk.device.id
        self._counted[name] = _counters(desk)
        status = DeviceStatus(
            device=name,
            health=desk.health,
            reason=desk.reason,
            since=self._since[name],
            counters=self._counted[name],
        )
        await self._bus.publish(topics.device_status(self._hall.id, name), status)


def _counters(desk: Desk) -> dict[str, int]:
    return {key: count for key, count in desk.counters.items() if count}
