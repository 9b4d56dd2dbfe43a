"""Signing in and out, and changing the password. JSON in and out; the pages send it by script."""

import asyncio
from typing import Any, TypeVar

import msgspec
import structlog
from litestar import Request, Response, post
from litestar.datastructures import Cookie, State

from queue_server.engine.roles import Role
from queue_server.store.accounts import LONGEST, AccountError, Person
from queue_server.store.passwords import BadPasswordError
from queue_server.web.commands import check_json, read_body
from queue_server.web.errors import WebError
from queue_server.web.guard import address_of, caller_of
from queue_server.web.web import COOKIE, Web

log = structlog.get_logger()

T = TypeVar("T")
Ask = Request[Any, Any, State]

HOME = {
    Role.CLERK: "/console",
    Role.GUIDE: "/desk",
    Role.MANAGER: "/manage",
    Role.ADMIN: "/manage",
    Role.SUPERVISOR: "/manage",
}
"""Where each role begins."""


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    password: str


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    old: str
    new: str


class GoOn(msgspec.Struct, frozen=True):
    """Where the page goes next."""

    ok: bool
    next: str


async def _read(request: Ask, kind: type[T]) -> T:
    check_json(request.scope)
    body = await read_body(request.scope, request.receive)
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WebError(400, message=str(error)[:200]) from None


async def check_person(web: Web, name: str, password: str, address: str) -> Person:
    """The person of this name and password.

    Raises:
        WebError: 401 the same for a wrong name and a wrong password; 429 after too many of them.
    """
    now = web.clock()
    if web.lockout.locked(name, address, now):
        raise WebError(429, "locked")
    if not web.strangers.allows(address, now, cost=0.0):
        raise WebError(429)
    async with web.one_password_at_a_time:
        person = await asyncio.to_thread(web.accounts.check, name, password)
    if person is None:
        web.lockout.fail(name, address, now)
        web.strangers.allows(address, now)
        log.warning("sign-in failed", address=address)
        raise WebError(401, "wrong-password")
    web.lockout.succeed(name, address)
    return person


@post("/login", status_code=200)
async def login(request: Ask) -> Response[GoOn]:
    """A new session, never the one that was sent along."""
    web: Web = request.app.state.web
    asked = await _read(request, SignIn)
    person = await check_person(web, asked.name, asked.password, address_of(request.scope))
    session = await asyncio.to_thread(web.accounts.open_session, person.name)
    await _end(web, request)
    log.info("signed in", by=str(person.actor))
    next_ = "/password" if person.must_change else HOME[person.role]
    return Response(GoOn(True, next_), cookies=[_cookie(request, session)])


@post("/logout", status_code=200)
async def logout(request: Ask) -> Response[GoOn]:
    web: Web = request.app.state.web
    await _end(web, request)
    return Response(GoOn(True, "/login"), cookies=[_cookie(request, "")])


async def _end(web: Web, request: Ask) -> None:
    """End the session that came with the request, if any."""
    old = request.cookies.get(COOKIE)
    if old:
        await asyncio.to_thread(web.accounts.close_session, old)


@post("/password", status_code=200)
async def password(request: Ask) -> Response[GoOn]:
    """Change one's own password; the old one is asked for again, other sessions end."""
    web: Web = request.app.state.web
    caller = caller_of(request.scope)
    if caller.session is None:
        raise WebError(403)
    asked = await _read(request, NewPassword)
    address, name = address_of(request.scope), caller.actor.name
    person = await check_person(web, name, asked.old, address)
    try:
        async with web.one_password_at_a_time:
            await asyncio.to_thread(web.accounts.set_password, name, asked.new)
    except BadPasswordError as error:
        raise WebError(400, "bad-password", error.code) from None
    except AccountError:
        raise WebError(400, "bad-password", "same") from None
    session = await asyncio.to_thread(web.accounts.open_session, name)
    log.info("password changed", by=str(person.actor))
    return Response(GoOn(True, HOME[person.role]), cookies=[_cookie(request, session)])


def _cookie(request: Ask, session: str) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=session,
        httponly=True,
        samesite="strict",
        secure=request.scope["scheme"] == "https",
        max_age=int(LONGEST) if session else 0,
    )


HANDLERS = (login, logout, password)
