"""The open pad, over USB serial or MQTT. Its firmware is in `firmware_bridge/firmware`."""

import asyncio
from collections.abc import Sequence

from config.wire.devices import Health
from firmware_bridge.codecs import openpad
from firmware_bridge.codecs.openpad import Message
from firmware_bridge.codecs.stream import Stream
from firmware_bridge.desk import Desk
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.tasks import together
from firmware_bridge.words import AskRating, Beep, Figures, Heard, Order, Pressed, Rated, Verdict

SILENT_SECONDS = 16.0
"""A pad speaks every five seconds; after three silences it is gone."""
REPEATING_SECONDS = 6.0
"""A pad repeats an unacknowledged message for five seconds; later the number is a new one."""
LEVELS = 5


class Driver:
    """One pad."""

    def __init__(self, link: Link, desk: Desk, silent_seconds: float = SILENT_SECONDS) -> None:
        self._link, self._desk, self._silent_seconds = link, desk, silent_seconds
        self._stream: Stream[Message] = Stream(openpad.parse, limit=2 * openpad.LONGEST)
        self._sequence = 0
        self._last: tuple[tuple[str, int], float] = (("", -1), 0.0)
        self._shown: tuple[str, ...] = ()
        self._asked = ""

    async def run(self) -> None:
        """Serve the pad until its line breaks or it falls silent."""
        await self._send("who")
        await together(self._listen(), self._obey())

    async def _listen(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._silent_seconds):
                    data = await self._link.read()
            except TimeoutError:
                raise LinkError(f"{self._desk.device.id}: the pad says nothing any more") from None
            for message in self._stream.feed(data):
                self._desk.report(Health.OK, "")
                await self._hear(message)
            self._desk.count(self._stream.faults)
            self._stream.faults.clear()

    async def _hear(self, message: Message) -> None:
        if message.word in ("key", "rate"):
            await self._send("ack", sequence=message.sequence)
            now = asyncio.get_running_loop().time()
            last, at = self._last
            self._last = ((message.word, message.sequence), now)
            if last != self._last[0] or now - at > REPEATING_SECONDS:
                await self._said(message)
        elif message.word == "hello":
            await self._desk.say(Heard("hello", " ".join(message.arguments)))
            await self._refresh()
        elif message.word == "alive":
            await self._refresh()

    async def _said(self, message: Message) -> None:
        match message.word, message.arguments:
            case "key", (name,):
                await self._desk.say(Pressed(name))
            case "key", (name, digits) if digits.isascii() and digits.isdecimal():
                await self._desk.say(Pressed(name, digits))
            case "rate", (level, reference) if level in ("1", "2", "3", "4", "5"):
                if reference == self._asked:
                    self._asked = ""
                    await self._desk.say(Rated(int(level) - 1, LEVELS, reference))
                else:
                    self._desk.counters["rating without question"] += 1
            case _:
                self._desk.counters["strange message"] += 1

    async def _obey(self) -> None:
        while True:
            await self._carry_out(await self._desk.next_order())

    async def _carry_out(self, order: Order) -> None:
        match order:
            case Figures(number, waiting):
                self._shown = (number or "-", "" if waiting is None else f"等候 {waiting}")
                await self._show()
            case Verdict(good):
                await self._send("good" if good else "bad")
            case Beep():
                await self._send("beep")
            case AskRating(reference):
                self._asked = reference
                await self._send("ask", reference)

    async def _refresh(self) -> None:
        """What the pad may have lost: its line has no acknowledge in this direction."""
        await self._show()
        if self._asked:
            await self._send("ask", self._asked)

    async def _show(self) -> None:
        if self._shown:
            await self._send("show", *filter(None, self._shown))

    async def _send(self, word: str, *arguments: str, sequence: int | None = None) -> None:
        if sequence is None:
            self._sequence = (self._sequence + 1) & 0xFF
            sequence = self._sequence
        await self._link.write(openpad.encode(Message(word, sequence, arguments)))


async def drive(link: Link, desks: Sequence[Desk], silent_seconds: float = SILENT_SECONDS) -> None:
    """Serve one pad (see `drivers.registry`)."""
    await Driver(link, desks[0], silent_seconds).run()
