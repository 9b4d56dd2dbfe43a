"""Sounds as samples: mono, 16 bit, 22,050 a second. Reading, joining, levelling, the chime.

Plain arithmetic on `array("h")`, because the standard library has no audio module any more.
"""

import math
import wave
from array import array
from collections.abc import Iterable
from pathlib import Path

RATE = 22_050
Samples = array  # of type code "h"

PEAK = 0.89
"""No sample is louder than this share of full scale."""
LOUDNESS = 0.16
"""What speech is levelled to: root mean square of what is not silence, share of full scale."""
FLOOR = 328
"""Samples quieter than this (1 % of full scale) at the ends of a clip are silence."""


class SoundError(ValueError):
    """The file is not a sound that can be played."""


def silence(seconds: float) -> "array[int]":
    """Nothing, for so long."""
    return array("h", bytes(2 * round(seconds * RATE)))


def read(path: Path) -> "array[int]":
    """The samples of a WAV file of any usual rate and number of channels, as ours.

    Raises:
        SoundError: no WAV, or not 16 bit.
    """
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            samples = array("h")
            if width != 2:
                raise SoundError(f"{path.name}: {8 * width} bit, 16 needed")
            samples.frombytes(file.readframes(file.getnframes()))
    except (wave.Error, EOFError, OSError) as error:
        raise SoundError(f"{path.name}: {error}") from None
    if channels > 1:
        samples = array(
            "h",
            (
                sum(samples[n : n + channels]) // channels
                for n in range(0, len(samples) - channels + 1, channels)
            ),
        )
    return samples if rate == RATE else _resampled(samples, rate)


def write(path: Path, samples: "array[int]") -> None:
    """Write `samples` as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def seconds(samples: "array[int]") -> float:
    return len(samples) / RATE


def join(parts: Iterable["array[int]"]) -> "array[int]":
    """One after the other; as long as all of them together."""
    whole = array("h")
    for part in parts:
        whole.extend(part)
    return whole


def tidy(samples: "array[int]") -> "array[int]":
    """A clip cut to its sound (10 ms before and after), levelled, with 5 ms fades."""
    return fade(level(trim(samples)), 0.005)


def trim(samples: "array[int]", keep: float = 0.01) -> "array[int]":
    """Without the silence at its ends, but `keep` seconds of it."""
    loud = [n for n, sample in enumerate(samples) if abs(sample) > FLOOR]
    if not loud:
        return samples
    edge = round(keep * RATE)
    return samples[max(0, loud[0] - edge) : loud[-1] + edge + 1]


def level(samples: "array[int]", loudness: float = LOUDNESS) -> "array[int]":
    """As loud as every other clip, measured where it sounds, and never clipped."""
    block = RATE // 100
    powers = [
        sum(s * s for s in samples[n : n + block]) / block
        for n in range(0, max(1, len(samples) - block + 1), block)
    ]
    sounding = [p for p in powers if p > max(powers) / 25]
    if not sounding:
        return samples
    now = math.sqrt(sum(sounding) / len(sounding)) / 32768
    most = max(map(abs, samples)) / 32768
    return gain(samples, min(loudness / now, PEAK / most))


def gain(samples: "array[int]", factor: float) -> "array[int]":
    """`factor` times as loud."""
    if factor == 1.0:
        return samples
    return array("h", [max(-32768, min(32767, round(s * factor))) for s in samples])


def fade(samples: "array[int]", length: float) -> "array[int]":
    """Rising from and falling to nothing within `length` seconds, so that joints do not click."""
    faded = array("h", samples)
    steps = min(round(length * RATE), len(faded) // 2)
    for n in range(steps):
        faded[n] = round(faded[n] * n / steps)
        faded[-1 - n] = round(faded[-1 - n] * n / steps)
    return faded


def chime() -> "array[int]":
    """Two soft bell tones, E5 then C5: the hall's "please listen"."""
    first, second = _bell(659.26, 0.55), _bell(523.25, 1.1)
    start = round(0.42 * RATE)
    whole = [0.0] * (start + len(second))
    for n, value in enumerate(first):
        whole[n] += value
    for n, value in enumerate(second):
        whole[start + n] += value
    loudest = max(map(abs, whole))
    tones = array("h", [round(v / loudest * 0.6 * 32767) for v in whole])
    return fade(tones, 0.003)


def _bell(pitch: float, length: float) -> list[float]:
    """A struck tone: partials of a small bell, each dying away, the high ones first."""
    partials = ((1.0, 1.0, 3.2), (2.0, 0.35, 5.5), (3.01, 0.12, 8.0), (4.2, 0.05, 12.0))
    tone = []
    for n in range(round(length * RATE)):
        t = n / RATE
        swell = min(1.0, t / 0.004)
        tone.append(
            swell
            * sum(
                strength * math.exp(-decay * t) * math.sin(2 * math.pi * pitch * ratio * t)
                for ratio, strength, decay in partials
            )
        )
    return tone


def _resampled(samples: "array[int]", rate: int) -> "array[int]":
    """At our rate, by straight lines between neighbours; good enough for speech."""
    if rate <= 0 or not samples:
        raise SoundError("empty, or without a rate")
    last = len(samples) - 1
    resampled = array("h")
    for n in range(round(len(samples) * RATE / rate)):
        place = min(n * rate / RATE, last)
        left = int(place)
        right = min(left + 1, last)
        resampled.append(round(samples[left] + (samples[right] - samples[left]) * (place - left)))
    return resampled
