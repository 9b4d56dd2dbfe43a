"""docs/call-next.md names files and functions; a newcomer finds each of them there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "call-next.md").read_text(encoding="utf-8")

STEPS = [
    (path, name)
    for names, path in re.findall(r"^\| (`.+`) \| `(.+\.py)` \|", TEXT, re.MULTILINE)
    for name in re.findall(r"`([^`]+)`", names)
] + [(path, name) for name, path in re.findall(r"`(\w+)`\s+in\s+`([\w/]+\.py)`", TEXT)]


def defined(path: str) -> set[str]:
    """Functions and methods of a file, as ``name`` and ``Class.name``."""
    names = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        functions = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for function in functions:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                names.add(prefix + function.name)
    return names


def test_the_way_is_told_whole() -> None:
    assert len(STEPS) > 25


@pytest.mark.parametrize(("path", "name"), STEPS)
def test_a_step_is_where_it_is_said_to_be(path: str, name: str) -> None:
    assert name in defined(path)
