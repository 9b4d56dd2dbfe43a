"""`yichuang bench`: what this machine makes of us, beside what it makes of the bare thing.

Machines differ and are noisy, so the figures to look at are ratios, and both sides of each are
measured in turn in the same run. The bare server (`benchmarks.bare`) takes the same requests and
does only what cannot be left out: one synced commit for all that wait and, where there is a bus,
one QoS 1 message.
"""

import asyncio
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

import msgspec
import structlog
from rich.console import Console
from rich.progress import Progress

from benchmarks.bottom import bottom
from benchmarks.consoles import watching
from benchmarks.devices import pressing_pads
from benchmarks.engine import deciding
from benchmarks.issue import issuing, stored
from benchmarks.press import pressing
from benchmarks.start import starting
from benchmarks.table import FULL, QUICK, Row, Size, shown
from benchmarks.table import SMOKE as SMOKE

Section = Callable[[Path, Size], Awaitable[list[Row]]]

SECTIONS: dict[str, Section] = {
    "bottom": bottom,
    "engine": deciding,
    "issue": issuing,
    "press": pressing,
    "consoles": watching,
    "devices": pressing_pads,
    "stored": stored,
    "start": starting,
}


async def measure(only: str | None, size: Size, progress: Progress) -> list[Row]:
    """Run the sections, one after the other."""
    wanted = [name for name in SECTIONS if only in (None, name)]
    rows: list[Row] = []
    task = progress.add_task("", total=len(wanted))
    for name in wanted:
        progress.update(task, description=name)
        with tempfile.TemporaryDirectory(prefix="yichuang-bench-") as folder:
            rows += await SECTIONS[name](Path(folder), size)
        progress.advance(task)
    return rows


def main(json: Path | None = None, *, quick: bool = False, only: str | None = None) -> int:
    """Measure, print, and return 0 when every target was kept."""
    if only is not None and only not in SECTIONS:
        raise ValueError(f"{only!r} is none of {', '.join(SECTIONS)}")
    # A broker that tells of every client would be in the figures, and in the table.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console = Console()
    with Progress(console=console, transient=True) as progress:
        rows = asyncio.run(measure(only, QUICK if quick else FULL, progress))
    console.print(shown(rows))
    if json is not None:
        lines = [{**asdict(row), "kept": row.kept} for row in rows]
        json.write_bytes(msgspec.json.format(msgspec.json.encode(lines)))
    return 0 if all(row.kept is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(quick="--quick" in sys.argv))
