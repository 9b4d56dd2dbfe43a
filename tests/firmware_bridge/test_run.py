"""The bridge in a hall: signs that show what the windows do, and every shipped hall's devices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from config.hall import Device, Hall
from config.load import load_hall, shipped, shipped_names
from config.wire import topics
from config.wire.bus import Bus, LocalBus
from config.wire.devices import DeviceIn, DeviceStatus, Health
from config.wire.views import WindowView
from firmware_bridge.emulators.led_bx import BxEmulator
from firmware_bridge.run import run
from firmware_bridge.supervise import waits
from tests.firmware_bridge.test_pads import hall_with
from tests.helpers import take_until, wait_until

LED = Device(id="led", driver="bx", address=1, window="W3")


def view(state: str, number: str | None = None, seq: int = 1, epoch: str = "e") -> WindowView:
    return WindowView(
        epoch=epoch, seq=seq, at=0, day="2026-11-23", window="W3", label="3", state=state,
        number=number, call=seq,
    )  # fmt: skip


@asynccontextmanager
async def bridged(hall: Hall) -> AsyncIterator[tuple[Bus, dict[str, BxEmulator]]]:
    switchboard = LocalBus()
    emulators: dict[str, BxEmulator] = {}

    def met(device: Device, emulator: object) -> None:
        assert isinstance(emulator, BxEmulator)
        emulators[device.id] = emulator

    bridge = asyncio.create_task(run(hall, switchboard.attach("bridge"), emulators=met))
    try:
        yield switchboard.attach("server"), emulators
    finally:
        bridge.cancel()
        await asyncio.gather(bridge, return_exceptions=True)


async def test_a_sign_says_what_the_window_does() -> None:
    async with bridged(hall_with(LED)) as (bus, emulators):
        async with bus.subscribe(topics.device_in("test", "led")) as said:
            await bus.publish(topics.window("test", "W3"), view("called", "A012", 1))
            shown: DeviceIn = (await anext(said)).message
            assert (shown.what, shown.call) == ("shown", 1)
            assert "请A012到3号窗口" in emulators["led"].history
        await bus.publish(topics.window("test", "W3"), view("serving", "A012", 3))
        await wait_until(lambda: emulators["led"].text == "正在办理 A012")
        await bus.publish(topics.window("test", "W3"), view("called", "A011", 2))
        await bus.publish(topics.window("test", "W3"), view("paused", seq=4))
        await wait_until(lambda: emulators["led"].text == "3号窗口暂停服务")
        assert not any("A011" in text for text in emulators["led"].history), "old news"


async def test_a_sign_that_does_not_answer_is_told() -> None:
    async with (
        bridged(hall_with(LED)) as (bus, emulators),
        bus.subscribe(topics.device_status("test", "led")) as statuses,
    ):
        await take_until(statuses, lambda d: d.message.health is Health.OK)
        emulators["led"].faults.add("silent")
        await bus.publish(topics.window("test", "W3"), view("called", "A012"))
        status: DeviceStatus = (
            await take_until(statuses, lambda d: d.message.health is Health.DEGRADED)
        ).message
        assert status.reason == "called but not shown: the sign did not acknowledge"
        assert status.counters["called but not shown"] == 1


async def test_one_bad_device_does_not_hurt_another() -> None:
    gone = msgspec.structs.replace(LED, id="gone", link="serial:/dev/ttyUSB77")
    odd = msgspec.structs.replace(LED, id="odd", driver="toaster")
    async with (
        bridged(hall_with(LED, gone, odd)) as (bus, _),
        bus.subscribe(topics.device_status("test", topics.ANY)) as statuses,
    ):
        seen: dict[str, DeviceStatus] = {}
        async with asyncio.timeout(10):
            while {n: s.health for n, s in seen.items()} != {
                "led": Health.OK,
                "gone": Health.OFFLINE,
                "odd": Health.OFFLINE,
            }:
                status: DeviceStatus = (await anext(statuses)).message
                seen[status.device] = status
    assert seen["gone"].reason == "/dev/ttyUSB77: not there; is it plugged in?"
    assert seen["odd"].reason == "no driver is called 'toaster'"


@pytest.mark.parametrize("name", shipped_names())
async def test_the_devices_of_every_shipped_hall(name: str) -> None:
    hall = load_hall(shipped(name))
    switchboard = LocalBus()
    bridge = asyncio.create_task(run(hall, switchboard.attach("bridge")))
    unknown = []
    async with switchboard.attach("w").subscribe(
        topics.device_status(hall.id, topics.ANY)
    ) as statuses:
        mine = [d for d in hall.devices if d.driver in ("bx", "callpad", "ratingpad")]
        seen = set[str]()
        async with asyncio.timeout(20):
            while len(seen) < len(mine):
                status: DeviceStatus = (await anext(statuses)).message
                seen.add(status.device)
                unknown += [status.reason] if "no driver" in status.reason else []
    bridge.cancel()
    await asyncio.gather(bridge, return_exceptions=True)
    assert unknown == []


def test_the_pauses_between_attempts() -> None:
    pauses = waits()
    assert [next(pauses) for _ in range(8)] == [0.5, 1, 2, 4, 8, 10, 10, 10]
