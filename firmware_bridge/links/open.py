"""From the ``link`` of a device in the hall file to an open line.

``serial:/dev/ttyUSB0``, ``serial:usb=1-1.2``, ``serial:sn=A50285BI``, ``tcp:10.0.0.7:5005``,
``usb:0416:5011``, ``file:slips.bin``, ``input:/dev/input/by-path/...``, ``raw:eth1``,
``spi:0.0``, ``hub75:AdafruitMatrixBonnet``. Two are no lines of this machine: ``emulator`` is a
null modem with the emulator at its other end, and ``mqtt:zigbee2mqtt/button3`` a device that is on
the broker already (`links.bus`).
"""

from pathlib import Path

from config.hall import Device
from firmware_bridge.links.link import Link, LinkError


async def open_link(device: Device, *, baud: int = 9600) -> Link:
    """Open the line of `device`; ``options.baud`` overrules `baud`.

    Raises:
        LinkError: in a technician's words.
    """
    kind, _, where = device.link.partition(":")
    match kind:
        case "serial":
            from firmware_bridge.links.serial import open_serial

            return open_serial(where, int(device.options.get("baud", baud)))
        case "tcp":
            from firmware_bridge.links.net import connect

            host, port = host_port(where)
            return await connect(host, port)
        case "usb":
            from firmware_bridge.links.usb import open_usb

            return open_usb(where, split=device.driver == "idcard")
        case "file":
            from firmware_bridge.links.file import open_file

            return open_file(Path(where))
        case "input":
            from firmware_bridge.links.evdev import open_input

            return open_input(where)
        case "raw":
            from firmware_bridge.links.raw import open_raw

            return open_raw(where)
        case "spi":
            from firmware_bridge.links.panel import open_max7219

            return open_max7219(where, device)
        case "hub75":
            from firmware_bridge.links.panel import open_hub75

            return open_hub75(where, device)
        case _:
            raise LinkError(f"link {device.link!r} is not one this driver knows")


def host_port(where: str) -> tuple[str, int]:
    """``host:port`` apart.

    Raises:
        LinkError: there is no port number.
    """
    host, _, port = where.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise LinkError(f"{where!r} is not HOST:PORT")
    return host, int(port)
