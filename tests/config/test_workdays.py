"""Working days against two foreign calendars, the vectors, and what must hold for any of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.hall import Calendar, Hall, Rules
from config.load import HallFileError, load_hall, shipped
from config.workdays import Workdays, first_instant_after, read_year, read_years, work_calendar

HALL = load_hall(shipped("demo"))
CHINA = work_calendar(HALL)
DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]


def hall(calendar: Calendar | None = None, rules: Rules | None = None) -> Hall:
    return msgspec.structs.replace(HALL, calendar=calendar or Calendar(), rules=rules or HALL.rules)


def test_every_day_of_two_years_is_what_chinesecalendar_says() -> None:
    assert [CHINA.is_working_day(d) for d in DAYS] == [chinese_calendar.is_workday(d) for d in DAYS]


def test_every_day_of_two_years_is_what_holidays_says() -> None:
    china = holidays.country_holidays("CN", years=(2025, 2026))
    assert [CHINA.is_working_day(d) for d in DAYS] == [china.is_working_day(d) for d in DAYS]


@pytest.mark.parametrize(("year", "rest", "work"), [(2025, 18, 5), (2026, 19, 6)])
def test_a_year_has_248_working_days(year: int, rest: int, work: int) -> None:
    days = [day for day in DAYS if day.year == year]
    weekdays = [day for day in days if day.isoweekday() < 6]
    assert sum(map(CHINA.is_working_day, days)) == 248
    assert sum(not CHINA.is_working_day(day) for day in weekdays) == rest
    assert sum(CHINA.is_working_day(day) for day in days if day not in weekdays) == work


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-02-13", 5, "2026-02-27"),  # a working Saturday, Spring Festival
        ("2026-02-14", 2, "2026-02-25"),  # from a working Saturday
        ("2026-02-13", 10, "2026-03-05"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-04-30", 2, "2026-05-07"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-09-18", 5, "2026-09-24"),  # a working Sunday
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 10, "2026-10-20"),
        ("2025-01-24", 5, "2025-02-07"),
        ("2025-09-30", 5, "2025-10-14"),
        ("2026-01-03", 1, "2026-01-04"),  # from a day of rest
        ("2026-11-22", 20, "2026-12-18"),
    ],
)
def test_vectors(start: str, n: int, due: str) -> None:
    found = CHINA.add_working_days(date.fromisoformat(start), n)
    assert found == (date.fromisoformat(due), False)


def test_a_deadline_over_new_year_is_provisional_and_no_crash() -> None:
    found = CHINA.add_working_days(date(2026, 11, 2), 45)
    assert found.provisional
    assert found.date == date(2027, 1, 5)  # 1 January is a holiday whatever is announced
    assert not CHINA.add_working_days(date(2026, 11, 2), 40).provisional


def test_a_guessed_year_has_its_fixed_holidays() -> None:
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    rest = [d for d in days if d.isoweekday() < 6 and not CHINA.is_working_day(d)]
    assert [(d.month, d.day) for d in rest] == [(1, 1), (10, 1)]
    assert all(map(CHINA.is_provisional, days))


def test_the_first_day_counts_when_the_hall_says_so() -> None:
    friday = date(2026, 11, 20)
    assert CHINA.add_working_days(friday, 1, first_day_counts=True).date == friday
    assert CHINA.add_working_days(friday, 2, first_day_counts=True).date == date(2026, 11, 23)
    sunday = date(2026, 11, 22)
    assert CHINA.add_working_days(sunday, 1, first_day_counts=True).date == date(2026, 11, 23)
    counted = work_calendar(hall(rules=Rules(first_day_counts=True)))
    assert counted.due(friday, 2).date == date(2026, 11, 23)
    assert CHINA.due(friday, 2).date == date(2026, 11, 24)


def test_calendar_days_end_on_a_working_day() -> None:
    days = work_calendar(hall(rules=Rules(day_unit="calendar")))
    assert days.due(date(2026, 11, 20), 5).date == date(2026, 11, 25)
    assert days.due(date(2026, 11, 20), 1).date == date(2026, 11, 23)
    assert days.due(date(2026, 9, 28), 5).date == date(2026, 10, 8)


def test_a_closed_hall_moves_no_deadline_and_a_local_holiday_does() -> None:
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    closed = work_calendar(hall(Calendar(closed=("2026-11-24",))))
    assert not closed.is_opening_day(tuesday)
    assert closed.due(monday, 1).date == tuesday
    local = work_calendar(hall(Calendar(rest=("2026-11-24",))))
    assert not local.is_opening_day(tuesday)
    assert local.due(monday, 1).date == date(2026, 11, 25)
    worked = work_calendar(hall(Calendar(work=("2026-11-28",))))
    assert worked.is_working_day(date(2026, 11, 28))
    undone = work_calendar(hall(Calendar(work=("2026-10-01",))))
    assert undone.is_working_day(date(2026, 10, 1))


def test_opening_on_saturdays_makes_no_working_day() -> None:
    days = work_calendar(hall(Calendar(open=("2026-11-29",)), Rules(weekend_opening=(6,))))
    saturday, sunday = date(2026, 11, 28), date(2026, 11, 29)
    assert days.is_opening_day(saturday)
    assert days.is_opening_day(sunday)
    assert not days.is_working_day(saturday)
    assert not days.is_opening_day(date(2026, 10, 3)), "a Saturday inside a holiday"
    opening = days.opening_days(date(2026, 11, 27))
    assert [next(opening).day for _ in range(4)] == [27, 28, 29, 30]


def test_a_day_is_over_at_midnight_in_the_hall() -> None:
    over = first_instant_after(date(2026, 11, 27), "Asia/Shanghai")
    assert datetime.fromtimestamp(over, UTC) == datetime(2026, 11, 27, 16, tzinfo=UTC)
    received = date(2026, 11, 20)
    told_by = CHINA.add_working_days(received, 5).date
    assert first_instant_after(told_by, "Asia/Shanghai") == over


def test_a_newer_announcement_makes_a_year_certain(tmp_path: Path) -> None:
    announced = '[[holidays]]\nname = { zh = "春节" }\nrest = [2027-02-05]\nwork = [2027-02-06]\n'
    (tmp_path / "cn-2027.toml").write_text(
        'year = 2027\nsource = "test"\nissued = 2026-11-25\n' + announced, "utf-8"
    )
    days = work_calendar(HALL, tmp_path)
    assert not days.add_working_days(date(2026, 11, 2), 45).provisional
    assert not days.is_working_day(date(2027, 2, 5))
    assert days.is_working_day(date(2027, 2, 6))
    assert days.is_working_day(date(2027, 1, 1)), "only what the announcement says"
    assert 2027 not in read_years()


@pytest.mark.parametrize(
    "holiday",
    [
        "rest = [2031-02-05]",
        "rest = [2027-02-05]\nwork = [2027-02-05]",
        'rest = ["soon"]',
        "rast = [2027-02-05]",
    ],
)
def test_a_wrong_announcement_is_refused(tmp_path: Path, holiday: str) -> None:
    file = tmp_path / "cn-2027.toml"
    head = 'year = 2027\nsource = "x"\nissued = 2026-11-25\n\n[[holidays]]\nname = { zh = "节" }\n'
    file.write_text(head + holiday + "\n", "utf-8")
    with pytest.raises(HallFileError, match=r"cn-2027\.toml"):
        read_year(file)


starts = st.dates(date(2024, 12, 1), date(2027, 3, 1))
counts = st.integers(1, 120)


@given(starts, counts, counts)
def test_more_days_end_later(start: date, a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert CHINA.add_working_days(start, low) <= CHINA.add_working_days(start, high)


@given(starts, counts, counts)
def test_a_then_b_is_a_plus_b(start: date, a: int, b: int) -> None:
    """So a clock stopped for b working days ends exactly b working days later."""
    then = CHINA.add_working_days(CHINA.add_working_days(start, a).date, b)
    assert then.date == CHINA.add_working_days(start, a + b).date


@given(starts, counts)
def test_a_deadline_is_a_working_day_and_counts_back(start: date, n: int) -> None:
    due = CHINA.add_working_days(start, n).date
    assert CHINA.is_working_day(due)
    assert CHINA.between(start, due) == n
    assert CHINA.between(due, start) == -n


@settings(max_examples=200)
@given(starts, counts, st.sampled_from(sorted(CHINA.rest)))
def test_a_holiday_less_is_never_later(start: date, n: int, day: date) -> None:
    fewer: Workdays = replace(CHINA, rest=CHINA.rest - {day})
    assert fewer.add_working_days(start, n).date <= CHINA.add_working_days(start, n).date


@given(starts)
def test_no_days_from_a_day_of_rest_end_on_the_next_working_day(start: date) -> None:
    due = CHINA.add_working_days(start, 0).date
    assert due == (start if CHINA.is_working_day(start) else CHINA.add_working_days(start, 1).date)
