"""The one writer: durable before it is told, the same id the same answer, nobody called twice."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from config.hall import Hall
from config.wire import commands as c
from config.wire import topics
from config.wire.bus import Bus, Delivery, LocalBus
from config.wire.events import Called, DayChanged, Happening, Logged, WindowChanged
from queue_server.clock import business_day, tick
from queue_server.engine.roles import SYSTEM, Actor, Role
from queue_server.mqtt import CommandDoor
from queue_server.server import Server, serving
from queue_server.store.log import MemoryLog, SqliteLog, StorageFailedError
from tests.helpers import next_of, take, wait_until
from tests.queue_server.town import ADMIN, NINE, town

DISPLAY = Actor(Role.DISPLAY, "board")


class HandClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = NINE

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def server(tmp_path: Path, clock: HandClock) -> AsyncIterator[Server]:
    log = SqliteLog(tmp_path, "town")
    async with serving(Server(town(), log, clock=clock)) as server:
        await tick(server)
        yield server
    log.close()


async def submit(server: Server, command: c.Command, by: Actor = ADMIN) -> c.Reply:
    return await server.submit(command, by)


async def issue_many(server: Server, count: int) -> list[str]:
    commands = [c.IssueTicket(id=f"i{n}", service="social") for n in range(count)]
    replies = await asyncio.gather(*(submit(server, command) for command in commands))
    return [r.result.number or "" for r in replies if r.result is not None]


async def test_a_writer_that_dies_takes_the_server_with_it(clock: HandClock) -> None:
    """Nobody waits for an answer that can never come; systemd starts the process anew."""

    class Broken(MemoryLog):
        def append(self, rows: Sequence[Logged], replies: Sequence[c.Reply]) -> None:
            raise OSError("the disk is gone")

    with pytest.raises(ExceptionGroup, match="TaskGroup"):
        async with serving(Server(town(), Broken(), clock=clock)) as server:
            await submit(server, c.OpenDay(id="o", day="2026-11-23"))


async def test_news_from_a_future_that_never_came_are_those_from_now(server: Server) -> None:
    """A client of a history that a restore has replaced."""
    coming = asyncio.create_task(next_of(server.events(after=10_000)))
    await asyncio.sleep(0)
    await submit(server, c.OpenWindow(id="o", window="N1"))
    assert (await coming).seq == 2


async def test_many_kiosks_at_once_get_consecutive_numbers(server: Server) -> None:
    """Case 2."""
    numbers = await issue_many(server, 400)
    assert sorted(numbers) == [f"A{n:03d}" for n in range(1, 401)]


async def test_the_same_id_is_one_ticket_and_equal_answers(server: Server) -> None:
    """Case 6: at once, later, and after a restart."""
    command = c.IssueTicket(id="once", service="social")
    together = await asyncio.gather(*(submit(server, command) for _ in range(5)))
    later = await submit(server, command)
    assert {r.result.number for r in [*together, later] if r.result} == {"A001"}
    assert all(r == later for r in together)
    again = Server(server.hall, server._store, clock=server.clock)
    async with serving(again):
        assert await submit(again, command) == later
    assert len(server.day.tickets) == 1


async def test_pairs_of_clerks_never_call_the_same_ticket(server: Server) -> None:
    """Cases 12 and F40."""
    await issue_many(server, 201)
    for window in ("N1", "N2"):
        await submit(server, c.OpenWindow(id=f"o{window}", window=window))
    called: list[str] = []
    for n in range(101):
        pair = await asyncio.gather(
            *(submit(server, c.CallNext(id=f"n{n}.{w}", window=w)) for w in ("N1", "N2"))
        )
        called += [r.result.number or "" for r in pair if r.result is not None]
        refusals = [r.error.code for r in pair if r.error is not None]
        assert refusals == ([] if n < 100 else ["nobody-waiting"])
    assert called == [f"A{n:03d}" for n in range(1, 202)]


async def test_a_refusal_is_told_and_changes_nothing(server: Server) -> None:
    before = server.day.seq
    reply = await submit(server, c.CallNext(id="x", window="N1"), DISPLAY)
    assert reply.error is not None
    assert reply.error.code == "forbidden"
    assert server.day.seq == before


async def test_a_full_disk_refuses_and_loses_nothing(server: Server) -> None:
    """F15: what was acknowledged stays, what was not is refused, and it goes on by itself."""
    await issue_many(server, 3)
    store = server._store
    assert isinstance(store, SqliteLog)
    pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
    store._writer.execute(f"PRAGMA max_page_count = {pages}")
    refused = 0
    for n in range(200):
        reply = await submit(server, c.IssueTicket(id=f"full{n}", service="social", note="x" * 200))
        refused += not reply.ok
        assert reply.ok or (reply.error is not None and reply.error.code == "storage-failed")
    assert refused
    assert server.failing
    held = len(server.day.tickets)
    assert held == 3 + 200 - refused
    store._writer.execute("PRAGMA max_page_count = 1000000")
    assert (await submit(server, c.IssueTicket(id="room", service="social"))).ok
    assert not server.failing
    numbers = sorted(t.number for t in server.day.tickets.values())
    assert numbers == [f"A{n:03d}" for n in range(1, held + 2)]


async def test_a_restart_is_a_replay(server: Server) -> None:
    await issue_many(server, 5)
    await submit(server, c.OpenWindow(id="o", window="N1"))
    await submit(server, c.CallNext(id="n", window="N1"))
    again = Server(server.hall, server._store, clock=server.clock)
    assert again.day.tickets == server.day.tickets
    assert again.day.windows == server.day.windows


async def test_news_come_in_order_and_from_where_one_left(server: Server) -> None:
    await issue_many(server, 3)
    await submit(server, c.OpenWindow(id="o", window="N1"))
    live = server.events()
    waiting = asyncio.create_task(take(live, 3))
    await asyncio.sleep(0)
    for n in range(2):
        await submit(server, c.CallNext(id=f"n{n}", window="N1"))
    news = await waiting
    calls = [h.news.number for h in news if isinstance(h.news, Called)]
    assert calls == ["A001", "A002"]
    whole: list[Happening] = await take(server.events(after=0), 3)
    assert isinstance(whole[0].news, DayChanged)
    assert whole[-1] == news[0]
    fresh = Server(server.hall, server._store, clock=server.clock)
    assert await take(fresh.events(after=0), 3) == whole
    assert (await next_of(fresh.events(after=whole[1].seq))).seq == whole[2].seq


async def test_a_watcher_sees_each_change_and_no_ticking_clock(
    server: Server, clock: HandClock
) -> None:
    views = server.watch(lambda: server.view("window", "N1"))
    first = await next_of(views)
    following = asyncio.create_task(next_of(views))
    clock.now += 5
    server.changed()
    await submit(server, c.OpenWindow(id="o", window="N1"))
    second = await following
    assert (first.state, second.state) == ("closed", "idle")  # type: ignore[union-attr]


class HeldLog(MemoryLog):
    """A log on a disk that takes its time, and is full in the end."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.free.set()
        self.full = False

    def append(self, rows: Sequence[Logged], replies: Sequence[c.Reply]) -> None:
        self.free.wait()
        if self.full:
            raise StorageFailedError("full")
        super().append(rows, replies)


@pytest.mark.parametrize("full", [False, True])
async def test_nothing_is_shown_before_it_is_stored(clock: HandClock, full: bool) -> None:
    store = HeldLog()
    async with serving(Server(town(), store, clock=clock)) as server:
        await tick(server)
        store.full = full
        store.free.clear()
        opening = asyncio.create_task(submit(server, c.OpenWindow(id="o", window="N1")))
        await wait_until(lambda: server.day.windows["N1"].state == "open", "the decision")
        looking = asyncio.create_task(next_of(server.watch(lambda: server.view("window", "N1"))))
        asking = asyncio.create_task(submit(server, c.PauseWindow(id="p", window="N1")))
        done, _ = await asyncio.wait({looking, opening}, timeout=0.05)
        store.free.set()
        assert not done
        assert (await opening).ok is not full
        assert (await looking).state == ("closed" if full else "idle")  # type: ignore[union-attr]
        assert (await asking).ok is not full


async def test_a_day_ends_at_the_halls_own_midnight(server: Server, clock: HandClock) -> None:
    """Cases 9, 10: once, whenever the server comes to it."""
    await issue_many(server, 2)
    clock.now = NINE + 15 * 3600 - 1
    await tick(server)
    assert server.day.day == "2026-11-23"
    clock.now = NINE + 16 * 3600
    await tick(server)
    await tick(server)
    assert server.day.day == "2026-11-24"
    reply = await submit(server, c.IssueTicket(id="new", service="social"))
    assert reply.result is not None
    assert reply.result.number == "A001"


async def test_a_clock_that_goes_back_opens_nothing(server: Server, clock: HandClock) -> None:
    """F25."""
    await issue_many(server, 2)
    clock.now = NINE - 40 * 3600
    await tick(server)
    assert server.day.day == "2026-11-23"
    assert (await issue_many(server, 3))[-1] == "A003"


async def test_an_emergency_window_closes_itself_and_leaves_nobody(
    server: Server, clock: HandClock
) -> None:
    """DJ-25."""
    await submit(server, c.OpenWindow(id="e", window="N3", services=("tax",), until=clock.now + 60))
    clock.now += 61
    await tick(server)
    assert server.day.windows["N3"].state == "closed"


def in_hand(server: Server) -> str | None:
    return server.day.windows["N3"].current


async def test_a_window_that_calls_by_itself_takes_a_breath(
    server: Server, clock: HandClock
) -> None:
    await issue_many(server, 3)
    await submit(server, c.OpenWindow(id="o", window="N3"))
    await tick(server)
    assert in_hand(server) is None
    clock.now += 3
    await tick(server)
    await tick(server)
    assert in_hand(server) == "20261123-A001"
    await submit(server, c.FinishTicket(id="f", window="N3"))
    clock.now += 2
    await tick(server)
    assert in_hand(server) is None
    clock.now += 1
    await tick(server)
    assert in_hand(server) == "20261123-A002"
    await submit(server, c.FinishTicket(id="g", window="N3"))
    await submit(server, c.PauseWindow(id="p", window="N3"))
    clock.now += 60
    await tick(server)
    assert in_hand(server) is None


async def test_a_day_that_could_not_be_closed_is_closed_and_the_next_opened(
    clock: HandClock,
) -> None:
    """F15 at midnight: what the clock could not do then it does later."""
    store = HeldLog()
    async with serving(Server(town(), store, clock=clock)) as server:
        await tick(server)
        clock.now += 24 * 3600
        store.full = True
        await tick(server)
        store.full = False
        await tick(server)
        assert (server.day.day, server.day.open) == ("2026-11-24", True)


async def test_an_emergency_window_that_was_busy_closes_afterwards(
    server: Server, clock: HandClock
) -> None:
    """Its clerk calls at the instant its time is over."""
    await issue_many(server, 1)
    await submit(server, c.OpenWindow(id="e", window="N1", until=clock.now + 60))
    clock.now += 61
    await asyncio.gather(submit(server, c.CallNext(id="n", window="N1")), tick(server))
    assert server.day.windows["N1"].state == "open"
    await submit(server, c.FinishTicket(id="f", window="N1"))
    await tick(server)
    assert server.day.windows["N1"].state == "closed"


async def test_the_clock_calls_nobody_over_a_clerk(server: Server, clock: HandClock) -> None:
    """A clerk who presses as the breath ends keeps whom they called."""
    await issue_many(server, 2)
    await submit(server, c.OpenWindow(id="o", window="N3"))
    clock.now += 3
    await asyncio.gather(submit(server, c.CallNext(id="n", window="N3")), tick(server))
    assert in_hand(server) == "20261123-A001"


async def test_nobody_takes_the_clocks_words(server: Server, clock: HandClock) -> None:
    """An id that somebody else has used answers nothing for the clock."""
    for day in ("2026-11-23", "2026-11-24"):
        for kind in ("open", "close"):
            await submit(server, c.IssueTicket(id=f"clock.{kind}.{day}", service="social"))
    clock.now += 24 * 3600
    await tick(server)
    assert (server.day.day, server.day.open) == ("2026-11-24", True)


@pytest.mark.parametrize(
    ("clock", "day"),
    [
        (NINE, "2026-11-23"),
        (NINE + 15 * 3600 - 1, "2026-11-23"),
        (NINE + 15 * 3600, "2026-11-24"),
        (NINE - 9 * 3600, "2026-11-23"),
        (NINE - 9 * 3600 - 1, "2026-11-22"),
    ],
)
def test_the_business_day_is_the_halls_own(clock: float, day: str) -> None:
    assert business_day(town(), clock) == day


def test_a_night_hall_rolls_over_when_it_says() -> None:
    late = town(day_starts="04:00")
    assert business_day(late, NINE + 18 * 3600) == "2026-11-23"
    assert business_day(late, NINE + 19 * 3600) == "2026-11-24"


# -- the bus door ----------------------------------------------------------------------------------


@asynccontextmanager
async def replies_on_the_bus(server: Server) -> AsyncIterator[tuple[Bus, AsyncIterator[Delivery]]]:
    """An end of the bus to ask from, and all replies of the door."""
    bus = LocalBus()
    names = {"server": SYSTEM, "boss": Actor(Role.MANAGER, "boss")}
    door = CommandDoor(server, bus.attach("server"), names.get)
    end = bus.attach("x")
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(door.run())
        async with end.subscribe(topics.reply("town", topics.ANY)) as replies:
            await asyncio.sleep(0)
            yield end, replies
        work.cancel()


@pytest.mark.parametrize("client", ["\x00", "a b", "x\n", "é", "a/b", "+", "#", "x" * 65])
async def test_nobody_is_answered_by_a_name_that_is_none(server: Server, client: str) -> None:
    """A broker hangs up on whoever publishes to such a topic, and that would be the server."""
    async with replies_on_the_bus(server) as (end, replies):
        for name, id in ((client, "bad"), ("boss", "good")):
            body = msgspec.json.encode({"kind": "Nonsense", "id": id, "client": name})
            await end.publish(topics.command("town"), msgspec.Raw(body))
        assert (await next_of(replies)).message.id == "good"


@pytest.mark.parametrize("name", ["server", "boss"])
async def test_a_name_without_proof_gives_a_call_pads_rights_at_most(
    server: Server, name: str
) -> None:
    """Who says it is the server itself does not end the hall's day."""
    command = c.CloseDay(id="bye", client=name, day=server.day.day)
    async with replies_on_the_bus(server) as (end, replies):
        await end.publish(topics.command("town"), msgspec.Raw(msgspec.json.encode(command)))
        reply = (await next_of(replies)).message
    assert reply.error is not None
    assert reply.error.code == "forbidden"
    assert server.day.open


# -- a hall file that has changed ------------------------------------------------------------------


def smaller(*, windows: str = "", services: str = "") -> Hall:
    """The town without a window, a service, and all its priority classes."""
    hall = town()
    return msgspec.structs.replace(
        hall,
        windows=tuple(
            msgspec.structs.replace(w, services=tuple(s for s in w.services if s != services))
            for w in hall.windows
            if w.id != windows
        ),
        services=tuple(s for s in hall.services if s.id != services),
        priorities=(),
    )


async def test_a_window_taken_out_of_the_hall_file_stays_till_the_day_is_over(
    server: Server, clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """F43: whoever is at it is served to the end, and the log says so in plain words."""
    await issue_many(server, 3)
    await submit(server, c.OpenWindow(id="o", window="N2"))
    await submit(server, c.CallNext(id="n", window="N2"))
    again = Server(smaller(windows="N2"), server._store, clock=clock)
    said = capsys.readouterr().out
    assert "N2" in said
    assert "not in the hall file" in said
    async with serving(again):
        assert (await submit(again, c.FinishTicket(id="f", window="N2"))).ok
        assert (await submit(again, c.CloseWindow(id="s", window="N2"))).ok
        late = await submit(again, c.OpenWindow(id="o2", window="N2"))
        assert late.error is not None
        assert late.error.code == "not-callable"
        for kind, id in (("board", "east"), ("window", "N1"), ("kiosk", "all"), ("hall", "town")):
            assert again.view(kind, id) is not None
        clock.now += 24 * 3600
        await tick(again)
        assert "N2" not in again.day.windows


async def test_a_service_taken_out_of_the_hall_file_loses_nobody(
    server: Server, clock: HandClock
) -> None:
    """F43: whoever waits is called where it was offered, and nobody new gets a number."""
    await submit(server, c.OpenWindow(id="o", window="N1"))
    await submit(server, c.IssueTicket(id="t", service="tax", priority="elderly"))
    again = Server(smaller(services="tax"), server._store, clock=clock)
    async with serving(again):
        kiosk = await submit(again, c.IssueTicket(id="k", service="tax"), Actor(Role.KIOSK, "k1"))
        assert kiosk.error is not None
        assert again.console_view("N1") is not None
        called = await submit(again, c.CallNext(id="n", window="N1"))
        assert called.result is not None
        assert called.result.number == "B001"
        assert again.console_view("N1") is not None
        *_, heard = await take(again.events(after=0), 3)
        assert isinstance(heard.news, Called)
        moved = c.TransferTicket(id="m", window="N1", service="social")
        assert (await submit(again, moved)).ok


async def test_other_services_open_no_window(server: Server) -> None:
    """A programme that hears the news does not take a closed window for an open one."""
    heard = asyncio.create_task(next_of(server.events()))
    await asyncio.sleep(0)
    await submit(server, c.AssignServices(id="a", window="N1", services=("social",)))
    assert (await heard).news == WindowChanged(window="N1", state="services")
