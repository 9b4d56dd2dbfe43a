"""The hot route: one vocabulary, one answer for one id, and thousands of bad bodies refused."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from config.wire.commands import MAX_BYTES
from queue_server.engine.roles import Role
from queue_server.web.limits import Rate
from tests.queue_server.webhall import WebHall, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/api/v1/commands"
JSON = {"content-type": "application/json"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WebHall]:
    async with running(tmp_path_factory.mktemp("commands")) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def http(hall: WebHall) -> AsyncIterator[httpx.AsyncClient]:
    async with hall.client(headers=hall.bearer(Role.ADMIN)) as http:
        yield http


async def test_a_ticket_is_issued_called_and_served(hall: WebHall, http: httpx.AsyncClient) -> None:
    issued = (await http.post(PATH, json=hall.command("IssueTicket", service="social"))).json()
    assert issued["ok"] is True
    assert issued["result"]["number"] == "A001"
    assert issued["result"]["ahead"] == 0
    assert issued["result"]["token"]
    assert (await hall.ask(http, "OpenWindow", window="N1")).ok
    called = (await http.post(PATH, json=hall.command("CallNext", window="N1"))).json()
    assert called["result"]["number"] == "A001"
    assert "token" not in called["result"]
    assert (await hall.ask(http, "FinishTicket", window="N1")).ok
    again = await hall.ask(http, "CallNext", window="N1")
    assert again.error is not None
    assert again.error.code == "nobody-waiting"


async def test_the_same_id_gets_the_same_answer(hall: WebHall, http: httpx.AsyncClient) -> None:
    command = {"kind": "IssueTicket", "id": "same-id", "service": "social"}
    answers = await asyncio.gather(*(http.post(PATH, json=command) for _ in range(5)))
    assert len({a.content for a in answers}) == 1
    assert answers[0].json()["ok"] is True


def bad_bodies() -> Iterator[bytes]:
    """Some 2,000 bodies that are no command, from a fixed seed."""
    good: dict[str, dict[str, Any]] = {
        "IssueTicket": {"service": "social"},
        "CallNext": {"window": "N1"},
        "CallTicket": {"window": "N1", "ticket": "A001", "reason": "x"},
        "FinishTicket": {"window": "N1", "outcome": "done"},
        "TransferTicket": {"window": "N1", "service": "tax"},
        "AssignServices": {"window": "N1", "services": ["tax"]},
        "ReportPrint": {"ticket": "A001", "printed": True},
        "OpenDay": {"day": "2026-11-23"},
    }
    wrong: list[Any] = [
        None,
        True,
        1,
        -1,
        1e308,
        10**30,
        "",
        " ",
        "x" * 65,
        "a b",
        "王",
        "\u202e",
        "\x00",
        "<script>",
        "' OR 1=1",
        "${x}",
        "../..",
        [],
        [[]],
        {},
        {"a": 1},
        "A" * 201,
        ["x" * 70],
    ]
    for kind, fields in good.items():
        for name in ("kind", "id", "client", *fields):
            for value in wrong:
                if _is_fine(kind, name, value):
                    continue
                yield _dump({"kind": kind, "id": "bad", **fields, name: value})
        for name in ("kind", "id"):
            whole = {"kind": kind, "id": "bad", **fields}
            del whole[name]
            yield _dump(whole)
        yield _dump({"kind": kind, "id": "bad", **fields, "extra": 1})
        yield _dump({"kind": kind.lower(), "id": "bad", **fields})
        yield _dump([{"kind": kind, "id": "bad", **fields}])
        text = _dump({"kind": kind, "id": "bad", **fields})
        yield from (text[:cut] for cut in range(len(text)))
        yield text + text
        yield text + b"\x00"
        yield b"\xef\xbb\xbf" + text
        yield text.decode().encode("utf-16")
    for number in ("NaN", "Infinity", "-Infinity", "1e999", "0x10", "01", "1.", "--1"):
        yield f'{{"kind":"IssueTicket","id":"n","service":"tax","appointment":{number}}}'.encode()
    for depth in (10, 100, 1000, 5000):
        yield b"[" * depth
        yield b"[" * depth + b"]" * depth
        yield b'{"a":' * depth + b"1" + b"}" * depth
        yield b'{"kind":"CallNext","id":"d","window":' + b"[" * depth + b"]" * depth + b"}"
    for word in ("", " ", "null", "true", "0", '""', "undefined", "<xml/>", "a=1&b=2", "\x00" * 9):
        yield word.encode()
    chance = random.Random(20261123)
    sound = _dump({"kind": "CallNext", "id": "bad", "window": "N1"})
    for _ in range(400):
        damaged = bytearray(sound)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(0x80, 0x100)
        yield bytes(damaged)
    for _ in range(400):
        yield chance.randbytes(chance.randint(1, 300))


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _is_fine(kind: str, name: str, value: Any) -> bool:
    """Values that the vocabulary allows after all: they would be refused by the hall, or not."""
    if name == "client":
        return value is None
    free = name in ("reason", "note")
    if isinstance(value, str) and free:
        return len(value) <= 200
    if name == "service" and value is None and kind in ("IssueTicket", "TransferTicket"):
        return True
    if name == "services":
        return bool(value == [])
    return name == "printed" and isinstance(value, bool)


async def test_two_thousand_bad_bodies_are_refused(hall: WebHall, http: httpx.AsyncClient) -> None:
    before, seq = hall.web.counters.malformed, hall.server.day.seq
    bodies = list(bad_bodies())
    assert len(bodies) >= 2000
    limit = asyncio.Semaphore(16)

    async def send(body: bytes) -> None:
        async with limit:
            answer = await http.post(PATH, content=body, headers=JSON)
        assert answer.status_code in (400, 413), body[:100]
        reply = answer.json()
        assert reply["ok"] is False
        assert reply["error"]["code"] == ("too-large" if len(body) > MAX_BYTES else "malformed")
        assert reply["error"]["message"]

    await asyncio.gather(*(send(body) for body in bodies))
    large = sum(len(body) > MAX_BYTES for body in bodies)
    assert hall.web.counters.malformed == before + len(bodies) - large
    assert hall.server.day.seq == seq
    assert (await hall.ask(http, "IssueTicket", service="social")).ok


async def test_a_bad_command_is_answered_with_its_id(http: httpx.AsyncClient) -> None:
    answer = await http.post(PATH, json={"kind": "Nonsense", "id": "mine"})
    assert answer.json()["id"] == "mine"


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 65_537, 1_000_000])
async def test_too_much_is_refused(http: httpx.AsyncClient, size: int) -> None:
    body = b'{"kind":"CallNext","id":"x","window":"' + b"N" * size + b'"}'
    for content in (body, chunks(body)):
        answer = await http.post(PATH, content=content, headers=JSON)
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "too-large"


async def chunks(body: bytes) -> AsyncIterator[bytes]:
    """The body in pieces, so that no Content-Length tells its size beforehand."""
    for at in range(0, len(body), 4096):
        yield body[at : at + 4096]


async def test_a_good_command_may_come_in_pieces(hall: WebHall, http: httpx.AsyncClient) -> None:
    body = _dump(hall.command("IssueTicket", service="social"))

    async def bytewise() -> AsyncIterator[bytes]:
        for byte in body:
            yield bytes([byte])

    answer = await http.post(PATH, content=bytewise(), headers=JSON)
    assert answer.json()["ok"] is True


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": ""},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {"content-type": "text/html, application/json"},
    ],
)
async def test_only_plain_json_is_read(
    hall: WebHall, http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    body = _dump(hall.command("IssueTicket", service="social"))
    answer = await http.post(PATH, content=body, headers=headers)
    assert answer.status_code == 415
    assert answer.json()["error"]["code"] == "not-json"


async def test_json_with_a_charset_is_plain_json(hall: WebHall, http: httpx.AsyncClient) -> None:
    body = _dump(hall.command("IssueTicket", service="social"))
    kind = {"content-type": "Application/JSON; charset=utf-8"}
    assert (await http.post(PATH, content=body, headers=kind)).json()["ok"] is True


async def test_the_role_decides_in_the_hall_not_at_the_door(hall: WebHall) -> None:
    async with hall.client() as http:
        command = hall.command("CallNext", window="N1")
        answer = await http.post(PATH, json=command, headers=hall.bearer(Role.KIOSK))
    assert answer.status_code == 200
    assert answer.json()["error"]["code"] == "forbidden"


async def test_a_device_gone_mad_is_slowed_down(hall: WebHall) -> None:
    rate, hall.web.programs = hall.web.programs, Rate(1, 3)
    async with hall.client(headers=hall.bearer(Role.KIOSK)) as http:
        got = [
            (await http.post(PATH, json=hall.command("IssueTicket", service="tax"))).status_code
            for _ in range(5)
        ]
    hall.web.programs = rate
    assert got == [200, 200, 200, 429, 429]


async def test_wrong_tokens_close_the_door_to_their_address(hall: WebHall) -> None:
    async with hall.client() as http:
        got = [
            (
                await http.post(
                    PATH,
                    json=hall.command("CallNext", window="N1"),
                    headers={"authorization": f"Bearer admin-1.{n}"},
                )
            ).status_code
            for n in range(32)
        ]
    hall.forgive()
    assert got[0] == 401
    assert got[-1] == 429


@pytest.mark.parametrize(
    "bearer", [b"", b"Bearer", b"Bearer  x", b"Basic YTpi", b"admin-1.x", b"Bearer \xff"]
)
async def test_odd_authorization_headers_are_nobody(hall: WebHall, bearer: bytes) -> None:
    async with hall.client() as http:
        answer = await http.post(
            PATH,
            json=hall.command("CallNext", window="N1"),
            headers={b"authorization": bearer},
        )
    hall.forgive()
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_32_clients_get_consecutive_numbers(hall: WebHall, http: httpx.AsyncClient) -> None:
    first = await hall.ask(http, "IssueTicket", service="social")
    assert first.result is not None
    base = int(str(first.result.number)[1:])

    async def kiosk() -> list[str]:
        numbers = []
        for _ in range(10):
            reply = await hall.ask(http, "IssueTicket", service="social")
            assert reply.result is not None
            numbers.append(str(reply.result.number))
        return numbers

    given = [n for numbers in await asyncio.gather(*(kiosk() for _ in range(32))) for n in numbers]
    assert sorted(given) == [f"A{base + n:03d}" for n in range(1, 321)]
