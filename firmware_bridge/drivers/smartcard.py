"""Social-security cards and plain UID cards on a PC/SC reader of a kiosk.

Used like the identity card reader: `sights` tells what happens. A social-security card is known by
its application, never by its answer to reset, which differs by issuer. A card without that
application is identified by its UID alone. What needs a PSAM (balances, certificates) is not read.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.codecs import cardapdu
from firmware_bridge.codecs.cardapdu import Command, Response
from firmware_bridge.codecs.stream import ProtocolError
from firmware_bridge.drivers.reader import Problem, Removed
from firmware_bridge.links.link import LinkError
from firmware_bridge.links.pcsc import NoCardError, Slot

POLL_SECONDS = 0.4
_WANTED = ((cardapdu.EF06, 0x08), (cardapdu.EF06, 0x09), (cardapdu.EF05, 0x07))
_MOST_STEPS = 4

Transmit = Callable[[bytes], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, repr=False)
class SmartCard:
    """What a smart card says; never shown by ``repr``."""

    number: str = ""
    """Social-security number, which is the citizen number; empty for a UID card."""
    name: str = ""
    card_number: str = ""
    uid: str = ""

    def __repr__(self) -> str:
        return f"SmartCard({'social security' if self.number else 'uid'})"


@dataclass(frozen=True, slots=True)
class Tapped:
    """A card was put on the reader and read."""

    card: SmartCard


async def read_card(transmit: Transmit) -> SmartCard | None:
    """Read whatever card is there; None for one that tells nothing of itself.

    Raises:
        NoCardError: it was taken away.
    """
    selected = await _ask(transmit, cardapdu.select_application())
    if selected.status == cardapdu.GOOD:
        found: dict[str, str] = {}
        for file, tag in _WANTED:
            if await _select(transmit, file):
                found.update(await _field(transmit, file, tag))
        if found.get("number"):
            return SmartCard(found["number"], found.get("name", ""), found.get("card_number", ""))
    answer = await _ask(transmit, cardapdu.decode(cardapdu.GET_UID))
    try:
        return SmartCard(uid=cardapdu.uid(answer))
    except ProtocolError:
        return None


async def _select(transmit: Transmit, file: int) -> bool:
    for p1 in (0x02, 0x00):
        answer = await _ask(transmit, cardapdu.select_file(file, p1))
        if answer.status == cardapdu.GOOD:
            return True
    return False


async def _field(transmit: Transmit, file: int, tag: int) -> dict[str, str]:
    answer = await _ask(transmit, cardapdu.read_record(tag))
    if answer.status != cardapdu.GOOD:
        return {}
    try:
        return dict((cardapdu.field(file, answer.data),))
    except ProtocolError:
        return {}


async def _ask(transmit: Transmit, command: Command) -> Response:
    """The whole answer to `command`, fetching what waits (61) and repeating as asked (6C)."""
    more: Command | None = command
    data = b""
    answer = Response(b"", 0)
    for _ in range(_MOST_STEPS):
        if more is None:
            break
        try:
            answer = cardapdu.response(await transmit(cardapdu.encode(more)))
        except ProtocolError:
            return Response(b"", 0)
        data += answer.data
        more = cardapdu.next_command(more, answer)
    return Response(data, answer.status)


class Cards:
    """One PC/SC reader. Options of the device: ``reader``, a part of its name."""

    def __init__(self, device: Device, poll_seconds: float = POLL_SECONDS) -> None:
        self.health, self.reason = Health.UNKNOWN, "not tried yet"
        self._slot = Slot(str(device.options.get("reader", "")))
        self._poll_seconds = poll_seconds

    async def sights(self) -> AsyncGenerator[Tapped | Removed | Problem, None]:
        """What happens on the reader, for ever."""
        lying = False
        while True:
            try:
                if not lying:
                    await self._slot.connect()
                    sight = await self._tapped()
                    lying = True
                    yield sight
                else:
                    await self._slot.transmit(cardapdu.GET_UID)
                self.health, self.reason = Health.OK, ""
            except NoCardError:
                self.health, self.reason = Health.OK, ""
                await self._slot.disconnect()
                if lying:
                    yield Removed()
                lying = False
            except LinkError as error:
                told = self.health is Health.OFFLINE
                self.health, self.reason, lying = Health.OFFLINE, str(error), False
                await self._slot.disconnect()
                if not told:
                    yield Problem("读卡器暂停使用，请直接取号", str(error), Health.OFFLINE)
            await asyncio.sleep(self._poll_seconds)

    async def _tapped(self) -> Tapped | Problem:
        card = await read_card(self._slot.transmit)
        if card is None:
            return Problem("此卡无法读取，请使用身份证或直接取号", "a card without number or UID")
        return Tapped(card)

    def close(self) -> None:
        """Let go of the reader."""
        self._slot.close()
