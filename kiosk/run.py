"""A kiosk as one coroutine: bus, printer, spool and screen around the flow."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from config.hall import Hall, Kiosk
from config.wire import topics
from config.wire.ask import Asker
from config.wire.bus import Bus
from config.wire.devices import ProcessStatus
from config.wire.views import KioskView
from kiosk.machine import Face, Machine
from kiosk.menu import Menu, entries
from kiosk.pinyin import pinyin
from kiosk.printing import SlipPrinter
from kiosk.scenes.parts import Scene
from kiosk.search import Index
from kiosk.sound import Sound
from kiosk.spool import Spool
from kiosk.state import Choice, Line, Viewed
from kiosk.visitor import Visitor

TICK = 0.2
"""Seconds between two looks at the clock."""
SERVER = "server"
"""Name of the queue server's process on its status topic."""


class UnknownKioskError(ValueError):
    """The hall has no kiosk of this name."""


class Window(Face, Protocol):
    """A face with a window of its own, which a person may close."""

    on_touch: Callable[[Choice], None]

    async def run(self) -> None: ...


class NoWindow:
    """Where there is no screen: nobody touches, nobody sees."""

    def __init__(self) -> None:
        self.on_touch: Callable[[Choice], None] = lambda _: None

    def show(self, scene: Scene) -> None:
        """Nobody looks."""

    async def run(self) -> None:
        await asyncio.get_running_loop().create_future()


async def run(
    hall: Hall,
    bus: Bus,
    kiosk_id: str,
    *,
    data: Path,
    page_url: str = "",
    window: bool = True,
    full: bool = False,
    scale: float = 1.0,
    sounds: bool = True,
    visitor: Visitor | None = None,
    face: Window | None = None,
    clock: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = time.time,
) -> None:
    """Run the kiosk `kiosk_id` until cancelled or its window is closed.

    `data` is where it keeps its spool (and an emulated printer its slips); `page_url` is where
    citizens' phones reach the hall. Without a `window` only a `visitor` touches it. `full` fills
    the screen; `scale` makes the window smaller than life, for a desk. `face` replaces the
    window. `clock` counts seconds and never jumps; `wall` tells the time of day.

    Raises:
        UnknownKioskError: the hall has no such kiosk.
    """
    kiosk = hall.kiosk_by_id.get(kiosk_id)
    if kiosk is None:
        raise UnknownKioskError(f"{kiosk_id!r} is none of {', '.join(hall.kiosk_by_id)}")
    home = data / f"kiosk-{kiosk_id}"
    own = face or (_window(hall, kiosk, home, full, scale) if window else NoWindow())
    menu = Menu(hall, kiosk, await asyncio.to_thread(Index.build, entries(hall), pinyin))
    device = next((d for d in hall.devices if d.id == kiosk.printer), None)
    printer = SlipPrinter(device, home / "slips", clock=clock) if device else None
    spool = Spool(home / "requests.jsonl")
    voice = Sound(home) if window and sounds else None
    try:
        async with Asker(bus, hall.id) as ask, asyncio.TaskGroup() as tasks:
            machine = Machine(
                menu,
                bus,
                spool,
                tasks,
                ask,
                face=own,
                voice=voice,
                printer=printer,
                page_url=page_url,
                clock=clock,
                wall=wall,
            )
            own.on_touch = machine.touch
            own.show(machine.scene)
            machine.recover()
            parts = [_listen(bus, machine), _clock(machine)]
            if printer is not None:
                parts.append(printer.run(machine.feed, machine.tell))
            if visitor is not None:
                parts.append(visitor.run(lambda: machine.scene, machine.touch))
            running = [tasks.create_task(part) for part in parts]
            await own.run()
            for task in running:
                task.cancel()
            machine.stop()
    finally:
        spool.close()
        if voice is not None:
            await voice.close()


async def _listen(bus: Bus, machine: Machine) -> None:
    """What the server offers, and whether it can be reached at all."""
    hall = machine.menu.hall.id
    alive = True

    def say() -> None:
        up = bus.up and alive and machine.state.view is not None
        machine.feed(Line(at=machine.clock(), up=up))

    async def watch() -> None:
        async with bus.line() as line:
            async for _ in line:
                say()

    async def read() -> None:
        nonlocal alive
        async with bus.subscribe(topics.kiosk(hall), topics.process(hall, SERVER)) as messages:
            async for delivery in messages:
                match delivery.message:
                    case KioskView() as view:
                        machine.feed(Viewed(at=machine.clock(), view=view))
                    case ProcessStatus(alive=now):
                        alive = now
                say()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch())
        tasks.create_task(read())


async def _clock(machine: Machine) -> None:
    while True:
        machine.tick()
        await machine.report()
        await asyncio.sleep(TICK)


def _window(hall: Hall, kiosk: Kiosk, home: Path, full: bool, scale: float) -> Window:
    """A real window. Kivy is imported here and nowhere earlier: it wants to be told first."""
    from kiosk.screens.setup import prepare

    size = (round(kiosk.width * scale), round(kiosk.height * scale))
    prepare(home / "kivy", *size, full=full)
    from kiosk.app import KioskApp

    return KioskApp(hall.palette, scale=scale)
