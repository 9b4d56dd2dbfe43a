"""Bodies that are mostly read: confirming, the number, messages (pure)."""

from kiosk.scenes.parts import Body, Fact
from kiosk.screens.build import button, hint, title
from kiosk.screens.theme import WHITE, Theme, mix
from kiosk.screens.things import Code, Icon, Panel, Rect, Say, Thing


def confirm(what: Body, read: Rect, act: Rect, theme: Theme) -> list[Thing]:
    """What will be taken, on a card; beside or under it what is good to know; the buttons."""
    gap = theme.space(2)
    honest, rest = read.split_bottom(theme.space(7 if theme.large else 5), gap)
    hints = max(1, len(what.hints))
    most = theme.space(14 if theme.large else 11)
    if theme.portrait:
        each = min(most, rest.h * 0.46 / hints - gap)
        tall = rest.h - len(what.hints) * (each + gap)
        card, told = rest.split_top(min(tall, theme.space(100 if theme.large else 74)), gap)
    else:
        each = min(most * 1.2, (rest.h - gap * (hints - 1)) / hints)
        card, told = rest.split_left(rest.w * (0.56 if what.hints else 1), gap * 1.5)
    inner = card.inset(theme.space(5), min(theme.space(3.5), card.h * 0.06))
    head, facts = inner.split_top(min(inner.h * 0.36, theme.space(20)), gap)
    line, facts = facts.split_top(max(2.0, theme.space(0.25)), gap)
    things: list[Thing] = [
        Panel(card, theme.card, theme.space(3), theme.edge),
        *title(head, what.title, what.lead, theme),
        Panel(line, theme.edge),
        *_facts(what.facts, facts, theme),
    ]
    for one in what.hints:
        cell, told = told.split_top(each, gap)
        things += hint(cell, one, theme)
    words = Say(honest, what.more_title, theme.font("small"), theme.muted, align="center")
    return [*things, words, *actions(what, act, theme)]


def _facts(facts: tuple[Fact, ...], at: Rect, theme: Theme) -> list[Thing]:
    """Where, and in large figures how many and how long; a line each where there is no room."""
    if at.h < theme.space(34 if theme.large else 20):
        things: list[Thing] = []
        for row, fact in zip(at.grid(1, len(facts), 0), facts, strict=True):
            label, value = row.split_left(row.w * 0.3, theme.space(2))
            where = fact.value.split("\n")[0]
            ink = theme.primary if fact.large else theme.ink
            things += [
                Say(label, fact.label, theme.font("small"), theme.muted),
                Say(value, where, theme.font("lead"), ink, bold=fact.large),
            ]
        return things
    gap = theme.space(3)
    large = [f for f in facts if f.large]
    small = [f for f in facts if not f.large]
    top, bottom = at.split_top(at.h * 0.5, gap / 2)
    places = [*top.grid(1, max(1, len(small)), 0), *bottom.grid(max(1, len(large)), 1, gap)]
    return [
        thing
        for fact, place in zip([*small, *large], places, strict=False)
        for thing in _fact(place, fact, theme)
    ]


def _fact(at: Rect, fact: Fact, theme: Theme) -> list[Thing]:
    label, value = at.split_top(min(at.h * 0.33, theme.space(9 if theme.large else 6.5)))
    size = theme.font("title" if fact.large else "lead")
    ink = theme.primary if fact.large else theme.ink
    return [
        Say(label, fact.label, theme.font("small"), theme.muted),
        Say(value, fact.value, size, ink, bold=fact.large, valign="top"),
    ]


def number(what: Body, read: Rect, act: Rect, theme: Theme) -> list[Thing]:
    """The number, larger than anything else in the hall's day; where to wait; a code to scan."""
    gap = theme.space(2)
    head, card = read.split_top(min(theme.space(17 if theme.large else 15), read.h * 0.26), gap)
    side = head.h * 0.72
    icon, words = head.split_left(side, theme.space(3))
    ground = theme.good if what.icon == "check" else theme.primary
    things: list[Thing] = [
        Panel(icon.middle(side, side), ground, side / 2),
        Icon(icon.middle(side * 0.62, side * 0.62), what.icon, WHITE),
        *title(words, what.title, what.lead, theme),
        Panel(card, theme.card, theme.space(3), theme.edge),
    ]
    inner = card.inset(theme.space(5), min(theme.space(4), card.h * 0.06))
    if what.qr:
        inner = _code(what, inner, theme, things)
    if theme.portrait:
        figure, facts = inner.split_top(inner.h * 0.56, gap)
        size = min(theme.font("number"), figure.h * 0.74)
        align = "center"
    else:
        figure, facts = inner.split_left(inner.w * 0.52, theme.space(4))
        size = min(theme.font("number"), figure.h * 0.8)
        align = "left"
        facts = facts.middle(facts.w, min(facts.h, theme.space(44)))
    things.append(Say(figure, what.number, size, theme.primary, bold=True, align="center"))
    rows = facts.grid(1, max(1, len(what.facts)), gap)
    for place, fact in zip(rows, what.facts, strict=False):
        things += _line(place, fact, align, theme)
    return things + actions(what, act, theme)


def _line(at: Rect, fact: Fact, align: str, theme: Theme) -> list[Thing]:
    """What to do, and under it the detail."""
    if not fact.value:
        return [Say(at, fact.label, theme.font("tile"), theme.ink, bold=True, align=align)]
    label, value = at.split_top(at.h * 0.54)
    size, under = theme.font("tile"), theme.font("body")
    return [
        Say(label, fact.label, size, theme.ink, bold=True, align=align, valign="bottom"),
        Say(value, fact.value, under, theme.muted, align=align, valign="top"),
    ]


def _code(what: Body, inner: Rect, theme: Theme, things: list[Thing]) -> Rect:
    """The QR code below (upright screens) or beside; answers the place that is left."""
    if theme.portrait:
        place, left = inner.split_bottom(inner.h * 0.38, theme.space(3))
    else:
        left, place = inner.split_left(inner.w * 0.72, theme.space(4))
    words, square = place.split_bottom(theme.space(7 if theme.large else 5), theme.space(1))
    side = min(square.w, square.h, theme.space(44))
    things += [
        Code(square.middle(side, side), what.qr),
        Say(words, what.more_title, theme.font("small"), theme.muted, align="center"),
    ]
    return left


def message(what: Body, read: Rect, act: Rect, theme: Theme, *, dark: bool) -> list[Thing]:
    """One thing to know, large enough for a passer-by, and what to do instead."""
    gap = theme.space(3)
    hints = len(what.hints)
    wide = min(read.w, theme.space(130))
    icon_side = min(theme.space(26), read.h * 0.26)
    words = min(theme.space(30 if theme.large else 24), read.h * 0.36)
    spare = read.h - icon_side - words - gap * (hints + 1)
    each = min(theme.space(16 if theme.large else 14), spare / max(1, hints))
    need = icon_side + words + hints * (each + gap) + gap
    block = read.middle(wide, min(need, read.h))
    icon, rest = block.split_top(icon_side, gap)
    heading, rest = rest.split_top(words, gap)
    ground = mix(theme.night, WHITE, 0.12) if dark else theme.soft
    ink = WHITE if dark else theme.primary
    things: list[Thing] = [
        Panel(icon.middle(icon_side, icon_side), ground, icon_side / 2),
        Icon(icon.middle(icon_side * 0.56, icon_side * 0.56), what.icon, ink),
        *title(heading, what.title, what.lead, theme, align="center", dark=dark, size="huge"),
    ]
    for one in what.hints:
        cell, rest = rest.split_top(each, gap)
        things += hint(cell, one, theme, dark=dark, main=one is what.hints[0])
    return things + actions(what, act, theme)


def actions(what: Body, at: Rect, theme: Theme) -> list[Thing]:
    """The buttons, side by side at the foot of their place, the main one on the right."""
    if not what.actions:
        return []
    high = min(at.h, max(theme.finger, theme.space(16)))
    row, _ = at.split_bottom(high)
    if len(what.actions) == 1:
        row = row.middle(min(row.w, theme.space(100)), row.h)
    things: list[Thing] = []
    for cell, each in zip(
        row.grid(len(what.actions), 1, theme.space(3)), what.actions, strict=True
    ):
        things += button(cell, each, theme)
    return things
