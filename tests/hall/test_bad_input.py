"""Two thousand messages that are no commands: each is counted, none harms the hall."""

import random
import string
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.load import load_hall, shipped
from config.wire import topics
from config.wire.ask import Asker, new_id
from config.wire.commands import IssueTicket, PostNotice, Reply
from queue_server.embedded import hall_server
from queue_server.engine.roles import Role
from tests.helpers import take

COUNT = 2000


def broken(dice: random.Random) -> bytes:
    """Something that is not a command, in one of the ways seen in the field."""
    good: dict[str, Any] = {
        "kind": "IssueTicket",
        "id": new_id(),
        "service": "social",
        "client": "stranger",
    }
    match dice.randrange(10):
        case 0:
            return dice.randbytes(dice.randrange(200))
        case 1:
            return msgspec.json.encode(good)[: dice.randrange(1, 40)]
        case 2:
            return msgspec.json.encode({**good, dice.choice(string.ascii_letters): 1})
        case 3:
            return msgspec.json.encode({**good, "kind": "Open" + dice.choice(["Door", "Day2", ""])})
        case 4:
            wrong = dice.choice([1, [], {}, True, "x" * 65, "", "a b", "a/b", "\x00"])
            return msgspec.json.encode({**good, dice.choice(["id", "service"]): wrong})
        case 5:
            return (
                b'{"kind":"IssueTicket","id":"n","appointment":'
                + dice.choice([b"NaN", b"Infinity", b"-Infinity", b"1e400", b"9" * 5000])
                + b"}"
            )
        case 6:
            return b"[" * dice.randrange(1, 16000)
        case 7:
            return b'{"kind":"CallNext","id":"' + b"\xff\xfe" + b'","window":"N1"}'
        case 8:
            return msgspec.json.encode({**good, "note": "x" * dice.randrange(201, 16000)})
        case _:
            return msgspec.json.encode({**good, "note": "x" * dice.randrange(16400, 60000)})


@pytest.mark.parametrize("mqtt", ["none", "embedded"])
async def test_rubbish_is_counted_and_refused_and_the_hall_goes_on(
    tmp_path: Path, mqtt: str
) -> None:
    dice = random.Random(13)
    hall = load_hall(shipped("demo"))
    async with (
        hall_server(hall, tmp_path, mqtt) as running,
        await running.lines.attach("stranger", Role.ADMIN) as bus,
        Asker(bus, hall.id) as ask,
    ):
        before = running.server.day.seq
        with_client = 0
        async with bus.subscribe(topics.reply(hall.id, "stranger")) as replies:
            sent = [broken(dice) for _ in range(COUNT)]
            answered = sum(_names_client(body) for body in sent)
            for n, body in enumerate(sent):
                await bus.publish(topics.command(hall.id), msgspec.Raw(body))
                if _names_client(body):
                    with_client += 1
                if n % 100 == 99:
                    page: list[Any] = await take(replies, with_client)
                    with_client = 0
                    refused: list[Reply] = [d.message for d in page]
                    assert all(
                        r.error and r.error.code in ("malformed", "too-large") for r in refused
                    )
            assert answered > COUNT / 4
        reply = await ask(IssueTicket(id=new_id(), service="social"))
        assert reply.result is not None
        assert reply.result.number == "S001"
        assert running.bad_commands() == COUNT
        assert running.server.day.seq == before + 1


def _names_client(body: bytes) -> bool:
    """Whether a reader of JSON could tell whom to answer."""
    try:
        return "client" in msgspec.json.decode(body[:65536], type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


async def test_a_client_nobody_knows_is_refused(tmp_path: Path) -> None:
    hall = load_hall(shipped("demo"))
    async with hall_server(hall, tmp_path, "none") as running:
        async with (
            await running.lines.attach("ghost", Role.ADMIN) as bus,
            Asker(bus, hall.id) as ask,
        ):
            del running.lines.guests["ghost"]
            reply = await ask(IssueTicket(id=new_id(), service="social"))
        assert reply.error is not None
        assert reply.error.code == "forbidden"


async def test_who_only_says_to_be_a_leader_has_the_rights_of_a_device(tmp_path: Path) -> None:
    """Nobody on the common topic is proven; the own one the broker guards."""
    hall = load_hall(shipped("demo"))
    notice = PostNotice(id=new_id(), text="今日提前闭厅", client="boss")
    async with hall_server(hall, tmp_path, "none") as running:
        end = await running.lines.attach("boss", Role.ADMIN)
        async with end as bus, Asker(bus, hall.id) as ask:
            async with bus.subscribe(topics.reply(hall.id, "boss")) as replies:
                body = msgspec.Raw(msgspec.json.encode(notice))
                await bus.publish(topics.command(hall.id), body)
                (answer,) = await take(replies, 1)
            assert answer.message.error.code == "forbidden"
            assert (await ask(PostNotice(id=new_id(), text="今日提前闭厅"))).ok
