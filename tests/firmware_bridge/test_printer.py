"""The printer driver against the printer emulator: a slip comes out, or it is known why not."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.codecs.escpos import (
    PAPER_58,
    PAPER_80,
    QR,
    Align,
    Beep,
    Cut,
    Feed,
    Paper,
    Part,
    Rule,
    Text,
    encode,
)
from firmware_bridge.codecs.stream import ProtocolError
from firmware_bridge.drivers.drawing import draw_line
from firmware_bridge.drivers.printer import Printer, PrinterState, open_printer
from firmware_bridge.emulators.plug import plugged
from firmware_bridge.emulators.printer import PrinterEmulator
from firmware_bridge.links.fd import Pty
from firmware_bridge.links.net import listen
from firmware_bridge.links.pair import Damage, whole
from tests.helpers import wait_until

SLIP: tuple[Part, ...] = (
    Text("博爱县行政服务中心", Align.CENTRE, bold=True),
    Rule(),
    Text("A012", Align.CENTRE, 4, 4, bold=True),
    Text("业务：社会事务（综合受理）"),
    QR("https://hall.example/t/abc"),
    Feed(1),
    Beep(),
    Cut(),
)
WORDS = ["博爱县行政服务中心", "-" * 48, "A012", "业务：社会事务（综合受理）"]


@asynccontextmanager
async def bench(
    emulator: PrinterEmulator,
    to_device: Damage = whole,
    from_device: Damage = whole,
) -> AsyncIterator[Printer]:
    """A driver and an emulator on a null modem, impatient."""
    async with plugged(emulator.run, to_device=to_device, from_device=from_device) as connect:
        printer = Printer(connect, draw=draw_line, answer_seconds=0.03, print_seconds=0.2)
        yield printer
        await printer.close()


async def test_slip_comes_out_whole() -> None:
    emulator = PrinterEmulator()
    async with bench(emulator) as printer:
        outcome = await printer.print(SLIP)
    assert (outcome.printed, outcome.seen, outcome.lost) == (True, True, ())
    assert emulator.slips[0].splitlines()[:4] == WORDS
    assert "[QR https://hall.example/t/abc]" in emulator.slips[0]
    assert emulator.beeps == [(1, 2)]
    assert not emulator.unknown


@pytest.mark.parametrize(
    ("fault", "state", "health", "printed"),
    [
        ("near-end", PrinterState.NEAR_END, Health.DEGRADED, True),
        ("paper-out", PrinterState.PAPER_OUT, Health.OFFLINE, False),
        ("cover-open", PrinterState.COVER_OPEN, Health.OFFLINE, False),
        ("cutter-error", PrinterState.CUTTER_ERROR, Health.OFFLINE, False),
        ("error", PrinterState.ERROR, Health.OFFLINE, False),
    ],
)
async def test_each_fault_has_its_own_word(
    fault: str, state: PrinterState, health: Health, printed: bool
) -> None:
    emulator = PrinterEmulator()
    async with bench(emulator) as printer:
        await emulator.set_faults(fault)
        status = await printer.status()
        assert (status.state, status.health, status.fine) == (state, health, False)
        assert status.reason
        outcome = await printer.print(SLIP)
        assert (outcome.printed, len(emulator.slips)) == (printed, int(printed))
        await emulator.set_faults()
        assert (await printer.status()).fine


async def test_a_mute_printer_is_unknown_and_never_fine() -> None:
    emulator = PrinterEmulator()
    async with bench(emulator) as printer:
        await emulator.set_faults("silent")
        status = await printer.status()
        assert (status.state, status.health, status.fine) == (
            PrinterState.UNKNOWN,
            Health.UNKNOWN,
            False,
        )
        outcome = await printer.print(SLIP)
        assert (outcome.printed, outcome.seen) == (True, False)
        await wait_until(lambda: emulator.slips)


async def test_a_stuck_printer_does_not_hold_the_kiosk() -> None:
    emulator = PrinterEmulator()
    async with bench(emulator) as printer:
        await emulator.set_faults("stuck")
        assert (await printer.status()).state is PrinterState.UNKNOWN


async def test_paper_that_ends_in_the_middle_of_a_slip() -> None:
    emulator = PrinterEmulator(roll=150)
    async with bench(emulator) as printer:
        outcome = await printer.print(SLIP)
        assert (outcome.printed, outcome.seen) == (False, False)
        assert outcome.status.state is PrinterState.PAPER_OUT
        assert emulator.slips == []
        await emulator.set_faults()
        assert len(emulator.slips) == 1, "a printer goes on with what it holds"
        again = await printer.print(SLIP)
        assert (again.printed, again.seen) == (True, True), "the late answer is not taken for ours"


async def test_printer_that_cannot_tell_when_it_is_done() -> None:
    emulator = PrinterEmulator(buffered_status=False)
    async with bench(emulator) as printer:
        outcome = await printer.print(SLIP)
    assert (outcome.printed, outcome.seen) == (True, False)


async def test_unplugged_is_offline_and_comes_back() -> None:
    emulator = PrinterEmulator()
    async with bench(emulator) as printer:
        assert (await printer.status()).fine
        await printer.close()
        assert (await printer.status()).fine


async def test_noise_before_an_answer_and_answers_in_pieces() -> None:
    def noisy(data: bytes) -> Iterable[bytes | float]:
        return (b"\xff\xfe", 0.001, data[:1], 0.001, data[1:])

    async with bench(PrinterEmulator(), from_device=noisy) as printer:
        assert (await printer.status()).fine


async def test_network_printer_that_is_not_there() -> None:
    async with listen(PrinterEmulator().run) as port:
        free = port
    device = Device(id="p", driver="escpos", link=f"tcp:127.0.0.1:{free}")
    async with open_printer(device) as printer:
        outcome = await printer.print(SLIP)
    assert outcome.status.state is PrinterState.OFFLINE
    assert str(free) in outcome.status.reason


@pytest.mark.parametrize("kind", ["tcp", "serial"])
async def test_real_lines(kind: str) -> None:
    emulator = PrinterEmulator()
    if kind == "tcp":
        async with listen(emulator.run) as port:
            device = Device(id="p", driver="escpos", link=f"tcp:127.0.0.1:{port}")
            async with open_printer(device) as printer:
                outcome = await printer.print(SLIP)
    else:
        pty = Pty()
        serving = asyncio.create_task(emulator.run(pty.link))
        device = Device(id="p", driver="escpos", link=f"serial:{pty.path}")
        async with open_printer(device) as printer:
            outcome = await printer.print(SLIP)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await pty.close()
    assert outcome.seen
    assert emulator.slips[0].splitlines()[:4] == WORDS


async def test_file_takes_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "slips.bin"
    async with open_printer(Device(id="p", driver="escpos", link=f"file:{path}")) as printer:
        assert (await printer.status()).fine
        assert (await printer.print(SLIP)).printed
    assert path.read_bytes() == encode(SLIP, PAPER_80).data


async def test_emulator_draws_the_slip(tmp_path: Path) -> None:
    device = Device(id="p", driver="escpos", options={"paper": 58})
    async with open_printer(device, tmp_path) as printer:
        await printer.print(SLIP)
        assert printer.emulator is not None
        (path,) = printer.emulator.pictures
    with Image.open(path) as picture:
        assert picture.width == 384 + 2 * 32 + 2 * 24
        dark = sum(picture.convert("L").point(lambda v: 255 if v < 100 else 0).histogram()[255:])
    assert dark > 5000


def test_rare_characters_are_drawn_and_without_a_hook_reported() -> None:
    drawn = encode([Text("𬱖先生")], PAPER_58, draw_line)
    assert drawn.lost == ()
    assert b"\x1dv0\x00" in drawn.data
    plain = encode([Text("𬱖先生")], PAPER_58)
    assert plain.lost == ("𬱖",)
    assert "〓先生".encode("gb18030") in plain.data


def test_full_width_punctuation_and_zero_survive() -> None:
    encoded = encode([Text("〇，。：（）")], PAPER_80)
    assert encoded.lost == ()
    assert "〇，。：（）".encode("gb18030") in encoded.data


@pytest.mark.parametrize(
    "part", [QR(""), QR("x" * 701), QR("x", level="Z"), QR("x", module=17), Text("x", width=9)]
)
def test_what_no_printer_can_do_is_refused(part: Part) -> None:
    with pytest.raises(ProtocolError):
        encode([part], Paper())
