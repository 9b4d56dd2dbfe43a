"""People, tokens and sessions in a real database file."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.engine.roles import Actor, Role
from queue_server.store.accounts import IDLE, LONGEST, TRUSTED, AccountError, Accounts
from queue_server.store.log import DATABASE, SqliteLog
from queue_server.store.passwords import BadPasswordError, check_new

GOOD = "sunny-lemon-42"


class Clock:
    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    accounts = Accounts(tmp_path, clock=clock)
    yield accounts
    accounts.close()


def test_first_admin_is_made_once_with_a_random_password(accounts: Accounts) -> None:
    made = accounts.first_admin()
    assert made is not None
    name, password = made
    assert accounts.first_admin() is None
    person = accounts.check(name, password)
    assert person is not None
    assert person.must_change
    assert person.role is Role.ADMIN


def test_two_first_starts_make_different_passwords(tmp_path: Path) -> None:
    made = []
    for folder in ("a", "b"):
        accounts = Accounts(tmp_path / folder)
        made.append(accounts.first_admin())
        accounts.close()
    assert made[0] != made[1]


def test_only_the_right_password_is_right(accounts: Accounts) -> None:
    accounts.add_person("clerk-n1", Role.CLERK, GOOD, windows=frozenset({"N1"}))
    person = accounts.check("clerk-n1", GOOD)
    assert person is not None
    assert person.actor == Actor(Role.CLERK, "clerk-n1", frozenset({"N1"}))
    assert accounts.check("clerk-n1", GOOD + "x") is None
    assert accounts.check("nobody", GOOD) is None
    assert accounts.check("' OR 1=1 --", GOOD) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "short"),
        ("123456789", "short"),
        ("1234567890", "common"),
        ("9876543210", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("Password123", "common"),
        ("1qaz2wsx3edc", "common"),
        ("clerk-n1clerk-n1", "name"),
        ("clerk-n1-2026", "name"),
        ("x" * 129, "long"),
    ],
)
def test_passwords_somebody_would_try_are_refused(password: str, code: str) -> None:
    with pytest.raises(BadPasswordError) as error:
        check_new(password, "clerk-n1")
    assert error.value.code == code


def test_a_new_password_ends_sessions_and_is_not_the_old_one(accounts: Accounts) -> None:
    accounts.add_person("guide", Role.GUIDE, GOOD)
    secret = accounts.open_session("guide")
    with pytest.raises(AccountError):
        accounts.set_password("guide", GOOD)
    assert accounts.session(secret) is not None
    accounts.set_password("guide", "another-lemon-43")
    assert accounts.session(secret) is None
    assert accounts.check("guide", GOOD) is None
    person = accounts.check("guide", "another-lemon-43")
    assert person is not None
    assert not person.must_change
    with pytest.raises(AccountError):
        accounts.set_password("nobody", GOOD)


def test_names_and_roles_are_checked(accounts: Accounts) -> None:
    accounts.add_person("guide", Role.GUIDE, GOOD)
    with pytest.raises(AccountError, match="already"):
        accounts.add_person("GUIDE", Role.GUIDE, GOOD)
    for name in ("", "a.b", "王小明", "a" * 33, "a/b", "a+b"):
        with pytest.raises(AccountError, match="letters"):
            accounts.add_person(name, Role.CLERK, GOOD)
    for role in (Role.KIOSK, Role.DISPLAY, Role.BRIDGE, Role.SYSTEM):
        with pytest.raises(AccountError):
            accounts.add_person("x", role, GOOD)
    with pytest.raises(AccountError):
        accounts.add_token("clock", Role.SYSTEM)


def test_a_token_is_known_until_revoked_even_by_another_process(
    tmp_path: Path, accounts: Accounts, clock: Clock
) -> None:
    other = Accounts(tmp_path)
    token = other.add_token("k1", Role.KIOSK, area="east", broker_hash=lambda t: f"$7${len(t)}")
    assert accounts.find_token(token) == Actor(Role.KIOSK, "k1")
    known = accounts.token_of("k1")
    assert known is not None
    assert (known.area, known.broker) == ("east", f"$7${len(token)}")
    for wrong in (token[:-1], token + "x", "k1.", "k1", "", "k2." + token[3:], "k1.\udc80"):
        assert accounts.find_token(wrong) is None
    with pytest.raises(AccountError, match="revoke"):
        accounts.add_token("k1", Role.KIOSK)
    assert other.revoke("k1")
    assert not other.revoke("k1")
    assert other.find_token(token) is None
    clock.now += TRUSTED
    assert accounts.find_token(token) is None
    assert accounts.token_of("k1") is None
    again = other.add_token("k1", Role.KIOSK)
    assert accounts.find_token(again) is not None
    assert accounts.find_token(token) is None
    other.close()


def test_a_clock_set_back_keeps_no_revoked_token(
    tmp_path: Path, accounts: Accounts, clock: Clock
) -> None:
    other = Accounts(tmp_path)
    token = other.add_token("k1", Role.KIOSK)
    assert accounts.find_token(token) is not None
    other.revoke("k1")
    clock.now -= 3600
    assert accounts.find_token(token) is None
    other.close()


def test_sessions_end_idle_and_end_anyway(accounts: Accounts, clock: Clock) -> None:
    accounts.add_person("guide", Role.GUIDE, GOOD)
    secret = accounts.open_session("guide")
    assert accounts.session("made up") is None
    clock.now += IDLE
    assert accounts.session(secret) is not None
    clock.now += 1
    assert accounts.session(secret) is None
    secret = accounts.open_session("guide")
    begun = clock.now
    while clock.now < begun + LONGEST:
        assert accounts.session(secret) is not None
        clock.now += IDLE - 1
        accounts.touch(secret)
    assert accounts.session(secret) is None


def test_logging_out_and_losing_the_account_end_a_session(accounts: Accounts) -> None:
    accounts.add_person("guide", Role.GUIDE, GOOD)
    first, second = accounts.open_session("guide"), accounts.open_session("guide")
    accounts.close_session(first)
    assert accounts.session(first) is None
    assert accounts.session(second) is not None
    assert accounts.remove_person("guide")
    assert accounts.session(second) is None
    assert not accounts.remove_person("guide")


def test_no_secret_is_in_the_file(tmp_path: Path, accounts: Accounts) -> None:
    accounts.add_person("guide", Role.GUIDE, GOOD)
    secret, token = accounts.open_session("guide"), accounts.add_token("k1", Role.KIOSK)
    stored = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    for plain in (GOOD, secret, token.partition(".")[2]):
        assert plain.encode() not in stored
    assert b"m=47104,t=2,p=1" in stored
    assert (tmp_path / DATABASE).stat().st_mode & 0o077 == 0


def test_they_live_beside_the_log_in_either_order(tmp_path: Path) -> None:
    for folder, log_first in (("a", True), ("b", False)):
        data = tmp_path / folder
        if log_first:
            log, accounts = SqliteLog(data, "town"), Accounts(data)
        else:
            accounts, log = Accounts(data), SqliteLog(data, "town")
        accounts.add_token("k1", Role.KIOSK)
        assert log.last() == 0
        accounts.close()
        log.close()


def test_many_threads_may_write(accounts: Accounts) -> None:
    failed: list[sqlite3.Error] = []

    def add(n: int) -> None:
        try:
            accounts.add_token(f"k{n}", Role.KIOSK)
        except sqlite3.Error as error:
            failed.append(error)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(accounts.tokens()) == 16
