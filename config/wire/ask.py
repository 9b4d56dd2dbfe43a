"""Asking the queue server over the bus: the same command, with the same id, until it answers.

A lost answer costs nothing but time: the server answers one id with one reply for ever
(`config.wire.commands`), so asking again can never do a thing twice.
"""

import asyncio
import uuid
from types import TracebackType
from typing import Self

import msgspec

from config.wire import topics
from config.wire.bus import Bus
from config.wire.commands import Command, Reply

TIMEOUT = 3.0
"""Seconds to wait for an answer before asking again."""

TRIES = 3


class NoAnswerError(TimeoutError):
    """The line is down, or nobody answered; whether the command was done is not known."""


def new_id() -> str:
    """An id for a command, made once and kept for every repetition of it."""
    return uuid.uuid4().hex


class Asker:
    """Sends commands and finds each one's reply; any number may be under way at once.

    async with Asker(bus, "boai") as ask:
        reply = await ask(CallNext(id=new_id(), window="W3"))
    """

    def __init__(
        self, bus: Bus, hall_id: str, *, timeout: float = TIMEOUT, tries: int = TRIES
    ) -> None:
        self._bus = bus
        self._command = topics.own_command(hall_id, bus.client)
        self._reply = topics.reply(hall_id, bus.client)
        self._timeout = timeout
        self._tries = tries
        self._open: dict[str, _Question] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        ready = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._read_replies(ready), name="replies"),
            asyncio.create_task(self._repeat_on_return(), name="repeats"),
        ]
        await ready.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    async def __call__(self, command: Command) -> Reply:
        """The server's reply, which may well be a refusal.

        Raises:
            NoAnswerError: after `tries` times `timeout` seconds.
        """
        question = self._open.get(command.id)
        if question is None:
            signed = msgspec.structs.replace(command, client=self._bus.client)
            question = self._open[command.id] = _Question(msgspec.Raw(msgspec.json.encode(signed)))
        question.askers += 1
        try:
            return await self._insist(question)
        finally:
            question.askers -= 1
            if not question.askers:
                self._open.pop(command.id, None)

    async def _insist(self, question: "_Question") -> Reply:
        for _ in range(self._tries):
            await self._bus.publish(self._command, question.body)
            await asyncio.wait([question.reply], timeout=self._timeout)
            if question.reply.done():
                return question.reply.result()
        raise NoAnswerError(
            "nobody answered" if self._bus.up else "the line to the queue server is down"
        )

    async def _read_replies(self, ready: asyncio.Event) -> None:
        async with self._bus.subscribe(self._reply) as deliveries:
            ready.set()
            async for delivery in deliveries:
                reply: Reply = delivery.message
                question = self._open.get(reply.id or "")
                if question is not None and not question.reply.done():
                    question.reply.set_result(reply)

    async def _repeat_on_return(self) -> None:
        async with self._bus.line() as line:
            await anext(line)
            async for up in line:
                for question in list(self._open.values()) if up else ():
                    await self._bus.publish(self._command, question.body)


class _Question:
    """A command under way; several may wait for the one reply."""

    def __init__(self, body: msgspec.Raw) -> None:
        self.body = body
        self.askers = 0
        self.reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()


async def ask(
    bus: Bus, hall_id: str, command: Command, *, timeout: float = TIMEOUT, tries: int = TRIES
) -> Reply:
    """Ask once in a while; who asks often keeps an `Asker` open.

    Raises:
        NoAnswerError: the line is down or nobody answered.
    """
    async with Asker(bus, hall_id, timeout=timeout, tries=tries) as asker:
        return await asker(command)
