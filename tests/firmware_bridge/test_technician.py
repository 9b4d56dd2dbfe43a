"""What a technician sees: what is plugged in, a trial, and devices that are not there."""

import asyncio
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

import pytest

from config.hall import Device
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.pads import drive
from firmware_bridge.drivers.registry import DRIVERS
from firmware_bridge.links.net import connect
from firmware_bridge.links.open import open_link
from firmware_bridge.links.serial import Port, find
from firmware_bridge.technician import emulate, plugged_in, try_device
from firmware_bridge.words import Pressed
from tests.firmware_bridge.bench import Ear
from tests.helpers import free_port, wait_until


def test_what_is_plugged_in(tmp_path: Path) -> None:
    usb = tmp_path / "sys/bus/usb/devices"
    for name, vendor, product in (
        ("1-1", "0416", "5011"),
        ("1-2", "0400", "c35a"),
        ("1-3", "1", "2"),
    ):
        (usb / name).mkdir(parents=True)
        (usb / name / "idVendor").write_text(vendor + "\n")
        (usb / name / "idProduct").write_text(product + "\n")
    (usb / "1-0:1.0").mkdir()
    (tmp_path / "dev/usb").mkdir(parents=True)
    (tmp_path / "dev/usb/lp0").touch()
    (tmp_path / "dev/input/by-path").mkdir(parents=True)
    (tmp_path / "dev/input/by-path/pci-usb-0:1-event-kbd").touch()
    found = [
        f for f in plugged_in(tmp_path) if str(tmp_path) in f.where or f.where.startswith("USB")
    ]
    assert [f.what for f in found] == [
        "receipt printer",
        "identity card reader",
        "printer",
        "keyboard or number pad",
    ]
    assert found[0].write == 'driver = "escpos", link = "usb:0416:5011"'


def test_a_port_is_found_again_under_another_name() -> None:
    before = [Port("/dev/ttyUSB0", "1-1.2", "A5"), Port("/dev/ttyUSB1", "1-1.3", None)]
    after = [Port("/dev/ttyUSB0", "1-1.3", None), Port("/dev/ttyUSB2", "1-1.2", "A5")]
    for name in ("usb=1-1.2", "sn=A5"):
        assert find(name, before) == "/dev/ttyUSB0"
        assert find(name, after) == "/dev/ttyUSB2"
    assert find("/dev/ttyS0", []) == "/dev/ttyS0"


@pytest.mark.parametrize(
    ("driver", "good", "word"),
    [
        ("escpos", True, "on paper"),
        ("bx", True, "Shown(call=1)"),
        ("a090", True, "experimental"),
        ("openpad", True, "hello"),
        ("callpad", False, "press its keys"),
        ("idcard", False, "no card was read"),
        ("toaster", False, "no driver is called"),
    ],
)
async def test_trying(driver: str, good: bool, word: str) -> None:
    told: list[str] = []
    works = await try_device(Device(id="d", driver=driver), told.append, seconds=1.5)
    assert works is good, told
    assert word in "\n".join(told)


async def test_trying_what_is_not_there() -> None:
    told: list[str] = []
    device = Device(id="d", driver="callpad", link="serial:/dev/ttyUSB77")
    assert not await try_device(device, told.append, seconds=1)
    assert "is it plugged in?" in told[-1]


class Keyboard:
    """Lines typed one by one."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self) -> AsyncIterator[str]:
        while line := await self.lines.get():
            yield line


async def test_an_emulated_pad_on_a_pty() -> None:
    told: list[str] = []
    keyboard = Keyboard()
    device = Device(id="d", driver="callpad", address=1)
    playing = asyncio.create_task(emulate(device, told.append, keyboard()))
    await wait_until(lambda: told)
    link = told[0].partition('"')[2].rstrip('"')
    port = await open_link(Device(id="d", driver="callpad", link=link))
    ear = Ear()
    driving = asyncio.ensure_future(drive(port, [Desk(device, ear.say, ear.tell)]))
    keyboard.lines.put_nowait("press function 6")
    await wait_until(lambda: told[-1] == "acknowledged")
    assert ear.said == [Pressed("function", "6")]
    keyboard.lines.put_nowait("dance")
    await wait_until(lambda: told[-1] == "this device cannot 'dance'")
    keyboard.lines.put_nowait("")
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    await port.close()
    await playing


async def test_an_emulated_printer_on_a_port() -> None:
    told: list[str] = []
    keyboard = Keyboard()
    device, port = Device(id="d", driver="escpos"), free_port()
    keyboard.lines.put_nowait("fault paper-out")
    playing = asyncio.create_task(emulate(device, told.append, keyboard(), tcp=f"127.0.0.1:{port}"))
    await wait_until(lambda: told[-1:] == ["done"])
    link = await connect("127.0.0.1", port)
    await link.write(b"\x10\x04\x04")
    assert await link.read() == b"\x72"
    await link.close()
    keyboard.lines.put_nowait("")
    await playing


def test_every_driver_can_be_imported_and_says_what_it_is() -> None:
    for name, driver in DRIVERS.items():
        if driver.part == "bridge":
            assert callable(driver.load()), name
        elif driver.module:
            import_module(driver.module)
        assert driver.what
