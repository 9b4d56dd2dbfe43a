"""Reads raw TOML data into the tables of a hall, key by key, and keeps every fault it meets.

`msgspec.convert` stops at the first fault; an installer wants them all. So a good file is converted
in one go, and only a bad one is gone through again, table by table and key by key, to say what is
wrong with each.
"""

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from config import bounds
from config.faults import Found, Path, both, nearest, quoted
from config.hall import Hall, Text

_MISSING = object()


@dataclass(frozen=True)
class Draft:
    """As much of a hall as could be read."""

    hall: Hall
    at: Mapping[str, Sequence[int]]
    """Table -> where in the file each of its rows in `hall` stands."""
    ids: Mapping[str, Sequence[str]]
    """Table -> all ids in the file, those of unreadable rows too."""
    broken: frozenset[Path] = frozenset()
    """Rows of which a part could not be read; those keys have their defaults in `hall`."""

    @cached_property
    def known(self) -> Mapping[str, frozenset[str]]:
        """Table -> its ids, to look one up."""
        return {table: frozenset(ids) for table, ids in self.ids.items()}

    def whole(self, table: str) -> Iterator[tuple[int, Any]]:
        """The rows of `table` that were read completely, each with its place in `hall`."""
        for n, row in enumerate(getattr(self.hall, table)):
            if self.path(table, n) not in self.broken:
                yield n, row

    def path(self, table: str, n: int) -> Path:
        """Where row `n` of `table` stands in the file."""
        return table, self.at[table][n]


def read_tables(raw: Mapping[str, object]) -> tuple[Draft, list[Found]]:
    """The hall in `raw`, and what is wrong with it key by key."""
    head = raw.get("hall")
    flat = {k: v for k, v in raw.items() if k != "hall"}
    if isinstance(head, dict):
        flat = {k: v for k, v in flat.items() if k in TABLES} | head
    misplaced = list(_misplaced(raw))
    if misplaced:
        return _piecemeal(raw, misplaced)
    try:
        hall = msgspec.convert(flat, Hall)
    except (msgspec.ValidationError, OverflowError):
        return _piecemeal(raw, [])
    rows = {t: getattr(hall, t) for t in ROWS}
    ids = {t: [id_of(row) for row in got] for t, got in rows.items()}
    return Draft(hall, {t: range(len(got)) for t, got in rows.items()}, ids), []


def id_of(row: object) -> str:
    """The id of a row, a catalogue item's code; empty when it has none."""
    keys = row if isinstance(row, dict) else {k: getattr(row, k, None) for k in ("id", "code")}
    found = keys.get("id") or keys.get("code")
    return found if isinstance(found, str) else ""


def row_type(kind: object) -> type[msgspec.Struct] | None:
    """The struct in ``tuple[Struct, ...]``, the shape of an array of tables."""
    if typing.get_origin(kind) is tuple and _is_table(inner := typing.get_args(kind)[0]):
        return typing.cast("type[msgspec.Struct]", inner)
    return None


def _is_table(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


_FIELDS = {f.name: f for f in msgspec.structs.fields(Hall)}
ROWS = tuple(name for name, f in _FIELDS.items() if row_type(f.type))
TABLES = (*ROWS, "rules", "palette", "calendar", "walk")
"""What stands outside ``[hall]`` in a hall file."""
HEAD = tuple(name for name in _FIELDS if name not in TABLES)


def _misplaced(raw: Mapping[str, object]) -> Iterator[Found]:
    """Keys at the wrong level: everything but the tables belongs into ``[hall]``."""
    for key in raw:
        if key in HEAD:
            wrong = both("belongs into the table [hall]", "应写在 [hall] 表里")
            yield Found((), key, wrong)
        elif key not in TABLES and key != "hall":
            yield _unknown((), key, ("hall", *TABLES))
    head = raw.get("hall")
    for key in head if isinstance(head, dict) else ():
        if key in TABLES:
            en = f"is a table of its own: write [{key}] or [[{key}]] outside [hall]"
            zh = f"是单独的表:请在 [hall] 之外写 [{key}] 或 [[{key}]]"
            yield Found(("hall",), key, both(en, zh))


def _piecemeal(raw: Mapping[str, object], found: list[Found]) -> tuple[Draft, list[Found]]:
    head = raw.get("hall", _MISSING)
    values: dict[str, Any] = {}
    if head is _MISSING:
        wrong = both("the table [hall] is missing", "缺少 [hall] 表")
        found.append(Found((), "hall", wrong))
    elif not isinstance(head, dict):
        found.append(Found((), "hall", _not_a("a table [hall]", "[hall] 表", head)))
    else:
        good = {k: v for k, v in head.items() if k not in TABLES}
        values |= _keys({n: _FIELDS[n] for n in HEAD}, good, ("hall",), found)
    at: dict[str, list[int]] = {table: [] for table in ROWS}
    ids: dict[str, list[str]] = {table: [] for table in ROWS}
    for table in TABLES:
        field, given = _FIELDS[table], raw.get(table, _MISSING)
        if given is _MISSING:
            continue
        if row := row_type(field.type):
            values[table] = _rows(row, given, table, found, at[table], ids[table])
        else:
            built = _value(field.type, given, (), table, found)
            if built is not _MISSING:
                values[table] = built
    blank = {"id": "?", "name": {}} | dict.fromkeys(ROWS, ())
    broken = frozenset(one.path[:2] for one in found)
    return Draft(Hall(**(blank | values)), at, ids, broken), found


def _rows(
    kind: type[msgspec.Struct],
    given: object,
    table: str,
    found: list[Found],
    at: list[int],
    ids: list[str],
) -> tuple[Any, ...]:
    if not isinstance(given, list):
        found.append(Found((), table, _not_a(f"tables [[{table}]]", f"[[{table}]] 表", given)))
        return ()
    rows = []
    for n, raw in enumerate(given):
        ids.append(id_of(raw))
        row = _table(kind, raw, (table, n), found)
        if row is not _MISSING:
            rows.append(row)
            at.append(n)
    return tuple(rows)


def _table(kind: type[msgspec.Struct], raw: object, path: Path, found: list[Found]) -> Any:
    if not isinstance(raw, dict):
        found.append(Found(path, "", _not_a("a table", "表", raw)))
        return _MISSING
    fields = {f.name: f for f in msgspec.structs.fields(kind)}
    values = _keys(fields, raw, path, found)
    complete = all(name in values for name, field in fields.items() if field.required)
    return kind(**values) if complete else _MISSING


def _keys(
    fields: Mapping[str, msgspec.structs.FieldInfo],
    raw: Mapping[str, object],
    path: Path,
    found: list[Found],
) -> dict[str, Any]:
    values = {}
    meant = set()
    for key, given in raw.items():
        if key not in fields:
            found.append(_unknown(path, key, fields))
            meant.add(found[-1].nearest)
            continue
        built = _value(fields[key].type, given, path, key, found)
        if built is not _MISSING:
            values[key] = built
    for key, field in fields.items():
        if field.required and key not in raw and key not in meant:
            found.append(Found(path, key, both("is missing", "缺少这一项")))
    return values


def _value(kind: Any, given: object, path: Path, key: str, found: list[Found]) -> Any:
    if _is_table(kind):
        return _table(kind, given, (*path, key), found)
    if row := row_type(kind):
        if isinstance(given, list):
            built = [_table(row, raw, (*path, key, n), found) for n, raw in enumerate(given)]
            return tuple(b for b in built if b is not _MISSING)
        found.append(Found(path, key, _not_a("a list of tables", "表的列表", given)))
        return _MISSING
    try:
        return msgspec.convert(given, kind)
    except (msgspec.ValidationError, OverflowError):
        wrong = list(_leaves(kind, given, path, key))
        found.extend(wrong or [Found(path, key, _not_a("a value of this kind", "合适的值", given))])
        return _MISSING


def optional(kind: Any) -> Any:
    """The type that ``type | None`` is about; None when `kind` is no such type."""
    args = typing.get_args(kind)
    if typing.get_origin(kind) in (types.UnionType, typing.Union) and types.NoneType in args:
        return args[0] if args[1] is types.NoneType else args[1]
    return None


def _leaves(kind: Any, given: object, path: Path, key: str) -> Iterator[Found]:
    """What is wrong inside one value, as near to the wrong word as possible."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if other := optional(kind):
        yield from _leaves(other, given, path, key)
    elif origin is tuple:
        if isinstance(given, list):
            for one in given:
                yield from _leaves(args[0], one, path, key)
        else:
            yield Found(path, key, _not_a('a list, such as ["…"]', '列表,例如 ["…"]', given))
    elif origin in (dict, Mapping):
        if not isinstance(given, dict):
            en, zh = _MAPS["text" if kind == Text else "map"]
            yield Found(path, key, _not_a(en, zh, given))
            return
        for name, one in given.items():
            yield from _leaves(args[0], name, path, key)
            yield from _leaves(args[1], one, (*path, key), name)
    else:
        try:
            msgspec.convert(given, kind)
        except (msgspec.ValidationError, OverflowError):
            yield _leaf(kind, given, path, key)


_MAPS = {
    "text": ('words by language, such as { zh = "…", en = "…" }', '{ zh = "…", en = "…" } 的形式'),
    "map": ("a table", "表"),
}
_PATTERNS: dict[str, tuple[str, str]] = {
    typing.get_args(kind)[1].pattern: words
    for kind, words in (
        (bounds.Id, ("a short word of letters, digits, - _ .", "由字母、数字、- _ . 组成的短词")),
        (bounds.Hours, ('hours such as "08:30-12:00"', '时段,例如 "08:30-12:00"')),
        (bounds.Clock, ('a time such as "08:30"', '时刻,例如 "08:30"')),
        (bounds.Date, ("a date such as 2026-10-01", "日期,例如 2026-10-01")),
        (bounds.Colour, ('a colour such as "#0b5cad"', '颜色,例如 "#0b5cad"')),
        (bounds.Code, ("a code of capitals and digits", "由大写字母和数字组成的编码")),
        (bounds.Prefix, ("at most two capital letters", "最多两个大写字母")),
        (bounds.Sign, ('a number such as "3" or "A3"', '窗口号,例如 "3"、"A3"')),
        (bounds.Language, ('a language such as "zh" or "en"', '语言代码,例如 "zh"、"en"')),
    )
}


def _leaf(kind: Any, given: object, path: Path, key: str) -> Found:
    """What a single value should have been, from the bounds in its type."""
    choices = _choices(kind)
    en, zh = words_for(kind)
    return Found(path, key, _not_a(en, zh, given), nearest(given, choices))


def _choices(kind: Any) -> Sequence[str]:
    """The words to choose from, when a key takes one of a few."""
    match msgspec.inspect.type_info(kind):
        case msgspec.inspect.EnumType(cls=cls):
            return [str(member.value) for member in cls]
        case msgspec.inspect.StrType(pattern=str(pattern)):
            if pattern.startswith("^(") and pattern.endswith(")$") and "[" not in pattern:
                return pattern[2:-2].split("|")
    return ()


def words_for(kind: Any) -> tuple[str, str]:
    """What a key of this type takes, in English and Chinese."""
    if choices := _choices(kind):
        return f"one of {', '.join(choices)}", f"{'、'.join(choices)} 之一"
    match msgspec.inspect.type_info(kind):
        case msgspec.inspect.StrType(pattern=str(pattern)):
            return _PATTERNS.get(pattern, (f"text like {pattern}", f"形如 {pattern} 的文字"))
        case msgspec.inspect.StrType(max_length=longest):
            return f"text of at most {longest} characters", f"不超过 {longest} 个字的文字"
        case msgspec.inspect.BoolType():
            return "true or false", "true 或 false"
        case msgspec.inspect.IntType(ge=low, le=high):
            return f"a whole number from {low} to {high}", f"{low} 到 {high} 的整数"
        case msgspec.inspect.FloatType(ge=low, gt=above, le=high):
            least = low if low is not None else above
            return f"a number from {least:g} to {high:g}", f"{least:g} 到 {high:g} 的数"
    return "text, a number, true or false", "文字、数字、true 或 false"


def _not_a(en: str, zh: str, given: object) -> Text:
    shown = quoted(given)
    return both(f"{shown} should be {en}", f"{shown} 应为{zh}")


def _unknown(path: Path, key: str, right: Mapping[str, object] | Sequence[str]) -> Found:
    wrong = both("there is no such key here", "这里没有这个键")
    return Found(path, key, wrong, nearest(key, right))
