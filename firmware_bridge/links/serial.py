"""Serial ports, found again by what they are and not only by what they are called.

A port is given as ``/dev/ttyUSB0``, or, because that name moves when adapters are unplugged, as
``usb=1-1.2`` (the socket it is plugged into) or ``sn=A50285BI`` (the adapter's serial number;
CH340 adapters have none).
"""

import contextlib
import termios
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import serial
from serial.tools import list_ports

from firmware_bridge.links.fd import FdLink
from firmware_bridge.links.link import Link, LinkError


class Port(NamedTuple):
    """A serial port that is plugged in now."""

    path: str
    usb: str | None = None
    """Position in the USB tree, such as 1-1.2."""
    serial_number: str | None = None
    vendor: int | None = None
    product: int | None = None
    description: str = ""


def ports() -> list[Port]:
    """All serial ports of this machine."""
    return [
        Port(p.device, p.location, p.serial_number, p.vid, p.pid, p.description)
        for p in list_ports.comports()
    ]


def find(name: str, plugged: Iterable[Port]) -> str:
    """Path of the port that `name` means.

    Raises:
        LinkError: nothing like that is plugged in.
    """
    key, _, value = name.partition("=")
    if not value:
        return name
    for port in plugged:
        if (key == "usb" and port.usb == value) or (key == "sn" and port.serial_number == value):
            return port.path
    what = "USB socket" if key == "usb" else "serial number"
    raise LinkError(f"no serial adapter at {what} {value}; is it plugged in?")


def open_serial(
    name: str, baud: int = 9600, listed: Callable[[], Iterable[Port]] = ports, **settings: Any
) -> Link:
    """Open a port, 8N1 unless `settings` (pyserial's) say otherwise.

    Raises:
        LinkError: not there, taken, or not allowed.
    """
    path = find(name, listed())
    try:
        port = serial.Serial(path, baud, timeout=0, exclusive=True, **settings)
    except (serial.SerialException, OSError, termios.error) as error:
        raise LinkError(_plain(path, error)) from None

    def close() -> None:
        with contextlib.suppress(termios.error):
            port.close()

    return FdLink(port.fileno(), path, close)


def _plain(path: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == 2:
        return f"{path}: not there; is it plugged in?"
    if number == 13:
        return f"{path}: not allowed; the user must be in group dialout"
    if number == 16 or "exclusively lock" in str(error):
        return f"{path}: another program has it open"
    return f"{path}: cannot be opened as a serial port"
