"""A day is measured when it closes, and the figures are those of the log."""

import asyncio
from pathlib import Path

from config.wire import commands as c
from queue_server import night
from queue_server.clock import tick
from queue_server.night import Night
from queue_server.server import Server, serving
from queue_server.store.log import SqliteLog
from tests.helpers import wait_until
from tests.queue_server.test_server import HandClock
from tests.queue_server.town import ADMIN, DAY, town


async def test_the_night_measures_the_day(tmp_path: Path) -> None:
    clock = HandClock()
    log = SqliteLog(tmp_path, "town")
    async with serving(Server(town(), log, clock=clock)) as server:
        await tick(server)
        measured = Night(server, tmp_path)
        assert measured.last is None
        work = asyncio.create_task(measured.run())
        await server.submit(c.OpenWindow(id="o", window="N1"), ADMIN)
        for n in range(3):
            await server.submit(c.IssueTicket(id=f"i{n}", service="social"), ADMIN)
        for n in range(3):
            clock.now += 600
            await server.submit(c.CallNext(id=f"n{n}", window="N1"), ADMIN)
        assert night.newest(tmp_path) is None
        await server.submit(c.CloseDay(id="end", day=DAY), ADMIN)
        await wait_until(lambda: measured.last, "the figures")
        work.cancel()
        await asyncio.wait([work])
    found = night.newest(tmp_path)
    assert found is not None
    assert (found.day, found.all.count) == (DAY, 3)
    assert found.all.mean == 20.0
    (tmp_path / "reports" / "2026-12-01.json").write_bytes(b"rubbish")
    assert night.newest(tmp_path) == found
    log.close()


def test_a_day_of_nothing_has_no_figures(tmp_path: Path) -> None:
    SqliteLog(tmp_path, "town").close()
    assert night.measure(tmp_path, "2026-01-01") is None
