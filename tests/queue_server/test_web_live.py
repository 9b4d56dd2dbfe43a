"""Live streams: now and after every change, resumable, and gone when they should be."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_server.engine.roles import Role
from queue_server.store.accounts import LONGEST
from queue_server.web.app import make_app, serving_http
from queue_server.web.streams import MOST_EACH, MOST_VISITORS
from tests.helpers import next_of, take, wait_until
from tests.queue_server.webhall import WebHall, running


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with running(tmp_path) as hall:
        hall.web.beat = 0.05
        yield hall


@asynccontextmanager
async def watching(
    http: httpx.AsyncClient, path: str, **headers: str
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The frames of a stream: ``{"id": ..., "event": ..., "data": ...}``; beats are left out."""
    async with http.stream("GET", path, headers=headers, timeout=20) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _frames(answer)


async def _frames(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    frame: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        if line:
            key, _, value = line.partition(": ")
            frame[key] = json.loads(value) if key == "data" else value
        else:
            if "data" in frame and frame.get("event") != "beat":
                yield frame
            frame = {}


async def test_a_board_is_live_and_public(hall: WebHall) -> None:
    async with hall.client() as http, watching(http, "/board/east/live") as frames:
        first = await next_of(frames)
        assert first["data"]["rows"] == []
        await hall.ask(http, "IssueTicket", service="social")
        await hall.ask(http, "OpenWindow", window="N1")
        await hall.ask(http, "CallNext", window="N1")
        while not (frame := await next_of(frames))["data"]["rows"]:
            pass
        assert frame["data"]["rows"][0]["number"] == "A001"


async def test_each_stream_has_its_own_head(hall: WebHall) -> None:
    """Headers once gathered from stream to stream, until browsers refused the answer."""
    heads = []
    async with hall.client() as http:
        for _ in range(2):
            async with http.stream("GET", "/board/east/live", timeout=20) as answer:
                heads.append([name for name, _ in answer.headers.multi_items()])
    assert heads[0] == heads[1]
    assert len(set(heads[0])) == len(heads[0])


async def test_a_citizen_sees_the_line_get_shorter(hall: WebHall) -> None:
    async with hall.client() as http:
        await hall.ask(http, "OpenWindow", window="N1")
        tickets = [await hall.ask(http, "IssueTicket", service="social") for _ in range(3)]
        result = tickets[2].result
        assert result is not None
        async with watching(http, f"/t/{result.token}/live") as frames:
            seen = [(await next_of(frames))["data"]]
            for _ in range(3):
                await hall.ask(http, "CallNext", window="N1")
                seen.append((await next_of(frames))["data"])
    assert [view["ahead"] for view in seen] == [2, 1, 0, None]
    assert seen[-1]["state"] == "called"
    assert seen[-1]["window"] == "1"
    assert str(result.token) not in json.dumps(seen)


async def test_news_are_resumed_where_they_ended(hall: WebHall) -> None:
    headers = hall.bearer(Role.DISPLAY)
    async with hall.client() as http:
        await hall.ask(http, "OpenWindow", window="N1")
        for _ in range(4):
            await hall.ask(http, "IssueTicket", service="social")
            await hall.ask(http, "CallNext", window="N1")
        async with watching(http, "/api/v1/events?after=0", **headers) as frames:
            whole = await take(frames, 9)
        middle = whole[3]["id"]
        resumed = {**headers, "last-event-id": middle}
        async with watching(http, "/api/v1/events?after=0", **resumed) as frames:
            rest = await take(frames, 5)
            await hall.ask(http, "PauseWindow", window="N1")
            live = await next_of(frames)
    assert rest == whole[4:]
    assert live["data"]["news"] == {"what": "window", "window": "N1", "state": "paused"}
    assert [int(f["id"]) for f in whole] == sorted(int(f["id"]) for f in whole)
    assert all(f["data"]["seq"] == int(f["id"]) for f in whole)
    assert "token" not in json.dumps(whole)


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 40, " "])
async def test_a_bad_place_is_refused(hall: WebHall, after: str) -> None:
    async with hall.client(headers=hall.bearer(Role.DISPLAY)) as http:
        answer = await http.get("/api/v1/events", params={"after": after})
    assert answer.status_code == 400


async def test_a_silent_stream_beats(hall: WebHall) -> None:
    async with hall.client() as http, http.stream("GET", "/board/east/live") as answer:
        lines = answer.aiter_lines()
        async with asyncio.timeout(10):
            async for line in lines:
                if line == "event: beat":
                    return
    raise AssertionError("the stream ended without a beat")


async def ends(frames: AsyncIterator[dict[str, Any]]) -> None:
    """Return when the stream is over."""
    async with asyncio.timeout(10):
        async for _ in frames:
            pass


async def test_a_stream_ends_with_its_token(hall: WebHall) -> None:
    headers = hall.bearer(Role.DISPLAY)
    async with hall.client() as http, watching(http, "/api/v1/events?after=0", **headers) as frames:
        await next_of(frames)
        hall.accounts.revoke("display-1")
        await ends(frames)


async def test_a_stream_ends_with_its_session(hall: WebHall) -> None:
    async with hall.client() as http:
        await hall.sign_in(http, "clerk")
        async with watching(http, "/api/v1/console/N1/live") as frames:
            await next_of(frames)
            hall.clock.now += LONGEST + 1
            await ends(frames)


async def test_an_open_console_keeps_its_session(hall: WebHall) -> None:
    async with hall.client() as http:
        await hall.sign_in(http, "clerk")
        async with watching(http, "/api/v1/console/N1/live") as frames:
            await next_of(frames)
            session = http.cookies["yichuang"]
            for _ in range(3):
                hall.clock.now += 25 * 60
                await wait_until(lambda: _seen(hall, session) == hall.clock.now, "the beat")
        assert (await http.get("/console")).status_code == 200


def _seen(hall: WebHall, session: str) -> float:
    found = hall.accounts.session(session)
    return found[1] if found else 0.0


async def test_a_stream_that_is_left_is_forgotten(hall: WebHall) -> None:
    async with hall.client() as http:
        for _ in range(20):
            async with watching(http, "/board/east/live") as frames:
                await next_of(frames)
    await wait_until(lambda: hall.web.counters.streams == 0, "the streams to end")
    names = [t.get_name() for t in asyncio.all_tasks()]
    assert len(names) < 12, names


async def test_visitors_never_cost_the_windows_their_consoles(hall: WebHall) -> None:
    hall.web.counters.visitors["127.0.0.1"] = MOST_EACH
    hall.web.counters.visitors["10.0.0.9"] = 1
    async with hall.client() as http:
        assert (await http.get("/board/east/live")).status_code == 503
        await hall.sign_in(http, "clerk")
        async with watching(http, "/api/v1/console/N1/live") as frames:
            await next_of(frames)
        del hall.web.counters.visitors["127.0.0.1"]
        async with watching(http, "/board/east/live") as frames:
            await next_of(frames)
            assert hall.web.counters.visitors["127.0.0.1"] == 1
        hall.web.counters.visitors["10.0.0.9"] = MOST_VISITORS
        assert (await http.get("/board/east/live")).status_code == 503


async def test_the_door_closes_with_streams_open(hall: WebHall) -> None:
    app = make_app(hall.server, hall.accounts)
    async with serving_http(app) as base, httpx.AsyncClient(base_url=base) as http:
        streams = [asyncio.create_task(_read_to_end(http)) for _ in range(5)]
        await wait_until(lambda: app.state.web.counters.streams == 5, "five streams")
        app.state.web.stopping.set()
        await asyncio.gather(*streams)
        assert (await http.get("/board/east/live")).status_code == 503
    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient(base_url=base) as http:
            await http.get("/healthz")


async def _read_to_end(http: httpx.AsyncClient) -> None:
    async with http.stream("GET", "/board/east/live", timeout=20) as answer:
        async for _ in answer.aiter_bytes():
            pass


async def test_the_manager_sees_zones_windows_and_devices(hall: WebHall) -> None:
    async with hall.client() as http:
        await hall.ask(http, "OpenWindow", window="N1")
        for _ in range(3):
            await hall.ask(http, "IssueTicket", service="social")
        await hall.ask(http, "CallNext", window="N1")
        hall.clock.now += 40 * 60
        async with watching(http, "/api/v1/manage/live", **hall.bearer(Role.MANAGER)) as frames:
            view = (await next_of(frames))["data"]
    (zone,) = view["zones"]
    assert (zone["waiting"], zone["longest"], zone["late"]) == (2, 40, True)
    assert zone["open_windows"] == 1
    window = next(w for w in view["windows"] if w["window"] == "N1")
    assert (window["state"], window["number"], window["slow"]) == ("called", "A001", True)
    assert [d["health"] for d in view["devices"]] == ["ok", "offline"]
    assert (view["issued"], view["waiting"]) == (3, 2)
