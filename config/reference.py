"""Makes docs/hall-file-keys.md: every key of a hall file, with its bounds, from the model itself.

python -m config.reference > docs/hall-file-keys.md
"""

import ast
import inspect
import sys
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from config.hall import Hall, Text
from config.links import ONE, REFERENCES
from config.shape import HEAD, ROWS, optional, row_type, words_for

_TOP = """\
# Every key of a hall file

Made from the model by `python -m config.reference`; a test keeps it so. How to write a hall file is
told in [hall-file.md](hall-file.md) ([中文](hall-file.zh-CN.md)). A key without a default must be
given. Times are minutes where nothing else is said.
"""


def reference() -> str:
    """The whole page."""
    fields = {f.name: f for f in msgspec.structs.fields(Hall)}
    notes = _notes(Hall)
    parts = [_TOP, _section("[hall]", Hall, [fields[name] for name in HEAD])]
    for name in ROWS:
        row = row_type(fields[name].type)
        if row:
            parts.append(_section(f"[[{name}]]", row, msgspec.structs.fields(row)))
            nested = ((f.name, row_type(f.type)) for f in msgspec.structs.fields(row))
            for key, inner in nested:
                if inner:
                    head = f"[[{name}.{key}]]"
                    parts.append(_section(head, inner, msgspec.structs.fields(inner)))
    for name in ("rules", "palette", "calendar"):
        parts += _tables(name, fields[name].type)
    parts.append(f"## `[walk.SITE]`\n\n{notes['walk']} One key a site.\n")
    return "\n".join(parts)


def _tables(name: str, kind: type[msgspec.Struct]) -> Iterator[str]:
    fields = msgspec.structs.fields(kind)
    inner = [f for f in fields if isinstance(f.type, type) and issubclass(f.type, msgspec.Struct)]
    yield _section(f"[{name}]", kind, [f for f in fields if f not in inner])
    for field in inner:
        yield from _tables(f"{name}.{field.name}", field.type)


def _section(
    head: str, kind: type[msgspec.Struct], fields: typing.Iterable[msgspec.structs.FieldInfo]
) -> str:
    notes = _notes(kind)
    ids = REFERENCES.get(head.strip("[]"), {})
    rows = []
    for f in fields:
        takes = _takes(f.type)
        if f.name in ids:
            one = f"a {ONE[ids[f.name]]['en']}"
            shape, _, value = takes.partition(": ")
            takes = {"list": f"list: {one}", "table": f"table: {one} = {value}"}.get(shape, one)
        cells = (f"`{f.name}`", takes, _default(f), notes[f.name])
        rows.append("| " + " | ".join(map(_cell, cells)) + " |")
    about = " ".join((inspect.getdoc(kind) or "").split()) if kind is not Hall else ""
    table = "\n".join(["| key | takes | default | meaning |", "| --- | --- | --- | --- |", *rows])
    return f"## `{head}`\n\n{about}\n\n{table}\n".replace("\n\n\n\n", "\n\n")


def _notes(kind: type[msgspec.Struct]) -> Mapping[str, str]:
    """The text below each field in the source of `kind`."""
    notes = dict.fromkeys((f.name for f in msgspec.structs.fields(kind)), "")
    notes |= {"id": "Its word, once in its table.", "name": "What people read."}
    body = ast.parse(inspect.getsource(kind)).body[0]
    last = ""
    for line in body.body if isinstance(body, ast.ClassDef) else ():
        match line:
            case ast.AnnAssign(target=ast.Name(id=name)):
                last = name
            case ast.Expr(value=ast.Constant(value=str(said))) if last:
                notes[last] = " ".join(said.split())
    return notes


def _takes(kind: Any) -> str:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind == Text:
        return "words by language"
    if other := optional(kind):
        return _takes(other)
    if inner := row_type(kind):
        return f"tables of {inner.__name__.lower()}"
    if origin is tuple:
        return f"list: {_takes(args[0])}"
    if origin in (dict, Mapping):
        return f"table: {_takes(args[1])}"
    return words_for(kind)[0]


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return ""
    default = field.default
    if default is msgspec.NODEFAULT:
        default = field.default_factory() if callable(field.default_factory) else None
    match default:
        case None | () | {} | "":
            return "none"
        case bool():
            return f"`{str(default).lower()}`"
        case tuple():
            shown = (one if isinstance(one, int) else _shown(one) for one in default)
            return "`[" + ", ".join(map(str, shown)) + "]`"
        case int() | float():
            return f"`{default:g}`"
    return f"`{_shown(default)}`"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("zh"))
    return f'"{value}"'


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(reference())
