"""The kiosk's printer: slips one after another, and every few seconds how it is."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from config.hall import Device
from config.wire.devices import DeviceStatus
from firmware_bridge.codecs.escpos import Paper, Part
from firmware_bridge.drivers.printer import (
    Outcome,
    PrinterState,
    PrinterStatus,
    open_printer,
    paper_of,
)
from kiosk.state import Printed, Printer, PrinterSaid

log = structlog.get_logger()

POLL = 2.0
"""Seconds between two looks at the printer."""

STATES = {
    PrinterState.OK: Printer.OK,
    PrinterState.NEAR_END: Printer.LOW,
    PrinterState.PAPER_OUT: Printer.OUT,
    PrinterState.COVER_OPEN: Printer.COVER,
    PrinterState.CUTTER_ERROR: Printer.FAULT,
    PrinterState.ERROR: Printer.FAULT,
    PrinterState.OFFLINE: Printer.FAULT,
    PrinterState.UNKNOWN: Printer.SILENT,
}

Feed = Callable[[Printed | PrinterSaid], None]
Tell = Callable[[DeviceStatus], Awaitable[None]]


class SlipPrinter:
    """The printer of `device`; `run` owns it, everybody else leaves jobs with `print`."""

    def __init__(
        self, device: Device, folder: Path, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.paper: Paper = paper_of(device)
        self._device = device
        self._folder = folder
        self._clock = clock
        self._answers = bool(device.options.get("answers", True))
        self._jobs: asyncio.Queue[tuple[str, tuple[Part, ...]]] = asyncio.Queue(maxsize=8)
        self._last: PrinterStatus | None = None

    def print(self, id: str, parts: tuple[Part, ...]) -> None:
        """Print the slip of the ticket asked for by `id`; `run` tells how it came out."""
        self._jobs.put_nowait((id, parts))

    async def run(self, feed: Feed, tell: Tell) -> None:
        """Print and watch until cancelled."""
        async with open_printer(self._device, self._folder) as printer:
            while True:
                await self._say(await printer.status(), feed, tell)
                try:
                    async with asyncio.timeout(POLL):
                        id, parts = await self._jobs.get()
                except TimeoutError:
                    continue
                outcome = await printer.print(parts)
                if outcome.lost:
                    log.warning("slip", kiosk=self._device.kiosk, unprintable=len(outcome.lost))
                feed(self._printed(id, outcome))
                await self._say(outcome.status, feed, tell)

    def _printed(self, id: str, outcome: Outcome) -> Printed:
        """Whether the person has a slip. A printer that could say so and did not leaves doubt,
        and in doubt the number stays on the screen."""
        doubt = self._answers and outcome.status.state is PrinterState.UNKNOWN
        if outcome.printed and not (doubt and not outcome.seen):
            return Printed(at=self._clock(), id=id, ok=True)
        why = STATES[outcome.status.state]
        fault = Printer.FAULT if why in (Printer.OK, Printer.LOW) else why
        return Printed(at=self._clock(), id=id, ok=False, why=fault.value)

    async def _say(self, status: PrinterStatus, feed: Feed, tell: Tell) -> None:
        if status == self._last:
            return
        self._last = status
        feed(PrinterSaid(at=self._clock(), printer=STATES[status.state]))
        await tell(
            DeviceStatus(
                device=self._device.id,
                health=status.health,
                reason=status.reason,
                since=time.time(),
            )
        )
