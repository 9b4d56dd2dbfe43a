"""The tables of the one database, and how an older file becomes a newer one.

Nothing in it names a person. What the log keeps for ever are the events and the replies to
command ids. `numbers` is there so that the database itself refuses a number given out twice. Each
event carries the hash of itself and the one before (`link`): a changed or missing row shows.

Replies are written in order and found by their id. Ids are random, and an index over them would
make every commit write as many pages as it has commands; so the ids of today are kept in memory
and join the index `settled` when a day begins.
"""

import secrets
import sqlite3
from pathlib import Path

VERSION = 1

_V1 = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    day TEXT NOT NULL,
    command TEXT NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    link BLOB NOT NULL
) STRICT;
CREATE INDEX days ON events (seq) WHERE kind = 'DayOpened';
CREATE TABLE replies (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    reply BLOB NOT NULL
) STRICT;
CREATE TABLE settled (
    id TEXT PRIMARY KEY,
    n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE numbers (
    day TEXT NOT NULL,
    number TEXT NOT NULL,
    ticket TEXT NOT NULL,
    PRIMARY KEY (day, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""

_STEPS = (_V1,)


class StoreError(Exception):
    """The database cannot be used as it is; the text says why and what to do."""


def connect(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Open the database the one way it may be opened: WAL, every commit synced to the disk.

    WAL with ``synchronous=NORMAL`` loses acknowledged tickets when the power goes.
    """
    if not readonly:
        private(path)
    uri = f"{path.absolute().as_uri()}?mode={'ro' if readonly else 'rw'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA foreign_keys = ON")
    if not readonly:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -16384")
    return connection


def private(path: Path) -> Path:
    """Let `path` be a file, and a new one such that only its owner reads it; SQLite gives its
    journal the same rights."""
    if not path.exists():  # never opened here: closing it would drop the locks of this process
        path.touch(mode=0o600)
    return path


def migrate(connection: sqlite3.Connection, hall: str) -> str:
    """Bring the file to `VERSION` in one transaction and return its epoch.

    Raises:
        StoreError: the file is newer than this program, or belongs to another hall.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError(
            f"the data folder is of schema {version}, this program knows {VERSION}: "
            "install the newer program, or restore a backup of this one"
        )
    if version < VERSION:
        connection.execute("BEGIN IMMEDIATE")
        for step in _STEPS[version:]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        put(connection, "epoch", secrets.token_hex(4))
        connection.execute("COMMIT")
    owner = get(connection, "hall")
    if owner is None:
        put(connection, "hall", hall)
    elif owner != hall:
        raise StoreError(f"this data folder belongs to hall {owner!r}, not {hall!r}")
    return get(connection, "epoch") or ""


def get(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else row[0]


def renew_epoch(connection: sqlite3.Connection) -> str:
    """Mark that history was replaced (a restore): displays drop what they remember."""
    epoch = secrets.token_hex(4)
    put(connection, "epoch", epoch)
    return epoch


def put(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))
