"""Smart cards through PC/SC: the commands a social-security card answers, and the UID.

ISO 7816 commands; the records of EF05 and EF06 need no PIN. Answers end in two status bytes:
90 00 is good, 61 xx has xx more bytes waiting, 6C xx wants the same command with that length.
"""

from dataclasses import dataclass

from firmware_bridge.codecs.stream import ProtocolError

APPLICATION = "sx1.sh.社会保障".encode("gb18030")
GET_UID = bytes.fromhex("ffca000000")
GET_ATS = bytes.fromhex("ffca010000")
GOOD, NO_FILE, NO_RECORD = 0x9000, 0x6A82, 0x6A83
EF05, EF06 = 0xEF05, 0xEF06

FILES: dict[int, dict[int, tuple[str, str]]] = {
    EF05: {
        0x01: ("identification", "bcd"), 0x02: ("card_class", "text"), 0x03: ("version", "text"),
        0x04: ("issuer", "bcd"), 0x05: ("issued", "bcd"), 0x06: ("valid_until", "bcd"),
        0x07: ("card_number", "text"),
    },
    EF06: {
        0x08: ("number", "text"), 0x09: ("name", "gbk"), 0x0A: ("sex", "text"),
        0x0B: ("nation", "bcd"), 0x0C: ("birth_place", "bcd"), 0x0D: ("born", "bcd"),
    },
}  # fmt: skip
"""File -> tag -> field and how it is written."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command APDU."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """An answer; `data` may be somebody's and is never shown."""

    data: bytes
    status: int

    def __repr__(self) -> str:
        return f"Response({len(self.data)} bytes, {self.status:04X})"


def encode(command: Command) -> bytes:
    """The bytes of a short command APDU."""
    out = bytes((command.cla, command.ins, command.p1, command.p2))
    if command.data:
        out += bytes((len(command.data),)) + command.data
    return out if command.le is None else out + bytes((command.le & 0xFF,))


def decode(data: bytes) -> Command:
    """A command from its bytes.

    Raises:
        ProtocolError: no short command APDU.
    """
    if not 4 <= len(data) <= 261:
        raise ProtocolError("no command of a card")
    head, rest = (data[0], data[1], data[2], data[3]), data[4:]
    if not rest:
        return Command(*head)
    if len(rest) == 1:
        return Command(*head, le=rest[0])
    count, body = rest[0], rest[1:]
    if count and len(body) == count:
        return Command(*head, data=body)
    if count and len(body) == count + 1:
        return Command(*head, data=body[:-1], le=body[-1])
    raise ProtocolError("command length is wrong")


def response(data: bytes) -> Response:
    """An answer from its bytes.

    Raises:
        ProtocolError: no status, or one that no card gives.
    """
    if len(data) < 2 or not (data[-2] >> 4 == 6 or data[-2] >> 4 == 9):
        raise ProtocolError("answer without status")
    return Response(data[:-2], int.from_bytes(data[-2:], "big"))


def select_application(name: bytes = APPLICATION) -> Command:
    return Command(0x00, 0xA4, 0x04, 0x00, name)


def select_file(file: int, p1: int = 0x02) -> Command:
    """Some cards want P1 = 00."""
    return Command(0x00, 0xA4, p1, 0x00, file.to_bytes(2, "big"))


def read_record(tag: int, le: int = 0, *, by_number: bool = False) -> Command:
    return Command(0x00, 0xB2, tag, 0x04 if by_number else 0x00, le=le)


def get_response(le: int) -> Command:
    return Command(0x00, 0xC0, 0x00, 0x00, le=le)


def next_command(command: Command, answer: Response) -> Command | None:
    """What must be sent to get the whole answer, if it is not there yet."""
    kind, low = answer.status >> 8, answer.status & 0xFF
    if kind == 0x61:
        return get_response(low)
    if kind == 0x6C:
        return Command(command.cla, command.ins, command.p1, command.p2, command.data, low)
    return None


def record(data: bytes) -> tuple[int, bytes]:
    """Tag and value of one record.

    Raises:
        ProtocolError: the length in it is wrong.
    """
    if len(data) < 2 or len(data) != 2 + data[1]:
        raise ProtocolError("record of another length than it says")
    return data[0], data[2:]


def field(file: int, data: bytes) -> tuple[str, str]:
    """Name and text of one record of `file`.

    Raises:
        ProtocolError: unknown tag, wrong length, or not written as it should be.
    """
    tag, value = record(data)
    if tag not in FILES[file]:
        raise ProtocolError("unknown tag")
    name, coding = FILES[file][tag]
    try:
        if coding == "bcd":
            return name, value.hex().upper()
        return name, value.decode("gb18030" if coding == "gbk" else "ascii").strip(" \0")
    except UnicodeDecodeError:
        raise ProtocolError("record is not text") from None


def uid(answer: Response) -> str:
    """A contactless card's number in hexadecimal.

    Raises:
        ProtocolError: the card gives none.
    """
    if answer.status != GOOD or len(answer.data) not in (4, 7, 10):
        raise ProtocolError("card without a number")
    return answer.data.hex().upper()
