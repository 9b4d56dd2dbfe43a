"""Window signs of HUB75 panels behind a Colorlight 5A-75B card, fed by raw Ethernet.

The card keeps no text and answers nothing while it shows: we draw the sign ourselves and send every
row again ten times a second. That it is there is known from its answer to "who is there?".
"""

import asyncio
from collections.abc import Sequence

from PIL import Image

from config.wire.devices import Health
from firmware_bridge.codecs import colorlight
from firmware_bridge.codecs.colorlight import Brightness, Dot, Here, Look
from firmware_bridge.codecs.stream import ProtocolError
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.signpicture import COLOURS, draw
from firmware_bridge.links.link import Link
from firmware_bridge.sign import strip_of
from firmware_bridge.tasks import together
from firmware_bridge.words import Show, Shown, Sign

FRAME_SECONDS = 0.1
LOOK_SECONDS = 5.0
FLASH_SECONDS = 0.5
FLASHES = 3


def rows_of(picture: Image.Image) -> list[list[Dot]]:
    """`picture` as rows of dots."""
    data, width = picture.tobytes(), picture.width * 3
    return [
        [(row[x], row[x + 1], row[x + 2]) for x in range(0, width, 3)]
        for row in (data[at : at + width] for at in range(0, len(data), width))
    ]


class Panel:
    """One card on an interface of its own."""

    def __init__(self, link: Link, desk: Desk) -> None:
        options = desk.device.options
        self._link, self._desk = link, desk
        self._strip = strip_of(desk.device)
        self._colour = COLOURS.get(str(options.get("colour", "red")), COLOURS["red"])
        self._brightness = int(options.get("brightness", 60)) * 255 // 100
        self._sign = Sign(())
        self._since = 0.0
        self._seen = -LOOK_SECONDS
        self._told: int | None = None

    async def run(self) -> None:
        """Show until the interface goes away."""
        self._desk.report(Health.UNKNOWN, "dots are sent; the card has not answered yet")
        await together(self._obey(), self._send(), self._look(), self._listen())

    async def _obey(self) -> None:
        while True:
            order = await self._desk.next_order()
            if isinstance(order, Show):
                if order.sign.call != self._sign.call:
                    self._since = asyncio.get_running_loop().time()
                self._sign = order.sign

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            age = loop.time() - self._since
            blank = age < 2 * FLASHES * FLASH_SECONDS and int(age / FLASH_SECONDS) % 2 == 1
            picture = draw(self._sign, self._strip, self._colour, blank=blank)
            for frame in colorlight.picture(rows_of(picture)):
                await self._link.write(frame)
            await self._tell(loop.time())
            await asyncio.sleep(FRAME_SECONDS)

    async def _tell(self, now: float) -> None:
        """A call is shown when it was sent to a card that has lately said that it is there."""
        there = now - self._seen < 3 * LOOK_SECONDS
        call = self._sign.call
        if there and call is not None and call != self._told:
            self._told = call
            await self._desk.say(Shown(call))
        if not there and self._desk.health is Health.OK:
            self._desk.report(Health.OFFLINE, "the card answers no more: check power and cable")

    async def _look(self) -> None:
        while True:
            await self._link.write(colorlight.encode(Look()))
            await self._link.write(colorlight.encode(Brightness(self._brightness)))
            await asyncio.sleep(LOOK_SECONDS)

    async def _listen(self) -> None:
        while True:
            try:
                heard = colorlight.decode(await self._link.read())
            except ProtocolError:
                continue
            if isinstance(heard, Here):
                self._seen = asyncio.get_running_loop().time()
                self._desk.report(Health.OK, "")


async def drive(link: Link, desks: Sequence[Desk]) -> None:
    """Serve one card (see `drivers.registry`)."""
    await Panel(link, desks[0]).run()
