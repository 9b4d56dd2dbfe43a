"""FF 68 bus of call pads and rating pads: RS-485, 9600 8N1, pads speak on their own.

Frame: ``FF 68 L L 68 ADDR FUNC DATA... SUM 16``. L counts ADDR, FUNC and DATA and is written
twice; SUM adds ADDR to the last DATA byte. FF is a lead-in; one acknowledge form leaves it out.
Two unrelated programs of deployed halls agree on the frame and on the main keys (JackQChen
QueueSystem in C#, HallQueFront in C++); what a digit and the function key mean together differs
between them, so a site has a table for it (`firmware_bridge.binding`).
"""

from dataclasses import dataclass
from enum import IntEnum

from firmware_bridge.codecs.checksums import sum8
from firmware_bridge.codecs.stream import MORE, Noise, ProtocolError, Step

SHORTEST, LONGEST = 2, 32
BLANK = 0x0A

FROM_KEY = 0x01
"""FUNC of key frames, and of the host's frames that mimic a key."""
SHOW, BEEP, RATED = 0x02, 0x03, 0x11


class Key(IntEnum):
    """Last DATA byte of a key frame."""

    START = 0x0A
    WAIT = 0x0B
    CALL = 0x0C
    RECALL = 0x0D
    CANCEL = 0x0E
    FUNCTION = 0x0F
    LINE = 0x11
    PAUSE = 0x12
    TRANSFER = 0x13


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `lead` tells whether FF stood in front."""

    address: int
    function: int
    data: bytes = b""
    lead: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """A key, and the digits typed before it."""

    address: int
    key: Key
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating key; `value` is the pad's own scale, 0 worst."""

    address: int
    value: int


def encode(frame: Frame) -> bytes:
    """The bytes of `frame`."""
    body = bytes((frame.address, frame.function)) + frame.data
    if len(body) > LONGEST:
        raise ProtocolError("too long for a pad")
    head = bytes((0x68, len(body), len(body), 0x68))
    return (b"\xff" if frame.lead else b"") + head + body + bytes((sum8(body), 0x16))


def parse(buffer: bytes) -> Step[Frame]:
    """First frame of `buffer` (see `stream`). Accepts frames with and without FF."""
    at = buffer.find(b"\x68")
    if at < 0:
        keep = 1 if buffer.endswith(b"\xff") else 0
        return (Noise("noise"), len(buffer) - keep) if len(buffer) > keep else MORE
    start = at - 1 if at and buffer[at - 1] == 0xFF else at
    if start:
        return Noise("noise"), start
    body = at + 4
    if len(buffer) < body:
        return MORE
    length = buffer[at + 1]
    if length != buffer[at + 2] or buffer[at + 3] != 0x68 or not SHORTEST <= length <= LONGEST:
        return Noise("length"), body - 3
    end = body + length
    if len(buffer) < end + 2:
        return MORE
    if buffer[end + 1] != 0x16:
        return Noise("end mark"), body - 3
    if buffer[end] != sum8(buffer[body:end]):
        return Noise("checksum"), body - 3
    frame = Frame(buffer[body], buffer[body + 1], buffer[body + 2 : end], lead=at == 1)
    return frame, end + 2


def said(frame: Frame) -> Press | Rating:
    """What a pad said with `frame`.

    Raises:
        ProtocolError: nothing a pad says.
    """
    if frame.function == RATED and len(frame.data) == 1:
        return Rating(frame.address, frame.data[0])
    if frame.function != FROM_KEY or not frame.data:
        raise ProtocolError("no key and no rating")
    *digits, key = frame.data
    if any(digit > 9 for digit in digits) or key not in Key.__members__.values():
        raise ProtocolError("unknown key")
    return Press(frame.address, Key(key), "".join(map(str, digits)))


def acknowledge(frame: Frame) -> bytes:
    """Answer to a key frame, due within about 80 ms: the identical frame."""
    return encode(frame)


def acknowledge_rating(rating: Rating, *, short: bool = False) -> bytes:
    """Answer to a rating; pads of the HallQueFront kind want the `short` form."""
    if short:
        return encode(Frame(rating.address, FROM_KEY, lead=False))
    return encode(Frame(rating.address, FROM_KEY, bytes((rating.value,))))


def show(address: int, *, number: str = "", waiting: int | None = None) -> bytes:
    """Six places of a pad's display: waiting count left, ticket number right.

    A pad shows digits only: of ``A025`` it shows 025, of a longer number the last three.
    """
    count = "" if waiting is None else str(min(waiting, 999)).rjust(3, "0")
    digits = "".join(c for c in number if c in "0123456789")[-3:]
    places = count.rjust(3) + (digits.rjust(3, "0") if digits else "   ")
    return encode(Frame(address, SHOW, bytes(BLANK if c == " " else int(c) for c in places)))


def result(address: int, *, good: bool) -> bytes:
    """Tell the clerk on the pad that a press worked, or did not."""
    return encode(Frame(address, SHOW, bytes((good,))))


def beep(address: int) -> bytes:
    return encode(Frame(address, BEEP))


def ask_rating(address: int) -> bytes:
    """Have the pad ask for a rating."""
    return encode(Frame(address, FROM_KEY, bytes((Key.WAIT,))))


def stars(address: int, count: int) -> bytes:
    """Show 0 to 5 stars of a window's standing."""
    return encode(Frame(address, SHOW, bytes((max(0, min(count, 5)),))))
