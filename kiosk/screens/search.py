"""The body of the search screen: what was typed, what it finds, and the keys (pure)."""

from kiosk.scenes.parts import Body, Tile
from kiosk.screens.build import paging, tile
from kiosk.screens.theme import FINGER, Theme, mix
from kiosk.screens.things import Icon, Panel, Rect, Say, Thing, Touch

KEYS = 28
COLUMNS = (7, 10, 14)
"""Keys in a row: few and tall where there is height, many and wide where there is not."""


def search(what: Body, at: Rect, half: float, theme: Theme, *, low: bool) -> list[Thing]:
    """Upright: field, results, keys, one under the other. Lying: the keys are on the right."""
    gap, key_gap = theme.space(2.5), theme.space(1.2)
    if low:
        upper, at = at.split_top(max(0.0, at.top - half), gap / 2)
        field = upper.middle(upper.w, min(upper.h, theme.space(16)))
    if theme.portrait:
        if not low:
            field, at = at.split_top(theme.space(16), gap)
        high = min(at.h * 0.5, max(4 * theme.finger, 4 * theme.space(14)) + 3 * key_gap)
        pad, found = at.split_bottom(high, gap * 1.5)
        columns = columns_for(pad, theme, key_gap)
    else:
        columns = columns_for(at, theme, key_gap)
        key = theme.finger if columns * (theme.finger + key_gap) <= at.w * 0.7 else FINGER
        wide = max(at.w * 0.46, columns * (key + key_gap) - key_gap)
        found, pad = at.split_left(at.w - wide - gap, gap)
        if not low:
            field, found = found.split_top(max(theme.space(12), FINGER), gap)
    return [
        *_field(what, field, theme),
        *_results(what, found, theme),
        *_keys(what, pad, columns, theme, key_gap),
    ]


def columns_for(at: Rect, theme: Theme, gap: float) -> int:
    """Columns that make every key as high as a finger needs, in the widest room there is; where
    none does (a small screen, large and low at once) the middle way."""
    for columns in COLUMNS:
        rows = -(-KEYS // columns)
        high = (at.h - gap * (rows - 1)) / rows
        if high >= theme.finger and columns * (theme.finger + gap) < at.w * 1.02:
            return columns
    return COLUMNS[1]


def _field(what: Body, at: Rect, theme: Theme) -> list[Thing]:
    """The letters typed so far; before the first, how to type."""
    icon, words = at.inset(theme.space(3), 0).split_left(theme.space(6), theme.space(2.5))
    side = min(icon.w, icon.h * 0.6)
    letters = (
        Say(words, " ".join(what.query), theme.font("title"), theme.ink, bold=True)
        if what.query
        else Say(words, what.lead, theme.font("body"), theme.muted)
    )
    return [
        Panel(at, theme.card, theme.space(3), theme.primary),
        Icon(icon.middle(side, side), "search", theme.primary),
        letters,
    ]


def _results(what: Body, at: Rect, theme: Theme) -> list[Thing]:
    """What was found. Where there is no room for fingers the heading goes, and the arrows stand
    beside the results instead of under them."""
    gap = theme.space(1.6)
    head = theme.space(6 if theme.large else 5)
    foot = max(theme.finger, theme.space(10))
    rows = what.size
    things: list[Thing] = []
    need = rows * theme.finger + (rows - 1) * gap
    if what.more_title and (at.h >= need + head + gap or not what.tiles):
        heading, at = at.split_top(head if what.tiles else min(at.h, 4 * head), gap)
        things.append(Say(heading, what.more_title, theme.font("body"), theme.ink, bold=True))
    columns = 1
    if at.h < need and at.w > theme.space(110):
        columns, rows = 2, -(-rows // 2)
        need = rows * theme.finger + (rows - 1) * gap
    if what.paging and at.h >= need + foot + gap:
        arrows, at = at.split_bottom(foot, gap)
        things += paging(what, arrows, theme)
    elif what.paging:
        at, arrows = at.split_left(at.w - theme.finger - gap, gap)
        for cell, arrow in zip(arrows.grid(1, 2, gap), what.paging, strict=True):
            things += _key(cell, arrow, theme)
    while rows > 1 and at.h < need:
        rows -= 1
        need = rows * theme.finger + (rows - 1) * gap
    high = min(theme.space(17 if theme.large else 15), (at.h - gap * (rows - 1)) / rows)
    area, _ = at.split_top(high * rows + gap * (rows - 1))
    for cell, each in zip(area.grid(columns, rows, gap), what.tiles, strict=False):
        things += tile(cell, each, theme)
    return things


def _keys(what: Body, at: Rect, columns: int, theme: Theme, gap: float) -> list[Thing]:
    rows = -(-KEYS // columns)
    high = min((at.h - gap * (rows - 1)) / rows, theme.space(17))
    area, _ = at.split_bottom(high * rows + gap * (rows - 1))
    things: list[Thing] = []
    for cell, key in zip(area.grid(columns, rows, gap), what.actions, strict=False):
        things += _key(cell, key, theme)
    return things


def _key(at: Rect, key: Tile, theme: Theme) -> list[Thing]:
    ink = theme.ink if key.open else theme.faint
    letter = len(key.text) == 1
    radius = theme.space(1.6)
    down = mix(theme.card, theme.primary, 0.3)
    ground: Thing = (
        Touch(at, key.choice, theme.card, down, radius, theme.edge)
        if key.open
        else Panel(at, theme.paper, radius, theme.edge)
    )
    if key.icon:
        side = min(at.w, at.h) * 0.5
        return [ground, Icon(at.middle(side, side), key.icon, ink)]
    size = theme.font("tile" if letter else "small")
    words = at.inset(theme.space(0.5), 0)
    return [ground, Say(words, key.text, size, ink, bold=letter, align="center")]
