"""Boards as they are really drawn: pixels of a running board, offscreen, in its own process."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import pytest
from PIL import Image, ImageFont

from config.hall import Board
from display import layout
from display.run import tones_of
from tests.display.given import small_hall

NUMBER = "A1234"


@dataclass(frozen=True)
class Drawn:
    """What one board drew: pictures by name, and what it said of itself."""

    spec: Board
    folder: Path
    said: dict[str, Any]

    def picture(self, name: str) -> Image.Image:
        return Image.open(self.folder / f"{name}.png").convert("RGB")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("hall", 1280, 720), id="1280x720"),
        pytest.param(("hall", 1080, 1920), id="portrait"),
        pytest.param(("mono", 640, 320), id="LED wall"),
    ],
)
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    style, width, height = request.param
    folder = tmp_path_factory.mktemp("drawn")
    env = {k: v for k, v in os.environ.items() if k != "DISPLAY" and not k.startswith("KIVY")}
    module = [sys.executable, "-m", "tests.display.drawing"]
    run = subprocess.run(
        [*module, str(width), str(height), style, NUMBER, str(folder)],
        capture_output=True,
        text=True,
        env=env,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    spec = Board(id="B", areas=("down",), width=width, height=height, layout=style)
    return Drawn(spec, folder, json.loads(run.stdout))


def first_row(drawn: Drawn) -> tuple[int, int, int, int]:
    plan = layout.of(drawn.spec, 5)
    table = plan.table
    return int(table.x), int(table.y), int(table.right), int(table.y + plan.bar)


def byte(colour: tuple[float, float, float]) -> tuple[int, int, int]:
    red, green, blue = (round(c * 255) for c in colour)
    return red, green, blue


def near(a: tuple[int, ...], b: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(x - y) <= by for x, y in zip(a, b, strict=True))


def share(picture: Image.Image, colour: tuple[int, int, int]) -> float:
    pixels = picture.tobytes()
    triples = zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True)
    return sum(near(p, colour) for p in triples) / (len(pixels) // 3)


def ink_width(picture: Image.Image, ground: tuple[int, int, int]) -> int:
    """How wide what is written is: from the first to the last column that is not ground."""
    pixels, across = picture.tobytes(), 3 * picture.width

    def inked_at(x: int) -> bool:
        column = (pixels[n : n + 3] for n in range(3 * x, len(pixels), across))
        return any(not near(tuple(pixel), ground, 60) for pixel in column)

    inked = [x for x in range(picture.width) if inked_at(x)]
    return inked[-1] - inked[0] + 1


def test_the_picture_is_as_large_as_the_hall_file_says(drawn: Drawn) -> None:
    assert drawn.picture("before").size == (drawn.spec.width, drawn.spec.height)


def test_a_call_changes_the_first_row_and_flashes_it(drawn: Drawn) -> None:
    accent = byte(tones_of(small_hall(), drawn.spec).accent)
    row = first_row(drawn)
    assert share(drawn.picture("before").crop(row), accent) < 0.4
    assert share(drawn.picture("lit").crop(row), accent) > 0.5
    assert share(drawn.picture("unlit").crop(row), accent) < 0.4


def test_nothing_is_drawn_while_nothing_changes(drawn: Drawn) -> None:
    assert drawn.said["idle"] == {"frames": 0, "groups": 0}


def test_a_flash_draws_only_the_row_that_flashes(drawn: Drawn) -> None:
    """The new row, and once the footer of a wall; never the whole board."""
    assert 2 <= drawn.said["flashing"] <= 8


def test_the_number_is_whole_in_pixels(drawn: Drawn) -> None:
    """As wide as another program draws the same number in the same font and size."""
    plan = layout.of(drawn.spec, 5)
    left, top, _, bottom = first_row(drawn)
    lit = drawn.picture("lit")
    inset = int(plan.table.w * 0.02)
    column = (left + inset, top + 4, left + int(plan.table.w * 0.35), bottom - 4)
    ground = byte(tones_of(small_hall(), drawn.spec).accent)
    font = ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), int(plan.number))
    box = font.getbbox(NUMBER)
    assert ink_width(lit.crop(column), ground) == pytest.approx(box[2] - box[0], abs=5)


def test_the_call_was_acknowledged_from_the_frame_that_shows_it(drawn: Drawn) -> None:
    assert drawn.said["until_shown"] > 0
