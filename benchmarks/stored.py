"""A data folder with very many tickets of past days in it."""

from datetime import date, timedelta
from pathlib import Path

from config.wire.commands import Reply, Result
from config.wire.events import DayClosed, DayOpened, Event, Logged, TicketIssued
from queue_server.store.log import SqliteLog

A_DAY = 5000


def fill(data: Path, tickets: int, hall: str = "demo", last: date | None = None) -> None:
    """Store `tickets` in days that end before `last` (left out: long ago), each with its reply."""
    log = SqliteLog(data, hall)
    days = -(-tickets // A_DAY)
    first = (last or date(2025, 1, 1)) - timedelta(days=days)
    seq = 0
    for n in range(days):
        day = (first + timedelta(days=n)).isoformat()
        seq = _store_day(log, day, seq, min(A_DAY, tickets - n * A_DAY))
    log.close()


def _store_day(log: SqliteLog, day: str, seq: int, tickets: int) -> int:
    rows: list[Logged] = []
    replies: list[Reply] = []

    def add(event: Event) -> None:
        place = seq + len(rows) + 1
        id = f"{day}.{len(rows)}"
        rows.append(Logged(seq=place, at=0.0, day=day, command=id, by="admin:bench", event=event))
        replies.append(Reply(ok=True, id=id, seq=place, result=Result(number=id)))

    add(DayOpened(day=day, midnight=0.0))
    for n in range(1, tickets + 1):
        number = f"S{n:04d}"
        ticket = f"{day.replace('-', '')}-{number}"
        add(
            TicketIssued(
                ticket=ticket,
                number=number,
                series="social",
                n=n,
                service="social",
                token=f"secret-of-{ticket}",
                journey=ticket,
                order=float(n),
            )
        )
    add(DayClosed(day=day))
    log.append(rows, replies)
    return seq + len(rows)
