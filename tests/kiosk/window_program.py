"""A kiosk in a real window, as a process: ``python -m tests.kiosk.window_program DIR SCALE``.

Prints one line of JSON for every scene it shows: its title, its number, and where on the screen
(pixels from the top left) everything that can be touched is.
"""

import asyncio
import json
import sys
from pathlib import Path

from msgspec.structs import replace

from config.load import load_hall, shipped
from kiosk.run import run
from kiosk.scenes.parts import Scene
from kiosk.screens.layout import layout
from kiosk.screens.setup import prepare
from kiosk.screens.theme import theme
from kiosk.screens.things import Touch
from queue_server.embedded import hall_server
from queue_server.engine.roles import Role


async def main(folder: Path, scale: float) -> None:
    hall = load_hall(shipped("demo"))
    rules = replace(hall.rules, hours=("00:00-24:00",), weekend_opening=(6, 7))
    hall = replace(hall, rules=rules)
    width, height = hall.kiosks[0].width, hall.kiosks[0].height
    prepare(folder / "kivy", round(width * scale), round(height * scale))
    from kiosk.app import KioskApp

    class Telling(KioskApp):
        """The kiosk's own window, which also says what it shows."""

        def show(self, scene: Scene) -> None:
            super().show(scene)
            look = theme(hall.palette, width, height, large=scene.large)
            places = {
                repr(t.choice): [
                    scale * (t.at.x + t.at.w / 2),
                    scale * (height - t.at.y - t.at.h / 2),
                ]
                for t in layout(scene, width, height, look).things
                if isinstance(t, Touch)
            }
            told = {"title": scene.body.title, "number": scene.body.number, "places": places}
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()

    async with (
        hall_server(hall, folder / "server", "none") as running,
        await running.lines.attach("K1", Role.KIOSK) as bus,
    ):
        window = Telling(hall.palette, scale=scale)
        await run(hall, bus, "K1", data=folder, page_url="http://hall", face=window, sounds=False)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2])))
