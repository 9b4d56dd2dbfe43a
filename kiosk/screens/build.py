"""The furniture that every body is built of: tiles, buttons, hints, titles (pure)."""

from kiosk.scenes.parts import Body, Hint, Tile
from kiosk.screens.theme import WHITE, Colour, Theme, mix
from kiosk.screens.things import Icon, Panel, Rect, Say, Thing, Touch


def tile(at: Rect, what: Tile, theme: Theme) -> list[Thing]:
    """A card with a badge or an icon, its name, and a line of news under it."""
    if not what.open:
        return _closed(at, what, theme)
    fill = theme.primary if what.main else theme.card
    ink = theme.on_primary if what.main else theme.ink
    down = mix(fill, theme.ink if what.main else theme.primary, 0.22)
    edge = None if what.main else theme.edge
    things: list[Thing] = [Touch(at, what.choice, fill, down, theme.space(3), edge)]
    quiet = mix(ink, fill, 0.1) if what.main else theme.muted
    return things + _inside(at, what, theme, ink, quiet)


def _closed(at: Rect, what: Tile, theme: Theme) -> list[Thing]:
    """Grey, with the reason in words; it can still be touched and then explains itself."""
    fill = mix(theme.paper, theme.ink, 0.05)
    down = mix(fill, theme.ink, 0.12)
    things: list[Thing] = [Touch(at, what.choice, fill, down, theme.space(3), theme.edge)]
    return things + _inside(at, what, theme, theme.muted, theme.muted)


def _inside(at: Rect, what: Tile, theme: Theme, ink: Colour, quiet: Colour) -> list[Thing]:
    tall = at.h > theme.space(25)
    pad = min(theme.space(3), at.h * 0.14)
    inner = at.inset(pad + theme.space(0.5), pad)
    things: list[Thing] = []
    if (what.mark or what.icon) and at.w > theme.space(64 if theme.large else 54):
        side = min(inner.h, theme.space(15 if theme.large or tall else 12), inner.w * 0.24)
        mark, inner = inner.split_left(side, theme.space(3))
        things += badge(mark.middle(side, side), what, theme)
    size = theme.font("tile") * (1.1 if tall else 1)
    if not what.note:
        return [*things, Say(inner, what.text, size, ink, bold=True)]
    name, note = inner.split_top(inner.h * 0.56)
    return [
        *things,
        Say(name, what.text, size, ink, bold=True, valign="bottom"),
        Say(note, what.note, theme.font("small"), quiet, valign="top"),
    ]


def badge(at: Rect, what: Tile, theme: Theme) -> list[Thing]:
    """The letter its numbers begin with, or an icon, on a soft square."""
    if what.main:
        ground, ink = mix(theme.primary, WHITE, 0.16), theme.on_primary
    elif what.open:
        ground, ink = theme.soft, theme.primary
    else:
        ground, ink = mix(theme.paper, theme.ink, 0.10), theme.muted
    things: list[Thing] = [Panel(at, ground, min(at.w, at.h) * 0.24)]
    if what.mark and what.open:
        return [*things, Say(at, what.mark, at.h * 0.56, ink, bold=True, align="center")]
    name = what.icon if what.open else "closed"
    return [*things, Icon(at.middle(at.w * 0.62, at.h * 0.62), name or "closed", ink)]


def button(at: Rect, what: Tile, theme: Theme) -> list[Thing]:
    """A thing to do, its words in the middle; the main one is filled."""
    fill = theme.primary if what.main else theme.card
    ink = theme.on_primary if what.main else theme.primary
    if not what.open:
        faint = Panel(at, theme.paper, theme.space(2.5), theme.edge)
        return [faint, *_centred(at, what, theme, theme.faint)]
    down = mix(fill, theme.ink if what.main else theme.primary, 0.24)
    edge = None if what.main else theme.primary
    touch = Touch(at, what.choice, fill, down, theme.space(2.5), edge)
    return [touch, *_centred(at, what, theme, ink)]


def _centred(at: Rect, what: Tile, theme: Theme, ink: Colour) -> list[Thing]:
    size = min(theme.font("tile"), at.h * 0.42)
    inner = at.inset(theme.space(1.5), theme.space(1))
    if not what.icon:
        return [Say(inner, what.text, size, ink, bold=True, align="center")]
    wide = min(inner.w - size * 1.6, text_width(what.text, size))
    icon = size * 1.2
    left = inner.x + (inner.w - icon - theme.space(2) - wide) / 2
    words = Rect(left + icon + theme.space(2), inner.y, wide, inner.h)
    return [
        Icon(Rect(left, at.y + (at.h - icon) / 2, icon, icon), what.icon, ink),
        Say(words, what.text, size, ink, bold=True),
    ]


def text_width(text: str, size: float) -> float:
    """Room that `text` needs on one line, generously."""
    return sum(size * (1.04 if ord(c) > 0x2E7F else 0.66) for c in text) + size * 0.2


def hint(
    at: Rect, what: Hint, theme: Theme, *, dark: bool = False, main: bool = False
) -> list[Thing]:
    """A line worth knowing, with its icon."""
    ground, ink = (mix(theme.night, WHITE, 0.10), WHITE) if dark else (theme.soft, theme.ink)
    side = min(at.h * 0.62, theme.space(7))
    icon, words = at.inset(theme.space(3), theme.space(0.5)).split_left(side, theme.space(2.5))
    size = theme.font("tile" if main else "body")
    return [
        Panel(at, ground, theme.space(2)),
        Icon(icon.middle(side, side), what.icon, ink if dark else theme.primary),
        Say(words, what.text, size, ink, bold=main),
    ]


def title(
    at: Rect,
    text: str,
    lead: str,
    theme: Theme,
    *,
    align: str = "left",
    dark: bool = False,
    size: str = "title",
) -> list[Thing]:
    """A heading and the sentence under it."""
    ink, quiet = (WHITE, mix(WHITE, theme.night, 0.15)) if dark else (theme.ink, theme.muted)
    if not lead:
        return [Say(at, text, theme.font(size), ink, bold=True, align=align)]
    top, bottom = at.split_top(at.h * 0.58)
    under = theme.font("body" if size == "title" else "lead")
    return [
        Say(top, text, theme.font(size), ink, bold=True, align=align, valign="bottom"),
        Say(bottom, lead, under, quiet, align=align, valign="middle"),
    ]


def paging(what: Body, at: Rect, theme: Theme) -> list[Thing]:
    """Big arrows left and right, the page between them."""
    left, middle, right = at.grid(3, 1, theme.space(2.5))
    words = Say(middle, what.page, theme.font("body"), theme.muted, align="center")
    return [*button(left, what.paging[0], theme), words, *button(right, what.paging[1], theme)]
