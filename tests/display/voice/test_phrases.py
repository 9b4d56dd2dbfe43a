"""What is said, against sentences written down by an independent rule (`truth.txt`).

Each line of the file: ticket | window | Chinese, word by word | English. The test spells the words
back into clips with tables of its own.
"""

from pathlib import Path

import pytest

from display.voice.clips import CLIPS
from display.voice.phrases import Called, phrase, respell

CHINESE = {
    "请": "qing", "号": "hao", "到": "dao", "号窗口": "hao-chuangkou", "办理": "banli",
    "十": "shi", "杠": "gang", "楼": "lou",
    "零": "0", "一": "1", "二": "2", "三": "3", "四": "4",
    "五": "5", "六": "6", "七": "7", "八": "8", "九": "9",
}  # fmt: skip
ENGLISH = {
    "Ticket": "ticket", "window": "go-to-window", "dash": "dash",
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17",
    "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40",
    "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip

TRUTH = [
    tuple(part.strip() for part in line.split("|"))
    for line in (Path(__file__).parent / "truth.txt").read_text(encoding="utf-8").splitlines()
]


def clip(word: str, table: dict[str, str]) -> str:
    if word in table:
        return table[word]
    return f"letter-{word.lower()}" if len(word) == 1 and word.isascii() else word


def test_there_are_two_hundred_sentences() -> None:
    assert len(TRUTH) >= 200


@pytest.mark.parametrize(("number", "label", "zh", "en"), TRUTH)
def test_clip_by_clip(number: str, label: str, zh: str, en: str) -> None:
    called = Called(number=number, label=label, name={})
    chinese, english = phrase(called, "zh"), phrase(called, "en")
    assert chinese is not None
    assert english is not None
    assert list(chinese.clips) == [clip(word, CHINESE) for word in zh.split()]
    ticket, _, where = en.partition(" / ")
    if where == "please see the board":
        tail = ["see-board"]
    else:
        tail = [clip(word, ENGLISH) for word in where.split()]
    assert list(english.clips) == [clip(word, ENGLISH) for word in ticket.split()] + tail


@pytest.mark.parametrize(
    ("called", "language", "text"),
    [
        (Called("A012", "3", {}), "zh", "请 A 零 一 二 号，到 三 号窗口 办理。"),
        (Called("B1234", "22", {}), "zh", "请 B 一 二 三 四 号，到 二十二 号窗口 办理。"),
        (Called("C005", "3", {}, 2), "zh", "请 C 零 零 五 号，到 二 楼 三 号窗口 办理。"),
        (Called("Z003", "咨询台", {}), "zh", "请 Z 零 零 三 号，到 咨询台 办理。"),
        (Called("A012", "3", {}), "en", "Ticket A, zero, one, two. Please go to window three."),
        (
            Called("A012", "3", {}, 2),
            "en",
            "Ticket A, zero, one, two. Please go to window three floor two.",
        ),
        (
            Called("Z003", "咨询台", {"en": "the help desk"}),
            "en",
            "Ticket Z, zero, zero, three. Please go to the help desk.",
        ),
        (Called("A012", "3", {}), "yue", "请 A 零 一 二 号，到 三 号窗口 办理。"),
    ],
)
def test_what_an_engine_reads(called: Called, language: str, text: str) -> None:
    said = phrase(called, language)
    assert said is not None
    assert said.text == text


@pytest.mark.parametrize(
    ("number", "label", "clips"),
    [
        ("A011", "1", "qing letter-a 0 yao yao hao dao 1 hao-chuangkou banli"),
        ("7111", "11", "qing 7 yao yao yao hao dao shi 1 hao-chuangkou banli"),
        ("A002", "101", "qing letter-a 0 0 2 hao dao yao 0 yao hao-chuangkou banli"),
    ],
)
def test_one_said_as_yao_in_digits_but_never_in_a_counted_window(
    number: str, label: str, clips: str
) -> None:
    said = phrase(Called(number, label, {}), "zh", yao=True)
    assert said is not None
    assert said.clips == tuple(clips.split())


def test_a_language_nobody_taught_us_is_not_guessed() -> None:
    assert phrase(Called("A001", "1", {}), "fr") is None


@pytest.mark.parametrize("odd", ["²", "①", "Ａ０１", "", "  ", "-", "社012", "A 0 1"])
def test_odd_numbers_and_labels_still_make_a_sentence(odd: str) -> None:
    for language in ("zh", "en"):
        said = phrase(Called(odd, odd, {}), language)
        assert said is not None
        assert said.text


def test_every_clip_of_an_ordinary_call_is_on_the_list() -> None:
    for number, label, _, _ in TRUTH:
        for language in ("zh", "en"):
            said = phrase(Called(number, label, {}, 2), language, yao=True)
            assert said is not None
            unknown = set(said.clips) - set(CLIPS[language]) - {label}
            assert unknown == set()


def test_words_with_two_readings_are_spelled_so_that_only_one_is_left() -> None:
    assert respell("应急窗口") == "英急窗口"
    assert respell("到 十一 号窗口") == "到 十衣 号窗口"
    assert respell("银行窗口") == "银行窗口"
