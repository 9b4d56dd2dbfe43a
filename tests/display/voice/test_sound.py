"""Samples: levels, joints, lengths, and WAV files of every usual kind."""

import math
import struct
import wave
from array import array
from pathlib import Path

import pytest

from display.voice import clips, sound
from display.voice.phrases import Called, phrase

RATE = 22_050


def tone(seconds: float, loud: float = 0.3, pitch: float = 440.0, rate: int = RATE) -> "array[int]":
    wanted = (
        loud * 32767 * math.sin(2 * math.pi * pitch * n / rate) for n in range(int(seconds * rate))
    )
    return array("h", [round(sample) for sample in wanted])


def put(path: Path, samples: "array[int]", *, rate: int = RATE, channels: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def loudness(samples: "array[int]") -> float:
    return math.sqrt(sum(s * s for s in samples) / len(samples)) / 32768


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    samples = tone(0.2)
    sound.write(tmp_path / "a.wav", samples)
    assert sound.read(tmp_path / "a.wav") == samples


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (44_100, 2), (48_000, 2), (8_000, 1)])
def test_other_rates_and_stereo_become_ours(tmp_path: Path, rate: int, channels: int) -> None:
    mono = tone(0.5, rate=rate)
    samples = array("h", [s for sample in mono for s in [sample] * channels])
    read = sound.read(put(tmp_path / "a.wav", samples, rate=rate, channels=channels))
    assert sound.seconds(read) == pytest.approx(0.5, abs=0.001)
    assert loudness(read) == pytest.approx(loudness(mono), rel=0.02)


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"not a sound at all", b"RIFF" + struct.pack("<I", 9) + b"WAVEfmt "],
)
def test_what_is_no_wav_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(sound.SoundError, match=r"bad\.wav"):
        sound.read(path)


def test_eight_bit_and_missing_files_are_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "8.wav"), "wb") as file:
        file.setparams((1, 1, RATE, 0, "NONE", ""))
        file.writeframes(bytes(100))
    with pytest.raises(sound.SoundError, match="8 bit"):
        sound.read(tmp_path / "8.wav")
    with pytest.raises(sound.SoundError, match="gone"):
        sound.read(tmp_path / "gone.wav")


def test_a_clip_is_cut_to_its_sound_with_ten_milliseconds_around() -> None:
    padded = sound.silence(0.3) + tone(0.2) + sound.silence(0.5)
    assert sound.seconds(sound.trim(padded)) == pytest.approx(0.22, abs=0.002)
    assert sound.trim(sound.silence(0.1)) == sound.silence(0.1)


@pytest.mark.parametrize("loud", [0.02, 0.1, 0.3, 0.9])
def test_every_clip_is_equally_loud_and_none_is_clipped(loud: float) -> None:
    levelled = sound.level(tone(0.3, loud))
    assert loudness(levelled) == pytest.approx(sound.LOUDNESS, rel=0.03)
    assert max(map(abs, levelled)) <= sound.PEAK * 32768 + 1


def test_joints_do_not_click() -> None:
    clip = sound.tidy(tone(0.3))
    assert clip[0] == 0
    assert clip[-1] == 0


def test_gain_never_overflows() -> None:
    assert max(sound.gain(tone(0.1, 0.9), 10.0)) == 32767
    assert set(sound.gain(tone(0.1), 0.0)) == {0}


def test_the_chime_is_two_falling_tones_and_ends_in_silence() -> None:
    chime = sound.chime()
    assert 1.2 < sound.seconds(chime) < 2.0
    assert max(map(abs, chime)) <= 0.62 * 32767
    assert abs(chime[0]) < 10
    assert loudness(chime[-200:]) < 0.02
    first, second = chime[1000:5000], chime[-20000:-16000]
    assert pitch_of(first) == pytest.approx(659, rel=0.02)
    assert pitch_of(second) == pytest.approx(523, rel=0.02)


def pitch_of(samples: "array[int]") -> float:
    """The strongest frequency between 400 and 800 Hz."""

    def strength(pitch: float) -> float:
        turn = 2 * math.pi * pitch / RATE
        across = sum(s * math.cos(turn * n) for n, s in enumerate(samples))
        along = sum(s * math.sin(turn * n) for n, s in enumerate(samples))
        return math.hypot(across, along)

    return max(range(400, 800, 3), key=strength)


def test_a_sentence_is_as_long_as_its_clips_and_gaps(tmp_path: Path) -> None:
    said = phrase(Called("A012", "3", {}), "zh")
    assert said is not None
    for n, clip in enumerate(dict.fromkeys(said.clips)):
        put(tmp_path / "zh" / f"{clip}.wav", tone(0.2 + n / 50))
    lengths = [len(sound.tidy(sound.read(tmp_path / "zh" / f"{clip}.wav"))) for clip in said.clips]
    # qing-letter .15, letter-0-1-2-hao .04 each, hao-dao .15, dao-3-haochuangkou-banli .04 each
    gaps = round(0.15 * RATE) * 2 + round(0.04 * RATE) * 7
    assert len(clips.join(tmp_path, said)) == sum(lengths) + gaps


def test_a_clip_dropped_in_is_used_at_once_and_a_missing_one_is_named(tmp_path: Path) -> None:
    said = phrase(Called("7", "7", {}), "zh")
    assert said is not None
    assert clips.missing(tmp_path, said) == ["qing", "7", "hao", "dao", "hao-chuangkou", "banli"]
    for clip in said.clips:
        put(tmp_path / "zh" / f"{clip}.wav", tone(0.2))
    before = len(clips.join(tmp_path, said))
    put(tmp_path / "zh" / "banli.wav", tone(0.9))
    assert len(clips.join(tmp_path, said)) - before == pytest.approx(0.7 * RATE, abs=50)


def test_a_clip_cannot_be_looked_for_outside_its_folder(tmp_path: Path) -> None:
    said = phrase(Called("A1", "一/../../楼", {}), "zh")
    assert said is not None
    assert not [c for c in said.clips if (tmp_path / "zh" / f"{c}.wav").exists()]
    assert clips.missing(tmp_path, said)
