"""Where everything on a screen is: a scene -> things with places, in four regions (pure).

The frame (header above, bar of buttons below) is the same on every screen, so that "home" is
always under the same finger. Between them lies the body. In wheelchair mode nothing to touch is
above half the screen: what there is to read takes the upper half, what there is to do the lower.
"""

from dataclasses import dataclass

from kiosk.scenes.parts import Scene, Tile
from kiosk.screens import body
from kiosk.screens.build import button
from kiosk.screens.theme import WHITE, Theme, mix
from kiosk.screens.things import Icon, Panel, Rect, Say, Thing, Touch


@dataclass(frozen=True, slots=True)
class Layout:
    """What to paint, from the back to the front; a region that stayed the same is left alone."""

    frame: tuple[Thing, ...]
    body: tuple[Thing, ...]
    bar: tuple[Thing, ...]
    countdown: tuple[Thing, ...]

    @property
    def things(self) -> tuple[Thing, ...]:
        return self.frame + self.body + self.bar + self.countdown


def layout(scene: Scene, width: int, height: int, theme: Theme) -> Layout:
    """`scene` on a screen of `width` by `height` pixels."""
    screen = Rect(0, 0, width, height)
    bar, above = screen.split_bottom(_bar_height(theme, height))
    header, rest = above.split_top(theme.space(19 if theme.portrait else 16))
    strip, middle = rest.split_top(theme.space(8 if theme.large else 7))
    ground = theme.night if scene.dark else theme.paper
    inner = middle.inset(theme.space(6), theme.space(4 if theme.portrait else 2.5))
    return Layout(
        frame=(Panel(screen, ground), *_header(scene, header, strip, theme)),
        body=body.body(scene, inner, height / 2, theme),
        bar=_bar(scene, bar, theme),
        countdown=_countdown(scene, bar, theme),
    )


def _bar_height(theme: Theme, height: int) -> float:
    return max(theme.finger + theme.space(2), min(theme.space(18), height * 0.105))


def _header(scene: Scene, at: Rect, strip: Rect, theme: Theme) -> list[Thing]:
    inner = at.inset(theme.space(6), theme.space(2.5))
    right = theme.space(42)
    names, clock = inner.split_left(inner.w - right, theme.space(2))
    quiet = mix(theme.on_primary, theme.primary, 0.12)
    things: list[Thing] = [Panel(at, theme.primary), Panel(strip, theme.strip)]
    if scene.hall_other:
        name, other = names.split_top(names.h * 0.62)
        things.append(Say(other, scene.hall_other, theme.space(3), quiet, valign="top"))
    else:
        name = names
    things.append(Say(name, scene.hall, theme.space(6.4), theme.on_primary, bold=True))
    time, date = clock.split_top(clock.h * 0.62)
    things += [
        Say(time, scene.time, theme.space(7.6), theme.on_primary, bold=True, align="right"),
        Say(date, scene.date, theme.space(3), quiet, align="right", valign="top"),
    ]
    if scene.live:
        mark, words = strip.inset(theme.space(6), 0).split_left(theme.space(1), theme.space(2))
        things += [
            Panel(mark.middle(mark.w, strip.h * 0.46), theme.accent, theme.space(0.5)),
            Say(words, scene.live, theme.font("small"), WHITE),
        ]
    return things


def _bar(scene: Scene, at: Rect, theme: Theme) -> tuple[Thing, ...]:
    """Six places; what cannot be touched now stays in its place, faint."""
    line, _ = at.split_top(max(2.0, theme.space(0.25)))
    things: list[Thing] = [Panel(at, theme.card), Panel(line, theme.edge)]
    for cell, tile in zip(at.grid(6, 1, 0), scene.bar, strict=True):
        things += _bar_button(cell.inset(theme.space(1), theme.space(1)), tile, theme)
    return tuple(things)


def _bar_button(at: Rect, tile: Tile, theme: Theme) -> list[Thing]:
    colour = theme.primary if tile.open else theme.faint
    things: list[Thing] = []
    if tile.open:
        fill = theme.soft if tile.main else theme.card
        down = mix(theme.soft, theme.primary, 0.25)
        things.append(Touch(at, tile.choice, fill, down, theme.space(2)))
    size = min(at.h * 0.46, theme.space(6.5))
    top, bottom = at.split_top(at.h * 0.56)
    icon = Rect(top.x + (top.w - size) / 2, top.y, size, size)
    things.append(Icon(icon, tile.icon, colour))
    word = theme.ink if tile.open else theme.faint
    words = min(theme.font("small"), at.h * 0.27)
    things.append(Say(bottom.inset(2, 0), tile.text, words, word, align="center"))
    return things


def _countdown(scene: Scene, bar: Rect, theme: Theme) -> tuple[Thing, ...]:
    """Over the modes in the bar; Back, Home and everything above stay as they are."""
    if not scene.countdown:
        return ()
    _, band = bar.split_left(bar.w / 3)
    inner = band.inset(theme.space(3), theme.space(1))
    side = min(inner.h * 0.5, theme.space(6))
    icon, left = inner.split_left(side, theme.space(2))
    things: list[Thing] = [Panel(band, theme.night), Icon(icon.middle(side, side), "clock", WHITE)]
    if scene.stay is None:
        return (*things, Say(left, scene.countdown, theme.font("body"), WHITE))
    words, stay = left.split_left(left.w * 0.62, theme.space(2))
    things.append(Say(words, scene.countdown, theme.font("body"), WHITE))
    return (*things, *button(stay, scene.stay, theme))
