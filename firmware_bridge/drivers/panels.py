"""Signs of bare dots on the pins of this very board: MAX7219 modules and HUB75 panels.

The characters are drawn here and the picture goes over the line as one PNG; at its other end is
the library that drives the pins (`links.panel`), or the emulator. A taken picture is answered with
``taken``. That is all that can be known: nothing on such a panel answers, so its health stays
"unknown", and a call counts as shown when the library has put it out on the pins.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from config.wire.devices import Health
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.signpicture import COLOURS, draw
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.sign import strip_of
from firmware_bridge.words import Show, Shown, Sign

FLASHES = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take, seconds."""

    answer: float = 2.0
    refresh: float = 60.0
    flash: float = 0.5


class Panel:
    """One panel."""

    def __init__(self, link: Link, desk: Desk, timing: Timing) -> None:
        options = desk.device.options
        self._link, self._desk, self._timing = link, desk, timing
        self._strip = strip_of(desk.device)
        brightness = int(options.get("brightness", 100))
        red, green, blue = COLOURS.get(str(options.get("colour", "red")), COLOURS["red"])
        # A MAX7219 knows on and off only and dims by itself; the link looks after that.
        share = brightness if desk.device.driver == "hub75" else 100
        self._colour = (red * share // 100, green * share // 100, blue * share // 100)

    async def run(self) -> None:
        """Show what is ordered, and the same again every minute: modules forget in a dip."""
        sign = Sign(())
        await self._write(sign)
        self._desk.report(Health.UNKNOWN, "pictures go out, but this panel cannot answer: look")
        while True:
            if not await self._desk.ordered_within(self._timing.refresh):
                await self._write(sign)
                continue
            order = await self._desk.next_order()
            if isinstance(order, Show):
                fresh, sign = order.sign.call != sign.call, order.sign
                await self._show(sign, flash=fresh)

    async def _show(self, sign: Sign, *, flash: bool) -> None:
        await self._write(sign)
        if sign.call is not None:
            await self._desk.say(Shown(sign.call))
        if flash and any(line.flash for line in sign.lines):
            for blank in (True, False) * FLASHES:
                if await self._desk.ordered_within(self._timing.flash):
                    return
                await self._write(sign, blank=blank)

    async def _write(self, sign: Sign, *, blank: bool = False) -> None:
        await self._link.write(_png(draw(sign, self._strip, self._colour, blank=blank)))
        try:
            async with asyncio.timeout(self._timing.answer):
                answer = await self._link.read()
        except TimeoutError:
            raise LinkError(f"{self._desk.device.id}: the picture was not taken in time") from None
        if answer != b"taken":
            raise LinkError(f"{self._desk.device.id}: {answer[:80].decode('ascii', 'replace')}")


def _png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


async def drive(link: Link, desks: Sequence[Desk], timing: Timing = Timing()) -> None:
    """Serve one panel (see `drivers.registry`)."""
    await Panel(link, desks[0], timing).run()
