"""The card reader driver against the card reader emulator."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager

import pytest

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.codecs.cardtext import Layout
from firmware_bridge.drivers.reader import (
    Presented,
    Problem,
    Reader,
    Removed,
    Sight,
    open_reader,
)
from firmware_bridge.emulators.plug import plugged
from firmware_bridge.emulators.reader import Person, ReaderEmulator
from firmware_bridge.links.fd import Pty
from firmware_bridge.links.link import Link
from firmware_bridge.links.pair import Damage, whole

ANN = Person("999999199003070012")
BEN = Person("999999199003070020", name="测试乙")


@asynccontextmanager
async def watching(
    emulator: ReaderEmulator, from_device: Damage = whole
) -> AsyncIterator[tuple[Reader, AsyncIterator[Sight]]]:
    async with plugged(emulator.run, from_device=from_device) as connect:
        reader = Reader(
            lambda _: connect(), (9600,), poll_seconds=0.002, answer_seconds=0.05, first_wait=0.01
        )
        async with aclosing(reader.sights()) as sights:
            yield reader, sights
        await reader.close()


async def presented(sights: AsyncIterator[Sight]) -> Presented:
    sight = await anext(sights)
    assert isinstance(sight, Presented)
    return sight


@pytest.mark.parametrize("keeps", [True, False])
async def test_put_read_lift_and_swap(keeps: bool) -> None:
    emulator = ReaderEmulator(keeps_answering=keeps)
    async with watching(emulator) as (_, sights):
        emulator.put(ANN)
        card = (await presented(sights)).card
        assert (card.name, card.number, card.layout) == ("测试甲", ANN.number, Layout.RESIDENT)
        emulator.lift()
        assert await anext(sights) == Removed()
        emulator.put(BEN)
        assert (await presented(sights)).card.number == BEN.number


@pytest.mark.parametrize(
    ("layout", "number"),
    [
        (" ", ANN.number),
        ("J", "810000199408230021"),
        ("I", "USA150090070312"),
        ("Y", "911560199901010004"),
    ],
)
async def test_all_four_layouts(layout: str, number: str) -> None:
    emulator = ReaderEmulator()
    async with watching(emulator) as (_, sights):
        emulator.put(Person(number, layout=layout))
        card = (await presented(sights)).card
    assert (card.layout.value, card.number, card.name) == (layout, number, "测试甲")
    assert card.latin_name == ("SAMPLE, ALEX" if layout in "IY" else "")
    assert card.valid_until == "20301231"
    assert not card.doubtful


async def test_a_card_left_lying_is_one_presentation() -> None:
    emulator = ReaderEmulator()
    async with watching(emulator) as (_, sights):
        emulator.put(ANN)
        await presented(sights)
        more = asyncio.ensure_future(anext(sights))
        done, _ = await asyncio.wait([more], timeout=0.1)
        assert not done
        assert emulator.reads == 1
        emulator.lift()
        assert await more == Removed()


async def test_a_card_pulled_away_and_put_back() -> None:
    emulator = ReaderEmulator()
    async with watching(emulator) as (_, sights):
        emulator.faults.add("pull")
        emulator.put(ANN)
        sight = await anext(sights)
        assert isinstance(sight, Problem)
        assert sight.citizen == "请将证件平放在读卡区，不要移动"
        emulator.faults.clear()
        emulator.put(ANN)
        assert (await presented(sights)).card.number == ANN.number


async def test_a_card_that_cannot_be_read_accuses_nobody() -> None:
    emulator = ReaderEmulator()
    async with watching(emulator) as (_, sights):
        emulator.faults.add("forged")
        emulator.put(ANN)
        sight = await anext(sights)
    assert isinstance(sight, Problem)
    assert sight.citizen == "此证件无法读取，请使用其他证件或到咨询台"


@pytest.mark.parametrize("fault", ["noise", "slow", "half", "spoilt"])
async def test_bad_lines_are_survived(fault: str) -> None:
    emulator = ReaderEmulator()
    async with watching(emulator) as (_, sights):
        emulator.faults.add(fault)
        emulator.put(ANN)
        assert (await presented(sights)).card.number == ANN.number


async def test_our_frame_spoilt_on_the_way_is_sent_again() -> None:
    spoil = iter([False, True])

    def damage(data: bytes) -> Iterable[bytes | float]:
        return (data[:-1] + b"\0",) if next(spoil, False) else (data,)

    emulator = ReaderEmulator()
    async with plugged(emulator.run, to_device=damage) as connect:
        reader = Reader(lambda _: connect(), (9600,), poll_seconds=0.002, answer_seconds=0.05)
        async with aclosing(reader.sights()) as sights:
            emulator.put(ANN)
            assert isinstance(await anext(sights), Presented)
        await reader.close()
    assert emulator.bad_frames == 1


async def test_a_mute_reader_is_reset_and_told_once_and_comes_back() -> None:
    emulator = ReaderEmulator()
    async with watching(emulator) as (reader, sights):
        emulator.put(ANN)
        await presented(sights)
        emulator.faults.add("silent")
        sight = await anext(sights)
        assert isinstance(sight, Problem)
        assert sight.health is Health.OFFLINE
        assert reader.health is Health.OFFLINE
        assert emulator.resets
        emulator.faults.clear()
        emulator.put(BEN)
        while not isinstance(sight, Presented):
            sight = await anext(sights)
        assert sight.card.number == BEN.number


async def test_the_speed_is_found() -> None:
    tried: list[int] = []
    emulator = ReaderEmulator()
    async with plugged(emulator.run) as connect:

        async def at(baud: int) -> Link:
            tried.append(baud)
            link = await connect()
            if baud != 38400:
                await link.write(b"")
                emulator.faults.add("silent")
            else:
                emulator.faults.clear()
            return link

        reader = Reader(at, poll_seconds=0.002, answer_seconds=0.02)
        async with aclosing(reader.sights()) as sights:
            emulator.put(ANN)
            assert isinstance(await anext(sights), Presented)
        await reader.close()
    assert tried == [115200, 57600, 38400]
    assert reader.baud == 38400


async def test_on_a_real_serial_line() -> None:
    pty = Pty()
    emulator = ReaderEmulator()
    serving = asyncio.create_task(emulator.run(pty.link))
    emulator.put(ANN)
    async with (
        open_reader(Device(id="r", driver="idcard", link=f"serial:{pty.path}")) as reader,
        aclosing(reader.sights()) as sights,
    ):
        assert isinstance(await anext(sights), Presented)
        await pty.close()
        sight = await anext(sights)
        while not isinstance(sight, Problem):
            sight = await anext(sights)
        assert sight.health is Health.OFFLINE
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_nothing_of_a_card_is_shown_by_accident() -> None:
    emulator = ReaderEmulator()
    async with watching(emulator) as (reader, sights):
        emulator.put(ANN)
        sight = await presented(sights)
        text = f"{sight!r} {sight.card!r} {sight.card} {vars(reader)} {emulator.__dict__}"
    for secret in (ANN.number, ANN.name, "某省"):
        assert secret not in text
