"""What is measured when a day is over: waits, fairness, and how wrong the waits shown were."""

import asyncio
from pathlib import Path

import msgspec
import structlog

from config.wire.events import DayChanged
from queue_server.server import Server
from queue_server.simulate.figures import Figures, figures
from queue_server.simulate.record import read
from queue_server.store.log import rows_of

FOLDER = "reports"

log = structlog.get_logger()


def measure(data: Path, day: str) -> Figures | None:
    """The figures of one business day, kept in ``reports/DAY.json``; None for a day of nothing."""
    rows = rows_of(data, day)
    if not rows:
        return None
    found = figures(read(rows))
    folder = data / FOLDER
    folder.mkdir(exist_ok=True)
    part = folder / f"{day}.part"
    part.write_bytes(msgspec.json.encode(found))
    part.replace(folder / f"{day}.json")
    return found


def newest(data: Path) -> Figures | None:
    """The figures of the last day that was measured."""
    for path in sorted((data / FOLDER).glob("*.json"), reverse=True):
        try:
            return msgspec.json.decode(path.read_bytes(), type=Figures)
        except (OSError, msgspec.MsgspecError):
            log.warning("report cannot be read", file=path.name)
    return None


class Night:
    """Measures each day when it closes; `last` is the newest day that was."""

    def __init__(self, server: Server, data: Path) -> None:
        self._server, self._data = server, data
        self.last = newest(data)

    async def run(self) -> None:
        """Measure until cancelled."""
        async for happening in self._server.events():
            news = happening.news
            if isinstance(news, DayChanged) and not news.open:
                self.last = await asyncio.to_thread(measure, self._data, news.day) or self.last
                log.info("day measured", day=news.day)
