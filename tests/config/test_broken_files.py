"""Three hundred broken hall files, and thousands of random ones: refused, never a crash."""

import copy
import datetime as dt
import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.check import report
from config.load import HallFileError, load_hall, read_hall, shipped
from tests.config.small import SMALL, toml

Row = dict[str, Any]
Break = Callable[[random.Random, Row, str], bool]
"""Breaks the given key of a row; False when there is nothing to break in this way."""

FILES = 300
DEMO = tomllib.loads(shipped("demo").read_text("utf-8"))
TABLES = ("sites", "zones", "series", "services", "items", "windows", "boards", "devices")
REFERENCES = ("site", "zone", "series", "department", "service", "window", "kiosk", "pickup")


def wrong_type(dice: random.Random, row: Row, key: str) -> bool:
    others: list[object] = [7.5, "x y", [["x"]], dt.datetime(2026, 1, 1, tzinfo=dt.UTC), {"a": [1]}]
    row[key] = dice.choice([one for one in others if type(one) is not type(row[key])])
    return not (isinstance(row[key], float) and key in ("mean", "cv", "target", "distance"))


def misspelt(dice: random.Random, row: Row, key: str) -> bool:
    place = dice.randrange(len(key))
    wrong = key[:place] + dice.choice("xyz_") + key[place:]
    row[wrong] = row.pop(key)
    return True


def dropped(_: random.Random, row: Row, key: str) -> bool:
    row.pop(key)
    return key in ("id", "name", "site", "zone", "code", "number", "driver", "areas")


def bad_number(dice: random.Random, row: Row, key: str) -> bool:
    good = isinstance(row[key], int | float) and not isinstance(row[key], bool)
    row[key] = dice.choice([float("nan"), float("inf"), -1, 10**22, -(10**30), 1e300])
    return good


def dangling(dice: random.Random, row: Row, key: str) -> bool:
    good = key in REFERENCES and isinstance(row[key], str)
    row[key] = f"nobody-{dice.randrange(100)}"
    return good


def dangling_in_list(dice: random.Random, row: Row, key: str) -> bool:
    good = key in ("services", "areas", "departments", "bundle") and isinstance(row[key], list)
    row[key] = [f"NOBODY{dice.randrange(100)}"]
    return good


def bad_word(dice: random.Random, row: Row, key: str) -> bool:
    row[key] = dice.choice(["窗口", "a/b", "", "a b", "x" * 40, "a\nb", "#", "a\u202eb"])
    return key in ("id", "zone", "kind", "stage", "driver", "code", "site")


def bad_name(dice: random.Random, row: Row, key: str) -> bool:
    row[key] = dice.choice([{}, {"zh": ""}, {"Chinese": "名"}, {"zh": 5}, "名", {"zh": "a\x07"}])
    return key == "name"


BREAKS: tuple[Break, ...] = (
    wrong_type,
    misspelt,
    dropped,
    bad_number,
    dangling,
    dangling_in_list,
    bad_word,
    bad_name,
)


def broken(seed: int) -> tuple[str, str, str]:
    """A hall file with one key broken, and the table and key that were."""
    dice = random.Random(seed)
    while True:
        doc = copy.deepcopy(DEMO)
        table = dice.choice(TABLES)
        row = dice.choice(doc[table])
        key = dice.choice(list(row))
        old = str(row.get("id", row.get("code")))
        before = set(row)
        if dice.choice(BREAKS)(dice, row, key):
            named = next(iter(set(row) - before), key)
            return toml(doc), f"{table}.{old}", named


@pytest.mark.parametrize("seed", range(FILES))
def test_a_broken_file_is_refused_naming_file_table_and_key(seed: int, tmp_path: Path) -> None:
    text, row, key = broken(seed)
    file = tmp_path / "hall.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(HallFileError) as refused:
        load_hall(file)
    faults = refused.value.faults
    said = [str(fault) for fault in faults]
    assert all(fault.file == "hall.toml" and fault.wrong["zh"] for fault in faults)
    assert all(fault.table and fault.line for fault in faults), said
    table = row.partition(".")[0]
    here = [fault for fault in faults if fault.table.partition(".")[0].startswith(table)]
    assert any(key in (fault.key, fault.table.rpartition(".")[2]) for fault in here), (key, said)
    if f'"{row.partition(".")[2]}"' in _ids(text, table):
        assert any(fault.table.startswith(row) for fault in here), (row, said)
    lines, good = report(file, language="zh")
    assert not good
    assert len(lines) == len(faults) + 1


def _ids(text: str, table: str) -> str:
    """The lines of a table that carry ids, quoted."""
    rows = tomllib.loads(text)[table]
    return " ".join(f'"{row.get("id", row.get("code"))}"' for row in rows)


def refused_or_read(data: bytes) -> None:
    try:
        hall = read_hall(data)
    except HallFileError as error:
        said = [fault.say(language) for fault in error.faults for language in ("en", "zh")]
    else:
        said = [hall.id]
    assert said
    assert not [line for line in said if not line.isprintable()]


EDITS = st.lists(
    st.tuples(
        st.integers(0, len(SMALL.encode())),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from(
                [b'"', b"[[", b"]", b"=", b"\n", b"nan", b"{", b"'''", b"1e999", b"\\u"]
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=2000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(EDITS)
def test_bytes_changed_at_random(edits: list[tuple[int, int, bytes]]) -> None:
    data = SMALL.encode()
    for place, length, new in edits:
        data = data[:place] + new + data[place + length :]
    refused_or_read(data)


VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace").decode()),
        st.dates().map(lambda day: day.replace(year=max(day.year, 1000))),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abz"), inner, max_size=2)
    ),
    max_leaves=6,
)


@settings(
    max_examples=2000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.data())
def test_values_changed_at_random(data: st.DataObject) -> None:
    doc = tomllib.loads(SMALL)
    table = data.draw(st.sampled_from(sorted(doc)))
    row = doc[table] if isinstance(doc[table], dict) else data.draw(st.sampled_from(doc[table]))
    key = data.draw(st.sampled_from([*sorted(row), "id", "kind"]))
    row[key] = data.draw(VALUES)
    refused_or_read(toml(doc).encode())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from(sorted(tomllib.loads(SMALL))), VALUES, max_size=4))
def test_whole_tables_at_random(doc: dict[str, object]) -> None:
    refused_or_read(toml(doc).encode())
