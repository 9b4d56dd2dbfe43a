"""What a window offers and when the hall takes people: the hall file read at one moment."""

from datetime import date

from config.hall import Hall, Service, Stage, Window, WindowKind

DAY = 1440.0
"""Minutes of a day."""

_ANY_STAGES = frozenset({Stage.ACCEPT, Stage.INSTANT})


def parse_span(span: str) -> tuple[float, float]:
    """``"08:30-12:00"`` as minutes of the day."""
    start, _, end = span.partition("-")
    return _minute(start), _minute(end)


def _minute(clock: str) -> float:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def inside(spans: tuple[str, ...], minute: float) -> bool:
    """Whether `minute` of the day lies in one of the hours; the night after a day counts on."""
    return any(start <= minute % DAY < end for start, end in map(parse_span, spans))


def takes_people(hall: Hall, service: Service, minute: float) -> bool:
    """Whether tickets for `service` are given out to the public at `minute` of the day."""
    spans = service.hours or hall.rules.hours
    ahead = hall.rules.take_from
    return any(start - ahead <= minute % DAY < end for start, end in map(parse_span, spans))


def offered(hall: Hall, window: Window, day: str, minute: float) -> tuple[str, ...]:
    """Services that `window` offers at `minute` of `day` by the hall file: its roster if one
    applies, else its list, else (comprehensive-any) everything that is accepted in the hall."""
    when = date.fromisoformat(day)
    for shift in window.roster:
        if (
            when.isoweekday() in shift.days
            and (shift.since or day) <= day <= (shift.until or day)
            and (not shift.hours or inside(shift.hours, minute))
        ):
            return shift.services or window.services
    if window.services or window.kind is not WindowKind.COMPREHENSIVE_ANY:
        return window.services
    return tuple(s.id for s in hall.services if s.stage in _ANY_STAGES and not s.hidden)
