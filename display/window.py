"""A window sign as a fold: the newest `WindowView` of one window, put into words.

Top line: the window and the group it serves now (DJ-23). Below: idle, serving, please come,
paused, closed. An extra window says until when. A back-office position never calls anybody and
shows nothing (BA-24).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from config.hall import Hall, Text, Window, WindowKind, text
from config.wire.views import WindowView
from display import words

FLASHES = 3.0
"""Seconds a call flashes on a sign: three times at 1 Hz, then it stands."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Everything a sign knows."""

    window: Window
    view: WindowView | None = None
    left: frozenset[str] = frozenset()
    """Epochs that are over."""
    called: float | None = None
    """When the call it shows arrived, own clock; None if it was there before."""


@dataclass(frozen=True, slots=True)
class SignShown:
    """What a sign says at one moment."""

    label: Text
    group: Text
    state: str
    """``idle``, ``called``, ``serving``, ``paused``, ``closed``, ``unknown`` or ``dark``."""
    headline: Text
    number: str = ""
    detail: Text | None = None
    lit: bool = False
    call: int = 0


def on_view(sign: Sign, view: WindowView, now: float, *, found: bool = False) -> Sign:
    """The window's view arrived; what is older than what is shown is ignored, and what was lying
    there (`found`, retained) does not flash."""
    old = sign.view
    if view.window != sign.window.id or view.epoch in sign.left:
        return sign
    left = sign.left
    if old and view.epoch != old.epoch:
        left = left | {old.epoch}
    elif old and (view.seq, view.at) < (old.seq, old.at):
        return sign
    called = sign.called
    if view.state != "called" or found:
        called = None
    elif not old or (view.state, view.call) != (old.state, old.call):
        called = now
    return replace(sign, view=view, left=left, called=called)


def show(sign: Sign, hall: Hall, now: float) -> SignShown:
    """What `sign` says at `now`."""
    view = sign.view
    if not sign.window.callable:
        return SignShown(label={}, group={}, state="dark", headline={})
    label = words.window_name(sign.window.number)
    if view is None:
        return SignShown(
            label=label, group=_name(sign.window), state="unknown", headline=words.UNKNOWN
        )
    number = view.number or ""
    since = FLASHES if sign.called is None else now - sign.called
    shown = SignShown(
        label=label,
        group=_group(sign.window, view),
        state=view.state,
        headline={},
        number=number,
        detail=_until(sign.window, view, hall),
        call=view.call,
    )
    match view.state:
        case "called" if number:
            lit = 0 <= since < FLASHES and since % 1.0 < 0.5
            return replace(shown, headline=words.both(words.COME, number=number), lit=lit)
        case "serving" if number:
            return replace(shown, headline=words.SERVING)
        case "paused":
            reason = words.PAUSE_REASONS.get(view.reason, {"zh": view.reason})
            return replace(
                shown, headline=words.PAUSED, number="", detail=reason if view.reason else None
            )
        case "closed":
            return replace(shown, headline=words.CLOSED, number="", detail=None)
        case "idle" | "called" | "serving":
            return replace(shown, state="idle", headline=words.IDLE, number="")
        case _:
            return replace(shown, state="unknown", headline=words.UNKNOWN, number="")


def _name(window: Window) -> Text:
    return dict(window.name)


def _group(window: Window, view: WindowView) -> Text:
    """The services it takes now, else what the window is called."""
    if view.state == "closed" or not view.services:
        return _name(window)
    return {
        "zh": "、".join(dict.fromkeys(text(s, "zh") for s in view.services)),
        "en": ", ".join(dict.fromkeys(text(s, "en") for s in view.services)),
    }


def _until(window: Window, view: WindowView, hall: Hall) -> Text | None:
    extra = window.kind is WindowKind.EMERGENCY or window.temporary
    if view.until is None:
        return words.EMERGENCY if extra else None
    time = f"{datetime.fromtimestamp(view.until, ZoneInfo(hall.timezone)):%H:%M}"
    until = words.both(words.UNTIL, time=time)
    if not extra:
        return until
    return {k: f"{words.EMERGENCY[k]} {until[k]}" for k in until}
