"""Resident ID card readers (二代证), SDT/SAM protocol on a serial line or USB bulk.

Request ``AA AA AA 96 69 | LEN | CMD PARA [DATA] | XOR``, answer the same with ``SW1 SW2 SW3`` in
the place of CMD PARA. LEN is two bytes, big-endian, and counts all after itself; XOR runs from LEN
to the last data byte. Only SW3 carries the result (GA 450 readers; six public drivers agree).

The photo and the fingerprint are let go of here and never leave this file.
"""

from dataclasses import dataclass

from firmware_bridge.codecs import cardtext
from firmware_bridge.codecs.checksums import xor8
from firmware_bridge.codecs.stream import MORE, Noise, ProtocolError, Step, hunt

MARK = b"\xaa\xaa\xaa\x96\x69"
LONGEST = 4096
BAUDS = (115200, 57600, 38400, 19200, 9600)

OK, FOUND, NO_CARD, NOT_SELECTED, READ_FAILED, NOT_THERE = 0x90, 0x9F, 0x80, 0x81, 0x41, 0x91
BAD_CHECKSUM, BAD_COMMAND, SELF_TEST = 0x10, 0x21, 0x60


@dataclass(frozen=True, slots=True)
class Request:
    """What the host asks; `data` is everything after LEN but XOR."""

    data: bytes

    @property
    def command(self) -> tuple[int, int]:
        return self.data[0], self.data[1] if len(self.data) > 1 else 0


RESET = Request(b"\x10\xff")
STATUS = Request(b"\x11\xff")
MODULE = Request(b"\x12\xff")
FIND = Request(b"\x20\x01")
SELECT = Request(b"\x20\x02")
READ = Request(b"\x30\x01")
READ_FINGERPRINT = Request(b"\x30\x10")
NEW_ADDRESS = Request(b"\x30\x03")
MANAGEMENT_NUMBER = Request(b"\x30\x05")
SLEEP = Request(b"\x00")


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the reader says; `data` may be somebody's card and is never shown."""

    status: int
    data: bytes = b""

    def __repr__(self) -> str:
        return f"Answer({self.status:02X}, {len(self.data)} bytes)"


SENTENCES: dict[int, tuple[str, str]] = {
    0x10: ("请稍候，正在重试", "the line spoils our frames: check the cable and its shield"),
    0x11: ("请稍候，正在重试", "the reader finds our frame's length wrong; please report it"),
    0x21: ("读卡器不支持此操作", "the reader does not know this command"),
    0x23: ("读卡器不支持此操作", "the reader does not allow this command"),
    0x24: ("请稍候，正在重试", "the reader's module reports an unknown error"),
    0x31: (
        "此证件无法读取，请使用其他证件或到咨询台",
        "the card could not authenticate the reader",
    ),
    0x32: (
        "此证件无法读取，请使用其他证件或到咨询台",
        "the reader could not authenticate the card",
    ),
    0x33: ("此证件无法读取，请使用其他证件或到咨询台", "the signature of the card's text is wrong"),
    0x37: ("此证件无法读取，请使用其他证件或到咨询台", "the fingerprint's signature is wrong"),
    0x3F: ("请将证件放稳，重新读取", "the card's data had a wrong length"),
    0x40: (
        "此证件无法读取，请使用其他证件或到咨询台",
        "a kind of card the reader does not support",
    ),
    0x41: ("请将证件平放在读卡区，不要移动", "the card moved while it was read"),
    0x47: ("请稍候，正在重试", "the reader's random number generator failed"),
    0x60: ("读卡器暂停使用，请直接取号", "the reader's security module failed its self-test"),
    0x66: ("读卡器暂停使用，请直接取号", "the reader's security module is not authorised"),
    0x80: ("请将证件放在读卡区", "no card"),
    0x81: ("请将证件平放在读卡区，不要移动", "the card could not be selected"),
    0x90: ("读取成功", "done"),
    0x91: ("读取成功", "the card has no such item"),
    0x9F: ("正在读取，请勿移动证件", "a card is there"),
}
"""SW3 -> what the citizen reads, what the technician reads."""


def sentences(status: int) -> tuple[str, str]:
    """For any status byte: what the citizen reads, what the technician reads."""
    unknown = ("请稍候，正在重试", f"the reader answered {status:02X}, which no description has")
    return SENTENCES.get(status, unknown)


def encode(request: Request) -> bytes:
    """The bytes of a request."""
    return _frame(request.data)


def set_baud(baud: int) -> Request:
    """Change the reader's speed; it answers at the old one."""
    return Request(bytes((0x60, BAUDS.index(baud))))


def rf_frame(size: int) -> Request:
    """Largest frame between reader and card, bytes."""
    return Request(bytes((0x61, 0xFF, size)))


def encode_answer(answer: Answer) -> bytes:
    """The bytes of an answer."""
    return _frame(bytes((0, 0, answer.status)) + answer.data)


def _frame(body: bytes) -> bytes:
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return MARK + counted + bytes((xor8(counted),))


def _parse(buffer: bytes, shortest: int) -> Step[bytes]:
    """First frame's bytes between LEN and XOR."""
    at = hunt(buffer, MARK)
    if at:
        return Noise("noise"), at
    if len(buffer) < 7:
        return MORE
    length = int.from_bytes(buffer[5:7], "big")
    if not shortest <= length <= LONGEST:
        return Noise("length"), 1
    end = 7 + length
    if len(buffer) < end:
        return MORE
    if xor8(buffer[5:end]):
        return Noise("checksum"), 1
    return buffer[7 : end - 1], end


def parse(buffer: bytes) -> Step[Answer]:
    """First answer in `buffer` (see `stream`)."""
    body, used = _parse(buffer, 4)
    if not isinstance(body, bytes):
        return body, used
    if body[:2] != b"\0\0":
        return Noise("status words"), 1
    return Answer(body[2], body[3:]), used


def parse_request(buffer: bytes) -> Step[Request]:
    """First request in `buffer`."""
    body, used = _parse(buffer, 2)
    return (Request(body), used) if isinstance(body, bytes) else (body, used)


def card(answer: Answer) -> cardtext.Card:
    """The card in the answer to READ; photo and fingerprint are dropped here.

    Raises:
        ProtocolError: the lengths in it do not fit.
    """
    data = answer.data
    if len(data) < 4:
        raise ProtocolError("answer without card data")
    text, photo = int.from_bytes(data[0:2], "big"), int.from_bytes(data[2:4], "big")
    start = 4
    if len(data) != start + text + photo:
        start = 6
        if len(data) < 6 or len(data) != start + text + photo + int.from_bytes(data[4:6], "big"):
            raise ProtocolError("card data of another length than it says")
    return cardtext.decode(data[start : start + text])


def new_address(answer: Answer) -> str:
    """The address in the answer to NEW_ADDRESS; empty when the card has none."""
    return "" if answer.status == NOT_THERE else answer.data.decode("utf-16-le", "replace").rstrip()


def module_number(answer: Answer) -> str:
    """The reader's own number as printed on it.

    Raises:
        ProtocolError: not 16 bytes.
    """
    data = answer.data
    if len(data) != 16:
        raise ProtocolError("module number is not 16 bytes")
    parts = [int.from_bytes(data[a:b], "little") for a, b in ((0, 2), (2, 4), (4, 8), (8, 12))]
    return "{:02}.{:02}-{:08}-{:010}-".format(*parts) + f"{int.from_bytes(data[12:], 'little'):010}"
