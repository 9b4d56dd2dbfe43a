"""Runs a real board offscreen, takes pictures of it, and says what it drew.

A process of its own for each size, because Kivy has one window a process:

    python -m tests.display.drawing WIDTH HEIGHT LAYOUT NUMBER FOLDER
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from config.hall import Board
from config.wire import topics
from config.wire.bus import Delivery, LocalBus
from display import colours
from display.app import Screen
from display.run import run_board
from display.scene import Box, Scene
from tests.display.given import NOON, board_view, call_row, called, small_hall, zone_count

ACCENTS = {colours.mono().accent, colours.screen(small_hall().palette).accent}


async def main(width: int, height: int, layout: str, number: str, folder: Path) -> dict[str, Any]:
    spec = Board(id="B", areas=("down",), width=width, height=height, layout=layout)
    hall = small_hall(boards=(spec,))
    switchboard = LocalBus()
    server = switchboard.attach("server")
    view = board_view(1, call_row("A002", "W2", 1), zones=(zone_count("general", 3),))
    await server.publish(topics.board(hall.id, "down"), view)
    screen = Watched(width, height)
    frames = 0

    def show(picture: str) -> None:
        screen.painter.export_to_png(str(folder / f"{picture}.png"))

    async with server.subscribe(topics.device_in(hall.id, "B")) as told:
        part = asyncio.create_task(
            run_board(hall, switchboard.attach("board"), "B", face=screen, clock=lambda: NOON)
        )
        await shown(told, 1)
        acknowledge = screen.on_frame

        def count() -> None:
            nonlocal frames
            frames += 1
            acknowledge()

        screen.on_frame = count
        await asyncio.sleep(0.3)
        show("before")
        await asyncio.sleep(0.2)
        frames, drawn = 0, screen.painter.drawn
        await asyncio.sleep(1.0)
        idle = {"frames": frames, "groups": screen.painter.drawn - drawn}
        began, drawn = time.monotonic(), screen.painter.drawn
        await server.publish(topics.event(hall.id), called(2, number, "W1", 2))
        await shown(told, 2)
        until_shown = time.monotonic() - began
        for state in ("unlit", "lit", "unlit"):
            await phase(screen, state)
            show(state)
        flashing = screen.painter.drawn - drawn
        part.cancel()
        await asyncio.gather(part, return_exceptions=True)
    return {"until_shown": until_shown, "flashing": flashing, "idle": idle}


class Watched(Screen):
    """A screen that remembers its scene."""

    scene: Scene | None = None

    def show(self, scene: Scene) -> None:
        self.scene = scene
        super().show(scene)


async def phase(screen: Watched, state: str) -> None:
    """Until the row that flashes is lit, or not; a picture taken now shows just that."""
    async with asyncio.timeout(5):
        while True:
            rows = [g for g in screen.scene.groups if g.key == "row/W1/2"] if screen.scene else []
            grounds = {i.colour for g in rows for i in g.items[:1] if isinstance(i, Box)}
            if rows and bool(grounds & ACCENTS) == (state == "lit"):
                return
            await asyncio.sleep(0.01)


async def shown(told: AsyncIterator[Delivery], call: int) -> None:
    async with asyncio.timeout(20):
        async for delivery in told:
            if (delivery.message.what, delivery.message.call) == ("shown", call):
                return


if __name__ == "__main__":
    wide, high, style, ticket, where = sys.argv[1:]
    told = asyncio.run(main(int(wide), int(high), style, ticket, Path(where)))
    sys.stdout.write(json.dumps(told))
