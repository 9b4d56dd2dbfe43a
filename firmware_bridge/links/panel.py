"""Panels on the pins of this board, through the library that knows them: a picture in, dots out.

``spi:0.0`` is a chain of MAX7219 modules on SPI port 0, device 0, by ``luma.led_matrix``;
``hub75:AdafruitMatrixBonnet`` a HUB75 panel on the pins of a Raspberry Pi 5, by Adafruit's
Piomatter. Both come with the extra ``panels`` and are imported when a hall file names them.
"""

import asyncio
import importlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from config.hall import Device
from firmware_bridge.links.link import LinkError

Put = Callable[[Image.Image], None]

_PIO = Path("/dev/pio0")


class PanelLink:
    """Takes a PNG with each `write`; ``taken`` is to be read when `put` has shown it."""

    def __init__(self, name: str, put: Put) -> None:
        self._name, self._put = name, put
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()

    async def read(self) -> bytes:
        return await self._answers.get()

    async def write(self, data: bytes) -> None:
        picture = Image.open(BytesIO(data))
        try:
            await asyncio.to_thread(self._put, picture)
        except (OSError, ValueError, RuntimeError, AssertionError) as error:
            raise LinkError(f"{self._name}: the library refuses ({error})") from None
        self._answers.put_nowait(b"taken")

    async def close(self) -> None:
        """The pins keep what they show; the next opening finds them as they are."""


def open_max7219(where: str, device: Device, spi: Any = None) -> PanelLink:
    """A chain of modules on SPI ``PORT.DEVICE``, in rows of `width`, `height` dots in all.

    `spi` stands in for the kernel's (something like ``spidev.SpiDev``).

    Raises:
        LinkError: no library, no SPI, or a size that is not made of modules of 8 by 8.
    """
    port, _, select = where.partition(".")
    if not (port.isdecimal() and select.isdecimal()):
        raise LinkError(f"spi:{where} is not spi:PORT.DEVICE")
    serial = _library("luma.core.interface.serial", "MAX7219 modules")
    module = _library("luma.led_matrix.device", "MAX7219 modules")
    registers = _library("luma.led_matrix.const", "MAX7219 modules").max7219
    errors = _library("luma.core.error", "MAX7219 modules")
    width, height = _size(device)
    contrast = int(device.options.get("brightness", 40)) * 255 // 100
    if width % 8 or height % 8:
        raise LinkError(f"{device.id}: {width} x {height} is not made of modules of 8 by 8")
    try:
        line = serial.spi(spi=spi, gpio=serial.noop(), port=int(port), device=int(select))
        chain = module.max7219(
            line,
            width=width,
            height=height,
            block_orientation=int(device.options.get("turn", 0)),
            contrast=contrast,
        )
    except ImportError:
        raise LinkError("MAX7219 modules need the extra 'panels' (spidev)") from None
    except (errors.Error, OSError) as error:
        raise LinkError(f"spi:{where}: {type(error).__name__}: is SPI switched on?") from None

    def put(picture: Image.Image) -> None:
        # A module that lost its supply for a moment has forgotten how it is wired.
        for register, value in (
            (registers.SCANLIMIT, 7),
            (registers.DECODEMODE, 0),
            (registers.DISPLAYTEST, 0),
        ):
            chain.data([register, value] * chain.cascaded)
        chain.contrast(contrast)
        chain.show()
        # By hand: Pillow would take pure red, which is darker than half grey, for black.
        chain.display(picture.convert("L").point(lambda value: 255 if value else 0).convert("1"))

    return PanelLink(f"spi:{where}", put)


def open_hub75(where: str, device: Device) -> PanelLink:
    """A panel on the pins of a Raspberry Pi 5, wired as `where` says (Piomatter's `Pinout`).

    Raises:
        LinkError: no library, no such board, no such wiring.
    """
    library = _library("adafruit_blinka_raspberry_pi5_piomatter", "HUB75 panels on the pins")
    pinout = getattr(library.Pinout, where or "AdafruitMatrixBonnet", None)
    if pinout is None:
        raise LinkError(f"hub75:{where} is no wiring that the library knows")
    # Without it the library ends the whole process instead of raising.
    if not _PIO.exists():
        raise LinkError(f"no {_PIO}: HUB75 on the pins needs a Raspberry Pi 5")
    width, height = _size(device)
    lines = int(device.options.get("address_lines", 4 if height <= 32 else 5))
    dots = bytearray(width * height * 3)
    try:
        panel = library.PioMatter(
            colorspace=library.Colorspace.RGB888Packed,
            pinout=pinout,
            framebuffer=dots,
            geometry=library.Geometry(width=width, height=height, n_addr_lines=lines),
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise LinkError(f"hub75:{where}: {error}") from None

    def put(picture: Image.Image) -> None:
        if picture.size != (width, height):
            raise ValueError(f"{width} x {height} wanted")
        dots[:] = picture.convert("RGB").tobytes()
        panel.show()

    return PanelLink(f"hub75:{where}", put)


def _size(device: Device) -> tuple[int, int]:
    return int(device.options.get("width", 128)), int(device.options.get("height", 16))


def _library(name: str, what: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise LinkError(f"{what} need the extra 'panels' ({name})") from None
