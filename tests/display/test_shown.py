"""What a board says at one moment."""

from typing import Any

import pytest

from display import words
from display.board import Board, on_happening, on_line, on_view, start
from display.pickup import show_pickup
from display.shown import Line, Shown, page, places, show, windows_before
from tests.display.given import (
    NOON,
    answered,
    board_view,
    call_row,
    called,
    small_hall,
    zone_count,
)

HALL = small_hall()


def told(*rows: Any, **fields: Any) -> Board:
    board = on_line(start(("down",), {}, 0.0), True, 0.0)
    return on_view(board, board_view(10, *rows, **fields), 0.0, found=True)


def said(board: Board, now: float = 0.0, **fields: Any) -> Shown:
    given = {"at": NOON, "rows": 6, "cells": 6, "ems": 30.0}
    return show(board, HALL, now, **{**given, **fields})


def test_clock_and_date_are_the_halls() -> None:
    shown = said(told())
    assert shown.time == "12:00"
    assert shown.date == {"zh": "11月23日 星期一", "en": "Mon 23 Nov"}


def test_name_of_the_area_or_of_the_hall_for_several() -> None:
    assert said(told()).name["zh"] == "一楼等候区"
    both = on_view(start(("down", "up"), {}, 0.0), board_view(1), 0.0)
    assert said(both).name["zh"] == "小镇政务服务中心"


@pytest.mark.parametrize("number", ["A1234", "1234", "B10000", "A001", "AB0007"])
def test_a_number_is_never_cut(number: str) -> None:
    assert said(told(call_row(number, "W1", 1))).lines[0].number == number


@pytest.mark.parametrize(
    ("since", "new", "lit"),
    [
        (0.0, True, True),
        (0.49, True, True),
        (0.5, True, False),
        (1.0, True, True),
        (11.4, True, True),
        (11.9, True, False),
        (12.0, False, False),
        (40.0, False, False),
    ],
)
def test_a_new_call_flashes_once_a_second_for_twelve_seconds(
    since: float, new: bool, lit: bool
) -> None:
    board = on_happening(told(), called(11, "A001", "W1", 1), 100.0)
    line = said(board, 100.0 + since).lines[0]
    assert (line.new, line.lit) == (new, lit)


def test_rows_flash_on_one_beat_and_each_begins_lit() -> None:
    board = on_happening(told(), called(11, "A001", "W1", 1), 100.0)
    board = on_happening(board, called(12, "A002", "W2", 2), 101.7)
    lit = {now: [line.lit for line in said(board, now).lines] for now in (101.8, 102.2, 102.6)}
    assert lit == {101.8: [True, False], 102.2: [True, True], 102.6: [False, False]}


def test_the_flash_stops_when_the_person_has_come() -> None:
    board = on_happening(told(), called(11, "A001", "W1", 1), 100.0)
    board = on_happening(board, answered(12, "A001", "W1"), 103.0)
    line = said(board, 103.1).lines[0]
    assert (line.new, line.state) == (False, "serving")


def test_calls_missed_while_away_are_marked_for_a_minute() -> None:
    board = on_line(told(call_row("A001", "W1", 1)), False, 10.0)
    board = on_view(board, board_view(11, call_row("A002", "W2", 2)), 50.0, found=True)
    assert [line.state for line in said(board, 109.0).lines] == ["late"]
    assert [line.state for line in said(board, 111.0).lines] == ["called"]


@pytest.mark.parametrize(
    ("away", "age", "lost"),
    [
        (29.0, None, False),
        (31.0, "31 秒前的信息", False),
        (125.0, "2 分钟前的信息", False),
        (299.0, "4 分钟前的信息", False),
        (301.0, "请留意窗口屏", True),
        (90_000.0, "请留意窗口屏", True),
    ],
)
def test_a_board_out_of_touch_says_how_old_it_is(away: float, age: str | None, lost: bool) -> None:
    shown = said(on_line(told(), False, 1000.0), 1000.0 + away)
    assert (shown.age and shown.age["zh"]) == age
    assert shown.lost is lost


def test_before_the_first_view_the_board_says_so() -> None:
    assert said(start(("down",), {}, 0.0), 1.0).age == words.CONNECTING


def test_a_quiet_hour_is_not_stale() -> None:
    assert said(told(), 3600.0).age is None


def lines(*states: str) -> list[Line]:
    return [
        Line(window=f"W{n}", number=f"A{n:03d}", label=f"{n}", place={}, service={}, call=99 - n,
             state=state)
        for n, state in enumerate(states)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("states", "rows", "now", "shown"),
    [
        pytest.param("cccc", 6, 0.0, "0123", id="all fit"),
        pytest.param("cscsc", 4, 0.0, "0124", id="those being served make room, oldest first"),
        pytest.param("csssc", 2, 0.0, "04", id="as many as needed"),
        pytest.param("cccccccc", 4, 0.0, "0123", id="first page"),
        pytest.param("cccccccc", 4, 5.0, "0145", id="newest stand, the rest turns"),
        pytest.param("cccccccc", 4, 10.0, "0167", id="to the last"),
        pytest.param("cccccccc", 4, 15.0, "0123", id="and round"),
        pytest.param("cccc", 1, 5.0, "1", id="one row turns over all"),
    ],
)
def test_more_calls_than_rows(states: str, rows: int, now: float, shown: str) -> None:
    names = {"c": "called", "s": "serving"}
    paged = page(lines(*(names[s] for s in states)), rows, now)
    assert "".join(line.label for line in paged) == shown


def test_every_call_of_a_burst_is_on_some_page() -> None:
    many = lines(*["called"] * 24)
    seen = {line.number for now in range(120) for line in page(many, 6, float(now))}
    assert seen == {line.number for line in many}


@pytest.mark.parametrize(
    ("counts", "wait"),
    [
        ({"waiting": 0}, "随到随办"),
        ({"waiting": 3, "low": 5, "high": 10}, "约 5–10 分钟"),
        ({"waiting": 3, "low": 10, "high": 10}, "约 10 分钟"),
        ({"waiting": 3, "low": 0, "high": 5}, "约 5 分钟内"),
        ({"waiting": 3, "low": 0, "high": 0}, "约 1 分钟内"),
        ({"waiting": 3}, ""),
        ({"waiting": 3, "low": 5, "high": 10, "open_windows": 0}, "窗口未开"),
    ],
)
def test_the_expected_wait_in_words(counts: dict[str, int], wait: str) -> None:
    shown = said(told(zones=(zone_count("general", **counts),)))
    assert shown.zones[0].wait["zh"] == wait
    assert shown.zones[0].waiting == counts["waiting"]


def test_many_zones_turn_page_by_page_and_evenly() -> None:
    board = told(zones=tuple(zone_count(f"z{n}", n) for n in range(7)))
    first = [z.waiting for z in said(board, 0.0, cells=4).zones]
    second = [z.waiting for z in said(board, 8.0, cells=4).zones]
    assert (first, second) == ([0, 1, 2, 3], [4, 5, 6])


def test_missed_numbers_are_listed_once() -> None:
    assert said(told(missed=("A001", "A002", "A001"))).missed == ("A001", "A002")


def test_footer_says_the_notice_first_then_the_priority_signs_in_each_language() -> None:
    sign = {"zh": "老年人优先", "en": "Older people first"}
    board = told(notice="今日下午停电", signs=(sign, sign))
    turns = list(dict.fromkeys(said(board, now / 2).footer for now in range(60)))
    assert turns == ["今日下午停电", "老年人优先", "Older people first"]


@pytest.mark.parametrize(
    ("zones", "where"),
    [
        (("general", "pickup"), {"general": "", "pickup": ""}),
        (("general", "realty"), {"general": "1 楼", "realty": "2 楼左侧"}),
        (("general", "gone"), {"general": ""}),
    ],
)
def test_floor_and_side_are_said_only_where_somebody_can_go_wrong(
    zones: tuple[str, ...], where: dict[str, str]
) -> None:
    assert {zone: text["zh"] for zone, text in places(HALL, zones).items()} == where


def test_back_office_positions_do_not_count_as_windows_before_a_board() -> None:
    assert windows_before(HALL, ["down"]) == 5
    assert windows_before(HALL, ["up"]) == 1
    assert windows_before(HALL, ["down"], pickup=True) == 1


def test_a_pickup_board_shows_only_what_is_ready() -> None:
    board = told(
        call_row("A001", "W1", 1),
        call_row("A002", "P1", 2, zone="pickup"),
        call_row("A003", "P2", 3, zone="pickup", state="serving"),
        missed=("A009",),
        zones=(zone_count("general", 3), zone_count("pickup", 4)),
    )
    shown = show_pickup(board, HALL, 0.0, at=NOON, rows=6, cells=6, ems=30)
    assert shown.name == words.PICKUP
    assert [line.number for line in shown.lines] == ["A002"]
    assert [z.waiting for z in shown.zones] == [4]
    assert shown.missed == ()
