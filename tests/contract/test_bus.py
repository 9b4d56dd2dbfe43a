"""What every bus must do. `LocalBus` and `MqttBus` on a real Mosquitto pass the same tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from config.wire import topics
from config.wire.bus import MAX_PAYLOAD, Bus, TooLargeError
from config.wire.devices import DeviceIn, DeviceStatus, Health, ProcessStatus
from config.wire.end import MAX_WAITING
from config.wire.events import Happening, WindowChanged
from config.wire.topics import ANY, Topic
from config.wire.views import WindowView
from tests.buses import HALL, Exchange, LocalExchange, mqtt_exchange
from tests.contract.rubbish import rubbish
from tests.helpers import next_of, nothing_from, take, take_until, wait_until

EVENT = topics.event(HALL)
W1 = topics.window(HALL, "W1")


@pytest.fixture(params=["local", "mosquitto"])
async def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Exchange]:
    if request.param == "local":
        yield LocalExchange()
    else:
        async with mqtt_exchange(tmp_path) as exchange:
            yield exchange


@asynccontextmanager
async def two(exchange: Exchange) -> AsyncIterator[tuple[Bus, Bus]]:
    async with exchange.attach("server") as server, exchange.attach("board") as board:
        yield server, board


def sign(seq: int, window: str = "W1") -> WindowView:
    return WindowView(
        epoch="e",
        seq=seq,
        at=0.0,
        day="2026-11-23",
        window=window,
        label="1",
        state="idle",
        services=({"zh": "社保", "en": "Social insurance"},),
    )


def happening(seq: int) -> Happening:
    return Happening(epoch="e", seq=seq, at=0.0, news=WindowChanged(window="W1", state="open"))


def raw(topic: Topic[object]) -> Topic[msgspec.Raw]:
    """The same path, for bytes that nobody checked."""
    return Topic(topic.path, msgspec.Raw, topic.retained)


class TestMessages:
    async def test_a_message_arrives_as_what_it_is(self, exchange: Exchange) -> None:
        async with two(exchange) as (server, board), board.subscribe(EVENT) as deliveries:
            await server.publish(EVENT, happening(7))
            delivery = await next_of(deliveries)
        assert delivery.path == "hall/h/event"
        assert delivery.message == happening(7)
        assert not delivery.retained

    async def test_everything_arrives_in_order(self, exchange: Exchange) -> None:
        async with two(exchange) as (server, board), board.subscribe(EVENT) as deliveries:
            for seq in range(500):
                await server.publish(EVENT, happening(seq))
            got = [d.message.seq for d in await take(deliveries, 500)]
        assert got == list(range(500))

    async def test_a_state_is_there_for_whoever_comes_later(self, exchange: Exchange) -> None:
        async with two(exchange) as (server, board):
            async with server.subscribe(W1, EVENT) as own:
                await server.publish(W1, sign(1))
                await server.publish(W1, sign(2))
                await server.publish(EVENT, happening(2))
                await take(own, 3)
            async with board.subscribe(W1, EVENT) as deliveries:
                delivery = await next_of(deliveries)
                assert delivery.message == sign(2)
                assert delivery.retained
                await nothing_from(deliveries)

    async def test_any_window(self, exchange: Exchange) -> None:
        every = topics.window(HALL, ANY)
        async with two(exchange) as (server, board), board.subscribe(every) as deliveries:
            for window in ("W1", "W2"):
                await server.publish(topics.window(HALL, window), sign(1, window))
            await server.publish(EVENT, happening(1))
            got = await take(deliveries, 2)
            await nothing_from(deliveries)
        assert [(d.path, d.message.window) for d in got] == [
            ("hall/h/window/W1", "W1"),
            ("hall/h/window/W2", "W2"),
        ]

    async def test_two_readers_of_one_client_each_get_everything(self, exchange: Exchange) -> None:
        async with (
            two(exchange) as (server, board),
            board.subscribe(EVENT) as one,
            board.subscribe(EVENT) as other,
        ):
            await server.publish(EVENT, happening(1))
            first, second = await next_of(one), await next_of(other)
            assert first.message == second.message
            assert first.message is not second.message

    async def test_the_other_reader_stays_when_one_goes(self, exchange: Exchange) -> None:
        async with two(exchange) as (server, board), board.subscribe(EVENT) as stays:
            async with board.subscribe(EVENT):
                pass
            async with board.subscribe(EVENT) as again:
                await server.publish(EVENT, happening(1))
                await next_of(again)
            await next_of(stays)

    async def test_nobody_shares_an_object(self, exchange: Exchange) -> None:
        async with two(exchange) as (server, board), board.subscribe(W1) as deliveries:
            view = sign(1)
            await server.publish(W1, view)
            view.services[0]["zh"] = "改了"
            assert (await next_of(deliveries)).message == sign(1)

    async def test_what_cannot_be_sent_is_said_at_once(self, exchange: Exchange) -> None:
        async with two(exchange) as (server, board), board.subscribe(EVENT) as deliveries:
            with pytest.raises(TypeError):
                await server.publish(Topic("hall/h/x", object), object())
            with pytest.raises(TooLargeError):
                await server.publish(Topic("hall/h/x", str), "x" * MAX_PAYLOAD)
            with pytest.raises(ValueError, match="many paths"):
                await server.publish(topics.window(HALL, ANY), sign(1))
            await server.publish(EVENT, happening(1))
            assert (await next_of(deliveries)).message.seq == 1

    async def test_the_largest_message_gets_through(self, exchange: Exchange) -> None:
        topic = Topic("hall/h/large", str)
        async with two(exchange) as (server, board), board.subscribe(topic) as deliveries:
            await server.publish(topic, "x" * (MAX_PAYLOAD - 2))
            assert len((await next_of(deliveries)).message) == MAX_PAYLOAD - 2


class TestRubbish:
    @pytest.mark.parametrize(
        "topic",
        [
            EVENT,
            W1,
            topics.reply(HALL, "board"),
            topics.board(HALL, "a1"),
            topics.kiosk(HALL),
            topics.device_out(HALL, "d"),
            topics.device_in(HALL, "d"),
            topics.device_status(HALL, "d"),
            topics.process(HALL, "p"),
        ],
        ids=lambda topic: topic.path,
    )
    async def test_2000_malformed_messages_are_counted_and_dropped(
        self, exchange: Exchange, topic: Topic[object]
    ) -> None:
        done = topics.device_in(HALL, "done")
        async with (
            two(exchange) as (server, board),
            board.subscribe(topic, done) as deliveries,
            board.line() as line,
        ):
            assert await next_of(line)
            count = 0
            for body in rubbish(topic.kind, 2000):
                await server.publish(raw(topic), msgspec.Raw(body))
                count += 1
            await server.publish(done, DeviceIn(what="end"))
            assert (await next_of(deliveries, within=60)).message == DeviceIn(what="end")
            assert board.refused == count == 2000
            assert board.up
            await nothing_from(line)

    async def test_commands_come_as_they_are(self, exchange: Exchange) -> None:
        """A malformed command is answered, so it must come through to whoever answers."""
        topic = topics.command(HALL)
        async with two(exchange) as (server, board), server.subscribe(topic) as deliveries:
            await board.publish(topic, msgspec.Raw(b'{"kind": nonsense'))
            assert bytes((await next_of(deliveries)).message) == b'{"kind": nonsense'
            assert server.refused == 0


class TestTheLine:
    async def test_it_is_up_and_says_so(self, exchange: Exchange) -> None:
        async with exchange.attach("board") as board, board.line() as line:
            assert await next_of(line)
            assert board.up
            assert board.client == "board"

    async def test_cut_and_mended(self, exchange: Exchange) -> None:
        async with (
            two(exchange) as (server, board),
            board.line() as line,
            board.subscribe(W1, EVENT) as deliveries,
        ):
            await server.publish(W1, sign(1))
            await next_of(deliveries)
            await exchange.cut("board")
            assert not board.up
            await server.publish(W1, sign(2))
            await server.publish(EVENT, happening(2))
            await nothing_from(deliveries)
            await exchange.mend("board")
            assert await take(line, 3) == [True, False, True]
            delivery = await next_of(deliveries)
            assert delivery.message == sign(2)
            await nothing_from(deliveries)

    async def test_what_is_published_meanwhile(self, exchange: Exchange) -> None:
        """The newest of each state is kept; a happening would be old news."""
        status = topics.device_status(HALL, "led")
        async with (
            two(exchange) as (server, board),
            server.subscribe(status, topics.device_in(HALL, "led")) as deliveries,
        ):
            await exchange.cut("board")
            for health in (Health.OFFLINE, Health.OK):
                await board.publish(status, DeviceStatus(device="led", health=health))
            await board.publish(topics.device_in(HALL, "led"), DeviceIn(what="odd key"))
            await exchange.mend("board")
            assert (await next_of(deliveries)).message.health is Health.OK
            await nothing_from(deliveries)

    async def test_states_that_change_while_the_line_comes_back(self, exchange: Exchange) -> None:
        """What was restored first may be outdated before the last is restored."""
        count = 300
        every = topics.device_status(HALL, ANY)

        async def publish(bus: Bus, device: str, since: int) -> None:
            status = DeviceStatus(device=device, health=Health.OK, since=since)
            await bus.publish(topics.device_status(HALL, device), status)

        async with (
            exchange.attach("server") as server,
            exchange.attach("bridge") as bridge,
            server.subscribe(every) as deliveries,
        ):
            await exchange.cut("bridge")
            for n in range(count):
                await publish(bridge, f"d{n}", 1)
            mending = asyncio.create_task(exchange.mend("bridge"))
            newest: dict[str, float] = {}
            while len(newest) < count or set(newest.values()) != {2}:
                status = (await next_of(deliveries)).message
                newest[status.device] = status.since
                if status.since == 1:
                    await publish(bridge, status.device, 2)
            await mending

    async def test_a_new_reader_while_the_line_is_down(self, exchange: Exchange) -> None:
        async with two(exchange) as (server, board):
            await server.publish(W1, sign(1))
            await exchange.cut("board")
            async with board.subscribe(W1) as deliveries:
                await exchange.mend("board")
                assert (await next_of(deliveries)).message == sign(1)

    async def test_the_carrier_is_killed_and_forgets(self, exchange: Exchange) -> None:
        async with (
            two(exchange) as (server, board),
            board.line() as line,
            board.subscribe(topics.window(HALL, ANY), EVENT) as deliveries,
        ):
            assert await next_of(line)
            await server.publish(W1, sign(1))
            await server.publish(EVENT, happening(1))
            await take(deliveries, 2)
            await exchange.restart()
            assert await take(line, 2) == [False, True]
            delivery = await take_until(deliveries, lambda d: d.path == W1.path)
            assert delivery.message == sign(1)
            async with exchange.attach("late") as late, late.subscribe(W1) as states:
                assert (await next_of(states)).message == sign(1)
            await server.publish(EVENT, happening(2))
            news = await take_until(deliveries, lambda d: d.path == EVENT.path)
            assert news.message.seq == 2

    async def test_the_last_will(self, exchange: Exchange) -> None:
        topic = topics.process(HALL, "voice")
        gone = (topic, ProcessStatus(process="voice", alive=False))
        async with (
            exchange.attach("server") as server,
            exchange.attach("voice", will=gone) as voice,
            server.subscribe(topic) as deliveries,
        ):
            await voice.publish(topic, ProcessStatus(process="voice", alive=True))
            await take_until(deliveries, lambda d: d.message.alive)
            await exchange.cut("voice")
            await take_until(deliveries, lambda d: not d.message.alive)
            await exchange.mend("voice")
            await take_until(deliveries, lambda d: d.message.alive)


class TestSlowReaders:
    async def test_a_reader_far_behind(self, exchange: Exchange) -> None:
        """Old states go first, then old happenings; the newest of each state never; and the
        reader is told to look again."""
        count = 2 * MAX_WAITING
        w2 = topics.window(HALL, "W2")
        async with (
            two(exchange) as (server, board),
            board.line() as line,
            board.subscribe(EVENT, W1, w2) as slow,
            board.subscribe(topics.device_in(HALL, "done")) as done,
        ):
            assert await next_of(line)
            await server.publish(w2, sign(1, "W2"))
            for seq in range(count):
                await server.publish(EVENT, happening(seq))
                await server.publish(W1, sign(seq))
                await asyncio.sleep(0)
            await server.publish(topics.device_in(HALL, "done"), DeviceIn(what="end"))
            await next_of(done, within=60)
            assert await take(line, 2) == [False, True]
            got = [await next_of(slow)]
            while not {EVENT.path, W1.path} <= {d.path for d in got if d.message.seq == count - 1}:
                got.append(await next_of(slow))
            seqs = [d.message.seq for d in got if d.path == EVENT.path]
            assert seqs == list(range(seqs[0], count))
            assert len(seqs) <= MAX_WAITING
            assert any(d.path == w2.path for d in got)

    async def test_a_slow_reader_does_not_slow_the_others(self, exchange: Exchange) -> None:
        async with (
            two(exchange) as (server, board),
            board.subscribe(EVENT),
            board.subscribe(EVENT) as quick,
        ):
            for seq in range(3 * MAX_WAITING):
                await server.publish(EVENT, happening(seq))
                assert (await next_of(quick)).message.seq == seq
            await wait_until(lambda: board.up)
