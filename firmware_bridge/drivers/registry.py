"""The drivers, by the names a hall file uses.

A driver serves one line: ``drive(link, desks)`` runs until the line breaks (`LinkError`) and is
started again by the supervisor. Devices that share a ``link`` share the line, so pads on one
RS-485 bus are one call of ``drive`` with many desks. ``emulate`` makes the device that is not
there, for ``link = "emulator"``.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from config.hall import Device
from firmware_bridge.desk import Desk
from firmware_bridge.links.link import Link

Drive = Callable[[Link, Sequence[Desk]], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Driver:
    """One kind of device. `module` is imported when a hall file names it."""

    what: str
    module: str
    emulator: str = ""
    """``module:class``; its instances have ``run(link)``."""
    drive: str = "drive"
    family: str = ""
    """Drivers of one family may share a line."""
    baud: int = 9600
    sign: bool = False
    """Shows what the window's sign says."""
    part: str = "bridge"
    """Which part of the hall drives it: ``bridge``; ``kiosk``, for what hangs on one, so that what
    it reads never travels on the bus; ``voice``, for sound; ``nobody``, for what is only listed."""
    experimental: bool = False

    def load(self) -> Drive:
        """The driver's ``drive``."""
        drive: Drive = getattr(import_module(self.module), self.drive)
        return drive


_D, _E = "firmware_bridge.drivers", "firmware_bridge.emulators"

DRIVERS: dict[str, Driver] = {
    "escpos": Driver(
        "ESC/POS receipt printer", f"{_D}.printer", f"{_E}.printer:PrinterEmulator", part="kiosk"
    ),
    "idcard": Driver(
        "resident ID card reader",
        f"{_D}.reader",
        f"{_E}.reader:ReaderEmulator",
        baud=115200,
        part="kiosk",
    ),
    "pcsc": Driver("smart cards on a PC/SC reader", f"{_D}.smartcard", part="kiosk"),
    "callpad": Driver(
        "call pad on the FF 68 bus", f"{_D}.pads", f"{_E}.pads:PadEmulator", family="ff68"
    ),
    "ratingpad": Driver(
        "rating pad on the FF 68 bus", f"{_D}.pads", f"{_E}.pads:PadEmulator", family="ff68"
    ),
    "openpad": Driver(
        "open pad, built from our own firmware",
        f"{_D}.openpad",
        f"{_E}.openpad:OpenPadEmulator",
        baud=115200,
    ),
    "keypad": Driver("USB number pad", f"{_D}.keys", f"{_E}.boxes:KeypadEmulator"),
    "zigbee": Driver(
        "Zigbee button through zigbee2mqtt",
        f"{_D}.keys",
        f"{_E}.boxes:ZigbeeEmulator",
        drive="drive_zigbee",
    ),
    "modbus": Driver(
        "button box and lamp on Modbus-RTU",
        f"{_D}.modbus",
        f"{_E}.boxes:ModbusEmulator",
        family="modbus",
    ),
    "bx": Driver(
        "window sign on an Onbon BX-5K or BX-6K card",
        f"{_D}.led_bx",
        f"{_E}.led_bx:BxEmulator",
        family="bx",
        baud=57600,
        sign=True,
    ),
    "colorlight": Driver(
        "HUB75 panel behind a Colorlight 5A-75B card",
        f"{_D}.colorlight",
        f"{_E}.colorlight:ColorlightEmulator",
        sign=True,
    ),
    "max7219": Driver(
        "sign of MAX7219 modules on this board's SPI (luma.led_matrix)",
        f"{_D}.panels",
        f"{_E}.panels:PanelEmulator",
        sign=True,
    ),
    "hub75": Driver(
        "HUB75 panel on a Raspberry Pi 5's pins (Piomatter)",
        f"{_D}.panels",
        f"{_E}.panels:PanelEmulator",
        sign=True,
    ),
    "a090": Driver(
        "window strip of the A0 90 kind",
        f"{_D}.oldsigns",
        f"{_E}.oldsigns:StripEmulator",
        sign=True,
        experimental=True,
    ),
    "am03127": Driver(
        "AM03127 sign (Latin letters only)",
        f"{_D}.oldsigns",
        f"{_E}.oldsigns:AmEmulator",
        drive="drive_am",
        sign=True,
        experimental=True,
    ),
    "alsa": Driver("sound card", "", part="voice"),
    "pulse": Driver("PulseAudio or PipeWire output", "", part="voice"),
    "rtp": Driver("network loudspeakers", f"{_D}.speaker", part="voice"),
    "listed": Driver("equipment that nothing drives", "", part="nobody"),
}
"""Driver name in the hall file -> what it is."""


def emulator_of(device: Device) -> Any:
    """The emulator that stands in for `device`.

    Raises:
        KeyError: the driver is unknown or has none.
    """
    module, _, name = DRIVERS[device.driver].emulator.partition(":")
    if not name:
        raise KeyError(device.driver)
    return getattr(import_module(module), name).for_device(device)
