"""A crash in the middle of a day changes no later decision; the judge's contract is kept."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.judge_adapter import JudgedDispatcher, factory
from config.wire.events import NOTHING, Logged, TicketCalled
from queue_server.engine.choice import Choice
from queue_server.engine.evolve import evolve
from queue_server.engine.state import Day
from queue_server.simulate import working_day
from queue_server.simulate.crowd import draw
from queue_server.simulate.play import Play
from queue_server.simulate.scenario import Scenario
from queue_server.simulate.scenario_file import read
from tests.queue_server.test_simulate import scenario_file


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return read(scenario_file(tmp_path_factory.mktemp("scenario")))


@pytest.fixture(scope="module")
def rows(small: Scenario) -> list[Logged]:
    return Play(small, draw(small, 0), working_day(0)).run().rows


def folded(scenario: Scenario, rows: list[Logged]) -> Day:
    day = Day(scenario.hall)
    for row in rows:
        day = evolve(day, row)
    return day


def test_every_call_of_a_day_is_decided_again_the_same(small: Scenario, rows: list[Logged]) -> None:
    day, calls = Day(small.hall), 0
    for row in rows:
        if isinstance(row.event, TicketCalled) and row.event.why != NOTHING:
            stored = msgspec.json.decode(row.event.why, type=Choice)
            again = day.queue.choose(row.event.window, stored.at)
            assert again == stored
            calls += 1
        day = evolve(day, row)
    assert calls > 100


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_restart_decides_as_if_nothing_had_happened(
    small: Scenario, rows: list[Logged], share: float
) -> None:
    """One server ran through; the other was killed and read the log again."""
    half = rows[: int(len(rows) * share)]
    through, restarted = folded(small, half), folded(small, half)
    now = through.minutes(half[-1].at)
    for window in small.staffed:
        assert through.queue.choose(window, now) == restarted.queue.choose(window, now)
    for row in rows[len(half) :]:
        through, restarted = evolve(through, row), evolve(restarted, row)
    assert through.queue.pace.means == restarted.queue.pace.means
    assert through.queue.pace.learned == restarted.queue.pace.learned


HALL: dict[str, Any] = {
    "format": "hall-dispatch/1",
    "id": "tiny",
    "halls": ["a"],
    "walk": [[0.5]],
    "segments": [[510, 720]],
    "services": [
        {
            "id": "x",
            "name": "x",
            "zone": "z",
            "hall": "a",
            "kind": "accept",
            "mean": 8,
            "target": 20,
        },
        {
            "id": "y",
            "name": "y",
            "zone": "z",
            "hall": "a",
            "kind": "accept",
            "mean": 16,
            "target": 20,
        },
    ],
    "windows": [
        {"id": "1", "hall": "a", "skills": ["x", "y"], "primary": ["x"], "segments": [[510, 720]]},
        {"id": "2", "hall": "a", "skills": ["y"], "primary": ["y"], "segments": [[510, 720]]},
    ],
}


def ticket(id: int, service: str, at: float, **more: Any) -> dict[str, Any]:
    plain = {
        "id": id,
        "service": service,
        "item": 0,
        "hall": "a",
        "issued": at,
        "ready": at,
        "priority": False,
        "appointment": None,
        "transferred": False,
        "returned": False,
    }
    return plain | more


class TestJudgeContract:
    def adapter(self) -> JudgedDispatcher:
        adapter = factory(HALL)
        adapter.window_open("1", ["x", "y"], 510.0)
        return adapter

    def test_a_day(self) -> None:
        a = self.adapter()
        a.add(ticket(1, "x", 520.0), 520.0)
        assert a.predict(1, 520.0) == (0.0, 0.0, 0.0)
        assert a.next_for("1", 520.0) == 1
        a.add(ticket(2, "y", 521.0), 521.0)
        a.add(ticket(3, "y", 522.0, priority=True), 522.0)
        low, mid, high = a.predict(3, 522.0) or (0.0, 0.0, 0.0)
        assert low <= mid <= high
        assert mid > 0.0
        a.finished(1, "1", "served", 530.0)
        assert a.next_for("1", 530.0) == 3
        assert a.next_for("1", 531.0) == 2  # nobody came for 3
        assert a.next_for("1", 540.0) is None

    def test_the_free_window_that_can_do_least(self) -> None:
        a = self.adapter()
        a.window_open("2", ["y"], 511.0)
        assert a.pick_window(ticket(9, "y", 520.0), ["1", "2"], 520.0) == "2"

    def test_a_new_day_begins_empty_and_wiser(self) -> None:
        a = self.adapter()
        for i in range(30):
            a.add(ticket(i, "x", 520.0 + i), 520.0 + i)
            assert a.next_for("1", 520.0 + i) == i
            a.finished(i, "1", "served", 520.0 + i + 16.0)
        a.add(ticket(99, "x", 600.0), 600.0)
        a.new_day(1)
        a.window_open("1", ["x", "y"], 510.0)
        assert a.next_for("1", 520.0) is None
        assert a.dispatcher.pace.means["x"] > 11.0


def test_scenarios_of_the_judge_are_read(tmp_path: Path) -> None:
    scenario = read(scenario_file(tmp_path))
    assert scenario.hall.service_by_id["tax"].mean == 9.0
    assert scenario.staffed["1"] == ((510.0, 720.0), (810.0, 1050.0))
