"""What every decoder of the bridge promises of any bytes at all."""

from collections.abc import Iterable
from contextlib import suppress

from firmware_bridge.codecs.escpos_read import Words
from firmware_bridge.codecs.stream import ProtocolError
from tests.firmware_bridge.codecs.decoders import LINES, WHOLE

NAMES = (*LINES, *WHOLE)
LIMIT = 4096
"""Bytes a decoder of a line may hold back (`Stream`)."""


def good(name: str) -> tuple[bytes, ...]:
    """Bytes that `name` understands, to begin with."""
    return LINES[name].good if name in LINES else WHOLE[name][1]


def check(name: str, data: bytes) -> None:
    """A decoder of something whole raises nothing but `ProtocolError`; one of a line raises
    nothing, holds little back, and tells the same messages whether the bytes come at once or
    singly.

    Raises:
        AssertionError, or whatever the decoder raises: the promise is broken.
    """
    if name in WHOLE:
        with suppress(ProtocolError):
            WHOLE[name][0](data)
        return
    whole, singly = LINES[name].stream(), LINES[name].stream()
    at_once = whole.feed(data)
    assert whole.waiting <= LIMIT, "holds too much back"
    apart = [message for byte in data for message in singly.feed(bytes((byte,)))]
    assert _joined(at_once + whole.idle()) == _joined(apart + singly.idle()), "the pieces matter"
    assert whole.waiting == 0, "keeps something for ever"


def _joined(messages: Iterable[object]) -> list[object]:
    """Characters to print have no frame: they come in the pieces that they came in."""
    joined: list[object] = []
    for message in messages:
        match joined, message:
            case [*_, Words(before)], Words(more):
                joined[-1] = Words(before + more)
            case _:
                joined.append(message)
    return joined
