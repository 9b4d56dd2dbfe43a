"""A network cable for tests: a line that can be cut, or go silent, while both its ends stay."""

import asyncio
from types import TracebackType
from typing import Self

from tests.helpers import wait_until


class Cable:
    """A TCP line from `port` to the local port `to`."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._whole = True
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.joined = 0
        """Connections taken so far."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
        self._flowing.set()
        self.cut()
        await wait_until(lambda: not self._writers, "the cable's ends")

    def cut(self) -> None:
        """Reset both ends; new connections end at once."""
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        self._whole = True

    def freeze(self) -> None:
        """Let nothing through and tell nobody: a switch without power, a hung broker."""
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    async def _join(self, near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        self._writers.add(answer)
        self.joined += 1
        try:
            if self._whole:
                far, ask = await asyncio.open_connection("127.0.0.1", self._to)
                self._writers.add(ask)
                async with asyncio.TaskGroup() as ways:
                    ways.create_task(self._copy(near, ask))
                    ways.create_task(self._copy(far, answer))
                self._writers.discard(ask)
        except OSError:
            pass  # the broker is down: so is the line
        finally:
            answer.transport.abort()
            self._writers.discard(answer)

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                await self._flowing.wait()
                sink.write(data)
                await sink.drain()
        except OSError:
            pass  # torn
        finally:
            sink.transport.abort()
