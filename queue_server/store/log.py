"""The log: events in order, each commit durable, each command id answered once and for ever.

`Log` is the whole interface; `MemoryLog` is for simulations, `SqliteLog` for halls, and one
contract test runs both. Only one `SqliteLog` may have a data folder open (a lock file says so): two
servers on one log would give out numbers twice.
"""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import msgspec

from config.wire.commands import Reply
from config.wire.events import DayOpened, Event, Logged, TicketIssued
from queue_server.store.schema import StoreError, connect, get, migrate, put

_decode_event: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_decode_reply: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)
_encode = msgspec.json.Encoder().encode

DATABASE = "yichuang.db"


class StorageFailedError(Exception):
    """The batch could not be stored; none of it was."""


class Log(Protocol):
    """An append-only list of events with the replies of the commands that made them."""

    epoch: str

    def append(self, rows: Sequence[Logged], replies: Sequence[Reply]) -> None:
        """Store `rows` and the replies (each with its command id) as one durable commit. Whoever
        appends has asked `replies` first; only ids of today are looked at again.

        Raises:
            StorageFailedError: nothing of it is stored.
        """

    def today(self) -> Iterator[Logged]:
        """Rows since the last `DayOpened`, that one included."""

    def after(self, seq: int, limit: int = 1000) -> list[Logged]:
        """Rows behind `seq`, oldest first."""

    def replies(self, commands: Collection[str]) -> dict[str, Reply]:
        """The replies that those of these command ids once got which are known."""

    def last(self) -> int:
        """The highest `seq`; 0 when empty."""

    def close(self) -> None: ...


class MemoryLog:
    """A log that is gone with the process."""

    def __init__(self) -> None:
        self.epoch = "memory"
        self.rows: list[Logged] = []
        self.answered: dict[str, Reply] = {}
        self._numbers: set[tuple[str, str]] = set()

    def append(self, rows: Sequence[Logged], replies: Sequence[Reply]) -> None:
        issued = [(r.day, r.event.number) for r in rows if isinstance(r.event, TicketIssued)]
        ids = [str(r.id) for r in replies]
        if len({*issued}) < len(issued) or self._numbers & {*issued}:
            raise StorageFailedError("a number was given out twice")
        if len({*ids}) < len(ids) or self.answered.keys() & {*ids}:
            raise StorageFailedError("a command was answered twice")
        if rows and rows[0].seq <= self.last():
            raise StorageFailedError("the log goes on at its end only")
        self._numbers.update(issued)
        self.rows += rows
        self.answered |= dict(zip(ids, replies, strict=True))

    def today(self) -> Iterator[Logged]:
        starts = [i for i, r in enumerate(self.rows) if isinstance(r.event, DayOpened)]
        return iter(self.rows[starts[-1] :] if starts else ())

    def after(self, seq: int, limit: int = 1000) -> list[Logged]:
        return [r for r in self.rows if r.seq > seq][:limit]

    def replies(self, commands: Collection[str]) -> dict[str, Reply]:
        return {id: self.answered[id] for id in commands if id in self.answered}

    def last(self) -> int:
        return self.rows[-1].seq if self.rows else 0

    def close(self) -> None:
        """Nothing to let go of."""


class SqliteLog:
    """The log of a hall, in ``yichuang.db`` of its data folder.

    `append` may run in another thread than the readers; it has a connection of its own.

    Raises:
        StoreError: another server has the folder, or the file is not for this hall or program.
    """

    def __init__(self, data: Path, hall: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(data / "yichuang.lock")
        try:
            self._writer = connect(data / DATABASE)
            self.epoch = migrate(self._writer, hall)
            self._reader = connect(data / DATABASE)
            self._reader.execute("PRAGMA query_only = ON")
            self._link = self._link_before(self.last() + 1)
            newest = self._reader.execute("SELECT coalesce(max(n), 0) FROM replies").fetchone()
            self._answered: int = newest[0]
            self._fresh = self._unsettled()
        except sqlite3.DatabaseError as error:
            os.close(self._lock)
            raise StoreError(f"{data / DATABASE} cannot be read: {error}") from error
        except StoreError:
            os.close(self._lock)
            raise

    def append(self, rows: Sequence[Logged], replies: Sequence[Reply]) -> None:
        ids = [str(r.id) for r in replies]
        if len({*ids}) < len(ids) or self._fresh.keys() & {*ids}:
            raise StorageFailedError("a command was answered twice")
        settle = any(isinstance(r.event, DayOpened) for r in rows)
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            if settle:
                self._settle()
            link = self._insert(rows, replies)
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            # After a full disk SQLite has already rolled back; asking again would raise.
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise StorageFailedError(str(error)) from error
        self._link = link
        if settle:
            self._fresh.clear()
        for id in ids:
            self._answered += 1
            self._fresh[id] = self._answered

    def _insert(self, rows: Sequence[Logged], replies: Sequence[Reply]) -> bytes:
        """Insert without committing, and return the link of the last row."""
        linked = []
        link = self._link
        for row in map(_row, rows):
            link = chain(link, row)
            linked.append((*row, link))
        self._writer.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", linked)
        self._writer.executemany(
            "INSERT INTO numbers VALUES (?, ?, ?)",
            [
                (r.day, r.event.number, r.event.ticket)
                for r in rows
                if isinstance(r.event, TicketIssued)
            ],
        )
        first = self._answered + 1
        self._writer.executemany(
            "INSERT INTO replies VALUES (?, ?, ?)",
            [(n, r.id, _encode(r)) for n, r in enumerate(replies, start=first)],
        )
        return link

    def _settle(self) -> None:
        """Move the ids in memory to the index, in its own order: quick, and once a day. Of an id
        answered in two days the first reply stays."""
        self._writer.executemany(
            "INSERT OR IGNORE INTO settled VALUES (?, ?)", sorted(self._fresh.items())
        )
        put(self._writer, "settled", str(self._answered))

    def _unsettled(self) -> dict[str, int]:
        done = int(get(self._reader, "settled") or 0)
        rows = self._reader.execute("SELECT id, n FROM replies WHERE n > ?", (done,))
        return {row[0]: row[1] for row in rows}

    def today(self) -> Iterator[Logged]:
        found = self._reader.execute("SELECT max(seq) FROM events WHERE kind = 'DayOpened'")
        start = found.fetchone()[0]
        if start is None:
            return iter(())
        found = self._reader.execute(f"{SELECT} WHERE seq >= ? ORDER BY seq", (start,))
        return map(_logged, verified(found, start, self._link_before(start)))

    def _link_before(self, seq: int) -> bytes:
        found = self._reader.execute("SELECT link FROM events WHERE seq = ?", (seq - 1,))
        row = found.fetchone()
        return b"" if row is None else bytes(row[0])

    def after(self, seq: int, limit: int = 1000) -> list[Logged]:
        found = self._reader.execute(f"{SELECT} WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit))
        return [_logged(row) for row in found]

    def replies(self, commands: Collection[str]) -> dict[str, Reply]:
        places = [self._fresh[id] for id in commands if id in self._fresh]
        older = [id for id in commands if id not in self._fresh]
        places += [row[0] for row in self._reader.execute(_SETTLED, (_encode(older),))]
        if not places:
            return {}
        found = self._reader.execute(_REPLIES, (_encode(places),))
        return {row[0]: _decode_reply.decode(row[1]) for row in found}

    def last(self) -> int:
        return int(self._reader.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0])

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
        os.close(self._lock)


_SETTLED = "SELECT n FROM settled WHERE id IN (SELECT value FROM json_each(?))"
_REPLIES = "SELECT id, reply FROM replies WHERE n IN (SELECT value FROM json_each(?))"
"""One statement for a whole batch: each alone would lock and unlock the file."""

SELECT = "SELECT seq, at, day, command, by, kind, body, link FROM events"

Row = tuple[Any, ...]


def chain(before: bytes, row: Row) -> bytes:
    """The link of `row` (without its own) behind a row whose link is `before`."""
    seq, at, day, command, by, kind, body = row
    digest = blake2b(before, digest_size=16)
    digest.update(f"{seq}|{at!r}|{day}|{command}|{by}|{kind}|".encode())
    digest.update(body)
    return digest.digest()


def verified(rows: Iterable[Row], first: int, before: bytes) -> Iterator[Row]:
    """The rows as they are, as long as each follows from the one before.

    Raises:
        StoreError: a row was changed, or one is missing.
    """
    for expected, row in enumerate(rows, start=first):
        if row[0] != expected:
            raise StoreError(f"event {expected} is missing from the log")
        before = chain(before, row[:7])
        if before != row[7]:
            raise StoreError(f"event {expected} of the log is not as it was written")
        yield row


def _row(row: Logged) -> Row:
    kind = type(row.event).__name__
    return (row.seq, row.at, row.day, row.command, row.by, kind, _encode(row.event))


def _logged(row: Row) -> Logged:
    seq, at, day, command, by, _, body, _ = row
    event = _decode_event.decode(body)
    return Logged(seq=seq, at=at, day=day, command=command, by=by, event=event)


def _lock(path: Path) -> int:
    """Hold an exclusive lock on `path` for as long as the process lives."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise StoreError(
            f"another server works on {path.parent}; stop it first, or choose another data folder"
        ) from None
    return handle


def rows_of(data: Path, day: str) -> list[Logged]:
    """The rows of one business day, while a server may be running.

    Raises:
        StoreError: there is no database.
    """
    if not (data / DATABASE).is_file():
        raise StoreError(f"{data} holds no database")
    connection = connect(data / DATABASE, readonly=True)
    try:
        found = connection.execute(f"{SELECT} WHERE day = ? ORDER BY seq", (day,))
        return [_logged(row) for row in found]
    finally:
        connection.close()


@contextlib.contextmanager
def stopped(data: Path) -> Iterator[None]:
    """Hold the folder, so that no server starts on it meanwhile.

    Raises:
        StoreError: a server works on it.
    """
    handle = _lock(data / "yichuang.lock")
    try:
        yield
    finally:
        os.close(handle)
