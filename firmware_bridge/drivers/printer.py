"""A receipt printer, as a kiosk uses it.

    async with open_printer(device) as printer:
        if (await printer.status()).ready:
            outcome = await printer.print([Text("A012", Align.CENTRE, 4, 4), Cut()])

Nothing here raises for a printer that is broken, unplugged or mute: it is told as a status or an
outcome, because the citizen's number exists whether it is printed or not.

The rule for slips: ask before, ask after. A printer that does not answer is UNKNOWN, which is
never fine; it is still given the slip (it may only lack the way back), and the outcome then says
that nobody saw it come out.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.codecs import escpos_status
from firmware_bridge.codecs.escpos import PAPER_58, PAPER_80, Draw, Paper, Part, encode
from firmware_bridge.codecs.escpos_status import Answer, Automatic, Done, RealTime, Trouble
from firmware_bridge.codecs.stream import Stream
from firmware_bridge.links.file import FileLink
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.links.open import open_link

if TYPE_CHECKING:
    from firmware_bridge.emulators.printer import PrinterEmulator

Connect = Callable[[], Awaitable[Link]]

ANSWER_SECONDS = 0.5
TRIES = 3
PRINT_SECONDS = 10.0
WRITE_SECONDS = 20.0


class PrinterState(StrEnum):
    """How a printer is, in one word."""

    OK = "ok"
    NEAR_END = "near-end"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER_ERROR = "cutter-error"
    ERROR = "error"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


REASONS = {
    PrinterState.OK: "",
    PrinterState.NEAR_END: "the paper roll is nearly used up: have a new one ready",
    PrinterState.PAPER_OUT: "out of paper: put in a new roll",
    PrinterState.COVER_OPEN: "the cover is open: close it until it clicks",
    PrinterState.CUTTER_ERROR: "the cutter is jammed: switch off, clear the paper, switch on",
    PrinterState.ERROR: "the printer reports an error: switch it off and on",
    PrinterState.OFFLINE: "the printer cannot be reached",
    PrinterState.UNKNOWN: "the printer does not answer: check power and cable",
}
_HEALTH = {
    PrinterState.OK: Health.OK,
    PrinterState.NEAR_END: Health.DEGRADED,
    PrinterState.UNKNOWN: Health.UNKNOWN,
}
_STATES = {Trouble.ERROR: PrinterState.ERROR, Trouble.OFFLINE: PrinterState.OFFLINE}


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """How the printer is now, and what to do about it in words."""

    state: PrinterState
    reason: str = ""

    @property
    def ready(self) -> bool:
        """Whether a slip may be sent. UNKNOWN may, but see `Outcome.seen`."""
        return self.state in (PrinterState.OK, PrinterState.NEAR_END, PrinterState.UNKNOWN)

    @property
    def fine(self) -> bool:
        """Whether nobody has to do anything."""
        return self.state is PrinterState.OK

    @property
    def health(self) -> Health:
        """The same for the device's status topic."""
        return _HEALTH.get(self.state, Health.OFFLINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one slip came out."""

    printed: bool
    """The slip was handed over, and nothing says that it did not come out."""
    seen: bool
    """The printer itself says that all of it is on paper."""
    status: PrinterStatus
    lost: tuple[str, ...] = ()
    """Characters that nothing could print; they stand as 〓 on the slip."""


def how(state: PrinterState, detail: str = "") -> PrinterStatus:
    """The status for `state` with its plain sentence."""
    return PrinterStatus(state, detail or REASONS[state])


class Printer:
    """One ESC/POS printer behind whatever line `connect` opens; use it from one task at a time."""

    def __init__(
        self,
        connect: Connect,
        paper: Paper = PAPER_80,
        draw: Draw | None = None,
        *,
        answers: bool = True,
        answer_seconds: float = ANSWER_SECONDS,
        print_seconds: float = PRINT_SECONDS,
    ) -> None:
        self.paper = paper
        self.emulator: PrinterEmulator | None = None
        """The printer itself, where it is an emulator: faults are set on it."""
        self._connect = connect
        self._draw = draw
        self._answers = answers
        self._answer_seconds, self._print_seconds = answer_seconds, print_seconds
        self._link: Link | None = None
        self._stream: Stream[Answer] = Stream(escpos_status.parse)
        self._owed = 0
        self._tells_done: bool | None = None

    async def status(self) -> PrinterStatus:
        """Ask the printer how it is; takes at most about two seconds when it is mute."""
        try:
            link = await self._line()
            if isinstance(link, FileLink):
                return how(PrinterState.OK)
            if not self._answers:
                return how(PrinterState.UNKNOWN, "this printer has no way to answer")
            troubles: set[Trouble] = set()
            for n in (1, 2, 3, 4):
                answer = await self._ask(link, n)
                if answer is None:
                    self._owed = 0
                    return how(PrinterState.UNKNOWN)
                troubles |= answer.troubles(n)
        except LinkError as error:
            return await self._lost(error)
        return worst(troubles)

    async def print(self, slip: bytes | Iterable[Part]) -> Outcome:
        """Print one slip: parts, or bytes that are ready for the printer."""
        before = await self.status()
        if not before.ready:
            return Outcome(printed=False, seen=False, status=before)
        data, lost = self._bytes(slip)
        try:
            link = await self._line()
            if isinstance(link, FileLink):
                await link.write(data)
                return Outcome(printed=True, seen=True, status=before, lost=lost)
            if before.state is not PrinterState.UNKNOWN and self._tells_done is None:
                self._tells_done = await self._settle(link, 1.0) is True
            async with asyncio.timeout(WRITE_SECONDS):
                await link.write(data)
            if before.state is PrinterState.UNKNOWN:
                return Outcome(printed=True, seen=False, status=before, lost=lost)
            seen = bool(self._tells_done) and await self._settle(link, self._print_seconds) is True
        except (LinkError, TimeoutError) as error:
            return Outcome(printed=False, seen=False, status=await self._lost(error), lost=lost)
        after = await self.status()
        good = after.ready and (seen or not self._tells_done)
        return Outcome(printed=good, seen=seen, status=after, lost=lost)

    def _bytes(self, slip: bytes | Iterable[Part]) -> tuple[bytes, tuple[str, ...]]:
        if isinstance(slip, bytes):
            return slip, ()
        encoded = encode(slip, self.paper, self._draw)
        return encoded.data, encoded.lost

    async def close(self) -> None:
        """Let go of the line."""
        if self._link is not None:
            await self._link.close()
            self._link = None

    async def _line(self) -> Link:
        if self._link is None:
            self._link = await self._connect()
            self._stream = Stream(escpos_status.parse)
            self._owed, self._tells_done = 0, None
            if self._answers and not isinstance(self._link, FileLink):
                await self._link.write(escpos_status.AUTO_ON)
        return self._link

    async def _lost(self, error: Exception) -> PrinterStatus:
        await self.close()
        return how(PrinterState.OFFLINE, str(error) or "the printer takes no data: is it jammed?")

    async def _ask(self, link: Link, n: int) -> RealTime | None:
        for _ in range(TRIES):
            await self._drain(link)
            await link.write(escpos_status.ask(n))
            with suppress(TimeoutError):
                async with asyncio.timeout(self._answer_seconds):
                    while True:
                        for answer in self._stream.feed(await link.read()):
                            if isinstance(answer, RealTime):
                                return answer
                            self._note(answer)
            self._stream.idle()
        return None

    async def _drain(self, link: Link) -> None:
        """Take what the printer said unasked, so that an old answer is not taken for a new one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0.001):
                while True:
                    for answer in self._stream.feed(await link.read()):
                        self._note(answer)

    def _note(self, answer: Answer) -> frozenset[Trouble]:
        match answer:
            case Done(troubles):
                self._owed = max(0, self._owed - 1)
                return troubles
            case Automatic(troubles):
                return troubles - {Trouble.NEAR_END}
            case _:
                return frozenset()

    async def _settle(self, link: Link, seconds: float) -> bool | None:
        """Wait until all that was sent is on paper: True; stopped by trouble: False; silence: None.

        Every GS r is answered in order, also long after (a new roll is put in), so answers are
        counted: only the last one owed is the one for this slip.
        """
        self._owed += 1
        await link.write(escpos_status.PAPER_AFTER)
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for answer in self._stream.feed(await link.read()):
                        if self._note(answer) - {Trouble.NEAR_END}:
                            return False
                        if not self._owed:
                            return True
        except TimeoutError:
            return None


def worst(troubles: Iterable[Trouble]) -> PrinterStatus:
    """The one thing to say of a printer that may complain of several."""
    found = set(troubles)
    for trouble in Trouble:
        if trouble in found:
            return how(_STATES.get(trouble) or PrinterState(trouble.value))
    return how(PrinterState.OK)


@asynccontextmanager
async def open_printer(device: Device, folder: Path | None = None) -> AsyncIterator[Printer]:
    """The printer of a hall file, or its emulator, which draws each slip into `folder`.

    Options of the device: ``paper`` (58 or 80, millimetres), ``font`` (gb18030, gbk or gb2312),
    ``kanji_double``, ``answers`` (false for a printer without a way back), ``baud``; for the
    emulator ``fault``.
    """
    paper = paper_of(device)
    answers = bool(device.options.get("answers", True))
    if device.link == "emulator" or device.driver == "emulator":
        from firmware_bridge.emulators.plug import plugged
        from firmware_bridge.emulators.printer import PrinterEmulator

        emulator = PrinterEmulator(folder, dots=paper.dots)
        await emulator.set_faults(*str(device.options.get("fault", "")).split())
        async with plugged(emulator.run) as connect, _closing(connect, paper, answers) as printer:
            printer.emulator = emulator
            yield printer
        return
    async with _closing(lambda: open_link(device), paper, answers) as printer:
        yield printer


@asynccontextmanager
async def _closing(connect: Connect, paper: Paper, answers: bool) -> AsyncIterator[Printer]:
    from firmware_bridge.drivers.drawing import draw_line

    printer = Printer(connect, paper, draw_line, answers=answers)
    try:
        yield printer
    finally:
        await printer.close()


def paper_of(device: Device) -> Paper:
    """Paper and font of a printer, from its options."""
    options = device.options
    base = PAPER_58 if int(options.get("paper", 80)) == 58 else PAPER_80
    font = str(options.get("font", "gb18030"))
    return Paper(base.dots, base.columns, font, bool(options.get("kanji_double", False)))
