"""Who may come in: people with passwords, programs and devices with tokens, and open sessions.

Everything is in the hall's one database and read anew each time, so that a token made or revoked
by another process counts at once. Secrets are never kept: of a password there is the argon2id hash,
of a token and a session the SHA-256 (they are random, so nothing slower is needed), and for the
broker the hash that Mosquitto wants.

An account's name is what the log shows. It is a position (``clerk-n1``) and never a person's name.
"""

import hashlib
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from queue_server.engine.roles import Actor, Role
from queue_server.store.log import DATABASE
from queue_server.store.passwords import check_new, hash_of, is_outdated, is_right
from queue_server.store.schema import connect

IDLE = 30 * 60.0
"""Seconds without a request after which a session ends. An open page makes requests."""
LONGEST = 12 * 3600.0
"""Seconds after which a session ends whatever happens."""

PEOPLE = frozenset({Role.ADMIN, Role.MANAGER, Role.SUPERVISOR, Role.GUIDE, Role.CLERK})
_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")

TRUSTED = 1.0
"""Seconds for which a token that was right is believed without looking."""

_TABLES = """
CREATE TABLE IF NOT EXISTS people (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL,
    windows TEXT,
    created REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    secret BLOB NOT NULL,
    broker TEXT,
    windows TEXT,
    area TEXT,
    created REAL NOT NULL,
    revoked REAL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    id BLOB PRIMARY KEY,
    person TEXT NOT NULL COLLATE NOCASE REFERENCES people (name) ON DELETE CASCADE,
    created REAL NOT NULL,
    seen REAL NOT NULL
) STRICT, WITHOUT ROWID;
"""


class AccountError(ValueError):
    """An account that cannot be made or changed; the text says why."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in with a password."""

    name: str
    role: Role
    windows: frozenset[str] | None
    must_change: bool

    @property
    def actor(self) -> Actor:
        return Actor(self.role, self.name, self.windows)


@dataclass(frozen=True, slots=True)
class Token:
    """A program or device. `broker` is the password hash its broker account has."""

    name: str
    role: Role
    windows: frozenset[str] | None
    area: str | None
    broker: str | None
    created: float
    revoked: float | None

    @property
    def actor(self) -> Actor:
        return Actor(self.role, self.name, self.windows)


class Accounts:
    """The accounts of the hall whose data folder is `data`.

    Methods with a password take some 50 ms and are to be called from a thread of their own.
    """

    def __init__(self, data: Path, *, clock: Callable[[], float] = time.time) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._path = data / DATABASE
        self._clock = clock
        with self._open() as db:
            db.executescript(_TABLES)
        self._reader = connect(self._path)
        self._reader.execute("PRAGMA query_only = ON")
        self._trusted: dict[str, tuple[float, Actor]] = {}

    def close(self) -> None:
        self._reader.close()

    # -- people -----------------------------------------------------------------------------------

    def first_admin(self) -> tuple[str, str] | None:
        """Make ``admin`` with a random password if there is nobody yet; name and password, to be
        shown once."""
        if self.people():
            return None
        password = secrets.token_urlsafe(12)
        self.add_person("admin", Role.ADMIN, password)
        return "admin", password

    def add_person(
        self,
        name: str,
        role: Role,
        password: str,
        *,
        windows: frozenset[str] | None = None,
        must_change: bool = True,
    ) -> None:
        """Make an account. `windows` limits what it may act on; None is no limit.

        Raises:
            AccountError: a bad or taken name, or a role that is not for people.
            BadPasswordError: the password would be guessed.
        """
        _check_name(name)
        if role not in PEOPLE:
            raise AccountError(f"{role} is for programs, not for people")
        check_new(password, name)
        row = (name, role, hash_of(password), must_change, _pack(windows), self._clock())
        try:
            with self._write() as db:
                db.execute("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            raise AccountError(f"there is an account {name!r} already") from None

    def people(self) -> list[Person]:
        rows = self._reader.execute(_PEOPLE + "ORDER BY name")
        return [_person(row) for row in rows.fetchall()]

    def check(self, name: str, password: str) -> Person | None:
        """The person with this name and password; None (after the same time) for anybody else."""
        with self._open() as db:
            found = db.execute(_PEOPLE + "WHERE name = ?", (name,))
            row = found.fetchone()
        if not is_right(password, None if row is None else row[-1]):
            return None
        if is_outdated(row[-1]):
            with self._write() as db:
                db.execute(
                    "UPDATE people SET password = ? WHERE name = ?", (hash_of(password), name)
                )
        return _person(row)

    def set_password(self, name: str, password: str, *, must_change: bool = False) -> None:
        """Give `name` a new password and end all its sessions.

        Raises:
            AccountError: no such account, or the password is the old one.
            BadPasswordError: the password would be guessed.
        """
        check_new(password, name)
        if self.check(name, password) is not None:
            raise AccountError("the new password is the old one")
        new = hash_of(password)
        with self._write() as db:
            changed = db.execute(
                "UPDATE people SET password = ?, must_change = ? WHERE name = ?",
                (new, must_change, name),
            )
            db.execute("DELETE FROM sessions WHERE person = ?", (name,))
            if changed.rowcount == 0:
                raise AccountError(f"there is no account {name!r}")

    def remove_person(self, name: str) -> bool:
        """Remove an account and its sessions; whether there was one."""
        with self._write() as db:
            return db.execute("DELETE FROM people WHERE name = ?", (name,)).rowcount > 0

    # -- tokens -----------------------------------------------------------------------------------

    def add_token(
        self,
        name: str,
        role: Role,
        *,
        windows: frozenset[str] | None = None,
        area: str | None = None,
        broker_hash: Callable[[str], str] | None = None,
    ) -> str:
        """Make a token and return it; it cannot be shown again. A revoked name may be used anew.

        `broker_hash` makes the hash for the device's broker account from the whole token.

        Raises:
            AccountError: a bad name, one that is in use, or the clock's own role.
        """
        _check_name(name)
        if role is Role.SYSTEM:
            raise AccountError("the system role is the server's own")
        token = f"{name}.{secrets.token_urlsafe(32)}"
        broker = None if broker_hash is None else broker_hash(token)
        row = (name, role, _digest(token), broker, _pack(windows), area, self._clock())
        with self._write() as db:
            db.execute("DELETE FROM tokens WHERE name = ? AND revoked IS NOT NULL", (name,))
            try:
                db.execute("INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", row)
            except sqlite3.IntegrityError:
                raise AccountError(f"there is a token {name!r} already; revoke it first") from None
        return token

    def tokens(self) -> list[Token]:
        """All tokens, revoked ones too."""
        rows = self._reader.execute(_TOKENS + "ORDER BY name")
        return [_token(row) for row in rows.fetchall()]

    def token_of(self, name: str) -> Token | None:
        """The token of this name that is in force: who a client of the broker is."""
        found = self._reader.execute(_TOKENS + "WHERE name = ? AND revoked IS NULL", (name,))
        row = found.fetchone()
        return None if row is None else _token(row)

    def find_token(self, token: str) -> Actor | None:
        """Who bears `token`; None for a wrong or revoked one. What another process revokes counts
        after `TRUSTED` seconds at the latest."""
        known = self._trusted.get(token)
        if known is not None and 0 <= self._clock() - known[0] < TRUSTED:
            return known[1]
        actor = self._look_up(token)
        if actor is not None:
            self._trusted[token] = (self._clock(), actor)
        else:
            self._trusted.pop(token, None)
        return actor

    def _look_up(self, token: str) -> Actor | None:
        name, _, _ = token.partition(".")
        found = self._reader.execute(_TOKENS + "WHERE name = ? AND revoked IS NULL", (name,))
        row = found.fetchone()
        if row is None or not secrets.compare_digest(row[-1], _digest(token)):
            return None
        return _token(row).actor

    def revoke(self, name: str) -> bool:
        """Take a token out of force, at once; whether it was in force."""
        with self._write() as db:
            changed = db.execute(
                "UPDATE tokens SET revoked = ?, broker = NULL WHERE name = ? AND revoked IS NULL",
                (self._clock(), name),
            )
        self._trusted.clear()
        return changed.rowcount > 0

    # -- sessions ---------------------------------------------------------------------------------

    def open_session(self, name: str) -> str:
        """Begin a session of `name`; the secret that goes into the cookie."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        with self._write() as db:
            db.execute(
                "DELETE FROM sessions WHERE seen < ? OR created < ?", (now - IDLE, now - LONGEST)
            )
            db.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)", (_digest(secret), name, now, now)
            )
        return secret

    def session(self, secret: str) -> tuple[Person, float] | None:
        """Whose session this is and when it was last used; None when it is over."""
        now = self._clock()
        found = self._reader.execute(
            "SELECT name, role, windows, must_change, password, seen"
            " FROM sessions JOIN people ON name = person"
            " WHERE id = ? AND seen >= ? AND sessions.created >= ?",
            (_digest(secret), now - IDLE, now - LONGEST),
        )
        row = found.fetchone()
        return None if row is None else (_person(row), row[-1])

    def touch(self, secret: str) -> None:
        """Note that the session is in use."""
        with self._write() as db:
            db.execute(
                "UPDATE sessions SET seen = ? WHERE id = ?", (self._clock(), _digest(secret))
            )

    def close_session(self, secret: str) -> None:
        with self._write() as db:
            db.execute("DELETE FROM sessions WHERE id = ?", (_digest(secret),))

    # -- the database -----------------------------------------------------------------------------

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = connect(self._path)
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One transaction on a connection of its own; rolled back if anything is raised."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")


_PEOPLE = "SELECT name, role, windows, must_change, password FROM people "
_TOKENS = "SELECT name, role, windows, area, broker, created, revoked, secret FROM tokens "


def _person(row: tuple[Any, ...]) -> Person:
    name, role, windows, must_change = row[:4]
    return Person(name, Role(role), _unpack(windows), bool(must_change))


def _token(row: tuple[Any, ...]) -> Token:
    name, role, windows, area, broker, created, revoked = row[:7]
    return Token(name, Role(role), _unpack(windows), area, broker, created, revoked)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise AccountError("a name has 1 to 32 letters, digits, - or _")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _pack(windows: frozenset[str] | None) -> str | None:
    return None if windows is None else msgspec.json.encode(sorted(windows)).decode()


def _unpack(windows: str | None) -> frozenset[str] | None:
    return None if windows is None else frozenset(msgspec.json.decode(windows, type=list[str]))
