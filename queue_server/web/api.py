"""Addresses for programs and for the scripts of our own pages."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.types import ASGIApp

from config.wire.views import HallView
from queue_server.engine.explain import Why
from queue_server.engine.roles import Actor
from queue_server.web import desk
from queue_server.web.desk import FoundTicket
from queue_server.web.errors import WebError
from queue_server.web.guard import address_of, caller_of
from queue_server.web.manage import manage_view
from queue_server.web.metrics import figures
from queue_server.web.openapi import description
from queue_server.web.streams import numbered, public_stream, stream
from queue_server.web.web import Caller, Web

V = TypeVar("V")
Ask = Request[Any, Any, State]


def web_of(request: Ask) -> Web:
    web: Web = request.app.state.web
    return web


def found(view: V | None) -> V:
    """The view there is.

    Raises:
        WebError: 404, there is none.
    """
    if view is None:
        raise WebError(404)
    return view


def goes_on(web: Web, caller: Caller) -> Callable[[], bool]:
    """Whether whoever opened a stream may still look."""
    if caller.session is not None:
        session = caller.session
        return lambda: web.find(session) is not None
    name, actor = caller.actor.name, caller.actor

    def in_force() -> bool:
        token = web.accounts.token_of(name)
        return token is not None and token.actor == actor

    return in_force


def check_window(actor: Actor, window: str) -> None:
    """A clerk sees the windows that are the clerk's."""
    if actor.windows is not None and window not in actor.windows:
        raise WebError(403)


@get("/api/v1/hall")
async def hall(request: Ask) -> HallView:
    return web_of(request).server.hall_view()


@get("/api/v1/hall/live")
async def hall_live(request: Ask) -> ASGIApp:
    web = web_of(request)
    still = goes_on(web, caller_of(request.scope))
    return stream(web, web.server.watch(web.server.hall_view), still=still)


@get("/api/v1/views/{kind:str}/{id:str}")
async def view(request: Ask, kind: FromPath[str], id: FromPath[str]) -> Any:
    web = web_of(request)
    if kind == "console":
        check_window(caller_of(request.scope).actor, id)
        raise WebError(404, message="a console is at /api/v1/console/{window}/live")
    return found(web.server.view(kind, id))


@get("/api/v1/events")
async def events(request: Ask) -> ASGIApp:
    """News behind `after`, or behind the Last-Event-ID of a reader that comes back."""
    web = web_of(request)
    after = request.headers.get("last-event-id") or request.query_params.get("after")
    if after is not None and not (after.isdecimal() and len(after) < 16):
        raise WebError(400, message="after is the seq of the last event you have")
    source = web.server.events(None if after is None else int(after))
    still = goes_on(web, caller_of(request.scope))
    return stream(web, source, still=still, as_bytes=numbered)


@get("/api/v1/console/{window:str}/live")
async def console_live(request: Ask, window: FromPath[str]) -> ASGIApp:
    web, caller = web_of(request), caller_of(request.scope)
    check_window(caller.actor, window)
    found(web.server.console_view(window))
    source = web.server.watch(lambda: web.server.console_view(window))
    return stream(web, source, still=goes_on(web, caller))


@get("/api/v1/manage/live")
async def manage_live(request: Ask) -> ASGIApp:
    web = web_of(request)
    server = web.server
    source = server.watch(
        lambda: manage_view(
            server.day, server.moment(), web.devices(), server.advice, web.last_day()
        )
    )
    return stream(web, source, still=goes_on(web, caller_of(request.scope)))


@get("/board/{area:str}/live")
async def board_live(request: Ask, area: FromPath[str]) -> ASGIApp:
    web = web_of(request)
    found(web.server.view("board", area))
    source = web.server.watch(lambda: web.server.view("board", area))
    return public_stream(web, source, address_of(request.scope))


@get("/t/{token:str}/live")
async def ticket_live(request: Ask, token: FromPath[str]) -> ASGIApp:
    web = web_of(request)
    check_visitor(web, request)
    found(web.server.ticket_view(token))
    source = web.server.watch(lambda: web.server.ticket_view(token))
    return public_stream(web, source, address_of(request.scope))


def check_visitor(web: Web, request: Ask) -> None:
    """Nobody tries out tokens of citizens' pages, although guessing 128 bits is hopeless."""
    if not web.visitors.allows(address_of(request.scope), web.clock()):
        raise WebError(429)


@get("/api/v1/tickets/{ref:str}")
async def ticket(request: Ask, ref: FromPath[str]) -> FoundTicket:
    return found(desk.find(web_of(request).server.day, ref))


@get("/api/v1/why")
async def why(request: Ask) -> Why:
    called, other = asked(request, "called"), asked(request, "instead_of")
    return found(web_of(request).server.why(called, other))


@get("/t/{token:str}/why")
async def ticket_why(request: Ask, token: FromPath[str]) -> Why:
    web = web_of(request)
    check_visitor(web, request)
    return found(web.server.why_before(token, asked(request, "called")))


def asked(request: Ask, name: str) -> str:
    """A ticket that the address has to name.

    Raises:
        WebError: 400, it names none.
    """
    value = request.query_params.get(name, "").strip()
    if not value:
        raise WebError(400, message=f"{name} has to be the number of a ticket")
    return value


@get("/schema")
async def schema(request: Ask) -> Response[bytes]:
    body = msgspec.json.encode(description(web_of(request).hall))
    return Response(body, media_type="application/json")


@get("/metrics")
async def metrics(request: Ask) -> Response[bytes]:
    return Response(figures(web_of(request)), media_type="text/plain; version=0.0.4")


@get("/healthz")
async def healthz(request: Ask) -> Response[dict[str, Any]]:
    server = web_of(request).server
    good = not server.failing
    body = {"ok": good, "epoch": server.epoch, "day": server.day.day, "seq": server.day.seq}
    return Response(body, status_code=200 if good else 503)


HANDLERS = (
    hall,
    hall_live,
    view,
    events,
    console_live,
    manage_live,
    board_live,
    ticket_live,
    ticket_why,
    ticket,
    why,
    schema,
    metrics,
    healthz,
)
