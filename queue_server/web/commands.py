"""The hot route: one command in, one reply out. Plain ASGI, because it carries the whole hall."""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from litestar.types import Receive, Scope, Send

from config.wire.commands import MAX_BYTES, BadCommandError, Reply, read_command
from queue_server.web.errors import WebError
from queue_server.web.guard import caller_of, header
from queue_server.web.headers import REPLY_HEADERS
from queue_server.web.web import Web

PATH = "/api/v1/commands"

SLOWEST = 10.0
"""Seconds a client may take to send its 16 KiB."""

_encode = msgspec.json.Encoder().encode


class _Envelope(msgspec.Struct):
    """As much of a broken command as is needed to say which one it was."""

    id: str | None = None


async def commands(web: Web, scope: Scope, receive: Receive) -> tuple[int, Reply]:
    """Status and reply to a `POST` to `PATH` that has passed the guard.

    Raises:
        WebError: it never became a command.
    """
    caller = caller_of(scope)
    check_json(scope)
    body = await read_body(scope, receive)
    if not web.allows(caller.actor):
        raise WebError(429)
    try:
        command = read_command(body)
    except BadCommandError as error:
        web.counters.malformed += 1
        return 400, Reply(ok=False, id=_id_of(body), error=error.refusal)
    reply = await web.server.submit(command, caller.actor)
    web.counters.count(type(command).__name__, reply.error.code if reply.error else "ok")
    return 200, reply


def check_json(scope: Scope) -> None:
    """Refuse a body that is not said to be plain JSON (so no form of another site gets in)."""
    kind = header(scope, b"content-type").partition(";")[0].strip().lower()
    if kind != "application/json" or header(scope, b"content-encoding") not in ("", "identity"):
        raise WebError(415)


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body, as long as it is small and comes in time."""
    length = header(scope, b"content-length")
    if length.isdecimal() and int(length) > MAX_BYTES:
        raise WebError(413)
    try:
        async with asyncio.timeout(SLOWEST):
            return await _read(receive)
    except TimeoutError:
        raise WebError(408, message="the request did not come to an end in time") from None


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise WebError(400)
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            raise WebError(413)
        more = message.get("more_body", False)
    return body


def _id_of(body: bytes) -> str | None:
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        id = msgspec.json.decode(body, type=_Envelope).id
        return None if id is None else id[:64]
    return None


async def answer(send: Send, status: int, reply: Reply) -> None:
    body = _encode(reply)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *REPLY_HEADERS,
    ]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
