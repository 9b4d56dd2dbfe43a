"""What the documentation of the hall file says is so."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from config.hall import Hall
from config.load import HallFileError, read_hall, shipped, shipped_names
from config.reference import reference
from config.shape import ROWS, TABLES, row_type

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ("hall-file.md", "hall-file.zh-CN.md")


def test_the_reference_is_made_from_the_model() -> None:
    """Otherwise: python -m config.reference > docs/hall-file-keys.md"""
    assert (DOCS / "hall-file-keys.md").read_text("utf-8") == reference()


def test_the_reference_names_every_key() -> None:
    page = reference()
    for field in msgspec.structs.fields(Hall):
        kind = row_type(field.type)
        for inner in msgspec.structs.fields(kind) if kind else ():
            assert f"| `{inner.name}` |" in page
        if kind is None:
            assert f"`{field.name}`" in page or f"`[{field.name}" in page


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_names_every_table_and_every_shipped_hall(guide: str) -> None:
    page = (DOCS / guide).read_text("utf-8")
    for table in TABLES:
        assert f"[[{table}]]" in page if table in ROWS else f"[{table}" in page
    for name in shipped_names():
        assert f"`{name}.toml`" in page


@pytest.mark.parametrize("guide", GUIDES)
def test_the_examples_of_the_guide_fit_into_the_demo_hall(guide: str) -> None:
    """The service and its window are added as they stand; the others are read as TOML."""
    page = (DOCS / guide).read_text("utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 3
    service, roster, device = examples
    demo = shipped("demo").read_text("utf-8")
    hall = read_hall(f"{demo}\n{service}".encode())
    assert hall.service_by_id["tax"].mean == 8
    with pytest.raises(HallFileError) as refused:
        read_hall(f"{demo}\n{service}\n{roster}".encode())
    assert {fault.nearest or fault.key for fault in refused.value.faults} == {"services"}
    assert tomllib.loads(device)["devices"][0]["driver"] == "callpad"
