"""A card made of software, on the socket of the virtual reader (vpcd).

It has the files of a social-security card, asks for the right length as real ones do, and can be
a plain UID card. For test machines only: vpcd listens to everybody.
"""

import asyncio

from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.links.net import connect

_ATR = bytes.fromhex("3b8f8001804f0ca000000306030001000000006a")
_NAME = b"sx1.sh." + "社会保障".encode("gbk")


class SmartCardEmulator:
    """One card. `number` empty makes it a UID card; `fetch` answers by 61 xx, else by 6C xx."""

    def __init__(
        self, number: str = "999999199003070012", name: str = "测试甲", *, fetch: bool = False
    ) -> None:
        self.uid = bytes.fromhex("04a1b2c3")
        self._fetch = fetch
        self._files = {
            0xEF05: {0x07: b"A12345678"},
            0xEF06: {0x08: number.encode(), 0x09: name.encode("gbk").ljust(30, b"\0")},
        }
        self._social = bool(number)
        self._file = 0
        self._waiting = b""

    def answer(self, command: bytes) -> bytes:
        """The card's answer to one command."""
        head, tail = command[:4], command[4:]
        match tuple(head):
            case (0xFF, 0xCA, 0x00, 0x00):
                return self.uid + b"\x90\x00"
            case (0x00, 0xA4, 0x04, 0x00):
                good = self._social and tail[1 : 1 + tail[0]] == _NAME
                return b"\x90\x00" if good else b"\x6a\x82"
            case (0x00, 0xA4, 0x02, 0x00):
                self._file = int.from_bytes(tail[1:3], "big")
                return b"\x90\x00" if self._file in self._files else b"\x6a\x82"
            case (0x00, 0xC0, 0x00, 0x00):
                return self._waiting[: tail[0] or None] + b"\x90\x00"
            case (0x00, 0xB2, tag, 0x00):
                return self._record(tag, tail[0] if tail else 0)
        return b"\x6d\x00"

    def _record(self, tag: int, wanted: int) -> bytes:
        value = self._files.get(self._file, {}).get(tag)
        if value is None:
            return b"\x6a\x83"
        record = bytes((tag, len(value))) + value
        if self._fetch:
            self._waiting = record
            return bytes((0x61, len(record)))
        if wanted != len(record):
            return bytes((0x6C, len(record)))
        return record + b"\x90\x00"

    async def run(self, link: Link) -> None:
        """Sit in the virtual reader until pulled out."""
        buffer = b""
        while True:
            buffer += await link.read()
            while len(buffer) >= 2 and len(buffer) >= 2 + int.from_bytes(buffer[:2], "big"):
                end = 2 + int.from_bytes(buffer[:2], "big")
                message, buffer = buffer[2:end], buffer[end:]
                answer = self._take(message)
                if answer:
                    await link.write(len(answer).to_bytes(2, "big") + answer)

    def _take(self, message: bytes) -> bytes:
        if len(message) > 1:
            return self.answer(message)
        return _ATR if message == b"\x04" else b""


async def insert(card: SmartCardEmulator, port: int = 35963) -> "asyncio.Task[None]":
    """Put `card` into the virtual reader; cancel the task to take it out."""
    link = await connect("127.0.0.1", port)

    async def sit() -> None:
        try:
            await card.run(link)
        except LinkError:
            return
        finally:
            await link.close()

    return asyncio.create_task(sit())
