"""The slip: what is on it, what never is, and that it fits the paper."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.hall import Hall
from firmware_bridge.codecs.escpos import PAPER_58, PAPER_80, QR, Cut, Paper, Part, Rule, Text
from firmware_bridge.codecs.gb import columns
from firmware_bridge.drivers.printer import Printer
from firmware_bridge.emulators.plug import plugged
from firmware_bridge.emulators.printer import PrinterEmulator
from kiosk.slip import LONGEST_MM, length_mm, slip
from tests.kiosk.helpers import TICKET, hall

GOLDEN = Path(__file__).parent.parent / "golden" / "slips"
PAGE = "http://10.0.0.5:8080"
PAPERS = {"58": PAPER_58, "80": PAPER_80}


def made(
    paper: Paper = PAPER_80,
    *,
    which: Hall | None = None,
    reprint: bool = False,
    offline: bool = False,
    page_url: str = PAGE,
    **changes: object,
) -> tuple[Part, ...]:
    found = which or hall()
    ticket = replace(TICKET, **changes)
    return slip(
        found, found.kiosks[0], ticket, paper,
        page_url=page_url, reprint=reprint, offline=offline,
    )  # fmt: skip


def words(parts: tuple[Part, ...]) -> str:
    return "\n".join(part.text for part in parts if isinstance(part, Text))


@pytest.mark.parametrize("width", ["58", "80"])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_golden(width: str, language: str, tmp_path: Path) -> None:
    """As the emulator reads it off the paper: through the driver, the codec and the line."""
    paper = PAPERS[width]
    emulator = PrinterEmulator(tmp_path, dots=paper.dots)
    async with plugged(emulator.run) as connect:
        printer = Printer(connect, paper)
        outcome = await printer.print(made(paper, language=language))
        await printer.close()
    assert outcome.printed
    assert outcome.lost == ()
    assert not emulator.unknown
    golden = GOLDEN / f"slip-{width}-{language}.txt"
    assert emulator.slips == [golden.read_text(encoding="utf-8").rstrip("\n")]


def test_the_number_is_the_largest_thing() -> None:
    sizes = {part.text: part.height for part in made() if isinstance(part, Text)}
    assert sizes["S012"] == 4
    assert all(size == 1 for text, size in sizes.items() if text != "S012")


def test_a_long_number_is_printed_smaller_not_cut() -> None:
    numbers = [
        part for part in made(PAPER_58, number="YC100234") if isinstance(part, Text)
        and part.text == "YC100234"
    ]  # fmt: skip
    assert [part.width for part in numbers] == [4]
    parts = made(PAPER_58, number="YC10023456")
    assert [p.width for p in parts if isinstance(p, Text) and p.text == "YC10023456"] == [3]


def test_the_wait_is_left_out_when_nobody_knows_it() -> None:
    assert "15–25" in words(made())
    without = words(made(low=None, high=None))
    assert "预计" not in without
    assert "前面等候：7 人" in without


def test_marks() -> None:
    assert "补打" not in words(made())
    assert "【补打】" in words(made(reprint=True))
    assert "【补打】  【脱机】" in words(made(reprint=True, offline=True))


def test_the_code_holds_the_token_and_nothing_else() -> None:
    assert [p.data for p in made() if isinstance(p, QR)] == [f"{PAGE}/t/{TICKET.token}"]
    assert [p.level for p in made() if isinstance(p, QR)] == ["M"]


def test_no_page_no_code() -> None:
    for parts in (made(page_url=""), made(token=None)):
        assert not [p for p in parts if isinstance(p, QR)]
        assert "扫码" not in words(parts)


def test_the_item_is_not_on_it() -> None:
    assert "结婚" not in words(made(item="MZ0101"))


def test_it_ends_with_a_cut() -> None:
    assert [part for part in made() if isinstance(part, Cut)] == [made()[-1]]


@pytest.mark.parametrize("width", ["58", "80"])
@pytest.mark.parametrize("name", ["demo", "boai", "dianjiang"])
def test_every_service_of_every_hall_fits_the_paper(width: str, name: str) -> None:
    paper, which = PAPERS[width], hall(name)
    for service in which.services:
        for language in ("zh", "en"):
            parts = made(
                paper, which=which, service=service.id, language=language, reprint=True,
                offline=True,
            )  # fmt: skip
            assert length_mm(parts) <= LONGEST_MM
            for part in parts:
                if isinstance(part, Text):
                    assert columns(part.text) * part.width <= paper.columns


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
    st.sampled_from([PAPER_58, PAPER_80]),
)
def test_any_name_fits_the_width(name: str, paper: Paper) -> None:
    which = replace(hall(), name={"zh": name})
    for part in made(paper, which=which):
        if isinstance(part, Text):
            assert columns(part.text) <= paper.columns / part.width
        else:
            assert isinstance(part, Rule | QR | Cut)
