"""Modbus-RTU button boxes and lamps: 9600 8N1, inputs polled, outputs switched.

Frames have no start mark; the standard separates them by silence. Here the function tells the
length and the CRC tells whether it was one, and the driver calls `Stream.idle` after a silence.
"""

from dataclasses import dataclass

from firmware_bridge.codecs.checksums import crc16
from firmware_bridge.codecs.stream import MORE, Noise, ProtocolError, Step

READ_COILS, READ_INPUTS, WRITE_COIL = 0x01, 0x02, 0x05
EXCEPTIONS = {1: "no such function", 2: "no such address", 3: "bad value", 4: "device fault"}
_MOST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Request:
    """Read `count` bits from `start`, or write `count` (FF00 on, 0000 off) to it."""

    unit: int
    function: int
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Bits:
    """Answer to a read: lowest bit first."""

    unit: int
    function: int
    data: bytes

    def on(self, number: int) -> bool:
        """Whether input `number` (from 0) is active."""
        return (
            bool(self.data[number // 8] >> number % 8 & 1)
            if number // 8 < len(self.data)
            else False
        )


@dataclass(frozen=True, slots=True)
class Written:
    """Answer to a write: the same again."""

    unit: int
    start: int
    value: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The device's exception answer."""

    unit: int
    function: int
    code: int


Answer = Bits | Written | Refused


def read_inputs(unit: int, count: int = 8, start: int = 0) -> Request:
    return Request(unit, READ_INPUTS, start, count)


def write_coil(unit: int, number: int, *, on: bool) -> Request:
    return Request(unit, WRITE_COIL, number, 0xFF00 if on else 0)


def _with_crc(body: bytes) -> bytes:
    return body + crc16(body).to_bytes(2, "little")


def encode(message: Request | Answer) -> bytes:
    """The bytes of a request or an answer."""
    match message:
        case Request(unit, function, start, count):
            fields = start.to_bytes(2, "big") + count.to_bytes(2, "big")
            return _with_crc(bytes((unit, function)) + fields)
        case Bits(unit, function, data):
            return _with_crc(bytes((unit, function, len(data))) + data)
        case Written(unit, start, value):
            fields = start.to_bytes(2, "big") + value.to_bytes(2, "big")
            return _with_crc(bytes((unit, WRITE_COIL)) + fields)
        case Refused(unit, function, code):
            return _with_crc(bytes((unit, function | 0x80, code)))


def parse(buffer: bytes) -> Step[Answer]:
    """First answer in `buffer` (see `stream`)."""
    if len(buffer) < 3:
        return MORE
    unit, function = buffer[0], buffer[1]
    if function in (READ_COILS, READ_INPUTS) and 1 <= buffer[2] <= _MOST_BYTES:
        size = 5 + buffer[2]
    elif function == WRITE_COIL:
        size = 8
    elif function & 0x80 and function & 0x7F in (READ_COILS, READ_INPUTS, WRITE_COIL):
        size = 5
    else:
        return Noise("no answer"), 1
    if len(buffer) < size:
        return MORE
    if crc16(buffer[: size - 2]) != int.from_bytes(buffer[size - 2 : size], "little"):
        return Noise("checksum"), 1
    if function & 0x80:
        return Refused(unit, function & 0x7F, buffer[2]), size
    if function == WRITE_COIL:
        fields = buffer[2:6]
        start, value = int.from_bytes(fields[:2], "big"), int.from_bytes(fields[2:], "big")
        return Written(unit, start, value), size
    return Bits(unit, function, buffer[3 : size - 2]), size


def parse_request(buffer: bytes) -> Step[Request]:
    """First request in `buffer`."""
    if len(buffer) < 2:
        return MORE
    if buffer[1] not in (READ_COILS, READ_INPUTS, WRITE_COIL):
        return Noise("no request"), 1
    if len(buffer) < 8:
        return MORE
    if crc16(buffer[:6]) != int.from_bytes(buffer[6:8], "little"):
        return Noise("checksum"), 1
    start, count = int.from_bytes(buffer[2:4], "big"), int.from_bytes(buffer[4:6], "big")
    return Request(buffer[0], buffer[1], start, count), 8


def refusal(answer: Refused) -> str:
    """The exception in words."""
    return EXCEPTIONS.get(answer.code, f"exception {answer.code}")


def expect(answer: Answer, unit: int) -> Answer:
    """`answer` if it is `unit`'s.

    Raises:
        ProtocolError: somebody else answered.
    """
    if answer.unit != unit:
        raise ProtocolError("another unit answered")
    return answer
