"""From a pressed key to the queue server's answer on the pad's display."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from config.hall import Hall
from config.wire.ask import Asker, NoAnswerError, new_id
from config.wire.commands import Command
from config.wire.devices import DeviceIn
from config.wire.views import WindowView
from firmware_bridge import binding
from firmware_bridge.desk import Desk
from firmware_bridge.words import AskRating, Figures, Pressed, Verdict

MOST_WAITING = 8
"""Presses of one pad that wait their turn; a pad leaned on loses the rest."""

Tell = Callable[[str, DeviceIn], Awaitable[None]]


class Presses:
    """One pad's presses, one after the other, each answered before the next."""

    def __init__(
        self,
        hall: Hall,
        desk: Desk,
        ask: Asker,
        views: Mapping[str, WindowView],
        tell: Tell,
        raters: Callable[[Desk], list[Desk]],
    ) -> None:
        self._hall, self._desk, self._ask, self._views = hall, desk, ask, views
        self._tell, self._raters = tell, raters
        self._waiting: asyncio.Queue[Pressed] = asyncio.Queue(MOST_WAITING)

    def add(self, pressed: Pressed) -> None:
        """A key went down."""
        try:
            self._waiting.put_nowait(pressed)
        except asyncio.QueueFull:
            self._desk.counters["press dropped"] += 1

    async def work_off(self) -> None:
        """Turn presses into commands, for ever."""
        while True:
            await self._carry_out(await self._waiting.get())

    async def _carry_out(self, pressed: Pressed) -> None:
        device = self._desk.device
        view = self._views.get(device.window or "")
        try:
            asked = binding.commands(self._hall, device, pressed, view, new_id)
        except binding.UnboundError as error:
            await self._refuse("no meaning", str(error))
            return
        if view is not None and binding.action_of(device.options, pressed) == "rate":
            self._ask_rating(view)
        for command in asked:
            if not await self._send(command):
                break

    async def _send(self, command: Command) -> bool:
        try:
            reply = await self._ask(command)
        except NoAnswerError:
            await self._refuse("no answer", "queue server")
            return False
        if reply.error is not None:
            await self._refuse("refused", reply.error.code)
            return False
        self._desk.order(Verdict(good=True))
        if reply.result is not None and reply.result.number:
            self._desk.order(Figures(reply.result.number))
        return True

    async def _refuse(self, what: str, detail: str) -> None:
        self._desk.order(Verdict(good=False))
        await self._tell(self._desk.device.id, DeviceIn(what=what, detail=detail))

    def _ask_rating(self, view: WindowView) -> None:
        """The clerk asks for a rating: of the visit that is at the window now, by its call."""
        if view.number:
            for rater in self._raters(self._desk):
                rater.order(AskRating(f"{view.day}/{view.window}/{view.call}"))
