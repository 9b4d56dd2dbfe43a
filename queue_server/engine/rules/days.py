"""Commands of the clock: a business day opens and closes, once."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from config.wire import commands as c
from config.wire import events as e
from queue_server.engine.asked import Asked, Decision, Rejected
from queue_server.engine.state import Day
from queue_server.engine.transitions import ENDED


def day_start(day: str, timezone: str) -> float:
    """Midnight at the start of `day` in the hall, seconds since the epoch."""
    return (
        datetime.combine(date.fromisoformat(day), datetime.min.time())
        .replace(tzinfo=ZoneInfo(timezone))
        .timestamp()
    )


def open_day(day: Day, asked: Asked, command: c.OpenDay) -> Decision:
    if day.open:
        raise Rejected("day-open")
    if command.day <= day.day:
        raise Rejected("day-closed", f"{command.day} is over; a closed day never opens again")
    try:
        midnight = day_start(command.day, day.hall.timezone)
    except ValueError:
        raise Rejected("malformed", f"{command.day} is no day") from None
    learned = msgspec.Raw(msgspec.json.encode(day.queue.pace.learned))
    event = e.DayOpened(day=command.day, midnight=midnight, learned=learned)
    return Decision((event,), c.Result(day=command.day))


def close_day(day: Day, asked: Asked, command: c.CloseDay) -> Decision:
    if command.day != day.day:
        raise Rejected("day-closed", f"the open day is {day.day}")
    expired = [e.TicketExpired(ticket=t.id) for t in day.tickets.values() if t.state not in ENDED]
    return Decision((*expired, e.DayClosed(day=day.day)), c.Result(day=day.day))
