"""An identity card reader that is not there.

Written from the frame and status tables. It wants find before select before read, refuses what a
reader refuses, and can dribble its answers, put noise in front of them, fall silent, or have its
card pulled away in the middle of a read.
"""

import asyncio
import random
from dataclasses import dataclass
from typing import Self

from config.hall import Device
from firmware_bridge.links.link import Link

_START = bytes((0xAA, 0xAA, 0xAA, 0x96, 0x69))
FAULTS = ("silent", "noise", "slow", "half", "spoilt", "self-test", "pull", "forged")


@dataclass(slots=True, repr=False)
class Person:
    """What is on a card. `layout` is blank, J, I or Y."""

    number: str
    name: str = "测试甲"
    layout: str = " "
    latin_name: str = "SAMPLE, ALEX"
    born: str = "19900307"
    valid_until: str = "20301231"

    def record(self) -> bytes:
        """256 bytes of text by the layout's own table."""
        page = bytearray(b" \0" * 128)

        def put(byte: int, text: str) -> None:
            units = text.encode("utf-16-le")
            page[byte : byte + len(units)] = units

        if self.layout == "I":
            for at, text in (
                (0, self.latin_name), (120, "1"), (122, self.number), (152, "USA"),
                (158, self.name), (188, "20200101"), (204, self.valid_until), (220, self.born),
                (236, "01"), (240, "1500"),
            ):  # fmt: skip
                put(at, text)
        else:
            for at, text in (
                (0, self.name), (30, "2"), (36, self.born), (122, self.number),
                (188, "20200101"), (204, self.valid_until),
            ):  # fmt: skip
                put(at, text)
            if self.layout == "Y":
                put(32, "01")
                put(52, self.latin_name)
                put(242, "USA")
            else:
                put(32, "01" if self.layout == " " else "  ")
                put(52, "某省某市某路1号")
                put(158, "某市公安局")
            if self.layout == "J":
                put(220, "H12345678")
                put(238, "01")
        put(248, self.layout)
        return bytes(page)


class ReaderEmulator:
    """One reader. `keeps_answering` tells the two kinds of modules apart: after a good read one
    goes on finding the card that lies there, the other says "no card" until it is lifted."""

    def __init__(self, *, keeps_answering: bool = True) -> None:
        self.faults: set[str] = set()
        self.reads = 0
        self.resets = 0
        self.bad_frames = 0
        self._keeps_answering = keeps_answering
        self._card: Person | None = None
        self._found = self._selected = self._spent = False
        self._rng = random.Random(7)

    @classmethod
    def for_device(cls, _: Device) -> Self:
        """The reader that a hall file describes."""
        return cls()

    def put(self, person: Person) -> None:
        """Lay a card on the reader."""
        self._card, self._spent = person, False
        self._found = self._selected = False

    def lift(self) -> None:
        """Take the card away."""
        self._card = None
        self._found = self._selected = self._spent = False

    async def run(self, link: Link) -> None:
        """Serve one line until it breaks."""
        buffer = b""
        while True:
            buffer += await link.read()
            while True:
                at = buffer.find(_START)
                if at < 0:
                    buffer = buffer[-4:]
                    break
                buffer = buffer[at:]
                size = int.from_bytes(buffer[5:7], "big")
                if len(buffer) < 7 or (size <= 512 and len(buffer) < 7 + size):
                    break
                await self._serve(link, size, buffer[7 : 7 + size])
                buffer = buffer[7 + size if size <= 512 else 7 :]

    async def _serve(self, link: Link, size: int, body: bytes) -> None:
        check = size >> 8 ^ size & 0xFF
        for byte in body[:-1]:
            check ^= byte
        if not 2 <= size <= 512:
            answer = self._frame(0x11)
        elif check != body[-1]:
            self.bad_frames += 1
            answer = self._frame(0x10)
        else:
            answer = self._answer(body[:-1])
        if "silent" not in self.faults:
            await self._send(link, answer)

    def _answer(self, body: bytes) -> bytes:
        if "self-test" in self.faults and body[0] != 0x10:
            return self._frame(0x60)
        match tuple(body[:2]):
            case (0x10, 0xFF):
                self.resets += 1
                self._found = self._selected = False
                return self._frame(0x90)
            case (0x11, 0xFF) | (0x61, 0xFF):
                return self._frame(0x90)
            case (0x12, 0xFF):
                return self._frame(0x90, bytes.fromhex("05000100d1320b00e8030000d2040000"))
            case (0x20, 0x01):
                return self._find()
            case (0x20, 0x02):
                return self._select()
            case (0x30, 0x01):
                return self._read()
            case (0x30, 0x03):
                return self._frame(0x91)
            case (0x60, speed) if speed <= 4:
                return self._frame(0x90)
        return self._frame(0x21)

    def _find(self) -> bytes:
        self._selected = False
        if self._card is None or self._spent:
            return self._frame(0x80)
        self._found = True
        return self._frame(0x9F, bytes(4))

    def _select(self) -> bytes:
        if not self._found or self._card is None:
            return self._frame(0x81)
        self._selected = True
        return self._frame(0x90, bytes(8))

    def _read(self) -> bytes:
        if "pull" in self.faults:
            self.lift()
        if self._card is None or not self._selected:
            return self._frame(0x41)
        self._found = self._selected = False
        if "forged" in self.faults:
            return self._frame(0x32)
        self.reads += 1
        self._spent = not self._keeps_answering
        # A real photo may well hold the bytes that begin a frame.
        photo = ((_START + b"PHOTO!") * 94)[:1024]
        return self._frame(0x90, b"\x01\x00\x04\x00" + self._card.record() + photo)

    def _frame(self, status: int, data: bytes = b"") -> bytes:
        inner = (4 + len(data)).to_bytes(2, "big") + bytes((0, 0, status)) + data
        check = 0
        for byte in inner:
            check ^= byte
        return _START + inner + bytes((check,))

    async def _send(self, link: Link, answer: bytes) -> None:
        if "noise" in self.faults:
            await link.write(self._rng.randbytes(9) + b"\xaa\xaa\xaa")
        if "half" in self.faults:
            self.faults.discard("half")
            answer = answer[: len(answer) // 2]
        if "spoilt" in self.faults:
            self.faults.discard("spoilt")
            answer = answer[:-2] + bytes((answer[-2] ^ 1, answer[-1]))
        if "slow" not in self.faults:
            await link.write(answer)
            return
        while answer:
            size = self._rng.randint(1, 16)
            await link.write(answer[:size])
            answer = answer[size:]
            await asyncio.sleep(0)
