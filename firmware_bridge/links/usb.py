"""USB bulk lines through libusb: printers and card readers without a serial port.

Endpoints are read from the descriptor, never assumed: cheap printers put them anywhere, and some
have no way back at all.
"""

import asyncio
import importlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from firmware_bridge.links.link import Link, LinkError

POLL_MS = 200
WRITE_MS = 5000


class UsbLink:
    """The bulk endpoints of one interface; with two of a direction, the last ones carry bodies."""

    def __init__(self, device: Any, usb: Any, name: str, *, split: bool = False) -> None:
        self._device, self._usb, self._name = device, usb, name
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="usb")
        self._open = True
        self._split = split
        self._out, self._in = _bulk_endpoints(device, usb, name)

    async def read(self) -> bytes:
        if not self._in:
            await asyncio.Event().wait()
        turn = 0
        while self._open:
            endpoint = self._in[turn % len(self._in)]
            turn += 1
            data: bytes = await self._in_thread(self._read_once, endpoint)
            if data:
                return data
        raise LinkError(f"{self._name}: closed")

    async def write(self, data: bytes) -> None:
        """Whole to the first OUT endpoint; split, 7 bytes of header there and the rest to the
        second, as card readers with two pairs want it."""
        parts = [data[:7], data[7:]] if self._split and len(self._out) > 1 else [data]
        for endpoint, part in zip(self._out, parts, strict=False):
            if part:
                await self._in_thread(self._write_once, endpoint, part)

    async def close(self) -> None:
        if self._open:
            self._open = False
            self._workers.shutdown(wait=False, cancel_futures=True)
            self._usb.util.dispose_resources(self._device)

    async def _in_thread(self, act: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._workers, act, *arguments)

    def _read_once(self, endpoint: Any) -> bytes:
        try:
            return bytes(endpoint.read(endpoint.wMaxPacketSize * 8, POLL_MS))
        except self._usb.core.USBTimeoutError:
            return b""
        except self._usb.core.USBError as error:
            raise LinkError(f"{self._name}: {error.strerror}") from None

    def _write_once(self, endpoint: Any, data: bytes) -> None:
        try:
            endpoint.write(data, WRITE_MS)
        except self._usb.core.USBError as error:
            raise LinkError(f"{self._name}: {error.strerror}") from None


def _bulk_endpoints(device: Any, usb: Any, name: str) -> tuple[list[Any], list[Any]]:
    util = usb.util
    for interface in device.get_active_configuration():
        bulk = [
            e for e in interface if util.endpoint_type(e.bmAttributes) == util.ENDPOINT_TYPE_BULK
        ]
        out = [e for e in bulk if util.endpoint_direction(e.bEndpointAddress) == util.ENDPOINT_OUT]
        if out:
            if device.is_kernel_driver_active(interface.bInterfaceNumber):
                device.detach_kernel_driver(interface.bInterfaceNumber)
            return out, [e for e in bulk if e not in out]
    raise LinkError(f"{name}: has no bulk endpoint; is it really a printer or reader?")


def open_usb(name: str, *, split: bool = False) -> Link:
    """Open ``VID:PID`` (hexadecimal), the first such device.

    Raises:
        LinkError: pyusb or libusb is missing, or nothing like that is plugged in.
    """
    vendor, _, product = name.partition(":")
    try:
        usb = importlib.import_module("usb")
        core = importlib.import_module("usb.core")
        importlib.import_module("usb.util")
    except ImportError:
        raise LinkError("USB needs the extra 'devices' (pyusb)") from None
    try:
        device = core.find(idVendor=int(vendor, 16), idProduct=int(product, 16))
        if device is None:
            raise LinkError(f"USB {name}: nothing like that is plugged in")
        return UsbLink(device, usb, f"USB {name}", split=split)
    except core.NoBackendError:
        raise LinkError("USB needs the system library libusb-1.0") from None
    except core.USBError as error:
        raise LinkError(f"USB {name}: {error.strerror}") from None
