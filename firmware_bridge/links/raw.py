"""A raw Ethernet interface, for receiver cards that are fed frame by frame."""

import asyncio
import socket

from firmware_bridge.links.link import Link, LinkError

_ALL = 3
MOST = 2048


class RawLink:
    """Whole frames out and in; needs CAP_NET_RAW."""

    def __init__(self, interface: str) -> None:
        try:
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
            self._socket.bind((interface, 0))
        except PermissionError:
            raise LinkError(f"{interface}: raw frames need CAP_NET_RAW") from None
        except OSError as error:
            raise LinkError(f"{interface}: {error.strerror}") from None
        self._socket.setblocking(False)
        self._name = interface

    async def read(self) -> bytes:
        try:
            return await asyncio.get_running_loop().sock_recv(self._socket, MOST)
        except OSError as error:
            raise LinkError(f"{self._name}: {error.strerror}") from None

    async def write(self, data: bytes) -> None:
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, data)
        except OSError as error:
            raise LinkError(f"{self._name}: {error.strerror}") from None

    async def close(self) -> None:
        self._socket.close()


def open_raw(interface: str) -> Link:
    """Open ``interface``.

    Raises:
        LinkError: not there or not allowed.
    """
    return RawLink(interface)
