"""Pictures as data: nothing cut, nothing over something else, everything readable, for every
shipped hall and every shape of screen."""

from collections.abc import Iterator

import msgspec
import pytest

from config.hall import Board, Hall
from config.load import load_hall, shipped
from config.wire.events import Called, Happening
from config.wire.views import BoardView, CallRow, ZoneCount
from display import colours, layout, words
from display.board import Board as Known
from display.board import on_happening, on_line, on_view, start
from display.metrics import SQUARE
from display.pickup import show_pickup
from display.run import tones_of
from display.scene import Box, Group, Scene, Words
from display.scenes.board import board_scene
from display.scenes.wall import wall_scene
from display.scenes.window import window_scene
from display.shown import Shown, show, windows_before
from display.window import Sign, SignShown
from display.window import on_view as sign_view
from display.window import show as show_sign
from tests.display.given import DAY, NOON, small_hall, window_view

HALLS = ("demo", "boai", "xixian", "mengzi", "guizhou", "dianjiang")
SCREENS = [
    ("hall", 1920, 1080),
    ("hall", 3840, 2160),
    ("hall", 1280, 720),
    ("hall", 1024, 768),
    ("hall", 1080, 1920),
    ("hall", 2560, 1080),
    ("pickup", 1920, 1080),
    ("pickup", 1080, 1920),
    ("wall", 640, 320),
    ("wall", 1024, 256),
    ("wall", 384, 768),
    ("mono", 512, 128),
    ("mono", 256, 64),
]


@pytest.fixture(scope="module")
def halls() -> dict[str, Hall]:
    return {name: load_hall(shipped(name)) for name in HALLS}


def busy(hall: Hall, areas: tuple[str, ...], digits: int) -> Known:
    """Every window calling, every zone full, a long notice, many missed, one call just made."""
    names = {s.id: s.board_name or s.name for s in hall.services}
    board = on_line(start(areas, names, 0.0), True, 0.0)
    last = None
    for area in areas:
        zones = [z for z in hall.zones if area in hall.areas_of(z)]
        ids = {z.id for z in zones}
        windows = [w for w in hall.windows if w.zone in ids and w.callable and w.services]
        rows = [
            CallRow(
                number=f"{'AW'[n % 2]}{10**digits - 1 - n}",
                window=w.id,
                label=w.number,
                zone=w.zone,
                service=names[w.services[0]],
                at=NOON,
                call=n + 1,
                state="called" if n % 3 else "serving",
            )
            for n, w in enumerate(windows)
        ]
        view = BoardView(
            epoch="one",
            seq=1,
            at=NOON,
            day=DAY,
            area=area,
            name=hall.area_by_id[area].name,
            rows=tuple(rows[:24]),
            missed=tuple(f"B{n:04d}" for n in range(12)),
            zones=tuple(
                ZoneCount(zone=z.id, name=z.name, waiting=188, open_windows=2, low=105, high=120)
                for z in zones
            ),
            notice="因系统升级，今日14:00起暂停办理不动产登记业务，请您合理安排时间。" * 2,
        )
        board = on_view(board, view, 0.0, found=True)
        last = (windows[0], area) if windows else last
    if last is None:
        return board
    window, area = last
    call = Called(
        call=900,
        number="W" + "8" * digits,
        window=window.id,
        label=window.number,
        zone=window.zone,
        service=window.services[0],
        areas=(area,),
    )
    return on_happening(board, Happening(epoch="one", seq=2, at=NOON, news=call), 100.0)


def scenes(hall: Hall, spec: Board) -> Iterator[tuple[Scene, colours.Tones]]:
    """The screen in every state it can be in."""
    tones = tones_of(hall, spec)
    plan = layout.of(spec, windows_before(hall, spec.areas, pickup=spec.layout == "pickup"))
    nothing = start(spec.areas, {}, 0.0)
    three, five = busy(hall, spec.areas, 3), busy(hall, spec.areas, 5)
    moments = [
        (nothing, 1.0),
        (three, 100.1),
        (three, 100.7),
        (five, 130.0),
        (five, 136.0),
        (on_line(three, False, 100.0), 140.0),
        (on_line(three, False, 100.0), 900.0),
    ]
    for board, now in moments:
        making = show_pickup if spec.layout == "pickup" else show
        shown: Shown = making(
            board, hall, now, at=NOON, rows=plan.rows, cells=plan.cells, ems=plan.ems
        )
        if spec.layout in ("wall", "mono"):
            yield wall_scene(shown, plan, tones, now), tones
        else:
            yield board_scene(shown, plan, tones), tones


def written(group: Group) -> list[tuple[Words, tuple[float, float, float, float]]]:
    """Every text of a group with the rectangle its characters fill, on the screen."""
    found = []
    for item in group.items:
        if isinstance(item, Words) and item.text.strip():
            half = item.size * SQUARE / 2
            left = group.x + item.left
            top = group.y + item.y
            found.append((item, (left, top - half, left + item.width, top + half)))
    return found


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    slack = 1.0
    return (
        a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack
    )


def ground_of(group: Group, words_at: Words, scene: Scene) -> colours.Colour:
    """The topmost box under the middle of a text."""
    x, y = words_at.left + words_at.width / 2, words_at.y
    under = scene.ground
    for item in group.items:
        if item is words_at:
            break
        inside = isinstance(item, Box) and (
            item.x <= x <= item.x + item.w and item.y <= y <= item.y + item.h
        )
        if isinstance(item, Box) and inside:
            under = item.colour
    return under


def faults(scene: Scene, margin: float) -> list[str]:
    found = []
    texts = [(g, w, r) for g in scene.groups for w, r in written(g)]
    for group, item, rect in texts:
        left, right = margin * scene.width - 2, (1 - margin) * scene.width + 2
        if rect[0] < left or rect[2] > right or rect[1] < -1 or rect[3] > scene.height + 1:
            found.append(f"outside: {item.text!r} {rect}")
        ratio = colours.contrast(item.colour, ground_of(group, item, scene))
        if ratio < colours.READABLE:
            found.append(f"contrast {ratio:.1f}: {item.text!r}")
        if item.size < min(scene.width, scene.height) / 100 * 1.6:
            found.append(f"too small {item.size:.1f}: {item.text!r}")
    for n, (_, one, rect) in enumerate(texts):
        for _, other, place in texts[n + 1 :]:
            if overlap(rect, place):
                found.append(f"overlap: {one.text!r} and {other.text!r}")
    return found


@pytest.mark.parametrize("name", HALLS)
@pytest.mark.parametrize(("style", "width", "height"), SCREENS)
def test_nothing_is_cut_covered_or_unreadable(
    halls: dict[str, Hall], name: str, style: str, width: int, height: int
) -> None:
    hall = halls[name]
    every = tuple(a.id for a in hall.areas)
    margin = 0.0 if style in ("wall", "mono") else layout.SAFE
    for areas in {every, every[:1]}:
        spec = Board(id="X", areas=areas, layout=style, width=width, height=height)
        for scene, _ in scenes(hall, spec):
            assert faults(scene, margin) == []


@pytest.mark.parametrize("name", HALLS)
def test_the_boards_that_the_halls_really_have(halls: dict[str, Hall], name: str) -> None:
    hall = halls[name]
    assert hall.boards
    for spec in hall.boards:
        margin = 0.0 if spec.layout in ("wall", "mono") else layout.SAFE
        for scene, _ in scenes(hall, spec):
            assert faults(scene, margin) == []


@pytest.mark.parametrize(("style", "width", "height"), SCREENS)
@pytest.mark.parametrize("number", ["1234", "A1234", "W88888"])
def test_a_number_is_whole_on_every_screen(
    style: str, width: int, height: int, number: str
) -> None:
    hall = small_hall()
    spec = Board(id="X", areas=("down",), layout=style, width=width, height=height)
    zone, window = ("pickup", "P1") if style == "pickup" else ("general", "W1")
    row = CallRow(
        number=number, window=window, label="12", zone=zone, service={"zh": "社"}, at=NOON, call=1
    )
    view = BoardView(
        epoch="one", seq=1, at=NOON, day=DAY, area="down", name={"zh": "厅"}, rows=(row,)
    )
    board = on_view(start(("down",), {}, 0.0), view, 0.0)
    plan = layout.of(spec, 5)
    making = show_pickup if style == "pickup" else show
    shown = making(board, hall, 1.0, at=NOON, rows=plan.rows, cells=plan.cells, ems=plan.ems)
    tones = tones_of(hall, spec)
    wall = style in ("wall", "mono")
    scene = wall_scene(shown, plan, tones, 1.0) if wall else board_scene(shown, plan, tones)
    assert number in [item.text for group in scene.groups for item, _ in written(group)]


MANY = tuple({"zh": f"第{n}类业务办理", "en": f"Service {n}"} for n in range(9))
SIGNS = [
    ("idle", {}),
    ("called", {"number": "A012", "call": 1}),
    ("called", {"number": "AB10000", "call": 1}),
    ("serving", {"number": "A1234"}),
    ("serving", {"number": "A1234", "until": NOON}),
    ("paused", {"reason": "system"}),
    ("closed", {}),
    (
        "idle",
        {"services": tuple({"zh": f"第{n}类业务办理", "en": f"Service {n}"} for n in range(9))},
    ),
]


@pytest.mark.parametrize(("state", "fields"), SIGNS)
@pytest.mark.parametrize(("width", "height"), [(1280, 320), (1920, 360), (800, 480), (512, 96)])
def test_a_sign_is_whole_and_readable(
    state: str, fields: dict[str, object], width: int, height: int
) -> None:
    hall = small_hall()
    sign = sign_view(Sign(hall.window_by_id["W1"]), window_view(1, state, **fields), 0.0)
    for now in (0.1, 0.7, 60.0):
        shown = show_sign(sign, hall, now)
        scene = window_scene(shown, width, height, colours.screen(hall.palette))
        assert [f for f in faults(scene, 0.0) if not f.startswith("too small")] == []


def test_a_back_office_sign_is_dark() -> None:
    dark = SignShown(label={}, group={}, state="dark", headline={})
    assert window_scene(dark, 1280, 320, colours.screen(small_hall().palette)).groups == ()


def test_a_row_is_a_group_that_stays_the_same_while_it_moves_down() -> None:
    hall = small_hall()
    spec = hall.boards[0]
    plan = layout.of(spec, 5)
    tones = tones_of(hall, spec)
    board = on_line(start(("down",), {}, 0.0), True, 0.0)
    view = BoardView(epoch="one", seq=1, at=NOON, day=DAY, area="down", name={"zh": "厅"})
    board = on_view(board, view, 0.0)
    before = after = None
    for n, window in enumerate(("W1", "W2")):
        call = Called(
            call=n + 1, number=f"A00{n + 1}", window=window, label=str(n + 1), zone="general",
            service="social", areas=("down",),
        )  # fmt: skip
        at = 100.0 * (n + 1)
        board = on_happening(board, Happening(epoch="one", seq=2 + n, at=NOON, news=call), at)
        shown = show(board, hall, at + 50, at=NOON, rows=plan.rows, cells=plan.cells, ems=plan.ems)
        rows = {g.key: g for g in board_scene(shown, plan, tones).groups if "row/" in g.key}
        before, after = after, rows
    assert before is not None
    assert after is not None
    assert after["row/W1/1"].items == before["row/W1/1"].items
    assert after["row/W1/1"].y == before["row/W1/1"].y + plan.row
    assert list(after) == ["row/W1/1", "row/W2/2"], "drawn from the bottom up"


def test_the_alarm_bar_is_said_in_words_and_with_a_sign_not_by_colour_alone() -> None:
    hall = small_hall()
    spec = hall.boards[0]
    plan = layout.of(spec, 5)
    board = start(("down",), {}, 0.0)
    shown = show(board, hall, 1.0, at=NOON, rows=plan.rows, cells=plan.cells, ems=plan.ems)
    texts = [
        w.text for g in board_scene(shown, plan, tones_of(hall, spec)).groups for w, _ in written(g)
    ]
    assert "!" in texts
    assert any(words.CONNECTING["zh"] in t for t in texts)


@pytest.mark.parametrize(
    ("distance", "pitch", "warned"),
    [
        (5.0, None, []),
        (2.0, 0.6, []),
        (60.0, 0.6, ["号码", "业务", "底栏"]),
    ],
)
def test_character_heights_are_held_against_the_distance(
    distance: float, pitch: float | None, warned: list[str]
) -> None:
    spec = Board(id="X", areas=("down",), distance=distance, pitch=pitch)
    found = layout.too_small(spec, layout.of(spec, 8))
    assert [f.split(" ")[0] for f in found] == warned


def test_rows_get_fewer_and_larger_when_people_sit_further_away() -> None:
    near = Board(id="X", areas=("down",), distance=4.0, pitch=0.6)
    far = msgspec.structs.replace(near, distance=14.0)
    assert layout.of(near, 9).rows > layout.of(far, 9).rows
    assert layout.of(near, 9).number < layout.of(far, 9).number
    assert layout.of(msgspec.structs.replace(far, rows=8), 9).rows == 8


def test_contrast_follows_wcag() -> None:
    assert colours.contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert colours.contrast(colours.parse("#777777"), (1, 1, 1)) == pytest.approx(4.48, abs=0.01)
    assert colours.contrast((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)) == 1
    grey = colours.parse("#555555")
    ground = colours.parse("#444444")
    assert colours.contrast(colours.readable(grey, ground), ground) >= colours.READABLE
