"""Loudspeakers on the network: G.711 µ-law in multicast RTP, 20 ms a packet (RFC 3550, 3551)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from firmware_bridge.codecs.stream import ProtocolError

RATE, SAMPLES, PCMU = 8000, 160, 0
SECONDS = SAMPLES / RATE
_HEAD = struct.Struct(">BBHII")
_CLIP, _BIAS = 32635, 132


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet; `marker` is set on the first of an announcement."""

    sequence: int
    timestamp: int
    source: int
    sound: bytes
    marker: bool = False
    kind: int = PCMU


def encode(packet: Packet) -> bytes:
    second = packet.kind | (0x80 if packet.marker else 0)
    head = _HEAD.pack(0x80, second, packet.sequence, packet.timestamp, packet.source)
    return head + packet.sound


def decode(data: bytes) -> Packet:
    """A packet of ours from its bytes.

    Raises:
        ProtocolError: not RTP version 2 without extras, or not 20 ms of sound.
    """
    if len(data) != _HEAD.size + SAMPLES or data[0] != 0x80:
        raise ProtocolError("no plain packet of 20 ms")
    _, second, sequence, timestamp, source = _HEAD.unpack(data[: _HEAD.size])
    if second & 0x7F not in (0, 8, 9):
        raise ProtocolError("no telephone sound")
    return Packet(
        sequence, timestamp, source, data[_HEAD.size :], bool(second & 0x80), second & 0x7F
    )


def _compress(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    size = min(abs(sample), _CLIP) + _BIAS
    exponent = max(size.bit_length() - 8, 0)
    mantissa = size >> (exponent + 3) & 0x0F
    return ~(sign | exponent << 4 | mantissa) & 0xFF


def _expand(code: int) -> int:
    code = ~code & 0xFF
    size = ((code & 0x0F) << 3) + _BIAS << (code >> 4 & 7)
    return _BIAS - size if code & 0x80 else size - _BIAS


_TO_ULAW = bytes(
    _compress(value if value < 0x8000 else value - 0x10000) for value in range(0x10000)
)
_FROM_ULAW = tuple(_expand(code) for code in range(256))


def to_ulaw(pcm: bytes) -> bytes:
    """16-bit little-endian samples as µ-law."""
    return bytes(_TO_ULAW[value] for (value,) in struct.iter_unpack("<H", pcm[: len(pcm) & ~1]))


def from_ulaw(sound: bytes) -> bytes:
    """µ-law as 16-bit little-endian samples."""
    return struct.pack(f"<{len(sound)}h", *(_FROM_ULAW[code] for code in sound))


def packets(ulaw: bytes, sequence: int, timestamp: int, source: int) -> Iterator[bytes]:
    """The packets of an announcement; the last one is filled up with silence."""
    for number, at in enumerate(range(0, len(ulaw), SAMPLES)):
        sound = ulaw[at : at + SAMPLES].ljust(SAMPLES, b"\xff")
        yield encode(
            Packet(
                (sequence + number) & 0xFFFF,
                (timestamp + number * SAMPLES) & 0xFFFFFFFF,
                source,
                sound,
                marker=number == 0,
            )
        )
