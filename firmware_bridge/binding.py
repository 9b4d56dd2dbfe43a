"""What a key means: pure, and the same for every pad.

A press becomes commands for the window that the pad belongs to. Keys have names of ours; which
byte is which key is the codec's business, and what a key does at a site is the hall file's::

    [[devices]]
    id = "pad3"
    driver = "callpad"
    link = "serial:usb=1-1.2"
    address = 3
    window = "W3"
    options = { "function.6" = "no-show", "function.0" = "hold", "key.cancel" = "finish" }

``function.N`` is the digits N and then the function key.
"""

from collections.abc import Callable, Mapping

from config.hall import Device, Hall
from config.wire import commands as c
from config.wire.views import WindowView
from firmware_bridge.words import Pressed

KEYS = {
    "call": "next",
    "recall": "recall",
    "start": "start",
    "finish": "finish",
    "wait": "rate",
    "rate": "rate",
    "no-show": "no-show",
    "pause": "pause",
    "transfer": "transfer",
    "hold": "hold",
    "cancel": "nothing",
    "line": "nothing",
    "function": "nothing",
}
"""Key -> what it does unless the hall file says otherwise."""

ACTIONS = (
    "next", "recall", "start", "finish", "no-show", "hold", "resume", "pause", "open", "close",
    "transfer", "undo", "rate", "nothing",
)  # fmt: skip

NewId = Callable[[], str]


class UnboundError(ValueError):
    """A key that does nothing here; the text says which and why."""


def action_of(options: Mapping[str, object], pressed: Pressed) -> str:
    """What `pressed` does at this device, a word of `ACTIONS`.

    Raises:
        UnboundError: the hall file gives the key a word that is none, or the digits nothing.
    """
    if pressed.key == "function":
        asked = f"function.{pressed.digits}"
        action = str(options.get(asked, ""))
        if not action:
            raise UnboundError(f"{asked} is not in the device's options")
    else:
        action = str(options.get(f"key.{pressed.key}", KEYS.get(pressed.key, "nothing")))
    if action not in ACTIONS:
        raise UnboundError(f"{action!r} is nothing a key can do")
    return action


def commands(
    hall: Hall, device: Device, pressed: Pressed, view: WindowView | None, new_id: NewId
) -> tuple[c.Command, ...]:
    """The commands of a press, to be sent one after the other while they succeed.

    Call-next on a pad means "done with this one, next": pads have no finish key, so what is being
    served is finished first, and a window that is closed or paused is opened first. A pad without
    a window does nothing.

    Raises:
        UnboundError: the key does nothing here.
    """
    window = device.window
    if window is None:
        raise UnboundError(f"{device.id} belongs to no window")
    action = action_of(device.options, pressed)
    if action == "next":
        return _next(window, pressed.digits, view, new_id)
    if action == "transfer":
        return (_transfer(hall, window, pressed.digits, new_id),)
    if action == "pause" and view is not None and view.state == "paused":
        action = "open"
    make = _SINGLE.get(action)
    return () if make is None else (make(window, new_id()),)


def _next(
    window: str, digits: str, view: WindowView | None, new_id: NewId
) -> tuple[c.Command, ...]:
    before: tuple[c.Command, ...] = ()
    if view is not None and view.state in ("closed", "paused"):
        before = (c.OpenWindow(id=new_id(), window=window),)
    elif view is not None and view.state in ("called", "serving"):
        before = (c.FinishTicket(id=new_id(), window=window),)
    if digits:
        chosen = c.CallTicket(id=new_id(), window=window, ticket=digits, reason="按号呼叫")
        return (*before, chosen)
    return (*before, c.CallNext(id=new_id(), window=window))


def _transfer(hall: Hall, window: str, digits: str, new_id: NewId) -> c.Command:
    """Digits are the number over the other window."""
    for other in hall.windows:
        if other.number == digits or other.number.lstrip("0") == digits.lstrip("0") != "":
            return c.TransferTicket(id=new_id(), window=window, to=other.id)
    raise UnboundError(f"no window has the number {digits or '(none typed)'}")


_SINGLE: dict[str, Callable[[str, str], c.Command]] = {
    "recall": lambda window, id_: c.RecallTicket(id=id_, window=window),
    "start": lambda window, id_: c.StartTicket(id=id_, window=window),
    "finish": lambda window, id_: c.FinishTicket(id=id_, window=window),
    "no-show": lambda window, id_: c.MarkNoShow(id=id_, window=window),
    "hold": lambda window, id_: c.HoldTicket(id=id_, window=window),
    "pause": lambda window, id_: c.PauseWindow(id=id_, window=window),
    "open": lambda window, id_: c.OpenWindow(id=id_, window=window),
    "close": lambda window, id_: c.CloseWindow(id=id_, window=window),
    "undo": lambda window, id_: c.UndoLast(id=id_, window=window),
}
