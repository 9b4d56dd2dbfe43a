"""What a key means."""

from itertools import count

import pytest

from config.hall import Device
from config.wire.views import WindowView
from firmware_bridge.binding import ACTIONS, KEYS, UnboundError, commands
from firmware_bridge.words import Pressed
from tests.firmware_bridge.test_pads import hall_with

HALL = hall_with()


def view(state: str) -> WindowView:
    return WindowView(epoch="e", seq=1, at=0, day="d", window="W3", label="3", state=state)


def asked(
    key: str, digits: str = "", state: str | None = None, **options: str
) -> list[tuple[str, str | None]]:
    """Kinds of commands a press makes, each with what it is about."""
    names = {name.replace("_", "."): value for name, value in options.items()}
    device = Device(id="pad", driver="callpad", window="W3", options=names)
    ids = count()
    made = commands(
        HALL,
        device,
        Pressed(key, digits),
        None if state is None else view(state),
        lambda: f"i{next(ids)}",
    )
    assert len({command.id for command in made}) == len(made)
    return [(type(c).__name__, getattr(c, "ticket", None) or getattr(c, "to", None)) for c in made]


@pytest.mark.parametrize(
    ("key", "digits", "state", "wanted"),
    [
        ("call", "", "idle", [("CallNext", None)]),
        ("call", "", None, [("CallNext", None)]),
        ("call", "", "serving", [("FinishTicket", None), ("CallNext", None)]),
        ("call", "", "called", [("FinishTicket", None), ("CallNext", None)]),
        ("call", "", "paused", [("OpenWindow", None), ("CallNext", None)]),
        ("call", "", "closed", [("OpenWindow", None), ("CallNext", None)]),
        ("call", "025", "idle", [("CallTicket", "025")]),
        ("recall", "", "called", [("RecallTicket", None)]),
        ("start", "", "called", [("StartTicket", None)]),
        ("pause", "", "idle", [("PauseWindow", None)]),
        ("pause", "", "paused", [("OpenWindow", None)]),
        ("transfer", "4", "serving", [("TransferTicket", "W4")]),
        ("transfer", "04", "serving", [("TransferTicket", "W4")]),
        ("wait", "", "serving", []),
        ("cancel", "", "serving", []),
    ],
)
def test_a_press(key: str, digits: str, state: str | None, wanted: list[tuple[str, str]]) -> None:
    assert asked(key, digits, state) == wanted


def test_digits_and_function_are_the_sites_own() -> None:
    assert asked("function", "6", function_6="no-show") == [("MarkNoShow", None)]
    assert asked("function", "0", function_0="hold") == [("HoldTicket", None)]
    with pytest.raises(UnboundError, match=r"function\.6"):
        asked("function", "6")


def test_a_key_can_be_given_another_meaning() -> None:
    assert asked("cancel", key_cancel="finish") == [("FinishTicket", None)]
    with pytest.raises(UnboundError, match="dance"):
        asked("cancel", key_cancel="dance")


def test_a_transfer_to_nowhere_is_refused() -> None:
    for digits in ("9", "", "000"):
        with pytest.raises(UnboundError, match="no window"):
            asked("transfer", digits)


def test_a_pad_without_a_window_does_nothing() -> None:
    with pytest.raises(UnboundError, match="no window"):
        commands(HALL, Device(id="pad", driver="callpad"), Pressed("call"), None, lambda: "i")


def test_every_key_does_something_known() -> None:
    assert set(KEYS.values()) <= set(ACTIONS)
