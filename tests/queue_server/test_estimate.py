"""How long it will be: cases with a known answer, the calibration, and the cost of a pass."""

from itertools import pairwise
from random import Random
from statistics import mean

import msgspec
import pytest

from config.hall import DispatchRules
from queue_server.engine.calibrate import KEPT, Calibration, Calibrator, quantile
from queue_server.engine.choice import Waiter
from queue_server.engine.dispatch import Dispatcher
from queue_server.engine.estimate import Estimate, Estimator
from queue_server.engine.facts import HallFacts, ServiceFacts
from queue_server.engine.runahead import SHORTEST, STEPS, Desk, RunAhead, quantiles, remaining

NINE = 540.0
DAY = [(490.0, 705.0), (790.0, 1035.0)]


def hall(services: dict[str, float], windows: dict[str, str], cv: float = 0.7) -> Estimator:
    facts = HallFacts({s: ServiceFacts(m, cv) for s, m in services.items()})
    dispatcher = Dispatcher(facts, DispatchRules())
    for window, skills in windows.items():
        dispatcher.open(window, skills.split())
    return Estimator(dispatcher, DAY)


def wait(e: Estimator, id: str, service: str, at: float, head_start: float = 0.0) -> Waiter:
    waiter = Waiter(id, service, at - head_start, int(at * 100), at, head_start > 0)
    e.dispatcher.add(waiter)
    return waiter


def asked(e: Estimator, service: str, desks: list[Desk], now: float = NINE) -> Estimate:
    estimate = e.estimate(Waiter("you", service, now, 10**6, now), now, desks)
    assert estimate is not None
    return estimate


class TestQuantiles:
    @pytest.mark.parametrize("cv", [0.3, 0.7, 1.5])
    def test_mean_is_one_and_they_rise(self, cv: float) -> None:
        table = quantiles(cv)
        assert mean(table) == pytest.approx(1.0)
        assert all(a < b for a, b in pairwise(table))

    def test_the_spread_is_as_said(self) -> None:
        table = quantiles(0.7)
        assert mean(x * x for x in table) - 1.0 == pytest.approx(0.49, rel=0.06)

    def test_what_has_lasted_long_lasts_on(self) -> None:
        """Log-normal: half an hour into a ten-minute matter, minutes are still left."""
        table = quantiles(0.7)
        fresh = mean(remaining(10.0, table, 0.0, s) for s in range(STEPS))
        late = mean(remaining(10.0, table, 30.0, s) for s in range(STEPS))
        assert fresh == pytest.approx(10.0, rel=0.02)
        assert late > 5.0
        assert remaining(10.0, table, 500.0, 0) >= SHORTEST


class TestEstimate:
    def test_a_free_window_means_now(self) -> None:
        e = hall({"tax": 10.0}, {"1": "tax"})
        assert asked(e, "tax", [Desk("1")]) == Estimate(0.0, 0.0, 0.0, 0, 0.0)

    def test_a_free_window_for_others_helps_nobody(self) -> None:
        e = hall({"tax": 10.0, "land": 10.0}, {"1": "tax", "2": "land"})
        assert asked(e, "tax", [Desk("1", "tax", NINE), Desk("2")]).raw > 5.0

    def test_one_window_ten_people(self) -> None:
        """Ten handlings of ten minutes, one just begun: a hundred and ten minutes, and pauses."""
        e = hall({"tax": 10.0}, {"1": "tax"}, cv=0.3)
        for i in range(10):
            wait(e, f"{i}", "tax", 500.0 + i)
        estimate = asked(e, "tax", [Desk("1", "tax", NINE)])
        assert estimate.raw == pytest.approx(110.0, rel=0.08)
        assert estimate.ahead == 10
        assert estimate.low < estimate.mid < estimate.high

    def test_five_windows_share(self) -> None:
        e = hall({"tax": 10.0}, {str(w): "tax" for w in range(5)}, cv=0.3)
        for i in range(20):
            wait(e, f"{i}", "tax", 500.0 + i)
        desks = [Desk(str(w), "tax", NINE - 2 * w) for w in range(5)]
        assert asked(e, "tax", desks).raw == pytest.approx(42.0, rel=0.2)

    def test_before_opening_it_knows_when_windows_open(self) -> None:
        e = hall({"tax": 10.0}, {})
        estimate = asked(e, "tax", [Desk("1", opens=510.0, services=("tax",))], now=500.0)
        assert estimate.raw == pytest.approx(10.0)

    def test_no_window_is_no_figure(self) -> None:
        e = hall({"tax": 10.0, "land": 10.0}, {"1": "land"})
        assert e.estimate(Waiter("you", "tax", NINE, 1, NINE), NINE, [Desk("1")]) is None

    def test_a_head_start_shortens(self) -> None:
        e = hall({"tax": 10.0}, {"1": "tax"})
        for i in range(10):
            wait(e, f"{i}", "tax", 530.0 + i)
        desks = [Desk("1", "tax", NINE)]
        senior = Waiter("you", "tax", NINE - 15.0, 10**6, NINE, priority=True)
        privileged = e.estimate(senior, NINE, desks)
        assert privileged is not None
        assert privileged.raw < asked(e, "tax", desks).raw / 2
        assert privileged.ahead == 0

    def test_people_with_head_starts_who_may_come_are_counted(self) -> None:
        """Half of the hall's people are privileged: an ordinary one will wait for some of them."""
        quiet = hall({"tax": 10.0}, {"1": "tax", "2": "tax"})
        lively = hall({"tax": 10.0}, {"1": "tax", "2": "tax"})
        for i in range(30):
            at = 510.0 + i
            lively.joined(Waiter(f"p{i}", "tax", at - 15.0, i, at, priority=True))
        desks = [Desk("1", "tax", NINE), Desk("2", "tax", NINE)]
        for e in (quiet, lively):
            for i in range(4):
                wait(e, f"{i}", "tax", 538.0 + i / 10)
        assert asked(lively, "tax", desks).raw > 1.3 * asked(quiet, "tax", desks).raw

    def test_a_window_of_ones_own(self) -> None:
        e = hall({"tax": 10.0}, {"1": "tax", "2": "tax"})
        mine = Waiter("you", "tax", NINE, 10**6, NINE, window="2")
        estimate = e.estimate(mine, NINE, [Desk("1"), Desk("2", "tax", NINE)])
        assert estimate is not None
        assert estimate.raw > 5.0

    def test_asking_changes_nothing(self) -> None:
        e = hall({"tax": 10.0}, {"1": "tax"})
        wait(e, "1", "tax", 530.0)
        desks = [Desk("1", "tax", NINE)]
        assert asked(e, "tax", desks) == asked(e, "tax", desks)
        assert list(e.dispatcher.waiters) == ["1"]

    def test_everybody_at_once_agrees_with_one_by_one(self) -> None:
        e = hall({"tax": 10.0, "land": 15.0}, {"1": "tax land", "2": "tax", "3": "land"})
        rng = Random(5)
        waiters = [
            wait(e, f"{i}", rng.choice(["tax", "land"]), 500.0 + i, rng.choice([0.0, 0.0, 15.0]))
            for i in range(30)
        ]
        desks = [Desk("1", "tax", 535.0), Desk("2", "tax", 530.0), Desk("3", "land", 539.0)]
        together = e.estimate_all(NINE, desks)
        assert together.keys() == {w.id for w in waiters}
        for waiter in waiters:
            alone = e.estimate(waiter, NINE, desks)
            assert alone is not None
            assert together[waiter.id].raw == pytest.approx(alone.raw, rel=0.15, abs=2.5)

    def test_rounded_outwards_to_five_minutes(self) -> None:
        assert Estimate(11.0, 14.0, 21.0, 3, 14.0).shown == (10, 25)
        assert Estimate(0.0, 0.0, 0.0, 0, 0.0).shown == (0, 0)

    def test_one_run_calls_everybody_once_in_order(self) -> None:
        e = hall({"tax": 10.0, "land": 15.0}, {"1": "tax land", "2": "tax", "3": "land"})
        for i in range(60):
            wait(e, f"{i}", ["tax", "land"][i % 2], 500.0 + i / 2)
        run = RunAhead(e.dispatcher, [Desk(w) for w in "123"], NINE).play(0, 2)
        assert len(run.at) == 60
        tax = [run.at[f"{i}"] for i in range(0, 60, 2)]
        assert tax == sorted(tax)


class TestCalibrator:
    def test_without_a_record_it_believes_the_run_ahead(self) -> None:
        c = Calibrator()
        assert c.middle(20.0) == 20.0
        low, high = c.interval("tax", 20.0)
        assert low < 20.0 < high

    def test_a_steady_fault_is_corrected_but_not_hidden(self) -> None:
        c = Calibrator()
        for _ in range(4000):
            c.settle("tax", 20.0, 22.0)
        assert c.middle(20.0) == pytest.approx(22.0, rel=0.02)
        for _ in range(8000):
            c.settle("tax", 20.0, 60.0)
        assert c.middle(20.0) == 25.0

    def test_the_interval_covers_what_it_says_for_easy_and_hard_services(self) -> None:
        rng = Random(11)
        c, inside, asked_for = Calibrator(), {"easy": 0, "hard": 0}, 0
        for i in range(6000):
            for service, spread in (("easy", 0.2), ("hard", 0.8)):
                raw = rng.uniform(4.0, 30.0)
                waited = max(0.0, raw * rng.gauss(1.0, spread))
                low, high = c.interval(service, raw)
                if i >= 2000:
                    inside[service] += low <= waited <= high
                c.settle(service, raw, waited)
            asked_for += i >= 2000
        assert {s: n / asked_for for s, n in inside.items()} == {
            "easy": pytest.approx(0.785, abs=0.03),
            "hard": pytest.approx(0.785, abs=0.03),
        }

    def test_the_record_is_bounded_and_survives_the_night(self) -> None:
        c = Calibrator()
        rng = Random(3)
        for _ in range(3000):
            raw = rng.uniform(0.1, 60.0)
            c.settle("tax", raw, raw * rng.uniform(0.3, 2.0))
        assert max(len(e) for e in c.calibration.errors) == KEPT
        stored = msgspec.json.encode(c.calibration)
        later = Calibrator(msgspec.json.decode(stored, type=Calibration))
        assert later.interval("tax", 12.0) == pytest.approx(c.interval("tax", 12.0))
        assert later.middle(12.0) == pytest.approx(c.middle(12.0))

    def test_quantile(self) -> None:
        assert quantile([1.0, 2.0, 3.0], 0.5) == 2.0
        assert quantile([1.0], 0.9) == 1.0
        assert quantile([0.0, 10.0], 0.99) == 10.0
