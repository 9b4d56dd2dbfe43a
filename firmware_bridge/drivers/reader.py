"""The identity card reader of a kiosk.

    async with open_reader(device) as reader:
        async for sight in reader.sights():
            match sight:
                case Presented(card): ...
                case Problem(citizen, technician): ...
                case Removed(): ...

Every read is find, select, read. A card that is left lying is one presentation however often the
module reports it; a card that is swapped is another. Nothing of a card is kept here but a keyed
hash in memory, to know it again within seconds.
"""

import asyncio
import hashlib
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.codecs import sdt
from firmware_bridge.codecs.cardtext import Card
from firmware_bridge.codecs.sdt import Answer, Request
from firmware_bridge.codecs.stream import ProtocolError, Stream
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.links.open import open_link

if TYPE_CHECKING:
    from firmware_bridge.emulators.reader import ReaderEmulator

POLL_SECONDS = 0.3
ANSWER_SECONDS = 2.0
READ_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 2.0
SAME_CARD_SECONDS = 3.0
WORST = 3
"""Silences in a row after which the module is reset, and then given up for this line."""

_NOT_READABLE = frozenset({0x31, 0x32, 0x33, 0x37, 0x40})
_CONFUSED = frozenset({0x24, 0x47})
_BROKEN = frozenset({0x60, 0x66})


@dataclass(frozen=True, slots=True)
class Presented:
    """A card was put on the reader and read."""

    card: Card


@dataclass(frozen=True, slots=True)
class Removed:
    """The field is empty again."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something is wrong: what to tell the citizen, what to tell the technician."""

    citizen: str
    technician: str
    health: Health = Health.OK


Sight = Presented | Removed | Problem
Connect = Callable[[int], Awaitable[Link]]
OUT_OF_ORDER = "读卡器暂停使用，请直接取号"


class Reader:
    """One SDT reader behind whatever line `connect` opens at a given speed."""

    def __init__(
        self,
        connect: Connect,
        bauds: tuple[int, ...] = sdt.BAUDS,
        *,
        poll_seconds: float = POLL_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        first_wait: float = 0.5,
    ) -> None:
        self.emulator: ReaderEmulator | None = None
        """The reader itself, where it is an emulator: cards are put on it."""
        self.health, self.reason = Health.UNKNOWN, "not tried yet"
        self.faults: Counter[str] = Counter()
        self.baud = 0
        self._connect, self._bauds = connect, bauds
        self._poll_seconds, self._answer_seconds = poll_seconds, answer_seconds
        self._first_wait = first_wait
        self._link: Link | None = None
        self._stream: Stream[Answer] = Stream(sdt.parse)
        self._said = 0
        self._key = secrets.token_bytes(16)
        self._last: tuple[bytes, float] = (b"", 0.0)

    async def sights(self) -> AsyncGenerator[Sight, None]:
        """What happens on the reader, for ever; a broken line is a `Problem` and is tried again
        with growing pauses of at most ten seconds."""
        wait = self._first_wait
        while True:
            try:
                await self._open()
                wait = self._first_wait
                async for sight in self._watch():
                    yield sight
            except LinkError as error:
                told = (self.health, self.reason) == (Health.OFFLINE, str(error))
                self.health, self.reason = Health.OFFLINE, str(error)
                await self.close()
                if not told:
                    yield Problem(OUT_OF_ORDER, str(error), Health.OFFLINE)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 10.0)

    async def close(self) -> None:
        """Let go of the line."""
        if self._link is not None:
            await self._link.close()
            self._link = None

    async def _open(self) -> None:
        """Find the speed at which the reader answers."""
        bauds = (self.baud, *self._bauds) if self.baud else self._bauds
        for baud in dict.fromkeys(bauds):
            await self.close()
            self._link = await self._connect(baud)
            self._stream = Stream(sdt.parse)
            answer = await self._ask(sdt.STATUS, self._answer_seconds / 4)
            answer = answer or await self._ask(sdt.STATUS, self._answer_seconds / 4)
            if answer is not None:
                self.baud = baud
                self._healthy(answer)
                return
        raise LinkError("the reader does not answer at any speed: check power and cable")

    def _healthy(self, answer: Answer) -> None:
        if answer.status in _BROKEN:
            self.health, self.reason = Health.OFFLINE, sdt.sentences(answer.status)[1]
        else:
            self.health, self.reason = Health.OK, ""

    async def _watch(self) -> AsyncIterator[Sight]:
        """Poll until the line breaks. `lying` is a card that has been dealt with."""
        lying, dealt_at, silences = False, 0.0, 0
        loop = asyncio.get_running_loop()
        self._said = 0
        while True:
            found = await self._ask(sdt.FIND)
            status = 0 if found is None else found.status
            silences = 0 if found is not None else silences + 1
            if silences >= WORST or status in _BROKEN | _CONFUSED:
                await self._reset()
                silences = 0
            elif status == sdt.FOUND:
                if not lying or loop.time() - dealt_at >= LOOK_AGAIN_SECONDS:
                    sight, lying = await self._take()
                    dealt_at = loop.time()
                    if sight is not None:
                        yield sight
            elif status == sdt.NO_CARD:
                if lying:
                    yield Removed()
                lying, self._said = False, 0
            await asyncio.sleep(self._poll_seconds)

    async def _take(self) -> tuple[Sight | None, bool]:
        """Select and read the card that was found: what to tell, and whether it is dealt with."""
        answer = await self._ask(sdt.SELECT)
        if answer is not None and answer.status == sdt.OK:
            answer = await self._ask(sdt.READ, READ_SECONDS)
        if answer is None:
            return None, False
        if answer.status in _CONFUSED:
            await self._reset()
        if answer.status != sdt.OK:
            return self._complain(answer.status), answer.status in _NOT_READABLE
        try:
            card = sdt.card(answer)
        except ProtocolError as error:
            self.faults[str(error)] += 1
            return self._complain(0x3F), False
        self._said = 0
        return (Presented(card) if self._is_new(card) else None), True

    def _complain(self, status: int) -> Problem | None:
        """Say what is wrong, once until something else happens."""
        if status == self._said:
            return None
        self._said = status
        return Problem(*sdt.sentences(status))

    def _is_new(self, card: Card) -> bool:
        """Whether this is another card, or the same one after a while."""
        now = asyncio.get_running_loop().time()
        mark = hashlib.blake2s(card.number.encode(), key=self._key).digest()
        last, at = self._last
        self._last = (mark, now)
        return mark != last or now - at > SAME_CARD_SECONDS

    async def _reset(self) -> None:
        """Reset the module; a module that does not come back is a broken line."""
        answer = await self._ask(sdt.RESET)
        if answer is None:
            raise LinkError("the reader fell silent and does not come back from a reset")
        status = await self._ask(sdt.STATUS)
        if status is not None:
            self._healthy(status)

    async def _ask(self, request: Request, seconds: float | None = None) -> Answer | None:
        """One question; a frame the reader found spoilt is sent once more."""
        for _ in range(2):
            answer = await self._exchange(request, seconds or self._answer_seconds)
            if answer is None or answer.status != sdt.BAD_CHECKSUM:
                return answer
        return answer

    async def _drain(self, link: Link) -> None:
        """Let go of what came too late for its question."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0.001):
                while True:
                    self._stream.feed(await link.read())
        self._stream.idle()

    async def _exchange(self, request: Request, seconds: float) -> Answer | None:
        if self._link is None:
            raise LinkError("closed")
        await self._drain(self._link)
        await self._link.write(sdt.encode(request))
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for answer in self._stream.feed(await self._link.read()):
                        if _fits(request, answer):
                            return answer
                        self.faults["answer to something else"] += 1
        except TimeoutError:
            return None
        finally:
            self.faults.update(self._stream.faults)
            self._stream.faults.clear()


def _fits(request: Request, answer: Answer) -> bool:
    """Whether `answer` can be the one to `request`. Answers carry no number, so a late or doubled
    one would be taken for the next one's, and every one after it too."""
    match request:
        case sdt.FIND:
            return answer.status != sdt.OK
        case sdt.SELECT if answer.status == sdt.OK:
            return len(answer.data) == 8
        case sdt.READ if answer.status == sdt.OK:
            return len(answer.data) > 8
    return answer.status not in (sdt.FOUND, sdt.NO_CARD)


@asynccontextmanager
async def open_reader(device: Device) -> AsyncIterator[Reader]:
    """The identity card reader of a hall file, or its emulator.

    Options: ``baud`` fixes the speed, otherwise all five are tried.
    """
    if device.link == "emulator" or device.driver == "emulator":
        from firmware_bridge.emulators.plug import plugged
        from firmware_bridge.emulators.reader import ReaderEmulator

        emulator = ReaderEmulator()
        async with plugged(emulator.run) as connect:
            reader = Reader(lambda _: connect())
            reader.emulator = emulator
            try:
                yield reader
            finally:
                await reader.close()
        return
    fixed = int(device.options.get("baud", 0))
    bauds = (fixed,) if fixed else sdt.BAUDS if device.link.startswith("serial:") else (115200,)
    reader = Reader(lambda baud: open_link(device, baud=baud), bauds)
    try:
        yield reader
    finally:
        await reader.close()
