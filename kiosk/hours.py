"""Opening hours in words, by the hall's clock (pure)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from config.hall import Hall, Service


def hours_of(hall: Hall, service: Service) -> tuple[str, ...]:
    """When a service is open, as ``08:30–12:00``."""
    return tuple(_span(hours) for hours in service.hours or hall.rules.hours)


def taking_hours(hall: Hall) -> tuple[str, ...]:
    """When numbers are given out: a little before each opening, until the close."""
    spans = []
    for hours in hall.rules.hours:
        first, last = hours.split("-")
        hour, minute = divmod(max(0, _minutes(first) - hall.rules.take_from), 60)
        spans.append(_span(f"{hour:02}:{minute:02}-{last}"))
    return tuple(spans)


def opens_at(hall: Hall, service: Service, wall: float) -> str | None:
    """The next opening time today, ``HH:MM``; None when there is none."""
    now = datetime.fromtimestamp(wall, ZoneInfo(hall.timezone)).strftime("%H:%M")
    starts = sorted(hours.split("-")[0] for hours in service.hours or hall.rules.hours)
    return next((start for start in starts if start > now), None)


def _span(hours: str) -> str:
    return hours.replace("-", "–")


def _minutes(time: str) -> int:
    hour, minute = time.split(":")
    return 60 * int(hour) + int(minute)
