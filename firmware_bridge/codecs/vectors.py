"""Checks any file of test vectors against the codecs: ``yichuang vectors FILE``.

A vector is ``{"id", "device", "direction", "hex", "meaning", "checksum_result", ...}``. Each one
is really decoded, whole, byte by byte, twice in a row and with noise in front, and where we have
an encoder, encoded again and compared. ``checksum_result = "mismatch"`` (or an origin that says
"negative") means that the codec must refuse it. What the file says of itself beyond that is not
believed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from firmware_bridge.codecs import (
    bx,
    bx_areas,
    callpad,
    cardapdu,
    cardtext,
    colorlight,
    escpos_read,
    escpos_status,
    idnumber,
    keypad,
    modbus,
    oldsigns,
    openpad,
    rtp,
    sdt,
    vpcd,
    watchdog,
    zigbee,
)
from firmware_bridge.codecs.stream import Parse, ProtocolError, Stream, only

M = TypeVar("M")
_LATEST = date(2100, 1, 1)
NOISE = b"\x00\x31\xa7"


class Vector(msgspec.Struct):
    """One test vector, as far as it is looked at."""

    id: str
    device: str
    direction: str
    hex: str
    meaning: str = ""
    origin: str = ""
    checksum_algo: str = ""
    checksum_result: str = ""

    @property
    def wrong(self) -> bool:
        """The codec must refuse it."""
        return self.checksum_result == "mismatch" or "negative" in self.origin

    @property
    def down(self) -> bool:
        """On its way to the device."""
        return self.direction.startswith(("host->", "driver->"))


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a file: a line per failure, and a summary."""

    checked: int
    failures: tuple[str, ...]

    @property
    def code(self) -> int:
        """Exit code: 0 only when all vectors are as they should be."""
        return 0 if self.checked and not self.failures else 1

    def __str__(self) -> str:
        good = self.checked - len(self.failures)
        return "\n".join(
            (*self.failures, f"{good} of {self.checked} vectors are as they should be")
        )


def run(path: Path) -> Report:
    """Check every vector of `path`.

    Raises:
        ValueError: the file is no list of vectors, or holds one id twice.
        OSError: it cannot be read.
    """
    try:
        vectors = msgspec.json.decode(path.read_bytes(), type=list[Vector])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: not a file of vectors: {error}") from None
    ids = [vector.id for vector in vectors]
    if len(set(ids)) != len(ids):
        raise ValueError(f"{path.name}: an id is used twice")
    failures = tuple(f"{v.id}: {why}" for v in vectors if (why := fault(v)))
    return Report(len(vectors), failures)


def fault(vector: Vector) -> str:
    """What is wrong with one vector; nothing when it is as it should be."""
    check = next((c for name, c in CHECKS.items() if name in vector.device.lower()), None)
    if check is None:
        return f"no codec for {vector.device!r}"
    try:
        data = bytes.fromhex(vector.hex)
        check(vector, data)
    except ProtocolError as error:
        return "" if vector.wrong else f"refused: {error}"
    except ValueError:
        return "the bytes are not hexadecimal"
    except _DisagreementError as error:
        return str(error)
    return "accepted, but it must be refused" if vector.wrong else ""


class _DisagreementError(Exception):
    """Decoded, but not the same in every way of feeding or encoding it."""


def _same(what: object, wanted: object, how: str) -> None:
    if what != wanted:
        raise _DisagreementError(f"is different {how}")


def _streamed(parse: Parse[M], data: bytes, noise: bytes = NOISE) -> M:
    """Decode `data` and show that it comes out the same however it arrives."""
    message = only(parse, data)
    _same(_fed(parse, *(bytes((byte,)) for byte in data)), [message], "byte by byte")
    _same(_fed(parse, data + data), [message, message], "twice in a row")
    if noise:
        _same(_fed(parse, noise + data)[-1:], [message], "with noise in front")
    return message


def _fed(parse: Parse[M], *pieces: bytes) -> list[M]:
    stream = Stream(parse)
    found = [message for piece in pieces for message in stream.feed(piece)]
    return found + stream.idle()


def _coded(parse: Parse[M], encode: Callable[[Any], bytes], data: bytes, noise: bytes = NOISE) -> M:
    """`_streamed`, and encoded again to the same bytes."""
    message = _streamed(parse, data, noise)
    _same(encode(message), data, "when encoded again")
    return message


def _card_reader(vector: Vector, data: bytes) -> None:
    if vector.down:
        _coded(sdt.parse_request, sdt.encode, data)
        return
    answer = _coded(sdt.parse, sdt.encode_answer, data)
    if answer.status == sdt.OK and len(answer.data) > 256:
        sdt.card(answer)
    elif answer.status == sdt.OK and len(answer.data) == 16:
        sdt.module_number(answer)


def _card_text(_: Vector, data: bytes) -> None:
    card = cardtext.decode(data)
    _same(cardtext.decode(cardtext.encode(card)), card, "when encoded again")


def _number(_: Vector, data: bytes) -> None:
    try:
        seen = idnumber.check(data.decode("ascii"), _LATEST)
    except UnicodeDecodeError:
        raise ProtocolError("not a number") from None
    if seen.kind is idnumber.NumberKind.UNKNOWN:
        raise ProtocolError("not shaped like a number")
    if not seen.check_digit:
        raise ProtocolError("check digit")


def _apdu(vector: Vector, data: bytes) -> None:
    if vector.down:
        _same(cardapdu.encode(cardapdu.decode(data)), data, "when encoded again")
        return
    answer = cardapdu.response(data)
    if answer.status != cardapdu.GOOD or not answer.data:
        return
    files = [file for file, tags in cardapdu.FILES.items() if answer.data[0] in tags]
    if files and len(answer.data) == 2 + answer.data[1]:
        cardapdu.field(files[0], answer.data)


def _vpcd(_: Vector, data: bytes) -> None:
    _coded(vpcd.parse, vpcd.encode, data, noise=b"")


def _printer(vector: Vector, data: bytes) -> None:
    if vector.down:
        commands = escpos_read.read(data)
        _same(_fed(escpos_read.parse, data + data), commands * 2, "twice in a row")
        return
    if "93h)==12h" in vector.checksum_algo:
        escpos_status.real_time(data)
    _streamed(escpos_status.parse, data, noise=b"\xff\xc0")


def _onbon(_: Vector, data: bytes) -> None:
    packet = _coded(bx.parse, bx.encode, data)
    if packet.command == bx.AREAS:
        change = bx_areas.decode(packet.parameters)
        _same(bx_areas.encode(change), packet.parameters, "when its areas are encoded again")
    elif packet.command == bx.STATUS and packet.parameters:
        bx.status(packet)


def _strip(vector: Vector, data: bytes) -> None:
    if not vector.down:
        oldsigns.strip_answer(data)
    elif data[:2] == b"\xa0\x90":
        strip = _coded(oldsigns.parse_strip, oldsigns.encode_strip, data)
        _same(oldsigns.strip_text(oldsigns.strip_characters(strip.data)), strip.data, "as text")
    else:
        _same(oldsigns.encode_mono(*oldsigns.decode_mono(data)), data, "when encoded again")


def _am03127(vector: Vector, data: bytes) -> None:
    if vector.down:
        _coded(oldsigns.parse_am, oldsigns.encode_am, data)
    else:
        oldsigns.am_answer(data)


def _alpha(_: Vector, data: bytes) -> None:
    _coded(oldsigns.parse_alpha, oldsigns.encode_alpha, data)


def _colorlight(_: Vector, data: bytes) -> None:
    _same(colorlight.encode(colorlight.decode(data)), data, "when encoded again")


def _pad(vector: Vector, data: bytes) -> None:
    frame = _coded(callpad.parse, callpad.encode, data)
    if not vector.down:
        callpad.said(frame)


def _modbus(vector: Vector, data: bytes) -> None:
    if vector.down:
        _coded(modbus.parse_request, modbus.encode, data)
    else:
        _coded(modbus.parse, modbus.encode, data)


def _keypad(_: Vector, data: bytes) -> None:
    _coded(keypad.parse, keypad.encode, data, noise=b"")


def _zigbee(_: Vector, data: bytes) -> None:
    zigbee.decode(data)


def _rtp(_: Vector, data: bytes) -> None:
    packet = rtp.decode(data)
    _same(rtp.encode(packet), data, "when encoded again")
    if packet.kind == rtp.PCMU:
        sound = packet.sound.replace(b"\x7f", b"\xff")  # two codes for silence
        _same(rtp.to_ulaw(rtp.from_ulaw(sound)), sound, "when its sound is coded again")


def _watchdog(_: Vector, data: bytes) -> None:
    watchdog.decode(data)


def _open_pad(_: Vector, data: bytes) -> None:
    _coded(openpad.parse, openpad.encode, data)


CHECKS: dict[str, Callable[[Vector, bytes], Any]] = {
    "pc/sc mode": _apdu,
    "text record": _card_text,
    "id-card": _card_reader,
    "gb 11643": _number,
    "vpcd": _vpcd,
    "pc/sc": _apdu,
    "esc/pos": _printer,
    "onbon": _onbon,
    "a0 90": _strip,
    "am03127": _am03127,
    "alpha": _alpha,
    "colorlight": _colorlight,
    "call pad": _pad,
    "rating pad": _pad,
    "modbus": _modbus,
    "keypad": _keypad,
    "zigbee": _zigbee,
    "rtp": _rtp,
    "watchdog": _watchdog,
    "open pad": _open_pad,
}
"""A word of the vector's device -> how it is checked; the first that fits."""
