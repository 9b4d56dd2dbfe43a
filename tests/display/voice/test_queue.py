"""Which call is spoken next, and which never."""

import pytest

from display.voice.queue import Mark, Queue, following, heard, shortened
from tests.display.given import NOON, answered, called, day_changed

A, B, C = ("A001", "W1"), ("A002", "W2"), ("A003", "W3")


def waiting(*calls: tuple[str, str]) -> Queue:
    queue = Queue("down")
    for n, (number, window) in enumerate(calls):
        queue, _ = heard(queue, called(n + 1, number, window, n + 1), n / 10)
    return queue


def spoken(queue: Queue, now: float = 1.0) -> list[int]:
    said: list[int] = []
    while True:
        queue, one, _ = following(queue, now)
        if one is None:
            return said
        said.append(one.called.call)


def test_calls_are_spoken_in_their_order() -> None:
    assert spoken(waiting(A, B, C)) == [1, 2, 3]


def test_calls_for_other_areas_are_not_spoken() -> None:
    queue, dropped = heard(Queue("up"), called(1, *A, 1), 0.0)
    assert (spoken(queue), dropped) == ([], [])


def test_a_recall_replaces_the_call_that_still_waits() -> None:
    queue, dropped = heard(waiting(A, B), called(9, *A, 3, again=True), 1.0)
    assert [(d.call, d.reason) for d in dropped] == [(1, "replaced")]
    assert spoken(queue) == [2, 3]


def test_a_recall_of_what_was_spoken_is_spoken() -> None:
    queue, _, _ = following(waiting(A), 0.5)
    queue, dropped = heard(queue, called(9, *A, 2, again=True), 1.0)
    assert (spoken(queue), dropped) == ([2], [])


def test_somebody_who_has_come_is_not_called() -> None:
    queue, dropped = heard(waiting(A, B), answered(9, *A), 1.0)
    assert [(d.call, d.reason) for d in dropped] == [(1, "answered")]
    assert spoken(queue) == [2]


@pytest.mark.parametrize(("now", "said"), [(59.0, [1]), (61.0, [])])
def test_nothing_older_than_a_minute_is_spoken(now: float, said: list[int]) -> None:
    assert spoken(waiting(A), now) == said
    _, _, dropped = following(waiting(A), now)
    assert [d.reason for d in dropped] == ["old"] * (1 - len(said))


def test_what_comes_late_in_a_heap_is_old_although_just_heard() -> None:
    queue, _ = heard(Queue("down"), called(1, *A, 1, at=NOON), 0.0)
    queue, _ = heard(queue, called(2, *B, 2, at=NOON + 90), 0.1)
    queue, one, dropped = following(queue, 0.2)
    assert one is not None
    assert one.called.call == 2
    assert [(d.call, d.reason) for d in dropped] == [(1, "old")]


def test_twenty_wait_at_most_and_the_rest_is_dropped_with_the_reason() -> None:
    queue, reasons = Queue("down"), []
    for n in range(500):
        queue, dropped = heard(queue, called(n + 1, f"A{n:03d}", f"W{n}", n + 1), n / 500)
        reasons += dropped
    assert spoken(queue) == list(range(1, 21))
    assert [(d.call, d.reason) for d in reasons] == [(n, "full") for n in range(21, 501)]


def test_the_same_message_twice_is_spoken_once() -> None:
    queue, dropped = heard(waiting(A), called(1, *A, 1), 0.5)
    assert (spoken(queue), dropped) == ([1], [])
    queue, _, _ = following(waiting(A), 0.5)
    queue, dropped = heard(queue, called(1, *A, 1), 0.6)
    assert (spoken(queue), dropped) == ([], [])


def test_after_a_restart_nothing_begun_before_is_spoken_again() -> None:
    queue = Queue("down", mark=Mark("one", 7))
    for seq, spoken_calls in ((6, []), (7, []), (8, [8])):
        after, _ = heard(queue, called(seq, *A, seq), 0.0)
        assert spoken(after) == spoken_calls
    other, _ = heard(queue, called(3, *A, 3, epoch="two"), 0.0)
    assert spoken(other) == [3]


def test_the_mark_is_what_was_begun_last() -> None:
    queue, _, _ = following(waiting(A, B), 0.5)
    assert queue.mark == Mark("one", 1)


def test_a_new_day_silences_the_old() -> None:
    queue, dropped = heard(waiting(A, B), day_changed(9, "2026-11-24"), 1.0)
    assert spoken(queue) == []
    assert [d.reason for d in dropped] == ["day", "day"]


@pytest.mark.parametrize(
    ("others", "times", "languages"),
    [(0, 2, ("zh", "en")), (1, 2, ("zh", "en")), (2, 1, ("zh", "en")), (5, 1, ("zh",))],
)
def test_under_pressure_each_call_is_said_shorter(
    others: int, times: int, languages: tuple[str, ...]
) -> None:
    assert shortened(others, 2, ("zh", "en")) == (times, languages)
