"""Every section of the bench runs and gives sound figures. How quick it is, no test may ask."""

from pathlib import Path

import pytest

from benchmarks.run import SECTIONS, SMOKE, main
from benchmarks.table import Row, shown


@pytest.mark.parametrize("section", SECTIONS)
async def test_a_section_measures_what_it_says(section: str, tmp_path: Path) -> None:
    rows = await SECTIONS[section](tmp_path, SMOKE)
    assert rows
    assert all(row.unit for row in rows)
    # Differences of two noisy figures may come out below zero; nothing else may.
    assert all(row.ours >= 0 for row in rows if "of which" not in row.what)
    assert [row.ours for row in rows if "not seen" in row.what] in ([], [0.0, 0.0])
    assert shown(rows).row_count == len(rows)


def test_a_bound_is_on_the_ratio_where_there_is_one() -> None:
    assert Row("x", 5.0, "ms", 4.0, 1.25, most=2.0).kept is True
    assert Row("x", 5.0, "ms", 2.0, 2.5, most=2.0).kept is False
    assert Row("x", 5.0, "1/s", 10.0, 0.5, least=0.7).kept is False
    assert Row("x", 5.0, "MB", most=4.0).kept is False
    assert Row("x", 5.0, "ms").kept is None


def test_an_unknown_section_is_refused() -> None:
    with pytest.raises(ValueError, match="none of bottom"):
        main(only="typo")
