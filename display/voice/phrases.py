"""What is said for a call, in each language. Pure.

A phrase is two things at once: the names of the clips it is made of, and the text a speech engine
reads when a clip is missing.

- Tickets are read digit by digit with their leading zeros, letters by letter.
- Windows are read as numbers up to 99 ("十二号窗口"), from 100 digit by digit.
- 0 is 零, 2 is 二 and never 两; 1 is 一, or 幺 where the hall wants it (1 and 7 sound alike in a
  noisy hall); a window is never 幺 unless it has three digits.
- Digits stand apart in the text, so that an engine does not bend the tone of 一.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.hall import Text

DIGITS = "零一二三四五六七八九"
_ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_RUNS = re.compile(r"[0-9]+|[A-Za-z]|[^\x00-\x7f]+")
_WINDOW_WORDS = re.compile(r"(?<=[0-9A-Za-z]) ?(号窗口|号窗|号|窗口)$")

RESPELL = {
    "重呼": "虫呼",
    "重新": "虫新",
    "长者": "掌者",
    "行长": "航掌",
    "还款": "环款",
}
"""Words a speech engine reads wrong, and characters that are only ever read as meant."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in one language."""

    language: str
    clips: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """Who is called where, as far as it is said aloud."""

    number: str
    label: str
    """What the sign over the window says: a number, or a name."""
    name: Text
    """What the window is called, for windows without a number."""
    floor: int | None = None
    """Said when the window is on another floor than the people who listen."""


def phrase(called: Called, language: str, *, yao: bool = False) -> Phrase | None:
    """What is said for `called`; None in a language that nobody has taught us."""
    speaker = LANGUAGES.get(language)
    return None if speaker is None else speaker(called, language, yao)


def _chinese(called: Called, language: str, yao: bool) -> Phrase:
    where = list(_chinese_window(called.label, yao))
    floor = _counted(called.floor) if called.floor is not None else []
    parts = [
        ("qing", "请"),
        *_chinese_ticket(called.number, yao),
        ("hao", "号"),
        ("dao", "到"),
        *([*floor, ("lou", "楼")] if floor else []),
        *where,
        ("banli", "办理"),
    ]
    return Phrase(language, tuple(clip for clip, _ in parts), _chinese_text(parts))


def _chinese_text(parts: list[tuple[str, str]]) -> str:
    """Words with spaces between them, but a comma before 到 and none of it before 号 and 楼."""
    said = " ".join(respell(word) for _, word in parts)
    return said.replace(" 号 到", " 号，到") + "。"


def _chinese_ticket(number: str, yao: bool) -> Iterator[tuple[str, str]]:
    for run in _RUNS.findall(number):
        if run[0].isascii() and run[0].isdigit():
            yield from (_digit(d, yao) for d in run)
        elif run.isascii():
            yield _letter(run)
        else:
            yield run, run


def _chinese_window(label: str, yao: bool) -> Iterator[tuple[str, str]]:
    """``3`` is "三 号窗口"; ``咨询台`` and whatever else ends in words is said as it stands."""
    bare = _WINDOW_WORDS.sub("", label.strip())
    runs = _RUNS.findall(bare)
    for run in runs:
        if run[0].isascii() and run[0].isdigit():
            yield from _counted(int(run)) if int(run) < 100 else [_digit(d, yao) for d in run]
        elif run.isascii():
            yield _letter(run)
        else:
            yield run, run
    if runs and runs[-1].isascii():
        yield "hao-chuangkou", "号窗口"


def _digit(digit: str, yao: bool) -> tuple[str, str]:
    if digit == "1" and yao:
        return "yao", "幺"
    return digit, DIGITS[int(digit)]


def _letter(letter: str) -> tuple[str, str]:
    return f"letter-{letter.lower()}", letter.upper()


def _counted(number: int) -> list[tuple[str, str]]:
    """0 to 99 as a number: 三, 十, 十二, 二十, 三十五."""
    tens, ones = divmod(abs(number), 10)
    words = [(str(tens), DIGITS[tens])] if tens > 1 else []
    if tens:
        words.append(("shi", "十"))
    if ones or not tens:
        words.append((str(ones), DIGITS[ones]))
    return words


def _english(called: Called, language: str, yao: bool) -> Phrase:  # noqa: ARG001
    ticket = [
        (run.lower() if run.isdigit() else f"letter-{run.lower()}", _english_letter(run))
        for run in re.findall(r"[0-9A-Za-z]", called.number)
    ]
    parts = [("ticket", "Ticket"), *ticket, *_english_window(called)]
    if called.floor is not None:
        parts += [("floor", "floor"), *_english_count(called.floor)]
    head = ", ".join(word for _, word in parts[: len(ticket) + 1])
    tail = " ".join(word for _, word in parts[len(ticket) + 1 :])
    said = f"{head.replace('Ticket, ', 'Ticket ', 1)}. {tail}."
    return Phrase(language, tuple(clip for clip, _ in parts), said)


def _english_window(called: Called) -> list[tuple[str, str]]:
    bare = _WINDOW_WORDS.sub("", called.label.strip())
    if not bare.isascii():
        name = called.name.get("en")
        if name:
            return [("go-to", "Please go to"), (name, name)]
        return [("see-board", "Please see the board")]
    parts = [("go-to-window", "Please go to window")]
    for run in _RUNS.findall(bare):
        if not run.isdigit():
            parts.append((f"letter-{run.lower()}", _english_letter(run)))
        elif int(run) < 100:
            parts += _english_count(int(run))
        else:
            parts += [(d, _ENGLISH_DIGITS[int(d)]) for d in run]
    return parts


def _english_letter(character: str) -> str:
    return _ENGLISH_DIGITS[int(character)] if character.isdigit() else character.upper()


def _english_count(number: int) -> list[tuple[str, str]]:
    """0 to 99 from the clips 0-19, 20, 30 ... 90."""
    number = abs(number)
    if number < 20 or number % 10 == 0:
        return [(str(number), ENGLISH_NUMBERS[number])]
    tens, ones = number // 10 * 10, number % 10
    return [(str(tens), ENGLISH_NUMBERS[tens]), (str(ones), ENGLISH_NUMBERS[ones])]


ENGLISH_NUMBERS = dict(
    zip(
        [*range(20), *range(20, 100, 10)],
        [
            *_ENGLISH_DIGITS,
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
            *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
        ],
        strict=True,
    )
)


def respell(said: str) -> str:
    """`said` with the words that engines read wrong spelled so that they cannot."""
    for word, spelling in RESPELL.items():
        said = said.replace(word, spelling)
    return said


LANGUAGES: dict[str, Callable[[Called, str, bool], Phrase]] = {
    "zh": _chinese,
    "yue": _chinese,
    "en": _english,
}
"""Who says it in which language. Cantonese says the same words in its own sounds."""
