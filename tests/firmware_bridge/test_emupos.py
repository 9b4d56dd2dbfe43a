"""A printer that somebody else wrote judges our bytes, status reading and faults.

emupos needs Python 3.13 and lives in an environment of its own; it is looked for on PATH and in
the variable EMUPOS; where it is not there, conftest.py says so and leaves this file out. Its text
is code page 437, so it is turned back into the bytes and read again as GB18030.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from config.hall import Device
from firmware_bridge.codecs.escpos import QR, Align, Cut, Feed, Text
from firmware_bridge.drivers.printer import Printer, PrinterState, open_printer
from firmware_bridge.links.link import LinkError
from firmware_bridge.links.net import connect
from tests.helpers import free_port

EMUPOS = os.environ.get("EMUPOS") or shutil.which("emupos")

SLIP = (
    Text("一窗大厅", Align.CENTRE),
    Text("A012", Align.CENTRE, 4, 4, bold=True),
    Text("业务：社会事务（综合受理），〇号"),
    QR("https://hall.example/t/abc"),
    Feed(1),
    Cut(),
)


class Foreign:
    """A running emupos."""

    def __init__(self, api: int) -> None:
        self._api = f"http://127.0.0.1:{api}"

    async def __call__(self, *words: str) -> str:
        assert EMUPOS is not None
        process = await asyncio.create_subprocess_exec(
            EMUPOS, "--api", self._api, *words, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        assert process.returncode == 0, out
        return out.decode()


@asynccontextmanager
async def foreign_printer(folder: Path) -> AsyncIterator[tuple[Foreign, Printer]]:
    api, port = free_port(), free_port()
    (folder / "emupos.yaml").write_text(
        f"schema: 1\napi: {{ host: 127.0.0.1, port: {api} }}\ndevices:\n"
        "  - id: front\n    type: printer\n    profile: epson-tm-t20iii\n"
        f"    connections:\n      - tcp: {{ port: {port} }}\n"
    )
    assert EMUPOS is not None
    quiet = asyncio.subprocess.DEVNULL
    running = await asyncio.create_subprocess_exec(
        EMUPOS, "run", cwd=folder, stdout=quiet, stderr=quiet
    )
    try:
        async with asyncio.timeout(30):
            await listening(port)
        device = Device(id="p", driver="escpos", link=f"tcp:127.0.0.1:{port}")
        async with open_printer(device) as printer:
            yield Foreign(api), printer
    finally:
        running.terminate()
        await running.wait()


async def listening(port: int) -> None:
    while True:
        try:
            await (await connect("127.0.0.1", port)).close()
        except LinkError:
            await asyncio.sleep(0.1)
        else:
            return


async def test_a_foreign_printer_reads_our_slip(tmp_path: Path) -> None:
    async with foreign_printer(tmp_path) as (emupos, printer):
        assert (await printer.status()).fine
        outcome = await printer.print(SLIP)
        assert (outcome.printed, outcome.seen) == (True, True)
        text = await emupos("receipt", "show")
    lines = [line.strip() for line in text.splitlines()]
    read = [line.encode("cp437", "replace").decode("gb18030", "replace") for line in lines]
    assert "A012" in read
    assert "一窗大厅" in read
    assert "业务：社会事务（综合受理），〇号" in read
    assert any("https://hall.example/t/abc" in line for line in read)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("paper-out", PrinterState.PAPER_OUT),
        ("paper-near-end", PrinterState.NEAR_END),
        ("cover-open", PrinterState.COVER_OPEN),
    ],
)
async def test_its_faults_are_understood(tmp_path: Path, fault: str, state: PrinterState) -> None:
    async with foreign_printer(tmp_path) as (emupos, printer):
        assert (await printer.status()).fine
        await emupos("fault", "set", "front", fault)
        assert (await printer.status()).state is state
        await emupos("fault", "clear", "front", fault)
        assert (await printer.status()).fine
