"""The speech engine: the right Mandarin, and harmless however it dies."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from display.voice import clips, sound
from display.voice.phrases import RESPELL, Called, phrase
from display.voice.tts import KEPT, Engine, SpeechError
from tests.helpers import wait_until


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    engine = Engine(tmp_path / "spoken", limit=2.0)
    yield engine
    await engine.close()


def phonemes(voice: str, *lines: str) -> list[str]:
    """How the library reads `lines`; `sit/cmn` marks a change to English with ``(en)``."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.display.voice.phonemes", voice],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.splitlines()


def tones(phonemes: str) -> list[str]:
    """The tone of each syllable: 55 high, 35 rising, 214 dipping, 51 falling, 11 none."""
    found, digits = [], ""
    for character in phonemes + " ":
        if character.isdigit():
            digits += character
        elif digits:
            found.append(digits)
            digits = ""
    return found


@pytest.mark.parametrize(
    ("number", "label", "expected"),
    [
        # qing3 A ling2 yi1 er4 hao4 dao4 san1 hao4 chuang1 kou3 ban4 li3
        ("A012", "3", "214 35 55 51 51 51 55 51 55 214 51 214"),
        # qing3 ling2 ling2 yi1 hao4 dao4 yi1 hao4 chuang1 kou3 ban4 li3: no sandhi in a number
        ("001", "1", "214 35 35 55 51 51 55 51 55 214 51 214"),
        # qing3 qi1 ba1 jiu3 hao4 dao4 er4 shi2 si4 hao4 chuang1 kou3 ban4 li3
        ("789", "24", "214 55 55 214 51 51 51 35 51 51 55 214 51 214"),
    ],
)
def test_the_voice_reads_mandarin_with_the_right_tones(
    number: str, label: str, expected: str
) -> None:
    said = phrase(Called(number, label, {}), "zh")
    assert said is not None
    read = phonemes("sit/cmn", said.text)[0]
    assert tones(read) == expected.split()
    assert read.count("(en)") == sum(c.isalpha() for c in number), "only letters are English"


def test_every_respelling_changes_how_it_is_read() -> None:
    wanted = {
        "一 号": "55 51",
        "一 楼": "55 35",
        "应急": "55 35",
        "还款": "35 214",
        "还件": "35 51",
        "重办": "35 51",
        "重呼": "35 55",
    }
    assert set(wanted) == set(RESPELL)
    read = dict(zip(RESPELL, phonemes("sit/cmn", *RESPELL.values()), strict=True))
    assert {word: " ".join(tones(said)) for word, said in read.items()} == wanted
    wrong = dict(zip(RESPELL, phonemes("sit/cmn", *RESPELL), strict=True))
    assert not [word for word in RESPELL if wrong[word] == read[word]]


async def test_a_sentence_lasts_as_long_as_mandarin_does(engine: Engine) -> None:
    """The broken voice of espeak-ng 1.51 spells pinyin in English and takes a third longer."""
    path = await engine.render("请到三号窗口", "zh")
    spoken = sound.trim(sound.read(path))
    assert 1.5 < sound.seconds(spoken) * 165 / 200 < 2.1


async def test_the_same_sentence_is_rendered_once(engine: Engine) -> None:
    first = await engine.render("请到三号窗口", "zh")
    written = first.stat().st_ino
    await engine.close()
    assert await engine.render("请到三号窗口", "zh") == first
    assert first.stat().st_ino == written
    assert engine.pid is None, "not even started"
    assert await engine.render("Window three", "en") != first


async def test_a_killed_engine_is_replaced(engine: Engine) -> None:
    await engine.render("请到三号窗口", "zh")
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    path = await engine.render("请到四号窗口", "zh")
    assert sound.seconds(sound.read(path)) > 1


async def test_an_engine_killed_in_the_middle_of_a_sentence(engine: Engine) -> None:
    await engine.render("请到三号窗口", "zh")
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await wait_until(lambda: stopped(pid), "the engine to stand still")
    sentence = asyncio.create_task(engine.render("请到五号窗口", "zh"))
    await asyncio.sleep(0)
    await wait_until(lambda: unread(pid), "the sentence to be on its way")
    os.kill(pid, signal.SIGKILL)
    assert sound.seconds(sound.read(await sentence)) > 1
    assert engine.restarts == 1


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def stopped(pid: int) -> bool:
    """Whether a process has come to a stop; a signal says only that it will."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("T")


def unread(pid: int) -> bool:
    """Whether bytes wait in the standard input of a process."""
    import fcntl
    import termios

    with open(f"/proc/{pid}/fd/0", "rb", buffering=0) as pipe:  # noqa: PTH123
        waiting = fcntl.ioctl(pipe, termios.FIONREAD, b"\0\0\0\0")
    return waiting != b"\0\0\0\0"


async def test_an_engine_that_hangs_is_killed_and_the_sentence_said_by_another(
    engine: Engine,
) -> None:
    await engine.render("请到三号窗口", "zh")
    hung = engine.pid
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)
    path = await engine.render("请到六号窗口", "zh")
    assert sound.seconds(sound.read(path)) > 1
    assert engine.pid != hung
    assert not alive(hung)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("import time; time.sleep(60)", id="hangs"),
        pytest.param("raise SystemExit(3)", id="dies"),
        pytest.param("print('Audio saved'); input()", id="babbles"),
        pytest.param('input(); print(\'{"ok": false, "error": "hoarse"}\')', id="refuses"),
    ],
)
async def test_an_engine_that_never_works_is_an_error_and_leaves_nothing(
    tmp_path: Path, program: str
) -> None:
    engine = Engine(tmp_path, limit=0.5, command=(sys.executable, "-c", program))
    with pytest.raises(SpeechError):
        await engine.render("请", "zh")
    assert engine.pid is None
    assert names(tmp_path) == set()


async def test_a_folder_that_cannot_be_written_is_an_error_and_no_hang(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    engine = Engine(tmp_path / "file", limit=5.0)
    with pytest.raises(SpeechError):
        await engine.render("请", "zh")
    await engine.close()


async def test_a_language_without_a_voice_is_an_error(engine: Engine) -> None:
    with pytest.raises(SpeechError, match="fr"):
        await engine.render("Ticket", "fr")


async def test_only_the_newest_sentences_are_kept(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    for n in range(KEPT + 30):
        (tmp_path / f"{n:03d}.wav").write_bytes(b"old")
        os.utime(tmp_path / f"{n:03d}.wav", (n, n))
    newest = await engine.render("请", "zh")
    await engine.close()
    left = names(tmp_path)
    assert len(left) == KEPT
    assert newest.name in left
    assert "000.wav" not in left


async def test_a_starter_set_speaks_a_call_without_the_engine(
    engine: Engine, tmp_path: Path
) -> None:
    recorded = tmp_path / "clips" / "zh" / "qing.wav"
    recorded.parent.mkdir(parents=True)
    sound.write(recorded, sound.chime())
    for language in ("zh", "en"):
        made = await clips.render_starter(tmp_path / "clips", language, engine)
        assert made == len(clips.CLIPS[language]) - (language == "zh")
        said = phrase(Called("A012", "35", {}, 2), language)
        assert said is not None
        assert clips.missing(tmp_path / "clips", said) == []
        assert sound.seconds(clips.join(tmp_path / "clips", said)) > 2
    assert sound.read(recorded) == sound.chime(), "a recorded clip is never overwritten"
