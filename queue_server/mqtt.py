"""The bus door: commands come in, replies go out. The same words as over HTTP, the same queue.

A message that is no command is counted, and answered if it says whom to answer. Below
``command/{client}`` the broker lets only that client write, so what comes there has the rights of
the client. On the common ``command`` a message may name anybody; it gets no more than the rights of
a device (`engine.roles.as_device`).
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from config.wire import topics
from config.wire.bus import Bus
from config.wire.commands import BadCommandError, Command, Reply, read_command
from queue_server.engine.roles import Actor, as_device
from queue_server.server import Server, refused

log = structlog.get_logger()

MOST_AT_ONCE = 1000
FIRST, LATER = (1, 10, 100), 1000
"""Which bad messages are logged: a device gone mad must not fill the disk."""


_NAME = re.compile(r"[A-Za-z0-9_.:@-]{1,64}")
"""A client that can be answered."""


class _Envelope(msgspec.Struct):
    """As much of a broken command as is needed to answer it."""

    id: Any = None
    client: Any = None

    def words(self) -> tuple[str | None, str]:
        """Id and client, as far as they are words."""
        id = self.id[:64] if isinstance(self.id, str) else None
        return id, self.client if isinstance(self.client, str) else ""


class CommandDoor:
    """Takes commands from `bus`; `actor_of` says who a client is, None for nobody we know."""

    def __init__(self, server: Server, bus: Bus, actor_of: Callable[[str], Actor | None]) -> None:
        self._server = server
        self._bus = bus
        self._actor_of = actor_of
        self.bad = 0
        """Messages that were no command."""

    async def run(self) -> None:
        """Answer until cancelled."""
        hall = self._server.hall.id
        common = topics.command(hall).path
        limit = asyncio.Semaphore(MOST_AT_ONCE)
        async with (
            self._bus.subscribe(
                topics.command(hall), topics.own_command(hall, topics.ANY)
            ) as messages,
            asyncio.TaskGroup() as tasks,
        ):
            async for message in messages:
                await limit.acquire()
                owner = None if message.path == common else message.path.rpartition("/")[2]
                task = tasks.create_task(self._answer(bytes(message.message), owner))
                task.add_done_callback(lambda _: limit.release())

    async def _answer(self, body: bytes, owner: str | None) -> None:
        """Answer one message; `owner` is the client whose own topic it came by."""
        try:
            command = read_command(body)
        except BadCommandError as error:
            self.bad += 1
            id, client = _envelope(body).words()
            if self.bad in FIRST or self.bad % LATER == 0:
                code = error.refusal.code
                log.warning("malformed", client=client[:64], code=code, so_far=self.bad)
            await self._reply(owner or client, Reply(ok=False, id=id, error=error.refusal))
            return
        client = owner or command.client or ""
        await self._reply(client, await self._carry_out(command, client, proven=bool(owner)))

    async def _carry_out(self, command: Command, client: str, *, proven: bool) -> Reply:
        actor = self._actor_of(client)
        if actor is None:
            return refused("forbidden", command.id, "this client is not known to the hall")
        return await self._server.submit(command, actor if proven else as_device(actor))

    async def _reply(self, client: str, reply: Reply) -> None:
        # A broker hangs up on whoever publishes to a topic with, say, a zero byte in it.
        if _NAME.fullmatch(client):
            await self._bus.publish(topics.reply(self._server.hall.id, client), reply)


def _envelope(body: bytes) -> _Envelope:
    try:
        return msgspec.json.decode(body[:65536], type=_Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Envelope()
