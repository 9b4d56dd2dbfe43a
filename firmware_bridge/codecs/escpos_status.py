"""ESC/POS: what a receipt printer answers about itself.

Three kinds of answer share the line, told apart by their fixed bits:

* DLE EOT n, one byte, ``b & 93h == 12h``: answered at once, even offline;
* automatic status (GS a), four bytes, the first ``b & 93h == 10h``: sent when something changes;
* GS r 1, one byte, ``b & F0h == 0``: answered when everything printed before it is done.

Sensors: near end is "change the roll soon" and printing goes on; some printers set only one of
its two bits, so either counts.
"""

from dataclasses import dataclass
from enum import StrEnum

from firmware_bridge.codecs.stream import MORE, Noise, ProtocolError, Step

AUTO_ON, AUTO_OFF = b"\x1da\xff", b"\x1da\x00"
PAPER_AFTER = b"\x1dr\x01"
"""GS r 1: tell the paper status when all before is printed."""


def ask(n: int) -> bytes:
    """DLE EOT n: 1 printer, 2 why offline, 3 error, 4 paper."""
    return bytes((0x10, 0x04, n))


class Trouble(StrEnum):
    """What can be wrong with a printer, worst first."""

    COVER_OPEN = "cover-open"
    PAPER_OUT = "paper-out"
    CUTTER = "cutter-error"
    ERROR = "error"
    OFFLINE = "offline"
    NEAR_END = "near-end"


@dataclass(frozen=True, slots=True)
class RealTime:
    """Answer to a DLE EOT; what the bits mean depends on which one was asked."""

    bits: int

    def troubles(self, asked: int) -> frozenset[Trouble]:
        """What this answer to DLE EOT `asked` complains of."""
        return frozenset(t for bits, t in _REAL_TIME[asked] if self.bits & bits)


_REAL_TIME = {
    1: ((0x08, Trouble.OFFLINE),),
    2: ((0x04, Trouble.COVER_OPEN), (0x20, Trouble.PAPER_OUT), (0x40, Trouble.ERROR)),
    3: (
        (0x04, Trouble.ERROR),
        (0x08, Trouble.CUTTER),
        (0x20, Trouble.ERROR),
        (0x40, Trouble.ERROR),
    ),
    4: ((0x0C, Trouble.NEAR_END), (0x60, Trouble.PAPER_OUT)),
}


@dataclass(frozen=True, slots=True)
class Automatic:
    """Automatic status: everything at once."""

    troubles: frozenset[Trouble]


@dataclass(frozen=True, slots=True)
class Done:
    """Answer to GS r 1: the printer has come this far."""

    troubles: frozenset[Trouble]


@dataclass(frozen=True, slots=True)
class Named:
    """Answer to GS I: maker or model."""

    name: str


Answer = RealTime | Automatic | Done | Named

_AUTOMATIC = (
    (0, 0x08, Trouble.OFFLINE),
    (0, 0x20, Trouble.COVER_OPEN),
    (1, 0x04, Trouble.ERROR),
    (1, 0x08, Trouble.CUTTER),
    (1, 0x20, Trouble.ERROR),
    (1, 0x40, Trouble.ERROR),
    (2, 0x03, Trouble.NEAR_END),
    (2, 0x0C, Trouble.PAPER_OUT),
)
_LONGEST_NAME = 80


def parse(buffer: bytes) -> Step[Answer]:
    """First answer in `buffer` (see `stream`)."""
    first = buffer[0]
    if first & 0x93 == 0x12:
        return RealTime(first), 1
    if first & 0x93 == 0x10:
        return _automatic(buffer)
    if first & 0xF0 == 0:
        return Done(_paper(first)), 1
    if first == 0x5F:
        end = buffer.find(b"\0", 0, _LONGEST_NAME)
        if end < 0:
            return MORE if len(buffer) < _LONGEST_NAME else (Noise("name without end"), 1)
        name = buffer[1:end]
        return (Named(name.decode("ascii")), end + 1) if name.isascii() else (Noise("name"), 1)
    return Noise("no status answer"), 1


def real_time(data: bytes) -> RealTime:
    """`data` as the answer to a DLE EOT.

    Raises:
        ProtocolError: the fixed bits are wrong.
    """
    if len(data) != 1 or data[0] & 0x93 != 0x12:
        raise ProtocolError("no answer to DLE EOT")
    return RealTime(data[0])


def _automatic(buffer: bytes) -> Step[Answer]:
    if any(byte & 0x90 for byte in buffer[1:4]):
        return Noise("broken automatic status"), 1
    if len(buffer) < 4:
        return MORE
    return Automatic(frozenset(t for at, bits, t in _AUTOMATIC if buffer[at] & bits)), 4


def _paper(bits: int) -> frozenset[Trouble]:
    near = {Trouble.NEAR_END} if bits & 0x03 else set()
    return frozenset(near | ({Trouble.PAPER_OUT} if bits & 0x0C else set()))
