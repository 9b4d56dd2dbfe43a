"""Sound to network speakers: heard by a listener that joined the group."""

import asyncio
import math
import socket
import struct
import wave
from pathlib import Path

import pytest

from firmware_bridge.codecs import rtp
from firmware_bridge.drivers.speaker import Speakers, telephone

GROUP = "239.77.13.5"


def tone(path: Path, rate: int, channels: int, seconds: float, hertz: float = 440.0) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        for n in range(int(rate * seconds)):
            value = int(12000 * math.sin(2 * math.pi * hertz * n / rate))
            file.writeframes(struct.pack("<h", value) * channels)
    return path


def strength(samples: tuple[int, ...], hertz: float) -> float:
    """How much of one frequency is in it, 0 to 1 of full scale (Goertzel's sum)."""
    turn = 2 * math.pi * hertz / rtp.RATE
    real = sum(s * math.cos(turn * n) for n, s in enumerate(samples))
    imaginary = sum(s * math.sin(turn * n) for n, s in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / len(samples) / 32768


async def test_speakers_in_the_group_hear_it_in_order(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("", 0))
    joined = socket.inet_aton(GROUP) + socket.inet_aton("127.0.0.1")
    listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
    listener.setblocking(False)
    speakers = Speakers(GROUP, listener.getsockname()[1], "127.0.0.1")
    loop = asyncio.get_running_loop()
    begun = loop.time()
    playing = asyncio.create_task(speakers.play(tone(tmp_path / "t.wav", 22050, 1, 0.3)))
    async with asyncio.timeout(10):
        heard = [rtp.decode(await loop.sock_recv(listener, 2048)) for _ in range(15)]
        await playing
    assert loop.time() - begun >= 0.28, "no faster than it is heard"
    listener.close()
    speakers.close()
    first = heard[0]
    assert [p.marker for p in heard] == [True] + [False] * 14
    assert [p.sequence for p in heard] == [(first.sequence + n) & 0xFFFF for n in range(15)]
    assert [p.timestamp for p in heard] == [
        (first.timestamp + 160 * n) & 0xFFFFFFFF for n in range(15)
    ]
    sound = rtp.from_ulaw(b"".join(p.sound for p in heard))
    samples = struct.unpack(f"<{len(sound) // 2}h", sound)
    assert strength(samples, 440) > 0.3
    assert strength(samples, 1000) < 0.02


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 2), (22050, 1), (44100, 2)])
def test_any_wav_becomes_telephone_sound(tmp_path: Path, rate: int, channels: int) -> None:
    pcm = telephone(tone(tmp_path / "t.wav", rate, channels, 0.5))
    samples = struct.unpack(f"<{len(pcm) // 2}h", pcm)
    assert abs(len(samples) - 4000) <= 1
    assert strength(samples, 440) > 0.3


def test_no_wav(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    for content in (b"", b"RIFF", b"x" * 100):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"x\.wav"):
            telephone(path)


def test_ulaw_there_and_back() -> None:
    for value in range(-32768, 32768, 37):
        code = rtp.to_ulaw(struct.pack("<h", value))
        (back,) = struct.unpack("<h", rtp.from_ulaw(code))
        assert abs(back - value) <= max(8, abs(value) // 16)
        assert rtp.to_ulaw(struct.pack("<h", back)) == code
