"""What is wrong with a hall file, said to the person who has to put it right."""

import difflib
import json
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from config.bounds import Text

Path = tuple[str | int, ...]
"""Where a table stands in the file: ``("services", 3)`` is the fourth of ``[[services]]``."""


class Found(NamedTuple):
    """A fault before anybody has looked up its line: which table, which key, what is wrong."""

    path: Path
    key: str
    wrong: Text
    nearest: str = ""


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong, in one line: where it stands, what is wrong, the nearest right word."""

    file: str
    table: str
    """Such as ``services.social``; empty when the file as a whole cannot be read."""
    key: str
    wrong: Text
    """What is wrong, in Chinese and English."""
    nearest: str = ""
    line: int = 0
    """Line in the file, 0 when there is none."""
    column: int = 0

    def say(self, language: str = "en") -> str:
        """The fault as one line of text."""
        chinese = language.startswith("zh")
        where = self.file
        if self.line:
            where += f" 第 {self.line} 行" if chinese else f" line {self.line}"
        if self.column:
            where += f" 第 {self.column} 列" if chinese else f" column {self.column}"
        hint = quoted(self.nearest) if self.nearest else ""
        if hint:
            hint = f";是不是 {hint}?" if chinese else f"; did you mean {hint}?"
        wrong = self.wrong.get("zh" if chinese else "en", "") + hint
        line = ": ".join(word for word in (where, self.table, self.key, wrong) if word)
        return "".join(letter if letter.isprintable() else "?" for letter in line)

    def __str__(self) -> str:
        return self.say()


class HallFileError(Exception):
    """A hall file cannot be used. `faults` holds everything wrong with it, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def both(en: str, zh: str) -> Text:
    """One wording in English and Chinese."""
    return {"en": en, "zh": zh}


def quoted(value: object) -> str:
    """A value of the file, short and on one line."""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 48 else f"{shown[:44]}…"


def nearest(word: object, right: Iterable[str]) -> str:
    """The right word most like `word`, or nothing when none is."""
    choices = sorted(set(right))
    if not isinstance(word, str):
        return ""
    lower = {choice.lower(): choice for choice in choices}
    close = difflib.get_close_matches(word[:64].lower(), lower, n=1, cutoff=0.6)
    return lower[close[0]] if close else ""
