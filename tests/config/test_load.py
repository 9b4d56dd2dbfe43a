"""A hall file is read, or refused with everything that is wrong with it."""

import os
import re
from pathlib import Path

import pytest

from config.faults import Fault
from config.hall import Hall
from config.load import LARGEST, HallFileError, load_hall, read_hall, shipped, shipped_names
from tests.config.small import SMALL


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(HallFileError) as refused:
        read_hall(data, "small.toml")
    return refused.value.faults


def test_a_good_file_is_a_hall() -> None:
    hall = read_hall(SMALL.encode())
    assert isinstance(hall, Hall)
    assert hall.service_by_id["social"].mean == 9
    assert hall.rules.dispatch.band == 4
    assert hall.window_by_id["W1"].roster[0].days == (1, 2)
    assert hall.walk["south"]["north"] == 4


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_hall_loads(name: str) -> None:
    hall = load_hall(shipped(name))
    assert hall.id == name
    assert hall.name["zh"]
    assert hall.name["en"]


def test_the_shipped_halls_are_these() -> None:
    assert set(shipped_names()) == {"boai", "demo", "dianjiang", "guizhou", "mengzi", "xixian"}


def test_toml_dates_and_quoted_dates_are_the_same() -> None:
    text = SMALL.replace('closed = ["2026-12-24"]', "closed = [2026-12-24]")
    assert read_hall(text.encode()) == read_hall(SMALL.encode())


# What is written, what is put in its place, and the table, key and nearest word of the fault.
CASES = [
    ('zone = "general"', 'zone = "genral"', "services.social", "zone", "general"),
    ('series = "a"', 'series = "c"', "services.social", "series", ""),
    (
        'departments = ["civil"]',
        'departments = ["cvil"]',
        "services.social",
        "departments",
        "civil",
    ),
    ('pickup = "collect"', 'pickup = "colect"', "services.social", "pickup", "collect"),
    ('pickup = "collect"', 'pickup = "social"', "services.social", "pickup", ""),
    ('pickup = "collect"', 'consult_first = "collect"', "services.social", "consult_first", ""),
    ('stage = "pickup"', 'stage = "pick-up"', "services.collect", "stage", "pickup"),
    ("mean = 9", "maen = 9", "services.social", "maen", "mean"),
    ("mean = 9", "mean = nan", "services.social", "mean", ""),
    ("mean = 9", "mean = -inf", "services.social", "mean", ""),
    ("mean = 9", "mean = 0", "services.social", "mean", ""),
    ("mean = 9", 'mean = "nine"', "services.social", "mean", ""),
    ("mean = 9", "mean = true", "services.social", "mean", ""),
    ("mean = 9", "mean = 1" + "0" * 22, "services.social", "mean", ""),
    ("mean = 9", "mean = 1" + "0" * 400, "services.social", "mean", ""),
    ("last = 499", "last = 0", "series.a", "last", ""),
    ("last = 499", "last = -5", "series.a", "last", ""),
    ("last = 499", "last = 12345678901234567890123", "series.a", "last", ""),
    ('prefix = "B"', 'prefix = "A"\nfirst = 400', "series.b", "prefix", ""),
    ('prefix = "B"', 'prefix = "b"', "series.b", "prefix", ""),
    ("catch_all = true", "catch_all = 1", "services.social", "catch_all", ""),
    ('id = "collect"', 'id = "social"', "services.social", "id", ""),
    ('id = "collect"', "", "services[2]", "id", ""),
    ('id = "collect"', 'id = "出件"', "services.出件", "id", ""),
    ('parent = "county"', 'parent = "south"', "sites.south", "parent", ""),
    ('parent = "county"', 'parent = "countty"', "sites.south", "parent", "county"),
    ('level = "county"', 'level = "conty"', "sites.county", "level", "county"),
    ('site = "south"', 'site = "souht"', "areas.south", "site", "south"),
    ('areas = ["south"]', 'areas = ["nowhere"]', "zones.general", "areas", ""),
    ('areas = ["south"]', 'areas = "south"', "zones.general", "areas", ""),
    ("queue = false", 'queue = "no"', "zones.entrance", "queue", ""),
    ('zone = "general"', 'zone = "entrance"', "services.social", "zone", ""),
    ('department = "civil"', 'department = "civic"', "items.MZ01", "department", "civil"),
    ('code = "MZ01"', 'code = "mz-01"', "items.mz-01", "code", ""),
    ("promised_days = 5", "promised_days = 1.5", "items.MZ01", "promised_days", ""),
    ("promised_days = 5", 'bundle = ["MZ02"]', "items.MZ01", "bundle", "MZ01"),
    ("promised_days = 5", "released = 2021-02-30", None, "", ""),
    ("promised_days = 5", 'released = "2021-02-30"', "items.MZ01", "released", ""),
    ("promised_days = 5", 'released = "soon"', "items.MZ01", "released", ""),
    (
        'services = ["social", "collect"]',
        'services = ["socail"]',
        "windows.W1",
        "services",
        "social",
    ),
    ('services = ["social", "collect"]', "services = [7]", "windows.W1", "services", ""),
    (
        'services = ["social", "collect"]',
        'services = ["social", "social"]',
        "windows.W1",
        "services",
        "",
    ),
    ("slow = { collect = 1.1 }", "slow = { colect = 1.1 }", "windows.W1", "slow", "collect"),
    ("slow = { collect = 1.1 }", "slow = { collect = 99 }", "windows.W1.slow", "collect", ""),
    ("days = [1, 2]", "days = [1, 8]", "windows.W1.roster[1]", "days", ""),
    ('hours = ["09:00-11:00"]', 'hours = ["11:00-09:00"]', "windows.W1.roster[1]", "hours", ""),
    ('hours = ["09:00-11:00"]', 'hours = ["9-11"]', "windows.W1.roster[1]", "hours", ""),
    (
        'hours = ["09:00-11:00"]',
        "since = 2026-05-01\nuntil = 2026-04-01",
        "windows.W1.roster[1]",
        "until",
        "",
    ),
    (
        'kind = "comprehensive-any"',
        'kind = "comprehensive"',
        "windows.W2",
        "kind",
        "comprehensive-any",
    ),
    (
        'kind = "comprehensive-any"',
        'kind = "back-office"\nservices = ["social"]',
        "windows.W2",
        "services",
        "",
    ),
    ('printer = "printer"', 'printer = "pirnter"', "kiosks.K1", "printer", "printer"),
    ('printer = "printer"', 'series = "a"', "kiosks.K1", "series", ""),
    ('area = "south"', 'area = "north"', "voices.V1", "area", "south"),
    ('kiosk = "K1"', 'window = "W9"', "devices.printer", "window", ""),
    ('kiosk = "K1"', "options = { baud = [1] }", "devices.printer.options", "baud", ""),
    ('closed = ["2026-12-24"]', 'closed = ["2026-13-24"]', "calendar", "closed", ""),
    (
        'closed = ["2026-12-24"]',
        'closed = ["2026-12-24"]\nopen = ["2026-12-24"]',
        "calendar",
        "open",
        "",
    ),
    ('primary = "#0b5cad"', 'primary = "blue"', "palette", "primary", ""),
    ("band = 4", "bnad = 4", "rules.dispatch", "bnad", "band"),
    ("band = 4", 'policy = "fairbamd"', "rules.dispatch", "policy", "fairband"),
    ("[rules.dispatch]", "[rules.dispatsch]", "rules", "dispatsch", "dispatch"),
    ("[palette]", "[pallete]", "", "pallete", "palette"),
    ("[[voices]]", "[[voice]]", "", "voice", "voices"),
    ("north = 4", "nroth = 4", "walk.south", "nroth", "north"),
    ("[walk.south]", "[walk.suoth]", "walk", "suoth", "south"),
    (
        'id = "small"',
        'id = "small"\ntimezone = "Asia/Shanghia"',
        "hall",
        "timezone",
        "Asia/Shanghai",
    ),
    ("[hall]", '[hall]\ntimezone = "../../etc/passwd"', "hall", "timezone", ""),
    ('id = "small"', "", "hall", "id", ""),
    ('id = "small"', 'id = "small"\nwindows = []', "hall", "windows", ""),
    ("[hall]", "[halle]", "", "halle", "hall"),
    ('name = { zh = "县" }', "name = {}", "sites.county", "name", ""),
    ('name = { zh = "县" }', 'name = "县"', "sites.county", "name", ""),
    ('name = { zh = "县" }', 'name = { zh = "" }', "sites.county", "name", ""),
    ('name = { zh = "县" }', 'name = { chinese = "县" }', "sites.county", "name", ""),
    ('name = { zh = "县" }', 'name = { zh = "县\\u0000" }', "sites.county.name", "zh", ""),
    ('name = { zh = "县" }', 'name = { zh = "县\\u202E" }', "sites.county.name", "zh", ""),
]


@pytest.mark.parametrize(("good", "bad", "table", "key", "near"), CASES)
def test_a_fault_names_table_key_and_the_nearest_right_word(
    good: str, bad: str, table: str | None, key: str, near: str
) -> None:
    assert good in SMALL
    faults = faults_of(SMALL.replace(good, bad, 1))
    if table is None:
        assert faults[0].line == SMALL[: SMALL.index(good)].count("\n") + 1
        return
    named = [fault for fault in faults if (fault.table, fault.key) == (table, key)]
    assert named, [str(fault) for fault in faults]
    assert named[0].nearest == near
    assert named[0].line > 0


def test_a_fault_is_one_line_with_file_line_table_key_and_hint() -> None:
    (fault,) = faults_of(SMALL.replace('zone = "general"', 'zone = "genral"', 1))
    assert str(fault) == (
        'small.toml line 70: services.social: zone: there is no zone "genral"; '
        'did you mean "general"?'
    )
    assert fault.say("zh") == (
        'small.toml 第 70 行: services.social: zone: 没有编号为 "genral" 的分区;是不是 "general"?'
    )


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = SMALL
    for good, bad in (
        ('id = "small"', 'id = "small hall"'),
        ('primary = "#0b5cad"', 'primary = "blue"'),
        ('zone = "general"', 'zone = "genral"'),
        ("mean = 9", "maen = 9"),
        ('printer = "printer"', 'printer = "pirnter"'),
    ):
        text = text.replace(good, bad, 1)
    faults = faults_of(text)
    assert [(f.table, f.key) for f in faults] == [
        ("hall", "id"),
        ("palette", "primary"),
        ("services.social", "zone"),
        ("services.social", "maen"),
        ("kiosks.K1", "printer"),
    ]


def test_a_broken_row_breaks_nothing_else() -> None:
    """The service keeps its references checked and is not taken for one of another stage."""
    text = SMALL.replace('stage = "pickup"', 'stage = "pick-up"\nconsult_first = "nobody"')
    assert [(f.table, f.key) for f in faults_of(text)] == [
        ("services.collect", "stage"),
        ("services.collect", "consult_first"),
    ]


def test_a_broken_row_is_still_known_by_its_id() -> None:
    faults = faults_of(SMALL.replace('prefix = "A"', 'prefix = "a"'))
    assert [(f.table, f.key) for f in faults] == [("series.a", "prefix")]


@pytest.mark.parametrize("table", ["sites", "areas", "zones", "series", "services", "windows"])
@pytest.mark.parametrize("empty", ["", "{} = []\n", "{} = 5\n"])
def test_a_hall_needs_at_least_one_of_each(table: str, empty: str) -> None:
    head, *rows = re.split(r"(?m)^(?=\[)", SMALL)
    rest = [row for row in rows if not row.startswith((f"[[{table}]]", f"[[{table}."))]
    faults = faults_of(empty.format(table) + head + "".join(rest))
    assert (faults[0].table, faults[0].key) == ("", table)


def test_a_row_that_is_no_table_shifts_nothing() -> None:
    rows = '[1, {id = "a", prefix = "A"}, {id = "a", prefix = "B"}]'
    text = "series = " + rows + re.sub(r"(?ms)^\[\[series\]\].*?(?=^\[\[serv)", "", SMALL)
    said = [str(fault) for fault in faults_of(text)]
    assert any(line.startswith("small.toml line 1: series[1]: 1 should be") for line in said)
    assert any('series.a: id: "a" is already' in line for line in said)


def test_a_circle_of_sites_is_told_once_for_every_site_in_it() -> None:
    text = SMALL.replace('level = "county"', 'level = "county"\nparent = "south"')
    assert [(f.table, f.key) for f in faults_of(text)] == [
        ("sites.county", "parent"),
        ("sites.south", "parent"),
    ]


def test_two_devices_on_one_line_need_addresses() -> None:
    pad = '\n[[devices]]\nid = "{}"\ndriver = "callpad"\nlink = "serial:/dev/ttyS0"\n'
    assert faults_of(SMALL + pad.format("one") + pad.format("two"))[0].key == "link"
    read_hall((SMALL + pad.format("one") + "address = 1\n" + pad.format("two")).encode())


@pytest.mark.parametrize(
    ("data", "words", "line", "column"),
    [
        (b"", "is empty", 0, 0),
        (b" \n\n", "is empty", 0, 0),
        (b"\xef\xbb\xbf" + SMALL.encode(), "byte-order mark", 0, 0),
        (SMALL.encode("utf-16"), "byte-order mark", 0, 0),
        (SMALL.encode("gbk"), "looks like GBK", 4, 18),
        (b"[hall]\nid = \xff\n", "is not UTF-8", 2, 6),
        (SMALL.encode().replace(b"small", b"sm\x00ll", 1), "Illegal character", 3, 9),
        (b"[hall]\nid = \n", "Invalid value", 2, 6),
        (b'[hall]\nid = "a', "Unterminated string", 2, 0),
        (b"[hall]\n[hall]\n", "twice", 2, 6),
        (b"a = " + b"[" * 100_000, "nested too deeply", 0, 0),
        (b"a = " + b"9" * 10_000, "too many digits", 0, 0),
        (b"x" * (10 * 1024 * 1024), "larger than 4 MB", 0, 0),
    ],
)
def test_what_is_no_hall_file_at_all(
    tmp_path: Path, data: bytes, words: str, line: int, column: int
) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(data)
    with pytest.raises(HallFileError) as refused:
        load_hall(file)
    (fault,) = refused.value.faults
    assert words in str(fault)
    assert (fault.file, fault.line, fault.column) == ("bad.toml", line, column)


def test_the_largest_file_may_be_read(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    file.write_bytes(SMALL.encode() + b"#" * (LARGEST - len(SMALL.encode())))
    assert load_hall(file).id == "small"


def test_what_is_no_plain_file(tmp_path: Path) -> None:
    loop, pipe = tmp_path / "loop.toml", tmp_path / "pipe.toml"
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    for path in (tmp_path, loop, pipe, tmp_path / "none.toml", Path("/dev/zero")):
        with pytest.raises(HallFileError) as refused:
            load_hall(path)
        assert len(refused.value.faults) == 1


def test_a_link_to_a_hall_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text(SMALL, "utf-8")
    (tmp_path / "link.toml").symlink_to(tmp_path / "real.toml")
    assert load_hall(tmp_path / "link.toml").id == "small"


def test_a_fault_stays_on_one_line_whatever_the_file_says() -> None:
    text = SMALL.replace("mean = 9", f'mean = "{"长" * 400}\\n\\u001b[31m"')
    for fault in faults_of(text):
        assert fault.say().isprintable()
        assert len(fault.say()) < 200
