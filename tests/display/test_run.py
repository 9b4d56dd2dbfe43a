"""Boards and signs as coroutines on a bus, shown on a face that is no screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from config.wire import topics
from config.wire.bus import Bus, Delivery, LocalBus
from config.wire.devices import DeviceIn, DeviceStatus, Health, ProcessStatus
from display.run import NoFace, UnknownPartError, run_board, run_voice, run_window
from display.scene import Scene, Words
from tests.display.given import (
    NOON,
    board_view,
    call_row,
    called,
    day_changed,
    small_hall,
    window_view,
)
from tests.helpers import take, take_until, wait_until

HALL = small_hall()


class Mirror(NoFace):
    """A face on which every scene is a frame at once."""

    def show(self, scene: Scene) -> None:
        super().show(scene)
        self.on_frame()

    @property
    def texts(self) -> list[str]:
        groups = self.scene.groups if self.scene is not None else ()
        return [i.text for group in groups for i in group.items if isinstance(i, Words)]

    @property
    def calls(self) -> list[str]:
        """Number and window of each row, from the top."""
        if self.scene is None:
            return []
        rows = [g for g in self.scene.groups if g.key.startswith("row/")]
        rows.sort(key=lambda g: g.y)
        return [next(i.text for i in g.items if isinstance(i, Words)) for g in rows]


@dataclass
class Stage:
    switchboard: LocalBus
    server: Bus
    face: Mirror
    told: AsyncIterator[Delivery]

    async def publish(self, topic: topics.Topic[object], message: object) -> None:
        await self.server.publish(topic, message)

    async def sees(self, *numbers: str) -> None:
        await wait_until(lambda: self.face.calls == list(numbers), f"rows {numbers}")


@asynccontextmanager
async def board(board_id: str = "B1") -> AsyncIterator[Stage]:
    switchboard = LocalBus()
    server, own = switchboard.attach("server"), switchboard.attach("board")
    told = (topics.device_in(HALL.id, board_id), topics.device_status(HALL.id, board_id))
    face = Mirror()
    async with server.subscribe(*told) as messages:
        job = asyncio.create_task(run_board(HALL, own, board_id, face=face, clock=lambda: NOON))
        yield Stage(switchboard, server, face, messages)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


VIEW = topics.board(HALL.id, "down")
NEWS = topics.event(HALL.id)


async def test_a_board_shows_what_lies_there_and_what_happens() -> None:
    async with board() as stage:
        await stage.server.publish(VIEW, board_view(1, call_row("A001", "W1", 1)))
        await stage.sees("A001")
        await stage.server.publish(NEWS, called(2, "A002", "W2", 2))
        await stage.sees("A002", "A001")


async def test_every_call_that_was_shown_is_acknowledged_once() -> None:
    async with board() as stage:
        await stage.server.publish(VIEW, board_view(1))
        await wait_until(lambda: stage.face.scene)
        for n in range(1, 4):
            await stage.server.publish(NEWS, called(1 + n, f"A{n:03d}", f"W{n}", n))
        status, *told = await take(stage.told, 4)
        assert status.message.health is Health.OK
        assert [d.message for d in told] == [DeviceIn(what="shown", call=n) for n in (1, 2, 3)]


async def test_five_hundred_calls_in_a_second_end_as_the_server_has_it() -> None:
    async with board() as stage:
        await stage.server.publish(VIEW, board_view(1))
        for n in range(1, 501):
            await stage.server.publish(NEWS, called(n + 1, f"A{n:03d}", f"W{n % 3 + 1}", n))
        await stage.sees("A500", "A499", "A498")


async def test_a_board_without_a_screen_says_so_and_claims_nothing() -> None:
    switchboard = LocalBus()
    server = switchboard.attach("server")
    mine = (topics.device_status(HALL.id, "B1"), topics.device_in(HALL.id, "B1"))
    async with server.subscribe(*mine) as told:
        job = asyncio.create_task(
            run_board(HALL, switchboard.attach("b"), "B1", window=False, clock=lambda: NOON)
        )
        status: DeviceStatus = (await take(told, 1))[0].message
        assert status.health is Health.OFFLINE
        assert "no screen" in status.reason
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_a_cut_line_and_back_again() -> None:
    async with board() as stage:
        await stage.server.publish(VIEW, board_view(1, call_row("A001", "W1", 1)))
        await stage.sees("A001")
        stage.switchboard.cut("board")
        await stage.server.publish(VIEW, board_view(3, call_row("A005", "W1", 5)))
        stage.switchboard.mend("board")
        await stage.sees("A005")
        assert "刚才已呼叫" in stage.face.texts
        await stage.server.publish(NEWS, called(4, "A006", "W2", 6))
        await stage.sees("A006", "A005")


async def test_a_dead_server_and_a_new_day() -> None:
    async with board() as stage:
        await stage.server.publish(VIEW, board_view(1, call_row("A001", "W1", 1)))
        await stage.sees("A001")
        gone = ProcessStatus(process="server", alive=False)
        await stage.server.publish(topics.process(HALL.id, "server"), gone)
        await stage.server.publish(NEWS, day_changed(2, "2026-11-24"))
        await stage.sees()


async def test_an_led_wall_and_a_pickup_board_run_on_the_same_bus() -> None:
    for board_id, shown in (("LED", ["A001", "A002"]), ("PICK", ["A002"])):
        async with board(board_id) as stage:
            ready = call_row("A002", "P1", 2, zone="pickup", label="出件窗口")
            view = board_view(1, call_row("A001", "W1", 3), ready)
            await stage.server.publish(VIEW, view)
            await stage.sees(*shown)


async def test_a_sign_shows_its_window_and_acknowledges_the_call() -> None:
    switchboard = LocalBus()
    server, face = switchboard.attach("server"), Mirror()
    async with server.subscribe(topics.device_in(HALL.id, "sign-W1")) as told:
        job = asyncio.create_task(
            run_window(HALL, switchboard.attach("sign"), "W1", face=face, clock=lambda: NOON)
        )
        topic = topics.window(HALL.id, "W1")
        await server.publish(topic, window_view(1, "idle"))
        await wait_until(lambda: "空闲" in face.texts)
        await server.publish(topic, window_view(2, "called", number="A1234", call=9))
        await wait_until(lambda: "请 A1234 到本窗口" in face.texts)
        answer = await take_until(told, lambda d: d.message.call == 9)
        assert answer.message == DeviceIn(what="shown", call=9)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_an_unknown_part_is_named_with_those_there_are() -> None:
    bus = LocalBus().attach("x")
    with pytest.raises(UnknownPartError, match=r"B9.*B1, B2"):
        await run_board(HALL, bus, "B9", window=False)
    with pytest.raises(UnknownPartError, match=r"W9.*W1"):
        await run_window(HALL, bus, "W9", window=False)


async def test_an_unknown_voice_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    bus = LocalBus().attach("x")
    with pytest.raises(UnknownPartError, match=r"V9.*V1"):
        await run_voice(HALL, bus, "V9", data=tmp_path_factory.mktemp("data"))


async def test_a_face_that_is_closed_ends_the_board() -> None:
    class Closed(Mirror):
        async def run(self) -> None:
            return

    await asyncio.wait_for(run_board(HALL, LocalBus().attach("x"), "B1", face=Closed()), 5)
