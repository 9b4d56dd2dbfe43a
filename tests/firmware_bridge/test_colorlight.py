"""A Colorlight card: what is drawn is what is lit."""

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.drivers.colorlight import drive
from firmware_bridge.emulators.colorlight import ColorlightEmulator
from firmware_bridge.words import Line, Show, Shown, Sign
from tests.firmware_bridge.bench import bench
from tests.helpers import wait_until

CALL = Show(Sign((Line("3号窗口 社会"), Line("请A012", flash=True)), 7, "A012", "3"))
DEVICE = Device(
    id="c", driver="colorlight", options={"width": 128, "height": 32, "colour": "green"}
)


async def test_a_call_is_drawn_flashed_and_told() -> None:
    card = ColorlightEmulator()
    async with bench(drive, DEVICE, card.run) as (desk, ear, _):
        await wait_until(lambda: desk.health is Health.OK)
        desk.order(CALL)
        await wait_until(lambda: ear.said == [Shown(7)])
        await wait_until(lambda: card.lit > 300)
        lit = {row for row, dots in card.shown.items() if any(map(any, dots))}
        assert lit & set(range(16)), "the upper line"
        assert lit & set(range(16, 32)), "the lower line"
        colours = {dot for dots in card.shown.values() for dot in dots if any(dot)}
        assert colours == {(0, 255, 0)}
        both = card.lit
        await wait_until(lambda: 0 < card.lit < both)  # the call flashes, the window stays
        await wait_until(lambda: card.lit == both)
        assert card.brightness == 153
        assert card.bad_frames == 0
        assert [len(dots) for dots in card.shown.values()] == [128] * 32


async def test_a_card_that_is_not_there_is_never_said_to_show() -> None:
    card = ColorlightEmulator()
    card.faults.add("silent")
    async with bench(drive, DEVICE, card.run) as (desk, ear, _):
        desk.order(CALL)
        await wait_until(lambda: card.pictures >= 2)
        assert desk.health is Health.UNKNOWN
        assert ear.said == []
