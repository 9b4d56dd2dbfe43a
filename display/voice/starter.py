"""Renders a starter set of clips, for a hall to replace by its own recordings one by one.

    python -m display.voice.starter FOLDER [LANGUAGE ...]

FOLDER is the `clips` folder below the data folder; languages are those of `clips.CLIPS`, all if
none is named. A file that is there already is left alone.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from display.voice.clips import CLIPS, render_starter
from display.voice.tts import Engine


async def render(folder: Path, languages: list[str]) -> int:
    """Render the sets of `languages` into `folder`; how many clips are new."""
    with tempfile.TemporaryDirectory() as work:
        engine = Engine(Path(work))
        try:
            return sum([await render_starter(folder, one, engine) for one in languages])
        finally:
            await engine.close()


def main() -> None:
    if len(sys.argv) < 2 or set(sys.argv[2:]) - set(CLIPS):
        raise SystemExit(__doc__)
    new = asyncio.run(render(Path(sys.argv[1]), sys.argv[2:] or sorted(CLIPS)))
    sys.stdout.write(f"{new} new clips in {sys.argv[1]}\n")


if __name__ == "__main__":
    main()
