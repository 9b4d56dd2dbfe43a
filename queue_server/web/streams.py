"""Server-sent events: a view or the news, for as long as somebody looks.

A `beat` every few seconds tells the page that the line stands, and lets the server notice that the
session or token behind the stream is over. Everything ends when the door closes, so that a stop
never waits for a browser.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import msgspec
from litestar.types import ASGIApp, HTTPResponseStartEvent, Receive, Scope, Send

from config.wire.events import Happening
from queue_server.web.errors import WebError
from queue_server.web.web import Web

MOST_VISITORS = 1000
MOST_EACH = 300
"""Public streams at once, of all and of one address: a crowd of phones never costs the windows
their consoles, and one phone never costs the others their page."""

T = TypeVar("T")
Frame = Callable[[T], bytes]

_encode = msgspec.json.Encoder().encode


def frame(view: object) -> bytes:
    """A view as a message."""
    return b"data: " + _encode(view) + b"\n\n"


def numbered(news: Happening) -> bytes:
    """News with its place, from which a client resumes."""
    return b"id: %d\ndata: %b\n\n" % (news.seq, _encode(news))


def public_stream(web: Web, source: AsyncIterator[T], address: str) -> ASGIApp:
    """A `stream` for everybody; `address` is where the visitor is.

    Raises:
        WebError: 503, too many are looking already.
    """
    visitors = web.counters.visitors
    if visitors.total() >= MOST_VISITORS or visitors[address] >= MOST_EACH:
        raise WebError(503)
    inner = stream(web, source, still=lambda: True)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        visitors[address] += 1
        try:
            await inner(scope, receive, send)
        finally:
            visitors[address] -= 1
            if not visitors[address]:
                del visitors[address]

    return app


def stream(
    web: Web, source: AsyncIterator[T], *, still: Callable[[], bool], as_bytes: Frame[T] = frame
) -> ASGIApp:
    """An answer that sends `source` as it comes, while `still()`.

    Raises:
        WebError: 503, the door is closing.
    """
    if web.stopping.is_set():
        raise WebError(503)

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        web.counters.streams += 1
        gone = asyncio.create_task(_gone(receive))
        closing = asyncio.create_task(web.stopping.wait())
        try:
            await send(_start())
            await _send_all(send, source, {gone, closing}, still, as_bytes, web.beat)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            web.counters.streams -= 1
            gone.cancel()
            closing.cancel()

    return app


async def _send_all(
    send: Send,
    source: AsyncIterator[T],
    ends: set[asyncio.Task[Any]],
    still: Callable[[], bool],
    as_bytes: Frame[T],
    beat: float,
) -> None:
    await _send(send, b"retry: 1000\n\n")
    coming = _next(source)
    try:
        while not any(end.done() for end in ends):
            await asyncio.wait({coming, *ends}, timeout=beat, return_when="FIRST_COMPLETED")
            if not still():
                return
            if coming.done():
                await _send(send, as_bytes(coming.result()))
                coming = _next(source)
            else:
                await _send(send, b"event: beat\ndata: 0\n\n")
    finally:
        coming.cancel()


def _next(source: AsyncIterator[T]) -> asyncio.Task[T]:
    async def ask() -> T:
        return await anext(source)

    return asyncio.create_task(ask())


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _gone(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _start() -> HTTPResponseStartEvent:
    """A new one for each stream: headers are added to it on the way out."""
    return {
        "type": "http.response.start",
        "status": 200,
        "headers": [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ],
    }
