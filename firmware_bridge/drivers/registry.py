"""The drivers, by the names a hall file uses.

A driver serves one line: ``drive(link, desks)`` runs until the line breaks (`LinkError`) and is
started again by the supervisor. Devices that share a ``link`` share the line, so pads on one
RS-485 bus are one call of ``drive`` with many desks. ``emulate`` makes the device that is not
there, for ``link = "emulator"``.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from config.hall import Device
from firmware_bridge.desk import Desk
from firmware_bridge.links.link import Link
from firmware_bridge.words import Said

Drive = Callable[[Link, Sequence[Desk]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Driver:
    """One kind of device. `module` is imported when a hall file names it."""

    what: str
    module: str
    emulator: str = ""
    """``module:class``; its instances have ``run(link)``."""
    family: str = ""
    """Drivers of one family may share a line."""
    baud: int = 9600
    sign: bool = False
    """Shows what the window's sign says."""
    experimental: bool = False

    def load(self) -> Drive:
        """The driver's ``drive``."""
        drive: Drive = import_module(self.module).drive
        return drive


DRIVERS: dict[str, Driver] = {
    "callpad": Driver(
        "call pad on the FF 68 bus",
        "firmware_bridge.drivers.pads",
        "firmware_bridge.emulators.pads:PadEmulator",
        family="ff68",
    ),
    "ratingpad": Driver(
        "rating pad on the FF 68 bus",
        "firmware_bridge.drivers.pads",
        "firmware_bridge.emulators.pads:PadEmulator",
        family="ff68",
    ),
    "openpad": Driver(
        "open pad, built from our own firmware",
        "firmware_bridge.drivers.openpad",
        "firmware_bridge.emulators.openpad:OpenPadEmulator",
        baud=115200,
    ),
    "bx": Driver(
        "window sign on an Onbon BX-5K or BX-6K card",
        "firmware_bridge.drivers.led_bx",
        "firmware_bridge.emulators.led_bx:BxEmulator",
        family="bx",
        baud=57600,
        sign=True,
    ),
}
"""Driver name in the hall file -> what it is."""

KIOSK_DRIVERS = {"escpos": "receipt printer", "idcard": "resident ID card reader"}
"""Driven by the kiosk they hang on, never over the bus."""


def emulator_of(device: Device) -> Any:
    """The emulator that stands in for `device`.

    Raises:
        KeyError: the driver is unknown or has none.
    """
    module, _, name = DRIVERS[device.driver].emulator.partition(":")
    if not name:
        raise KeyError(device.driver)
    return getattr(import_module(module), name).for_device(device)


__all__ = ["DRIVERS", "KIOSK_DRIVERS", "Drive", "Driver", "Said", "emulator_of"]
