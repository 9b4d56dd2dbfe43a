"""Onbon BX-5K and BX-6K sign cards with a font of their own (字库卡): TCP 5005 or serial 57600.

Frame: eight A5, the escaped body, 5A. Body: header of 14 bytes, data, CRC-16 (start 0, low byte
first) over both. A5 and 5A never occur inside: A5 is sent as A6 02, A6 as A6 01, 5A as 5B 02, 5B
as 5B 01. What the parameters of a command mean is in `bx_areas`.

Checked against the vendor's own Java code and frames captured from running signs.
"""

from dataclasses import dataclass
from datetime import datetime

from firmware_bridge.codecs.checksums import crc16
from firmware_bridge.codecs.stream import MORE, Noise, ProtocolError, Step

ANY_SCREEN, HOST, ANY_CARD = 0xFFFE, 0x8000, 0xFE
LONGEST = 8192

PING, RESET, CLOCK = (0xA2, 0x00), (0xA2, 0x01), (0xA2, 0x03)
POWER, CLEAR, AREAS, STATUS = (0xA3, 0x00), (0xA3, 0x10), (0xA3, 0x06), (0xA1, 0x02)
ACK, NACK = (0xA0, 0x00), (0xA0, 0x01)

ERRORS = {
    0: "no error", 1: "unknown group", 2: "unknown command", 3: "busy", 4: "out of memory",
    5: "checksum wrong", 6: "no such file", 7: "flash fault", 8: "download fault",
    9: "bad file name", 10: "bad file type", 11: "file checksum wrong", 12: "font missing",
    13: "wrong firmware for this card", 14: "bad time", 15: "file exists", 16: "bad block number",
}  # fmt: skip
BUSY, BAD_CHECKSUM = 3, 5

_ESCAPED = {0xA5: b"\xa6\x02", 0xA6: b"\xa6\x01", 0x5A: b"\x5b\x02", 0x5B: b"\x5b\x01"}
_PLAIN = {code: bytes((byte,)) for byte, code in _ESCAPED.items()}


@dataclass(frozen=True, slots=True)
class Packet:
    """One frame. `flag` is "reply wanted" (1 yes, 2 no) on the way out, the error on the way in."""

    command: tuple[int, int]
    parameters: bytes = b""
    flag: int = 1
    mode: bytes = b"\0\0"
    target: int = ANY_SCREEN
    source: int = HOST
    card: int = ANY_CARD
    display_mode: int = 0


def encode(packet: Packet) -> bytes:
    """The bytes of `packet` on the line."""
    data = bytes((*packet.command, packet.flag)) + packet.mode + packet.parameters
    header = (
        packet.target.to_bytes(2, "little")
        + packet.source.to_bytes(2, "little")
        + bytes((0, 0, 0, 0, 0, packet.display_mode, packet.card, 2))
        + len(data).to_bytes(2, "little")
    )
    body = header + data
    body += crc16(body, 0).to_bytes(2, "little")
    escaped = b"".join(_ESCAPED.get(byte, bytes((byte,))) for byte in body)
    return b"\xa5" * 8 + escaped + b"\x5a"


def parse(buffer: bytes) -> Step[Packet]:
    """First frame in `buffer` (see `stream`). Fewer than eight A5 are enough to read on."""
    at = buffer.find(b"\xa5")
    if at < 0:
        return Noise("noise"), len(buffer)
    if at:
        return Noise("noise"), at
    start = len(buffer) - len(buffer.lstrip(b"\xa5"))
    end = buffer.find(b"\x5a", start)
    again = buffer.find(b"\xa5", start)
    if 0 <= again < (end if end >= 0 else len(buffer)):
        return Noise("half a frame"), again
    if end < 0:
        return (Noise("too long"), start) if len(buffer) > LONGEST else MORE
    try:
        return _body(_plain(buffer[start:end])), end + 1
    except ProtocolError as error:
        return Noise(str(error)), end + 1


def _plain(escaped: bytes) -> bytes:
    if b"\xa6" not in escaped and b"\x5b" not in escaped:
        return escaped
    out, at = bytearray(), 0
    while at < len(escaped):
        if escaped[at] in (0xA6, 0x5B):
            pair = escaped[at : at + 2]
            if pair not in _PLAIN:
                raise ProtocolError("escape")
            out += _PLAIN[pair]
            at += 2
        else:
            out.append(escaped[at])
            at += 1
    return bytes(out)


def _body(body: bytes) -> Packet:
    if len(body) < 14 + 5 + 2:
        raise ProtocolError("length")
    stated = int.from_bytes(body[-2:], "little")
    if stated != crc16(body[:-2], 0):
        raise ProtocolError("checksum")
    if body[7] not in (0, 1) or body[11] != 2:
        raise ProtocolError("header")
    data = body[14 + (16 if body[7] else 0) : -2]
    if len(data) != int.from_bytes(body[12:14], "little") or len(data) < 5:
        raise ProtocolError("length")
    return Packet(
        command=(data[0], data[1]),
        parameters=data[5:],
        flag=data[2],
        mode=data[3:5],
        target=int.from_bytes(body[0:2], "little"),
        source=int.from_bytes(body[2:4], "little"),
        card=body[10],
        display_mode=body[9],
    )


def bcd(value: int) -> int:
    """A number below 100 as one byte of two decimal digits."""
    return value // 10 << 4 | value % 10


def clock(now: datetime) -> bytes:
    """Parameters of CLOCK; Monday is 1."""
    year = bytes((bcd(now.year % 100), bcd(now.year // 100)))
    parts = (now.month, now.day, now.hour, now.minute, now.second, now.isoweekday())
    return year + bytes(map(bcd, parts))


@dataclass(frozen=True, slots=True)
class Status:
    """The answer to STATUS: the only look at what a card really shows."""

    on: bool
    brightness: int
    clock: str
    areas: tuple[int, ...]


def status(packet: Packet) -> Status:
    """Read the answer to STATUS.

    Raises:
        ProtocolError: too short for what it says.
    """
    data = packet.parameters
    if packet.command != STATUS or len(data) < 18:
        raise ProtocolError("no status answer")
    count = data[17]
    if len(data) < 18 + count:
        raise ProtocolError("status answer cut short")
    stamp = data[2:10].hex()
    when = f"{stamp[2:4]}{stamp[0:2]}-{stamp[4:6]}-{stamp[6:8]} {stamp[8:10]}:{stamp[10:12]}"
    return Status(data[0] == 1, data[1], when, tuple(data[18 : 18 + count]))
