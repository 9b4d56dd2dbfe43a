"""A bench for drivers: one driver, one emulator, a null modem, and an ear for what is said."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.registry import Drive
from firmware_bridge.links.link import Link
from firmware_bridge.links.pair import Damage, pair, whole
from firmware_bridge.words import Heard, Said


class Ear:
    """What a device said and how it was, in order."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.states: list[tuple[Health, str]] = []

    async def say(self, desk: Desk, said: Said) -> None:
        if not isinstance(said, Heard):
            self.said.append(said)

    def tell(self, desk: Desk) -> None:
        self.states.append((desk.health, desk.reason))


@asynccontextmanager
async def bench(
    drive: Drive,
    device: Device,
    serve: Callable[[Link], Awaitable[None]],
    to_device: Damage = whole,
    from_device: Damage = whole,
) -> AsyncIterator[tuple[Desk, Ear, "asyncio.Future[None]"]]:
    """Desk, ear, and the driver's task, which ends when the line is given up."""
    ear = Ear()
    desk = Desk(device, ear.say, ear.tell)
    ours, theirs = pair()
    ours.damage, theirs.damage = to_device, from_device
    driving = asyncio.ensure_future(drive(ours, [desk]))
    serving = asyncio.ensure_future(serve(theirs))
    try:
        yield desk, ear, driving
    finally:
        for task in (driving, serving):
            task.cancel()
        await asyncio.gather(driving, serving, return_exceptions=True)
