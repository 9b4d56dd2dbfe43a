"""The Onbon driver against the Onbon emulator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.led_bx import Timing, drive
from firmware_bridge.emulators.led_bx import BxEmulator
from firmware_bridge.links.link import LinkError
from firmware_bridge.links.pair import pair
from firmware_bridge.words import Line, Said, Show, Shown, Sign
from tests.helpers import wait_until

CALL = Show(Sign((Line("请A012到3号窗口", flash=True),), call=7))
IDLE = Show(Sign((Line("窗口空闲"),)))


NOW = datetime(2026, 1, 5, 8, 30, 15, tzinfo=UTC)


class Ear:
    def __init__(self) -> None:
        self.said: list[Said] = []

    async def say(self, desk: Desk, said: Said) -> None:
        self.said.append(said)

    def tell(self, desk: Desk) -> None: ...


@asynccontextmanager
async def on(
    card: BxEmulator, device: Device | None = None, flash: float = 0.001
) -> AsyncIterator[tuple[Desk, Ear, asyncio.Task[None]]]:
    ear = Ear()
    desk = Desk(device or Device(id="led", driver="bx", address=1), ear.say, ear.tell)
    ours, theirs = pair()
    timing = Timing(answer=0.05, busy=0.001, flash=flash)
    driving = asyncio.ensure_future(drive(ours, [desk], lambda: NOW, timing))
    tasks = [asyncio.create_task(card.run(theirs))]
    try:
        yield desk, ear, driving
    finally:
        for task in (driving, *tasks):
            task.cancel()
        await asyncio.gather(driving, *tasks, return_exceptions=True)


async def test_a_call_is_shown_flashed_and_acknowledged() -> None:
    card = BxEmulator()
    async with on(card) as (desk, ear, _):
        desk.order(CALL)
        await wait_until(lambda: len(card.history) == 7)
    assert card.history == ["请A012到3号窗口", *(" ", "请A012到3号窗口") * 3]
    assert card.text == "请A012到3号窗口"
    assert ear.said == [Shown(7)]
    assert desk.health is Health.OK
    assert card.clock == "2620010508301501"


async def test_a_newer_text_ends_the_flashing() -> None:
    card = BxEmulator()
    async with on(card, flash=60) as (desk, _, _):
        desk.order(CALL)
        await wait_until(lambda: card.text == "请A012到3号窗口")
        desk.order(IDLE)
        await wait_until(lambda: card.text == "窗口空闲")


@pytest.mark.parametrize("fault", ["busy", "spoilt", "split"])
async def test_survives(fault: str) -> None:
    card = BxEmulator()
    card.faults.add(fault)
    async with on(card) as (desk, ear, _):
        desk.order(CALL)
        await wait_until(lambda: ear.said == [Shown(7)])
    assert card.history[0] == "请A012到3号窗口"


async def test_a_mute_card_is_a_broken_line() -> None:
    card = BxEmulator()
    card.faults.add("silent")
    async with on(card) as (desk, ear, driving):
        with pytest.raises(LinkError, match="does not answer"):
            await driving
        assert desk.counters["no answer"] == 3
        assert ear.said == []


async def test_a_card_that_refuses_says_why() -> None:
    card = BxEmulator()
    card.faults.add("full")
    async with on(card) as (_, _, driving):
        with pytest.raises(LinkError, match="out of memory"):
            await driving


async def test_two_rows_on_a_card_of_the_fifth_generation() -> None:
    card = BxEmulator(3)
    options: dict[str, str | int] = {"model": "5k", "width": 128, "height": 32}
    async with on(card, Device(id="l", driver="bx", address=3, options=options)) as (desk, _, _):
        desk.order(Show(Sign((Line("3号窗口 社会"), Line("窗口空闲")))))
        await wait_until(lambda: len(card.areas) == 2)
    assert card.text == "3号窗口 社会\n窗口空闲"
    assert [(a.x, a.y, a.width, a.height) for a in card.areas.values()] == [
        (0, 0, 16, 16),
        (0, 16, 16, 16),
    ]


async def test_characters_outside_the_font_are_replaced_and_counted() -> None:
    card = BxEmulator()
    async with on(card) as (desk, _, _):
        desk.order(Show(Sign((Line("办理䶮\\C1"),))))
        await wait_until(lambda: card.text)
        assert card.text == "办理〓C1"
        assert desk.counters["characters replaced"] == 1
