"""A0 90 strips and AM03127 signs: experimental, for halls that already have them.

An A0 90 strip's answer is half known, so silence is not taken for a fault, and a call on it counts
as shown only when something like an answer came. AM03127 has no Chinese: it shows the ticket and
the window's number.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from config.wire.devices import Health
from firmware_bridge.codecs import gb, oldsigns
from firmware_bridge.codecs.stream import ProtocolError
from firmware_bridge.desk import Desk
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.words import Show, Shown, Sign

ANSWER_SECONDS = 1.0
REFRESH_SECONDS = 60.0
TRIES = 3
COLOURS = {"red": oldsigns.RED, "green": oldsigns.GREEN, "yellow": oldsigns.YELLOW}


async def drive(link: Link, desks: Sequence[Desk]) -> None:
    """Serve one A0 90 strip (see `drivers.registry`)."""
    desk = desks[0]
    colour = COLOURS.get(str(desk.device.options.get("colour", "red")), oldsigns.RED)

    async def show(sign: Sign) -> bool:
        text, lost = gb.replace(sign.lines[-1].text, "gb2312")
        desk.counters["characters replaced"] += len(lost)
        strip = oldsigns.Strip(
            desk.device.address or 1, oldsigns.SHOW, oldsigns.strip_text([(text, colour)])
        )
        for _ in range(TRIES):
            await link.write(oldsigns.encode_strip(strip))
            heard = await _listen(link, b"\xa5\xaa")
            at = heard.find(b"\xa0\x90")
            with suppress(ProtocolError):
                oldsigns.strip_answer(heard[at:] if at >= 0 else b"")
                return True
            desk.counters["no answer"] += 1
        desk.report(Health.UNKNOWN, "texts are sent, but the strip does not answer")
        return False

    await _serve(desk, show)


async def drive_am(link: Link, desks: Sequence[Desk]) -> None:
    """Serve one AM03127 sign."""
    desk = desks[0]

    async def show(sign: Sign) -> bool:
        text = f"{sign.number} -> {sign.label}" if sign.number else sign.label
        data = oldsigns.am_page(desk.device.address or 1, text or "-")
        for _ in range(TRIES):
            await link.write(data)
            heard = await _listen(link, b"ACK")
            if heard.endswith(b"ACK") and not heard.endswith(b"NACK"):
                return True
            desk.counters["no answer" if not heard else "refused"] += 1
        raise LinkError(f"{desk.device.id}: the sign does not acknowledge")

    await _serve(desk, show)


async def _serve(desk: Desk, show: Callable[[Sign], Awaitable[bool]]) -> None:
    """Show what is ordered, and the same again every minute."""
    sign: Sign | None = None
    while True:
        if sign is None or await desk.ordered_within(REFRESH_SECONDS):
            order = await desk.next_order()
            sign = order.sign if isinstance(order, Show) else sign
        if sign is not None and sign.lines and await show(sign):
            desk.report(Health.OK, "")
            if sign.call is not None:
                await desk.say(Shown(sign.call))


async def _listen(link: Link, end: bytes) -> bytes:
    heard = b""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while not heard.endswith(end):
                heard = (heard + await link.read())[-64:]
    except TimeoutError:
        pass
    return heard
