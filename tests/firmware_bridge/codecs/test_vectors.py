"""The published vectors, and the honesty of the checker."""

import json
from pathlib import Path

import msgspec
import pytest

from firmware_bridge.codecs.vectors import Vector, fault, run

FILE = Path(__file__).with_name("vectors.json")
VECTORS = msgspec.json.decode(FILE.read_bytes(), type=list[Vector])


def test_all_are_as_they_should_be() -> None:
    report = run(FILE)
    assert report.failures == ()
    assert report.checked == 234
    assert report.code == 0
    assert str(report) == "234 of 234 vectors are as they should be"


@pytest.mark.parametrize("vector", [v for v in VECTORS if v.wrong], ids=lambda v: v.id)
def test_what_must_be_refused_is_reported_when_called_good(vector: Vector) -> None:
    good = msgspec.structs.replace(vector, checksum_result="ok", origin="")
    assert fault(good).startswith("refused")


@pytest.mark.parametrize("vector", [v for v in VECTORS if not v.wrong], ids=lambda v: v.id)
def test_what_is_good_is_reported_when_called_wrong(vector: Vector) -> None:
    assert fault(msgspec.structs.replace(vector, checksum_result="mismatch")) == (
        "accepted, but it must be refused"
    )


CHECKED = ("sdt", "CRC", "pad-sum8", "am-xor8", "strip-xor8", "MOD 11-2")


@pytest.mark.parametrize(
    "vector",
    [v for v in VECTORS if not v.wrong and v.checksum_algo.startswith(CHECKED)],
    ids=lambda v: v.id,
)
def test_every_flipped_bit_of_a_checked_frame_is_found(vector: Vector) -> None:
    data = bytes.fromhex(vector.hex)
    start = 6 if vector.checksum_algo.startswith("am-") else 0
    end = len(data) - (3 if start else 0)
    for at in range(start, end, max(1, len(data) // 40)):
        flipped = bytearray(data)
        flipped[at] ^= 0x04
        assert fault(msgspec.structs.replace(vector, hex=flipped.hex())), f"byte {at}"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"a": 1}', '[{"id": 1}]', "7b0a"],
)
def test_a_file_that_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    if content == "[]":
        assert run(path).code == 1, "nothing checked is nothing proven"
        return
    with pytest.raises(ValueError, match=r"x\.json"):
        run(path)


def test_a_bad_vector_is_one_line_and_the_rest_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    vectors = json.loads(FILE.read_text())[:3]
    vectors[0]["hex"] = "zz"
    vectors[1]["device"] = "toaster"
    path.write_text(json.dumps(vectors))
    report = run(path)
    assert report.code == 1
    assert str(report).splitlines() == [
        "id-card-reader-001: the bytes are not hexadecimal",
        "id-card-reader-002: no codec for 'toaster'",
        "1 of 3 vectors are as they should be",
    ]
    twice = [vectors[2], vectors[2]]
    path.write_text(json.dumps(twice))
    with pytest.raises(ValueError, match="twice"):
        run(path)
