"""Takes pictures of every screen: ``python -m kiosk.screens.pictures FOLDER [HALL.toml]``.

The pictures are painted by the same code as the kiosk's window, offscreen, from states of the
flow; they go into the manual and are looked at after every change.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from config.hall import Hall
from config.load import load_hall
from config.wire.views import KioskView, ServiceChoice
from kiosk.menu import Menu, entries
from kiosk.pinyin import pinyin
from kiosk.scenes.frame import scene
from kiosk.scenes.parts import Scene
from kiosk.screens.setup import prepare
from kiosk.search import Index
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


def screens(menu: Menu) -> dict[str, Screen]:
    """Every screen there is, by the name its picture gets."""
    hall = menu.hall
    asks = [s for s in menu.services if s.consult_first]
    service = (asks or menu.services)[0]
    item = next((i for i in hall.items if i.service == service.id and i.materials), None)
    busiest = max(menu.zones, key=lambda z: len(menu.in_zone(z.id)))
    ticket = Ticket(
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


def shots(menu: Menu) -> Iterator[Shot]:
    """All screens in both languages, both shapes; elderly and wheelchair modes."""
    begin = State(
        wall=MORNING, view=example_view(menu.hall), down=None, printer=Printer.OK, touched=100
    )
    hall = menu.hall
    for shape, (width, height) in SHAPES.items():
        kiosk = replace(menu.kiosk, width=width, height=height)
        sized = Menu(hall, kiosk, menu.index)
        for mode in ("zh", "en", "large", "low"):
            state = replace(
                begin,
                language="en" if mode == "en" else "zh",
                large=mode == "large",
                low=mode == "low",
            )
            for name, screen in screens(menu).items():
                looking = replace(state, screen=screen, at=100, since=100)
                yield Shot(f"{shape}-{mode}-{name}", scene(sized, looking, PAGE), width, height)
        late = replace(begin, screen=screens(menu)["services"], at=123, since=100)
        yield Shot(f"{shape}-zh-countdown", scene(sized, late, PAGE), width, height)


def take(folder: Path, hall: Hall, wanted: str = "") -> list[Path]:
    """Paint every shot whose name contains `wanted`; answers the files."""
    prepare(Path(tempfile.mkdtemp()), 1080, 1080)
    from kiosk.screens.camera import Camera

    folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(hall.palette)
    files = []
    for shot in shots(example_menu(hall)):
        if wanted in shot.name:
            path = folder / f"{shot.name}.png"
            camera.picture(shot.scene, shot.width, shot.height, path)
            files.append(path)
    return files


if __name__ == "__main__":
    target, *more = sys.argv[1:]
    default = Path(__file__).parents[2] / "config" / "halls" / "demo.toml"
    take(Path(target), load_hall(Path(more[0]) if more else default), *more[1:2])
