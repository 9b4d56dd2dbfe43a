"""Takes pictures of every screen: ``python -m kiosk.screens.pictures FOLDER [HALL.toml]``.

The pictures are painted by the same code as the kiosk's window, offscreen, from states of the
flow; they go into the manual and are looked at after every change.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from config.hall import Hall
from config.load import load_hall, shipped
from config.wire.views import KioskView, ServiceChoice
from firmware_bridge.codecs.escpos import PAPER_58, PAPER_80
from firmware_bridge.drivers.printer import Printer as SlipPrinter
from firmware_bridge.emulators.plug import plugged
from firmware_bridge.emulators.printer import PrinterEmulator
from kiosk.menu import Menu, entries
from kiosk.pinyin import pinyin
from kiosk.scenes.frame import scene
from kiosk.scenes.parts import Scene
from kiosk.screens.setup import prepare
from kiosk.search import Index
from kiosk.slip import slip
from kiosk.state import (
    Asking,
    Closed,
    Confirm,
    Done,
    Help,
    Home,
    Languages,
    NoSlip,
    OutOfService,
    Printer,
    Printing,
    Refused,
    Screen,
    Search,
    Services,
    Starting,
    State,
    Ticket,
    Zones,
)

MORNING = 1795397520.0
"""Monday, 23 November 2026, 09:32 in Shanghai."""
PAGE = "http://10.0.0.5:8080"
SHAPES = {"portrait": (1080, 1920), "landscape": (1920, 1080), "small": (1366, 768)}


@dataclass(frozen=True)
class Shot:
    name: str
    scene: Scene
    width: int
    height: int


def example_view(hall: Hall) -> KioskView:
    """A quarter past nine on an ordinary Monday: some queues, one closed service."""
    waits = ((7, 15, 25), (0, 0, 5), (12, 25, 40), (3, 5, 10), (1, 0, 5), (5, 10, 20))
    choices = []
    for place, service in enumerate(hall.services):
        waiting, low, high = waits[place % len(waits)]
        shut = place % 7 == 5
        choices.append(
            ServiceChoice(service=service.id, open=False, reason="no-window")
            if shut
            else ServiceChoice(
                service=service.id, open=True, waiting=waiting, windows=2, low=low, high=high
            )
        )
    return KioskView(
        epoch="e", seq=1, at=MORNING, day="2026-11-23", open=True, services=tuple(choices)
    )


def example_menu(hall: Hall) -> Menu:
    """The first kiosk of a hall, its search index built."""
    return Menu(hall, hall.kiosks[0], Index.build(entries(hall), pinyin))


def example_ticket(menu: Menu) -> Ticket:
    """A ticket for something one is advised to consult about first."""
    hall = menu.hall
    service = next((s for s in menu.services if s.consult_first), menu.services[0])
    return Ticket(
        id="1",
        ticket="t1",
        number=f"{hall.series_by_id[service.series].prefix}012",
        service=service.id,
        language="zh",
        ahead=7,
        low=15,
        high=25,
        token="7Hq2mXc9LwTz4RkP",  # noqa: S106 - nobody's
        issued=MORNING,
    )


def screens(menu: Menu) -> dict[str, Screen]:
    """Every screen there is, by the name its picture gets."""
    hall = menu.hall
    asks = [s for s in menu.services if s.consult_first]
    service = (asks or menu.services)[0]
    item = next((i for i in hall.items if i.service == service.id and i.materials), None)
    busiest = max(menu.zones, key=lambda z: len(menu.in_zone(z.id)))
    ticket = example_ticket(menu)
    return {
        "starting": Starting(),
        "home": Home(),
        "zones": Zones(),
        "services": Services(zone=busiest.id),
        "search": Search(),
        "search-typed": Search(query="dj"),
        "confirm": Confirm(service=menu.services[0].id),
        "confirm-item": Confirm(service=service.id, item=item.code if item else None),
        "closed": Closed(service=menu.services[-1].id),
        "languages": Languages(),
        "help": Help(),
        "asking": Asking(id="1", service=service.id),
        "printing": Printing(ticket=ticket),
        "done": Done(ticket=ticket),
        "no-slip": NoSlip(ticket=ticket, why="out"),
        "refused": Refused(code="quota-reached", service=service.id),
        "out-paper": OutOfService(why="out"),
        "out-server": OutOfService(why="server"),
        "out-closed": OutOfService(why="closed"),
    }


KEY = ("home", "services", "search-typed", "confirm-item", "done", "no-slip", "out-paper")
WANTED = {
    ("portrait", "zh"): None,
    ("portrait", "en"): None,
    ("portrait", "large"): KEY,
    ("portrait", "low"): KEY,
    ("landscape", "zh"): KEY,
    ("landscape", "low"): KEY,
    ("small", "large"): KEY,
    ("small", "low"): KEY,
}
"""Shape and mode -> the screens that are worth a picture; None is all."""


def shots(menu: Menu) -> Iterator[Shot]:
    """Every screen in both languages, and the important ones in all modes and shapes."""
    begin = State(
        wall=MORNING, view=example_view(menu.hall), down=None, printer=Printer.OK, touched=100
    )
    for (shape, mode), names in WANTED.items():
        width, height = SHAPES[shape]
        kiosk = replace(menu.kiosk, width=width, height=height)
        sized = Menu(menu.hall, kiosk, menu.index)
        state = replace(
            begin,
            language="en" if mode == "en" else "zh",
            large=mode == "large",
            low=mode == "low",
        )
        for name, screen in screens(menu).items():
            if names is None or name in names:
                looking = replace(state, screen=screen, at=100.5, since=100)
                yield Shot(f"{shape}-{mode}-{name}", scene(sized, looking, PAGE), width, height)
        if names is None:
            late = replace(state, screen=screens(menu)["services"], at=123, since=100)
            yield Shot(f"{shape}-{mode}-countdown", scene(sized, late, PAGE), width, height)


def take(folder: Path, hall: Hall, *, wanted: str = "", share: float = 0.5) -> list[Path]:
    """Paint every shot whose name contains `wanted`, `share` times its size; answers the files."""
    prepare(Path(tempfile.mkdtemp()), 1080, 1080)
    from kiosk.screens.camera import Camera

    folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(hall.palette)
    files = []
    for shot in shots(example_menu(hall)):
        if wanted in shot.name:
            path = folder / f"{shot.name}.png"
            camera.picture(shot.scene, shot.width, shot.height, path, share=share)
            files.append(path)
    return files


async def print_slips(folder: Path, hall: Hall) -> list[Path]:
    """The slip as the emulated printer draws it, on both papers and in both languages."""
    menu = example_menu(hall)
    files = []
    for paper, name in ((PAPER_58, "58"), (PAPER_80, "80")):
        for language in ("zh", "en"):
            ticket = replace(example_ticket(menu), language=language)
            emulator = PrinterEmulator(folder / name, dots=paper.dots)
            async with plugged(emulator.run) as connect:
                printer = SlipPrinter(connect, paper)
                await printer.print(slip(hall, menu.kiosk, ticket, paper, page_url=PAGE))
                await printer.close()
            files.append(emulator.pictures[0].rename(folder / f"slip-{name}-{language}.png"))
        (folder / name).rmdir()
    return files


if __name__ == "__main__":
    target, *more = sys.argv[1:]
    shown = load_hall(Path(more[0]) if more else shipped("demo"))
    take(Path(target), shown)
    asyncio.run(print_slips(Path(target), shown))
