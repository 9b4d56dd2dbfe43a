"""Finding a service or an item by what is typed: pinyin initials, pinyin, Chinese, English.

``sb`` and ``shebao`` and ``社保`` all find 社会保险, since people shorten words: letters match the
initials in order of the characters, gaps allowed last and ranked last. The index is built once
(`kiosk.pinyin` supplies the pinyin); a look-up reads plain strings and takes a few milliseconds
for a thousand items.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

MOST = 60
"""More results than anybody pages through."""

Pinyin = Callable[[str], list[str]]
"""A text to one lower-case syllable (or other run of characters) a character."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to find: a service, or an item handled under it."""

    service: str
    names: tuple[str, ...]
    item: str | None = None
    popular: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    service: str
    item: str | None


@dataclass(frozen=True, slots=True)
class _Row:
    entry: Entry
    texts: tuple[str, ...]
    initials: tuple[str, ...]
    spellings: tuple[tuple[str, frozenset[int]], ...]
    """The whole pinyin of each name, and where in it syllables begin."""
    size: int


@dataclass(frozen=True, eq=False)
class Index:
    """All entries with their spellings. Empty until `build`."""

    rows: tuple[_Row, ...] = ()
    _find: Callable[[str], tuple[Found, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_find", lru_cache(maxsize=256)(self._look))

    @classmethod
    def build(cls, entries: Iterable[Entry], pinyin: Pinyin) -> "Index":
        return cls(tuple(_row(entry, pinyin) for entry in entries))

    def find(self, query: str) -> tuple[Found, ...]:
        """What matches, best first: exact words, then beginnings, then anywhere, then gaps."""
        return self._find("".join(query.lower().split()))

    def _look(self, query: str) -> tuple[Found, ...]:
        if not query:
            return ()
        ranked = [
            (rank, not row.entry.popular, row.entry.item is not None, row.size, place)
            for place, row in enumerate(self.rows)
            if (rank := _rank(row, query)) is not None
        ]
        ranked.sort()
        best = (self.rows[r[-1]].entry for r in ranked[:MOST])
        return tuple(Found(entry.service, entry.item) for entry in best)


def _row(entry: Entry, pinyin: Pinyin) -> _Row:
    spelt = [tuple(pinyin(name)) for name in entry.names]
    return _Row(
        entry=entry,
        texts=tuple("".join(name.lower().split()) for name in entry.names),
        initials=tuple("".join(s[:1] for s in syllables) for syllables in spelt),
        spellings=tuple(("".join(syllables), _starts(syllables)) for syllables in spelt),
        size=len(entry.names[0]) if entry.names else 0,
    )


def _rank(row: _Row, query: str) -> int | None:
    """How well a row matches, 0 is best; None not at all."""
    places = [t.find(query) for t in row.texts] + [i.find(query) for i in row.initials]
    if 0 in places:
        return 0
    if any(place > 0 for place in places):
        return 1
    if not query.isascii():
        return None
    if any(_spells(spelling, starts, query) for spelling, starts in row.spellings):
        return 2
    return 3 if any(_in_order(initials, query) for initials in row.initials) else None


def _starts(syllables: tuple[str, ...]) -> frozenset[int]:
    return frozenset(accumulate(map(len, syllables), initial=0))


def _spells(spelling: str, starts: frozenset[int], query: str) -> bool:
    """Whether `query` is pinyin of neighbouring characters, the last perhaps half typed."""
    place = spelling.find(query)
    while place >= 0:
        if place in starts:
            return True
        place = spelling.find(query, place + 1)
    return False


def _in_order(initials: str, query: str) -> bool:
    """Whether the letters occur in this order, the first of them at the beginning."""
    if len(query) < 2 or not initials.startswith(query[0]):
        return False
    rest = iter(initials)
    return all(letter in rest for letter in query)
