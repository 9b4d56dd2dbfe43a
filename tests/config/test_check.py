"""What the check warns of, and what it prints."""

from datetime import date
from pathlib import Path

import pytest

from config.check import comprehensive_share, environment_language, report, warnings
from config.colours import contrast
from config.faults import Found, both
from config.hall import Hall
from config.load import load_hall, read_hall, shipped, shipped_names
from tests.config.small import SMALL

TODAY = date(2026, 10, 8)
GOOD = SMALL.replace(
    'kind = "comprehensive-any"', 'kind = "accessible"\nservices = ["social"]'
).replace('id = "small"\n', 'id = "small"\nlanguages = ["zh"]\nsynthetic = true\n')
ITEM = "statutory_days = 20\n"


def warned(text: str) -> list[tuple[str, str]]:
    return [(str(found.path[0]), found.key) for found in warnings(read_hall(text.encode()))]


def test_nothing_is_unwise_in_the_good_file() -> None:
    assert warned(GOOD) == []


@pytest.mark.parametrize("name", shipped_names())
def test_the_check_of_a_shipped_hall_has_no_fault_and_no_warning(name: str) -> None:
    lines, good = report(shipped(name), language="en", today=TODAY)
    assert good
    assert lines[-1] == f"{name}.toml: good, 0 warnings", lines


UNWISE = [
    ("promised_days = 5", "promised_days = 11", "items", "promised_days"),  # XX-13
    (ITEM, ITEM + "steps = 5\n", "items", "steps"),
    (ITEM, ITEM + 'materials = ["其他材料"]\n', "items", "materials"),  # DJ-14
    (ITEM, ITEM + 'materials = ["Any other documents"]\n', "items", "materials"),
    ('prefix = "A"', 'prefix = "O"', "series", "prefix"),
    ('prefix = "A"', 'prefix = "Q"', "series", "prefix"),
    ('areas = ["south"]\n', 'areas = ["south"]\nrows = 9\npitch = 0.3\n', "boards", "rows"),
    ('primary = "#0b5cad"', 'primary = "#8fb7dd"', "palette", "primary"),
    ('primary = "#0b5cad"', 'ink = "#999999"', "palette", "ink"),
    ('services = ["social", "collect"]', 'services = ["social"]', "services", "id"),
    ('kind = "accessible"\nservices = ["social"]', 'kind = "accessible"', "windows", "services"),
    ('kind = "accessible"', 'kind = "comprehensive-field"', "windows", "kind"),  # law art. 40
    ('number = "2"', 'number = "1"', "windows", "number"),
    ("[rules]", "[rules]\nstaff_floor = 9", "hall", "staff"),
    ("catch_all = true\n", "", "services", "catch_all"),  # BA-23
    ('[[voices]]\nid = "V1"\narea = "south"\n', "", "areas", "id"),
    ('languages = ["zh"]', 'languages = ["zh", "en"]', "zones", "name"),
    ("synthetic = true\n", "", "items", "fee"),  # licensing law art. 30
    ('driver = "escpos"', 'driver = "escpos"\nkind = "prnter"', "devices", "kind"),
    ('driver = "escpos"', 'driver = "escpos"\nlink = "seriel:/dev/x"', "devices", "link"),
    ('printer = "printer"\n', "", "kiosks", "printer"),
]


@pytest.mark.parametrize(("good", "bad", "table", "key"), UNWISE)
def test_what_is_unwise_is_named(good: str, bad: str, table: str, key: str) -> None:
    assert good in GOOD
    # The board's areas are the last to be written so.
    text = bad.join(GOOD.rsplit(good, 1))
    assert (table, key) in warned(text)


def test_the_share_of_comprehensive_windows() -> None:
    hall = load_hall(shipped("dianjiang"))
    assert comprehensive_share(hall) >= 0.9
    boai = load_hall(shipped("boai"))
    assert comprehensive_share(boai) == pytest.approx(0.4)
    text = GOOD.replace('kind = "accessible"', 'kind = "consult"').replace(
        "[rules]", "[rules]\ncomprehensive_share = 0.9"
    )
    assert ("rules", "comprehensive_share") in warned(text)


def test_the_next_year_is_missed_from_november(tmp_path: Path) -> None:
    file = tmp_path / "good.toml"
    file.write_text(GOOD, "utf-8")
    for today, count in ((date(2026, 10, 31), 0), (date(2026, 11, 1), 1), (date(2030, 12, 1), 2)):
        lines, good = report(file, language="en", today=today)
        assert good
        assert sum("announcement" in line for line in lines) == count


def test_a_bad_file_is_a_list_of_faults_and_a_count(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(GOOD.replace("mean = 9", "maen = 9").replace('"B1"', '"B 1"'), "utf-8")
    lines, good = report(file, language="en")
    assert not good
    assert len(lines) == 3
    assert "services.social: maen" in lines[0]
    assert lines[-1] == "bad.toml: not used, 2 faults"
    assert report(file, language="zh")[0][-1] == "bad.toml:不能使用,2 处错误"
    assert report(tmp_path / "none.toml", language="en")[1] is False


def test_many_warnings_of_one_rule_are_counted(tmp_path: Path) -> None:
    item = '\n[[items]]\ncode = "X{}"\nname = {{ zh = "事" }}\ndepartment = "civil"\nsteps = 9\n'
    file = tmp_path / "many.toml"
    file.write_text(GOOD + "".join(item.format(n) for n in range(30)), "utf-8")
    lines, _ = report(file, language="en", today=TODAY)
    assert sum("steps" in line for line in lines) == 5
    assert "! … and 25 more" in lines
    assert lines[-1] == "many.toml: good, 30 warnings"


def test_further_rules_and_driver_names_come_from_outside(tmp_path: Path) -> None:
    def too_grey(hall: Hall) -> list[Found]:
        return [Found(("palette",), "primary", both(f"{hall.id} is grey", "灰"))]

    file = tmp_path / "good.toml"
    file.write_text(GOOD, "utf-8")
    lines, good = report(
        file,
        language="en",
        today=TODAY,
        drivers=("escpos2",),
        more=[lambda hall: iter(too_grey(hall))],
    )
    assert good
    assert any('no driver "escpos"; did you mean "escpos2"?' in line for line in lines)
    assert any("small is grey" in line for line in lines)


def test_the_summary_is_for_people() -> None:
    lines, _ = report(shipped("boai"), language="zh", today=TODAY)
    assert lines[0] == "博爱县行政服务中心 (boai)"
    assert any(line.split() == ["取号机", "2"] for line in lines)
    assert any("后台 16" in line for line in lines)
    english, _ = report(shipped("boai"), language="en", today=TODAY)
    assert len(english) == len(lines)
    assert any("back office 16" in line for line in english)


@pytest.mark.parametrize(
    ("value", "language"), [("zh_CN.UTF-8", "zh"), ("C.UTF-8", "en"), ("en_GB.UTF-8", "en")]
)
def test_the_language_of_the_shell(
    monkeypatch: pytest.MonkeyPatch, value: str, language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", value)
    assert environment_language() == language


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1
