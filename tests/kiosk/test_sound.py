"""What a kiosk sounds like, heard through ALSA itself."""

import shutil
import wave
from pathlib import Path

import pytest

from kiosk.sound import RATE, TONES, Sound, write_tone
from tests.helpers import wait_until

HEARD = """
</usr/share/alsa/alsa.conf>
pcm.!default {{ type file slave.pcm "null" file "{file}" format "wav" }}
"""


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def test_tones_are_soft_and_short(tmp_path: Path) -> None:
    for name, tone in TONES.items():
        path = tmp_path / f"{name}.wav"
        write_tone(path, tone)
        with wave.open(str(path)) as file:
            samples = memoryview(file.readframes(file.getnframes())).cast("h")
            assert file.getframerate() == RATE
        assert len(samples) < RATE
        assert 3_000 < max(samples) < 10_000
        assert abs(samples[0]) < 50


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound card that writes what would be heard."""
    if not shutil.which("aplay"):
        pytest.skip("needs aplay")
    file = tmp_path / "heard.wav"
    config = tmp_path / "asound.conf"
    config.write_text(HEARD.format(file=file))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    return file


async def test_a_beep_is_heard(heard: Path, tmp_path: Path) -> None:
    sound = Sound(tmp_path)
    sound.beep("good")
    await wait_until(lambda: size(heard) > 4_000, "the beep")
    await sound.close()


async def test_a_recorded_sentence_is_heard_and_a_missing_one_is_silence(
    heard: Path, tmp_path: Path
) -> None:
    sound = Sound(tmp_path)
    sound.say("say.confirm", "zh")
    await sound.close()
    assert size(heard) == 0
    write_tone(tmp_path / "voice" / "zh" / "confirm.wav", ((440, 0.5),))
    sound.say("say.confirm", "zh")
    await wait_until(lambda: size(heard) > 20_000, "the sentence")
    await sound.close()


async def test_without_a_player_it_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sound = Sound(tmp_path)
    sound.beep("touch")
    await sound.close()
