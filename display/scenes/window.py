"""A window sign as a picture: window and group above, what happens now below, very large."""

from config.hall import Text, text
from display.colours import Colour, Tones
from display.metrics import fit, shorten
from display.metrics import width as ems
from display.scene import CENTRE, RIGHT, Box, Group, Scene, Words
from display.window import SignShown


def window_scene(sign: SignShown, width: int, height: int, tones: Tones) -> Scene:
    """The picture of a window sign of `width` x `height` pixels."""
    if sign.state == "dark":
        return Scene(width, height, tones.ground, ())
    top = height * 0.3
    groups = (
        Group("top", 0, 0, _top(sign, width, top, tones)),
        Group("now", 0, top, _now(sign, width, height - top, tones)),
    )
    return Scene(width, height, tones.ground, groups)


def _top(sign: SignShown, w: float, h: float, tones: Tones) -> tuple[Box | Words, ...]:
    pad = min(w * 0.03, h * 0.4)
    name = text(sign.label, "zh")
    size = fit(name, h * 0.6, w * 0.45)
    left = pad + ems(name) * size + size * 0.5
    room = w - pad - left
    zh, en = text(sign.group, "zh"), sign.group.get("en", "")
    group = max(fit(zh, h * 0.36, room), h * 0.22) if zh else h * 0.3
    small = max(fit(en, h * 0.2, room), h * 0.14) if en else h * 0.2
    items: list[Box | Words] = [
        Box(0, 0, w, h, tones.chip),
        Words(name, pad, h * 0.5, size, tones.on_chip, bold=True),
    ]
    if zh:
        y = h * 0.36 if en else h * 0.5
        said = shorten(zh, room / group)
        items.append(Words(said, w - pad, y, group, tones.on_chip, RIGHT))
    if en:
        items.append(
            Words(shorten(en, room / small), w - pad, h * 0.74, small, tones.on_chip, RIGHT)
        )
    return tuple(items)


def _now(sign: SignShown, w: float, h: float, tones: Tones) -> tuple[Box | Words, ...]:
    ground, ink, quiet = _colours(sign, tones)
    items: list[Box | Words] = [Box(0, 0, w, h, ground)] if ground != tones.ground else []
    if sign.state == "serving":
        items += _beside(sign, w, h, ink, quiet)
    else:
        items += _large(sign, w, h, ink, quiet)
    return tuple(items)


def _colours(sign: SignShown, tones: Tones) -> tuple[Colour, Colour, Colour]:
    """Ground, first and second ink. The words say the state; colour only helps."""
    if sign.state == "called":
        if sign.lit:
            return tones.accent, tones.on_accent, tones.on_accent
        return tones.ground, tones.accent, tones.quiet
    if sign.state in ("closed", "unknown"):
        return tones.ground, tones.quiet, tones.quiet
    return tones.ground, tones.text, tones.quiet


def _large(sign: SignShown, w: float, h: float, ink: Colour, quiet: Colour) -> list[Words]:
    """One sentence as large as it goes; under it the English and the detail."""
    zh, en = text(sign.headline, "zh"), sign.headline.get("en", "")
    below = "   ".join(filter(None, (en, _detail(sign.detail))))
    size = fit(zh, h * (0.5 if below else 0.6), w * 0.94)
    items = [Words(zh, w / 2, h * (0.4 if below else 0.5), size, ink, CENTRE, bold=True)]
    if below:
        small = fit(below, h * 0.16, w * 0.94)
        items.append(Words(below, w / 2, h * 0.83, small, quiet, CENTRE))
    return items


def _beside(sign: SignShown, w: float, h: float, ink: Colour, quiet: Colour) -> list[Words]:
    """The state in words to the left, the number large to the right."""
    pad = w * 0.03
    zh, en = text(sign.headline, "zh"), sign.headline.get("en", "")
    size = fit(sign.number, h * 0.62, w * 0.5)
    room = w - 3 * pad - ems(sign.number) * size
    detail = _detail(sign.detail)
    said = fit(zh, h * 0.32, room)
    small = fit(en, h * 0.15, room)
    lines = [
        Words(zh, pad, h * (0.3 if detail else 0.4), said, ink),
        Words(en, pad, h * (0.58 if detail else 0.72), small, quiet),
        Words(sign.number, w - pad, h * 0.5, size, ink, RIGHT, bold=True),
    ]
    if detail:
        lines.append(Words(detail, pad, h * 0.83, fit(detail, h * 0.15, room), quiet))
    return lines


def _detail(detail: Text | None) -> str:
    if detail is None:
        return ""
    return " ".join(filter(None, (text(detail, "zh"), detail.get("en", ""))))
