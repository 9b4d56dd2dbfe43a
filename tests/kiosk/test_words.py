"""Every sentence in every language, and lines that break where people would break them."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kiosk
from kiosk.lines import NEVER_FIRST, NEVER_LAST, pieces, wrap
from kiosk.words import ORIGINAL, clock, languages, words
from tests.kiosk.helpers import MORNING

PACKAGE = Path(kiosk.__file__).parent
HOLES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", languages())
def test_every_language_is_complete(language: str) -> None:
    """Not by falling back: the file itself has every sentence, with the same facts in it."""
    own, original = words(language).table, words(ORIGINAL).table
    assert own.keys() == original.keys()
    other_facts = {"date.day"}
    for key, sentence in own.items():
        if language != ORIGINAL and not language.startswith("zh"):
            assert not re.search("[\u4e00-\u9fff]", sentence) or key == "languages.lead", key
        if key not in other_facts:
            assert set(HOLES.findall(sentence)) <= set(HOLES.findall(original[key])), key


def test_every_sentence_asked_for_exists() -> None:
    """The code names sentences by literal keys; each must be in the table."""
    table = words(ORIGINAL).table
    asked = set()
    for file in PACKAGE.rglob("*.py"):
        asked |= set(re.findall(r'say\(\s*"([a-z_]+\.[a-z_0-9]+)"', file.read_text("utf-8")))
    assert len(asked) > 50
    assert asked <= table.keys()


def test_a_language_nobody_wrote_is_chinese() -> None:
    assert words("bo")("bar.home") == "首页"


def test_dates_and_times_by_the_halls_clock() -> None:
    assert words("zh").date(MORNING, "Asia/Shanghai") == "2026年11月23日 星期一"
    assert words("en").date(MORNING, "Asia/Shanghai") == "Monday, 23 November 2026"
    assert clock(MORNING, "Asia/Shanghai") == "09:32"
    assert clock(MORNING, "Asia/Urumqi") == "07:32"


def test_a_wait_without_a_figure_is_nothing() -> None:
    assert words("zh").wait(None, 10) == ""
    assert words("zh").wait(0, 5) == "约 5 分钟以内"
    assert words("zh").wait(15, 25) == "约 15–25 分钟"


def test_lines_break_where_people_break_them() -> None:
    assert wrap("请到咨询台，工作人员会帮您", 5, len) == ["请到咨询", "台，工作人", "员会帮您"]
    assert wrap("take a number here", 9, len) == ["take a", "number", "here"]
    assert wrap("一\n二", 9, len) == ["一", "二"]
    assert wrap("", 9, len) == [""]


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("一二三，。（）“”abc 12·…"), max_size=40), st.integers(2, 12))
def test_wrapping_loses_nothing_and_fits(sentence: str, width: int) -> None:
    lines = wrap(sentence, width, len)
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == sentence.replace(" ", "")
    assert "".join(pieces(sentence)) == sentence


@pytest.mark.parametrize("language", languages())
def test_no_line_of_a_screen_begins_with_a_comma(language: str) -> None:
    for sentence in words(language).table.values():
        for line in wrap(sentence, 14, len)[1:]:
            assert line[:1] not in NEVER_FIRST or len(line) > 13
        for line in wrap(sentence, 14, len)[:-1]:
            assert line[-1:] not in NEVER_LAST
