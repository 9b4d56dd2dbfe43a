"""Lines over the network."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from firmware_bridge.links.fd import CHUNK
from firmware_bridge.links.link import Link, LinkError

CONNECT_SECONDS = 3.0


class TcpLink:
    """One TCP connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._name = name

    async def read(self) -> bytes:
        try:
            data = await self._reader.read(CHUNK)
        except OSError as error:
            raise LinkError(f"{self._name}: {error.strerror or 'connection lost'}") from None
        if not data:
            raise LinkError(f"{self._name}: connection closed by the device")
        return data

    async def write(self, data: bytes) -> None:
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as error:
            raise LinkError(f"{self._name}: {error.strerror or 'connection lost'}") from None

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


async def connect(host: str, port: int) -> Link:
    """Open a TCP connection, or say in a few seconds that there is none."""
    name = f"{host}:{port}"
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        raise LinkError(f"{name}: no answer; is it switched on and on this network?") from None
    except OSError as error:
        raise LinkError(f"{name}: {error.strerror or error}") from None
    return TcpLink(reader, writer, name)


@asynccontextmanager
async def listen(
    serve: Callable[[Link], Awaitable[None]], host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[int]:
    """Serve each TCP connection with `serve`; yields the port."""

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = TcpLink(reader, writer, "client")
        try:
            await serve(link)
        except LinkError:
            return
        finally:
            await link.close()

    # asyncio's own server would cancel its handlers loudly; ours end with the context.
    running: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(each(reader, writer))
        running.add(task)
        task.add_done_callback(running.discard)

    server = await asyncio.start_server(accept, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await server.wait_closed()
