"""Panels on the pins: the driver with its emulator, and the real library with chips on SPI."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.drivers.panels import Timing, drive
from firmware_bridge.drivers.signpicture import COLOURS, draw
from firmware_bridge.emulators.panels import Max7219Chain, PanelEmulator, lit
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.links.open import open_link
from firmware_bridge.links.panel import PanelLink, open_max7219
from firmware_bridge.sign import strip_of
from firmware_bridge.words import Line, Show, Shown, Sign
from tests.firmware_bridge.bench import bench
from tests.helpers import wait_until

CALL = Sign((Line("3号窗口 社会"), Line("请A012", flash=True)), 7, "A012", "3")
IDLE = Sign((Line("3号窗口 社会"), Line("窗口空闲")), None, "", "3")
PANEL = Device(
    id="h",
    driver="hub75",
    options={"width": 128, "height": 32, "colour": "green", "brightness": 50},
)
MODULES = Device(id="m", driver="max7219", options={"width": 64, "height": 16})
QUICK = Timing(answer=1, refresh=60, flash=0.01)

old_pillow = pytest.mark.filterwarnings("ignore:Image.Image.getdata:DeprecationWarning")
"""luma.led_matrix 1.9 asks Pillow for dots in a way that Pillow 14 will refuse."""


def plain(picture: Image.Image) -> bytes:
    """Each dot as 0 or 1, whatever the picture's mode."""
    return bytes(map(bool, picture.convert("L").tobytes()))


async def quick(link: Link, desks: object) -> None:
    await drive(link, desks, QUICK)  # type: ignore[arg-type]


class TestDriver:
    async def test_a_call_is_drawn_flashed_and_told(self) -> None:
        panel = PanelEmulator.for_device(PANEL)
        async with bench(quick, PANEL, panel.run) as (desk, ear, _):
            desk.order(Show(CALL))
            await wait_until(lambda: ear.said == [Shown(7)])
            await wait_until(lambda: len(panel.pictures) == 8)
            whole, blank = lit(panel.pictures[1]), lit(panel.pictures[2])
            assert 0 < blank < whole, "the call flashes, the window stays"
            assert [lit(p) for p in panel.pictures] == [0, whole] + [blank, whole] * 3
            assert set(panel.shown.getcolors() or ()) == {
                (128 * 32 - whole, (0, 0, 0)),
                (whole, (0, 127, 0)),
            }
            assert desk.health is Health.UNKNOWN
            assert "cannot answer" in desk.reason
            desk.order(Show(IDLE))
            await wait_until(lambda: len(panel.pictures) == 9)
            assert ear.said == [Shown(7)]

    async def test_the_same_again_when_nothing_happens(self) -> None:
        panel = PanelEmulator.for_device(PANEL)

        async def restless(link: Link, desks: object) -> None:
            await drive(link, desks, Timing(refresh=0.01))  # type: ignore[arg-type]

        async with bench(restless, PANEL, panel.run) as (desk, _, _running):
            desk.order(Show(IDLE))
            await wait_until(lambda: len(panel.pictures) > 5)
            assert lit(panel.pictures[-2]) == panel.lit > 0

    async def test_a_panel_of_another_size_refuses(self) -> None:
        panel = PanelEmulator(64, 32)
        async with bench(quick, PANEL, panel.run) as (_, ear, driving):
            with pytest.raises(LinkError, match="64 x 32 wanted"):
                await driving
            assert (panel.bad_frames, panel.lit, ear.said) == (1, 0, [])

    async def test_one_that_does_not_take_it(self) -> None:
        panel = PanelEmulator.for_device(PANEL)
        panel.faults.add("silent")

        async def impatient(link: Link, desks: object) -> None:
            await drive(link, desks, Timing(answer=0.05))  # type: ignore[arg-type]

        async with bench(impatient, PANEL, panel.run) as (_, ear, driving):
            with pytest.raises(LinkError, match="not taken in time"):
                await driving
            assert ear.said == []


def test_a_panel_too_low_for_chinese_shows_the_number() -> None:
    low = strip_of(Device(id="m", driver="max7219", options={"width": 32, "height": 8,
                                                            "character": 8}))  # fmt: skip
    called, idle = (draw(sign, low, COLOURS["red"]) for sign in (CALL, IDLE))
    assert called.size == (32, 8)
    assert lit(called) > lit(idle) > 0
    assert lit(draw(CALL, low, COLOURS["red"], blank=True)) == 0


class TestLinks:
    async def send(self, link: Link, picture: Image.Image) -> bytes:
        file = BytesIO()
        picture.save(file, "PNG")
        await link.write(file.getvalue())
        return await link.read()

    async def test_a_library_that_refuses_is_a_broken_line(self) -> None:
        def refuse(_: Image.Image) -> None:
            raise ValueError("128 x 32 wanted")

        with pytest.raises(LinkError, match="128 x 32 wanted"):
            await self.send(PanelLink("hub75:x", refuse), Image.new("RGB", (8, 8)))

    @old_pillow
    @pytest.mark.parametrize("size", [(64, 16), (128, 8), (32, 32)])
    async def test_through_the_real_library_to_the_chips(self, size: tuple[int, int]) -> None:
        """What luma.led_matrix shifts out lights exactly the dots that were drawn."""
        width, height = size
        device = Device(id="m", driver="max7219", options={"width": width, "height": height})
        chain = Max7219Chain(width, height)
        link = open_max7219("0.1", device, chain)
        assert chain.place == (0, 1)
        wanted = draw(CALL, strip_of(device), COLOURS["red"])
        dots = plain(wanted.getchannel("R"))
        assert await self.send(link, wanted) == b"taken"
        assert plain(chain.shown) == dots
        assert lit(chain.shown) == lit(wanted) > 50
        assert (chain.refused, chain.brightness) == (0, {6})
        chain.forget()
        assert lit(chain.shown) == 0
        await self.send(link, wanted)
        assert plain(chain.shown) == dots, "after a dip of the supply"

    @old_pillow
    async def test_the_driver_over_the_real_library(self) -> None:
        chain = Max7219Chain(64, 16)

        async def serve(_: Link) -> None:
            await asyncio.Event().wait()

        async def driven(_: Link, desks: object) -> None:
            await quick(open_max7219("0.0", MODULES, chain), desks)

        async with bench(driven, MODULES, serve) as (desk, ear, _):
            desk.order(Show(CALL))
            await wait_until(lambda: ear.said == [Shown(7)])
            assert chain.refused == 0

    def test_a_size_that_no_modules_make(self) -> None:
        device = Device(id="m", driver="max7219", options={"width": 60, "height": 16})
        with pytest.raises(LinkError, match="not made of modules"):
            open_max7219("0.0", device, Max7219Chain(64, 16))

    @pytest.mark.parametrize(
        ("link", "told"),
        [
            ("spi:zero", "PORT.DEVICE"),
            ("spi:0.0", r"extra 'panels'|switched on"),
            ("hub75:AdafruitMatrixBonnet", r"extra 'panels'|Raspberry Pi 5"),
        ],
    )
    @pytest.mark.skipif(
        Path("/dev/pio0").exists() or Path("/dev/spidev0.0").exists(), reason="has the pins"
    )
    async def test_without_library_or_board_it_says_so(self, link: str, told: str) -> None:
        with pytest.raises(LinkError, match=told):
            await open_link(Device(id="p", driver="max7219", link=link))


@pytest.mark.parametrize("spoil", [lambda data: data[:40], lambda _: b"no picture at all"])
async def test_the_emulator_counts_what_is_no_picture(spoil: Callable[[bytes], bytes]) -> None:
    panel = PanelEmulator.for_device(PANEL)
    async with bench(quick, PANEL, panel.run, to_device=lambda data: (spoil(data),)) as (
        _,
        _ear,
        driving,
    ):
        with pytest.raises(LinkError, match="no picture"):
            await driving
        assert panel.bad_frames == 1
