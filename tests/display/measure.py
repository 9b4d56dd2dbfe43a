"""Measures a running board: from event to pixels, and what it costs to stand and to flash.

    python -m tests.display.measure [WIDTH HEIGHT LAYOUT]

No test: figures depend on the machine, and are written down with it. A call is published on a
local bus; it counts as shown when the frame that carries it has been swapped to the screen.
"""

import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from config.hall import Board
from config.wire import topics
from config.wire.bus import LocalBus
from display.app import Screen
from display.run import run_board
from tests.display.drawing import shown
from tests.display.given import board_view, call_row, called, small_hall, zone_count

CALLS = 60
STAND, FLASH, APART = 10.0, 10.0, 0.6


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory() -> int:
    """Megabytes resident now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


async def main(width: int, height: int, layout: str) -> dict[str, Any]:
    spec = Board(id="B", areas=("down",), width=width, height=height, layout=layout)
    hall = small_hall(boards=(spec,))
    switchboard = LocalBus()
    server = switchboard.attach("server")
    view = board_view(1, call_row("A002", "W2", 1), zones=(zone_count("general", 3),))
    await server.publish(topics.board(hall.id, "down"), view)
    screen = Screen(width, height)
    async with server.subscribe(topics.device_in(hall.id, "B")) as told:
        part = asyncio.create_task(run_board(hall, switchboard.attach("b"), "B", face=screen))
        await shown(told, 1)
        await asyncio.sleep(1)
        before = cpu()
        await asyncio.sleep(STAND)
        standing = (cpu() - before) / STAND
        took = []
        for n in range(CALLS):
            await asyncio.sleep(APART)
            began = time.perf_counter()
            call = called(n + 2, f"A{n % 1000:03d}", f"W{n % 3 + 1}", n + 2)
            await server.publish(topics.event(hall.id), call)
            await shown(told, n + 2)
            took.append((time.perf_counter() - began) * 1000)
        frames = 0
        before, acknowledge = cpu(), screen.on_frame

        def count() -> None:
            nonlocal frames
            frames += 1
            acknowledge()

        screen.on_frame = count
        began = time.perf_counter()
        await asyncio.sleep(FLASH)
        flashing = (cpu() - before) / FLASH
        frames, began = 0, time.perf_counter()
        await server.publish(topics.event(hall.id), called(9000, "A999", "W1", 9000))
        await asyncio.sleep(0.4)
        moving = frames / (time.perf_counter() - began)
        part.cancel()
        await asyncio.gather(part, return_exceptions=True)
    cuts = quantiles(took, n=100)
    return {
        "screen": f"{width}x{height} {layout}",
        "event_to_pixels_ms": {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)},
        "core_standing_percent": round(standing * 100, 1),
        "core_flashing_percent": round(flashing * 100, 1),
        "frames_a_second_moving": round(moving),
        "memory_mb": memory(),
    }


if __name__ == "__main__":
    wide, high, style = (*sys.argv[1:], "1920", "1080", "hall")[:3]
    sys.stdout.write(json.dumps(asyncio.run(main(int(wide), int(high), style))) + "\n")
