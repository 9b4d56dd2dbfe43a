"""Asking over the bus: the answer comes, or is asked for again, or is given up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from config.wire import topics
from config.wire.ask import Asker, NoAnswerError, ask, new_id
from config.wire.bus import Bus, LocalBus
from config.wire.commands import CallNext, Command, Refusal, Reply, Result, read_command
from tests.buses import HALL, MqttExchange
from tests.helpers import wait_until


def press(id: str | None = None) -> CallNext:
    return CallNext(id=id or new_id(), window="W1")


@asynccontextmanager
async def answering(
    bus: Bus, answer: Callable[[Command, int], Reply | None]
) -> AsyncIterator[list[Command]]:
    """A server that answers the n-th command with `answer(command, n)`, None being silence."""
    heard: list[Command] = []

    async def serve() -> None:
        async with bus.subscribe(topics.own_command(HALL, topics.ANY)) as deliveries:
            ready.set()
            async for delivery in deliveries:
                command = read_command(bytes(delivery.message))
                heard.append(command)
                reply = answer(command, len(heard))
                if reply is not None and command.client is not None:
                    await bus.publish(topics.reply(HALL, command.client), reply)

    ready = asyncio.Event()
    task = asyncio.create_task(serve())
    await ready.wait()
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.wait([task])


def echo(command: Command, n: int) -> Reply:
    return Reply(ok=True, id=command.id, seq=n, result=Result(number=command.id))


def not_the_first_time(command: Command, n: int) -> Reply | None:
    return echo(command, n) if n > 1 else None


def silence(command: Command, n: int) -> None:
    return None


async def test_one_question_one_answer() -> None:
    switchboard = LocalBus()
    pad = switchboard.attach("pad-1")
    async with answering(switchboard.attach("server"), echo) as heard:
        reply = await ask(pad, HALL, press("p1"))
    assert reply == Reply(ok=True, id="p1", seq=1, result=Result(number="p1"))
    assert heard == [CallNext(id="p1", client="pad-1", window="W1")]


async def test_a_refusal_is_an_answer() -> None:
    switchboard = LocalBus()
    no = Refusal("nobody-waiting", "nobody waits")

    def refuse(command: Command, n: int) -> Reply:
        return Reply(ok=False, id=command.id, error=no)

    async with answering(switchboard.attach("server"), refuse):
        reply = await ask(switchboard.attach("pad-1"), HALL, press())
    assert reply.error == no


async def test_many_questions_at_once_each_get_their_own_answer() -> None:
    switchboard = LocalBus()
    async with (
        answering(switchboard.attach("server"), echo) as heard,
        Asker(switchboard.attach("kiosk-1"), HALL) as asker,
    ):
        ids = [f"q{n}" for n in range(200)]
        replies = await asyncio.gather(*(asker(press(id)) for id in ids))
        assert [reply.id for reply in replies] == ids
        assert len(heard) == 200


async def test_a_lost_answer_is_asked_for_with_the_same_id() -> None:
    switchboard = LocalBus()
    pad = switchboard.attach("pad-1")
    async with answering(switchboard.attach("server"), not_the_first_time) as heard:
        reply = await ask(pad, HALL, press("p1"), timeout=0.05)
    assert reply.id == "p1"
    assert [command.id for command in heard] == ["p1", "p1"]


async def test_two_who_ask_the_same_get_the_same_answer() -> None:
    switchboard = LocalBus()
    async with (
        answering(switchboard.attach("server"), echo),
        Asker(switchboard.attach("pad-1"), HALL) as asker,
    ):
        one, other = await asyncio.gather(asker(press("p1")), asker(press("p1")))
        assert one == other
        assert (await asker(press("p1"))).seq == 3


async def test_nobody_answers() -> None:
    switchboard = LocalBus()
    async with answering(switchboard.attach("server"), silence) as heard:
        with pytest.raises(NoAnswerError, match="nobody answered"):
            await ask(switchboard.attach("pad-1"), HALL, press(), timeout=0.02, tries=3)
    assert len(heard) == 3
    assert len({command.id for command in heard}) == 1


async def test_the_line_is_down() -> None:
    switchboard = LocalBus()
    pad = switchboard.attach("pad-1")
    switchboard.cut("pad-1")
    with pytest.raises(NoAnswerError, match="line"):
        await ask(pad, HALL, press(), timeout=0.02, tries=2)


async def test_the_line_comes_back_while_asking() -> None:
    switchboard = LocalBus()
    pad = switchboard.attach("pad-1")
    switchboard.cut("pad-1")
    async with answering(switchboard.attach("server"), echo) as heard, Asker(pad, HALL) as asker:
        question = asyncio.create_task(
            asker(
                press("p1"),
            )
        )
        await asyncio.sleep(0)
        switchboard.mend("pad-1")
        assert (await question).id == "p1"
        assert len(heard) == 1


async def test_strange_and_late_answers_are_ignored() -> None:
    switchboard = LocalBus()
    server, pad = switchboard.attach("server"), switchboard.attach("pad-1")
    own = topics.reply(HALL, "pad-1")
    async with answering(server, silence), Asker(pad, HALL, timeout=0.05, tries=40) as asker:
        question = asyncio.create_task(asker(press("p1")))
        for reply in (
            Reply(ok=False, error=Refusal("malformed", "whose?")),
            Reply(ok=True, id="another"),
            Reply(ok=True, id="p1", seq=1),
            Reply(ok=True, id="p1", seq=2),
        ):
            await server.publish(own, reply)
        assert (await question).seq == 1


async def test_giving_up_asking_leaves_nothing() -> None:
    switchboard = LocalBus()
    async with (
        answering(switchboard.attach("server"), silence),
        Asker(switchboard.attach("pad-1"), HALL) as asker,
    ):
        question = asyncio.create_task(asker(press("p1")))
        await asyncio.sleep(0)
        question.cancel()
        await asyncio.wait([question])
        assert question.cancelled()


async def test_over_mqtt_through_a_broken_line(mosquitto: MqttExchange) -> None:
    """The answer is lost with the line; it is asked for again when the line is back."""
    async with (
        mosquitto.attach("server") as server,
        mosquitto.attach("pad-1", role="bridge") as pad,
        answering(server, not_the_first_time) as heard,
        Asker(pad, HALL, timeout=30) as asker,
    ):
        question = asyncio.create_task(asker(press("p1")))
        await wait_until(lambda: heard, "the first attempt")
        await mosquitto.cut("pad-1")
        await mosquitto.mend("pad-1")
        assert (await question).seq == 2
