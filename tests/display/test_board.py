"""What a board knows: views, happenings and the line going in, rows coming out."""

import random
from functools import reduce

import pytest

from config.wire.events import Happening
from config.wire.views import BoardView
from display.board import Board, on_happening, on_line, on_server, on_view, rows_now, start
from tests.display.given import answered, board_view, call_row, called, day_changed

A, B, C = ("A001", "W1"), ("A002", "W2"), ("A003", "W3")


def fresh(*areas: str) -> Board:
    return on_line(start(areas or ("down",), {"social": {"zh": "社会事务"}}, 0.0), True, 0.0)


def in_touch(*rows: tuple[str, str, int]) -> Board:
    view = board_view(10, *(call_row(n, w, c) for n, w, c in rows))
    return on_view(fresh(), view, 0.0, found=True)


def numbers(board: Board, now: float = 1.0) -> list[str]:
    return [f"{r.number}@{r.window}" for r in rows_now(board, now)]


def test_an_empty_hall_has_no_rows() -> None:
    assert numbers(fresh()) == []
    assert numbers(in_touch()) == []


def test_newest_call_is_on_top() -> None:
    assert numbers(in_touch((*A, 1), (*B, 2))) == ["A002@W2", "A001@W1"]


def test_a_window_has_one_row_and_its_newest_call_replaces_the_older() -> None:
    board = on_happening(in_touch((*A, 1), (*B, 2)), called(11, "A009", "W1", 3), 5.0)
    assert numbers(board, 5.0) == ["A009@W1", "A002@W2"]


def test_three_calls_within_a_second_are_all_rows() -> None:
    board = in_touch()
    for n, (number, window) in enumerate((A, B, C)):
        board = on_happening(board, called(11 + n, number, window, 1 + n), 5.0 + n / 10)
    assert numbers(board, 5.3) == ["A003@W3", "A002@W2", "A001@W1"]
    assert all(r.live for r in board.rows)


def test_a_recall_comes_to_the_top_again() -> None:
    board = in_touch((*A, 1), (*B, 2))
    board = on_happening(board, called(11, *A, 3, again=True), 30.0)
    assert numbers(board, 30.0) == ["A001@W1", "A002@W2"]
    assert board.rows[0].live
    assert board.rows[0].seen == 30.0


def test_the_same_message_twice_changes_nothing() -> None:
    once = on_happening(in_touch(), called(11, *A, 1), 5.0)
    assert on_happening(once, called(11, *A, 1), 9.0) == once


def test_view_and_happening_meet_in_either_order() -> None:
    view = board_view(11, call_row(*A, 1))
    event_first = on_view(on_happening(in_touch(), called(11, *A, 1), 5.0), view, 5.1)
    view_first = on_happening(on_view(in_touch(), view, 5.0), called(11, *A, 1), 5.1)
    assert numbers(event_first) == numbers(view_first) == ["A001@W1"]
    assert event_first.rows[0].seen == view_first.rows[0].seen == 5.0
    assert event_first.rows[0].live
    assert view_first.rows[0].live


def test_what_lies_there_at_the_start_is_not_news() -> None:
    row = in_touch((*A, 1)).rows[0]
    assert (row.live, row.late) == (False, False)


def test_an_older_view_is_ignored() -> None:
    board = in_touch((*A, 1))
    assert on_view(board, board_view(9, call_row(*B, 9)), 5.0) == board


def test_a_newer_view_with_the_same_seq_brings_new_waits() -> None:
    board = in_touch()
    later = board_view(10, at=board.views["down"].at + 10, notice="新公告")
    assert on_view(board, later, 5.0).views["down"].notice == "新公告"


def test_a_foreign_area_is_ignored() -> None:
    board = in_touch()
    assert on_view(board, board_view(11, call_row(*A, 1), area="up"), 5.0) == board
    after = on_happening(board, called(11, *A, 1, areas=("up",)), 5.0)
    assert numbers(after) == []


def test_a_happening_of_a_foreign_epoch_is_ignored() -> None:
    board = in_touch((*A, 1))
    assert on_happening(board, called(99, *B, 9, epoch="other"), 5.0) == board


def test_a_new_epoch_begins_with_a_view_and_the_old_one_never_returns() -> None:
    board = in_touch((*A, 1))
    board = on_view(board, board_view(2, call_row(*B, 1), epoch="two"), 5.0)
    assert numbers(board, 5.0) == ["A002@W2"]
    assert rows_now(board, 5.0)[0].live
    again = on_view(board, board_view(500, call_row(*A, 9), epoch="one"), 6.0)
    assert again == board


@pytest.mark.parametrize(
    ("missed", "after", "shown"),
    [
        pytest.param(False, 6.0, [], id="served and finished: gone at once"),
        pytest.param(True, 6.0, ["A001@W1"], id="nobody came: stays for late lookers"),
        pytest.param(True, 64.9, ["A001@W1"], id="for a minute"),
        pytest.param(True, 65.1, [], id="and no longer"),
    ],
)
def test_how_long_a_row_lives(missed: bool, after: float, shown: list[str]) -> None:
    board = on_happening(in_touch(), called(11, *A, 1), 5.0)
    board = on_happening(board, answered(12, *A, missed=missed), 5.5)
    board = on_view(board, board_view(13, call_row(*A, 1, state="done")), 5.6)
    assert numbers(board, after) == shown


def test_somebody_at_the_window_stays_on_the_board() -> None:
    board = on_happening(in_touch(), called(11, *A, 1), 5.0)
    board = on_view(board, board_view(12, call_row(*A, 1, state="serving")), 9.0)
    assert numbers(board, 500.0) == ["A001@W1"]
    assert board.rows[0].state == "serving"


def test_what_was_done_before_the_start_is_not_shown() -> None:
    view = board_view(10, call_row(*A, 1, state="done"), call_row(*B, 2))
    assert numbers(on_view(fresh(), view, 0.0, found=True)) == ["A002@W2"]


def test_a_row_that_no_view_has_any_more_ends_like_any_other() -> None:
    board = on_happening(in_touch(), called(11, *A, 1), 5.0)
    board = on_view(board, board_view(12), 6.0)
    assert numbers(board, 60.0) == ["A001@W1"]
    assert numbers(board, 66.0) == []


def test_calls_made_while_away_are_marked_and_do_not_flash() -> None:
    board = on_happening(in_touch((*A, 1)), called(11, *B, 2), 5.0)
    board = on_line(board, False, 10.0)
    assert board.away == 10.0
    view = board_view(20, call_row(*C, 4), call_row(*B, 2), call_row("A009", "W1", 3))
    board = on_line(on_view(board, view, 40.0, found=True), True, 40.0)
    assert board.away is None
    marks = {r.number: (r.live, r.late) for r in board.rows}
    assert marks == {"A003": (False, True), "A009": (False, True), "A002": (True, False)}


@pytest.mark.parametrize("line_first", [True, False])
def test_back_in_touch_whichever_is_heard_first(line_first: bool) -> None:
    board = on_line(in_touch((*A, 1)), False, 10.0)
    view = board_view(20, call_row(*A, 1))
    if line_first:
        board = on_view(on_line(board, True, 40.0), view, 40.1, found=True)
    else:
        board = on_line(on_view(board, view, 40.0, found=True), True, 40.1)
    assert board.away is None


def test_a_dead_server_is_noticed_although_the_broker_lives() -> None:
    board = on_server(in_touch((*A, 1)), False, 10.0)
    assert board.away == 10.0
    assert on_view(board, board_view(10), 11.0, found=True).away == 10.0
    assert on_view(board, board_view(11), 12.0).away is None
    assert on_happening(board, called(11, *B, 2), 12.0).away is None
    assert on_server(board, True, 12.0).away is None


def test_a_new_day_clears_the_board_once() -> None:
    board = in_touch((*A, 1))
    board = on_happening(board, day_changed(11, "2026-11-24"), 5.0)
    assert numbers(board) == []
    board = on_happening(board, called(12, "A001", "W2", 1), 6.0)
    board = on_view(board, board_view(12, call_row("A001", "W2", 1), day="2026-11-24"), 6.1)
    assert numbers(board, 7.0) == ["A001@W2"]
    assert on_view(board, board_view(10, call_row(*A, 1)), 8.0).rows == board.rows


def test_after_hours_the_board_is_empty_and_yesterday_does_not_come_back() -> None:
    board = on_view(in_touch((*A, 1)), board_view(30, day=""), 5.0)
    assert numbers(board, 5.0) == []
    late = board_view(20, call_row(*A, 1), area="down")
    assert on_view(board, late, 6.0) == board


def test_two_areas_on_one_board() -> None:
    board = on_view(fresh("down", "up"), board_view(10, call_row(*A, 1)), 0.0, found=True)
    up = board_view(8, call_row("C005", "W21", 2, zone="realty"), area="up")
    board = on_view(board, up, 0.0, found=True)
    assert numbers(board) == ["C005@W21", "A001@W1"]
    board = on_view(board, board_view(12), 1.0)
    assert numbers(board, 400.0) == ["C005@W21"]


def test_the_name_of_the_service_comes_with_the_call() -> None:
    board = on_happening(in_touch(), called(11, *A, 1), 5.0)
    assert board.rows[0].service == {"zh": "社会事务"}
    board = on_happening(board, called(12, *B, 2, service="secret"), 5.0)
    assert board.rows[0].service == {}


@pytest.mark.parametrize("seed", range(12))
def test_five_hundred_calls_in_a_second_end_as_the_server_has_it(seed: int) -> None:
    """Calls, answers and views in a burst, views late, coalesced and out of step with the news."""
    dice = random.Random(seed)
    windows = [f"W{n}" for n in range(1, 25)]
    truth: dict[str, tuple[int, str]] = {}
    messages: list[Happening | BoardView] = []
    for n in range(500):
        window = dice.choice(windows)
        truth[window] = (n + 1, f"A{n + 1:03d}")
        messages.append(called(100 + n, f"A{n + 1:03d}", window, n + 1))
        if dice.random() < 0.1 or n == 499:
            rows = [call_row(number, w, call) for w, (call, number) in truth.items()]
            messages.insert(len(messages) - dice.randint(0, 1), board_view(100 + n, *rows))

    def fold(board: Board, message: Happening | BoardView) -> Board:
        if isinstance(message, BoardView):
            return on_view(board, message, 5.0)
        return on_happening(board, message, 5.0)

    board = reduce(fold, messages, in_touch())
    newest = sorted(((call, f"{number}@{w}") for w, (call, number) in truth.items()), reverse=True)
    assert numbers(board, 5.5) == [name for _, name in newest]
