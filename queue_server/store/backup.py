"""Backups, and what happens when the database is damaged.

A backup is a copy made while the server runs, checked before it counts as one. A damaged database
is never thrown away and never silently replaced by an empty one: it is put aside, the newest good
backup takes its place, whatever rows can still be read behind that backup are added, and the
epoch changes so that displays forget what they remember.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from queue_server.store.log import DATABASE, SELECT, Row, stopped, verified
from queue_server.store.schema import StoreError, connect, get, migrate, private, renew_epoch

FOLDER = "backups"
KEEP = 48
DAMAGE = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file raises; the words of SQLite's own complaint may be damaged too."""
_NO_DAMAGE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""Complaints about the machine around the file. A sound database must not be put aside for them."""
CHECK_BELOW = 64 * 1024 * 1024
"""Bytes up to which a database is checked at every start; larger ones with every backup."""


def sound(path: Path) -> bool:
    """Whether the file is a database without visible damage.

    Raises:
        StoreError: that cannot be told, because the file cannot be opened.
    """
    try:
        with contextlib.closing(connect(path, readonly=True)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        if code & 0xFF in _NO_DAMAGE and code != sqlite3.SQLITE_IOERR_SHORT_READ:
            raise StoreError(f"{path} cannot be opened: {error}") from error
        return False
    except UnicodeDecodeError:
        return False


def backup(data: Path, now: datetime | None = None) -> Path:
    """Copy the database of `data` into its ``backups`` and return the checked copy.

    Raises:
        StoreError: there is no database, or the copy is damaged.
    """
    source = data / DATABASE
    if not source.is_file():
        raise StoreError(f"{data} holds no database")
    folder = data / FOLDER
    folder.mkdir(exist_ok=True)
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    target = folder / f"yichuang-{stamp}.db"
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    reader, writer = connect(source, readonly=True), sqlite3.connect(private(part))
    try:
        reader.backup(writer)
        writer.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StoreError(f"the backup failed: {error}") from error
    finally:
        reader.close()
        writer.close()
    if not sound(part):
        raise StoreError(f"the copy {part} is damaged; the database itself may be")
    part.replace(target)
    for old in backups(data)[KEEP:]:
        old.unlink()
    return target


def backups(data: Path) -> list[Path]:
    """Backups of `data`, newest first."""
    return sorted((data / FOLDER).glob("yichuang-*.db"), reverse=True)


def restore(data: Path, source: Path) -> None:
    """Put `source` in the place of the database; the present one is kept beside it.

    Raises:
        StoreError: `source` is no sound database.
    """
    if not sound(source):
        raise StoreError(f"{source} is no sound database; nothing was changed")
    if (data / DATABASE).exists():
        _aside(data, "replaced")
    part = data / f"{DATABASE}.part"
    shutil.copyfile(source, private(part))
    part.replace(data / DATABASE)
    _new_epoch(data)


def repair(data: Path, hall: str) -> str:
    """Make a damaged database usable and say what was done; empty when it was sound.

    Raises:
        StoreError: nothing could be read and there is no backup; or the file cannot be opened; or
            a server works on it.
    """
    path = data / DATABASE
    if not path.exists() or path.stat().st_size > CHECK_BELOW:
        return ""
    with stopped(data):
        return "" if sound(path) else _repair(data, path, hall)


def _repair(data: Path, path: Path, hall: str) -> str:
    good = next((b for b in backups(data) if sound(b)), None)
    damaged = _aside(data, "damaged")
    if good is not None:
        shutil.copyfile(good, private(path))
    connection = connect(path)
    try:
        migrate(connection, hall)
        saved = _salvage(damaged, connection)
        last = connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]
    finally:
        connection.close()
    if not last:
        path.unlink()
        raise StoreError(
            f"the database is damaged, nothing in it can be read and there is no backup; it is "
            f"kept as {damaged.name}. Move it away to start with an empty hall"
        )
    _new_epoch(data)
    source = f"backup {good.name}" if good is not None else "the readable part"
    return (
        f"the database was damaged and is kept as {damaged.name}; went on from {source} with "
        f"{saved} further events saved, up to event {last}"
    )


def _salvage(damaged: Path, target: sqlite3.Connection) -> int:
    """Add the rows of `damaged` that follow the last one of `target`, up to the first that is
    missing or not as it was written."""
    found = target.execute("SELECT seq, link FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    last, link = (found[0], bytes(found[1])) if found else (0, b"")
    saved = 0
    target.execute("BEGIN IMMEDIATE")
    with contextlib.suppress(StoreError):
        for row in verified(_readable(damaged, last), last + 1, link):
            target.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            saved += 1
    target.execute(
        "INSERT OR IGNORE INTO numbers SELECT day, json_extract(body, '$.number'), "
        "json_extract(body, '$.ticket') FROM events WHERE kind = 'TicketIssued'"
    )
    target.execute("COMMIT")
    return saved


def _readable(damaged: Path, after: int) -> Iterator[Row]:
    try:
        connection = connect(damaged, readonly=True)
    except DAMAGE:
        return
    try:
        yield from connection.execute(f"{SELECT} WHERE seq > ? ORDER BY seq", (after,))
    except DAMAGE:
        return
    finally:
        connection.close()


def _aside(data: Path, why: str) -> Path:
    """Rename the database with its journal, so that nothing of it is mixed with another."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    name = f"yichuang-{why}-{stamp}.db"
    for suffix in ("-wal", "-shm", ""):
        part = data / f"{DATABASE}{suffix}"
        if part.exists():
            part.rename(data / f"{name}{suffix}")
    return data / name


def _new_epoch(data: Path) -> None:
    connection = connect(data / DATABASE)
    try:
        if get(connection, "epoch") is not None:
            renew_epoch(connection)
    finally:
        connection.close()
