"""The waits people are shown: of waiting tickets, of newcomers, and of nobody who is not served."""

from pathlib import Path

from config.wire import commands as c
from queue_server.engine.views import Interval
from queue_server.forecast import MOST, Forecast, read_calibration, write_calibration
from tests.queue_server.town import CLOCK, DAY, NINE, Story, town


def day_of(*windows: str) -> tuple[Story, Forecast]:
    story = Story(town())
    for window in windows:
        story.do(c.OpenWindow, window=window)
    return story, Forecast(story.hall)


def waits(story: Story, forecast: Forecast, at: float) -> dict[str, Interval]:
    for row in story.rows:
        forecast.saw(story.day, row)
    return forecast.waits(story.day, NINE + at)


def test_nobody_waits_where_a_window_is_free() -> None:
    story, forecast = day_of("N1")
    assert waits(story, forecast, 600)["social"] == (0, 0)


def test_those_who_come_later_wait_longer() -> None:
    story, forecast = day_of("N1")
    for n in range(12):
        story.do(c.IssueTicket, at=600 + n, service="social")
    found = waits(story, forecast, 620)
    first, last = found["20261123-A001"], found["20261123-A012"]
    assert first[1] < last[1] <= found["social"][1]
    assert all(low % 5 == 0 and high % 5 == 0 for low, high in found.values())


def test_what_nobody_serves_has_no_wait() -> None:
    story, forecast = day_of("N2")
    story.do(c.CloseWindow, window="N2")
    story.do(c.IssueTicket, at=60, service="social")
    afternoon = 4.9 * 3600
    assert waits(story, forecast, afternoon + 3600) == {}


def test_a_machine_gone_mad_is_no_crowd_to_foretell() -> None:
    story, forecast = day_of("N1")
    for _ in range(MOST):
        story.do(c.IssueTicket, at=600, service="social")
    assert waits(story, forecast, 620)["social"][1] > 60
    story.do(c.IssueTicket, at=600, service="social")
    assert forecast.waits(story.day, NINE + 621) == {}
    assert forecast.advice(story.day, NINE + 621) is None


def test_a_window_is_suggested_while_people_wait_too_long() -> None:
    story, forecast = day_of("N1")
    assert waits(story, forecast, 300)
    assert forecast.advice(story.day, NINE + 300) is None
    for n in range(14):
        story.do(c.IssueTicket, at=600 + n, service="social")
        forecast.saw(story.day, story.rows[-1])
    found = forecast.advice(story.day, NINE + 620)
    assert found is not None
    assert (found.window, found.services) == ("N2", ("social",))
    story.do(c.CloseDay, at=700, by=CLOCK, day=DAY)
    assert forecast.advice(story.day, NINE + 700) is None


def test_before_opening_the_wait_reaches_to_the_opening() -> None:
    """At 8:15 nobody is at a window; the first one will be at 8:30."""
    story, forecast = day_of()
    story.do(c.IssueTicket, at=-45 * 60, service="social")
    low, high = waits(story, forecast, -45 * 60)["20261123-A001"]
    assert low <= 15 <= high


def test_what_was_learned_outlives_a_restart(tmp_path: Path) -> None:
    story, forecast = day_of("N1")
    for n in range(30):
        story.do(c.IssueTicket, at=n, service="social")
    waits(story, forecast, 60)
    for n in range(30):
        story.do(c.CallNext, at=120 + 300 * n, window="N1")
        forecast.saw(story.day, story.rows[-1])
    file = tmp_path / "forecast.json"
    assert read_calibration(file) is None
    write_calibration(file, forecast)
    assert read_calibration(file) == forecast.calibration
    assert Forecast(story.hall, read_calibration(file)).calibration == forecast.calibration
    file.write_bytes(b"rubbish")
    assert read_calibration(file) is None


def test_a_full_disk_costs_what_was_learned_and_nothing_else(tmp_path: Path) -> None:
    """F15: the hall stops as it should."""
    story, forecast = day_of()
    story.do(c.IssueTicket, service="social")
    forecast.saw(story.day, story.rows[-1])
    assert forecast.calibration is not None
    write_calibration(tmp_path / "no such folder" / "forecast.json", forecast)
