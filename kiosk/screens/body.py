"""The body of a screen in its six forms: what is read, what is touched, and where (pure)."""

from kiosk.scenes.parts import Body, Scene
from kiosk.screens import search, telling
from kiosk.screens.build import paging, tile, title
from kiosk.screens.theme import Theme
from kiosk.screens.things import Rect, Say, Thing


def body(scene: Scene, at: Rect, half: float, theme: Theme) -> tuple[Thing, ...]:
    """The middle of `scene` in the place `at`; `half` is the middle of the screen's height."""
    what = scene.body
    read, act = _halves(what, at, half, theme, low=scene.low)
    things: list[Thing]
    match what.kind:
        case "home":
            things = [*_heading(what, read, theme), *_home(what, act, theme)]
        case "tiles":
            things = [*_heading(what, read, theme), *_tiles(what, act, theme)]
        case "search":
            things = search.search(what, at, half, theme, low=scene.low)
        case "confirm":
            things = telling.confirm(what, read, act, theme)
        case "number":
            things = telling.number(what, read, act, theme)
        case _:
            things = telling.message(what, read, act, theme, dark=scene.dark)
    return tuple(things)


CHOOSING = ("home", "tiles")


def _halves(what: Body, at: Rect, half: float, theme: Theme, *, low: bool) -> tuple[Rect, Rect]:
    """What is read and what is touched. Where there is much to touch, wheelchair mode has them
    meet in the middle of the screen; a few buttons are at the foot in any case."""
    gap = theme.space(3)
    if low and what.kind in CHOOSING:
        upper = max(0.0, at.top - half)
        return at.split_top(upper)
    if what.kind in CHOOSING:
        return at.split_top(theme.space(19 if theme.large and theme.portrait else 15), gap)
    actions = max(theme.finger, theme.space(16)) if what.actions else 0
    act, read = at.split_bottom(actions, gap if actions else 0)
    return read, act


def _heading(what: Body, at: Rect, theme: Theme) -> list[Thing]:
    if at.h < theme.space(30):
        return title(at, what.title, what.lead, theme)
    middle = at.middle(at.w, min(at.h, theme.space(26)))
    return title(middle, what.title, what.lead, theme, align="center", size="huge")


def _home(what: Body, at: Rect, theme: Theme) -> list[Thing]:
    """Zones first and largest, then the search, then what most people come for, as far as there
    is room for fingers."""
    gap = theme.space(2.5)
    label = theme.space(7)
    columns = 2 if theme.portrait or len(what.tiles) <= 6 else 3
    rows = -(-len(what.tiles) // columns)
    across = 2 if theme.portrait else 1
    often = what.more
    while True:
        down = -(-len(often) // across)
        head = label + gap if often else 0
        if theme.portrait:
            parts, gaps = rows * 1.45 + down + 1, rows + down
            unit = min((at.h - head - gap * gaps) / parts, theme.space(28))
        else:
            unit = min((at.h - head - gap * down) / (down + 1), theme.space(20))
        if unit >= theme.finger or not often:
            break
        often = often[:-across]
    if theme.portrait:
        zones, rest = at.split_top(unit * 1.45 * rows + gap * (rows - 1), gap)
    else:
        zones, rest = at.split_left(at.w * 0.60, theme.space(4))
        zones, _ = zones.split_top(min(zones.h, theme.space(32) * rows))
    find, rest = rest.split_top(unit, gap)
    things: list[Thing] = []
    for cell, each in zip(zones.grid(columns, rows, gap), what.tiles, strict=False):
        things += tile(cell, each, theme)
    for each in what.actions:
        things += tile(find, each, theme)
    if often:
        heading, rest = rest.split_top(label, gap)
        low, _ = rest.split_top(unit * down + gap * (down - 1))
        things.append(Say(heading, what.more_title, theme.font("lead"), theme.ink, bold=True))
        for cell, each in zip(low.grid(across, down, gap), often, strict=False):
            things += tile(cell, each, theme)
    return things


def shape(count: int, at: Rect, theme: Theme) -> tuple[int, int]:
    """Columns and rows for `count` tiles: the fewest columns that leave every tile comfortably
    high, or at least as high as a finger, and no wider than a line is easily read."""
    for least in (theme.finger * 1.2, theme.finger):
        for columns in (1, 2, 3, 4):
            rows = -(-count // columns)
            high = (at.h - (rows - 1) * theme.space(2.5)) / rows
            readable = at.w / columns <= theme.space(130) and (columns > 1 or count <= 5)
            if high >= least and readable and (columns < 4 or least == theme.finger):
                return columns, rows
    return 4, -(-count // 4)


def _tiles(what: Body, at: Rect, theme: Theme) -> list[Thing]:
    gap = theme.space(2.5)
    things: list[Thing] = []
    if what.paging:
        foot, at = at.split_bottom(max(theme.finger, min(theme.space(12), at.h * 0.2)), gap)
        things += paging(what, foot, theme)
    columns, rows = shape(max(1, what.size), at, theme)
    tallest = theme.space(36 if what.size <= 4 else 26)
    high = min(tallest, (at.h - gap * (rows - 1)) / rows)
    area, _ = at.split_top(high * rows + gap * (rows - 1))
    for cell, each in zip(area.grid(columns, rows, gap), what.tiles, strict=False):
        things += tile(cell, each, theme)
    return things
