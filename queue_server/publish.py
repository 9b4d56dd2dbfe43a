"""What the server tells the bus: each happening at once, and the states that changed by it.

Happenings go first and one after another. States follow a moment later, so that they never hold up
a happening and many changes at once are one to a board; they are sent where they differ from what
the bus has. Waits drift without anybody doing anything, so all are looked at every `REFRESH`
seconds.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import msgspec

from config.wire import topics
from config.wire import views as v
from config.wire.bus import Bus
from queue_server.engine import views
from queue_server.server import Server, timeless

REFRESH = 10.0

SETTLE = 0.02
"""Seconds from a change to the states that show it: too short to be seen."""


class Publisher:
    """Keeps the retained state of a hall on `bus` as the server has it."""

    def __init__(self, server: Server, bus: Bus) -> None:
        self._server = server
        self._bus = bus
        self._sent: dict[str, bytes] = {}

    async def run(self) -> None:
        """Publish until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._happenings(), name="publish happenings")
            tasks.create_task(self._states(), name="publish states")

    async def _happenings(self) -> None:
        topic = topics.event(self._server.hall.id)
        async for news in self._server.events():
            await self._bus.publish(topic, news)

    async def _states(self) -> None:
        while True:
            await self._server.settled()
            pulse = self._server.pulse()
            for topic, view in self._changed():
                await self._bus.publish(topic, view)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REFRESH):
                    await pulse.wait()
            await asyncio.sleep(SETTLE)

    def _changed(self) -> list[tuple[topics.Topic[Any], v.View]]:
        """The states that differ, apart from the time, from what the bus has; all of one moment."""
        changed = []
        for topic, view in self._all():
            told = msgspec.json.encode(timeless(view))
            if self._sent.get(topic.path) != told:
                self._sent[topic.path] = told
                changed.append((topic, view))
        return changed

    def _all(self) -> Iterator[tuple[topics.Topic[Any], v.View]]:
        hall, day, moment = self._server.hall, self._server.day, self._server.moment()
        for window in hall.windows:
            yield topics.window(hall.id, window.id), views.window_view(day, window.id, moment)
        for area in hall.areas:
            yield topics.board(hall.id, area.id), views.board_view(day, area.id, moment)
        yield topics.kiosk(hall.id), views.kiosk_view(day, moment)
