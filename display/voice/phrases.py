"""What is said for a call, in each language. Pure.

A phrase is two things at once: the names of the clips it is made of, and the text a speech engine
reads when a clip is missing.

- Tickets are read digit by digit with their leading zeros, letters by letter.
- Windows are read as numbers up to 99 ("十二号窗口"), from 100 digit by digit.
- 0 is 零, 2 is 二 and never 两; 1 is 一, or 幺 where the hall wants it (1 and 7 sound alike in a
  noisy hall); a window is never 幺 unless it has three digits.
- Digits stand apart in the text, so that an engine does not read them as one number.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from config.hall import Text

DIGITS = "零一二三四五六七八九"
_ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_RUNS = re.compile(r"[0-9]+|[A-Za-z]|[^\x00-\x7f]+")
_WINDOW_WORDS = re.compile(r"(?<=[0-9A-Za-z]) ?(号窗口|号窗|号|窗口)$")

RESPELL = {
    "一 号": "衣 号",
    "一 楼": "衣 楼",
    "应急": "英急",
    "还款": "环款",
    "还件": "环件",
    "重办": "虫办",
    "重呼": "虫呼",
}
"""What espeak-ng reads wrong, in characters that are only ever read as meant: the tone of 一 before
号 and 楼 (a number is not bent), 应 yīng, 还 huán, 重 chóng."""


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


Part = tuple[tuple[str, ...], str]
"""A word of a sentence: the clips it is made of, and how it is written."""


def _phrase(language: str, parts: Iterable[Part], text: str) -> Phrase:
    return Phrase(language, tuple(clip for clips, _ in parts for clip in clips), text)


def _chinese(called: Called, language: str, yao: bool) -> Phrase:
    floor = [] if called.floor is None else [_counted(called.floor), (("lou",), "楼")]
    parts: list[Part] = [
        (("qing",), "请"),
        *_chinese_ticket(called.number, yao),
        (("hao",), "号"),
        (("dao",), "到"),
        *floor,
        *_chinese_window(called.label, yao),
        (("banli",), "办理"),
    ]
    said = respell(" ".join(word for _, word in parts))
    return _phrase(language, parts, said.replace(" 号 到", " 号，到") + "。")


def _chinese_ticket(number: str, yao: bool) -> Iterator[Part]:
    for run in _RUNS.findall(number):
        if run.isdecimal():
            yield from (_digit(d, yao) for d in run)
        else:
            yield _letter(run)


def _chinese_window(label: str, yao: bool) -> Iterator[Part]:
    """``3`` is "三 号窗口"; ``咨询台`` and whatever else ends in words is said as it stands.
    Between two numbers stands 杠: ``2-15`` must not sound like 25."""
    before = ""
    for run in _RUNS.findall(_bare(label)):
        if run.isdecimal():
            if before.isdecimal():
                yield ("gang",), "杠"
            if int(run) < 100:
                yield _counted(int(run))
            else:
                yield from (_digit(d, yao) for d in run)
        else:
            yield _letter(run)
        before = run
    if before.isascii() and before:
        yield ("hao-chuangkou",), "号窗口"


def _bare(label: str) -> str:
    """``3号窗口`` is window 3."""
    return _WINDOW_WORDS.sub("", label.strip())


def _digit(digit: str, yao: bool) -> Part:
    if digit == "1" and yao:
        return ("yao",), "幺"
    return (digit,), DIGITS[int(digit)]


def _letter(run: str) -> Part:
    """A letter by its name; a word in characters is a clip of its own."""
    return ((f"letter-{run.lower()}",), run.upper()) if run.isascii() else ((run,), run)


def _counted(number: int) -> Part:
    """0 to 99 as a number: 三, 十, 十二, 二十, 三十五."""
    tens, ones = divmod(abs(number), 10)
    clips, word = [], ""
    if tens > 1:
        clips, word = [str(tens)], DIGITS[tens]
    if tens:
        clips, word = [*clips, "shi"], word + "十"
    if ones or not tens:
        clips, word = [*clips, str(ones)], word + DIGITS[ones]
    return tuple(clips), word


def _english(called: Called, language: str, _yao: bool) -> Phrase:
    ticket = [_english_sign(c) for c in re.findall(r"[0-9A-Za-z]", called.number)]
    where = _english_window(called)
    if called.floor is not None:
        where += [(("floor",), "floor"), _english_count(called.floor)]
    number = ", ".join(word for _, word in ticket)
    said = f"Ticket {number}. {' '.join(word for _, word in where)}."
    return _phrase(language, [(("ticket",), "Ticket"), *ticket, *where], said)


def _english_window(called: Called) -> list[Part]:
    bare = _bare(called.label)
    if not bare.isascii():
        name = called.name.get("en")
        if name:
            return [(("go-to",), "Please go to"), ((name,), name)]
        return [(("see-board",), "Please see the board")]
    parts: list[Part] = [(("go-to-window",), "Please go to window")]
    before = ""
    for run in _RUNS.findall(bare):
        if run.isdecimal() and before.isdecimal():
            parts.append((("dash",), "dash"))
        if run.isdecimal() and int(run) < 100:
            parts.append(_english_count(int(run)))
        else:
            parts += [_english_sign(c) for c in run]
        before = run
    return parts


def _english_sign(character: str) -> Part:
    """A digit or a letter by itself."""
    if character.isdecimal():
        return (character,), _ENGLISH_DIGITS[int(character)]
    return (f"letter-{character.lower()}",), character.upper()


def _english_count(number: int) -> Part:
    """0 to 99 from the clips 0-19, 20, 30 ... 90."""
    number = abs(number)
    if number < 20 or number % 10 == 0:
        return (str(number),), ENGLISH_NUMBERS[number]
    tens, ones = number // 10 * 10, number % 10
    return (str(tens), str(ones)), f"{ENGLISH_NUMBERS[tens]} {ENGLISH_NUMBERS[ones]}"


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
