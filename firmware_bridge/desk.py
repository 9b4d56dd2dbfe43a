"""What a driver is given for one device: orders to carry out, and an ear for what it says."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.words import Figures, Order, Said, Show


class Desk:
    """One device's desk. The bridge puts orders on it, the driver takes them and reports."""

    def __init__(
        self,
        device: Device,
        say: Callable[["Desk", Said], Awaitable[None]],
        tell: Callable[["Desk"], None],
    ) -> None:
        self.device = device
        self.health = Health.UNKNOWN
        self.reason = "not tried yet"
        self.counters: Counter[str] = Counter()
        self._say = say
        self._tell = tell
        self._orders: deque[Order] = deque()
        self._states: dict[type, Order] = {}
        self._news = asyncio.Event()

    async def say(self, said: Said) -> None:
        """Pass on what the device said."""
        await self._say(self, said)

    def report(self, health: Health, reason: str = "") -> None:
        """Say how the device is, in words a technician understands."""
        if (health, reason) != (self.health, self.reason):
            self.health, self.reason = health, reason
            self._tell(self)

    def count(self, faults: Counter[str]) -> None:
        """Add a decoder's `faults` to the device's own count."""
        self.counters.update(faults)

    def order(self, order: Order) -> None:
        """Have the device do something. A newer order of one kind replaces a waiting one."""
        self._orders = deque(o for o in self._orders if type(o) is not type(order))
        self._orders.append(order)
        if isinstance(order, Show | Figures):
            self._states[type(order)] = order
        self._news.set()

    def renew(self) -> None:
        """After a break: what is a state (a sign's text, a pad's figures) must be shown again,
        also when the line broke just while it was being sent."""
        waiting = {type(order) for order in self._orders}
        for order in self._states.values():
            if type(order) not in waiting:
                self.order(order)

    async def ordered_within(self, seconds: float) -> bool:
        """Whether an order comes (or waits already) within that time; it is not taken."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrival()
        return bool(self._orders)

    async def next_order(self) -> Order:
        """The next thing to do; waits for it."""
        await self._arrival()
        return self._orders.popleft()

    async def _arrival(self) -> None:
        while not self._orders:
            self._news.clear()
            await self._news.wait()
