"""The bus door: commands come in, replies go out. The same words as over HTTP, the same queue.

A message that is no command is counted, and answered if it says whom to answer. The broker's access
list decides who may write here at all; the role of the `client` named in the command decides what
it may ask.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from config.wire import topics
from config.wire.bus import Bus
from config.wire.commands import BadCommandError, Command, Reply, read_command
from queue_server.engine.roles import Actor
from queue_server.server import Server, refused

log = structlog.get_logger()

MOST_AT_ONCE = 1000
FIRST, LATER = (1, 10, 100), 1000
"""Which bad messages are logged: a device gone mad must not fill the disk."""


class _Envelope(msgspec.Struct):
    """As much of a broken command as is needed to answer it."""

    id: Any = None
    client: Any = None

    def words(self) -> tuple[str | None, str]:
        """Id and client, as far as they are words."""
        id = self.id[:64] if isinstance(self.id, str) else None
        return id, self.client[:64] if isinstance(self.client, str) else ""


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
        limit = asyncio.Semaphore(MOST_AT_ONCE)
        async with (
            self._bus.subscribe(topics.command(self._server.hall.id)) as messages,
            asyncio.TaskGroup() as tasks,
        ):
            async for message in messages:
                await limit.acquire()
                task = tasks.create_task(self._answer(bytes(message.message)))
                task.add_done_callback(lambda _: limit.release())

    async def _answer(self, body: bytes) -> None:
        try:
            command = read_command(body)
        except BadCommandError as error:
            self.bad += 1
            id, client = _envelope(body).words()
            if self.bad in FIRST or self.bad % LATER == 0:
                log.warning("malformed", client=client, code=error.refusal.code, so_far=self.bad)
            await self._reply(client, Reply(ok=False, id=id, error=error.refusal))
            return
        await self._reply(command.client or "", await self._carry_out(command))

    async def _carry_out(self, command: Command) -> Reply:
        actor = self._actor_of(command.client or "")
        if actor is None:
            return refused("forbidden", command.id, "this client is not known to the hall")
        return await self._server.submit(command, actor)

    async def _reply(self, client: str, reply: Reply) -> None:
        try:
            topic = topics.reply(self._server.hall.id, client)
        except ValueError:
            return  # nobody to answer
        if "+" not in client and "/" not in client:
            await self._bus.publish(topic, reply)


def _envelope(body: bytes) -> _Envelope:
    try:
        return msgspec.json.decode(body[:65536], type=_Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Envelope()
