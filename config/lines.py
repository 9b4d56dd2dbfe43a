"""In which line of a TOML file a table or a key stands, so that a fault can say so.

The TOML reader of the standard library forgets the lines. This reads headers and keys at the start
of lines and nothing else; where it cannot tell, the line of the table around it is given.
"""

import re
from collections.abc import Iterator

from config.faults import Path

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*[=.]""")


def find_lines(text: str) -> dict[Path, int]:
    """Path of every table, and of every key in it, to its line (from 1)."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    for number, line in _outside_long_strings(text):
        if header := _HEADER.match(line):
            here = _table(header[2], counts, another=header[1] == "[[")
            lines.setdefault(here, number)
        elif key := _KEY.match(line):
            lines.setdefault((*here, key[1].strip("\"'")), number)
    return lines


def line_of(lines: dict[Path, int], path: Path, key: str) -> int:
    """Line of `key` in the table at `path`, else of that table, else of what is around it."""
    place: Path = (*path, key)
    while place:
        if line := lines.get(place) or lines.get((*place, 0)):
            return line
        place = place[:-1]
    return 0


def _table(dotted: str, counts: dict[Path, int], *, another: bool) -> Path:
    here: Path = ()
    words = [word.strip().strip("\"'") for word in dotted.split(".")]
    for depth, word in enumerate(words):
        here = (*here, word)
        if another and depth == len(words) - 1:
            counts[here] = counts.get(here, -1) + 1
        if here in counts:
            here = (*here, counts[here])
    return here


def _outside_long_strings(text: str) -> Iterator[tuple[int, str]]:
    quote = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not quote:
            yield number, line
        for mark in re.findall(r'"""|' + r"'''", line):
            if not quote:
                quote = mark
            elif mark == quote:
                quote = ""
