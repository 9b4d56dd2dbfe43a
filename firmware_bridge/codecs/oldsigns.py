"""Small signs found in older halls: A0 90 strips, AM03127 and Alpha. All experimental.

A0 90 is known from one program only, and of its answers only the first and last two bytes are.
AM03127 and Alpha draw Latin letters and no Chinese.
"""

from dataclasses import dataclass

from firmware_bridge.codecs.checksums import xor8
from firmware_bridge.codecs.stream import MORE, Noise, ProtocolError, Step, hunt

RED, GREEN, YELLOW = 0, 1, 2
SHOW, SHOW_STORED, STORE = 0xA5, 0xA1, 0xA2
LONGEST_TEXT = 254
"""Above this, two readings of the length bytes disagree."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A command to an A0 90 strip: ``A0 90 ADDR FUNC LENHI LENLO DATA XOR``."""

    address: int
    function: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class StripAnswer:
    """A strip's answer; what is in the middle of it nobody has written down."""

    middle: bytes


def strip_text(pieces: list[tuple[str, int]]) -> bytes:
    """DATA for SHOW: every character is followed by its colour."""
    out = b"".join(
        character.encode("gb2312", "replace") + bytes((colour,))
        for text, colour in pieces
        for character in text
    )
    if len(out) > LONGEST_TEXT:
        raise ProtocolError("text too long for the strip")
    return out


def encode_strip(strip: Strip) -> bytes:
    body = bytes((strip.address, strip.function)) + len(strip.data).to_bytes(2, "big") + strip.data
    return b"\xa0\x90" + body + bytes((xor8(body),))


def parse_strip(buffer: bytes) -> Step[Strip]:
    """First command to a strip in `buffer` (see `stream`)."""
    at = hunt(buffer, b"\xa0\x90")
    if at:
        return Noise("noise"), at
    if len(buffer) < 6:
        return MORE
    length = int.from_bytes(buffer[4:6], "big")
    if length > LONGEST_TEXT:
        return Noise("length"), 1
    end = 6 + length
    if len(buffer) <= end:
        return MORE
    if xor8(buffer[2:end]) != buffer[end]:
        return Noise("checksum"), 1
    return Strip(buffer[2], buffer[3], buffer[6:end]), end + 1


def strip_characters(data: bytes) -> list[tuple[str, int]]:
    """Characters and colours of DATA.

    Raises:
        ProtocolError: cut in the middle, or no characters.
    """
    out, at = [], 0
    while at < len(data):
        wide = 2 if data[at] >= 0x80 else 1
        piece = data[at : at + wide + 1]
        if len(piece) <= wide:
            raise ProtocolError("character without colour")
        try:
            out.append((piece[:wide].decode("gbk"), piece[wide]))
        except UnicodeDecodeError:
            raise ProtocolError("no character") from None
        at += wide + 1
    return out


def strip_answer(data: bytes) -> StripAnswer:
    """An answer by its two ends.

    Raises:
        ProtocolError: it begins or ends otherwise.
    """
    if len(data) < 4 or not data.startswith(b"\xa0\x90") or not data.endswith(b"\xa5\xaa"):
        raise ProtocolError("no answer of a strip")
    return StripAnswer(data[2:-2])


def encode_mono(address: int, text: str) -> bytes:
    """The single-colour relative of the A0 90 strip."""
    head = bytes((0x80 + address, 0xC0 + ((address & 0xC0) >> 2), 0x44))
    return head + text.encode("gb2312", "replace") + b"\x1a"


def decode_mono(data: bytes) -> tuple[int, str]:
    """Address and text.

    Raises:
        ProtocolError: no such frame.
    """
    if len(data) < 4 or not data[0] & 0x80 or data[2] != 0x44 or data[-1] != 0x1A:
        raise ProtocolError("no frame of a single-colour strip")
    address = data[0] - 0x80
    if data[1] != 0xC0 + ((address & 0xC0) >> 2):
        raise ProtocolError("address bytes disagree")
    try:
        return address, data[3:-1].decode("gbk")
    except UnicodeDecodeError:
        raise ProtocolError("no text") from None


@dataclass(frozen=True, slots=True)
class Page:
    """A message to an AM03127 sign; `data` as sent, tags included."""

    address: str
    data: str


def am_page(address: int, text: str) -> bytes:
    """Show `text` at once and hold it: line 1, page A."""
    if not text.isascii() or "<" in text:
        raise ProtocolError("the sign draws plain Latin letters only")
    return encode_am(Page(f"{address:02X}", f"<L1><PA><FE><MA><WC><FE>{text}"))


def encode_am(page: Page) -> bytes:
    check = xor8(page.data.encode("ascii"))
    return f"<ID{page.address}>{page.data}{check:02X}<E>".encode("ascii")


def parse_am(buffer: bytes) -> Step[Page]:
    """First message to an AM03127 sign in `buffer`."""
    at = hunt(buffer, b"<ID")
    if at:
        return Noise("noise"), at
    end = buffer.find(b"<E>")
    if end < 0:
        return (Noise("too long"), 1) if len(buffer) > 300 else MORE
    message = buffer[:end]
    if not message.isascii() or len(message) < 8 or message[5:6] != b">":
        return Noise("frame"), 1
    stated, data = message[-2:].decode(), message[6:-2]
    if f"{xor8(data):02X}" != stated:
        return Noise("checksum"), 1
    return Page(message[3:5].decode(), data.decode()), end + 3


def am_answer(data: bytes) -> bool:
    """Whether the sign took the message.

    Raises:
        ProtocolError: neither ACK nor NACK.
    """
    if data not in (b"ACK", b"NACK"):
        raise ProtocolError("neither ACK nor NACK")
    return data == b"ACK"


def encode_alpha(command: str, sign_type: str = "Z", address: str = "00") -> bytes:
    """A message to an Alpha or BetaBrite sign."""
    return (
        b"\0\0\0\0\0\x01" + f"{sign_type}{address}".encode() + b"\x02" + command.encode() + b"\x04"
    )


def alpha_text(text: str, label: str = "A", position: str = " ", mode: str = "b") -> str:
    """The command that writes a text file; mode b holds, a rotates."""
    return f"A{label}\x1b{position}{mode}{text}"


def parse_alpha(buffer: bytes) -> Step[str]:
    """First command to an Alpha sign in `buffer`."""
    at = hunt(buffer, b"\0\0\0\0\0\x01")
    if at:
        return Noise("noise"), at
    end = buffer.find(b"\x04", 6)
    if end < 0:
        return (Noise("too long"), 1) if len(buffer) > 1024 else MORE
    again = buffer.rfind(b"\0\0\0\0\0\x01", 1, end)
    if again > 0:
        return Noise("half a frame"), again
    if len(buffer) < 10 or buffer[9] != 2 or not buffer[6:end].isascii() or end < 11:
        return Noise("frame"), 1
    return buffer[10:end].decode("ascii"), end + 1
