"""A pad pressed, until the sign over the window shows the number and the loudspeaker begins.

Everything in one process on one bus, with the emulated devices that ship: the pad and the sign
speak their true bytes over a null modem. No broker and no sound card, so neither is in the figures.
"""

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from benchmarks.table import Row, Size
from config.hall import Device
from config.load import load_hall, shipped
from config.wire.ask import Asker, new_id
from config.wire.commands import IssueTicket, OpenWindow
from display.run import run_voice
from firmware_bridge.drivers.pads import SAME_PRESS_SECONDS
from firmware_bridge.emulators.led_bx import BxEmulator
from firmware_bridge.emulators.pads import PadEmulator
from firmware_bridge.run import run as run_bridge
from queue_server.embedded import hall_server
from queue_server.engine.roles import Role

PATIENCE = 30.0
LOOK = 0.0005
"""Seconds between two looks."""


class Loudspeaker:
    """A player that notes when it was given something to play; it plays in no time."""

    def __init__(self) -> None:
        self.begun: asyncio.Queue[float] = asyncio.Queue()

    def fault(self) -> str:
        return ""

    async def play(self, sound: Path, seconds: float) -> None:  # noqa: ARG002
        self.begun.put_nowait(time.perf_counter())


@dataclass(slots=True)
class Window:
    """Window N1 of the demo hall and what hangs there."""

    ask: Asker
    speaker: Loudspeaker
    plugged: dict[str, object] = field(default_factory=dict)

    def plug(self, device: Device, emulator: object) -> None:
        """Take note of an emulated device of the bridge."""
        self.plugged[device.id] = emulator

    @property
    def pad(self) -> PadEmulator:
        return cast(PadEmulator, self.plugged["pad-n1"])

    @property
    def sign(self) -> BxEmulator:
        return cast(BxEmulator, self.plugged["sign-n1"])


async def pressing_pads(folder: Path, size: Size) -> list[Row]:
    """Presses one after the other, each until all of it has happened."""
    signs, voices = [], []
    async with _window(folder) as window:
        await window.ask(OpenWindow(id=new_id(), window="N1"))
        for _ in range(size.pads):
            sign, voice = await _press(window)
            signs.append(sign * 1000.0)
            voices.append(voice * 1000.0)
    return [
        Row("pad pressed to number on the sign", statistics.median(signs), "ms p50"),
        Row("  p99", _p99(signs), "ms"),
        Row("pad pressed to first sound", statistics.median(voices), "ms p50"),
        Row("  p99", _p99(voices), "ms"),
    ]


def _p99(times: list[float]) -> float:
    """The 99th percentile; with fewer than a hundred presses the longest."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


async def _press(window: Window) -> tuple[float, float]:
    """Seconds from the key to the sign and to the sound."""
    issued = await window.ask(IssueTicket(id=new_id(), service="social"))
    number = "" if issued.result is None else str(issued.result.number)
    before = len(window.sign.history)
    start = time.perf_counter()
    pressed = asyncio.create_task(window.pad.press("call"))
    await _until(lambda: any(number in text for text in window.sign.history[before:]))
    sign = time.perf_counter() - start
    async with asyncio.timeout(PATIENCE):
        voice = await window.speaker.begun.get() - start
    await pressed
    await asyncio.sleep(SAME_PRESS_SECONDS)  # sooner it would count as the pad repeating itself
    return sign, voice


async def _until(true: Callable[[], bool]) -> None:
    """Look until it is; the devices signal nothing by themselves."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("the devices do not answer")
        await asyncio.sleep(LOOK)


@contextlib.asynccontextmanager
async def _window(folder: Path) -> AsyncIterator[Window]:
    hall = load_hall(shipped("demo"))
    async with contextlib.AsyncExitStack() as stack:
        running = await stack.enter_async_context(hall_server(hall, folder / "data", "none"))
        bus, bridge, voice = [
            await stack.enter_async_context(await running.lines.attach(name, role))
            for name, role in (
                ("bench", Role.ADMIN),
                ("bridge", Role.BRIDGE),
                ("V1", Role.DISPLAY),
            )
        ]
        ask = await stack.enter_async_context(Asker(bus, hall.id))
        window = Window(ask, Loudspeaker())
        parts = [
            asyncio.create_task(run_bridge(hall, bridge, emulators=window.plug)),
            asyncio.create_task(run_voice(hall, voice, "V1", data=folder, player=window.speaker)),
        ]
        await _until(lambda: {"pad-n1", "sign-n1"} <= window.plugged.keys())
        yield window
        for part in parts:
            part.cancel()
        await asyncio.wait(parts)
