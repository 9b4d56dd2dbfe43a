"""The display's parts as coroutines: a board, a window sign, a loudspeaker.

Each listens on the bus, keeps what it knows in a fold, and shows or says it until it is cancelled
or its window is closed. Each says how it is on its status topic, and for every call that it has
really shown, spoken or had to drop a `DeviceIn`.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec
import structlog

from config.hall import Board, Hall, Voice, Window
from config.wire import topics
from config.wire.bus import Bus, Delivery
from config.wire.devices import DeviceIn, DeviceStatus, Health, ProcessStatus
from config.wire.events import Happening
from config.wire.views import BoardView, WindowView
from display import board as boards
from display import colours, layout, shown, window
from display.pickup import show_pickup
from display.scene import Scene
from display.scenes.board import board_scene
from display.scenes.wall import wall_scene
from display.scenes.window import window_scene
from display.voice.player import Player
from display.voice.run import speak

log = structlog.get_logger()

TICK = 0.1
"""Seconds between two looks at the clock: flashes, pages and ages are right to this."""
SERVER = "server"
"""Name of the server's process on its status topic."""


class UnknownPartError(ValueError):
    """The hall has no board, window or voice of this name."""


class Face(Protocol):
    """What a picture is shown on: `display.app.Screen`, or nothing."""

    on_frame: Callable[[], None]

    def show(self, scene: Scene) -> None:
        """Show `scene` with the next frame."""

    async def run(self) -> None:
        """Draw until closed."""


class NoFace:
    """Where there is no screen: keeps the newest scene, shows it to nobody."""

    def __init__(self) -> None:
        self.on_frame: Callable[[], None] = lambda: None
        self.scene: Scene | None = None

    def show(self, scene: Scene) -> None:
        self.scene = scene

    async def run(self) -> None:
        await asyncio.Event().wait()


async def run_board(
    hall: Hall,
    bus: Bus,
    board_id: str,
    *,
    window: bool = True,
    size: tuple[int, int] | None = None,
    face: Face | None = None,
    clock: Callable[[], float] = time.time,
) -> None:
    """Run hall board `board_id` until cancelled or its window is closed.

    Without a `window` it only follows what happens. `size` replaces the size in the hall file, for
    a look at a wall on a desk; `clock` tells the time of day that is shown.
    """
    spec = _named(hall.boards, board_id, "board")
    if size is not None:
        spec = resized(spec, size)
    own = face or (_open(spec.width, spec.height, spec.x, spec.y, spec.id) if window else NoFace())
    await _Board(hall, bus, spec, own, clock).run(seen=window or face is not None)


async def run_window(
    hall: Hall,
    bus: Bus,
    window_id: str,
    *,
    window: bool = True,
    size: tuple[int, int] = (1280, 320),
    at: tuple[int, int] = (0, 0),
    face: Face | None = None,
    clock: Callable[[], float] = time.time,
) -> None:
    """Run the sign over window `window_id` until cancelled or its window is closed."""
    spec = _named(hall.windows, window_id, "window")
    own = face or (_open(*size, *at, window_id) if window else NoFace())
    await _Sign(hall, bus, spec, own, size, clock).run(seen=window or face is not None)


async def run_voice(
    hall: Hall,
    bus: Bus,
    voice_id: str,
    *,
    data: Path,
    player: Player | None = None,
    clock: Callable[[], float] = time.time,
) -> None:
    """Run loudspeaker group `voice_id` until cancelled. Its sounds and its memory of what it has
    said are kept under `data`; `player` replaces the device named in the hall file."""
    spec: Voice = _named(hall.voices, voice_id, "voice")
    await speak(hall, bus, spec, data=data, player=player, clock=clock)


def resized(board: Board, size: tuple[int, int]) -> Board:
    """`board` at another size, at the corner of the screen; its pitch is not known any more."""
    width, height = size
    return msgspec.structs.replace(board, width=width, height=height, x=0, y=0, pitch=None)


class _Part:
    """What a board and a sign have in common: listening, painting, and saying what was shown."""

    def __init__(self, hall: Hall, bus: Bus, name: str, face: Face) -> None:
        self._hall, self._bus, self._name, self._face = hall, bus, name, face
        self._changed = asyncio.Event()
        self._drawn = asyncio.Event()
        self._given: set[int] = set()
        """Calls in the scene given to the face that were on no frame yet."""
        self._seen: set[int] = set()
        """Calls that were on a frame and are to be acknowledged."""
        self._told: set[int] = set()

    def topics(self) -> list[topics.Topic[Any]]:
        raise NotImplementedError

    def hear(self, delivery: Delivery, now: float) -> None:
        raise NotImplementedError

    def line(self, up: bool, now: float) -> None:
        raise NotImplementedError

    def picture(self, now: float) -> tuple[Scene, set[int]]:
        """The scene at `now`, and the calls in it."""
        raise NotImplementedError

    def faults(self) -> list[str]:
        return []

    async def run(self, *, seen: bool) -> None:
        self._face.on_frame = self._framed
        await self._report(seen)
        await until_one_ends(
            [self._listen, self._watch, self._paint, self._acknowledge, self._face.run]
        )

    async def _report(self, seen: bool) -> None:
        faults = self.faults()
        for fault in faults:
            log.warning("display", part=self._name, fault=fault)
        health = Health.OK if seen else Health.OFFLINE
        reason = "; ".join(faults) if seen else "没有屏幕 no screen"
        status = DeviceStatus(device=self._name, health=health, reason=reason, since=time.time())
        await self._bus.publish(topics.device_status(self._hall.id, self._name), status)

    async def _listen(self) -> None:
        async with self._bus.subscribe(*self.topics()) as messages:
            async for delivery in messages:
                self.hear(delivery, time.monotonic())
                self._changed.set()

    async def _watch(self) -> None:
        async with self._bus.line() as line:
            async for up in line:
                self.line(up, time.monotonic())
                self._changed.set()

    async def _paint(self) -> None:
        last: Scene | None = None
        while True:
            scene, calls = self.picture(time.monotonic())
            if scene != last:
                self._given |= calls - self._told
                self._face.show(scene)
                last = scene
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), TICK)
            except TimeoutError:
                continue

    def _framed(self) -> None:
        """A frame has gone to the screen, with everything that was given before it."""
        self._seen |= self._given
        self._given = set()
        if self._seen:
            self._drawn.set()

    async def _acknowledge(self) -> None:
        topic = topics.device_in(self._hall.id, self._name)
        while True:
            await self._drawn.wait()
            self._drawn.clear()
            fresh, self._seen = sorted(self._seen - self._told), set()
            self._told.update(fresh)
            for call in fresh:
                await self._bus.publish(topic, DeviceIn(what="shown", call=call))


class _Board(_Part):
    def __init__(
        self, hall: Hall, bus: Bus, spec: Board, face: Face, clock: Callable[[], float]
    ) -> None:
        super().__init__(hall, bus, spec.id, face)
        self._spec, self._clock = spec, clock
        pickup = spec.layout == "pickup"
        windows = shown.windows_before(hall, spec.areas, pickup=pickup)
        self._layout = layout.of(spec, windows)
        self._tones = tones_of(hall, spec)
        names = {s.id: {} if s.hidden else s.board_name or s.name for s in hall.services}
        self._board = boards.start(spec.areas, names, time.monotonic())

    def topics(self) -> list[topics.Topic[Any]]:
        hall = self._hall.id
        return [
            topics.event(hall),
            topics.process(hall, SERVER),
            *(topics.board(hall, area) for area in self._spec.areas),
        ]

    def hear(self, delivery: Delivery, now: float) -> None:
        day = self._board.day
        match delivery.message:
            case BoardView() as view:
                self._board = boards.on_view(self._board, view, now, found=delivery.retained)
            case Happening() as happening:
                self._board = boards.on_happening(self._board, happening, now)
            case ProcessStatus(alive=alive):
                self._board = boards.on_server(self._board, alive, now)
        if self._board.day != day:
            self._told.clear()

    def line(self, up: bool, now: float) -> None:
        self._board = boards.on_line(self._board, up, now)

    def picture(self, now: float) -> tuple[Scene, set[int]]:
        show = show_pickup if self._spec.layout == "pickup" else shown.show
        said = show(
            self._board,
            self._hall,
            now,
            at=self._clock(),
            rows=self._layout.rows,
            cells=self._layout.cells,
            ems=self._layout.ems,
        )
        calls = {line.call for line in said.lines if line.state == "called"}
        if self._spec.layout in ("wall", "mono"):
            return wall_scene(said, self._layout, self._tones, now), calls
        return board_scene(said, self._layout, self._tones), calls

    def faults(self) -> list[str]:
        unknown = (
            []
            if self._spec.layout in layout.LAYOUTS
            else [f"no layout {self._spec.layout!r}, shown as 'hall'; there are {layout.LAYOUTS}"]
        )
        return unknown + layout.too_small(self._spec, self._layout)


class _Sign(_Part):
    def __init__(
        self,
        hall: Hall,
        bus: Bus,
        spec: Window,
        face: Face,
        size: tuple[int, int],
        clock: Callable[[], float],
    ) -> None:
        super().__init__(hall, bus, f"sign-{spec.id}", face)
        self._size, self._clock = size, clock
        self._tones = colours.screen(hall.palette)
        self._sign = window.Sign(spec)

    def topics(self) -> list[topics.Topic[Any]]:
        return [topics.window(self._hall.id, self._sign.window.id)]

    def hear(self, delivery: Delivery, now: float) -> None:
        if isinstance(delivery.message, WindowView):
            found = delivery.retained
            self._sign = window.on_view(self._sign, delivery.message, now, found=found)

    def line(self, up: bool, now: float) -> None:
        """A sign keeps what it says while out of touch: the window it hangs over is in sight."""

    def picture(self, now: float) -> tuple[Scene, set[int]]:
        said = window.show(self._sign, self._hall, now)
        calls = {said.call} if said.state == "called" and said.call else set()
        return window_scene(said, *self._size, self._tones), calls


def tones_of(hall: Hall, board: Board) -> colours.Tones:
    """The colours of `board`: the hall's palette, or those an LED wall has."""
    match board.layout:
        case "wall":
            return colours.wall()
        case "mono":
            return colours.mono()
        case _:
            return colours.screen(hall.palette)


async def until_one_ends(jobs: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Run `jobs` together; when one ends, or fails, so do the others, and its failure is raised."""
    tasks = [asyncio.create_task(job()) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _open(width: int, height: int, x: int, y: int, title: str) -> Face:
    from display.app import Screen

    return Screen(width, height, x=x, y=y, title=title)


def _named(parts: tuple[Any, ...], name: str, what: str) -> Any:
    for part in parts:
        if part.id == name:
            return part
    known = ", ".join(p.id for p in parts) or "none"
    raise UnknownPartError(f"there is no {what} {name!r} in this hall; it has: {known}")
