"""Signing in: sessions, lock-out, forgery, and the first password."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_server.engine.roles import Role
from queue_server.store.accounts import IDLE
from queue_server.web.app import make_app
from tests.queue_server.webhall import PASSWORD, WebHall, running

COMMANDS = "/api/v1/commands"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with running(tmp_path) as hall:
        yield hall


@pytest.fixture
async def http(hall: WebHall) -> AsyncIterator[httpx.AsyncClient]:
    async with hall.client() as http:
        yield http


async def press(hall: WebHall, http: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await http.post(COMMANDS, json=hall.command("OpenWindow", window="N1"), headers=headers)


async def test_a_clerk_signs_in_works_and_leaves(hall: WebHall, http: httpx.AsyncClient) -> None:
    csrf = await hall.sign_in(http, "clerk")
    good = {"origin": hall.base, "x-csrf-token": csrf}
    assert (await press(hall, http, **good)).json()["ok"] is True
    assert (await http.post("/logout", headers=good)).json()["next"] == "/login"
    assert (await press(hall, http, **good)).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "GOOD"},
        {"x-csrf-token": "GOOD"},
        {"origin": "GOOD", "x-csrf-token": "0" * 64},
        {"origin": "http://evil.example", "x-csrf-token": "GOOD"},
        {"origin": "null", "x-csrf-token": "GOOD"},
        {"sec-fetch-site": "cross-site", "x-csrf-token": "GOOD"},
        {"origin": "GOOD", "x-csrf-token": "\xff"},
    ],
)
async def test_a_forged_write_is_refused(
    hall: WebHall, http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    csrf = await hall.sign_in(http, "clerk")
    good = {"origin": hall.base, "x-csrf-token": csrf}
    texts = {k: good[k] if v == "GOOD" else v for k, v in headers.items()}
    sent = {k.encode(): v.encode("latin-1") for k, v in texts.items()}
    answer = await http.post(COMMANDS, json=hall.command("OpenWindow", window="N1"), headers=sent)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "forged"
    assert (await http.post("/logout", headers=sent)).status_code == 403
    assert (await press(hall, http, **good)).json()["ok"] is True


async def test_a_csrf_token_is_of_its_session_only(hall: WebHall, http: httpx.AsyncClient) -> None:
    csrf = await hall.sign_in(http, "clerk")
    async with hall.client() as other:
        await hall.sign_in(other, "manager")
        answer = await press(hall, other, **{"origin": hall.base, "x-csrf-token": csrf})
    assert answer.status_code == 403


async def test_another_site_cannot_sign_somebody_in(hall: WebHall, http: httpx.AsyncClient) -> None:
    body = {"name": "clerk", "password": PASSWORD}
    answer = await http.post("/login", json=body, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403
    form = await http.post("/login", data=body)
    assert form.status_code == 415


async def test_the_cookie_is_closed_to_scripts_and_other_sites(
    hall: WebHall, http: httpx.AsyncClient
) -> None:
    answer = await http.post("/login", json={"name": "clerk", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie  # plain http here; over https it is set


async def test_over_https_the_cookie_is_secure(hall: WebHall) -> None:
    """The app itself, told by its server that the line is https."""
    app: Any = make_app(hall.server, hall.accounts)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://hall.test") as http:
        answer = await http.post("/login", json={"name": "clerk", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_session_from_before_signing_in_is_never_used(
    hall: WebHall, http: httpx.AsyncClient
) -> None:
    planted = "planted-by-somebody-else"
    http.cookies.set("yichuang", planted)
    await hall.sign_in(http, "clerk")
    fresh = [c.value for c in http.cookies.jar if c.name == "yichuang" and c.value != planted]
    assert len(fresh) == 1
    async with hall.client(cookies={"yichuang": planted}) as thief:
        assert (await thief.get("/console", follow_redirects=False)).status_code == 401


async def test_signing_in_again_ends_the_session_before(
    hall: WebHall, http: httpx.AsyncClient
) -> None:
    await hall.sign_in(http, "clerk")
    old = http.cookies["yichuang"]
    await hall.sign_in(http, "clerk")
    assert http.cookies["yichuang"] != old
    async with hall.client(cookies={"yichuang": old}) as thief:
        assert (await thief.get("/console")).status_code == 401


async def test_wrong_names_and_wrong_passwords_look_the_same(
    hall: WebHall, http: httpx.AsyncClient
) -> None:
    wrong = await http.post("/login", json={"name": "clerk", "password": "x"})
    nobody = await http.post("/login", json={"name": "nobody", "password": "x"})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.content == nobody.content
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize("name", ["clerk", "CLERK", "nobody"])
async def test_five_wrong_tries_lock_for_fifteen_minutes(
    hall: WebHall, http: httpx.AsyncClient, name: str
) -> None:
    for _ in range(5):
        answer = await http.post("/login", json={"name": name, "password": "x"})
        assert answer.status_code == 401
    locked = await http.post("/login", json={"name": name.lower(), "password": PASSWORD})
    assert locked.status_code == 429
    assert locked.json()["error"]["code"] == "locked"
    other = await http.post("/login", json={"name": "guide", "password": PASSWORD})
    assert other.status_code == 200
    hall.clock.now += 15 * 60 + 1
    after = await http.post("/login", json={"name": name, "password": PASSWORD})
    assert after.status_code == (401 if name == "nobody" else 200)


async def test_a_right_password_clears_the_count(hall: WebHall, http: httpx.AsyncClient) -> None:
    for _ in range(3):
        for _ in range(4):
            await http.post("/login", json={"name": "clerk", "password": "x"})
        answer = await http.post("/login", json={"name": "clerk", "password": PASSWORD})
        assert answer.status_code == 200
        hall.clock.now += 60


async def test_one_address_cannot_try_many_names(hall: WebHall, http: httpx.AsyncClient) -> None:
    got = [
        (await http.post("/login", json={"name": f"n{n}", "password": "x"})).status_code
        for n in range(32)
    ]
    assert got[:30] == [401] * 30
    assert got[30:] == [429] * 2


async def test_an_idle_session_ends(hall: WebHall, http: httpx.AsyncClient) -> None:
    await hall.sign_in(http, "clerk")
    hall.clock.now += IDLE + 1
    page = await http.get("/console", headers={"accept": "text/html"}, follow_redirects=False)
    assert page.status_code == 303
    assert page.headers["location"] == "/login"


async def test_the_first_password_has_to_be_changed(hall: WebHall, http: httpx.AsyncClient) -> None:
    hall.accounts.add_person("new", Role.CLERK, "printed-once-77")
    csrf = await hall.sign_in(http, "new", "printed-once-77")
    good = {"origin": hall.base, "x-csrf-token": csrf}
    refused = await press(hall, http, **good)
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "change-password"
    page = await http.get("/console", headers={"accept": "text/html"}, follow_redirects=False)
    assert page.headers["location"] == "/password"

    async def change(old: str, new: str) -> httpx.Response:
        return await http.post("/password", json={"old": old, "new": new}, headers=good)

    short = await change("printed-once-77", "short")
    assert (short.status_code, short.json()["error"]["message"]) == (400, "short")
    same = await change("printed-once-77", "printed-once-77")
    assert same.json()["error"]["message"] == "same"
    assert (await change("wrong", "my-own-lemon-1")).status_code == 401
    old = http.cookies["yichuang"]
    assert (await change("printed-once-77", "my-own-lemon-1")).json()["next"] == "/console"
    assert http.cookies["yichuang"] != old
    csrf = await hall.sign_in(http, "new", "my-own-lemon-1")
    good = {"origin": hall.base, "x-csrf-token": csrf}
    assert (await press(hall, http, **good)).json()["ok"] is True


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"name":1,"password":2}', b"\xff", b"[" * 9000]
)
async def test_bad_sign_in_bodies_are_refused(
    hall: WebHall, http: httpx.AsyncClient, body: bytes
) -> None:
    kind = {"content-type": "application/json"}
    answer = await http.post("/login", content=body, headers=kind)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad-request"


async def test_a_removed_account_is_out_at_once(hall: WebHall, http: httpx.AsyncClient) -> None:
    csrf = await hall.sign_in(http, "guide")
    hall.accounts.remove_person("guide")
    answer = await press(hall, http, **{"origin": hall.base, "x-csrf-token": csrf})
    assert answer.status_code == 401


async def test_a_revoked_token_is_out_at_once(hall: WebHall, http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/v1/hall", headers=hall.bearer(Role.DISPLAY))).status_code == 200
    hall.accounts.revoke("display-1")
    assert (await http.get("/api/v1/hall", headers=hall.bearer(Role.DISPLAY))).status_code == 401
