"""The fuzzer's own parts: that good bytes pass, that a broken promise is seen, what is read."""

import pytest

from firmware_bridge.codecs.stream import Noise, Step
from tests.firmware_bridge.codecs.decoders import LINES, WHOLE, Line
from tests.fuzz.decoders import Result, main, read
from tests.fuzz.promise import NAMES, check, good


@pytest.mark.parametrize("name", NAMES)
def test_good_bytes_keep_the_promise(name: str) -> None:
    for example in good(name):
        check(name, example)
        check(name, example[:-1] + b"\x1b" + example)


def test_a_decoder_that_lets_an_error_of_its_own_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WHOLE, "careless", (lambda data: data[0], (b"x",)))
    check("careless", b"x")
    with pytest.raises(IndexError):
        check("careless", b"")


def test_a_decoder_that_judges_by_the_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(buffer: bytes) -> Step[bytes]:
        return (buffer, len(buffer)) if len(buffer) > 1 else (Noise("short"), 1)

    monkeypatch.setitem(LINES, "hasty", Line(parse, (b"xy",)))
    with pytest.raises(AssertionError, match="pieces"):
        check("hasty", b"xy")


def test_the_figures_of_a_report() -> None:
    calm = "#2\tINITED cov: 12 ft: 13\n#97\tDONE   cov: 48 ft: 90\nDone 97 runs in 2 second(s)\n"
    assert read(calm, 0) == Result(97, 48, broken=False)
    assert read("#3\tINITED cov: 38 ft: 43\n==1== ERROR: libFuzzer", 77) == Result(3, 38, True)
    assert read("no module named atheris", 1).broken


def test_a_name_that_nobody_has() -> None:
    with pytest.raises(SystemExit):
        main(["teapot"])
