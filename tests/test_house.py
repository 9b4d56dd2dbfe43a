"""The house itself: floors, homes of outside packages, locks, names, versions, what is tracked."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "queue_server", "kiosk", "display", "firmware_bridge")
LOCKS = ("requirements.lock", "requirements-devices.lock", "requirements-dev.lock")

HOMES = {
    "PIL": [
        "firmware_bridge/drivers/",
        "firmware_bridge/emulators/",
        "firmware_bridge/links/panel.py",
    ],
    "aiomqtt": ["config/wire/mqtt.py"],
    "benchmarks": ["queue_server/cli/"],
    "argon2": ["queue_server/store/passwords.py"],
    "espeakng_loader": ["display/voice/"],
    "evdev": ["firmware_bridge/links/"],
    "jinja2": ["queue_server/web/"],
    "kivy": ["kiosk/app.py", "kiosk/screens/", "display/app.py", "display/screens/"],
    "litestar": ["queue_server/web/"],
    "msgspec": list(PACKAGES),
    "prometheus_client": ["queue_server/web/"],
    "pylopdf_fonts_zh_cn": [
        "kiosk/screens/",
        "display/screens/",
        "firmware_bridge/drivers/",
        "firmware_bridge/emulators/",
        "queue_server/web/",
    ],
    "pymodbus": ["firmware_bridge/links/"],
    "pypinyin": ["kiosk/pinyin.py"],
    "pyttsx3": ["display/voice/"],
    "rich": ["queue_server/"],
    "sdnotify": ["queue_server/serve.py"],
    "segno": ["firmware_bridge/emulators/", "kiosk/screens/", "queue_server/web/"],
    "serial": ["firmware_bridge/links/serial.py"],
    "smartcard": ["firmware_bridge/links/pcsc.py"],
    "sqlite3": ["queue_server/store/"],
    "sqlite_utils": ["queue_server/store/"],
    "structlog": list(PACKAGES),
    "uvloop": ["queue_server/cli/"],
    "typer": ["queue_server/cli/", "queue_server/serve.py", "queue_server/demo.py"],
    "usb": ["firmware_bridge/links/usb.py"],
    "uvicorn": ["queue_server/web/"],
}
"""Where each outside package may be imported. One that is not here may not be imported at all."""

PURE = (
    "config/bounds.py",
    "config/hall.py",
    "config/kinds.py",
    "config/rules.py",
    "config/wire/commands.py",
    "config/wire/devices.py",
    "config/wire/events.py",
    "config/wire/topics.py",
    "config/wire/views.py",
    "queue_server/engine/",
    "kiosk/flow.py",
    "kiosk/issue.py",
    "kiosk/menu.py",
    "kiosk/moves.py",
    "kiosk/slip.py",
    "kiosk/state.py",
    "kiosk/touch.py",
    "kiosk/scenes/",
    "display/board.py",
    "display/pickup.py",
    "display/window.py",
    "display/scenes/",
    "display/voice/phrases.py",
    "firmware_bridge/codecs/",
)
"""Same in, same out: no clock, file, network, chance, thread or log."""

NOT_PURE = ("firmware_bridge/codecs/vectors.py",)  # reads a file of vectors to check the codecs

IMPURE = {
    "asyncio",
    "glob",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "sched",
    "secrets",
    "select",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "uuid",
    "structlog",
}
CLOCKS = {"now", "today", "utcnow"}


def source_files() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "firmware_bridge/firmware/" not in path.as_posix()
    ]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Top-level names of everything `path` imports, lazily or not."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def within(path: Path, places: list[str] | tuple[str, ...]) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name == p or name.startswith(p.rstrip("/") + "/") for p in places)


def pyproject() -> dict[str, dict[str, object]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def tracked() -> list[Path]:
    out = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [ROOT / name for name in out.split("\0") if name and (ROOT / name).is_file()]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# -- imports ---------------------------------------------------------------------------------------


def test_the_floors_hold() -> None:
    lint = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout


def test_every_outside_package_has_its_home() -> None:
    known = sys.stdlib_module_names - HOMES.keys() | set(PACKAGES)
    astray = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in source_files()
        for name in imported(path)
        if name not in known and not within(path, HOMES.get(name, []))
    ]
    assert not astray


def test_what_is_imported_is_asked_for() -> None:
    """A package that only comes along with another may be gone after the next update."""
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    assert isinstance(project["dependencies"], list)
    assert isinstance(extras, dict)
    asked = {
        plain(re.split(r"[\[<>=~! ]", line)[0])
        for line in [*project["dependencies"], *(d for extra in extras.values() for d in extra)]
    }
    offers: dict[str, set[str]] = {}
    for distribution in distributions():
        for name in tops(distribution.files or []):
            offers.setdefault(name, set()).add(plain(distribution.name))
    outside = {name for path in source_files() for name in imported(path)} & HOMES.keys()
    outside -= sys.stdlib_module_names | {"benchmarks"}  # these come with the source tree
    assert outside
    assert {name for name in outside if not offers.get(name, set()) & asked} == set()


def test_pure_modules_are_pure() -> None:
    faults = []
    pure = [p for p in source_files() if within(p, PURE) and not within(p, NOT_PURE)]
    for path in pure:
        where = path.relative_to(ROOT)
        faults += [f"{where} imports {name}" for name in imported(path) if name in IMPURE]
        faults += [
            f"{where}:{node.lineno} reads a clock"
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCKS
        ]
    assert len(pure) > len(PURE)
    assert not faults


@pytest.mark.parametrize(
    "place", [*PURE, *NOT_PURE, *(home for homes in HOMES.values() for home in homes)]
)
def test_the_tables_above_name_what_exists(place: str) -> None:
    assert (ROOT / place).exists()


# -- names and installation ------------------------------------------------------------------------


def tops(files: object) -> set[str]:
    """Top-level importable names among a distribution's files."""
    assert isinstance(files, list)
    names = set()
    for file in files:
        first = file.parts[0]
        if len(file.parts) > 1 and file.suffix in (".py", ".so"):
            names.add(first)
        elif len(file.parts) == 1 and file.suffix in (".py", ".so"):
            names.add(first.partition(".")[0])
    return names


def test_nobody_else_owns_our_names() -> None:
    """Distributions named config, display and kiosk exist; installing one would overwrite ours."""
    thieves = {
        f"{distribution.name} brings {name}"
        for distribution in distributions()
        if plain(distribution.name) != "yichuang"
        for name in tops(distribution.files or []) & set(PACKAGES)
    }
    assert not thieves


@pytest.mark.parametrize("package", PACKAGES)
def test_our_packages_are_this_checkout(package: str) -> None:
    module = __import__(package)
    assert module.__file__ is not None
    assert Path(module.__file__).resolve().parent == ROOT / package


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_start_empty(package: str) -> None:
    """What a package imports at its top, every part pays for at its start."""
    assert list(imported(ROOT / package / "__init__.py")) == []


# -- locks -----------------------------------------------------------------------------------------


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        if match := re.match(r"^([a-z0-9][\w.-]*)==(\S+)", line):
            found.setdefault(plain(match[1]), set()).add(match[2])
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    bare = [e.splitlines()[0] for e in entries if "==" in e and "--hash=sha256:" not in e]
    assert not bare


def test_locks_contain_what_is_asked_for() -> None:
    whole = pyproject()
    project, groups = whole["project"], whole["dependency-groups"]
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)

    def names(*lists: object) -> set[str]:
        return {
            plain(re.split(r"[\[<>=~! ]", line)[0])
            for lines in lists
            if isinstance(lines, list)
            for line in lines
        }

    base = names(project["dependencies"], groups["build"])
    devices = base | names(*extras.values())
    developers = devices | names(groups["dev"])
    for lock, wanted in zip(LOCKS, (base, devices, developers), strict=True):
        assert wanted <= pins(lock).keys(), lock


def test_what_is_tested_is_what_is_shipped() -> None:
    tested = pins("requirements-dev.lock")
    for lock in LOCKS[:2]:
        assert {n: v for n, v in pins(lock).items() if not v <= tested.get(n, set())} == {}


# -- versions, documents, what is tracked ----------------------------------------------------------


def test_the_version_is_the_newest_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert versions[0] == pyproject()["project"]["version"]


def code_blocks(path: Path) -> list[str]:
    lines = re.findall(
        r"^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [re.sub(r"\s*#.*", "", line) for block in lines for line in block.splitlines()]


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = code_blocks(ROOT / "README.md"), code_blocks(ROOT / "README.zh-CN.md")
    assert english == chinese
    assert english


def test_nothing_tracked_names_a_machine() -> None:
    """Paths of somebody's machine and addresses of indexes have no place in the project."""
    signs = re.compile(
        rb"/work/\w|/root/|/home/(?!pi\b)\w+|pypi\.org|files\.pythonhosted|"
        rb"deb\.debian\.org|registry\.npmjs|index-url[ =]+\w+:"
    )
    me = Path(__file__).resolve()
    told = [
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in tracked()
        if path != me and path.suffix not in (".png", ".wav", ".otf", ".ttf", ".woff2")
        for match in signs.finditer(path.read_bytes())
    ]
    assert not told


def test_every_source_file_is_small_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in source_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert not long
