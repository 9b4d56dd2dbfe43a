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
from config.wire.ask import Asker, NoAnswerError, new_id
from config.wire.bus import Bus
from config.wire.commands import Command
from config.wire.devices import DeviceIn, DeviceOut, DeviceStatus, Health
from config.wire.views import WindowView
from firmware_bridge import binding
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.registry import DRIVERS, Drive, emulator_of
from firmware_bridge.emulators.plug import plugged
from firmware_bridge.links.bus import BusLink
from firmware_bridge.links.link import Link
from firmware_bridge.links.open import open_link
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
    Verdict,
)

SHOWN_SECONDS = 3.0
"""A sign that has not acknowledged a call by then has not shown it."""
COUNTERS_SECONDS = 30.0


async def run(
    hall: Hall,
    bus: Bus,
    *,
    only: Collection[str] | None = None,
    emulators: Callable[[Device, object], None] | None = None,
    now: Callable[[], float] = time.time,
) -> None:
    """Serve the devices of `hall` (or just those named in `only`) until cancelled.

    `emulators` is told of each emulated device, so that a demonstration or a test can press its
    keys and look at what it shows.
    """
    async with Asker(bus, hall.id) as ask, AsyncExitStack() as plugs:
        await Bridge(hall, bus, ask, only, emulators, now).run(plugs)


class Bridge:
    """The devices of one hall."""

    def __init__(
        self,
        hall: Hall,
        bus: Bus,
        ask: Asker,
        only: Collection[str] | None = None,
        emulators: Callable[[Device, object], None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._hall, self._bus, self._ask, self._now = hall, bus, ask, now
        self._emulators = emulators
        mine = [d for d in hall.devices if d.kiosk is None and _is_mine(d)]
        self._desks = {
            d.id: Desk(d, self._say, self._tell) for d in mine if only is None or d.id in only
        }
        self._views: dict[str, WindowView] = {}
        self._since: dict[str, float] = {}
        self._published: dict[str, dict[str, int]] = {}
        self._changed: set[str] = set(self._desks)
        self._news = asyncio.Event()
        self._news.set()
        self._unshown: dict[str, asyncio.TimerHandle] = {}
        self._presses: dict[str, asyncio.Queue[Pressed]] = {}

    async def run(self, plugs: AsyncExitStack) -> None:
        """Everything at once, until cancelled."""
        lines = [keep(*await self._line(desks, plugs)) for desks in self._by_line()]
        self._presses = {name: asyncio.Queue(8) for name in self._desks}
        await together(
            self._watch_windows(),
            self._watch_orders(),
            self._publish_states(),
            self._count(),
            *(self._work_off(self._desks[name]) for name in self._desks),
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
        self, desks: list[Desk], plugs: AsyncExitStack
    ) -> tuple[Callable[[], Awaitable[Link]], Drive, list[Desk]]:
        device = desks[0].device
        driver = DRIVERS[device.driver]
        if device.link.startswith("mqtt:"):
            return (lambda: self._on_the_bus(device)), driver.load(), desks
        if device.link != "emulator":
            return (lambda: open_link(device, baud=driver.baud)), driver.load(), desks
        emulator = emulator_of(device)
        if self._emulators is not None:
            self._emulators(device, emulator)
        return await plugs.enter_async_context(plugged(emulator.run)), driver.load(), desks

    async def _on_the_bus(self, device: Device) -> Link:
        """A device on the broker: a Zigbee button, or an open pad on a wireless board."""
        topic = device.link.partition(":")[2]
        zigbee = device.driver == "zigbee"
        up = (topic, f"{topic}/availability") if zigbee else (f"{topic}/up",)
        link = BusLink(self._bus, up, "" if zigbee else f"{topic}/down")
        await link.open()
        return link

    async def _say(self, desk: Desk, said: Said) -> None:
        """A device said something."""
        device = desk.device.id
        match said:
            case Pressed():
                try:
                    self._presses[device].put_nowait(said)
                except asyncio.QueueFull:
                    desk.counters["press dropped"] += 1
            case Rated(value, levels, reference):
                await self._publish_in(
                    device, DeviceIn(what="rating", detail=f"{value}/{levels} {reference}")
                )
            case Shown(call):
                timer = self._unshown.pop(device, None)
                if timer is not None:
                    timer.cancel()
                await self._publish_in(device, DeviceIn(what="shown", call=call))
            case Heard(what, detail):
                await self._publish_in(device, DeviceIn(what=what, detail=detail))

    async def _publish_in(self, device: str, message: DeviceIn) -> None:
        await self._bus.publish(topics.device_in(self._hall.id, device), message)

    async def _work_off(self, desk: Desk) -> None:
        """Presses of one pad, one after the other, each answered on its display."""
        while True:
            pressed = await self._presses[desk.device.id].get()
            view = self._views.get(desk.device.window or "")
            try:
                asked = binding.commands(self._hall, desk.device, pressed, view, new_id)
            except binding.UnboundError as error:
                desk.order(Verdict(good=False))
                await self._publish_in(
                    desk.device.id, DeviceIn(what="no meaning", detail=str(error))
                )
                continue
            if binding.action_of(desk.device.options, pressed) == "rate":
                self._ask_rating(desk)
            for command in asked:
                if not await self._send(desk, command):
                    break

    async def _send(self, desk: Desk, command: Command) -> bool:
        try:
            reply = await self._ask(command)
        except NoAnswerError:
            desk.order(Verdict(good=False))
            await self._publish_in(
                desk.device.id, DeviceIn(what="no answer", detail="queue server")
            )
            return False
        desk.order(Verdict(good=reply.ok))
        if reply.error is not None:
            await self._publish_in(
                desk.device.id, DeviceIn(what="refused", detail=reply.error.code)
            )
        elif reply.result is not None and reply.result.number:
            desk.order(Figures(reply.result.number))
        return reply.ok

    def _ask_rating(self, desk: Desk) -> None:
        """The clerk asks for a rating: the window's rating pads ask about the present visit."""
        view = self._views.get(desk.device.window or "")
        if view is None or not view.number:
            return
        for other in self._desks.values():
            if other.device.window == desk.device.window and other is not desk:
                other.order(AskRating(f"{view.day}/{view.window}/{view.call}"))

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
        old = self._unshown.pop(desk.device.id, None)
        if old is not None:
            old.cancel()
        if shown.call is not None:
            loop = asyncio.get_running_loop()
            self._unshown[desk.device.id] = loop.call_later(SHOWN_SECONDS, self._not_shown, desk)

    def _not_shown(self, desk: Desk) -> None:
        self._unshown.pop(desk.device.id, None)
        desk.counters["called but not shown"] += 1
        if desk.health is Health.OK:
            desk.report(Health.DEGRADED, "called but not shown: the sign did not acknowledge")
        else:
            self._tell(desk)

    async def _watch_orders(self) -> None:
        async with self._bus.subscribe(topics.device_out(self._hall.id, topics.ANY)) as deliveries:
            async for delivery in deliveries:
                desk = self._desks.get(delivery.path.split("/")[-2])
                if desk is not None:
                    self._order(desk, delivery.message)

    def _order(self, desk: Desk, out: DeviceOut) -> None:
        match out.action:
            case "beep":
                desk.order(Beep())
            case "number":
                desk.order(Figures(out.number))
            case "rate":
                desk.order(AskRating(out.text))
            case "light":
                desk.order(Light(out.text != "off"))

    def _tell(self, desk: Desk) -> None:
        self._since[desk.device.id] = self._now()
        self._changed.add(desk.device.id)
        self._news.set()

    async def _publish_states(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            changed, self._changed = self._changed, set()
            for name in sorted(changed):
                await self._publish_state(self._desks[name])

    async def _publish_state(self, desk: Desk) -> None:
        name = desk.device.id
        counters = {key: count for key, count in desk.counters.items() if count}
        self._published[name] = counters
        status = DeviceStatus(
            device=name,
            health=desk.health,
            reason=desk.reason,
            since=self._since.setdefault(name, self._now()),
            counters=counters,
        )
        await self._bus.publish(topics.device_status(self._hall.id, name), status)

    async def _count(self) -> None:
        """Counters that grew are published now and then, not with every bad byte."""
        while True:
            await asyncio.sleep(COUNTERS_SECONDS)
            for name, desk in self._desks.items():
                if self._published.get(name) != {k: n for k, n in desk.counters.items() if n}:
                    self._changed.add(name)
                    self._news.set()


def _is_mine(device: Device) -> bool:
    driver = DRIVERS.get(device.driver)
    return driver is None or driver.part == "bridge"
