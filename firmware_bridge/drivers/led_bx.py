"""Window signs on Onbon BX-5K and BX-6K cards: one line, one card or (RS-485) several.

A sign's rows are dynamic areas, one a row. They live in the card's memory only, so they are
written again every minute and after every break. A call flashes three times and stands; the card
has said "done" before anybody is told that the call is shown.

Nothing is published about the card's timing, so: two seconds for an answer, three tries, 200 ms
and at most five tries when it says busy, and a quarter of a second between two texts.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.wire.devices import Health
from firmware_bridge.codecs import bx
from firmware_bridge.codecs.bx import Packet
from firmware_bridge.codecs.bx_areas import ALL, Area, Change, encode, sign_text
from firmware_bridge.codecs.stream import Stream
from firmware_bridge.desk import Desk
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.sign import strip_of
from firmware_bridge.tasks import together
from firmware_bridge.words import Show, Shown, Sign

TRIES = 3
BUSY_TRIES = 5
FLASHES = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take, seconds."""

    answer: float = 2.0
    busy: float = 0.2
    ping: float = 10.0
    refresh: float = 60.0
    flash: float = 0.5


class Card:
    """One card on the line."""

    def __init__(self, line: "Line", desk: Desk) -> None:
        device = desk.device
        self._line, self._desk = line, desk
        self._address = device.address or bx.ANY_SCREEN
        self._unit = 8 if str(device.options.get("model", "6k")).lower() == "5k" else 1
        self._colour = str(device.options.get("colour", ""))
        self._font = str(device.options.get("font", "gb2312"))
        self._strip = strip_of(device)

    async def run(self) -> None:
        """Set the card up, then show whatever is ordered, and everything again every minute."""
        await self._ask(bx.PING)
        await self._ask(bx.POWER, b"\x01")
        await self._ask(bx.CLOCK, bx.clock(self._line.now()))
        await self._ask(bx.AREAS, encode(Change(delete=(ALL,))))
        self._desk.report(Health.OK, "")
        sign: Sign | None = None
        loop, timing = asyncio.get_running_loop(), self._line.timing
        written = loop.time()
        while True:
            if not await self._desk.ordered_within(timing.ping):
                if sign is None or loop.time() - written < timing.refresh:
                    await self._ask(bx.PING)
                    continue
                await self._write(sign)
            else:
                order = await self._desk.next_order()
                if not isinstance(order, Show):
                    continue
                fresh = sign is None or order.sign.call != sign.call
                sign = order.sign
                await self._show(sign, flash=fresh)
            written = loop.time()

    async def _show(self, sign: Sign, *, flash: bool) -> None:
        await self._write(sign)
        self._desk.report(Health.OK, "")
        if sign.call is not None:
            await self._desk.say(Shown(sign.call))
        if flash and any(line.flash for line in sign.lines):
            for blank in (True, False) * FLASHES:
                if await self._desk.ordered_within(self._line.timing.flash):
                    return
                await self._write(sign, blank=blank)

    async def _write(self, sign: Sign, *, blank: bool = False) -> None:
        areas = []
        for row, line in enumerate(sign.lines[: self._strip.rows]):
            text = sign_text(" " if blank and line.flash else line.text, self._colour, self._font)
            if text.lost:
                self._desk.counters["characters replaced"] += len(text.lost)
            areas.append(
                Area(
                    id=row,
                    x=0,
                    y=row * self._strip.character,
                    width=self._strip.width // self._unit,
                    height=self._strip.character,
                    text=text.data,
                )
            )
        await self._ask(bx.AREAS, encode(Change(areas=tuple(areas))))

    async def _ask(self, command: tuple[int, int], parameters: bytes = b"") -> Packet:
        """Send until the card says yes.

        Raises:
            LinkError: it does not answer, or says no for good.
        """
        packet = Packet(command, parameters, target=self._address)
        silent = busy = 0
        while silent < TRIES and busy <= BUSY_TRIES:
            answer = await self._line.exchange(packet)
            if answer is None:
                self._desk.counters["no answer"] += 1
                silent += 1
            elif answer.command != bx.NACK:
                return answer
            elif answer.flag == bx.BUSY:
                busy += 1
                await asyncio.sleep(self._line.timing.busy)
            elif answer.flag == bx.BAD_CHECKSUM:
                silent += 1
            else:
                reason = bx.ERRORS.get(answer.flag, f"error {answer.flag}")
                raise LinkError(f"{self._desk.device.id}: the card refuses: {reason}")
        why = "is always busy" if busy else "does not answer; is it powered?"
        raise LinkError(f"{self._desk.device.id}: the sign card {why}")


class Line:
    """The wire all cards share: one question at a time."""

    def __init__(
        self, link: Link, desks: Sequence[Desk], now: Callable[[], datetime], timing: Timing
    ) -> None:
        self.now, self.timing = now, timing
        self._link, self._desks = link, desks
        self._stream: Stream[Packet] = Stream(bx.parse, limit=bx.LONGEST)
        self._turn = asyncio.Lock()

    async def exchange(self, packet: Packet) -> Packet | None:
        """Send and wait for that card's answer; None when there is none in time."""
        async with self._turn:
            self._stream.idle()
            await self._link.write(bx.encode(packet))
            try:
                async with asyncio.timeout(self.timing.answer):
                    while True:
                        for answer in self._stream.feed(await self._link.read()):
                            if self._is_answer(answer, packet):
                                return answer
            except TimeoutError:
                return None
            finally:
                for desk in self._desks:
                    desk.count(self._stream.faults)
                self._stream.faults.clear()

    @staticmethod
    def _is_answer(answer: Packet, asked: Packet) -> bool:
        mine = asked.target in (answer.source, bx.ANY_SCREEN) and answer.target == asked.source
        return mine and answer.command in (bx.ACK, bx.NACK, asked.command)


async def drive(
    link: Link,
    desks: Sequence[Desk],
    now: Callable[[], datetime] = datetime.now,
    timing: Timing = Timing(),
) -> None:
    """Serve the cards of one line (see `drivers.registry`)."""
    line = Line(link, desks, now, timing)
    await together(*(Card(line, desk).run() for desk in desks))
