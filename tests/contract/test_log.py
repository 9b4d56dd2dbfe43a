"""What every log promises, asked of each of them."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from config.wire.commands import Reply, Result
from config.wire.events import DayClosed, DayOpened, Event, Logged, TicketIssued
from queue_server.store.log import Log, MemoryLog, SqliteLog, StorageFailedError
from queue_server.store.schema import StoreError, connect

DAY = "2026-11-23"


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    made: Log = MemoryLog() if request.param == "memory" else SqliteLog(tmp_path, "town")
    yield made
    made.close()


def row(seq: int, event: Event, day: str = DAY) -> Logged:
    return Logged(seq=seq, at=1.5 * seq, day=day, command=f"c{seq}", by="admin:x", event=event)


def opened(seq: int, day: str = DAY) -> Logged:
    return row(seq, DayOpened(day=day, midnight=0.0, learned=msgspec.Raw(b'{"a":1}')), day)


def issued(seq: int, number: str, day: str = DAY) -> Logged:
    event = TicketIssued(
        ticket=f"{day}-{number}",
        number=number,
        series="a",
        n=seq,
        service="social",
        token=f"t{seq}",
        journey="j",
        order=1.25,
    )
    return row(seq, event, day)


def answer(seq: int, id: str) -> Reply:
    return Reply(ok=True, id=id, seq=seq, result=Result(number=f"A{seq:03d}"))


def test_an_empty_log_has_nothing(log: Log) -> None:
    assert (log.last(), list(log.today()), log.after(0), log.replies(["x"])) == (0, [], [], {})


def test_what_goes_in_comes_out_in_order(log: Log) -> None:
    rows = [opened(1), issued(2, "A001"), issued(3, "A002")]
    log.append(rows[:1], [])
    log.append(rows[1:], [])
    read = [msgspec.json.encode(r) for r in log.after(0)]
    assert read == [msgspec.json.encode(r) for r in rows]
    assert log.last() == 3
    assert [r.seq for r in log.after(1, limit=1)] == [2]


def test_today_begins_with_the_last_day_opened(log: Log) -> None:
    log.append([opened(1, "2026-11-22"), row(2, DayClosed(day="2026-11-22")), opened(3)], [])
    log.append([issued(4, "A001")], [])
    assert [r.seq for r in log.today()] == [3, 4]


def test_a_command_is_answered_once(log: Log) -> None:
    log.append([opened(1)], [answer(1, "one")])
    assert log.replies(["one"]) == {"one": answer(1, "one")}
    with pytest.raises(StorageFailedError):
        log.append([issued(2, "A001")], [answer(2, "one")])
    assert log.last() == 1


def test_a_command_is_remembered_for_ever(log: Log) -> None:
    """Case 6: over days, where ids move from memory to the index."""
    for n, day in enumerate(["2026-11-21", "2026-11-22", "2026-11-23"]):
        log.append([opened(n + 1, day)], [answer(n + 1, f"open{n}"), answer(n + 1, f"more{n}")])
    ids = [f"more{n}" for n in range(3)]
    assert log.replies([*ids, "never"]) == {id: answer(n + 1, id) for n, id in enumerate(ids)}


def test_a_command_without_events_is_remembered_too(log: Log) -> None:
    log.append([], [answer(0, "nothing")])
    assert log.replies(["nothing"]) == {"nothing": answer(0, "nothing")}


@pytest.mark.parametrize("bad", [[issued(3, "A001")], [issued(3, "A003"), issued(4, "A003")]])
def test_a_number_given_twice_is_refused_and_nothing_of_that_batch_is_kept(
    log: Log, bad: list[Logged]
) -> None:
    """Case 2: the store itself refuses, whatever the program above it does."""
    log.append([opened(1), issued(2, "A001")], [])
    with pytest.raises(StorageFailedError):
        log.append(bad, [answer(9, "bad")])
    assert log.last() == 2
    assert log.replies(["bad"]) == {}
    log.append([issued(3, "A002")], [])


def test_yesterdays_numbers_are_free_again(log: Log) -> None:
    log.append([opened(1, "2026-11-22"), issued(2, "A001", "2026-11-22")], [])
    log.append([opened(3), issued(4, "A001")], [])
    assert log.last() == 4


def test_the_log_only_grows_at_its_end(log: Log) -> None:
    log.append([opened(1), issued(2, "A001")], [])
    with pytest.raises(StorageFailedError):
        log.append([issued(2, "A002")], [])


# -- only of a hall's own log ----------------------------------------------------------------------


def test_a_folder_has_one_server(tmp_path: Path) -> None:
    """F23."""
    first = SqliteLog(tmp_path, "town")
    with pytest.raises(StoreError, match="another server"):
        SqliteLog(tmp_path, "town")
    first.close()
    SqliteLog(tmp_path, "town").close()


def test_a_folder_belongs_to_one_hall(tmp_path: Path) -> None:
    SqliteLog(tmp_path, "town").close()
    with pytest.raises(StoreError, match="belongs to hall 'town'"):
        SqliteLog(tmp_path, "city")
    SqliteLog(tmp_path, "town").close()


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    """F46."""
    SqliteLog(tmp_path, "town").close()
    with connect(tmp_path / "yichuang.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer"):
        SqliteLog(tmp_path, "town")


def test_rubbish_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "yichuang.db").write_bytes(b"not a database at all" * 500)
    with pytest.raises(StoreError, match="cannot be read"):
        SqliteLog(tmp_path, "town")


def test_ids_of_today_are_read_again_at_the_start(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path, "town")
    log.append([opened(1, "2026-11-22")], [answer(1, "old")])
    log.append([opened(2)], [answer(2, "new")])
    log.close()
    log = SqliteLog(tmp_path, "town")
    assert log.replies(["old", "new"]) == {"old": answer(1, "old"), "new": answer(2, "new")}
    log.close()


def test_the_epoch_stays_with_the_file(tmp_path: Path) -> None:
    first = SqliteLog(tmp_path, "town")
    first.close()
    second = SqliteLog(tmp_path, "town")
    assert first.epoch == second.epoch
    second.close()


def test_every_commit_is_synced(tmp_path: Path) -> None:
    """NORMAL loses acknowledged tickets at a power cut; FULL is 2."""
    connection = connect(tmp_path / "x.db")
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_changed_row_is_found_by_its_number(tmp_path: Path) -> None:
    """I12: nobody rewrites history unseen."""
    log = SqliteLog(tmp_path, "town")
    log.append([opened(1), *(issued(n, f"A{n:03d}") for n in range(2, 9))], [])
    log.close()
    connection = connect(tmp_path / "yichuang.db")
    connection.execute("UPDATE events SET by = 'admin:y' WHERE seq = 5")
    connection.close()
    log = SqliteLog(tmp_path, "town")
    with pytest.raises(StoreError, match="event 5"):
        list(log.today())
    log.close()
