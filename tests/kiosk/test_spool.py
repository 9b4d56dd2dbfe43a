"""The spool: what was promised is on the disk, whatever the power does."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.spool import MOST, Open, Spool, still_open

FIRST = Open(id="a", service="social", language="zh", at=1.0)
SECOND = Open(id="b", service="pickup", language="en", at=2.0, item="X1")


def reopened(path: Path) -> tuple[Open, ...]:
    found = still_open(path)
    spool = Spool(path)
    spool.close()
    assert spool.open == found == still_open(path)
    return found


def test_it_remembers_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    spool = Spool(path)
    spool.asked(FIRST)
    spool.asked(SECOND)
    spool.answered("a")
    spool.settled("b")
    spool.close()
    (left,) = reopened(path)
    assert (left.id, left.answered) == ("a", True)


def test_settled_is_forgotten_and_the_file_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    spool = Spool(path)
    spool.asked(FIRST)
    spool.settled("a")
    spool.settled("a")
    spool.settled("never")
    assert path.read_bytes() == b""
    spool.close()
    assert reopened(path) == ()


@settings(max_examples=100, deadline=None)
@given(cut=st.integers(0, 400), rubbish=st.binary(max_size=30))
def test_a_torn_file_is_read_as_far_as_it_goes(
    tmp_path_factory: pytest.TempPathFactory, cut: int, rubbish: bytes
) -> None:
    path = tmp_path_factory.mktemp("spool") / "requests.jsonl"
    spool = Spool(path)
    spool.asked(FIRST)
    whole_first = len(path.read_bytes())
    spool.asked(SECOND)
    spool.close()
    path.write_bytes(path.read_bytes()[:cut] + rubbish.replace(b"\n", b""))
    found = reopened(path)
    assert set(found) <= {FIRST, SECOND}
    if cut >= whole_first:
        assert FIRST in found


def test_a_line_that_a_full_disk_cut_short_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    spool = Spool(path)
    with path.open("ab") as file:
        file.write(b'{"type":"open","id":"half')
    spool.asked(FIRST)
    spool.close()
    assert still_open(path) == (FIRST,)


def test_it_stays_small(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "requests.jsonl")
    for i in range(MOST + 10):
        spool.asked(Open(id=str(i), service="social", language="zh", at=float(i)))
    assert len(spool.open) == MOST
    assert spool.open[-1].id == str(MOST + 9)
    spool.close()


def test_nothing_personal_has_a_place_in_it() -> None:
    assert set(Open.__struct_fields__) == {"id", "service", "language", "at", "item", "answered"}


@pytest.mark.fault
@pytest.mark.parametrize("after", ["asked", "answered"])
def test_a_killed_kiosk_knows_what_it_had_asked(tmp_path: Path, after: str) -> None:
    """SIGKILL right after the promise: no buffer of ours may have held it back."""
    path = tmp_path / "requests.jsonl"
    program = f"""
        import os, signal
        from pathlib import Path
        from kiosk.spool import Open, Spool
        spool = Spool(Path({str(path)!r}))
        spool.asked(Open(id="a", service="social", language="zh", at=1.0))
        if {after!r} == "answered":
            spool.answered("a")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    code = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], check=False, env=os.environ
    ).returncode
    assert code == -9
    (left,) = reopened(path)
    assert (left.id, left.answered) == ("a", after == "answered")
