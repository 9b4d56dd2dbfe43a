"""Opening hours in words, by the hall's clock (pure)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.hall import Hall, Service


def hours_of(hall: Hall, service: Service) -> tuple[str, ...]:
    """When a service is open, as ``08:30–12:00``."""
    return tuple(_span(hours) for hours in service.hours or hall.rules.hours)


def taking_hours(hall: Hall) -> tuple[str, ...]:
    """When numbers are given out: a little before each opening, until the close."""
    early = timedelta(minutes=hall.rules.take_from)
    spans = []
    for hours in hall.rules.hours:
        first, last = hours.split("-")
        begin = datetime.strptime(first, "%H:%M") - early  # noqa: DTZ007 - a time of day, no date
        spans.append(_span(f"{begin:%H:%M}-{last}"))
    return tuple(spans)


def opens_at(hall: Hall, service: Service, wall: float) -> str | None:
    """The next opening time today, ``HH:MM``; None when there is none."""
    now = datetime.fromtimestamp(wall, ZoneInfo(hall.timezone)).strftime("%H:%M")
    starts = sorted(hours.split("-")[0] for hours in service.hours or hall.rules.hours)
    return next((start for start in starts if start > now), None)


def _span(hours: str) -> str:
    return hours.replace("-", "–")
