"""An LED wall as a picture: text only, every dot used, the number first, then the window.

Below the calls one line says the rest in turns: the waiting, the missed, the notice, the time.
"""

from collections.abc import Iterator

from config.hall import text
from display import words
from display.colours import Tones
from display.layout import Layout
from display.metrics import fit, shorten
from display.metrics import width as ems
from display.scene import CENTRE, RIGHT, Box, Group, Scene, Words
from display.shown import Line, Shown

TURN = 6.0
"""Seconds each part of the bottom line stands."""


def wall_scene(shown: Shown, layout: Layout, tones: Tones, now: float) -> Scene:
    """The picture of an LED wall."""
    groups = [] if shown.lost else [*_rows(shown, layout, tones)]
    if not groups:
        said = text(words.LOOK_AT_WINDOWS if shown.lost else words.QUIET, "zh")
        size = fit(said, layout.number, layout.width * 0.94)
        middle = layout.width / 2, layout.table.h / 2
        groups.append(Group("empty", 0, 0, (Words(said, *middle, size, tones.text, CENTRE),)))
    groups.append(Group("footer", 0, layout.footer.y, _bottom(shown, layout, tones, now)))
    return Scene(layout.width, layout.height, tones.ground, tuple(groups))


def _rows(shown: Shown, layout: Layout, tones: Tones) -> Iterator[Group]:
    calls = [line for line in shown.lines if line.state != "done"]
    for n, line in enumerate(calls):
        yield Group(
            key=f"row/{line.window}/{line.call}",
            x=0,
            y=n * layout.row,
            items=_row(line, layout, tones),
        )


def _row(line: Line, layout: Layout, tones: Tones) -> tuple[Box | Words, ...]:
    """Number to the left, window to the right, and between them what to do if there is room."""
    w, h, size = layout.width, layout.bar, layout.number
    pad = size * 0.22
    ink = tones.on_accent if line.lit else tones.accent if line.new else tones.text
    said = words.window_name(line.label)["zh"].replace(" ", "")
    room = w - 2 * pad - size * 0.5
    number_room = min(ems(line.number) * size, room * 0.6)
    number = fit(line.number, size, number_room)
    wide = room - ems(line.number) * number
    short = said if ems(said) * size * 0.6 <= wide else line.label
    window = fit(short, size, wide)
    items: list[Box | Words] = []
    if line.lit:
        items.append(Box(0, 0, w, h, tones.accent))
    items.append(Words(line.number, pad, h / 2, number, ink, bold=True))
    items.append(Words(short, w - pad, h / 2, window, ink, RIGHT))
    between = wide - ems(short) * window
    please = "请到"
    if between > ems(please) * size * 0.7 + size * 0.4:
        x = pad + ems(line.number) * number + size * 0.25 + between / 2
        ink = tones.on_accent if line.lit else tones.quiet
        items.append(Words(please, x, h / 2, size * 0.7, ink, CENTRE))
    return tuple(items)


def _bottom(shown: Shown, layout: Layout, tones: Tones, now: float) -> tuple[Box | Words, ...]:
    h, size = layout.footer.h, layout.small
    middle, line = h * 0.54, Box(0, 0, layout.width, max(1.0, h * 0.03), tones.line)
    pad = size * 0.3
    if shown.age is not None:
        said = "!" + text(shown.age, "zh")
        fitting = fit(said, size, layout.width - 2 * pad)
        return (line, Words(said, pad, middle, fitting, tones.warn))
    time = Words(shown.time, layout.width - pad, middle, size, tones.quiet, RIGHT)
    turns = list(_turns(shown))
    if not turns:
        return (line, time)
    said = turns[int(now / TURN) % len(turns)]
    room = layout.width - time.width - 3 * pad
    fitting = max(fit(said, size, room), size * 0.7)
    return (line, Words(shorten(said, room / fitting), pad, middle, fitting, tones.quiet), time)


def _turns(shown: Shown) -> Iterator[str]:
    for zone in shown.zones:
        wait = text(zone.wait, "zh")
        yield f"{text(zone.name, 'zh')} 等候 {zone.waiting} 人 {wait}".strip()
    if shown.missed:
        yield "过号 " + " ".join(shown.missed[-4:])
    if shown.footer:
        yield shown.footer
