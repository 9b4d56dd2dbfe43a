"""PC/SC card readers through pyscard: any reader that the system's pcscd knows, hot-plugged.

pyscard's calls block, so each `Slot` has one thread. Without pcscd or the extra ``card`` there is
simply no reader, which is a status and no crash.
"""

import asyncio
import importlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from firmware_bridge.links.link import LinkError

CONNECT_SECONDS = 3.0
APDU_SECONDS = 2.0


class NoCardError(Exception):
    """The reader is there, and nothing is on it."""


class Slot:
    """One reader, by a part of its name; the first one when the part is empty."""

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="pcsc")
        self._context: Any = None
        self._card: Any = None
        self._protocol = 0

    async def connect(self) -> None:
        """Power the card up.

        Raises:
            NoCardError: nothing on the reader.
            LinkError: no reader, no pcscd, no pyscard.
        """
        await self._call(CONNECT_SECONDS, self._connect)

    async def transmit(self, command: bytes) -> bytes:
        """One command, one answer.

        Raises:
            NoCardError: the card was taken away.
            LinkError: the reader was.
        """
        return bytes(await self._call(APDU_SECONDS, self._transmit, command))

    async def disconnect(self) -> None:
        """Let go of the card, leaving it powered as it is."""
        await self._call(CONNECT_SECONDS, self._disconnect)

    def close(self) -> None:
        """No more calls."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def _call(self, seconds: float, act: Any, *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                return await loop.run_in_executor(self._worker, act, *arguments)
        except TimeoutError:
            # The thread may hang inside the reader's driver; leave it there and take a new one.
            self.close()
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="pcsc")
            self._card = self._context = None
            raise LinkError("the card reader does not answer") from None

    def _connect(self) -> None:
        self._disconnect()
        scard = _scard()
        result, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if result:
            self._context = None
            raise LinkError("no card service: is pcscd running?")
        result, names = scard.SCardListReaders(self._context, [])
        name = next((name for name in names or () if self._name in name), None)
        if result or name is None:
            raise LinkError(f"no card reader {self._name or 'at all'}: is it plugged in?")
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        result, self._card, self._protocol = scard.SCardConnect(
            self._context, name, scard.SCARD_SHARE_SHARED, protocols
        )
        if result:
            self._card = None
            raise NoCardError

    def _transmit(self, command: bytes) -> bytes:
        scard = _scard()
        if self._card is None:
            raise NoCardError
        header = {
            scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0,
            scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1,
        }[self._protocol]
        result, answer = scard.SCardTransmit(self._card, header, list(command))
        if result:
            raise NoCardError
        return bytes(answer)

    def _disconnect(self) -> None:
        """Errors do not matter here: the card, the reader or the service may be gone already."""
        if self._card is not None:
            scard = _scard()
            scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD)
        if self._context is not None:
            _scard().SCardReleaseContext(self._context)
        self._card = self._context = None


def _scard() -> Any:
    """pyscard's thin layer over the system's library: result codes, no exceptions."""
    try:
        return importlib.import_module("smartcard.scard")
    except ImportError:
        raise LinkError("card readers need the extra 'card' (pyscard)") from None
