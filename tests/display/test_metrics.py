"""Widths, fitting and line breaks, held against the font itself."""

import pylopdf_fonts_zh_cn
import pytest
from PIL import ImageFont

from display import footer
from display.metrics import fit, shorten, width, wrap


@pytest.fixture(scope="module")
def font() -> ImageFont.FreeTypeFont:
    path = str(pylopdf_fonts_zh_cn.sans_path())
    return ImageFont.truetype(path, 1000, layout_engine=ImageFont.Layout.BASIC)


def test_every_printable_character_is_as_wide_as_the_font_says(
    font: ImageFont.FreeTypeFont,
) -> None:
    characters = [chr(c) for c in range(32, 127)] + list("–—…·，。：、（）请到号窗口零一二三𬱖")
    wrong = {c for c in characters if abs(width(c) * 1000 - font.getlength(c)) > 1}
    assert wrong == set()


def test_digits_are_equally_wide() -> None:
    assert len({width(d) for d in "0123456789"}) == 1


@pytest.mark.parametrize("number", ["1234", "A1234", "AB10000"])
def test_a_number_gets_smaller_rather_than_cut(number: str) -> None:
    size = fit(number, 100, 120)
    assert width(number) * size == pytest.approx(120)
    assert fit(number, 100, 1000) == 100


@pytest.mark.parametrize(
    ("text", "ems", "short"),
    [
        ("社会事务", 4, "社会事务"),
        ("社会事务", 3.5, "社会…"),
        ("Social affairs", 4, "Social…"),
        ("", 0, ""),
        ("社", 0.5, "…"),
    ],
)
def test_names_are_shortened_with_an_ellipsis(text: str, ems: float, short: str) -> None:
    assert shorten(text, ems) == short


@pytest.mark.parametrize(
    ("text", "ems", "lines"),
    [
        ("军人优先", 10, ["军人优先"]),
        ("", 10, []),
        ("一二三四五六七八", 3, ["一二三", "四五六", "七八"]),
        ("一二三四，五六七八", 6, ["一二三四，", "五六七八"]),
        ("一二三，四五六", 3, ["一二", "三，", "四五六"]),
        ("Older people first", 6.2, ["Older people", "first"]),
        ("12:00起停电2小时，请见谅。", 8.6, ["12:00起停电2小", "时，请见谅。"]),
        ("Unbreakableword", 3, ["Unbre", "akabl", "eword"]),
        ("a\n\nb  c", 10, ["a b c"]),
    ],
)
def test_lines_break_where_a_reader_expects(text: str, ems: float, lines: list[str]) -> None:
    assert wrap(text, ems) == lines
    assert all(width(line) <= ems for line in wrap(text, ems))


def test_nothing_is_lost_in_breaking() -> None:
    text = "11月25日14:00起进行系统升级，社保业务暂停办理2小时，请您合理安排时间。Thank you!"
    for ems in range(2, 40):
        assert "".join(wrap(text, ems)).replace(" ", "") == text.replace(" ", "")


def test_each_line_of_the_footer_stands_as_long_as_it_takes_to_read() -> None:
    pages = footer.pages(["一" * 70, "短"], 35)
    assert [round(p.seconds, 6) for p in pages] == [30.0, 30.0, 5.0]
    assert footer.at(pages, 0.0) == "一" * 35
    assert footer.at(pages, 59.9) == "一" * 35
    assert footer.at(pages, 60.0) == "短"
    assert footer.at(pages, 65.0) == "一" * 35
    assert footer.at((), 5.0) == ""
