"""Colorlight 5A-75B receiver cards: raw Ethernet frames with rows of dots for HUB75 panels.

The card answers nothing while it shows; dots go out in rows, then one frame says "show". It needs
an interface of its own (a gigabit link straight into the card) and the right to send raw frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from firmware_bridge.codecs.stream import ProtocolError

CARD, HOST = bytes.fromhex("112233445566"), bytes.fromhex("222233445566")
MOST_DOTS = 497
_SHOW_SIZE, _LOOK_SIZE, _LIGHT_SIZE = 98, 270, 63

Dot = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Brightness:
    level: int


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of one row, `offset` dots from the left."""

    row: int
    offset: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Display:
    """Show what was sent."""

    brightness: int
    colours: Dot


@dataclass(frozen=True, slots=True)
class Look:
    """Who is there?"""


@dataclass(frozen=True, slots=True)
class Here:
    """A card's answer to Look."""

    data: bytes


Message = Brightness | Row | Display | Look | Here


def encode(message: Message) -> bytes:
    """The whole Ethernet frame."""
    out, back = CARD + HOST, HOST + CARD
    match message:
        case Brightness(level):
            payload = bytes((level, level, 0xFF))
            return out + bytes((0x0A, level)) + payload.ljust(_LIGHT_SIZE, b"\0")
        case Row(row, offset, dots):
            if len(dots) > MOST_DOTS:
                raise ProtocolError("too many dots for one frame")
            head = bytes((0x55, row >> 8, row & 0xFF)) + offset.to_bytes(2, "big")
            head += len(dots).to_bytes(2, "big") + b"\x08\x88"
            return out + head + bytes(part for r, g, b in dots for part in (b, g, r))
        case Display(brightness, (red, green, blue)):
            payload = bytes(11) + bytes((brightness, 5, 0, red, green, blue))
            return out + b"\x01\x07" + payload.ljust(_SHOW_SIZE, b"\0")
        case Look():
            return out + b"\x07\x00" + bytes(_LOOK_SIZE)
        case Here(data):
            return back + b"\x08\x05" + data


def decode(frame: bytes) -> Message:
    """What a frame says.

    Raises:
        ProtocolError: not one of the card's frames, or a length that does not fit.
    """
    if len(frame) < 14:
        raise ProtocolError("no whole frame")
    kind, low, payload = frame[12], frame[13], frame[14:]
    if (kind, low) == (0x08, 0x05):
        return Here(payload)
    if frame[:12] != CARD + HOST:
        raise ProtocolError("for somebody else")
    if kind == 0x55:
        return _row(low, payload)
    if kind == 0x0A and len(payload) == _LIGHT_SIZE:
        return Brightness(low)
    if (kind, low) == (0x01, 0x07) and len(payload) == _SHOW_SIZE:
        return Display(payload[11], (payload[14], payload[15], payload[16]))
    if (kind, low) == (0x07, 0x00) and len(payload) == _LOOK_SIZE:
        return Look()
    raise ProtocolError("unknown frame or wrong length")


def _row(high: int, payload: bytes) -> Row:
    if len(payload) < 7 or payload[5:7] != b"\x08\x88":
        raise ProtocolError("row header")
    count, dots = int.from_bytes(payload[3:5], "big"), payload[7:]
    if count > MOST_DOTS or len(dots) != 3 * count:
        raise ProtocolError("dot count is wrong")
    triples = ((dots[at + 2], dots[at + 1], dots[at]) for at in range(0, len(dots), 3))
    return Row(high << 8 | payload[0], int.from_bytes(payload[1:3], "big"), tuple(triples))


def picture(rows: Sequence[Sequence[Dot]]) -> list[bytes]:
    """The frames that show a picture, the last one being "show"."""
    frames = [
        encode(Row(number, offset, tuple(row[offset : offset + MOST_DOTS])))
        for number, row in enumerate(rows)
        for offset in range(0, len(row), MOST_DOTS)
    ]
    return [*frames, encode(Display(255, (255, 255, 255)))]
