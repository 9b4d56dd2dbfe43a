"""Coverage-guided fuzzing of the bridge's decoders, one after the other.

    python -m tests.fuzz.decoders [--seconds 60] [NAME ...]

Run with a Python that has `atheris` (no dependency of ours: an environment of its own with
``pip install atheris msgspec`` will do). Ends with 1 when a decoder broke its promise; libFuzzer's
report, with the bytes that did it, goes to the standard error.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.promise import NAMES, good


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended."""

    runs: int
    edges: int
    """Branches of the codecs' code that were seen."""
    broken: bool

    def __str__(self) -> str:
        found = "BROKEN" if self.broken else "nothing found"
        return f"{self.runs:>8} runs, {self.edges:>3} edges, {found}"


def read(report: str, code: int) -> Result:
    """The figures in libFuzzer's `report`; its exit code is not 0 when something was found."""
    runs = re.findall(r"^(?:Done |#)(\d+)", report, re.MULTILINE)
    edges = re.findall(r"\bcov: (\d+)", report)
    return Result(int(runs[-1]) if runs else 0, int(edges[-1]) if edges else 0, code != 0)


def fuzz(name: str, seconds: int) -> Result:
    """One decoder, in a process of its own because libFuzzer never returns."""
    with tempfile.TemporaryDirectory() as folder:
        for number, example in enumerate(good(name)):
            (Path(folder) / str(number)).write_bytes(example)
        limits = [f"-max_total_time={seconds}", "-max_len=1024", f"-artifact_prefix={folder}/"]
        child = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.child", name, folder, *limits],
            stderr=subprocess.PIPE,
            stdout=sys.stderr,
            text=True,
            check=False,
        )
    result = read(child.stderr, child.returncode)
    if result.broken:
        sys.stderr.write(child.stderr)
    return result


def main(arguments: list[str]) -> int:
    """Fuzz what is named, or everything; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.decoders")
    parser.add_argument("names", nargs="*", metavar="NAME", help="; ".join(NAMES))
    parser.add_argument("--seconds", type=int, default=60, help="for each decoder")
    asked = parser.parse_args(arguments)
    unknown = set(asked.names) - set(NAMES)
    if unknown:
        parser.error(f"no decoder is called {', '.join(sorted(unknown))}")
    broken = False
    for name in asked.names or NAMES:
        result = fuzz(name, asked.seconds)
        sys.stdout.write(f"{name:<16} {result}\n")
        sys.stdout.flush()
        broken |= result.broken
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
