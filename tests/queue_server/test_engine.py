"""Stories of a ticket: given what happened, when this is asked, then that follows."""

from typing import Any

import msgspec
import pytest

from config.wire import commands as c
from config.wire import events as e
from queue_server.engine.asking_why import why_called
from queue_server.engine.roles import Actor, Role
from queue_server.engine.transitions import ENDED, TRANSITIONS, IllegalMoveError, TicketState, move
from queue_server.engine.views import Moment, console_view, window_view
from tests.queue_server.town import CLERK, CLOCK, DAY, KIOSK, NINE, Story, town

MINUTE = 60.0


def opened(*windows: str, **rules: Any) -> Story:
    story = Story(town(**rules))
    for window in windows or ("N1",):
        story.do(c.OpenWindow, window=window)
    return story


def issue(story: Story, at: float = 0.0, **fields: Any) -> str:
    number = story.do(c.IssueTicket, at=at, **{"service": "social", **fields}).number
    assert number is not None
    return number


def called(story: Story, at: float = 0.0, window: str = "N1") -> str | None:
    return story.do(c.CallNext, at=at, window=window).number


# -- numbers (cases 1-11) --------------------------------------------------------------------------


def test_the_first_number_is_the_configured_first() -> None:
    assert issue(opened()) == "A001"


def test_numbers_are_consecutive_in_their_series() -> None:
    story = opened()
    assert [issue(story) for _ in range(3)] == ["A001", "A002", "A003"]
    assert issue(story, service="tax") == "B001"


def test_a_full_series_refuses_and_gives_out_nothing() -> None:
    story = opened()
    for _ in range(3):
        issue(story, service="tax")
    assert story.refuses(c.IssueTicket, service="tax") == "series-full"
    assert len(story.events(e.TicketIssued)) == 3


def test_numbers_after_999_keep_all_their_digits() -> None:
    story = opened()
    story.day.counters["a"] = 999
    assert issue(story) == "A1000"


def test_a_cancelled_number_is_not_given_out_again() -> None:
    story = opened()
    issue(story)
    story.do(c.CancelTicket, ticket="A001")
    assert issue(story) == "A002"


def test_a_new_day_starts_afresh_and_closes_the_old_one() -> None:
    story = opened()
    issue(story)
    story.tell(c.CloseDay(id="x", day=DAY), by=CLOCK)
    assert story.state("A001") == "expired"
    story.tell(c.OpenDay(id="y", day="2026-11-24"), by=CLOCK)
    assert issue(story) == "A001"
    assert story.day.tickets.keys() == {"20261124-A001"}


def test_a_closed_day_never_opens_again() -> None:
    story = opened()
    story.tell(c.CloseDay(id="x", day=DAY), by=CLOCK)
    assert story.code(c.OpenDay(id="y", day=DAY), by=CLOCK) == "day-closed"
    assert story.code(c.OpenDay(id="z", day="2026-11-22"), by=CLOCK) == "day-closed"
    assert story.refuses(c.IssueTicket, service="social") == "day-closed"


def test_an_item_goes_to_its_service_and_an_unmapped_one_to_the_catch_all() -> None:
    """BA-23."""
    story = opened()
    assert issue(story, service=None, item="T1") == "B001"
    assert issue(story, service=None, item="X1") == "A001"
    assert story.refuses(c.IssueTicket, item="nothing") == "no-such-item"


def test_a_quota_is_kept_per_half_day() -> None:
    """Case 41."""
    story = opened()
    for _ in range(2):
        issue(story, service="few")
    assert story.refuses(c.IssueTicket, service="few") == "quota-reached"
    afternoon = 4 * 3600.0
    assert issue(story, at=afternoon, service="few")


def test_one_card_has_one_open_ticket_a_service() -> None:
    """Case 40."""
    story = opened()
    assert issue(story, person="h") == issue(story, person="h")
    assert len(story.events(e.TicketIssued)) == 1
    called(story)
    assert issue(story, person="h") == "A002"


def test_a_kiosk_gives_out_nothing_hidden_and_nothing_after_hours() -> None:
    story = opened()
    assert story.refuses(c.IssueTicket, by=KIOSK, service="secret") == "service-closed"
    night = 12 * 3600.0
    assert story.refuses(c.IssueTicket, at=night, by=KIOSK, service="social") == "service-closed"
    assert story.do(c.IssueTicket, at=night, service="social").number == "A001"


def test_a_flood_at_one_machine_is_refused() -> None:
    """F39: without a card one every three seconds; with one, three open tickets a card."""
    story = opened(call_chosen_quota=99)
    take: dict[str, Any] = {"by": KIOSK, "service": "social", "kiosk": "K1"}
    story.do(c.IssueTicket, at=0, **take)
    assert story.refuses(c.IssueTicket, at=2.9, **take) == "too-many"
    assert story.refuses(c.IssueTicket, at=2.9, **{**take, "kiosk": "K2"}) == ""
    story.do(c.IssueTicket, at=3, **take)
    card: dict[str, Any] = {"by": KIOSK, "person": "hash"}
    for service in ("social", "tax", "few"):
        story.do(c.IssueTicket, at=10, service=service, **card)
    story.do(c.CallTicket, at=11, window="N1", ticket="A004", reason="x")
    assert story.refuses(c.IssueTicket, at=12, service="social", **card) == "too-many"
    story.do(c.FinishTicket, at=13, window="N1")
    assert story.do(c.IssueTicket, at=14, service="social", **card).number is not None


def test_people_ahead_is_the_count_at_issue() -> None:
    """I17: also of the windows that may serve somebody else first."""
    story = opened("N1", "N2")
    issue(story, service="tax")
    issue(story)
    assert story.do(c.IssueTicket, service="social").ahead == 2


# -- calls (cases 12-24) ---------------------------------------------------------------------------


def test_first_come_first_called() -> None:
    story = opened()
    issue(story), issue(story, at=10)
    assert (called(story, 20), called(story, 30)) == ("A001", "A002")


def test_one_waiting_ticket_goes_to_one_window() -> None:
    story = opened("N1", "N2")
    issue(story)
    assert called(story) == "A001"
    assert story.refuses(c.CallNext, window="N2") == "nobody-waiting"


def test_calling_next_ends_what_was_in_hand() -> None:
    story = opened()
    issue(story), issue(story)
    called(story), called(story, 300)
    assert story.state("A001") == "done"
    assert story.day.windows["N1"].served == 1


def test_priority_is_a_head_start_and_not_absolute() -> None:
    story = opened()
    issue(story, at=0)
    issue(story, at=10 * MINUTE, priority="elderly")
    issue(story, at=20 * MINUTE, priority="elderly")
    assert [called(story, 21 * MINUTE + i) for i in range(3)] == ["A002", "A001", "A003"]


def test_at_most_two_privileged_in_a_row_while_an_ordinary_one_waits_long() -> None:
    """Case 14."""
    story = opened()
    for i in range(3):
        issue(story, at=i, priority="elderly")
    issue(story, at=5)
    late = 30 * MINUTE
    assert [called(story, late + i) for i in range(3)] == ["A001", "A002", "A004"]


def test_an_appointment_is_called_from_its_slot() -> None:
    """Case 16: a walk-in from 9:30 goes before a booking of 10:00 that comes at 9:57."""
    story = opened()
    story.do(c.IssueTicket, at=30 * MINUTE, service="social")
    slot = story.day.midnight + 10 * 3600
    story.do(c.IssueTicket, at=31 * MINUTE, service="social", appointment=slot)
    story.do(c.IssueTicket, at=50 * MINUTE, service="social")
    assert [called(story, 57 * MINUTE + i) for i in range(3)] == ["A001", "A002", "A003"]


def test_every_call_says_why() -> None:
    """Case 18."""
    story = opened()
    issue(story)
    called(story)
    (call,) = story.events(e.TicketCalled)
    assert isinstance(call, e.TicketCalled)
    assert b"considered" in bytes(call.why)


def test_anybody_can_ask_why() -> None:
    story = opened()
    issue(story), issue(story, at=60, priority="elderly"), issue(story, at=120)
    called(story, 180)
    story.do(c.CallTicket, at=240, window="N1", ticket="A003", reason="陪同")
    told = why_called(story.day, "A002", "A001")
    assert told is not None
    assert told.reason == 2
    assert "老年人" in told.text["zh"]
    by_hand = why_called(story.day, "A003", "A001")
    assert by_hand is not None
    assert "特呼" in by_hand.text["zh"]
    assert why_called(story.day, "A001", "A002") is None
    assert why_called(story.day, "A002", "nobody") is None


def test_a_chosen_call_needs_a_lead_a_reason_and_a_quota() -> None:
    """Case 19."""
    story = opened(call_chosen_quota=1)
    issue(story), issue(story), issue(story)
    assert story.refuses(c.CallTicket, by=CLERK, window="N1", ticket="A002", reason="x") == (
        "forbidden"
    )
    assert story.refuses(c.CallTicket, window="N1", ticket="A002", reason=" ") == "reason-needed"
    story.do(c.CallTicket, window="N1", ticket="A002", reason="陪同")
    assert story.state("A002") == "called"
    assert story.refuses(c.CallTicket, window="N1", ticket="A003", reason="x") == "quota-chosen"


def test_a_chosen_ticket_that_is_elsewhere_names_the_window() -> None:
    story = opened("N1", "N2")
    issue(story)
    called(story)
    with pytest.raises(Exception, match="at window 1"):
        story.do(c.CallTicket, window="N2", ticket="A001", reason="x")


def test_a_window_calls_only_what_it_offers() -> None:
    """Case 21."""
    story = opened("N2")
    issue(story, service="tax")
    assert story.refuses(c.CallNext, window="N2") == "nobody-waiting"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.PauseWindow(id="p", window="N1"), "window-paused"),
        (c.CloseWindow(id="p", window="N1"), "window-closed"),
    ],
)
def test_a_window_that_is_not_open_calls_nobody(command: c.Command, code: str) -> None:
    """Case 22."""
    story = opened()
    issue(story)
    story.tell(command)
    assert story.refuses(c.CallNext, window="N1") == code


def test_back_office_is_never_callable() -> None:
    """BA-24, one of the four product rules."""
    story = opened()
    issue(story)
    for kind in (c.OpenWindow, c.CallNext):
        assert story.refuses(kind, window="Z1") == "not-callable"
    assert story.refuses(c.AssignServices, window="Z1", services=("social",)) == "not-callable"
    called(story)
    assert story.refuses(c.TransferTicket, window="N1", to="Z1") == "bad-target"
    assert story.refuses(c.TransferTicket, window="N1", service="review") == "bad-target"
    assert story.refuses(c.IssueTicket, service="review") == "service-closed"


def test_recall_is_spaced_and_ends_as_a_no_show() -> None:
    """Case 23."""
    story = opened(recall_limit=2)
    issue(story), issue(story)
    called(story)
    assert story.refuses(c.RecallTicket, at=5, window="N1") == "too-soon"
    story.do(c.RecallTicket, at=10, window="N1")
    story.do(c.RecallTicket, at=20, window="N1")
    assert story.do(c.RecallTicket, at=30, window="N1").state == "missed"
    assert called(story, 31) == "A002"


def test_a_no_show_needs_calls_and_time() -> None:
    story = opened()
    issue(story)
    called(story)
    assert story.refuses(c.MarkNoShow, at=70, window="N1") == "too-soon"
    story.do(c.RecallTicket, at=20, window="N1")
    assert story.refuses(c.MarkNoShow, at=30, window="N1") == "too-soon"
    story.do(c.MarkNoShow, at=60, window="N1")
    assert list(story.day.missed) == ["20261123-A001"]


def missed(story: Story, at: float = 0.0) -> None:
    called(story, at)
    story.do(c.RecallTicket, at=at + 20, window="N1")
    story.do(c.MarkNoShow, at=at + 61, window="N1")


def test_a_no_show_returns_behind_the_next_three() -> None:
    """Case 24."""
    story = opened()
    for i in range(6):
        issue(story, at=i)
    missed(story, 10)
    story.do(c.RestoreTicket, at=100, ticket="A001")
    assert [called(story, 200 + i) for i in range(5)] == ["A002", "A003", "A004", "A001", "A005"]


def test_a_ticket_is_restored_only_so_often() -> None:
    story = opened(restore_limit=1)
    issue(story)
    missed(story)
    story.do(c.RestoreTicket, at=100, ticket="A001")
    missed(story, 200)
    assert story.refuses(c.RestoreTicket, at=300, ticket="A001") == "restore-limit"


def test_undo_takes_back_a_finish_within_seconds() -> None:
    story = opened()
    issue(story)
    called(story)
    story.do(c.FinishTicket, at=100, window="N1")
    assert story.do(c.UndoLast, at=104, window="N1").state == "serving"
    assert story.day.windows["N1"].current == "20261123-A001"
    assert story.day.windows["N1"].served == 0
    story.do(c.FinishTicket, at=110, window="N1")
    assert story.refuses(c.UndoLast, at=116, window="N1") == "nothing-to-undo"


# -- elsewhere (cases 25-30) -----------------------------------------------------------------------


def test_several_held_tickets_come_back_in_turn() -> None:
    """Cases 25, 26."""
    story = opened()
    for _ in range(3):
        issue(story)
    for at in (10, 20):
        called(story, at)
        story.do(c.HoldTicket, at=at + 1, window="N1", reason="复印")
    called(story, 30)
    assert story.refuses(c.ResumeTicket, window="N1", ticket="A001") == "window-busy"
    story.do(c.FinishTicket, at=40, window="N1")
    for number in ("A001", "A002"):
        story.do(c.ResumeTicket, at=50, window="N1", ticket=number)
        story.do(c.FinishTicket, at=60, window="N1")
        assert story.state(number) == "done"


def test_a_window_holds_only_so_many() -> None:
    story = opened(hold_limit=1)
    issue(story), issue(story)
    called(story)
    story.do(c.HoldTicket, window="N1")
    called(story)
    assert story.refuses(c.HoldTicket, window="N1") == "hold-limit"


def test_a_transfer_to_a_window_is_taken_there_only_and_keeps_the_number() -> None:
    """Case 27."""
    story = opened("N1", "N2")
    issue(story), issue(story, at=1)
    called(story, 2)
    story.do(c.TransferTicket, at=3, window="N1", to="N2", note="缺一份复印件")
    assert called(story, 4) == "A002"
    assert called(story, 5, "N2") == "A001"
    ticket = story.day.find("A001")
    assert ticket is not None
    assert ticket.note == "缺一份复印件"


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ("keep", ["A001", "A002", "A003"]),
        ("front", ["A001", "A002", "A003"]),
        ("back", ["A002", "A003", "A001"]),
    ],
)
def test_a_transfer_to_a_service_takes_the_place_asked_for(place: str, order: list[str]) -> None:
    story = opened("N1", "N3")
    issue(story, at=0, service="few")
    issue(story, at=60), issue(story, at=120)
    story.do(c.CallNext, at=180, window="N3")
    story.do(c.TransferTicket, at=240, window="N3", service="social", place=place)
    assert [called(story, 300 + i) for i in range(3)] == order


def test_a_lent_ticket_comes_back_to_its_window() -> None:
    """Case 29."""
    story = opened("N1", "N2")
    issue(story)
    called(story)
    story.do(c.TransferTicket, at=10, window="N1", to="N2", back=True)
    called(story, 20, "N2")
    assert story.do(c.FinishTicket, at=30, window="N2").state == "waiting"
    assert story.refuses(c.CallNext, at=35, window="N2") == "nobody-waiting"
    assert called(story, 40, "N1") == "A001"


def test_closing_a_window_strands_nobody() -> None:
    """DJ-05: whoever was held, or sent to this window alone, waits again in place."""
    story = opened("N1", "N2")
    for _ in range(3):
        issue(story)
    called(story)
    story.do(c.HoldTicket, window="N1")
    called(story, 1, "N2")
    story.do(c.TransferTicket, at=2, window="N2", to="N1")
    assert story.refuses(c.CallNext, at=2, window="N1") == ""
    assert story.refuses(c.CloseWindow, at=3, window="N1") == "window-busy"
    story.do(c.FinishTicket, at=4, window="N1")
    story.do(c.CloseWindow, at=5, window="N1")
    assert [called(story, 6 + i, "N2") for i in range(2)] == ["A001", "A003"]


def test_changing_services_keeps_everybody_in_place() -> None:
    story = opened("N1", "N2")
    issue(story, service="tax")
    issue(story, at=1)
    story.do(c.AssignServices, at=2, window="N1", services=("social",))
    story.do(c.AssignServices, at=2, window="N2", services=("tax", "social"))
    assert called(story, 3, "N2") == "B001"
    assert called(story, 3, "N1") == "A001"


def test_a_ticket_in_hand_survives_a_change_of_clerk() -> None:
    """Case 30."""
    story = opened()
    issue(story)
    called(story)
    story.do(c.OpenWindow, window="N1", clerk="second")
    assert story.day.windows["N1"].current == "20261123-A001"


def test_an_any_window_offers_everything_that_is_accepted() -> None:
    story = opened("N3")
    assert set(story.day.windows["N3"].services) == {"social", "tax", "few"}


# -- who may ---------------------------------------------------------------------------------------


def test_a_clerk_is_bound_to_the_own_window() -> None:
    story = opened("N1", "N2")
    issue(story)
    assert story.refuses(c.CallNext, by=CLERK, window="N2") == "forbidden"
    assert story.do(c.CallNext, by=CLERK, window="N1").number == "A001"


@pytest.mark.parametrize("role", [Role.DISPLAY, Role.SUPERVISOR, Role.KIOSK, Role.GUIDE])
def test_lookers_do_not_call(role: Role) -> None:
    story = opened()
    issue(story)
    assert story.refuses(c.CallNext, by=Actor(role, "x"), window="N1") == "forbidden"


def test_every_command_has_an_owner() -> None:
    from queue_server.engine.decide import _RULES
    from queue_server.engine.roles import ALLOWED

    kinds = set(c.Command.__args__)
    assert kinds == set(_RULES) == set(ALLOWED)


# -- the table -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", TicketState)
def test_what_the_table_does_not_allow_raises_and_changes_nothing(state: TicketState) -> None:
    moves = {event for table in TRANSITIONS.values() for event in table}
    for event in moves - TRANSITIONS[state].keys():
        with pytest.raises(IllegalMoveError, match=str(state)):
            move(state, event)


def test_nobody_leaves_a_final_state_but_by_undo() -> None:
    leaving = {event for s in ENDED for event in TRANSITIONS[s]}
    assert leaving == {e.TicketReopened}


# -- what goes wrong -------------------------------------------------------------------------------


def test_undo_leaves_alone_what_another_window_has_ended() -> None:
    story = opened("N1", "N2", undo_seconds=60.0)
    issue(story)
    missed(story)
    story.do(c.RestoreTicket, at=62, ticket="A001")
    assert called(story, 63, "N2") == "A001"
    story.do(c.FinishTicket, at=64, window="N2")
    assert story.refuses(c.UndoLast, at=65, window="N1") == "nothing-to-undo"
    assert story.do(c.UndoLast, at=65, window="N2").state == "serving"


@pytest.mark.parametrize("after", [c.CallNext, c.PauseWindow, c.CloseWindow])
def test_undo_never_puts_two_people_at_a_window(after: type[Any]) -> None:
    """Nor one at a closed window; a pause takes nothing away."""
    story = opened()
    issue(story), issue(story)
    called(story)
    story.do(c.FinishTicket, at=10, window="N1")
    story.do(after, at=11, window="N1")
    expected = "" if after is c.PauseWindow else "nothing-to-undo"
    assert story.refuses(c.UndoLast, at=12, window="N1") == expected


def test_nobody_is_sent_to_a_closed_window() -> None:
    """F42."""
    story = opened("N1")
    issue(story)
    called(story)
    assert story.refuses(c.TransferTicket, at=1, window="N1", to="N2") == "window-closed"
    story.do(c.OpenWindow, window="N2")
    story.do(c.PauseWindow, window="N2")
    assert story.do(c.TransferTicket, at=2, window="N1", to="N2").state == "waiting"


def test_a_ticket_lent_by_a_window_that_has_closed_waits_for_its_service() -> None:
    """Case 29, F42."""
    story = opened("N1", "N2", "N3")
    issue(story, service="tax")
    called(story)
    story.do(c.TransferTicket, at=10, window="N1", service="social", back=True)
    assert called(story, 20, "N2") == "B001"
    story.do(c.CloseWindow, at=25, window="N1")
    story.do(c.FinishTicket, at=30, window="N2")
    assert story.refuses(c.CallNext, at=35, window="N2") == "nobody-waiting"
    assert story.do(c.CallNext, at=40, window="N3").service == "tax"
    assert story.do(c.FinishTicket, at=50, window="N3").state == "done"


def test_a_lent_ticket_comes_back_for_what_it_came_for() -> None:
    """Case 29."""
    story = opened("N1", "N2")
    issue(story, service="tax")
    called(story)
    story.do(c.TransferTicket, at=10, window="N1", service="social", back=True)
    called(story, 20, "N2")
    story.do(c.FinishTicket, at=30, window="N2")
    assert story.do(c.CallNext, at=40, window="N1").service == "tax"


def test_a_clock_that_goes_back_puts_nobody_before_those_who_came_earlier() -> None:
    """F25, I6."""
    story = opened()
    issue(story, at=0)
    assert issue(story, at=-3 * 3600) == "A002"
    issue(story, at=-3 * 3600 + 60)
    assert [called(story, -2 * 3600 + i) for i in range(3)] == ["A001", "A002", "A003"]


def test_a_clock_that_goes_back_makes_no_clerk_wait_for_hours() -> None:
    """F25."""
    story = opened()
    issue(story), issue(story)
    called(story)
    back = -3 * 3600.0
    story.do(c.RecallTicket, at=back, window="N1")
    story.do(c.MarkNoShow, at=back + 1, window="N1")
    assert story.state("A001") == "missed"


def test_a_clock_that_was_a_day_ahead_leaves_the_hall_open() -> None:
    """F25: the day it opened goes on, and its hours are those of any day."""
    story = Story()
    story.tell(c.CloseDay(id="x", day=DAY), by=CLOCK)
    story.tell(c.OpenDay(id="y", day="2026-11-24"), at=24 * 3600.0, by=CLOCK)
    assert story.do(c.IssueTicket, at=60, by=KIOSK, service="social").number == "A001"
    assert story.refuses(c.IssueTicket, at=12 * 3600, by=KIOSK, service="social") == (
        "service-closed"
    )


def test_what_is_in_hand_and_on_hold_at_midnight_expires() -> None:
    """F27: and its clerk is told that the day is over."""
    story = opened()
    issue(story), issue(story), issue(story)
    called(story)
    story.do(c.HoldTicket, window="N1")
    called(story, 10)
    story.tell(c.CloseDay(id="x", day=DAY), by=CLOCK)
    assert {t.state for t in story.day.tickets.values()} == {TicketState.EXPIRED}
    assert story.refuses(c.FinishTicket, window="N1") == "day-closed"
    story.tell(c.OpenDay(id="y", day="2026-11-24"), by=CLOCK)
    assert story.refuses(c.FinishTicket, window="N1") == "window-idle"
    assert story.refuses(c.ResumeTicket, window="N1", ticket="A001") == "no-such-ticket"


def test_a_day_opens_once() -> None:
    """Cases 9, 10."""
    story = opened()
    assert story.code(c.OpenDay(id="y", day=DAY), by=CLOCK) == "day-open"
    assert story.code(c.OpenDay(id="z", day="2026-11-24"), by=CLOCK) == "day-open"


def test_a_day_that_is_none_is_refused() -> None:
    story = opened()
    story.tell(c.CloseDay(id="x", day=DAY), by=CLOCK)
    assert story.code(c.OpenDay(id="y", day="2026-13-45"), by=CLOCK) == "malformed"


def test_a_restored_ticket_whose_window_closed_is_called_elsewhere() -> None:
    story = opened("N1", "N2")
    issue(story)
    missed(story)
    story.do(c.CloseWindow, at=90, window="N1")
    story.do(c.RestoreTicket, at=100, ticket="A001")
    assert called(story, 110, "N2") == "A001"


def test_services_that_the_hall_has_not_are_offered_nowhere() -> None:
    """DJ-25: also not by an emergency window."""
    story = opened()
    odd = ("social", "dancing")
    assert story.refuses(c.OpenWindow, window="N2", services=odd) == "no-such-service"
    assert story.refuses(c.AssignServices, window="N2", services=odd) == "no-such-service"


def test_a_service_named_twice_is_offered_once() -> None:
    story = opened()
    story.do(c.OpenWindow, window="N2", services=("tax", "tax"))
    assert story.day.windows["N2"].services == ("tax",)
    assert story.day.queue.servers("tax") == 2


def test_time_on_hold_is_no_handling_time() -> None:
    """Case 25: forty minutes at the copy shop are not what the hall learns."""
    story = opened()
    issue(story)
    called(story)
    story.do(c.HoldTicket, at=5 * MINUTE, window="N1")
    story.do(c.ResumeTicket, at=45 * MINUTE, window="N1", ticket="A001")
    story.do(c.FinishTicket, at=50 * MINUTE, window="N1")
    assert story.day.windows["N1"].minutes == 10
    story.do(c.UndoLast, at=50 * MINUTE + 1, window="N1")
    assert story.day.windows["N1"].minutes == 0


@pytest.mark.parametrize(
    "number", ["A%d", "A%s%n", "A001'--", "../A001", "A00１", "20261123-", "-"]
)
def test_a_hostile_number_is_no_ticket(number: str) -> None:
    story = opened()
    issue(story)
    assert story.refuses(c.CancelTicket, ticket=number) == "no-such-ticket"


def test_a_lead_bound_to_a_window_chooses_there_only() -> None:
    """Case 19."""
    story = opened("N1", "N2")
    issue(story)
    lead = Actor(Role.MANAGER, "m", frozenset({"N1"}))
    chosen: dict[str, Any] = {"ticket": "A001", "reason": "陪同"}
    assert story.refuses(c.CallTicket, by=lead, window="N2", **chosen) == "forbidden"
    assert story.refuses(c.CallTicket, by=lead, window="N1", **chosen) == ""


def test_one_change_is_one_row() -> None:
    """Case 53: nothing but the ticket named is touched."""
    story = opened()
    for _ in range(12):
        issue(story)
    before = {t.id: (t.note, t.priority, t.state) for t in story.day.tickets.values()}
    story.do(c.GrantPriority, ticket="A007", priority="elderly", reason="证件")
    after = {t.id: (t.note, t.priority, t.state) for t in story.day.tickets.values()}
    assert [id for id in after if after[id] != before[id]] == ["20261123-A007"]


def test_why_is_told_of_a_class_that_the_hall_file_has_lost() -> None:
    """F43."""
    story = opened()
    issue(story), issue(story, at=60, priority="elderly")
    called(story, 180)
    told_before = why_called(story.day, "A002", "A001")
    story.day.hall = msgspec.structs.replace(story.day.hall, priorities=())
    told = why_called(story.day, "A002", "A001")
    assert told is not None
    assert told_before is not None
    assert told.reason == told_before.reason
    assert "elderly" in told.text["zh"]


def test_a_clerk_sees_whom_only_this_window_may_call() -> None:
    """Case 27."""
    story = opened("N1", "N2")
    issue(story), issue(story, at=1, service="tax")
    called(story, 2)
    story.do(c.TransferTicket, at=3, window="N1", to="N2")
    console = console_view(story.day, "N2", Moment("e", NINE, {}))
    assert (console.waiting, [n.number for n in console.next]) == (1, ["A001"])
    assert window_view(story.day, "N2", Moment("e", NINE, {})).waiting == 1
