"""The loudspeaker: a card through a child with a time limit, or a file."""

import os
import stat
import time
from pathlib import Path

import pytest

from config.hall import Device, Voice
from display.voice import sound
from display.voice.player import Aplay, FilePlayer, PlayerError, player_for
from tests.display.given import small_hall


def program(path: Path, script: str) -> str:
    """A program that stands in for `aplay`."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    sound.write(tmp_path / "a.wav", sound.chime())
    return tmp_path / "a.wav"


async def test_the_card_is_named_and_the_file_handed_over(tmp_path: Path, wav: Path) -> None:
    command = program(tmp_path / "aplay", f'echo "$@" > {tmp_path}/heard')
    await Aplay("plughw:CARD=Device,DEV=0", command=command).play(wav, 1.0)
    assert (tmp_path / "heard").read_text().split() == [
        "-q", "-D", "plughw:CARD=Device,DEV=0", str(wav),
    ]  # fmt: skip


async def test_what_the_player_says_is_the_reason(tmp_path: Path, wav: Path) -> None:
    command = program(tmp_path / "aplay", "echo 'audio open error: No such device' >&2; exit 1")
    with pytest.raises(PlayerError, match="No such device"):
        await Aplay(command=command).play(wav, 1.0)


async def test_a_stuck_card_is_given_up(tmp_path: Path, wav: Path) -> None:
    command = program(tmp_path / "aplay", f"echo $$ > {tmp_path}/pid; exec sleep 60")
    with pytest.raises(PlayerError, match="still playing"):
        await Aplay(command=command).play(wav, -4.5)
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_without_the_program_there_is_a_reason(tmp_path: Path, wav: Path) -> None:
    player = Aplay(command=str(tmp_path / "nothing"))
    assert "not installed" in player.fault()
    with pytest.raises(PlayerError):
        await player.play(wav, 1.0)


async def test_a_file_holds_all_that_was_heard_one_after_the_other(
    tmp_path: Path, wav: Path
) -> None:
    sound.write(tmp_path / "b.wav", sound.silence(0.5))
    player = FilePlayer(tmp_path / "new" / "heard.wav", paced=False)
    for path in (wav, tmp_path / "b.wav", wav):
        await player.play(path, 1.0)
    heard = sound.read(tmp_path / "new" / "heard.wav")
    assert heard == sound.chime() + sound.silence(0.5) + sound.chime()


async def test_a_paced_file_takes_as_long_as_the_sound(tmp_path: Path, wav: Path) -> None:
    before = time.monotonic()
    await FilePlayer(tmp_path / "heard.wav").play(wav, 0.2)
    assert time.monotonic() - before >= 0.2


async def test_a_file_that_cannot_be_written_is_a_reason(tmp_path: Path, wav: Path) -> None:
    with pytest.raises(PlayerError):
        await FilePlayer(tmp_path).play(wav, 0.0)


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("alsa:plughw:CARD=Device", Aplay),
        ("file:heard.wav", FilePlayer),
        ("emulator", FilePlayer),
        ("none", Aplay),
    ],
)
def test_the_hall_file_names_the_speaker(tmp_path: Path, link: str, kind: type) -> None:
    hall = small_hall(devices=(Device(id="speaker", driver="alsa", link=link),))
    assert isinstance(player_for(hall, hall.voices[0], tmp_path), kind)
    assert isinstance(player_for(hall, Voice(id="V", area="down"), tmp_path), Aplay)
