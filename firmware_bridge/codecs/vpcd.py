"""The socket of the virtual card reader (vpcd): length of two bytes, then what to do or an APDU."""

from dataclasses import dataclass

from firmware_bridge.codecs.stream import MORE, Step

OFF, ON, RESET, ATR = 0, 1, 2, 4


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A control byte (`OFF`, `ON`, `RESET`, `ATR`), a command, or a card's answer."""

    data: bytes

    @property
    def control(self) -> int | None:
        return self.data[0] if len(self.data) == 1 else None

    def __repr__(self) -> str:
        return f"Message({len(self.data)} bytes)"


def encode(message: Message) -> bytes:
    return len(message.data).to_bytes(2, "big") + message.data


def parse(buffer: bytes) -> Step[Message]:
    """First message in `buffer`: TCP loses nothing, so there is nothing to hunt for."""
    if len(buffer) < 2:
        return MORE
    end = 2 + int.from_bytes(buffer[:2], "big")
    return (Message(buffer[2:end]), end) if len(buffer) >= end else MORE
