"""Call pads and rating pads on one FF 68 bus: one line, many addresses.

Pads speak when a key is pressed, so two may speak at once and spoil each other's frame; a pad
that gets no acknowledge within about 80 ms says it again. Rules of this file:

* every good key frame is acknowledged at once, also a repeated one (the first answer may be lost);
* two equal frames of one address within 300 ms are one press;
* a converter that echoes what we send is noticed by a frame to nobody, and its echoes are dropped:
  our acknowledge is the pad's own frame, and would be taken for another press for ever;
* at least 35 ms between our frames.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from config.wire.devices import Health
from firmware_bridge.codecs import callpad
from firmware_bridge.codecs.callpad import Frame, Press, Rating
from firmware_bridge.codecs.stream import ProtocolError, Stream
from firmware_bridge.desk import Desk
from firmware_bridge.links.link import Link
from firmware_bridge.tasks import together
from firmware_bridge.words import AskRating, Beep, Figures, Heard, Order, Pressed, Rated, Verdict

SAME_PRESS_SECONDS = 0.3
GAP_SECONDS = 0.035
ECHO_SECONDS = 0.25
NOBODY = 0xFE
LISTENING = "listening; press a key to see it answer"
"""Pads are never asked: whether one is there is known when it speaks."""


class Bus:
    """The pads of one line."""

    def __init__(self, link: Link, desks: Sequence[Desk]) -> None:
        self._link = link
        self._desks = {d.device.address or 1: d for d in desks if d.device.driver == "callpad"}
        self._raters = {d.device.address or 1: d for d in desks if d.device.driver == "ratingpad"}
        self._stream: Stream[Frame] = Stream(callpad.parse, limit=64)
        self._writing = asyncio.Lock()
        self._free_at = 0.0
        self._last: dict[int, tuple[Frame, float]] = {}
        self._sent: deque[tuple[Frame, float]] = deque(maxlen=16)
        self._echoes = False
        self._asked: dict[int, str] = {}

    async def run(self) -> None:
        """Serve the line until it breaks."""
        everybody = (*self._desks.values(), *self._raters.values())
        for desk in everybody:
            desk.report(Health.UNKNOWN, LISTENING)
        await self._send(Frame(NOBODY, callpad.SHOW, bytes((callpad.BLANK,)) * 6))
        await together(self._listen(), *map(self._obey, everybody))

    async def _listen(self) -> None:
        while True:
            frames = self._stream.feed(await self._link.read())
            for frame in frames:
                await self._hear(frame)
            for desk in (*self._desks.values(), *self._raters.values()):
                desk.count(self._stream.faults)
            self._stream.faults.clear()

    async def _hear(self, frame: Frame) -> None:
        now = asyncio.get_running_loop().time()
        if self._is_echo(frame, now):
            return
        try:
            said = callpad.said(frame)
        except ProtocolError:
            return
        desk = (self._desks if isinstance(said, Press) else self._raters).get(frame.address)
        if desk is None:
            await self._stranger(frame)
            return
        if isinstance(said, Press):
            await self._send(frame)
        else:
            short = bool(desk.device.options.get("short_acknowledge", False))
            await self._write(callpad.acknowledge_rating(said, short=short))
        last, at = self._last.get(frame.address, (None, 0.0))
        self._last[frame.address] = (frame, now)
        if last == frame and now - at < SAME_PRESS_SECONDS:
            desk.counters["repeated press"] += 1
            return
        desk.report(Health.OK, "")
        await self._pass_on(desk, said)

    async def _pass_on(self, desk: Desk, said: Press | Rating) -> None:
        if isinstance(said, Press):
            await desk.say(Pressed(said.key.name.lower(), said.digits))
            return
        reference = self._asked.pop(said.address, "")
        if not reference:
            desk.counters["rating without question"] += 1
            return
        levels = int(desk.device.options.get("levels", 4))
        if said.value >= levels:
            desk.counters["rating off the scale"] += 1
            return
        await desk.say(Rated(said.value, levels, reference))

    async def _stranger(self, frame: Frame) -> None:
        """A pad that the hall file does not know: say so where the technician looks."""
        for desk in (*self._desks.values(), *self._raters.values()):
            desk.counters["unknown address"] += 1
            await desk.say(Heard("unknown pad", f"address {frame.address}"))
            return

    def _is_echo(self, frame: Frame, now: float) -> bool:
        if frame.address == NOBODY:
            self._echoes = True
            return True
        if not self._echoes:
            return False
        while self._sent and now - self._sent[0][1] > ECHO_SECONDS:
            self._sent.popleft()
        for sent in self._sent:
            if sent[0] == frame:
                self._sent.remove(sent)
                return True
        return False

    async def _send(self, frame: Frame) -> None:
        self._sent.append((frame, asyncio.get_running_loop().time()))
        await self._write(callpad.encode(frame))

    async def _write(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        async with self._writing:
            await asyncio.sleep(self._free_at - loop.time())
            await self._link.write(data)
            self._free_at = loop.time() + GAP_SECONDS

    async def _obey(self, desk: Desk) -> None:
        address = desk.device.address or 1
        while True:
            data = self._bytes(address, await desk.next_order())
            if data:
                frame, _ = callpad.parse(data)
                if isinstance(frame, Frame):
                    await self._send(frame)

    def _bytes(self, address: int, order: Order) -> bytes:
        match order:
            case Figures(number, waiting):
                return callpad.show(address, number=number, waiting=waiting)
            case Verdict(good):
                return callpad.result(address, good=good)
            case Beep():
                return callpad.beep(address)
            case AskRating(reference):
                self._asked[address] = reference
                return callpad.ask_rating(address)
            case _:
                return b""


async def drive(link: Link, desks: Sequence[Desk]) -> None:
    """Serve all pads of one line (see `drivers.registry`)."""
    await Bus(link, desks).run()
