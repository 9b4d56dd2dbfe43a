"""Open consoles: what they cost the kiosks, and how soon a clerk's page shows the clerk's call."""

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from benchmarks.issue import issue
from benchmarks.load import Connection
from benchmarks.press import CLERKS, crowd, open_windows
from benchmarks.program import COMMANDS, Program, started
from benchmarks.table import Row, Size

REQUEST = (
    "GET /api/v1/console/{window}/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n"
)
PATIENCE = 10.0


class Page:
    """One open console, read as it comes."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def shows(self, number: str) -> float:
        """When `number` is there."""
        wanted = f'"number":"{number}"'.encode()
        async with asyncio.timeout(PATIENCE):
            while wanted not in await self._reader.readline():
                pass
        return time.perf_counter()

    async def read_on(self) -> None:
        """Read until nobody wants it any more."""
        while await self._reader.read(65536):
            pass


@contextlib.asynccontextmanager
async def _open(program: Program, window: str) -> AsyncIterator[Page]:
    reader, writer = await asyncio.open_connection("127.0.0.1", program.port)
    writer.write(REQUEST.format(window=window, token=program.token).encode())
    await reader.readuntil(b"\r\n\r\n")
    try:
        yield Page(reader)
    finally:
        writer.close()


async def watching(folder: Path, size: Size) -> list[Row]:
    """Issue from 8 kiosks with and without open consoles; and a call to its own console."""
    hall = folder / "crowd.toml"
    hall.write_text(crowd(), encoding="utf-8")
    rates: list[tuple[float, float]] = []
    with started(Program(folder / "ours", str(hall))) as ours:
        await asyncio.to_thread(open_windows, ours, CLERKS)
        for n in range(size.rounds):
            alone = await issue(ours, 8, size.each, f"alone{n}", "any")
            async with contextlib.AsyncExitStack() as stack:
                for k in range(size.consoles):
                    page = await stack.enter_async_context(_open(ours, f"W{k % CLERKS:02d}"))
                    reading = asyncio.create_task(page.read_on())
                    stack.callback(reading.cancel)
                watched = await issue(ours, 8, size.each, f"watched{n}", "any")
            rates.append((watched.rate, alone.rate))
        seen = await _calls(ours, size)
    return [
        Row(
            f"issue from 8 kiosks, {size.consoles} consoles open, against none",
            statistics.median(a for a, _ in rates),
            "tickets/s",
            statistics.median(b for _, b in rates),
            statistics.median(a / b for a, b in rates),
        ),
        Row("press to the clerk's own page", statistics.median(seen) * 1000.0, "ms p50"),
    ]


async def _calls(program: Program, size: Size) -> list[float]:
    """Seconds from each press at a window to its console."""
    times = []
    async with (
        _open(program, "W00") as page,
        Connection(program.port, COMMANDS, program.token) as clerk,
    ):
        for n in range(size.presses):
            body = {"kind": "CallNext", "id": f"page{n}", "window": "W00"}
            start = time.perf_counter()
            answer = msgspec.json.decode(await clerk.post(msgspec.json.encode(body)))
            times.append(await page.shows(answer["result"]["number"]) - start)
    return times
