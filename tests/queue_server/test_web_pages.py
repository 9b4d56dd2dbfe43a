"""The pages: words in both languages, nothing inline, nothing from elsewhere, nothing personal."""

import json
import re
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from queue_server.engine.roles import Role
from queue_server.web import pages
from queue_server.web.errors import WEB_ERRORS
from queue_server.web.words import word
from tests.queue_server.webhall import PEOPLE_ROLES, WebHall, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEB = Path(pages.__file__).parent


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WebHall]:
    async with running(tmp_path_factory.mktemp("pages")) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def http(hall: WebHall) -> AsyncIterator[httpx.AsyncClient]:
    async with hall.client(headers=hall.bearer(Role.ADMIN)) as http:
        yield http


async def all_pages(hall: WebHall, http: httpx.AsyncClient) -> list[str]:
    reply = await hall.ask(http, "IssueTicket", service="social")
    assert reply.result is not None
    ticket = reply.result
    return [
        "/login",
        "/password",
        "/console",
        "/console?window=N1",
        "/board/east",
        f"/t/{ticket.token}",
        "/t/nothing",
        "/desk",
        f"/desk/slip/{ticket.number}",
        "/manage",
    ]


async def test_every_page_is_whole_and_closed(hall: WebHall, http: httpx.AsyncClient) -> None:
    for path in await all_pages(hall, http):
        for language, lang in (("zh", "zh-CN"), ("en", "en")):
            answer = await http.get(path, params={**_query(path), "lang": language})
            assert answer.status_code == (404 if path == "/t/nothing" else 200), path
            text = answer.text
            assert f'<html lang="{lang}">' in text
            assert "{{" not in text
            assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
            assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text), path
            links = re.findall(r'(?:href|src)="([^"]+)"', text)
            assert all(not re.match(r"(https?:)?//", link) for link in links), path
            for link in links:
                if link.startswith(("/static/", "/palette.css")):
                    assert (await http.get(link)).status_code == 200, link


def _query(path: str) -> dict[str, str]:
    _, _, query = path.partition("?")
    return dict([query.split("=")]) if query else {}


async def test_every_answer_carries_the_security_headers(
    hall: WebHall, http: httpx.AsyncClient
) -> None:
    for path in ["/login", "/nothing", "/healthz", "/api/v1/hall", "/static/base.css", "/metrics"]:
        headers = (await http.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers
        assert "access-control-allow-origin" not in headers
    posted = await http.post("/api/v1/commands", content=b"x")
    assert "content-security-policy" in posted.headers


async def test_every_word_that_is_used_is_there_and_none_is_left_over() -> None:
    known = tomllib.loads((WEB / "words.toml").read_text())
    used: set[str] = set()
    loose: set[str] = set()
    for path in [*(WEB / "templates").iterdir(), *(WEB / "static").iterdir(), *WEB.glob("*.py")]:
        text = path.read_text()
        used |= set(re.findall(r"\b(?:t|word|has)\([\"']([\w.-]+)[\"'][,)]", text))
        loose |= set(re.findall(r"\bt\([`\"'](\w+)\.(?:\$\{|['\"] \+)", text))
    assert used <= known.keys(), used - known.keys()
    grown = {"outcome", "pause", "error", "login", "password", "trouble", *loose}
    left = {k for k in known if k not in used and k.split(".")[0] not in grown}
    assert not left, left
    for key, (zh, en) in known.items():
        assert zh, key
        assert en or key == "board.suffix", key
        assert re.findall(r"{\w+}", zh) == re.findall(r"{\w+}", en) or "{" not in zh, key


async def test_the_language_is_remembered(hall: WebHall) -> None:
    async with hall.client() as http:
        assert word("login.title", "zh") in (await http.get("/login")).text
        assert word("login.title", "en") in (await http.get("/login?lang=en")).text
        assert word("login.title", "en") in (await http.get("/login")).text
        assert word("login.title", "zh") in (await http.get("/login?lang=xx")).text


async def test_what_people_wrote_is_never_markup(hall: WebHall, http: httpx.AsyncClient) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x>"
    reply = await hall.ask(http, "IssueTicket", service="social", note=evil)
    assert reply.result is not None
    for path in (f"/t/{reply.result.token}", f"/desk/slip/{reply.result.number}"):
        assert "<script>alert" not in (await http.get(path)).text
    page = await http.get("/login", params={"lang": evil})
    assert "<script>alert" not in page.text


async def test_a_citizens_page_holds_nothing_but_the_number(
    hall: WebHall, http: httpx.AsyncClient
) -> None:
    reply = await hall.ask(
        http, "IssueTicket", service="social", note="canary-note", person="canary-person"
    )
    assert reply.result is not None
    text = (await http.get(f"/t/{reply.result.token}")).text
    assert str(reply.result.number) in text
    assert "canary" not in text


async def test_each_role_begins_at_its_own_page(hall: WebHall) -> None:
    starts = {}
    for role in PEOPLE_ROLES:
        async with hall.client(follow_redirects=True) as http:
            await hall.sign_in(http, role)
            starts[role] = (await http.get("/")).url.path
    assert starts == {
        Role.ADMIN: "/manage",
        Role.CLERK: "/console",
        Role.GUIDE: "/desk",
        Role.MANAGER: "/manage",
        Role.SUPERVISOR: "/manage",
    }


async def test_a_clerk_chooses_among_the_own_windows(hall: WebHall) -> None:
    async with hall.client() as http:
        await hall.sign_in(http, "clerk")
        text = (await http.get("/console")).text
    assert "/console?window=N1" in text
    assert "/console?window=N2" not in text


async def test_colours_and_font_come_from_the_hall(hall: WebHall, http: httpx.AsyncClient) -> None:
    palette = (await http.get("/palette.css")).text
    assert f"--primary: {hall.server.hall.palette.primary};" in palette
    font = await http.get("/fonts/hall-sans.otf")
    assert font.content[:4] == b"OTTO"
    assert len(font.content) > 8_000_000
    assert "immutable" in font.headers["cache-control"]


async def test_the_slip_leads_to_the_citizens_page(hall: WebHall, http: httpx.AsyncClient) -> None:
    reply = await hall.ask(http, "IssueTicket", service="social")
    assert reply.result is not None
    text = (await http.get(f"/desk/slip/{reply.result.number}")).text
    assert "data:image/svg+xml" in text
    assert str(reply.result.number) in text


async def test_the_description_names_every_address_and_command(http: httpx.AsyncClient) -> None:
    document = (await http.get("/schema")).json()
    assert document["openapi"] == "3.1.0"
    commands = document["paths"]["/api/v1/commands"]["post"]
    text = json.dumps(document)
    for reference in re.findall(r'"#/components/schemas/(\w+)"', text):
        assert reference in document["components"]["schemas"]
    kinds = commands["requestBody"]["content"]["application/json"]["schema"]
    assert len(kinds["anyOf"]) == 22
    assert kinds["discriminator"]["propertyName"] == "kind"
    assert "IssueTicket" in document["components"]["schemas"]


async def test_metrics_and_health(hall: WebHall, http: httpx.AsyncClient) -> None:
    await hall.ask(http, "IssueTicket", service="social")
    text = (await http.get("/metrics")).text
    waiting = hall.server.day.queue.waiting("social")
    assert f'yichuang_waiting{{service="social"}} {waiting}.0' in text
    assert 'yichuang_http_commands_total{code="ok",kind="IssueTicket"}' in text
    health = await http.get("/healthz")
    assert health.json()["ok"] is True


async def test_views_are_what_the_server_shows(hall: WebHall, http: httpx.AsyncClient) -> None:
    hall_view = (await http.get("/api/v1/hall")).json()
    assert [w["id"] for w in hall_view["windows"]] == ["N1", "N2", "N3", "Z1"]
    board = (await http.get("/api/v1/views/board/east")).json()
    assert board["area"] == "east"
    found = (await http.get("/api/v1/tickets/a001")).json()
    assert (found["number"], found["state"]) == ("A001", "waiting")
    assert "token" not in found


async def test_every_code_of_the_door_is_documented() -> None:
    document = (WEB.parents[1] / "docs" / "http-api.md").read_text()
    for code in WEB_ERRORS:
        assert f"| `{code}` |" in document, code


async def test_every_key_of_the_console_is_documented() -> None:
    script = (WEB / "static" / "console.js").read_text()
    keys = set(re.findall(r"\bF\d+(?=:)", script))
    assert len(keys) == 8
    document = (WEB.parents[1] / "docs" / "console.md").read_text()
    for key in keys:
        assert re.search(rf"^\| {key}\b", document, re.MULTILINE), key
