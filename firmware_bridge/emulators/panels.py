"""Panels that are not there: one behind a library's seam, and a chain of MAX7219 chips on SPI."""

from collections.abc import Sequence
from io import BytesIO
from typing import Self

from PIL import Image, UnidentifiedImageError

from config.hall import Device
from firmware_bridge.links.link import Link


class PanelEmulator:
    """Stands where the library and its panel do; `shown` is the picture on it."""

    def __init__(self, width: int = 128, height: int = 16) -> None:
        self.faults: set[str] = set()
        self.size = (width, height)
        self.shown = Image.new("RGB", self.size)
        self.pictures: list[Image.Image] = []
        """Everything shown so far, the newest last; the oldest are dropped after a hundred."""
        self.bad_frames = 0

    @classmethod
    def for_device(cls, device: Device) -> Self:
        """The panel that a hall file describes."""
        options = device.options
        return cls(int(options.get("width", 128)), int(options.get("height", 16)))

    @property
    def lit(self) -> int:
        """Dots that are not dark."""
        return lit(self.shown)

    async def run(self, link: Link) -> None:
        while True:
            answer = self._take(await link.read())
            if "silent" not in self.faults:
                await link.write(answer)

    def _take(self, data: bytes) -> bytes:
        try:
            picture = Image.open(BytesIO(data)).convert("RGB")
        except (UnidentifiedImageError, OSError):
            self.bad_frames += 1
            return b"no picture"
        if picture.size != self.size:
            self.bad_frames += 1
            return b"%d x %d wanted" % self.size
        self.shown = picture
        self.pictures = [*self.pictures[-99:], picture]
        return b"taken"


def lit(picture: Image.Image) -> int:
    """Dots of `picture` that are not dark."""
    return sum(value > 0 for value in picture.convert("L").tobytes())


class Max7219Chain:
    """What the kernel's SPI is to a program, with modules of 8 by 8 at its other end.

    Each transfer is shifted through the chain; when it ends every chip obeys the sixteen bits that
    lie in it, so a transfer that is not two bytes a chip leaves them all wrong, and is refused.
    Modules hang in rows from left to right, the first transferred being the last in the chain, and
    the last of the bottom row being farthest.

    Reference: MAX7219/MAX7221 data sheet, tables 1, 2 and 10.
    """

    _DECODE, _INTENSITY, _SCAN, _SHUTDOWN, _TEST = 9, 10, 11, 12, 15

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.chips: list[dict[int, int]] = [{} for _ in range(width * height // 64)]
        """Registers of each chip, in the order of the transfer."""
        self.place: tuple[int, int] | None = None
        self.max_speed_hz = 0
        self.refused = 0

    def open(self, port: int, device: int) -> None:
        self.place = (port, device)

    def close(self) -> None:
        self.place = None

    def forget(self) -> None:
        """The supply dips: chips wake up dark, with one digit, and know nothing."""
        for chip in self.chips:
            chip.clear()

    def writebytes(self, data: Sequence[int]) -> None:
        """One transfer."""
        if len(data) != 2 * len(self.chips):
            self.refused += 1
            return
        for chip, register, value in zip(self.chips, data[::2], data[1::2], strict=True):
            if register:
                chip[register & 15] = value

    @property
    def brightness(self) -> set[int]:
        """Intensities of the chips, 0 to 15."""
        return {chip.get(self._INTENSITY, 0) for chip in self.chips}

    @property
    def shown(self) -> Image.Image:
        """What lights up: nothing of a chip that is shut down, or decodes, or scans too little."""
        page = Image.new("1", (self.width, self.height))
        columns = self.width // 8
        for number, chip in enumerate(reversed(self.chips)):
            left, top = number % columns * 8, number // columns * 8
            dark = not chip.get(self._SHUTDOWN, 0) & 1 or chip.get(self._DECODE, 0)
            for digit in range(0 if dark else chip.get(self._SCAN, 0) + 1):
                for dot in range(8):
                    if chip.get(digit + 1, 0) >> dot & 1:
                        page.putpixel((left + digit, top + dot), 255)
        return page
