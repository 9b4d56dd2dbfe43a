"""What a window sign says."""

from typing import Any

import msgspec
import pytest

from config.hall import Window, WindowKind
from display.window import Sign, SignShown, on_view, show
from tests.display.given import NOON, small_hall, window_view

HALL = small_hall()
ONE = HALL.window_by_id["W1"]


def said(state: str, *, window: Window = ONE, now: float = 100.0, **fields: Any) -> SignShown:
    sign = on_view(Sign(window), window_view(1, state, window=window.id, **fields), 0.0)
    return show(sign, HALL, now)


@pytest.mark.parametrize(
    ("state", "fields", "zh", "en"),
    [
        ("idle", {}, "空闲", "Available"),
        (
            "called",
            {"number": "A1234", "call": 3},
            "请 A1234 到本窗口",
            "A1234, please come to this window",
        ),
        ("serving", {"number": "A012"}, "正在办理", "Now serving"),
        ("paused", {}, "暂停服务", "Paused"),
        ("closed", {}, "下班", "Closed"),
        ("called", {}, "空闲", "Available"),
        ("held", {}, "请稍候", "One moment, please"),
    ],
)
def test_each_state_in_words(state: str, fields: dict[str, Any], zh: str, en: str) -> None:
    shown = said(state, **fields)
    assert shown.headline == {"zh": zh, "en": en}
    assert shown.label == {"zh": "1 号窗口", "en": "Window 1"}


def test_the_number_in_service_is_shown_and_gone_afterwards() -> None:
    assert said("serving", number="A1234").number == "A1234"
    assert said("paused", number="A1234").number == ""
    assert said("closed", number="A1234").number == ""


def test_the_group_it_serves_now() -> None:
    services = ({"zh": "社保", "en": "Insurance"}, {"zh": "医保", "en": "Medical"})
    assert said("idle", services=services).group == {"zh": "社保、医保", "en": "Insurance, Medical"}
    assert said("closed", services=services).group == {}


def test_why_it_is_paused() -> None:
    assert said("paused", reason="meal").detail == {"zh": "用餐", "en": "Meal break"}
    assert said("paused", reason="打印机故障").detail == {"zh": "打印机故障"}
    assert said("paused").detail is None


def test_until_when_an_extra_window_is_open() -> None:
    extra = msgspec.structs.replace(ONE, kind=WindowKind.EMERGENCY)
    until = {"zh": "应急窗口 至 11:30", "en": "Extra window until 11:30"}
    assert said("idle", window=extra, until=NOON - 1800).detail == until
    assert said("idle", window=extra).detail == {"zh": "应急窗口", "en": "Extra window"}
    assert said("idle", until=NOON - 1800).detail == {"zh": "至 11:30", "en": "until 11:30"}


def test_a_window_named_in_words_keeps_its_name() -> None:
    pickup = HALL.window_by_id["P1"]
    assert said("idle", window=pickup).label == {"zh": "出件窗口", "en": "出件窗口"}


@pytest.mark.parametrize("state", ["idle", "called", "serving", "closed"])
def test_a_back_office_position_shows_nothing(state: str) -> None:
    shown = said(state, window=HALL.window_by_id["BO"], number="A001")
    assert shown == SignShown(label={}, group={}, state="dark", headline={})


@pytest.mark.parametrize(
    ("since", "lit"),
    [(0.0, True), (0.6, False), (1.2, True), (2.9, False), (3.0, False), (60.0, False)],
)
def test_a_call_flashes_three_times_and_stands(since: float, lit: bool) -> None:
    assert said("called", number="A001", call=1, now=since).lit is lit


def test_a_call_that_was_there_already_does_not_flash_and_a_recall_does() -> None:
    call = window_view(1, "called", number="A001", call=1)
    sign = on_view(Sign(ONE), call, 50.0, found=True)
    assert show(sign, HALL, 50.1).lit is False
    same = on_view(sign, msgspec.structs.replace(call, seq=2, waiting=4), 51.0)
    assert show(same, HALL, 51.1).lit is False
    again = on_view(same, window_view(3, "called", number="A001", call=2), 52.0)
    assert show(again, HALL, 52.1).lit is True


def test_older_views_foreign_windows_and_dead_epochs_are_ignored() -> None:
    sign = on_view(Sign(ONE), window_view(5, "idle"), 0.0)
    assert on_view(sign, window_view(4, "paused"), 1.0) == sign
    assert on_view(sign, window_view(6, "paused", window="W2"), 1.0) == sign
    moved = on_view(sign, window_view(1, "paused", epoch="two"), 1.0)
    assert show(moved, HALL, 1.0).state == "paused"
    assert on_view(moved, window_view(99, "idle", epoch="one"), 2.0) == moved


def test_before_the_first_view_it_asks_for_patience() -> None:
    assert show(Sign(ONE), HALL, 0.0).headline["zh"] == "请稍候"
