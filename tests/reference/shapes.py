"""Types and structs of the contracts in an installer's words, as Markdown."""

import ast
import enum
import inspect as source
import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from config import bounds
from config.wire import commands

Struct = type[msgspec.Struct]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(c.replace('|', chr(92) + '|') for c in cells)} |"

    head = list(head)
    return "\n".join([line(head), line("---" for _ in head), *(line(row) for row in rows)])


def one_line(doc: str | None) -> str:
    """A docstring as one line of Markdown, without the numbers of our sources."""
    text = re.sub(r"\s+", " ", (doc or "").strip())
    text = re.sub(r" \([A-Z]{2}-\d+(, [A-Z]{2}-\d+)*\)", "", text)
    return re.sub(r"``?([^`]+)``?", r"`\1`", text)


@cache
def explained(struct: Struct) -> dict[str, str]:
    """What the text under each field says."""
    said: dict[str, str] = {}
    for kind in reversed(struct.__mro__[:-1]):
        if kind.__module__.startswith("msgspec") or not issubclass(kind, msgspec.Struct):
            continue
        body = ast.parse(source.getsource(kind)).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, after in zip(body.body, [*body.body[1:], None], strict=True):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                doc = after.value if isinstance(after, ast.Expr) else None
                known = isinstance(doc, ast.Constant) and isinstance(doc.value, str)
                said[field.target.id] = one_line(str(doc.value)) if known else ""  # type: ignore[union-attr]
    return said


def pattern(kind: Any) -> str:
    """The pattern of one of the small types."""
    known = inspect.type_info(kind)
    assert isinstance(known, inspect.StrType)
    return known.pattern or ""


SHAPES = {
    pattern(bounds.Id): "id",
    pattern(commands.Id): "id",
    pattern(bounds.Hours): '`"08:30-12:00"`',
    pattern(bounds.Clock): '`"08:30"`',
    pattern(bounds.Date): '`"2026-01-31"`',
    pattern(bounds.Colour): '`"#rrggbb"`',
    pattern(bounds.Language): "language tag",
    pattern(bounds.Code): "catalogue code",
}


def text_shape(kind: inspect.StrType) -> str:
    if kind.pattern:
        choices = re.fullmatch(r"\^\(([\w|-]+)\)\$", kind.pattern)
        if choices:
            return ", ".join(f"`{word}`" for word in choices[1].split("|"))
        return SHAPES.get(kind.pattern, f"text like `{kind.pattern}`")
    return f"text, at most {kind.max_length}" if kind.max_length else "text"


def number_shape(kind: inspect.IntType | inspect.FloatType) -> str:
    words = ["whole number" if isinstance(kind, inspect.IntType) else "number"]
    if kind.gt is not None:
        words.append(f"above {kind.gt:g}")
    if kind.ge is not None:
        words.append(f"from {kind.ge:g}")
    if kind.le is not None:
        words.append(f"to {kind.le:g}")
    return " ".join(words)


def shape(kind: inspect.Type) -> str:
    """A type in an installer's words."""
    match kind:
        case inspect.StrType():
            return text_shape(kind)
        case inspect.IntType() | inspect.FloatType():
            return number_shape(kind)
        case inspect.BoolType():
            return "`true`, `false`"
        case inspect.EnumType(cls=cls):
            return ", ".join(f"`{member.value}`" for member in cls)
        case inspect.DictType(key_type=inspect.StrType(), value_type=inspect.StrType()):
            return "words by language"
        case inspect.DictType():
            return f"{shape(kind.key_type)} → {shape(kind.value_type)}"
        case inspect.VarTupleType():
            return f"list: {shape(kind.item_type)}"
        case inspect.UnionType():
            some = [shape(t) for t in kind.types if not isinstance(t, inspect.NoneType)]
            return " or ".join(dict.fromkeys(some))
        case inspect.StructType(cls=cls):
            return f"[{cls.__name__}](#{cls.__name__.lower()})"
    raise TypeError(f"no words for {kind}")


def default_of(field: inspect.Field) -> str:
    if field.required:
        return "**needed**"
    value = field.default
    if value is msgspec.NODEFAULT:
        value = field.default_factory() if callable(field.default_factory) else None
    if isinstance(value, msgspec.Struct | msgspec.Raw) or value in (None, "", (), {}):
        return ""
    if isinstance(value, enum.Enum):
        value = value.value
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def struct_fields(struct: Struct) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    return info.fields


def fields_table(struct: Struct, *, skip: tuple[str, ...] = ()) -> str:
    said = explained(struct)
    rows = [
        (f"`{f.encode_name}`", shape(f.type), default_of(f), said.get(f.name, ""))
        for f in struct_fields(struct)
        if f.name not in skip
    ]
    return table(("key", "value", "default", "meaning"), rows)


def described(struct: Struct, title: str = "") -> str:
    head = f"### {title or struct.__name__}\n\n{one_line(struct.__doc__)}"
    return f"{head}\n\n{fields_table(struct)}" if struct_fields(struct) else head
