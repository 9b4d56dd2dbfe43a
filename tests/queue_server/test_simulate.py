"""Simulated days: the same for the same seed, honest to the log, and sensitive to what changes."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from config.wire.events import TicketIssued
from queue_server.simulate import simulate, working_day
from queue_server.simulate.chart import chart
from queue_server.simulate.crowd import draw
from queue_server.simulate.figures import figures
from queue_server.simulate.play import Play, Played
from queue_server.simulate.record import read
from queue_server.simulate.replay import as_it_was, busiest, replay_day
from queue_server.simulate.scenario import Closure, Scenario, of_hall, with_windows
from queue_server.simulate.scenario_file import read as read_file
from queue_server.simulate.table import by_service, compare
from tests.queue_server.town import DAY, town

SERVICES = [
    {"id": "tax", "mean": 9.0, "kind": "accept", "weight": 0.5},
    {"id": "land", "mean": 16.0, "kind": "accept", "weight": 0.3},
    {"id": "ask", "mean": 4.0, "kind": "consult", "weight": 0.2},
    {"id": "behind", "mean": 20.0, "kind": "back", "weight": 0.0},
    {"id": "pick", "mean": 3.0, "kind": "pickup", "weight": 0.0},
]


def scenario_file(folder: Path, **changes: Any) -> Path:
    """A small hall in the judge's format: two sites, six windows, a roster, work behind."""
    services = [
        {
            **s,
            "name": s["id"],
            "zone": "z",
            "hall": "south" if s["id"] != "land" else "north",
            "cv": 0.7,
            "target": 20,
            "prefix": "A",
            "next": [],
        }
        for s in SERVICES
    ]
    services[1]["next"] = [{"p": 0.5, "service": "behind", "delay": [5.0, 0.5]}]
    services[3]["next"] = [{"p": 1.0, "service": "pick", "delay": [5.0, 0.5]}]
    services[0]["transfer"] = {"p": 0.05, "to": ["land"]}
    both = ["tax", "land"]
    windows = [
        {"id": "1", "hall": "south", "skills": both, "primary": ["tax"], "factor": {"land": 1.1}},
        {"id": "2", "hall": "south", "skills": ["tax"], "primary": ["tax"]},
        {"id": "3", "hall": "north", "skills": both, "primary": ["land"], "factor": {"tax": 1.1}},
        {"id": "4", "hall": "north", "skills": ["land"], "primary": ["land"]},
        {"id": "5", "hall": "south", "skills": ["ask"], "primary": ["ask"]},
        {
            "id": "6",
            "hall": "south",
            "skills": ["pick"],
            "primary": ["pick"],
            "skills_schedule": [[800, ["pick", "ask"]]],
        },
        {"id": "7", "hall": "south", "skills": ["behind"], "primary": ["behind"]},
    ]
    raw = {
        "format": "hall-scenario/1",
        "id": "small",
        "title": "Small hall",
        "seed": 7,
        "segments": [[510, 720], [810, 1050]],
        "halls": ["south", "north"],
        "walk": [[0.5, 3.0], [3.0, 0.5]],
        "services": services,
        "windows": windows,
        "arrivals": {"load": 0.8, "day_cv": 0.08, "service_day_cv": 0.1, "main": both},
        "people": {
            "priority": 0.1,
            "appointment": 0.1,
            "appt_slot": 15,
            "appt_mean": -6,
            "appt_sd": 6,
            "appt_absent": 0.1,
            "no_show": 0.06,
            "no_show_waste": 1.5,
            "return": 0.5,
            "return_delay": [8, 0.5],
        },
        "clerks": {
            "gap": [0.4, 0.8],
            "speed_cv": 0.08,
            "breaks_per_half_day": 1,
            "break": [8, 0.3],
        },
        "events": [],
        "computed": {"visitors_per_day": 150.0},
        **changes,
    }
    path = folder / "small.json"
    path.write_bytes(msgspec.json.encode(raw))
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return read_file(scenario_file(tmp_path_factory.mktemp("scenario")))


@pytest.fixture(scope="module")
def played(small: Scenario) -> Played:
    return Play(small, draw(small, 0), working_day(0)).run()


class TestCrowd:
    def test_the_same_day_twice(self, small: Scenario) -> None:
        assert draw(small, 3) == draw(small, 3)
        assert draw(small, 3) != draw(small, 4)

    def test_as_many_as_expected(self, small: Scenario) -> None:
        counts = [len(draw(small, n).visitors) for n in range(40)]
        assert sum(counts) / 40 == pytest.approx(150.0, rel=0.08)

    def test_a_rush_brings_more_people_then(self, tmp_path: Path) -> None:
        rush = {"services": ["tax"], "from": 570, "to": 630, "factor": 3.0}
        arrivals = {
            "load": 0.8,
            "day_cv": 0.0,
            "service_day_cv": 0.0,
            "main": ["tax"],
            "rush": [rush],
        }
        busy = read_file(scenario_file(tmp_path, arrivals=arrivals))
        then = [
            sum(570 <= v.at < 630 for v in draw(busy, n).visitors if v.matters[0].service == "tax")
            for n in range(20)
        ]
        quiet = msgspec.structs.replace(busy, rushes=())
        usual = [
            sum(570 <= v.at < 630 for v in draw(quiet, n).visitors if v.matters[0].service == "tax")
            for n in range(20)
        ]
        assert 2.2 < sum(then) / sum(usual) < 3.8

    def test_people_come_while_tickets_are_given_out(self, small: Scenario) -> None:
        for visitor in draw(small, 1).visitors:
            assert 490.0 <= visitor.at < 720.0 or 790.0 <= visitor.at < 1050.0


class TestPlay:
    def test_equal_seeds_equal_logs(self, small: Scenario, played: Played) -> None:
        again = Play(small, draw(small, 0), working_day(0)).run()
        assert again.rows == played.rows

    def test_everybody_is_called_before_the_evening_ends(self, played: Played) -> None:
        record = read(played.rows)
        issued = sum(isinstance(r.event, TicketIssued) for r in played.rows)
        day = figures(record)
        assert day.all.count >= issued > 120
        assert all(p.called is not None for p in record.passages)
        assert day.missed > 0
        assert any(p.returned for p in record.passages)

    def test_a_wait_is_shown_with_nearly_every_ticket(self, played: Played) -> None:
        day = figures(read(played.rows))
        assert day.error is not None
        assert day.error < 8.0
        assert day.inside is not None
        assert day.inside > 0.7

    def test_work_behind_the_scenes_is_a_delay(self, small: Scenario) -> None:
        assert "7" not in small.staffed
        assert [s.service for s in small.onward["land"]] == ["pick"]
        assert small.onward["land"][0].delay[0] == pytest.approx(30.0)

    def test_skills_by_the_clock(self, small: Scenario) -> None:
        record = read(Play(small, draw(small, 2), working_day(2)).run().rows)
        served = {(p.service, (p.called or 0) > 800) for p in record.passages if p.window == "6"}
        assert ("ask", True) in served
        assert ("ask", False) not in served

    def test_more_windows_less_waiting(self, small: Scenario, played: Played) -> None:
        more = with_windows(small, ["1", "4"])
        day = figures(read(Play(more, draw_for(more, small), working_day(0)).run().rows))
        assert day.all.mean < 0.8 * figures(read(played.rows)).all.mean

    def test_a_closure_makes_it_worse(self, small: Scenario, played: Played) -> None:
        broken = msgspec.structs.replace(small, closures=(Closure("4", 560.0, 100.0),))
        record = read(Play(broken, draw(broken, 0), working_day(0)).run().rows)
        shut = [p for p in record.passages if p.window == "4" and 580 < (p.called or 0) < 659]
        assert not shut
        assert figures(record).all.mean > figures(read(played.rows)).all.mean

    def test_no_such_window(self, small: Scenario) -> None:
        with pytest.raises(ValueError, match="not staffed"):
            with_windows(small, ["99"])


def draw_for(more: Scenario, like: Scenario) -> Any:
    """The same people, with clerks for the windows that `more` has in addition."""
    crowd = draw(more, 0)
    assert crowd.visitors == draw(like, 0).visitors
    return crowd


class TestSimulate:
    def test_first_come_first_served_passes_nobody_over(self, small: Scenario) -> None:
        for day, _ in simulate(small, policy="fcfs", days=2, predict=False):
            assert day.skipped == 0.0

    def test_privileges_shorten(self, small: Scenario) -> None:
        days = [day for day, _ in simulate(small, days=4, predict=False)]
        assert sum(d.privileged for d in days) < 0.9 * sum(d.ordinary for d in days)

    def test_progress_is_told(self, small: Scenario) -> None:
        told: list[tuple[int, int]] = []
        simulate(small, days=2, predict=False, progress=lambda done, of: told.append((done, of)))
        assert told == [(1, 2), (2, 2)]

    def test_simulated_days_are_working_days(self) -> None:
        assert [working_day(n) for n in (0, 4, 5)] == ["2026-03-02", "2026-03-06", "2026-03-09"]

    def test_a_hall_file_is_enough(self) -> None:
        """The town has three numbers a day for tax; the others who come for it go home."""
        hall = town(hours=("08:30-12:00", "13:30-17:30"))
        scenario = of_hall(hall, DAY, load=0.7, seed=3)
        [(day, record)] = simulate(scenario, days=1, predict=False)
        assert day.all.count > 20
        assert set(day.windows) <= {"N1", "N2", "N3"}
        assert day.services["tax"].count <= 4
        assert record.day == working_day(0)

    def test_load_is_a_share(self) -> None:
        with pytest.raises(ValueError, match="share"):
            of_hall(town(), DAY, load=85)

    def test_another_format_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_text('{"format": "something"}')
        with pytest.raises(ValueError, match=r"x\.json"):
            read_file(path)


class TestReplay:
    def test_the_same_people_with_the_same_matters(self, small: Scenario, played: Played) -> None:
        record = read(played.rows)
        _, crowd = as_it_was(record, small.hall)
        assert len(crowd.visitors) == len({p.ticket for p in record.passages})
        handled = sum(m.minutes for v in crowd.visitors for m in v.matters if not m.no_show)
        assert handled > 500.0

    def test_played_as_it_was_it_is_nearly_as_it_was(self, small: Scenario, played: Played) -> None:
        again = replay_day(played.rows, small.hall)
        assert again.same.all.count == again.was.all.count
        assert again.same.all.mean == pytest.approx(again.was.all.mean, rel=0.25)
        assert again.changed == again.same

    def test_two_more_windows(self, small: Scenario, played: Played) -> None:
        more = replay_day(played.rows, small.hall, more_windows=2)
        assert more.changed.all.mean < more.same.all.mean
        assert len(more.changed.windows) == len(more.was.windows) + 2

    def test_another_policy(self, small: Scenario, played: Played) -> None:
        assert replay_day(played.rows, small.hall, policy="fcfs").changed.skipped == 0.0

    def test_the_busiest_are_copied(self, played: Played) -> None:
        day = figures(read(played.rows))
        first, second = busiest(day, 2)
        assert first != second
        assert day.windows[first][1] / day.windows[first][2] >= (
            day.windows[second][1] / day.windows[second][2]
        )

    def test_one_day_at_a_time(self, small: Scenario, played: Played) -> None:
        with pytest.raises(ValueError, match="one day"):
            replay_day([*played.rows, *played.rows], small.hall)


class TestShow:
    def test_the_picture_is_well_formed_and_names_the_services(
        self, small: Scenario, played: Played
    ) -> None:
        record = read(played.rows)
        picture = chart(small.hall, figures(record), record)
        root = ET.fromstring(picture)  # noqa: S314 - our own picture
        words = {t.text for t in root.iter("{http://www.w3.org/2000/svg}text")}
        assert {"tax", "land", "预计与实际"} <= words

    def test_an_empty_day_has_a_picture_too(self, small: Scenario) -> None:
        nobody = msgspec.structs.replace(small, visitors={})
        record = read(Play(nobody, draw(nobody, 0), working_day(0)).run().rows)
        ET.fromstring(chart(small.hall, figures(record), record))  # noqa: S314

    def test_tables(self, small: Scenario) -> None:
        one = [d for d, _ in simulate(small, days=1, predict=False)]
        two = [d for d, _ in simulate(small, policy="fcfs", days=1, predict=False)]
        console = Console(width=120, record=True)
        console.print(compare({"fairband": one, "fcfs": two}))
        console.print(by_service(small.hall, one))
        text = console.export_text()
        assert "mean wait" in text
        assert "%)" in text
        assert "land" in text
