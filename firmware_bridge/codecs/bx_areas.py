"""Dynamic areas of an Onbon card: rectangles of text that live in its memory until power-off.

Parameters of the command A3 06: how many areas to delete (FF is all) and which, how many to write,
and each with its length. On a BX-5K, x and width count in units of 8 dots; on a BX-6K, in dots.
"""

from dataclasses import dataclass
from enum import IntEnum

from firmware_bridge.codecs import gb
from firmware_bridge.codecs.stream import ProtocolError

ALL = 0xFF


class Effect(IntEnum):
    STILL = 1
    AT_ONCE = 2
    LEFT = 3
    RIGHT = 4
    UP = 5
    DOWN = 6


COLOURS = {"red": "\\C1", "green": "\\C2", "yellow": "\\C3"}


@dataclass(frozen=True, slots=True)
class Area:
    """One rectangle and its text. `text` is bytes as they go to the card, escapes included."""

    id: int
    x: int
    y: int
    width: int
    height: int
    text: bytes
    spacing: int = 0
    run_mode: int = 0
    """0 loop, 1 stop on the last page, 2 blank when not refreshed within `limit` seconds."""
    limit: int = 5
    sound: bytes = b"\0"
    alignment: int = 0
    line_mode: int = 2
    wrap: int = 1
    effect: int = Effect.AT_ONCE
    leave: int = 0
    speed: int = 0
    hold: int = 8
    """Half seconds."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one A3 06 command does."""

    delete: tuple[int, ...] = ()
    """Area ids, or ``(ALL,)``."""
    areas: tuple[Area, ...] = ()


def encode(change: Change) -> bytes:
    """Parameters for `Packet`."""
    everything = change.delete == (ALL,)
    head = bytes((ALL,)) if everything else bytes((len(change.delete), *change.delete))
    out = [head, bytes((len(change.areas),))]
    for area in change.areas:
        body = _area(area)
        out.append(len(body).to_bytes(2, "little") + body)
    return b"".join(out)


def _area(area: Area) -> bytes:
    place = b"".join(
        value.to_bytes(2, "little") for value in (area.x, area.y, area.width, area.height)
    )
    return b"".join(
        (
            b"\0",
            place,
            bytes((area.id, area.spacing, area.run_mode)),
            area.limit.to_bytes(2, "little"),
            area.sound,
            bytes((0, area.alignment, area.line_mode, area.wrap)),
            bytes((area.effect, area.leave, area.speed, area.hold)),
            len(area.text).to_bytes(4, "little"),
            area.text,
        )
    )


def decode(parameters: bytes) -> Change:
    """What a card is told by `parameters`.

    Raises:
        ProtocolError: cut short, or lengths that do not fit.
    """
    reader = _Reader(parameters)
    count = reader.byte()
    delete = (ALL,) if count == ALL else tuple(reader.take(count))
    areas = [_read_area(_Reader(reader.take(reader.number(2)))) for _ in range(reader.byte())]
    reader.done()
    return Change(delete, tuple(areas))


def _read_area(reader: "_Reader") -> Area:
    if reader.byte():
        raise ProtocolError("unknown area type")
    x, y, width, height = (reader.number(2) for _ in range(4))
    ident, spacing, run_mode = reader.take(3)
    limit = reader.number(2)
    sound = reader.sound()
    reader.take(reader.byte())
    alignment, line_mode, wrap, effect, leave, speed, hold = reader.take(7)
    text = reader.take(reader.number(4))
    reader.done()
    return Area(
        ident, x, y, width, height, text, spacing, run_mode, limit, sound,
        alignment, line_mode, wrap, effect, leave, speed, hold,
    )  # fmt: skip


class _Reader:
    """Takes bytes from the front, and says when there are too few or too many."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise ProtocolError("cut short")
        self._at += count
        return piece

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def sound(self) -> bytes:
        kind = self.take(1)
        if kind == b"\0":
            return kind
        voice = self.take(3)
        if kind == b"\1":
            return kind + voice
        size = self.take(4)
        return kind + voice + size + self.take(int.from_bytes(size, "little"))

    def done(self) -> None:
        if self._at != len(self._data):
            raise ProtocolError("bytes left over")


@dataclass(frozen=True, slots=True)
class SignText:
    """Text as a card takes it, and the characters its font lacks."""

    data: bytes
    lost: tuple[str, ...] = ()


def sign_text(text: str, colour: str = "", font: str = "gb2312") -> SignText:
    """`text` for a card: a backslash would start a command of the card's own and is taken out."""
    plain, lost = gb.replace(text.replace("\\", ""), font)
    return SignText((COLOURS.get(colour, "") + plain).encode(font), lost)
