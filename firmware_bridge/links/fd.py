"""A line that the operating system shows as a file descriptor: serial port, pty, /dev/usb/lp0."""

import asyncio
import contextlib
import os
import tty
from collections.abc import Callable

from firmware_bridge.links.link import LinkError

CHUNK = 4096


class FdLink:
    """Reads and writes a non-blocking descriptor from the event loop."""

    def __init__(self, fd: int, name: str, on_close: Callable[[], None] | None = None) -> None:
        os.set_blocking(fd, False)
        self._fd = fd
        self._name = name
        self._on_close = on_close or (lambda: os.close(fd))
        self._open = True

    async def read(self) -> bytes:
        while self._open:
            # Wait first: a serial port answers a read of nothing with nothing, as if unplugged.
            await self._ready(writing=False)
            try:
                data = os.read(self._fd, CHUNK)
            except BlockingIOError:
                continue
            except OSError as error:
                raise LinkError(f"{self._name}: {error.strerror}") from None
            if not data:
                raise LinkError(f"{self._name}: unplugged")
            return data
        raise LinkError(f"{self._name}: closed")

    async def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            if not self._open:
                raise LinkError(f"{self._name}: closed")
            try:
                view = view[os.write(self._fd, view) :]
            except BlockingIOError:
                await self._ready(writing=True)
            except OSError as error:
                raise LinkError(f"{self._name}: {error.strerror}") from None

    async def close(self) -> None:
        if self._open:
            self._open = False
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._fd)
            loop.remove_writer(self._fd)
            with contextlib.suppress(OSError):
                self._on_close()

    async def _ready(self, *, writing: bool) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        add, remove = (
            (loop.add_writer, loop.remove_writer)
            if writing
            else (loop.add_reader, loop.remove_reader)
        )

        def wake() -> None:
            if not ready.done():
                ready.set_result(None)

        add(self._fd, wake)
        try:
            await ready
        finally:
            if self._open:
                remove(self._fd)


class Pty:
    """A pseudo-terminal: `link` is our end, `path` is what a driver opens as a serial port."""

    def __init__(self) -> None:
        master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self.link = FdLink(master, self.path)

    async def close(self) -> None:
        """Pull the plug: whoever has the port open finds it gone."""
        await self.link.close()
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1
