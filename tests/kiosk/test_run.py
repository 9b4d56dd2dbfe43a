"""A whole kiosk without a window: real server, real bus, real spool, emulated printer."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.hall import Hall
from config.load import load_hall, shipped
from config.wire import topics
from config.wire.bus import Bus, LocalBus
from config.wire.commands import (
    CancelTicket,
    Command,
    IssueTicket,
    Reply,
    ReportPrint,
    read_command,
)
from config.wire.devices import DeviceIn, DeviceStatus, Health, ProcessStatus
from kiosk.run import NoWindow, UnknownKioskError, run
from kiosk.scenes.parts import Scene
from kiosk.spool import Open, Spool, still_open
from kiosk.state import Choice, PickService, PickZone, Press
from kiosk.visitor import Visitor
from queue_server.embedded import Running, hall_server
from queue_server.engine.roles import Role
from tests.helpers import wait_until
from tests.kiosk.helpers import MORNING, issued, view


class Seen(NoWindow):
    """A face that remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.scenes: list[Scene] = []
        self.clock = 1000.0
        self.passes = 0.0
        """Seconds that go by with every look at the clock."""

    def show(self, scene: Scene) -> None:
        self.scenes.append(scene)

    def tell(self) -> float:
        """The kiosk's clock: stands still between touches, or runs fast."""
        self.clock += self.passes
        return self.clock

    @property
    def now(self) -> Scene:
        return self.scenes[-1]

    async def until(self, title: str) -> Scene:
        await wait_until(
            lambda: self.now.body.title == title, f"{title}, not {self.now.body.title}"
        )
        return self.now

    async def touch(self, *choices: Choice) -> None:
        """A person's touches, a second apart; each waits for its screen."""
        for choice in choices:
            await wait_until(partial(self._offers, choice), str(choice))
            self.clock += 1
            self.on_touch(choice)

    def _offers(self, choice: Choice) -> bool:
        return choice in offered(self.now)


def offered(scene: Scene) -> list[Choice]:
    body = scene.body
    found = [*body.tiles, *body.more, *body.actions, *scene.bar]
    return [tile.choice for tile in found if tile.open]


@contextlib.asynccontextmanager
async def kiosk(
    hall: Hall, bus: Bus, data: Path, *, visitor: Visitor | None = None, wall: float = MORNING
) -> AsyncIterator[Seen]:
    face = Seen()
    task = asyncio.create_task(
        run(hall, bus, "K1", data=data, page_url="http://hall", face=face, sounds=False,
            visitor=visitor, window=False, wall=lambda: wall,
            clock=face.tell if visitor is None else time.monotonic)
    )  # fmt: skip
    try:
        await wait_until(lambda: face.scenes, "the first screen")
        yield face
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            raise error


def demo() -> Hall:
    return load_hall(shipped("demo"))


def always_open() -> Hall:
    hall = demo()
    rules = replace(hall.rules, hours=("00:00-24:00",), weekend_opening=(6, 7), kiosk_interval=0.0)
    return replace(hall, rules=rules)


# With the real server -------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def served(tmp_path: Path, mqtt: str = "none") -> AsyncIterator[tuple[Running, Bus]]:
    async with (
        hall_server(always_open(), tmp_path / "server", mqtt) as running,
        await running.lines.attach("K1", Role.KIOSK) as bus,
    ):
        yield running, bus


@pytest.mark.parametrize("mqtt", ["none", "embedded"])
async def test_three_touches_to_a_slip(tmp_path: Path, mqtt: str) -> None:
    async with served(tmp_path, mqtt) as (running, bus):
        async with kiosk(running.server.hall, bus, tmp_path) as face:
            social = PickService(service="social")
            await face.until("请选择要办的事")
            await face.touch(PickZone(zone="general"), social, Press.TAKE)
            done = await face.until("请取走号票")
            assert done.body.number == "S001"
            slips = list((tmp_path / "kiosk-K1" / "slips").glob("*.png"))
            assert len(slips) == 1
            await face.touch(Press.FINISH)
            await face.until("请选择要办的事")
            await wait_until(lambda: _spooled(tmp_path) == (), "the spool to be empty")
        tickets = running.server.day.tickets
        assert [t.number for t in tickets.values()] == ["S001"]


async def test_a_visitor_takes_numbers_by_itself(tmp_path: Path) -> None:
    async with served(tmp_path) as (running, bus):
        visitor = Visitor(seed=4, every=0.1, pause=0.35)
        async with kiosk(running.server.hall, bus, tmp_path, visitor=visitor):
            await wait_until(lambda: len(running.server.day.tickets) >= 2, "two tickets", within=30)


# With a server that does what the test says ------------------------------------------------------


@dataclass
class Script:
    """Answers commands of a kiosk as told; `answers` False keeps it silent."""

    bus: Bus
    hall: str
    answers: bool = True
    heard: list[Command] = field(default_factory=list)

    async def run(self) -> None:
        await self.bus.publish(topics.kiosk(self.hall), view())
        alive = ProcessStatus(process="server", alive=True)
        await self.bus.publish(topics.process(self.hall, "server"), alive)
        async with self.bus.subscribe(topics.own_command(self.hall, topics.ANY)) as commands:
            async for delivery in commands:
                command = read_command(bytes(delivery.message))
                self.heard.append(command)
                if self.answers:
                    await self.reply(command)

    async def reply(self, command: Command) -> None:
        plain = Reply(ok=True, id=command.id, seq=1)
        reply = issued(command.id) if isinstance(command, IssueTicket) else plain
        await self.bus.publish(topics.reply(self.hall, command.client or ""), reply)

    def heard_of(self, kind: type[Command]) -> list[str]:
        return [c.id for c in self.heard if isinstance(c, kind)]


@contextlib.asynccontextmanager
async def scripted(switchboard: LocalBus) -> AsyncIterator[Script]:
    script = Script(switchboard.attach("server"), "demo")
    task = asyncio.create_task(script.run())
    try:
        yield script
    finally:
        task.cancel()
        await asyncio.wait([task])


def _spooled(tmp_path: Path) -> tuple[Open, ...]:
    return still_open(tmp_path / "kiosk-K1" / "requests.jsonl")


def left_behind(tmp_path: Path, *, answered: bool, age: float) -> None:
    """What a kiosk that was switched off in the middle leaves on its disk."""
    spool = Spool(tmp_path / "kiosk-K1" / "requests.jsonl")
    spool.asked(Open(id="old", service="social", language="zh", at=MORNING - age))
    if answered:
        spool.answered("old")
    spool.close()


async def test_a_request_is_on_the_disk_before_it_is_sent(tmp_path: Path) -> None:
    switchboard = LocalBus()
    async with scripted(switchboard) as script:
        script.answers = False
        async with kiosk(demo(), switchboard.attach("K1"), tmp_path) as face:
            await face.touch(PickService(service="social"), Press.TAKE)
            await wait_until(lambda: script.heard, "the command")
            assert [o.id for o in _spooled(tmp_path)] == script.heard_of(IssueTicket)[:1]


def fill_disk(path: Path) -> None:
    """Put the disk that never has room where this process writes `path`."""
    full = os.open("/dev/full", os.O_WRONLY)
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if link.readlink() == path:
                os.dup2(full, int(link.name))
    os.close(full)


async def test_a_full_disk_keeps_nobody_from_a_number(tmp_path: Path) -> None:
    switchboard = LocalBus()
    async with (
        scripted(switchboard),
        kiosk(demo(), switchboard.attach("K1"), tmp_path) as face,
    ):
        await face.until("请选择要办的事")
        fill_disk(tmp_path / "kiosk-K1" / "requests.jsonl")
        await face.touch(PickService(service="social"), Press.TAKE)
        assert (await face.until("请取走号票")).body.number == "S012"


async def test_a_kiosk_switched_off_while_asking_asks_the_same_again(tmp_path: Path) -> None:
    left_behind(tmp_path, answered=False, age=20)
    switchboard = LocalBus()
    async with (
        scripted(switchboard) as script,
        kiosk(demo(), switchboard.attach("K1"), tmp_path) as face,
    ):
        assert (await face.until("请取走号票")).body.number == "S012"
        assert set(script.heard_of(IssueTicket)) == {"old"}
        await wait_until(lambda: _spooled(tmp_path) == (), "the spool to be empty")


async def test_an_old_request_becomes_no_ghost_in_the_queue(tmp_path: Path) -> None:
    left_behind(tmp_path, answered=False, age=900)
    switchboard = LocalBus()
    async with (
        scripted(switchboard) as script,
        kiosk(demo(), switchboard.attach("K1"), tmp_path),
    ):
        await wait_until(lambda: script.heard_of(CancelTicket) == ["old.c"], "the cancelling")
        await wait_until(lambda: _spooled(tmp_path) == (), "the spool to be empty")


async def test_an_old_ticket_in_a_hand_is_left_alone(tmp_path: Path) -> None:
    left_behind(tmp_path, answered=True, age=900)
    switchboard = LocalBus()
    async with scripted(switchboard) as script:
        async with kiosk(demo(), switchboard.attach("K1"), tmp_path) as face:
            await face.until("请选择要办的事")
            await wait_until(lambda: _spooled(tmp_path) == (), "the spool to be empty")
        assert script.heard == []


async def test_a_line_that_breaks_while_asking_costs_nothing(tmp_path: Path) -> None:
    """The command is heard, the answer is lost; the same id is asked when the line is back."""
    switchboard = LocalBus()
    async with scripted(switchboard) as script:
        script.answers = False
        async with kiosk(demo(), switchboard.attach("K1"), tmp_path) as face:
            await face.touch(PickService(service="social"), Press.TAKE)
            await wait_until(lambda: script.heard, "the command")
            switchboard.cut("K1")
            script.answers = True
            switchboard.mend("K1")
            assert (await face.until("请取走号票")).body.number == "S012"
            assert len(set(script.heard_of(IssueTicket))) == 1


async def test_the_server_says_goodbye_and_comes_back(tmp_path: Path) -> None:
    switchboard = LocalBus()
    async with (
        scripted(switchboard) as script,
        kiosk(demo(), switchboard.attach("K1"), tmp_path) as face,
    ):
        await face.until("请选择要办的事")
        process = topics.process("demo", "server")
        gone = ProcessStatus(process="server", alive=False)
        await script.bus.publish(process, gone)
        face.passes = 0.5
        shown = await face.until("本机暂停取号")
        assert shown.body.lead == "网络暂时不通"
        face.passes = 0.0
        await script.bus.publish(process, ProcessStatus(process="server", alive=True))
        await face.until("请选择要办的事")


def with_fault(fault: str) -> Hall:
    hall = demo()
    devices = tuple(
        replace(d, options={**d.options, "fault": fault}) if d.id == "printer-k1" else d
        for d in hall.devices
    )
    return replace(hall, devices=devices)


@pytest.mark.parametrize(
    ("fault", "lead"),
    [
        ("paper-out", "打印纸用完了，工作人员正在更换"),
        ("cover-open", "打印机没有关好"),
        ("cutter-error", "打印机需要检修"),
    ],
)
async def test_a_broken_printer_is_known_before_anybody_chooses(
    tmp_path: Path, fault: str, lead: str
) -> None:
    switchboard = LocalBus()
    watcher = switchboard.attach("watcher")
    async with (
        scripted(switchboard),
        watcher.subscribe(topics.device_status("demo", "printer-k1")) as statuses,
        kiosk(with_fault(fault), switchboard.attach("K1"), tmp_path) as face,
    ):
        shown = await face.until("本机暂停取号")
        assert shown.body.lead == lead
        assert shown.body.hints[0].text == "请到咨询台取号"
        status = await anext(statuses)
        assert isinstance(status.message, DeviceStatus)
        assert status.message.health is Health.OFFLINE


async def test_a_silent_printer_leaves_the_number_on_the_screen(tmp_path: Path) -> None:
    switchboard = LocalBus()
    async with (
        scripted(switchboard) as script,
        kiosk(with_fault("silent"), switchboard.attach("K1"), tmp_path) as face,
    ):
        await face.touch(PickService(service="social"), Press.TAKE)
        shown = await face.until("号码已取好，请记下")
        assert (shown.body.number, shown.body.qr) == ("S012", "http://hall/t/tok")
        await wait_until(lambda: script.heard_of(ReportPrint), "the report")
        assert [o.answered for o in _spooled(tmp_path)] == [True]
        await face.touch(Press.FINISH)
        await wait_until(lambda: _spooled(tmp_path) == (), "the spool to be empty")


async def test_help_is_heard(tmp_path: Path) -> None:
    switchboard = LocalBus()
    watcher = switchboard.attach("watcher")
    async with (
        scripted(switchboard),
        watcher.subscribe(topics.device_in("demo", "K1")) as said,
        kiosk(demo(), switchboard.attach("K1"), tmp_path) as face,
    ):
        await face.touch(Press.HELP)
        assert (await anext(said)).message == DeviceIn(what="help")


async def test_nothing_secret_on_disk(tmp_path: Path) -> None:
    """Neither the token of the citizen's page nor the ticket's number outlives the visit."""
    switchboard = LocalBus()
    async with (
        scripted(switchboard),
        kiosk(with_fault("silent"), switchboard.attach("K1"), tmp_path) as face,
    ):
        await face.touch(PickService(service="social"), Press.TAKE)
        await face.until("号码已取好，请记下")
        kept = (tmp_path / "kiosk-K1" / "requests.jsonl").read_text()
        assert "tok" not in kept
        assert "S012" not in kept


async def test_a_kiosk_the_hall_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(UnknownKioskError, match="K1"):
        await run(demo(), LocalBus().attach("K9"), "K9", data=tmp_path, window=False)
