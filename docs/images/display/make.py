"""Makes the pictures of this folder from the running boards and signs.

    python docs/images/display/make.py [NAME ...]

Every picture is a process of its own: the real `run_board` or `run_window` on a local bus, fed
with the views of a busy morning, drawn offscreen, and saved from the frame it drew.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from config.hall import Board, Hall, Text, Window, WindowKind
from config.load import load_hall, shipped
from config.wire import topics
from config.wire.bus import Bus, LocalBus
from config.wire.events import Called, Happening
from config.wire.views import BoardView, CallRow, WindowView, ZoneCount

HERE = Path(__file__).parent
MORNING = datetime(2026, 11, 23, 10, 24, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
DAY = "2026-11-23"
WAITS = ((12, 15, 25), (3, 5, 10), (0, None, None), (27, 40, 55), (6, 10, 15), (1, 0, 5))
NOTICE = "11月25日14:00起进行系统升级，社保业务暂停办理2小时，请您合理安排时间。"


def board_views(hall: Hall, areas: tuple[str, ...], calls: int) -> list[BoardView]:
    """A busy morning as the boards of `areas` are told it."""
    return [board_view(hall, area, calls) for area in areas]


def board_view(hall: Hall, area: str, calls: int) -> BoardView:
    zones = [z for z in hall.zones if area in hall.areas_of(z) and z.queue]
    ids = {z.id for z in zones}
    windows = [w for w in hall.windows if w.zone in ids and w.callable and w.services]
    rows = tuple(row(hall, w, n, calls) for n, w in enumerate(spread(windows)[:calls]))
    counted = [z for z in zones if any(s.zone == z.id and not s.hidden for s in hall.services)]
    return BoardView(
        epoch="picture",
        seq=1,
        at=MORNING,
        day=DAY,
        area=area,
        name=hall.area_by_id[area].name,
        rows=rows,
        missed=("S008", "A012", "C003", "B1021", "S019"),
        zones=tuple(count(z.id, z.name, n) for n, z in enumerate(counted)),
        notice=NOTICE,
        signs=tuple(z.notice for z in zones if z.notice),
    )


def spread(windows: list[Window]) -> list[Window]:
    """One window of each zone in turn, so that a picture shows them all."""
    seen: dict[str, int] = {}
    order = []
    for n, w in enumerate(windows):
        seen[w.zone] = seen.get(w.zone, 0) + 1
        order.append((seen[w.zone], n, w))
    return [w for _, _, w in sorted(order, key=lambda x: x[:2])]


def row(hall: Hall, window: Window, n: int, calls: int) -> CallRow:
    service = hall.service_by_id[window.services[n % len(window.services)]]
    prefix = hall.series_by_id[service.series].prefix
    return CallRow(
        number=f"{prefix}{17 + 7 * n:03d}" if n != 3 else f"{prefix}1234",
        window=window.id,
        label=window.number,
        zone=window.zone,
        service=service.board_name or service.name,
        at=MORNING - 40 * n,
        call=100 - n,
        state="called" if n < max(2, calls // 2) else "serving",
    )


def count(zone: str, name: Text, n: int) -> ZoneCount:
    waiting, low, high = WAITS[n % len(WAITS)]
    return ZoneCount(zone=zone, name=name, waiting=waiting, open_windows=2, low=low, high=high)


def new_call(hall: Hall, view: BoardView) -> Happening:
    """The next number at the window that was called longest ago."""
    last = view.rows[-1]
    window = hall.window_by_id[last.window]
    service = hall.service_by_id[window.services[0]]
    called = Called(
        call=101,
        number=f"{hall.series_by_id[service.series].prefix}058",
        window=window.id,
        label=window.number,
        zone=window.zone,
        service=service.id,
        areas=(view.area,),
    )
    return Happening(epoch="picture", seq=2, at=MORNING, news=called)


async def board_picture(hall: Hall, spec: Board, path: Path, *, calls: int, call: bool) -> None:
    """Run board `spec` of `hall` until it shows a busy morning, and keep the picture."""
    from display.app import Screen
    from display.run import run_board

    hall = msgspec.structs.replace(hall, boards=(spec,))
    switchboard = LocalBus()
    server = switchboard.attach("server")
    views = board_views(hall, spec.areas, calls)
    for view in views:
        await server.publish(topics.board(hall.id, view.area), view)
    screen = Screen(spec.width, spec.height, title=spec.id)
    bus = switchboard.attach("board")
    part = asyncio.create_task(run_board(hall, bus, spec.id, face=screen, clock=lambda: MORNING))
    await pictured(screen, 1)
    if call:
        await server.publish(topics.event(hall.id), new_call(hall, views[0]))
        await asyncio.sleep(1.2)
        await asyncio.sleep(1.15 - time.monotonic() % 1.0)  # the bright half of the flash
    screen.painter.export_to_png(str(path))
    await ended(part)


async def sign_picture(hall: Hall, window: Window, view: WindowView, path: Path) -> None:
    """Run the sign over `window` until it shows `view`, and keep the picture."""
    from display.app import Screen
    from display.run import run_window

    hall = msgspec.structs.replace(hall, windows=(window,))
    switchboard = LocalBus()
    server = switchboard.attach("server")
    await server.publish(topics.window(hall.id, window.id), view)
    size = (1280, 320)
    screen = Screen(*size)
    bus: Bus = switchboard.attach("sign")
    part = asyncio.create_task(run_window(hall, bus, window.id, face=screen, size=size))
    await pictured(screen, 1)
    screen.painter.export_to_png(str(path))
    await ended(part)


async def pictured(screen: Any, frames: int) -> None:
    """Until the newest scene has been on the screen for some frames."""
    seen = 0
    deadline = time.monotonic() + 20
    quiet_since = time.monotonic()
    while time.monotonic() < deadline:
        now = screen.painter.drawn
        if now != seen:
            seen, quiet_since = now, time.monotonic()
        if seen > frames and time.monotonic() - quiet_since > 0.6:
            return
        await asyncio.sleep(0.05)
    raise SystemExit("nothing was drawn")


async def ended(part: asyncio.Task[None]) -> None:
    part.cancel()
    await asyncio.gather(part, return_exceptions=True)


def board_of(hall: Hall, **fields: Any) -> Board:
    return msgspec.structs.replace(hall.boards[0], pitch=None, **fields)


def boards(hall_name: str, calls: int, call: bool = True, **fields: Any) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        hall = load_hall(shipped(hall_name))
        spec = board_of(hall, **fields)
        asyncio.run(board_picture(hall, spec, path, calls=calls, call=call))

    return make


def signs(state: str, **fields: Any) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        hall = load_hall(shipped("demo"))
        window = next(w for w in hall.windows if len(w.services) > 1)
        if fields.pop("extra", False):
            window = msgspec.structs.replace(window, kind=WindowKind.EMERGENCY)
        services = tuple(hall.service_by_id[s].name for s in window.services[:3])
        view = WindowView(
            epoch="picture",
            seq=1,
            at=MORNING,
            day=DAY,
            window=window.id,
            label=window.number,
            state=state,
            services=services,
            **fields,
        )
        asyncio.run(sign_picture(hall, window, view, path))

    return make


PICTURES: dict[str, Callable[[Path], None]] = {
    "board-1080p": boards("demo", 6, width=1920, height=1080, rows=None),
    "board-boai": boards("boai", 9, width=1920, height=1080),
    "board-xixian": boards("xixian", 9, width=1920, height=1080, rows=None),
    "board-mengzi": boards("mengzi", 9, width=1920, height=1080, rows=None),
    "board-guizhou": boards("guizhou", 9, width=1920, height=1080, rows=None),
    "board-dianjiang": boards("dianjiang", 9, width=1920, height=1080, rows=None),
    "board-portrait": boards("boai", 11, width=1080, height=1920, rows=None),
    "board-4k": boards("boai", 9, width=3840, height=2160),
    "board-720p": boards("demo", 5, width=1280, height=720, rows=None),
    "pickup": boards("demo", 9, False, width=1920, height=1080, layout="pickup", rows=None),
    "wall-640x320": boards("demo", 5, width=640, height=320, layout="wall", rows=None),
    "wall-mono-640x320": boards("demo", 5, width=640, height=320, layout="mono", rows=None),
    "wall-mono-512x128": boards("demo", 5, width=512, height=128, layout="mono", rows=None),
    "wall-384x768": boards("demo", 7, width=384, height=768, layout="wall", rows=None),
    "sign-called": signs("called", number="A012", call=7),
    "sign-serving": signs("serving", number="A1234", call=7),
    "sign-idle": signs("idle"),
    "sign-extra": signs("idle", until=MORNING + 3960, extra=True),
    "sign-paused": signs("paused", reason="meal"),
    "sign-closed": signs("closed"),
}


def main() -> None:
    """Each picture in a process of its own: Kivy has one window a process."""
    asked = sys.argv[1:]
    if len(asked) == 2 and asked[0] == "--one":
        PICTURES[asked[1]](HERE / f"{asked[1]}.png")
        return
    for name in asked or PICTURES:
        root = str(HERE.parents[2])
        env = {**os.environ, "PYTHONPATH": root}
        env.pop("DISPLAY", None)
        subprocess.run([sys.executable, __file__, "--one", name], check=True, env=env, cwd=root)


if __name__ == "__main__":
    main()
