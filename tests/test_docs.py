"""The documents are true: tables as the code is, links that lead somewhere, commands that run."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import typer

from config.load import load_hall
from config.wire import commands
from queue_server.cli import app
from queue_server.web.access import ROUTES
from queue_server.web.errors import WEB_ERRORS
from tests.reference.parts import all_topics, documents, path_of

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
YICHUANG = Path(sys.executable).parent / "yichuang"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_tables_are_what_the_code_is() -> None:
    """``make docs`` writes them anew."""
    old = [names(path) for path, text in documents().items() if path.read_text("utf-8") != text]
    assert not old


# -- everything that has a name outside is documented ----------------------------------------------


def commands_of_the_shell() -> list[str]:
    group = typer.main.get_command(app)
    return sorted(group.commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", commands_of_the_shell())
def test_every_command_is_in_the_command_line_document(command: str) -> None:
    assert f"## `yichuang {command}" in read("docs/cli.md")


@pytest.mark.parametrize("topic", all_topics(), ids=lambda topic: path_of(topic))
def test_every_topic_is_documented(topic: object) -> None:
    assert f"`{path_of(topic)}`" in read("docs/topics.md")  # type: ignore[arg-type]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_address_is_documented(route: object) -> None:
    assert f"`{route.method} {route.path}`" in read("docs/http.md")  # type: ignore[attr-defined]


def test_every_command_of_the_vocabulary_is_documented() -> None:
    document = read("docs/http.md")
    assert [c for c in get_args(commands.Command) if f"### {c.__name__}\n" not in document] == []


@pytest.mark.parametrize("code", [*commands.ERRORS, *WEB_ERRORS])
def test_every_error_code_is_documented(code: str) -> None:
    assert f"| `{code}` |" in read("docs/http.md")


# -- what the documents say holds ------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert not broken


def anchors(document: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_files_named_in_documents_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:config|queue_server|kiosk|display|firmware_bridge|tests|deploy)/[\w./-]*)`", text
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def shell_lines(document: Path) -> list[str]:
    """Lines of the document's shell blocks, continuations joined, comments off."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    joined = "".join(blocks).replace("\\\n", " ")
    return [line for raw in joined.splitlines() if (line := re.sub(r"(^|\s)#.*", "", raw).strip())]


def calls_of_ours() -> list[str]:
    """Every call of `yichuang` in a document or a unit, as typed."""
    units = [u.read_text("utf-8") for u in sorted((ROOT / "deploy/systemd").glob("*.service"))]
    starts = re.findall(r"^ExecStart=(?:\S+ -s -- )?(.*)$", "\n".join(units), re.MULTILINE)
    lines = [line for document in DOCUMENTS for line in shell_lines(document)]
    typed = re.compile(r"^(?:sudo (?:-u \w+ )?)?(?:\S*/)?yichuang (.+)$")
    return sorted({match[1] for line in [*lines, *starts] if (match := typed.match(line))})


@pytest.mark.parametrize("call", calls_of_ours())
def test_calls_in_documents_are_understood(call: str) -> None:
    """Every command and every option there is."""
    words = re.sub(r"[<>|&;].*", "", call).split()
    command, options = words[0], [w.partition("=")[0] for w in words if w.startswith("--")]
    shown = subprocess.run(
        [YICHUANG, command, "--help"],
        capture_output=True,
        text=True,
        env={"COLUMNS": "200", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert [option for option in options if option not in shown.stdout] == []


def test_the_documents_show_calls() -> None:
    assert len(calls_of_ours()) >= 15


def test_make_targets_in_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    asked = {
        match
        for document in DOCUMENTS
        for line in shell_lines(document)
        for match in re.findall(r"^make ([a-z]+)", line)
    }
    assert asked
    assert asked <= targets


def test_what_the_readme_checks_is_good() -> None:
    """The files named in the README's commands are there, and are halls."""
    files = set(re.findall(r"\S+\.toml", "\n".join(shell_lines(ROOT / "README.md"))))
    assert files
    for file in files:
        load_hall(ROOT / file)
