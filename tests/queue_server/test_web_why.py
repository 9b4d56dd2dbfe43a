"""Why was one called before another: what staff are told, and what another citizen is."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest_asyncio

from config.wire.commands import Reply
from queue_server.engine.explain import Why
from queue_server.engine.roles import Role
from tests.queue_server.webhall import WebHall, running


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with running(tmp_path) as hall:
        yield hall


async def told(http: httpx.AsyncClient, path: str) -> Why:
    answer = await http.get(path)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Why)


async def test_staff_hear_the_class_and_a_citizen_does_not(hall: WebHall) -> None:
    async with hall.client() as http, hall.client(headers=hall.bearer(Role.GUIDE)) as guide:
        mine = await hall.ask(http, "IssueTicket", service="social")
        hall.clock.now += 60
        await hall.ask(http, "IssueTicket", service="social", priority="elderly")
        await hall.ask(http, "OpenWindow", window="N1")
        await hall.ask(http, "CallNext", window="N1")
        staff = await told(guide, "/api/v1/why?called=A002&instead_of=A001")
        assert mine.result is not None
        citizen = await told(http, f"/t/{mine.result.token}/why?called=a002")
    assert staff.reason == citizen.reason == 2
    assert "15 分钟优先（老年人）" in staff.text["zh"]
    assert citizen.text == {
        "zh": "A002 按优先规定排在 A001 之前",
        "en": "A002 goes before A001 by the priority rules",
    }


async def test_what_cannot_be_answered_is_said_like_a_reply(hall: WebHall) -> None:
    async with hall.client(headers=hall.bearer(Role.SUPERVISOR)) as http:
        await hall.ask(http, "IssueTicket", service="social")
        await hall.ask(http, "IssueTicket", service="social")
        for query, status, code in [
            ("called=A001&instead_of=A002", 404, "not-found"),  # A001 was not called
            ("called=A001", 400, "bad-request"),
            ("instead_of=A001&called=%20", 400, "bad-request"),
            ("", 400, "bad-request"),
        ]:
            answer = await http.get(f"/api/v1/why?{query}")
            assert answer.status_code == status, query
            reply = msgspec.json.decode(answer.content, type=Reply)
            assert reply.error is not None
            assert reply.error.code == code
