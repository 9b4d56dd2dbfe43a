"""The guard at the door: who is it, may they come here, did they mean to."""

import secrets
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Scope

from queue_server.web.access import TABLE
from queue_server.web.errors import WebError
from queue_server.web.web import COOKIE, Caller, Web, csrf_of

SAFE = frozenset({"GET", "HEAD"})
CALLER = "yichuang.caller"
"""Where the guard leaves the `Caller` in the scope."""


async def permit(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Runs before every handler of the framework."""
    scope = connection.scope
    admit(connection.app.state.web, scope, str(scope.get("path_template")))


def admit(web: Web, scope: Scope, path: str) -> None:
    """Let a request to `path` (as it stands in the table) through, leaving who it is in the scope.

    Raises:
        WebError: it may not come in.
    """
    route = TABLE.get((str(scope.get("method")), path))
    if route is None:
        raise WebError(405 if any(path == known for _, known in TABLE) else 403)
    caller = identify(web, scope)
    scope[CALLER] = caller  # type: ignore[literal-required]
    if route.who is None:
        if route.method not in SAFE:
            check_origin(scope)
        return
    if caller is None:
        web.counters.denied += 1
        raise WebError(401)
    if caller.actor.role not in route.who:
        web.counters.denied += 1
        raise WebError(403)
    if caller.must_change and not route.unchanged:
        raise WebError(403, "change-password")
    if caller.session is not None and route.method not in SAFE:
        check_origin(scope)
        check_csrf(scope, caller.session)


def caller_of(scope: Scope) -> Caller:
    """Who asks, behind a route that is not public."""
    caller: Caller = scope[CALLER]  # type: ignore[literal-required]
    return caller


def identify(web: Web, scope: Scope) -> Caller | None:
    """Who sends this request. A wrong token counts against its address.

    Raises:
        WebError: 429, this address has shown too many wrong tokens.
    """
    bearer = header(scope, b"authorization")
    if bearer:
        address = address_of(scope)
        if not web.strangers.allows(address, web.clock(), cost=0.0):
            raise WebError(429)
        kind, _, token = bearer.partition(" ")
        actor = web.accounts.find_token(token.strip()) if kind.lower() == "bearer" else None
        if actor is None:
            web.strangers.allows(address, web.clock())
            return None
        return Caller(actor)
    session = cookie(scope, COOKIE)
    return web.find(session) if session else None


def check_origin(scope: Scope) -> None:
    """Refuse what another site's page sent. Programs with tokens send no Origin."""
    origin = header(scope, b"origin")
    site = header(scope, b"sec-fetch-site")
    host = header(scope, b"host")
    if origin and origin != f"{scope['scheme']}://{host}":
        raise WebError(403, "forged")
    if not origin and site not in ("same-origin", ""):
        raise WebError(403, "forged")


def check_csrf(scope: Scope, session: str) -> None:
    """A write in a session needs an Origin and the token that only our own pages can read."""
    sent = header(scope, b"x-csrf-token")
    if not header(scope, b"origin") or not secrets.compare_digest(
        sent.encode(), csrf_of(session).encode()
    ):
        raise WebError(403, "forged")


def header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


def cookie(scope: Scope, name: str) -> str:
    for part in header(scope, b"cookie").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def address_of(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""
