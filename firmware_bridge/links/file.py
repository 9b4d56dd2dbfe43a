"""A file as a line: a device node that talks back, or a plain file that only takes."""

import asyncio
import os
import stat
from pathlib import Path

from firmware_bridge.links.fd import FdLink
from firmware_bridge.links.link import Link, LinkError


class FileLink:
    """Appends to a plain file; nothing ever comes back."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise LinkError(f"{path}: {error.strerror}") from None
        self._path = path
        self._never = asyncio.Event()

    async def read(self) -> bytes:
        await self._never.wait()
        raise LinkError(f"{self._path}: closed")

    async def write(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except (OSError, ValueError) as error:
            raise LinkError(f"{self._path}: {error}") from None

    async def close(self) -> None:
        self._file.close()
        self._never.set()


def open_file(path: Path) -> Link:
    """A device node (/dev/usb/lp0) both ways, anything else as a file to append to."""
    try:
        if stat.S_ISCHR(path.stat().st_mode):
            return FdLink(os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY), str(path))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise LinkError(f"{path}: {error.strerror}") from None
    return FileLink(path)
