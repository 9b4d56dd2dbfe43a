"""The open pad without a board: the very firmware, run here."""

import asyncio
import importlib.util
import time
from pathlib import Path
from typing import Any, Self

from config.hall import Device
from firmware_bridge.links.link import Link

FIRMWARE = Path(__file__).parent.parent / "firmware"
TICK_SECONDS = 0.02


def _firmware() -> Any:
    spec = importlib.util.spec_from_file_location("open_pad_firmware", FIRMWARE / "pad.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(FIRMWARE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class OpenPadEmulator:
    """One pad: press its keys, look at its display."""

    def __init__(self) -> None:
        self.display = ("", "")
        self.beeps: list[bool] = []
        self._module = _firmware()
        self._out: asyncio.Queue[bytes] = asyncio.Queue()
        self._pad: Any = None
        self._ready = asyncio.Event()

    @classmethod
    def for_device(cls, _: Device) -> Self:
        """The pad that a hall file describes."""
        return cls()

    async def run(self, link: Link) -> None:
        """Be plugged in until the line breaks."""
        self._out = asyncio.Queue()
        self._pad = self._module.Pad(self._out.put_nowait, self._show, self.beeps.append)
        self._ready.set()
        ticking = asyncio.create_task(self._tick())
        sending = asyncio.create_task(self._send(link))
        try:
            while True:
                self._pad.feed(await link.read(), _millis())
        finally:
            for task in (ticking, sending):
                task.cancel()
            await asyncio.gather(ticking, sending, return_exceptions=True)

    async def press(self, key: str, digits: str = "") -> bool:
        """Press a key; answers once the host has acknowledged it, or not at all."""
        await self._ready.wait()
        return bool(self._pad.press(key, digits, _millis())) and await self._acknowledged()

    async def rate(self, level: int) -> bool:
        """Press a rating key, 1 worst; False when nobody was asked."""
        await self._ready.wait()
        return bool(self._pad.rate(level, _millis())) and await self._acknowledged()

    @property
    def asked(self) -> str | None:
        """The reference of the rating that is asked for now."""
        reference: str | None = self._pad.reference if self._pad else None
        return reference

    async def _acknowledged(self) -> bool:
        sends = self._module.REPEATS * self._module.REPEAT_MS / 1000
        until = time.monotonic() + sends
        while self._pad.pending and time.monotonic() < until:  # noqa: ASYNC110 - firmware has no events
            await asyncio.sleep(0.002)
        return not self._pad.pending

    async def _tick(self) -> None:
        while True:
            self._pad.tick(_millis())
            await asyncio.sleep(TICK_SECONDS)

    async def _send(self, link: Link) -> None:
        while True:
            await link.write(await self._out.get())

    def _show(self, top: str, bottom: str) -> None:
        self.display = (top, bottom)


def _millis() -> int:
    return time.monotonic_ns() // 1_000_000
