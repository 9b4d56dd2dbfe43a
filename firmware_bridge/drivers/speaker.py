"""Loudspeakers on the network: sound as multicast RTP, for phones and paging speakers.

No call set-up: speakers listen on a group and port and play what arrives. One packet of 20 ms at
a time, paced by a monotonic clock; the end is silence. Sound cards are the voice's own business
(``display``); this is the way to speakers that hang on a network cable.
"""

import asyncio
import secrets
import socket
import struct
import wave
from itertools import pairwise
from pathlib import Path

from firmware_bridge.codecs import rtp
from firmware_bridge.links.link import LinkError

HOPS = 2


class Speakers:
    """One multicast group.

    Args:
        group: 239.x.y.z; port: even by custom.
        interface: address of our own network card that faces the speakers; empty is the system's
            choice.
    """

    def __init__(self, group: str, port: int, interface: str = "") -> None:
        self._target = (group, port)
        try:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, HOPS)
            if interface:
                address = socket.inet_aton(interface)
                self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, address)
        except OSError as error:
            raise LinkError(f"speakers {group}:{port}: {error.strerror or error}") from None
        self._socket.setblocking(False)

    async def play(self, path: Path) -> None:
        """Play a WAV file (16 bit); returns when the last packet is out.

        Raises:
            LinkError: the network refuses.
            ValueError: not a 16-bit WAV file.
        """
        await self.send(rtp.to_ulaw(telephone(path)))

    async def send(self, ulaw: bytes) -> None:
        """Send µ-law sound at the speed it is heard."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        source, timestamp = secrets.randbits(32), secrets.randbits(32)
        sequence = secrets.randbits(16)
        for number, packet in enumerate(rtp.packets(ulaw, sequence, timestamp, source)):
            await asyncio.sleep(start + number * rtp.SECONDS - loop.time())
            try:
                await loop.sock_sendto(self._socket, packet, self._target)
            except OSError as error:
                group, port = self._target
                raise LinkError(f"speakers {group}:{port}: {error.strerror}") from None

    def close(self) -> None:
        """No more sound."""
        self._socket.close()


def telephone(path: Path) -> bytes:
    """A WAV file as 16-bit mono samples at 8 kHz: channels mixed, then averaged down in steps, so
    that what a telephone cannot carry does not fold back as hiss.

    Raises:
        ValueError: not a 16-bit WAV file.
    """
    try:
        with wave.open(str(path)) as file:
            channels, width, rate, count = file.getparams()[:4]
            if width != 2 or not rate:
                raise ValueError(f"{path.name}: 16-bit sound is needed")
            raw = file.readframes(count)
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path.name}: {error!r}") from None
    samples = struct.unpack(f"<{len(raw) // 2}h", raw[: len(raw) & ~1])
    mono = [sum(samples[at : at + channels]) // channels for at in range(0, len(samples), channels)]
    edges = [index * rate // rtp.RATE for index in range(len(mono) * rtp.RATE // rate + 1)]
    pieces = (mono[a : max(b, a + 1)] for a, b in pairwise(edges))
    out = [sum(piece) // len(piece) for piece in pieces]
    return struct.pack(f"<{len(out)}h", *out)
