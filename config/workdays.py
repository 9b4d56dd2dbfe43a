"""Working days: which days count for a deadline, and on which days the hall opens.

The licensing law counts its periods in working days (art. 82). Which weekdays are holidays and
which weekend days are worked is announced every autumn for the year to come; ``calendar/`` holds
the announcements as data. A year without one is guessed from weekends and the holidays with a
fixed date, and everything counted through it is marked provisional.

The first day is not counted and a last day that is no working day moves on (Civil Code art.
201-203); a hall may set ``first_day_counts``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from config.bounds import Text
from config.faults import Fault, HallFileError, both
from config.hall import Calendar, Hall
from config.load import parse_toml, read_bytes

SHIPPED = Path(__file__).parent / "calendar"
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the statutory holidays that no moon moves."""
_DAY = timedelta(days=1)


class Due(NamedTuple):
    """The day on which a period ends; provisional when a year on the way is only guessed."""

    date: date
    provisional: bool


class Holiday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One holiday of a year's announcement, with the weekend days worked for it."""

    name: Text
    rest: tuple[date, ...]
    work: tuple[date, ...] = ()


class Year(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A year's announcement: ``calendar/cn-2026.toml``."""

    year: int
    source: str
    issued: date
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True)
class Workdays:
    """The working days of one hall. `work_calendar` makes one."""

    years: frozenset[int]
    """Years whose announcement is known."""
    rest: frozenset[date]
    """Holidays, weekends among them."""
    work: frozenset[date]
    """Weekend days that are worked."""
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    weekend_opening: frozenset[int] = frozenset()
    first_day_counts: bool = False
    calendar_days: bool = False

    def is_working_day(self, day: date) -> bool:
        """Whether `day` counts for a deadline."""
        if day in self.work:
            return True
        if day in self.rest or day.isoweekday() > 5:
            return False
        return day.year in self.years or (day.month, day.day) not in FIXED

    def is_provisional(self, day: date) -> bool:
        """Whether nobody has announced yet what `day` is."""
        return day.year not in self.years and day not in self.rest and day not in self.work

    def is_opening_day(self, day: date) -> bool:
        """Whether the hall opens on `day`; it may on days that are no working days."""
        if day in self.closed:
            return False
        weekend = day.isoweekday() in self.weekend_opening and day not in self.rest
        return day in self.open or weekend or self.is_working_day(day)

    def opening_days(self, since: date) -> Iterator[date]:
        """The days on which the hall opens, from `since` on."""
        day = since
        while day.year < date.max.year:
            if self.is_opening_day(day):
                yield day
            day += _DAY

    def add_working_days(self, start: date, n: int, first_day_counts: bool = False) -> Due:
        """The `n`-th working day after `start`, or from `start` on when the first day counts.

        With `n` = 0 it is `start`, or the next working day when `start` is none.
        """
        day, left = start, n
        provisional = self.is_provisional(day)
        if first_day_counts and left and self.is_working_day(day):
            left -= 1
        while left > 0 or not self.is_working_day(day):
            day += _DAY
            provisional = provisional or self.is_provisional(day)
            if left and self.is_working_day(day):
                left -= 1
        return Due(day, provisional)

    def due(self, start: date, n: int) -> Due:
        """When a period of `n` days from `start` ends, counted as the hall's rules say."""
        if not self.calendar_days:
            return self.add_working_days(start, n, self.first_day_counts)
        last = start + timedelta(days=n - 1 if self.first_day_counts and n else n)
        return self.add_working_days(last, 0)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(map(self.is_working_day, days))


def work_calendar(hall: Hall, *folders: Path) -> Workdays:
    """The working days of `hall`; `folders` may hold announcements newer than the program's."""
    local = hall.calendar
    national = read_years(*folders)
    rest = {day for year in national.values() for h in year.holidays for day in h.rest}
    work = {day for year in national.values() for h in year.holidays for day in h.work}
    local_rest, local_work = _days(local, "rest"), _days(local, "work")
    return Workdays(
        years=frozenset(national),
        rest=frozenset((rest - local_work) | local_rest),
        work=frozenset((work - local_rest) | local_work),
        closed=_days(local, "closed"),
        open=_days(local, "open"),
        weekend_opening=frozenset(hall.rules.weekend_opening),
        first_day_counts=hall.rules.first_day_counts,
        calendar_days=hall.rules.day_unit == "calendar",
    )


def _days(calendar: Calendar, key: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in getattr(calendar, key))


def first_instant_after(day: date, timezone: str) -> float:
    """Seconds since the epoch at which `day` is over in `timezone`."""
    return datetime.combine(day + _DAY, datetime.min.time(), ZoneInfo(timezone)).timestamp()


def read_years(*folders: Path) -> Mapping[int, Year]:
    """The announcements the program ships, and those in `folders`; a later folder wins."""
    years = dict(_read_folder(SHIPPED))
    for folder in folders:
        years |= {year.year: year for year in map(read_year, sorted(folder.glob("cn-*.toml")))}
    return years


@cache
def _read_folder(folder: Path) -> Mapping[int, Year]:
    return {year.year: year for year in map(read_year, sorted(folder.glob("cn-*.toml")))}


def read_year(path: Path) -> Year:
    """One year's announcement. Raises `HallFileError`."""
    _, raw = parse_toml(read_bytes(path), path.name)
    try:
        year = msgspec.convert(raw, Year)
    except msgspec.ValidationError as error:
        raise _refused(path, str(error)) from None
    first, last = date(year.year - 1, 12, 1), date(year.year + 1, 1, 31)
    days = [day for holiday in year.holidays for day in (*holiday.rest, *holiday.work)]
    for day in days:
        if not first <= day <= last:
            raise _refused(path, f"{day} is no day of {year.year}")
        if days.count(day) > 1:
            raise _refused(path, f"{day} stands there twice")
    return year


def _refused(path: Path, why: str) -> HallFileError:
    return HallFileError([Fault(path.name, "", "", both(why, why))])
