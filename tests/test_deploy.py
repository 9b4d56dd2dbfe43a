"""What carries a hall to its machines: the set-up script, the list of packages, the units."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
EXPOSURE = 20
"""Most that `systemd-analyze security` may find, in tenths: 10 is perfect, 96 an open door."""

# -- the set-up ------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as the set-up looks at, without its environment."""
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    for name in ("pyproject.toml", *(path.name for path in ROOT.glob("requirements*.lock"))):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(checkout: Path, name: str, script: str) -> None:
    """Put a program of this machine's in the place of another."""
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def set_up(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", checkout / "deploy/setup.sh", *arguments],
        env={"PATH": f"{checkout / 'bin'}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_wrong_use_is_told(checkout: Path) -> None:
    done = set_up(checkout, "everything")
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr


def test_somebody_without_rights_is_told_what_to_install(checkout: Path) -> None:
    program(checkout, "id", "echo 1000")
    program(checkout, "sudo", "exit 1")
    program(checkout, "dpkg-query", "echo installed libgl1; echo config-files mosquitto")
    done = set_up(checkout)
    assert done.returncode == 3
    asked = done.stderr.splitlines()[-1].split()
    assert {"apt-get", "install", "mosquitto", "libegl1"} <= set(asked)
    assert "libgl1" not in asked


def test_packages_that_fail_to_install_are_told(checkout: Path) -> None:
    program(checkout, "id", "echo 0")
    program(checkout, "dpkg-query", "exit 1")
    program(checkout, "apt-get", "echo E: no such mirror >&2; exit 100")
    done = set_up(checkout)
    assert done.returncode == 5
    assert "no such mirror" in done.stderr


def test_a_library_that_debian_13_renamed_is_not_missed(checkout: Path) -> None:
    program(checkout, "id", "echo 1000")
    program(checkout, "sudo", "exit 1")
    program(checkout, "dpkg-query", "echo installed libmtdev1t64")
    assert "libmtdev1" not in set_up(checkout).stderr


def test_the_list_of_packages_is_well_formed() -> None:
    rows = [
        line.split(maxsplit=2)
        for line in (DEPLOY / "packages.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert all(len(row) == 3 for row in rows)
    assert {kind for kind, _, _ in rows} == {"run", "devices", "test"}
    assert len({name for _, name, _ in rows}) == len(rows)


@pytest.mark.parametrize("script", ["deploy/setup.sh", "deploy/lock.sh", "yichuang", ".ci/run"])
def test_scripts_are_shell(script: str) -> None:
    subprocess.run(["/bin/sh", "-n", ROOT / script], check=True)
    assert (ROOT / script).stat().st_mode & 0o111


# -- the units -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine's folders with our units in them."""
    root = tmp_path_factory.mktemp("machine")
    shutil.copytree(DEPLOY / "systemd", root / "etc/systemd/system")
    for name in ("opt/yichuang/.venv/bin/yichuang", "usr/bin/cage"):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text("")
        (root / name).chmod(0o755)
    return root


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, check=False
    )


def instance(unit: Path) -> str:
    return unit.name.replace("@.", "@X1.")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_understood(machine: Path, unit: Path) -> None:
    done = analyze("verify", f"--root={machine}", machine / "etc/systemd/system" / unit.name)
    # The machine is bare: that it has no targets of its own is no fault of the unit.
    told = [line for line in done.stderr.splitlines() if "sysinit.target not found" not in line]
    assert told == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_shut_in(machine: Path, unit: Path) -> None:
    done = analyze(
        "security",
        "--offline=true",
        f"--threshold={EXPOSURE}",
        f"--root={machine}",
        "--no-pager",
        instance(unit),
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_drop_in_takes_nothing_back(unit: Path) -> None:
    """A drop-in is read after its unit, so a single value in both would be the drop-in's."""
    lists = {"DeviceAllow", "SupplementaryGroups", "RestrictAddressFamilies", "SystemCallFilter"}
    shared = (DEPLOY / "systemd/yichuang-.service.d/hardening.conf").read_text()

    def keys(text: str) -> set[str]:
        return set(re.findall(r"^(\w+)=", text, re.MULTILINE))

    assert keys(unit.read_text()) & keys(shared) <= lists
