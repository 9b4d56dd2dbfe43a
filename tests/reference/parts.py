"""Writes those parts of docs/ that are nothing but tables of the code: ``make docs``.

In a document, what stands between ``<!-- code: NAME -->`` and ``<!-- end -->`` comes from the
function of that name in `PARTS`; everything around it is written by hand. `tests.test_docs` fails
when a document is not what this would write.
"""

import enum
import inspect as source
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec

from config.reference import reference as hall_file_keys
from config.wire import commands, events, topics, views
from queue_server.broker_rights import RIGHTS
from queue_server.cli import app
from queue_server.engine.roles import ALLOWED, Role
from queue_server.engine.transitions import diagram
from queue_server.web.access import ROUTES
from queue_server.web.errors import WEB_ERRORS
from tests.reference.shapes import (
    described,
    fields_table,
    one_line,
    table,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"
START, END = "<!-- code: {} -->", "<!-- end -->"


def command_line() -> str:
    """Every command of `yichuang`, as it explains itself."""
    import typer

    parts = []
    for name, command in sorted(typer.main.get_command(app).commands.items()):  # type: ignore[attr-defined]
        arguments, rows = [], []
        for parameter in command.params:
            words = "/".join([*parameter.opts, *parameter.secondary_opts])
            if parameter.param_type_name == "argument":
                arguments.append(parameter.name.upper() + ("..." if parameter.nargs == -1 else ""))
                words = parameter.name.upper()
            given = parameter.default
            given = given.value if isinstance(given, enum.Enum) else given
            shown = "" if given in (None, "", False) else f"`{given}`"
            if parameter.required:
                shown = "**needed**"
            variable = f" (`{parameter.envvar}`)" if getattr(parameter, "envvar", None) else ""
            rows.append((f"`{words}`{variable}", shown, one_line(parameter.help)))
        usage = " ".join(["yichuang", name, *arguments])
        parts.append(f"## `{usage}`\n\n{one_line(command.help)}")
        if rows:
            parts.append(table(("option", "default", "meaning"), rows))
    return "\n\n".join(parts)


def all_topics() -> list[topics.Topic[Any]]:
    """One of every kind of topic, with its variables in braces' stead."""
    found = []
    for name, make in vars(topics).items():
        if source.isfunction(make) and make.__module__ == topics.__name__:
            found.append((name, make))
    return [make(*(f"_{p}_" for p in source.signature(make).parameters)) for _, make in found]


def path_of(topic: topics.Topic[Any]) -> str:
    return re.sub(r"_(\w+)_", r"{\1}", topic.path)


def message_of(topic: topics.Topic[Any]) -> Any:
    return commands.Command if topic.kind is msgspec.Raw else topic.kind


def message_name(topic: topics.Topic[Any]) -> str:
    return "Command" if topic.kind is msgspec.Raw else topic.kind.__name__


def topic_table() -> str:
    rows = [
        (
            f"`{path_of(t)}`",
            "yes" if t.retained else "no",
            f"[{message_name(t)}](#{message_name(t).lower()})",
        )
        for t in all_topics()
    ]
    return table(("topic", "retained", "carries"), rows)


def rights_table() -> str:
    """What each role may read and write at the broker."""

    def granted(lines: tuple[str, ...], word: str) -> str:
        split = [line.split(" ", 1) for line in lines]
        return ", ".join(f"`{path}`" for may, path in split if word in may)

    rows = [
        (role, granted(lines, "read"), granted(lines, "write")) for role, lines in RIGHTS.items()
    ]
    return table(("role", "reads", "writes"), rows)


def topic_messages() -> str:
    """Everything on the bus that is not a command."""
    first = [t.kind for t in all_topics() if t.kind is not msgspec.Raw]
    inner = [
        commands.Result,
        commands.Refusal,
        *get_args(events.News),
        views.CallRow,
        views.ZoneCount,
        views.ServiceChoice,
    ]
    return "\n\n".join(described(struct) for struct in [*first, *inner])


def command_table() -> str:
    """Every command: what it takes, and who may ask."""
    parts = []
    for struct in get_args(commands.Command):
        who = ", ".join(sorted(r.value for r in ALLOWED[struct] if r is not Role.SYSTEM))
        parts.append(f"### {struct.__name__}\n\n{one_line(struct.__doc__)} May: {who or 'nobody'}.")
        parts.append(fields_table(struct, skip=("id", "client")))
    return "\n\n".join(part for part in parts if part.count("\n") != 1)


def error_table() -> str:
    return table(("code", "meaning"), ((f"`{c}`", text) for c, text in commands.ERRORS.items()))


def web_error_table() -> str:
    return table(("code", "meaning"), ((f"`{c}`", text) for c, text in WEB_ERRORS.items()))


def route_table() -> str:
    rows = [
        (
            f"`{r.method} {r.path}`",
            r.summary,
            "anybody" if r.who is None else ", ".join(sorted(role.value for role in r.who)),
            r.kind,
        )
        for r in ROUTES
    ]
    return table(("address", "what", "who", "answer"), rows)


def ticket_diagram() -> str:
    return f"```mermaid\n{diagram()}```"


def asyncapi() -> str:
    """The bus as AsyncAPI 3.0, for tools."""
    every = all_topics()
    bodies, schemas = msgspec.json.schema_components(
        [message_of(t) for t in every], ref_template="#/components/schemas/{name}"
    )
    channels, operations = {}, {}
    for topic, body in zip(every, bodies, strict=True):
        words = [w for w in path_of(topic).split("/") if not w.startswith("{")][1:]
        name = "-".join(words)
        variables = re.findall(r"{(\w+)}", path_of(topic))
        channels[name] = {
            "address": path_of(topic),
            "parameters": {v: {"description": f"id of the {v}"} for v in variables},
            "messages": {message_name(topic): {"payload": body}},
            "bindings": {"mqtt": {}},
        }
        server_hears = topic.kind is msgspec.Raw
        operations[name] = {
            "action": "receive" if server_hears else "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "bindings": {"mqtt": {"qos": 1, "retain": topic.retained}},
        }
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "yichuang",
            "version": "1",
            "description": "The bus of a hall, seen from the hall. MQTT 3.1.1, UTF-8 JSON.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas},
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False) + "\n"


PARTS: dict[str, Callable[[], str]] = {
    "command line": command_line,
    "topics": topic_table,
    "rights": rights_table,
    "messages": topic_messages,
    "commands": command_table,
    "errors": error_table,
    "web errors": web_error_table,
    "routes": route_table,
    "ticket": ticket_diagram,
}


def woven(text: str) -> str:
    """A document with its parts as the code is now."""

    def part(found: re.Match[str]) -> str:
        return f"{START.format(found[1])}\n\n{PARTS[found[1]]()}\n\n{END}"

    return re.sub(r"<!-- code: ([\w ]+) -->.*?<!-- end -->", part, text, flags=re.DOTALL)


def documents() -> dict[Path, str]:
    """Every document made from code, wholly or in parts, as it should be."""
    marked = {p: p.read_text(encoding="utf-8") for p in sorted(DOCS.rglob("*.md"))}
    wanted = {p: woven(text) for p, text in marked.items() if "<!-- code: " in text}
    whole = {"hall-file-keys.md": hall_file_keys(), "asyncapi.json": asyncapi()}
    return wanted | {DOCS / name: text for name, text in whole.items()}


def main() -> None:
    """Write what has changed."""
    for path, text in documents().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(DOCS.parent))  # noqa: T201


if __name__ == "__main__":
    main()
