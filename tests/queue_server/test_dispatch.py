"""The dispatcher, case by case: what a hall manager would ask of it."""

import msgspec
import pytest

from config.hall import DispatchRules
from queue_server.engine.choice import Choice, Reason, Waiter
from queue_server.engine.dispatch import Dispatcher
from queue_server.engine.facts import HallFacts, ServiceFacts, WindowFacts
from queue_server.engine.order import order_time

FACTS = HallFacts(
    services={
        "tax": ServiceFacts(10.0, site="south"),
        "land": ServiceFacts(20.0, site="south"),
        "social": ServiceFacts(5.0, site="north"),
    },
    windows={
        "S1": WindowFacts("south", {"land": 1.2}),
        "N1": WindowFacts("north"),
    },
    walk={"south": {"south": 0.5, "north": 4.0}, "north": {"south": 4.0, "north": 0.5}},
)
RULES = DispatchRules()


def hall(rules: DispatchRules = RULES) -> Dispatcher:
    return Dispatcher(FACTS, rules)


def wait(
    dispatcher: Dispatcher,
    id: str,
    service: str,
    at: float,
    *,
    head_start: float = 0.0,
    window: str | None = None,
) -> None:
    seq = int(at * 1000)
    dispatcher.add(
        Waiter(id, service, at - head_start, seq, at, priority=head_start > 0, window=window)
    )


def call(dispatcher: Dispatcher, window: str, now: float) -> Choice:
    choice = dispatcher.choose(window, now)
    assert choice is not None
    dispatcher.called(choice.waiter.id, window)
    return choice


class TestOrderTime:
    def test_walk_in_counts_from_its_ticket(self) -> None:
        assert order_time(RULES, ready=600.0) == 600.0

    def test_transfer_keeps_the_place_of_the_first_ticket(self) -> None:
        assert order_time(RULES, ready=640.0, issued=600.0) == 600.0

    def test_priority_is_a_head_start(self) -> None:
        assert order_time(RULES, ready=600.0, head_start=15.0) == 585.0

    @pytest.mark.parametrize(
        ("ready", "expected"), [(590.0, 585.0), (610.0, 585.0), (610.5, 610.5)]
    )
    def test_appointment_counts_from_its_slot_unless_late(
        self, ready: float, expected: float
    ) -> None:
        assert order_time(RULES, ready=ready, appointment=600.0) == expected

    def test_no_show_who_comes_back_has_a_small_credit(self) -> None:
        assert order_time(RULES, ready=650.0, head_start=15.0, returned=True) == 645.0


class TestChoose:
    def test_nobody_waits(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        assert d.choose("S1", 600.0) is None

    def test_only_what_the_window_offers(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        wait(d, "L1", "land", 590.0)
        assert d.choose("S1", 600.0) is None

    def test_outside_the_band_the_earlier_goes_first(self) -> None:
        d = hall()
        d.open("N1", ["tax", "social"])
        wait(d, "T1", "tax", 570.0)
        for i in range(9):
            wait(d, f"C{i}", "social", 595.0 + i / 10)
        choice = call(d, "N1", 600.0)
        assert choice.waiter.id == "T1"
        assert choice.rule is Reason.ORDER

    def test_inside_the_band_the_fuller_line_is_helped(self) -> None:
        d = hall(DispatchRules(kappa=0.0))
        d.open("S1", ["tax", "social"])
        wait(d, "T1", "tax", 592.0)
        for i in range(9):
            wait(d, f"C{i}", "social", 595.0 + i / 10)
        choice = call(d, "S1", 600.0)
        assert choice.waiter.id == "C0"
        assert choice.rule is Reason.BALANCE

    def test_band_of_zero_is_strict(self) -> None:
        d = hall(DispatchRules(kappa=0.0, band=0.0))
        d.open("S1", ["tax", "social"])
        wait(d, "T1", "tax", 592.0)
        for i in range(9):
            wait(d, f"C{i}", "social", 595.0 + i / 10)
        assert call(d, "S1", 600.0).waiter.id == "T1"

    def test_first_come_looks_at_nothing_else(self) -> None:
        d = hall(DispatchRules(policy="fcfs"))
        d.open("N1", ["tax", "social"])
        wait(d, "T1", "tax", 592.0)
        for i in range(9):
            wait(d, f"C{i}", "social", 592.5 + i / 10)
        choice = call(d, "N1", 600.0)
        assert (choice.waiter.id, choice.band, choice.kappa) == ("T1", 0.0, 0.0)

    def test_a_long_way_counts_three_times(self) -> None:
        d = hall(DispatchRules(band=0.0))
        d.open("N1", ["tax", "social"])
        wait(d, "T1", "tax", 590.0)  # 3.5 minutes to walk: counts from 600.5 here
        wait(d, "C1", "social", 600.0)
        choice = call(d, "N1", 601.0)
        assert choice.waiter.id == "C1"
        assert choice.rule is Reason.DISTANCE

    def test_a_slow_clerk_counts_three_times(self) -> None:
        d = hall(DispatchRules(band=0.0))
        d.open("S1", ["tax", "land"])
        wait(d, "L1", "land", 590.0)  # 4 minutes more here: counts from 602
        wait(d, "T1", "tax", 601.0)
        choice = call(d, "S1", 603.0)
        assert choice.waiter.id == "T1"
        assert {h.ticket: round(h.extra, 6) for h in choice.considered} == {"L1": 4.0, "T1": 0.0}

    def test_head_start_goes_before(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        wait(d, "T1", "tax", 590.0)
        wait(d, "T2", "tax", 600.0, head_start=15.0)
        wait(d, "T3", "tax", 590.5)
        choice = call(d, "S1", 601.0)
        assert choice.waiter.id == "T2"
        assert [call(d, "S1", 601.0).waiter.id for _ in range(2)] == ["T1", "T3"]

    def test_a_bound_ticket_is_seen_by_its_window_only(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        d.open("N1", ["tax"])
        wait(d, "T1", "tax", 590.0, window="N1")
        wait(d, "L1", "land", 589.0, window="N1")
        assert d.choose("S1", 600.0) is None
        assert call(d, "N1", 600.0).head.bound
        assert d.choose("N1", 600.0) is not None

    def test_choosing_changes_nothing(self) -> None:
        d = hall()
        d.open("S1", ["tax", "land"])
        wait(d, "T1", "tax", 590.0)
        wait(d, "L1", "land", 591.0)
        assert d.choose("S1", 600.0) == d.choose("S1", 600.0)
        assert d.waiting("tax") == 1

    def test_services_follow_the_clock(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        wait(d, "L1", "land", 590.0)
        d.open("S1", ["land"])
        assert call(d, "S1", 600.0).waiter.id == "L1"
        assert (d.servers("tax"), d.servers("land")) == (0, 1)
        d.close("S1")
        assert d.servers("land") == 0

    def test_cancelled_is_not_called(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        wait(d, "T1", "tax", 590.0)
        wait(d, "T2", "tax", 591.0)
        d.remove("T1")
        assert call(d, "S1", 600.0).waiter.id == "T2"

    def test_waiting_twice_is_a_fault(self) -> None:
        d = hall()
        wait(d, "T1", "tax", 590.0)
        with pytest.raises(ValueError, match="waits already"):
            wait(d, "T1", "tax", 591.0)

    def test_the_record_goes_through_json(self) -> None:
        d = hall()
        d.open("S1", ["tax", "land"])
        wait(d, "T1", "tax", 590.0)
        wait(d, "L1", "land", 591.0)
        choice = call(d, "S1", 600.0)
        assert msgspec.json.decode(msgspec.json.encode(choice), type=Choice) == choice


class TestLimits:
    def test_after_two_privileged_a_patient_ordinary_goes_first(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        wait(d, "T0", "tax", 580.0)
        for i in range(4):
            wait(d, f"P{i}", "tax", 594.0 + i, head_start=30.0)
        calls = [call(d, "S1", 600.0) for _ in range(4)]
        assert [c.waiter.id for c in calls] == ["P0", "P1", "T0", "P2"]
        assert (calls[2].limit, calls[2].rule) == ("in-row", Reason.PRIVILEGE)
        assert calls[3].limit == ""

    def test_an_ordinary_one_who_just_came_has_to_wait(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        wait(d, "T0", "tax", 590.0)
        for i in range(4):
            wait(d, f"P{i}", "tax", 594.0 + i, head_start=30.0)
        assert [call(d, "S1", 600.0).waiter.id for _ in range(3)] == ["P0", "P1", "P2"]

    def test_each_window_counts_for_itself(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        d.open("N1", ["tax"])
        wait(d, "T0", "tax", 570.0)
        for i in range(4):
            wait(d, f"P{i}", "tax", 594.0 + i, head_start=60.0)
        assert [call(d, w, 600.0).waiter.id for w in ("S1", "N1", "S1")] == ["P0", "P1", "P2"]
        assert call(d, "S1", 600.0).waiter.id == "T0"

    def test_beyond_the_red_line_order_is_strict(self) -> None:
        rules = DispatchRules(kappa=0.0, red_line=30.0)
        d = hall(rules)
        d.open("S1", ["tax", "social"])
        wait(d, "T1", "tax", 592.0)
        for i in range(9):
            wait(d, f"C{i}", "social", 595.0 + i / 10)
        at_once, later = d.choose("S1", 600.0), d.choose("S1", 622.0)
        assert at_once is not None
        assert later is not None
        assert (at_once.waiter.id, later.waiter.id) == ("C0", "T1")
        assert later.limit == "red-line"


class TestChooseWindow:
    def test_nearest_then_least_able_then_longest_free(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        d.open("N1", ["tax"])
        d.open("S2", ["tax", "social"])
        d.open("S3", ["tax"])
        assert d.choose_window("tax", [("N1", 500.0), ("S1", 590.0)], 600.0) == "S1"
        assert d.choose_window("tax", [("S2", 500.0), ("S1", 590.0)], 600.0) == "S1"
        assert d.choose_window("tax", [("S1", 590.0), ("S3", 580.0)], 600.0) == "S3"

    def test_none_that_can(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        assert d.choose_window("land", [("S1", 590.0)], 600.0) is None

    def test_a_bound_ticket_goes_to_its_window(self) -> None:
        d = hall()
        d.open("S1", ["tax"])
        d.open("S2", ["tax"])
        ticket = Waiter("T1", "tax", 600.0, 1, 600.0, window="S2")
        assert d.choose_window(ticket, [("S1", 500.0), ("S2", 590.0)], 600.0) == "S2"


class TestPlaces:
    def test_ahead_counts_rivals_at_shared_windows(self) -> None:
        d = hall()
        d.open("S1", ["tax", "land"])
        d.open("N1", ["social"])
        wait(d, "L1", "land", 580.0)
        wait(d, "C1", "social", 581.0)
        wait(d, "T1", "tax", 582.0)
        wait(d, "T2", "tax", 583.0)
        assert (d.ahead("T2"), d.ahead("L1"), d.ahead("C1")) == (2, 0, 0)
        assert d.ahead(Waiter("T3", "tax", 579.0, 0, 579.0)) == 0

    def test_behind_the_next_three(self) -> None:
        d = hall()
        for i in range(5):
            wait(d, f"T{i}", "tax", 580.0 + i)
        assert 582.0 < d.order_behind("tax", 3, 570.0) < 583.0
        assert 584.0 < d.order_behind("tax", 9, 570.0) < 584.1
        assert d.order_behind("tax", 3, 590.0) == 590.0
        assert d.order_behind("land", 3, 590.0) == 590.0


class TestPace:
    def test_the_hall_s_own_minutes_replace_the_file_s(self) -> None:
        d = hall()
        for _ in range(90):
            d.finished("tax", "N1", 23.5)  # 3.5 of them on foot
        assert d.pace.minutes("tax", "N1") == pytest.approx(23.5, abs=1.0)
        assert d.pace.means["tax"] > 16.0

    def test_a_forgotten_window_teaches_little(self) -> None:
        d = hall()
        d.finished("tax", "S1", 500.0)
        assert d.pace.means["tax"] < 18.0

    def test_a_window_s_own_pace_is_learned_slowly(self) -> None:
        d = hall()
        for _ in range(200):
            d.finished("tax", "S1", 12.0)
            d.finished("tax", "S2", 8.0)
        assert 1.05 < d.pace.factor("tax", "S1") / d.pace.factor("tax", "S2") < 1.5

    def test_a_no_show_teaches_no_minutes(self) -> None:
        d = hall()
        before = dict(d.pace.means)
        d.finished("tax", "S1", 1.5, "no-show")
        assert dict(d.pace.means) == before
        assert d.pace.no_show[0] > 0.04

    def test_tomorrow_begins_with_what_today_learned(self) -> None:
        d = hall()
        for i in range(50):
            d.finished("land", "S1", 30.0 + i % 7)
        record = msgspec.json.encode(d.pace.learned)
        later = Dispatcher(FACTS, RULES, msgspec.json.decode(record, type=type(d.pace.learned)))
        assert later.pace.means == pytest.approx(d.pace.means)
        assert later.pace.factor("land", "S1") == pytest.approx(d.pace.factor("land", "S1"))
        assert later.pace.cv("land") == d.pace.cv("land")
