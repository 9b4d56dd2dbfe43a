"""The hall board as a picture: calls on the left, the waiting on the right, notices below."""

from collections.abc import Iterator

from config.hall import Text, text
from display import words
from display.colours import Colour, Tones
from display.layout import Layout, Rect
from display.metrics import fit, shorten
from display.metrics import width as ems
from display.scene import CENTRE, RIGHT, Box, Group, Scene, Words
from display.shown import Line, Shown, ZoneLine

Items = tuple[Box | Words, ...]

NUMBER, WINDOW = 0.03, 0.475
"""Where the columns begin (number) and have their middle (window), as shares of the table."""
CHIP = 0.235
SERVICE = 0.63


def board_scene(shown: Shown, layout: Layout, tones: Tones) -> Scene:
    """The picture of a hall or pickup board."""
    groups = [
        Group("header", layout.header.x, layout.header.y, _header(shown, layout, tones)),
        Group("heads", layout.heads.x, layout.heads.y, _heads(layout, tones)),
        *_rows(shown, layout, tones),
        *_side(shown, layout, tones),
        Group("footer", layout.footer.x, layout.footer.y, _footer(shown, layout, tones)),
    ]
    return Scene(layout.width, layout.height, tones.ground, tuple(groups))


def _header(shown: Shown, layout: Layout, tones: Tones) -> Items:
    u, w, h = layout.unit, layout.header.w, layout.header.h
    name = text(shown.name, "zh")
    clock = 7.2 * u
    date_size = 2.7 * u
    date = text(shown.date, "zh")
    left = w - ems("00:00") * clock - 2 * u
    room = left - ems(date) * date_size - 4 * u
    size = fit(name, 5.2 * u, room)
    items = [
        Words(name, 0, h * 0.36, size, tones.text, bold=True),
        Words(shorten(_en(shown.name), room / (2.4 * u)), 0, h * 0.86, 2.4 * u, tones.quiet),
        Words(date, left, h * 0.24, date_size, tones.text, RIGHT),
        Words(text(shown.date, "en"), left, h * 0.7, 2.4 * u, tones.quiet, RIGHT),
        Words(shown.time, w, h * 0.42, clock, tones.text, RIGHT),
    ]
    return _written(items)


def _heads(layout: Layout, tones: Tones) -> Items:
    w, size = layout.table.w, 2.4 * layout.unit
    y = layout.heads.h * 0.45

    def head(what: Text) -> str:
        return f"{text(what, 'zh')}  {_en(what)}"

    return (
        Words(head(words.NUMBER), w * NUMBER, y, size, tones.quiet),
        Words(head(words.WINDOW), w * WINDOW, y, size, tones.quiet, CENTRE),
        Words(head(words.SERVICE), w * SERVICE, y, size, tones.quiet),
    )


def _rows(shown: Shown, layout: Layout, tones: Tones) -> Iterator[Group]:
    """Drawn from the bottom up, so that a row coming in slides over those below it."""
    if shown.lost or not shown.lines:
        said = words.LOOK_AT_WINDOWS if shown.lost else words.QUIET
        yield Group("empty", layout.table.x, layout.table.y, _empty(said, layout, tones))
        return
    for n, line in reversed(list(enumerate(shown.lines))):
        yield Group(
            key=f"row/{line.window}/{line.call}",
            x=layout.table.x,
            y=layout.table.y + n * layout.row,
            items=_row(line, layout, tones),
            enters=layout.row if line.new else 0.0,
        )


def _row(line: Line, layout: Layout, tones: Tones) -> Items:
    w, h = layout.table.w, layout.bar
    middle = h / 2
    ground, number, label, chip, quiet = _row_colours(line, tones)
    chip_w, chip_h = w * CHIP, h * 0.76
    items: list[Box | Words] = [
        Box(0, 0, w, h, ground, radius=h * 0.14),
        Words(
            line.number,
            w * NUMBER,
            middle,
            fit(line.number, layout.number, w * (WINDOW - CHIP / 2 - NUMBER - 0.02)),
            number,
            bold=True,
        ),
        Box(w * WINDOW - chip_w / 2, (h - chip_h) / 2, chip_w, chip_h, chip, radius=h * 0.1),
        *_label(line.label, w * WINDOW, middle, chip_w * 0.9, layout.number, label),
        *_about(line, layout, number, quiet),
    ]
    return tuple(items)


def _label(
    label: str, x: float, y: float, room: float, size: float, colour: Colour
) -> Iterator[Words]:
    """The window's number with its word beside it, or its name alone, in the middle of its chip."""
    word = " 号窗口" if words.window_name(label)["zh"] != label else ""
    small = size * 0.36
    rest = ems(word) * small
    high = fit(label, size, room - rest)
    wide = ems(label) * high + rest
    yield Words(label, x - wide / 2, y, high, colour, bold=True)
    if word:
        yield Words(word, x + wide / 2, y + high * 0.2, small, colour, RIGHT)


def _row_colours(line: Line, tones: Tones) -> tuple[Colour, Colour, Colour, Colour, Colour]:
    """Ground, number, label, chip and second line of a row."""
    if line.lit:
        dark = tones.on_accent
        return tones.accent, dark, tones.accent, dark, dark
    if line.new:
        return tones.panel, tones.accent, tones.on_accent, tones.accent, tones.quiet
    if line.state in ("serving", "done"):
        return tones.ground, tones.quiet, tones.quiet, tones.panel, tones.quiet
    return tones.panel, tones.text, tones.on_chip, tones.chip, tones.quiet


def _about(line: Line, layout: Layout, first: Colour, second: Colour) -> Iterator[Words]:
    """Service, and under it where to go, why it is marked, or the English name."""
    w, h = layout.table.w, layout.bar
    room = w * (1 - SERVICE) - w * 0.02
    zh, below = text(line.service, "zh"), _en(line.service)
    below = " · ".join(filter(None, (line.place.get("zh", ""), below)))
    if line.state == "late":
        below = text(words.LATE, "zh")
    elif line.state == "serving":
        below = text(words.SERVING, "zh")
    size = max(fit(zh, layout.service, room), layout.service * 0.72) if zh else layout.service
    small = layout.service * 0.62
    if not below:
        yield Words(shorten(zh, room / size), w * SERVICE, h / 2, size, first)
        return
    if zh:
        yield Words(shorten(zh, room / size), w * SERVICE, h * 0.36, size, first)
    y = h * 0.74 if zh else h / 2
    yield Words(shorten(below, room / small), w * SERVICE, y, small, second)


def _empty(said: Text, layout: Layout, tones: Tones) -> Items:
    w, h, u = layout.table.w, layout.table.h, layout.unit
    return (
        Words(text(said, "zh"), w / 2, h * 0.44, 6 * u, tones.quiet, CENTRE),
        Words(_en(said), w / 2, h * 0.56, 3 * u, tones.quiet, CENTRE),
    )


def _side(shown: Shown, layout: Layout, tones: Tones) -> Iterator[Group]:
    if shown.zones:
        zones = layout.zones
        yield Group("zones", zones.x, zones.y, _zones(shown.zones, layout, tones))
    if shown.missed:
        missed = layout.missed
        yield Group("missed", missed.x, missed.y, _missed(shown.missed, layout, tones))


def _zones(zones: tuple[ZoneLine, ...], layout: Layout, tones: Tones) -> Items:
    """One cell a zone, in as many columns as keep the cells readable."""
    u, area = layout.unit, layout.zones
    head = 5 * u
    columns = 2 if layout.portrait and len(zones) > 1 else 1
    deep = -(-len(zones) // columns)
    cell_h = min((area.h - head) / deep, 15 * u)
    cell_w = (area.w - (columns - 1) * 2 * u) / columns
    items: list[Box | Words] = [
        Words(
            f"{text(words.WAITING, 'zh')}  {_en(words.WAITING)}",
            0,
            layout.heads.h * 0.45,
            2.4 * u,
            tones.quiet,
        )
    ]
    for n, zone in enumerate(zones):
        x, y = n % columns * (cell_w + 2 * u), head + n // columns * cell_h
        items += _zone(zone, Rect(x, y, cell_w, cell_h - 1.2 * u), layout, tones)
    return tuple(items)


def _zone(zone: ZoneLine, cell: Rect, layout: Layout, tones: Tones) -> list[Box | Words]:
    u = layout.unit
    count = f"{zone.waiting}"
    big = min(cell.h * 0.56, 7.5 * u)
    unit = min(2.8 * u, cell.h * 0.28)
    right = cell.right - 1.5 * u
    counted = right - unit - u * 0.6
    name = text(zone.name, "zh")
    wait = text(zone.wait, "zh")
    pad = cell.x + 1.5 * u
    room = counted - ems(count) * big - 1.5 * u - pad
    name_size = max(fit(name, min(3.6 * u, cell.h * 0.36), room), min(2.4 * u, cell.h * 0.36))
    wait_size = fit(wait, min(2.8 * u, cell.h * 0.28), room)
    y = (0.33, 0.72) if wait else (0.5, 0.5)
    return [
        Box(cell.x, cell.y, cell.w, cell.h, tones.panel, radius=u),
        Words(shorten(name, room / name_size), pad, cell.y + cell.h * y[0], name_size, tones.text),
        *_written([Words(wait, pad, cell.y + cell.h * y[1], wait_size, tones.quiet)]),
        Words(count, counted, cell.middle, big, tones.text, RIGHT),
        Words("人", right, cell.middle + big * 0.18, unit, tones.quiet, RIGHT),
    ]


def _missed(missed: tuple[str, ...], layout: Layout, tones: Tones) -> Items:
    """The missed numbers, newest last, as many as there is room for; never half a number."""
    u, area = layout.unit, layout.missed
    size = 3.2 * u
    title = text(words.MISSED, "zh")
    hint = text(words.MISSED_HINT, "zh")
    items: list[Box | Words] = [Box(0, 0, area.w, 0.15 * u, tones.line)]
    lines: int
    if layout.portrait:
        left = ems(title) * size + 2.5 * u
        items.append(Words(title, 0, area.h * 0.4, size, tones.text, bold=True))
        items.append(Words(_en(words.MISSED), 0, area.h * 0.85, 2.2 * u, tones.quiet))
        top, lines = area.h * 0.4, 1
    else:
        left = 0.0
        items.append(Words(title, 0, 3 * u, size, tones.text, bold=True))
        beside = ems(title) * size + 1.5 * u
        items.append(Words(_en(words.MISSED), beside, 3.2 * u, 2.4 * u, tones.quiet))
        items.append(Words(hint, area.w, 3.2 * u, 2.4 * u, tones.quiet, RIGHT))
        top = 8 * u
        lines = int((area.h - 6 * u) / (4.8 * u))
    cell = max(ems(number) for number in missed) * size + 1.8 * u
    across = max(1, int((area.w - left) / cell))
    for n, number in enumerate(missed[-across * lines :]):
        x, y = left + n % across * cell, top + n // across * 4.8 * u
        items.append(Words(number, x, y, size, tones.quiet))
    return tuple(items)


def _footer(shown: Shown, layout: Layout, tones: Tones) -> Items:
    """A notice; over it, when the board is out of touch, a bar that says so with a sign."""
    w, h, u = layout.footer.w, layout.footer.h, layout.unit
    if shown.age is not None:
        said = f"{text(shown.age, 'zh')}    {_en(shown.age)}"
        return (
            Box(0, 0, w, h, tones.accent, radius=u),
            Box(1.4 * u, h / 2 - 1.9 * u, 3.8 * u, 3.8 * u, tones.on_accent, radius=1.9 * u),
            Words("!", 3.3 * u, h / 2, 3.2 * u, tones.accent, CENTRE, bold=True),
            Words(
                said,
                7 * u,
                h / 2,
                fit(said, layout.small, w - 9 * u),
                tones.on_accent,
                bold=True,
            ),
        )
    if not shown.footer:
        return ()
    return (
        Box(0, 0, w, 0.15 * u, tones.line),
        Words(shown.footer, 0, h * 0.56, layout.small, tones.text),
    )


def _en(names: Text) -> str:
    """The English wording, or nothing: never the Chinese a second time."""
    return names.get("en", "")


def _written(items: list[Words]) -> tuple[Words, ...]:
    return tuple(item for item in items if item.text)
