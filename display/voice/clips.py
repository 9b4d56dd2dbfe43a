"""Recorded clips: which there are, how they are joined, and a starter set to begin with.

A clip set is a folder for each language with one WAV file a clip: `clips/zh/qing.wav`. A hall
records its own and drops them in file by file; each is used from the next call on. A sentence is
made of clips when every clip of it is there; else the speech engine reads the whole sentence, so
that two voices never share one.
"""

import string
from array import array
from pathlib import Path

from display.voice import sound
from display.voice.phrases import DIGITS, ENGLISH_NUMBERS, Phrase
from display.voice.tts import Engine

GAP, LONG_GAP = 0.04, 0.15
"""Seconds between two clips, and where a listener needs a moment."""
_LONG_AFTER = frozenset({"qing", "ticket"})
_LONG_BEFORE = frozenset({"dao", "go-to", "go-to-window", "see-board"})

_LETTERS = {f"letter-{c.lower()}": c for c in string.ascii_uppercase}
_CHINESE = {
    "qing": "请",
    "hao": "号",
    "dao": "到",
    "hao-chuangkou": "号窗口",
    "lou": "楼",
    "gang": "杠",
    "banli": "办理",
    **{str(n): digit for n, digit in enumerate(DIGITS)},
    "yao": "幺",
    "shi": "十",
    **_LETTERS,
}
CLIPS: dict[str, dict[str, str]] = {
    "zh": _CHINESE,
    "yue": _CHINESE,
    "en": {
        "ticket": "ticket",
        "go-to-window": "please go to window",
        "go-to": "please go to",
        "see-board": "please see the board",
        "floor": "floor",
        "dash": "dash",
        **{str(n): word for n, word in ENGLISH_NUMBERS.items()},
        **_LETTERS,
    },
}
"""Language -> clip -> what it says. Windows with a name have one more clip each, called by it."""


def gap(before: str, after: str) -> float:
    """Seconds of silence between two clips."""
    long = before in _LONG_AFTER or after in _LONG_BEFORE
    return LONG_GAP if long else GAP


def missing(folder: Path, phrase: Phrase) -> list[str]:
    """Clips of `phrase` that are not in the clip set under `folder`."""
    return [c for c in dict.fromkeys(phrase.clips) if not _file(folder, phrase, c).is_file()]


def join(folder: Path, phrase: Phrase) -> "array[int]":
    """`phrase` from its clips: each tidied, with a gap between each two.

    Raises:
        sound.SoundError: a clip is missing or cannot be read.
    """
    parts = []
    for n, clip in enumerate(phrase.clips):
        if n:
            parts.append(sound.silence(gap(phrase.clips[n - 1], clip)))
        parts.append(sound.tidy(sound.read(_file(folder, phrase, clip))))
    return sound.join(parts)


async def render_starter(folder: Path, language: str, engine: Engine) -> int:
    """Write every clip of `language` that is not there yet, read by `engine`; how many those were.

    A recorded clip is never overwritten.

    Raises:
        display.voice.tts.SpeechError: the engine cannot.
    """
    target = folder / language
    target.mkdir(parents=True, exist_ok=True)
    new = 0
    for clip, said in CLIPS[language].items():
        path = target / f"{clip}.wav"
        if not path.exists():
            rendered = await engine.render(said, language)
            sound.write(path, sound.tidy(sound.read(rendered)))
            new += 1
    if not (folder / "chime.wav").exists():
        sound.write(folder / "chime.wav", sound.chime())
    return new


def _file(folder: Path, phrase: Phrase, clip: str) -> Path:
    return folder / phrase.language / f"{clip.replace('/', '-').lstrip('.')}.wav"
