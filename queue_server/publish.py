"""What the server tells the bus: each happening at once, and the states that changed by it.

Happenings go first and one after another. States follow; while they are being sent more may happen,
and then each is sent once more, with the newest. Waits drift without anybody doing anything, so
all states are sent again every `REFRESH` seconds.
"""

import asyncio
from typing import Any

import msgspec

from config.wire import topics
from config.wire.bus import Bus
from queue_server.engine import views
from queue_server.server import Server, timeless

REFRESH = 10.0


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
            pulse = self._server.pulse()
            await self._publish_all()
            try:
                await asyncio.wait_for(pulse.wait(), REFRESH)
            except TimeoutError:
                continue

    async def _publish_all(self) -> None:
        hall, day, moment = self._server.hall, self._server.day, self._server.moment()
        for window in hall.windows:
            view = views.window_view(day, window.id, moment)
            await self._send(topics.window(hall.id, window.id), view)
        for area in hall.areas:
            board = views.board_view(day, area.id, moment)
            await self._send(topics.board(hall.id, area.id), board)
        await self._send(topics.kiosk(hall.id), views.kiosk_view(day, moment))

    async def _send(self, topic: topics.Topic[Any], view: msgspec.Struct) -> None:
        """Publish `view` unless the bus has the same already, apart from the time."""
        told = msgspec.json.encode(timeless(view))
        if self._sent.get(topic.path) != told:
            await self._bus.publish(topic, view)
            self._sent[topic.path] = told
