"""Damage, backups and restores: never silently empty, never a number forgotten without a word."""

import random
from pathlib import Path

import pytest

from queue_server.store.backup import KEEP, backup, backups, repair, restore, sound
from queue_server.store.log import SqliteLog
from queue_server.store.schema import StoreError
from tests.contract.test_log import answer, issued, opened


def fill(data: Path, first: int, last: int) -> None:
    log = SqliteLog(data, "town")
    if first == 1:
        log.append([opened(1)], [])
        first = 2
    for seq in range(first, last + 1):
        log.append([issued(seq, f"A{seq:03d}")], [answer(seq, f"c{seq}")])
    log.close()


def read(data: Path) -> list[int]:
    log = SqliteLog(data, "town")
    seqs = [r.seq for r in log.after(0, 10_000)]
    log.close()
    return seqs


def test_a_backup_is_a_whole_log(tmp_path: Path) -> None:
    fill(tmp_path, 1, 20)
    copy = backup(tmp_path)
    assert sound(copy)
    fill(tmp_path, 21, 30)
    restore(tmp_path, copy)
    assert read(tmp_path) == list(range(1, 21))


def test_a_restore_changes_the_epoch_and_keeps_what_was(tmp_path: Path) -> None:
    """F24: displays drop what they remember."""
    fill(tmp_path, 1, 5)
    copy = backup(tmp_path)
    before = SqliteLog(tmp_path, "town")
    before.close()
    restore(tmp_path, copy)
    after = SqliteLog(tmp_path, "town")
    after.close()
    assert before.epoch != after.epoch
    assert list(tmp_path.glob("yichuang-replaced-*.db"))


def test_old_backups_go(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    fill(tmp_path, 1, 2)
    for minute in range(KEEP + 3):
        backup(tmp_path, datetime(2026, 11, 23, minute // 60, minute % 60, tzinfo=UTC))
    assert len(backups(tmp_path)) == KEEP


def test_rubbish_is_not_restored(tmp_path: Path) -> None:
    fill(tmp_path, 1, 3)
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"rubbish" * 1000)
    with pytest.raises(StoreError, match="nothing was changed"):
        restore(tmp_path, bad)
    assert read(tmp_path) == [1, 2, 3]


def test_a_sound_database_is_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, 1, 3)
    assert repair(tmp_path, "town") == ""
    assert repair(tmp_path / "nothing-here", "town") == ""


def test_a_damaged_database_goes_on_from_the_backup_and_says_so(tmp_path: Path) -> None:
    """Case 52."""
    fill(tmp_path, 1, 300)
    backup(tmp_path)
    file = tmp_path / "yichuang.db"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    said = repair(tmp_path, "town")
    assert "backup" in said
    assert read(tmp_path) == list(range(1, 301))
    assert list(tmp_path.glob("yichuang-damaged-*.db"))


def test_without_backup_nothing_is_silently_empty(tmp_path: Path) -> None:
    fill(tmp_path, 1, 50)
    (tmp_path / "yichuang.db").write_bytes(b"\0" * 40960)
    with pytest.raises(StoreError, match="no backup"):
        repair(tmp_path, "town")
    assert list(tmp_path.glob("yichuang-damaged-*.db"))


@pytest.mark.fault
def test_any_cut_and_any_flipped_bits_end_in_a_prefix_of_the_truth(tmp_path: Path) -> None:
    """F21: a hundred cuts and a hundred flips."""
    dice = random.Random(21)
    source = tmp_path / "source"
    fill(source, 1, 120)
    backup(source)
    fill(source, 121, 160)
    whole = (source / "yichuang.db").read_bytes()
    copy = backups(source)[0].read_bytes()
    for n in range(200):
        data = tmp_path / str(n)
        (data / "backups").mkdir(parents=True)
        (data / "backups" / "yichuang-1.db").write_bytes(copy)
        body = bytearray(whole)
        if n % 2:
            body = body[: dice.randrange(len(body))]
        else:
            for _ in range(40):
                body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        (data / "yichuang.db").write_bytes(body)
        said = repair(data, "town")
        if said:
            seqs = read(data)
            assert seqs == list(range(1, len(seqs) + 1))
            assert len(seqs) >= 120


def test_a_database_that_cannot_be_opened_is_not_taken_for_damaged(tmp_path: Path) -> None:
    """A wrong owner or a full disk is not damage: a sound database stays where it is."""
    fill(tmp_path, 1, 3)
    backup(tmp_path)
    file = tmp_path / "yichuang.db"
    file.rename(tmp_path / "elsewhere")
    file.mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        repair(tmp_path, "town")
    assert file.is_dir()


def test_a_running_servers_database_is_not_repaired(tmp_path: Path) -> None:
    """F23: a second server touches nothing."""
    fill(tmp_path, 1, 3)
    running = SqliteLog(tmp_path, "town")
    (tmp_path / "yichuang.db").write_bytes(b"\0" * 40960)
    with pytest.raises(StoreError, match="another server"):
        repair(tmp_path, "town")
    running.close()


def test_nobody_else_on_the_machine_reads_the_log(tmp_path: Path) -> None:
    """It carries the secrets of the citizens' pages; so do its journal and its backups."""
    log = SqliteLog(tmp_path, "town")
    log.append([opened(1)], [])
    backup(tmp_path)
    files = [*tmp_path.glob("yichuang.db*"), *backups(tmp_path)]
    assert len(files) == 4
    assert {f.stat().st_mode & 0o077 for f in files} == {0}
    log.close()


@pytest.mark.parametrize("name", ["大厅 #1", "a?mode=ro", "50%41"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    fill(tmp_path / name, 1, 3)
    assert (tmp_path / name / "yichuang.db").is_file()
    assert [p.name for p in tmp_path.iterdir()] == [name]
