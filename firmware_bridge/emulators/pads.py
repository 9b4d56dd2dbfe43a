"""A call pad and a rating pad that are not there.

Written from the frame description, apart from the driver's codec. A pad says its key, waits 80 ms
for the same frame to come back and repeats it twice; it takes what the host shows on its display,
and ignores frames with a wrong sum or for somebody else.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Self

from config.hall import Device
from firmware_bridge.links.link import Link

KEYS = {
    "start": 0x0A, "wait": 0x0B, "call": 0x0C, "recall": 0x0D, "cancel": 0x0E, "function": 0x0F,
    "line": 0x11, "pause": 0x12, "transfer": 0x13,
}  # fmt: skip
ANSWER_SECONDS = 0.08


def _frame(*body: int) -> bytes:
    return bytes([0xFF, 0x68, len(body), len(body), 0x68, *body, sum(body) % 256, 0x16])


class PadEmulator:
    """One pad with `address`; what its display shows and whether it beeped can be looked at."""

    def __init__(self, address: int = 1, *, repeats: int = 2) -> None:
        self.address = address
        self.display = ""
        """The six places as they stand, blanks as spaces."""
        self.beeps = 0
        self.verdicts: list[bool] = []
        self.asked_for_rating = 0
        self.acknowledged = 0
        self.bad_sums = 0
        self._repeats = repeats
        self._link: Link | None = None
        self._buffer = b""
        self._answered = asyncio.Event()
        self._answer: tuple[bytes, ...] = ()
        self._plugged = asyncio.Event()

    @classmethod
    def for_device(cls, device: Device) -> Self:
        """The pad that a hall file describes."""
        return cls(device.address or 1)

    async def run(self, link: Link) -> None:
        """Sit on the bus until it is unplugged."""
        self._link, self._buffer = link, b""
        self._plugged.set()
        try:
            while True:
                self._buffer += await link.read()
                for body, raw in self._frames():
                    self._take(body, raw)
        finally:
            self._link = None
            self._plugged.clear()

    async def press(self, key: str, digits: str = "") -> bool:
        """Press a key after some digits; answers whether the host acknowledged it."""
        frame = _frame(self.address, 0x01, *map(int, digits), KEYS[key])
        return await self._insist(frame, (frame,))

    async def rate(self, value: int) -> bool:
        """Press a rating key, 0 worst; either acknowledge form satisfies the pad."""
        long = _frame(self.address, 0x01, value)
        short = _frame(self.address, 0x01)[1:]
        return await self._insist(_frame(self.address, 0x11, value), (long, short))

    async def _insist(self, frame: bytes, answers: tuple[bytes, ...]) -> bool:
        while self._link is None:
            await self._plugged.wait()
        self._answered.clear()
        self._answer = answers
        link = self._link
        for _ in range(1 + self._repeats):
            await link.write(frame)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._answered.wait()
                    self.acknowledged += 1
                    return True
        return False

    def _frames(self) -> Iterator[tuple[bytes, bytes]]:
        """Good frames of the buffer: ADDR FUNC DATA, and the frame as it came."""
        while True:
            at = self._buffer.find(b"\x68")
            if at < 0 or len(self._buffer) < at + 3:
                self._buffer = self._buffer[max(at, 0) :] if at >= 0 else b""
                return
            length = self._buffer[at + 1]
            end = at + 4 + length + 2
            if not 2 <= length <= 40 or self._buffer[at + 2] != length:
                self._buffer = self._buffer[at + 1 :]
                continue
            if len(self._buffer) < end:
                return
            body, raw = self._buffer[at + 4 : end - 2], self._buffer[at:end]
            lead = at > 0 and self._buffer[at - 1] == 0xFF
            if sum(body) % 256 == raw[-2] and raw[-1] in (0x16, 0x00):
                self._buffer = self._buffer[end:]
                yield body, (b"\xff" + raw) if lead else raw
            else:
                self.bad_sums += 1
                self._buffer = self._buffer[at + 1 :]

    def _take(self, body: bytes, raw: bytes) -> None:
        if body[0] != self.address:
            return
        if raw in self._answer:
            self._answered.set()
            return
        match body[1], tuple(body[2:]):
            case 0x02, places if len(places) == 6:
                self.display = "".join(" " if p == 0x0A else str(p) for p in places)
            case 0x02, (0 | 1 as good,):
                self.verdicts.append(bool(good))
            case 0x03, ():
                self.beeps += 1
            case 0x01, (0x0B,):
                self.asked_for_rating += 1
