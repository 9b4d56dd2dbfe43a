"""What a window sign says: a pure function of the window's view and the sign's size.

Widths are counted in half-width characters: a Chinese character takes two, a sign of 128 dots with
16-dot characters has sixteen. Where not everything fits, the number comes before the window and
the window before the service; nothing is ever cut in the middle of a number.
"""

from dataclasses import dataclass, replace

from config.hall import Device, text
from config.wire.views import WindowView
from firmware_bridge.codecs.gb import columns
from firmware_bridge.words import Line, Sign


@dataclass(frozen=True, slots=True)
class Strip:
    """A sign's size in dots, and the height of its characters."""

    width: int = 128
    height: int = 16
    character: int = 16

    @property
    def columns(self) -> int:
        return max(1, self.width * 2 // self.character)

    @property
    def rows(self) -> int:
        return max(1, self.height // self.character)


def strip_of(device: Device) -> Strip:
    """A sign's size, from its options ``width``, ``height`` and ``character`` (dots)."""
    sizes = {
        k: int(device.options[k]) for k in ("width", "height", "character") if k in device.options
    }
    strip = Strip(**sizes)
    return replace(strip, character=min(strip.character, strip.height))


def sign(view: WindowView, strip: Strip, language: str = "zh") -> Sign:
    """What the sign says for `view`.

    With one row it is the state; with two, window number and service group stand above it (what
    is served here now must be readable, and changes with the clerk); more rows stay empty.
    """
    state = _fit(_states(view), strip.columns)
    called = view.state == "called"
    below = Line(state, flash=called)
    lines = (below,) if strip.rows < 2 else (Line(_head(view, strip, language)), below)
    call = view.call if called and view.call else None
    return Sign(lines, call, view.number or "", view.label)


def _states(view: WindowView) -> tuple[str, ...]:
    """Wordings of the window's state, the best first, each shorter than the one before."""
    number, label = view.number or "", view.label
    match view.state:
        case "called" if number:
            return (
                f"请{number}号到{label}号窗口",
                f"请{number}到{label}号窗口",
                f"请{number}到本窗口",
                f"请{number}",
                number,
            )
        case "serving" if number:
            return (f"正在办理 {number}", f"办理 {number}", number)
        case "paused":
            return (f"{label}号窗口暂停服务", "暂停服务", "暂停")
        case "closed":
            return (f"{label}号窗口已下班", "已下班", "下班")
        case _:
            return (f"{label}号窗口 空闲", "窗口空闲", "空闲")


def _head(view: WindowView, strip: Strip, language: str) -> str:
    """Window number, and as many of the service names as fit whole."""
    names = [text(name, language) for name in view.services] if view.state != "closed" else []
    head = f"{view.label}号窗口"
    wordings = [head, view.label]
    for count in range(1, len(names) + 1):
        wordings.insert(0, f"{head} {'·'.join(names[:count])}")
    if names:
        wordings.insert(len(names), f"{view.label} {names[0]}")
    return _fit(tuple(wordings), strip.columns)


def _fit(wordings: tuple[str, ...], width: int) -> str:
    """The first wording that fits, else the last one, whole characters only."""
    for wording in wordings:
        if columns(wording) <= width:
            return wording
    shortest = wordings[-1]
    while columns(shortest) > width:
        shortest = shortest[1:]
    return shortest
