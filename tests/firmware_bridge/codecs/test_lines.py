"""Every decoder of a line: however the bytes arrive, the messages are the same."""

import random
import tracemalloc

import pytest

from firmware_bridge.codecs.stream import ProtocolError, Stream, only
from tests.firmware_bridge.codecs.decoders import LINES, WHOLE, Line

RANDOM, MUTATED = 10_000, 12_000
names = pytest.mark.parametrize("name", LINES)
hunters = pytest.mark.parametrize("name", [name for name, line in LINES.items() if line.hunts])
"""Decoders of lines that lose and invent bytes; sockets and the kernel do neither."""


def decoded(line: Line, *pieces: bytes) -> list[object]:
    stream = line.stream()
    return [message for piece in pieces for message in stream.feed(piece)] + stream.idle()


@names
def test_whole_split_glued_and_in_pieces(name: str) -> None:
    line = LINES[name]
    for good in line.good:
        wanted = decoded(line, good)
        assert wanted
        assert decoded(line, *(bytes((byte,)) for byte in good)) == wanted
        for cut in range(1, len(good)):
            assert decoded(line, good[:cut], good[cut:]) == wanted
        assert decoded(line, good + good) == wanted * 2


@hunters
def test_noise_before_and_after(name: str) -> None:
    line = LINES[name]
    rng = random.Random(name)
    for good in line.good:
        (wanted,) = decoded(line, good)
        for _ in range(50):
            noise = rng.randbytes(rng.randrange(1, 20))
            assert wanted in decoded(line, noise, good)
            assert decoded(line, good, noise)[0] == wanted


@hunters
def test_a_frame_cut_short_does_not_swallow_the_next(name: str) -> None:
    line = LINES[name]
    for good in line.good:
        (wanted,) = decoded(line, good)
        for cut in range(1, min(len(good), 40)):
            assert wanted in decoded(line, good[:cut], good), f"after {cut} bytes"


@names
def test_random_and_mutated_bytes_raise_nothing(name: str) -> None:
    line, rng = LINES[name], random.Random(name)
    stream: Stream[object] = line.stream()
    for _ in range(RANDOM):
        stream.feed(rng.randbytes(rng.randrange(1, 24)))
    for number in range(MUTATED):
        good = bytearray(line.good[number % len(line.good)][:300])
        for _ in range(rng.randrange(1, 4)):
            good[rng.randrange(len(good))] = rng.randrange(256)
        stream.feed(bytes(good))
        assert stream.waiting <= 4096
    stream.idle()
    assert stream.waiting == 0


@pytest.mark.parametrize("name", WHOLE)
def test_whole_decoders_raise_only_the_protocols_error(name: str) -> None:
    decode, examples = WHOLE[name]
    rng, texts = random.Random(name), set[str]()
    for good in examples:
        decode(good)
    for number in range(RANDOM + MUTATED):
        if number < RANDOM:
            data = rng.randbytes(rng.randrange(0, 40))
        else:
            mutant = bytearray(examples[number % len(examples)])
            mutant[rng.randrange(len(mutant))] = rng.randrange(256)
            data = bytes(mutant[: rng.randrange(len(mutant) + 1)] if number % 3 else mutant)
        try:
            decode(data)
        except ProtocolError as error:
            texts.add(str(error))
    assert len(texts) < 12, "an error is one of a few fixed sentences and never quotes what it read"


@names
def test_memory_stays_bounded(name: str) -> None:
    line, rng = LINES[name], random.Random(1)
    stream = line.stream()
    start = bytes(line.good[0][: max(1, len(line.good[0]) // 2)])
    tracemalloc.start()
    for _ in range(300):
        stream.feed(start + rng.randbytes(100))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_only_wants_exactly_one_message() -> None:
    line = LINES["call pad"]
    good = line.good[0]
    assert only(line.parse, good) == decoded(line, good)[0]
    for bad in (good[:-1], good + b"\0", b"\0" + good):
        with pytest.raises(ProtocolError):
            only(line.parse, bad)
