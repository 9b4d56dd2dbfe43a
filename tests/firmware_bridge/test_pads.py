"""From a pressed key on an emulated pad to the command on the bus, and back to the display."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec
import pytest

from config.hall import Area, Device, Hall, Series, Service, Site, Window, Zone
from config.wire import topics
from config.wire.bus import Bus, LocalBus
from config.wire.commands import Command, Reply, Result, read_command
from config.wire.devices import DeviceIn, DeviceStatus, Health
from config.wire.views import WindowView
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.pads import LISTENING, drive
from firmware_bridge.emulators.pads import PadEmulator
from firmware_bridge.links.fd import Pty
from firmware_bridge.links.link import LinkError
from firmware_bridge.links.pair import Damage, End, pair, whole
from firmware_bridge.run import run
from firmware_bridge.words import AskRating, Figures, Pressed, Rated, Said, Verdict
from tests.helpers import wait_until


def hall_with(*devices: Device) -> Hall:
    zh = {"zh": "测试"}
    return Hall(
        id="test",
        name=zh,
        sites=(Site(id="s", name=zh),),
        areas=(Area(id="a", name=zh, site="s"),),
        zones=(Zone(id="z", name=zh, site="s"),),
        series=(Series(id="A", prefix="A"),),
        services=(Service(id="social", name=zh, zone="z", series="A"),),
        windows=(Window(id="W3", number="3", zone="z"), Window(id="W4", number="4", zone="z")),
        devices=devices,
    )


class Heard:
    """What a driver reported."""

    def __init__(self) -> None:
        self.said: list[Said] = []

    async def say(self, desk: Desk, said: Said) -> None:
        self.said.append(said)

    def tell(self, desk: Desk) -> None: ...


@asynccontextmanager
async def on_a_bus(
    *devices: Device, to_host: Damage = whole, to_pad: Damage = whole
) -> AsyncIterator[tuple[list[Desk], Heard, PadEmulator, End]]:
    """The driver and one pad with address 1 on a null modem."""
    heard = Heard()
    desks = [Desk(device, heard.say, heard.tell) for device in devices]
    ours, theirs = pair()
    ours.damage, theirs.damage = to_pad, to_host
    pad = PadEmulator()
    tasks = [asyncio.create_task(drive(ours, desks)), asyncio.create_task(pad.run(theirs))]
    try:
        yield desks, heard, pad, theirs
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


PAD = Device(id="pad", driver="callpad", address=1, window="W3")
RATER = Device(id="rater", driver="ratingpad", address=1, window="W3")


async def test_a_key_is_acknowledged_and_passed_on() -> None:
    async with on_a_bus(PAD) as (_, heard, pad, _):
        assert await pad.press("call")
        assert await pad.press("function", "6")
        await wait_until(lambda: len(heard.said) == 2)
    assert heard.said == [Pressed("call"), Pressed("function", "6")]


async def test_a_repeated_frame_is_one_press_but_acknowledged_again() -> None:
    lost = iter([True])

    def first_answer_lost(data: bytes) -> Iterable[bytes | float]:
        return () if data[6] == 0x01 and next(lost, False) else (data,)

    async with on_a_bus(PAD, to_pad=first_answer_lost) as (desks, heard, pad, _):
        assert await pad.press("call")
        await wait_until(lambda: desks[0].counters["repeated press"] == 1)
        assert heard.said == [Pressed("call")]


async def test_an_echoing_converter_does_not_press_for_ever() -> None:
    heard = Heard()
    desk = Desk(PAD, heard.say, heard.tell)
    ours, theirs = pair()
    pad = PadEmulator()

    def with_echo(data: bytes) -> Iterable[bytes | float]:
        ours._arrive(data)
        return (data,)

    ours.damage = with_echo
    tasks = [asyncio.create_task(drive(ours, [desk])), asyncio.create_task(pad.run(theirs))]
    await wait_until(lambda: desk.reason == LISTENING)
    for count in (1, 2):
        assert await pad.press("call")
        await wait_until(lambda count=count: len(heard.said) == count)  # type: ignore[misc]
        await asyncio.sleep(0.35)  # longer than two equal frames count as one press
    assert heard.said == [Pressed("call")] * 2
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize(
    "noise", [b"\x68", b"\xff\x68\x03", b"\xff\x68\x68\x16\x00", bytes(range(256))]
)
async def test_noise_on_the_line_is_survived(noise: bytes) -> None:
    async with on_a_bus(PAD) as (_, heard, pad, wire):
        await wire.write(noise)
        assert await pad.press("recall")
        await wait_until(lambda: heard.said == [Pressed("recall")])


async def test_a_frame_with_a_wrong_sum_is_not_acknowledged() -> None:
    async with on_a_bus(PAD) as (desks, heard, pad, wire):
        await wire.write(bytes.fromhex("ff6803036801010c0f16"))
        await wait_until(lambda: desks[0].counters["checksum"])
        assert not heard.said
        assert pad.acknowledged == 0


async def test_the_display() -> None:
    async with on_a_bus(PAD) as (desks, _, pad, _):
        desks[0].order(Figures("A025", 17))
        await wait_until(lambda: pad.display == "017025")
        desks[0].order(Verdict(good=False))
        await wait_until(lambda: pad.verdicts == [False])


@pytest.mark.parametrize("short", [False, True])
async def test_a_rating_belongs_to_the_visit_that_was_asked_about(short: bool) -> None:
    rater = msgspec.structs.replace(RATER, options={"short_acknowledge": short, "levels": 5})
    async with on_a_bus(rater) as (desks, heard, pad, _):
        assert await pad.rate(3)
        await wait_until(lambda: desks[0].counters["rating without question"])
        assert heard.said == [], "nobody asked"
        desks[0].order(AskRating("visit 7"))
        await wait_until(lambda: pad.asked_for_rating)
        assert await pad.rate(4)
        assert await pad.rate(2)
        await wait_until(lambda: desks[0].counters["rating without question"] == 2)
        assert heard.said == [Rated(4, 5, "visit 7")]


async def test_an_unplugged_line_ends_the_driver() -> None:
    heard = Heard()
    ours, _ = pair()
    task = asyncio.create_task(drive(ours, [Desk(PAD, heard.say, heard.tell)]))
    await asyncio.sleep(0)
    await ours.close()
    with pytest.raises(LinkError):
        await task


class Server:
    """Answers commands as a queue server would, with made-up numbers."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.commands: list[Command] = []
        self.listening = asyncio.Event()

    async def run(self) -> None:
        async with self._bus.subscribe(topics.own_command("test", topics.ANY)) as deliveries:
            self.listening.set()
            async for delivery in deliveries:
                command = read_command(bytes(delivery.message))
                self.commands.append(command)
                result = Result(number=f"A{len(self.commands):03}", window="W3")
                reply = Reply(ok=True, id=command.id, result=result)
                await self._bus.publish(topics.reply("test", command.client or ""), reply)


async def test_a_press_in_the_hall_calls_and_comes_back_on_the_display() -> None:
    switchboard = LocalBus()
    server = Server(switchboard.attach("server"))
    watcher = switchboard.attach("watcher")
    pads: dict[str, PadEmulator] = {}

    def met(device: Device, emulator: object) -> None:
        assert isinstance(emulator, PadEmulator)
        pads[device.id] = emulator

    hall = hall_with(PAD, msgspec.structs.replace(RATER, id="rater"))
    serving = asyncio.create_task(server.run())
    bridge = asyncio.create_task(
        run(hall, switchboard.attach("bridge"), emulators=met, now=lambda: 1.0)
    )
    async with watcher.subscribe(topics.device_status("test", "pad")) as statuses:
        async for delivery in statuses:
            status: DeviceStatus = delivery.message
            if status.reason == LISTENING:
                break
    assert await pads["pad"].press("call")
    await wait_until(lambda: pads["pad"].display == "   001")
    assert [type(c).__name__ for c in server.commands] == ["CallNext"]
    view = WindowView(
        epoch="e", seq=1, at=0, day="2026-11-23", window="W3", label="3", state="serving",
        number="A007", call=9, waiting=12,
    )  # fmt: skip
    await server._bus.publish(topics.window("test", "W3"), view)
    await wait_until(lambda: pads["pad"].display == "012007")
    async with watcher.subscribe(topics.device_in("test", "rater")) as ins:
        assert await pads["pad"].press("wait")
        await wait_until(lambda: pads["rater"].asked_for_rating)
        assert await pads["rater"].rate(3)
        said: DeviceIn = (await anext(ins)).message
    assert (said.what, said.detail) == ("rating", "3/4 2026-11-23/W3/9")
    await asyncio.sleep(0.3)
    assert await pads["pad"].press("call")
    await wait_until(lambda: len(server.commands) == 3)
    assert [type(c).__name__ for c in server.commands[1:]] == ["FinishTicket", "CallNext"]
    for task in (bridge, serving):
        task.cancel()
    await asyncio.gather(bridge, serving, return_exceptions=True)


async def test_a_pad_on_a_real_serial_line_that_goes_and_comes_back() -> None:
    switchboard = LocalBus()
    server = Server(switchboard.attach("server"))
    serving = asyncio.create_task(server.run())
    pty = Pty()
    device = msgspec.structs.replace(PAD, link=f"serial:{pty.path}")
    pad = PadEmulator()
    sitting = asyncio.create_task(pad.run(pty.link))
    await server.listening.wait()
    bridge = asyncio.create_task(run(hall_with(device), switchboard.attach("bridge")))
    watcher = switchboard.attach("watcher")
    seen: list[tuple[Health, str]] = []
    async with watcher.subscribe(topics.device_status("test", "pad")) as statuses:
        async for delivery in statuses:
            seen.append((delivery.message.health, delivery.message.reason))
            if delivery.message.reason == LISTENING:
                break
        assert await pad.press("call")
        await wait_until(lambda: server.commands)
        await pty.close()
        async for delivery in statuses:
            if delivery.message.health is Health.OFFLINE:
                break
    assert str(pty.path) in delivery.message.reason
    for task in (bridge, serving, sitting):
        task.cancel()
    await asyncio.gather(bridge, serving, sitting, return_exceptions=True)
