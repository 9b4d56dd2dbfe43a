"""USB number pads as Linux shows them: ``struct input_event`` of 64-bit machines, 24 bytes."""

import struct
from dataclasses import dataclass

from firmware_bridge.codecs.stream import MORE, Noise, Step

_EVENT = struct.Struct("<qqHHi")
SIZE = _EVENT.size
KEY, RELEASED, PRESSED, REPEATED = 1, 0, 1, 2

NAMES = {
    82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9",
    96: "enter", 28: "enter", 78: "plus", 74: "minus", 83: "dot", 55: "asterisk", 98: "slash",
    14: "backspace", 69: "numlock",
}  # fmt: skip
"""Key code -> what is printed on the key."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the kernel."""

    seconds: int
    microseconds: int
    type: int
    code: int
    value: int

    @property
    def pressed(self) -> str:
        """The key that went down just now, or nothing (release, repeat, anything else)."""
        if self.type != KEY or self.value != PRESSED:
            return ""
        return NAMES.get(self.code, "")


def encode(event: Event) -> bytes:
    return _EVENT.pack(event.seconds, event.microseconds, event.type, event.code, event.value)


def parse(buffer: bytes) -> Step[Event]:
    """First event in `buffer`. The kernel never splits one; a test pipe may."""
    if len(buffer) < SIZE:
        return MORE
    event = Event(*_EVENT.unpack(buffer[:SIZE]))
    if not 0 <= event.microseconds < 1_000_000 or event.type > 0x1F:
        return Noise("no event"), 1
    return event, SIZE
