"""Every address with every role: who gets in is what the table says, and nothing is left out."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from litestar.routes import HTTPRoute

from queue_server.engine.roles import Role
from queue_server.server import Server
from queue_server.store.accounts import Accounts
from queue_server.store.log import MemoryLog
from queue_server.web.access import ROUTES, SSE, TABLE, Route
from queue_server.web.app import make_app
from queue_server.web.commands import PATH
from tests.queue_server.town import town
from tests.queue_server.webhall import TOKEN_ROLES, WebHall, running

FILLED = {
    "{kind}": "board",
    "{id}": "east",
    "{window}": "N1",
    "{area}": "east",
    "{name}": "base.css",
}
QUERIES = {
    "/api/v1/why": "?called=A001&instead_of={ref}",
    "/t/{token}/why": "?called=A001",
}
BODIES = {
    "/api/v1/commands": {"kind": "CallNext", "id": "x", "window": "N2"},
    "/login": {"name": "nobody", "password": "wrong"},
    "/password": {"old": "wrong", "new": "some-new-lemon"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WebHall]:
    async with running(tmp_path_factory.mktemp("access")) as hall, hall.client() as http:
        await hall.ask(http, "IssueTicket", service="social")
        await hall.ask(http, "OpenWindow", window="N2")
        await hall.ask(http, "CallNext", window="N2")  # A001, to be asked about
        yield hall


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def address(hall: WebHall, path: str) -> str:
    async with hall.client() as http:
        reply = await hall.ask(http, "IssueTicket", service="social")
    assert reply.result is not None
    token, number = reply.result.token, reply.result.number
    filled = {**FILLED, "{token}": str(token), "{ref}": str(number)}
    path += QUERIES.get(path, "")
    if path.startswith("/fonts/"):
        filled["{name}"] = "hall-sans.otf"
    for place, value in filled.items():
        path = path.replace(place, value)
    return path


async def status(http: httpx.AsyncClient, route: Route, path: str, **more: object) -> int:
    """The status alone: of a stream the head is read, and no more."""
    body = BODIES.get(route.path, {}) if route.method == "POST" else None
    request = http.build_request(route.method, path, json=body, **more)  # type: ignore[arg-type]
    answer = await http.send(request, stream=True)
    await answer.aclose()
    return answer.status_code


async def test_the_table_and_the_app_have_the_same_addresses(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    app = make_app(Server(town(), MemoryLog()), accounts)
    there = {("POST", PATH)}  # served by the front
    for route in app.routes:
        assert isinstance(route, HTTPRoute)
        methods = {m for m in route.methods if m != "OPTIONS"}
        there |= {(method, route.path_format) for method in methods}
    accounts.close()
    assert there == set(TABLE)
    assert len(TABLE) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
async def test_nobody_gets_only_what_is_public(hall: WebHall, route: Route) -> None:
    path = await address(hall, route.path)
    async with hall.client() as http:
        nobody = await status(http, route, path)
        wrong = await status(http, route, path, headers={"authorization": "Bearer k.nonsense"})
    hall.forgive()
    if route.path == "/login" and route.method == "POST":
        assert nobody == wrong == 401  # not let in, but by the password
    elif route.who is None:
        assert nobody == wrong == 200
    else:
        assert nobody == wrong == 401


@pytest.mark.parametrize("role", TOKEN_ROLES)
@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.who is not None], ids=lambda r: f"{r.method} {r.path}"
)
async def test_each_role_gets_what_the_table_says(hall: WebHall, route: Route, role: Role) -> None:
    path = await address(hall, route.path)
    async with hall.client() as http:
        got = await status(http, route, path, headers=hall.bearer(role))
    assert route.who is not None
    if role not in route.who:
        assert got == 403
    elif (route.method, route.path) == ("POST", "/password"):
        assert got == 403  # a token has no password
    elif route.path == "/":
        assert got == 303
    else:
        assert got == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "GET"])
async def test_other_methods_are_refused(hall: WebHall, method: str) -> None:
    async with hall.client() as http:
        answer = await http.request(method, "/api/v1/commands", headers=hall.bearer(Role.ADMIN))
        assert answer.status_code == 405
        override = await http.get(
            "/api/v1/commands",
            headers={**hall.bearer(Role.ADMIN), "x-http-method-override": "POST"},
        )
        assert override.status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/nothing.css",
        "/fonts/other.otf",
        "/board/nowhere",
        "/api/v1/views/board/nowhere",
        "/api/v1/views/nothing/x",
        "/api/v1/views/window/N99",
        "/api/v1/console/N99/live",
        "/api/v1/tickets/Z999",
        "/t/made-up",
        "/t/made-up/live",
        "/t/made-up/why?called=A001",
        "/api/v1/why?called=A001&instead_of=Z999",
        "/api/v1/why?called=A001&instead_of=A001",
        "/console?window=Z1",
        "/console?window=N99",
    ],
)
async def test_what_is_not_there_is_not_found(hall: WebHall, path: str) -> None:
    async with hall.client() as http:
        answer = await http.get(path, headers=hall.bearer(Role.ADMIN))
    assert answer.status_code == 404


async def test_a_clerk_is_kept_to_the_own_window(hall: WebHall) -> None:
    clerk = hall.bearer(Role.CLERK)
    live = TABLE["GET", "/api/v1/console/{window}/live"]
    assert live.kind == SSE
    async with hall.client() as http:
        assert await status(http, live, "/api/v1/console/N1/live", headers=clerk) == 200
        assert await status(http, live, "/api/v1/console/N2/live", headers=clerk) == 403
        assert (await http.get("/console?window=N2", headers=clerk)).status_code == 403
        assert (await http.get("/api/v1/views/console/N2", headers=clerk)).status_code == 403
        command = hall.command("OpenWindow", window="N2")
        answer = await http.post("/api/v1/commands", json=command, headers=clerk)
        assert answer.status_code == 200
        assert answer.json()["error"]["code"] == "forbidden"
