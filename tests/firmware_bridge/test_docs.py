"""The documentation of devices is true: every driver is in it, every example is a device."""

import re
import tomllib
from pathlib import Path

import msgspec

from config.hall import Device
from firmware_bridge.binding import ACTIONS
from firmware_bridge.codecs import openpad
from firmware_bridge.drivers.registry import DRIVERS

DOCS = Path(__file__).parents[2] / "docs"
DEVICES = (DOCS / "devices.md").read_text()


def examples() -> list[Device]:
    blocks = re.findall(r"```toml\n(.*?)```", DEVICES, re.DOTALL)
    return [msgspec.convert(d, Device) for b in blocks for d in tomllib.loads(b)["devices"]]


def test_every_driver_is_described() -> None:
    for name in DRIVERS:
        assert f"`{name}`" in DEVICES or f'"{name}"' in DEVICES, name


def test_every_example_is_a_device_of_a_known_driver() -> None:
    assert len(examples()) >= 10
    for device in examples():
        assert device.driver in DRIVERS
        needs = DRIVERS[device.driver].part
        assert (needs == "kiosk") == (device.kiosk is not None), device.id
        assert (needs == "bridge") == (device.window is not None), device.id


def test_every_action_of_a_key_is_named() -> None:
    for action in ACTIONS:
        assert action in DEVICES


def test_the_words_of_the_open_pad() -> None:
    page = (DOCS / "open-pad.md").read_text()
    for word in openpad.FROM_PAD + openpad.FROM_HOST:
        assert f"`{word} SEQ" in page


def test_the_files_that_are_named_are_there() -> None:
    page = (DOCS / "add-a-device.md").read_text()
    root = DOCS.parent / "firmware_bridge"
    for name in re.findall(r"`((?:links|codecs|drivers)/[a-z_]+\.py)", page):
        assert name.endswith("yours.py") or (root / name).exists(), name
