"""The bridge service: every device of the hall on the bus, except those that hang on a kiosk.

    press on a pad -> commands;  reply -> the pad's display
    window view -> what the sign says -> the sign's bytes;  acknowledged -> "shown"

Each line (serial port, network address) has a supervised task of its own; what a device says and
how it is goes out on the device's topics.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import AsyncExitStack

from config.hall import Device, Hall
from config.wire import topics
from config.wire.ask import Asker
from config.wire.bus import Bus
from config.wire.devices import DeviceIn, DeviceOut, Health
from config.wire.views import WindowView
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.registry import DRIVERS, Drive, emulator_of
from firmware_bridge.emulators.plug import plugged
from firmware_bridge.links.bus import BusLink
from firmware_bridge.links.link import Link
from firmware_bridge.links.open import open_link
from firmware_bridge.presses import Presses
from firmware_bridge.reports import Reports
from firmware_bridge.sign import sign, strip_of
from firmware_bridge.supervise import keep
from firmware_bridge.tasks import together
from firmware_bridge.words import (
    AskRating,
    Beep,
    Figures,
    Heard,
    Light,
    Pressed,
    Rated,
    Said,
    Show,
    Shown,
)

SHOWN_SECONDS = 3.0
"""A sign that has not acknowledged a call by then has not shown it."""

MeetEmulator = Callable[[Device, object], None]


async def run(
    hall: Hall,
    bus: Bus,
    *,
    only: Collection[str] | None = None,
    emulators: MeetEmulator | None = None,
    now: Callable[[], float] = time.time,
) -> None:
    """Serve the devices of `hall` (or just those named in `only`) until cancelled.

    `emulators` is told of each emulated device, so that a demonstration or a test can press its
    keys and look at what it shows.
    """
    async with Asker(bus, hall.id) as ask, AsyncExitStack() as plugs:
        await Bridge(hall, bus, ask, only, now).run(plugs, emulators)


class Bridge:
    """The devices of one hall."""

    def __init__(
        self,
        hall: Hall,
        bus: Bus,
        ask: Asker,
        only: Collection[str] | None,
        now: Callable[[], float],
    ) -> None:
        self._hall, self._bus = hall, bus
        self._reports = Reports(hall, bus, now)
        mine = [d for d in hall.devices if _is_mine(d) and (only is None or d.id in only)]
        self._desks = {d.id: Desk(d, self._say, self._reports.tell) for d in mine}
        self._views: dict[str, WindowView] = {}
        self._presses = {
            name: Presses(hall, desk, ask, self._views, self._tell, self._beside)
            for name, desk in self._desks.items()
        }
        self._unshown: dict[str, asyncio.TimerHandle] = {}

    async def run(self, plugs: AsyncExitStack, emulators: MeetEmulator | None) -> None:
        """Everything at once, until cancelled."""
        for desk in self._desks.values():
            self._reports.tell(desk)
        lines = [keep(*await self._line(desks, plugs, emulators)) for desks in self._by_line()]
        await together(
            self._watch_windows(),
            self._watch_orders(),
            self._reports.publish(),
            self._reports.count(self._desks.values()),
            *(presses.work_off() for presses in self._presses.values()),
            *lines,
        )

    def _by_line(self) -> Iterable[list[Desk]]:
        """Desks that hang on one line; every emulated device has a line of its own."""
        lines: dict[str, list[Desk]] = defaultdict(list)
        for desk in self._desks.values():
            device = desk.device
            driver = DRIVERS.get(device.driver)
            if driver is None:
                desk.report(Health.OFFLINE, f"no driver is called {device.driver!r}")
                continue
            shared = device.link != "emulator" and bool(driver.family)
            lines[f"{driver.family} {device.link}" if shared else device.id].append(desk)
        return lines.values()

    async def _line(
        self, desks: list[Desk], plugs: AsyncExitStack, emulators: MeetEmulator | None
    ) -> tuple[Callable[[], Awaitable[Link]], Drive, list[Desk]]:
        device = desks[0].device
        driver = DRIVERS[device.driver]
        if device.link.startswith("mqtt:"):
            return (lambda: self._on_the_bus(device)), driver.load(), desks
        if device.link != "emulator":
            return (lambda: open_link(device, baud=driver.baud)), driver.load(), desks
        emulator = emulator_of(device)
        if emulators is not None:
            emulators(device, emulator)
        return await plugs.enter_async_context(plugged(emulator.run)), driver.load(), desks

    async def _on_the_bus(self, device: Device) -> Link:
        """A device on the broker: a Zigbee button, or an open pad on a wireless board."""
        topic = device.link.partition(":")[2]
        zigbee = device.driver == "zigbee"
        up = (topic, f"{topic}/availability") if zigbee else (f"{topic}/up",)
        link = BusLink(self._bus, up, "" if zigbee else f"{topic}/down")
        await link.open()
        return link

    async def _tell(self, device: str, message: DeviceIn) -> None:
        await self._bus.publish(topics.device_in(self._hall.id, device), message)

    async def _say(self, desk: Desk, said: Said) -> None:
        """A device said something."""
        name = desk.device.id
        match said:
            case Pressed():
                self._presses[name].add(said)
            case Rated(value, levels, reference):
                detail = f"{value}/{levels} {reference}"
                await self._tell(name, DeviceIn(what="rating", detail=detail))
            case Shown(call):
                self._stop_waiting(name)
                await self._tell(name, DeviceIn(what="shown", call=call))
            case Heard(what, detail):
                await self._tell(name, DeviceIn(what=what, detail=detail))

    async def _watch_windows(self) -> None:
        async with self._bus.subscribe(topics.window(self._hall.id, topics.ANY)) as deliveries:
            async for delivery in deliveries:
                view: WindowView = delivery.message
                known = self._views.get(view.window)
                if known is not None and known.epoch == view.epoch and known.seq > view.seq:
                    continue
                self._views[view.window] = view
                for desk in self._desks.values():
                    if desk.device.window == view.window:
                        self._show(desk, view)

    def _show(self, desk: Desk, view: WindowView) -> None:
        driver = DRIVERS.get(desk.device.driver)
        if driver is None or not driver.sign:
            desk.order(Figures(view.number or "", view.waiting))
            return
        shown = sign(view, strip_of(desk.device))
        desk.order(Show(shown))
        self._stop_waiting(desk.device.id)
        if shown.call is not None:
            loop = asyncio.get_running_loop()
            self._unshown[desk.device.id] = loop.call_later(SHOWN_SECONDS, self._not_shown, desk)

    def _stop_waiting(self, device: str) -> None:
        timer = self._unshown.pop(device, None)
        if timer is not None:
            timer.cancel()

    def _not_shown(self, desk: Desk) -> None:
        self._unshown.pop(desk.device.id, None)
        desk.counters["called but not shown"] += 1
        if desk.health is Health.OK:
            desk.report(Health.DEGRADED, "called but not shown: the sign did not acknowledge")
        else:
            self._reports.tell(desk)

    def _beside(self, desk: Desk) -> list[Desk]:
        """The other devices of the same window."""
        window = desk.device.window
        return [d for d in self._desks.values() if d is not desk and d.device.window == window]

    async def _watch_orders(self) -> None:
        async with self._bus.subscribe(topics.device_out(self._hall.id, topics.ANY)) as deliveries:
            async for delivery in deliveries:
                desk = self._desks.get(delivery.path.split("/")[-2])
                if desk is not None:
                    _order(desk, delivery.message)


def _order(desk: Desk, out: DeviceOut) -> None:
    """What the bus wants of a device."""
    match out.action:
        case "beep":
            desk.order(Beep())
        case "number":
            desk.order(Figures(out.number))
        case "rate":
            desk.order(AskRating(out.text))
        case "light":
            desk.order(Light(out.text != "off"))


def _is_mine(device: Device) -> bool:
    """Whether the bridge drives `device`; one with an unknown driver it reports as such."""
    driver = DRIVERS.get(device.driver)
    return device.kiosk is None and (driver is None or driver.part == "bridge")
