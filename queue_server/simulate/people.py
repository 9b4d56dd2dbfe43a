"""Citizens and clerks that behave: who comes to the demonstration, and who serves them.

They know nothing but commands and replies, like anybody else. Times are the hall's own, divided by
`speed`; chance comes from one seeded source, so that a demonstration can be repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from math import exp, log, sqrt
from random import Random

from config.hall import Hall, Service, Window
from config.wire import commands as c
from config.wire.ask import NoAnswerError, new_id
from queue_server.engine.offers import offered

Ask = Callable[[c.Command], Awaitable[c.Reply]]

LOAD = 0.88
"""Share of the windows' time that the people who come will take."""
WALK = 0.4
"""Minutes from a seat to a window."""
NO_SHOW = 0.04
TRANSFER = 0.03
HOLD = 0.03
PRIORITY = 0.08
BREAK_EVERY, BREAK = 120.0, 8.0
"""Minutes of work between two breaks of a clerk, and of a break."""
LOOK = 0.25
"""Minutes between two looks of a clerk who has nobody to call."""


class People:
    """Everybody in the hall but the visitor of the demonstration."""

    def __init__(
        self, hall: Hall, ask: Ask, day: str, *, speed: float = 10.0, seed: int = 1
    ) -> None:
        """`day` is the business day, by whose roster the windows are staffed."""
        self.hall = hall
        self._day = day
        self._ask = ask
        self._speed = speed
        self._seed = seed

    async def run(self, windows: Iterable[Window]) -> None:
        """Let people come and clerks work at `windows` until cancelled."""
        staffed = list(windows)
        async with asyncio.TaskGroup() as tasks:
            for n, window in enumerate(staffed):
                dice = Random(f"{self._seed} {window.id}")
                tasks.create_task(self._clerk(window, dice, delay=0.2 * n), name=window.id)
            for service, gap in self._arrivals(staffed):
                dice = Random(f"{self._seed} {service.id}")
                tasks.create_task(self._citizens(service, gap, dice), name=service.id)

    def _arrivals(self, windows: list[Window]) -> list[tuple[Service, float]]:
        """Services with the mean minutes between two people, so that `windows` are at `LOAD`:
        each window's time is shared evenly among what it offers."""
        served: dict[str, float] = {}
        for window in windows:
            services = self._offers(window)
            for service in services:
                served[service] = served.get(service, 0.0) + 1.0 / len(services)
        known = self.hall.service_by_id
        return [(known[s], known[s].mean / (LOAD * share)) for s, share in served.items()]

    def _offers(self, window: Window) -> tuple[str, ...]:
        return offered(self.hall, window, self._day, 10 * 60.0)

    async def _citizens(self, service: Service, gap: float, dice: Random) -> None:
        """People come for `service`, more of them while the hall is still empty."""
        for _ in range(2):
            await self._come(service, dice)
        while True:
            await self._minutes(dice.expovariate(1.0 / gap))
            await self._come(service, dice)

    async def _come(self, service: Service, dice: Random) -> None:
        classes = self.hall.priorities
        privileged = classes and dice.random() < PRIORITY
        await self._try(
            c.IssueTicket(
                id=new_id(),
                service=service.id,
                kiosk=self.hall.kiosks[0].id if self.hall.kiosks else None,
                priority=dice.choice(classes).id if privileged else None,
            )
        )

    async def _clerk(self, window: Window, dice: Random, delay: float) -> None:
        """A shift without end: call, serve, now and then a break."""
        await self._minutes(delay)
        pace = exp(dice.gauss(0.0, 0.08))
        worked = dice.uniform(0.0, BREAK_EVERY)
        await self._try(c.OpenWindow(id=new_id(), window=window.id))
        while True:
            worked += await self._serve_next(window, dice, pace)
            if worked > BREAK_EVERY:
                await self._pause(window)
                worked = 0.0

    async def _serve_next(self, window: Window, dice: Random, pace: float) -> float:
        """Call the next person and serve them; return the minutes that took."""
        reply = await self._try(c.CallNext(id=new_id(), window=window.id))
        if reply is None or not reply.ok or reply.result is None:
            if reply is not None and reply.error and reply.error.code == "window-closed":
                await self._try(c.OpenWindow(id=new_id(), window=window.id))
            await self._minutes(LOOK * dice.uniform(0.5, 1.5))
            return 0.0
        if dice.random() < NO_SHOW:
            return await self._nobody_comes(window)
        service = self.hall.service_by_id[reply.result.service or ""]
        minutes = pace * _handling(service, dice) * window.slow.get(service.id, 1.0)
        await self._minutes(WALK * dice.uniform(0.4, 1.6))
        await self._try(c.StartTicket(id=new_id(), window=window.id))
        await self._minutes(minutes)
        await self._end(window, service, dice)
        return minutes

    async def _nobody_comes(self, window: Window) -> float:
        rules = self.hall.rules
        for _ in range(rules.no_show_calls):
            await asyncio.sleep(rules.recall_spacing)
            await self._try(c.RecallTicket(id=new_id(), window=window.id))
        await asyncio.sleep(rules.no_show_seconds)
        await self._try(c.MarkNoShow(id=new_id(), window=window.id))
        return 1.0

    async def _end(self, window: Window, service: Service, dice: Random) -> None:
        chance = dice.random()
        others = [s for s in self._offers(window) if s != service.id]
        if chance < TRANSFER and others:
            await self._try(
                c.TransferTicket(id=new_id(), window=window.id, service=dice.choice(others))
            )
        elif chance < TRANSFER + HOLD:
            reply = await self._try(c.HoldTicket(id=new_id(), window=window.id))
            await self._minutes(1.0)
            if reply is not None and reply.result is not None:
                ticket = reply.result.ticket or ""
                await self._try(c.ResumeTicket(id=new_id(), window=window.id, ticket=ticket))
                await self._try(c.FinishTicket(id=new_id(), window=window.id))
        else:
            await self._try(c.FinishTicket(id=new_id(), window=window.id))

    async def _pause(self, window: Window) -> None:
        reason = self.hall.rules.pause_reasons[-1]
        await self._try(c.PauseWindow(id=new_id(), window=window.id, reason=reason))
        await self._minutes(BREAK)
        await self._try(c.OpenWindow(id=new_id(), window=window.id))

    async def _minutes(self, minutes: float) -> None:
        await asyncio.sleep(minutes * 60.0 / self._speed)

    async def _try(self, command: c.Command) -> c.Reply | None:
        """Ask; a person whom nobody answers goes on with their day."""
        try:
            return await self._ask(command)
        except NoAnswerError:
            return None


def _handling(service: Service, dice: Random) -> float:
    """A handling time: log-normal with the service's mean and variation."""
    spread = sqrt(log(1.0 + service.cv * service.cv))
    return service.mean * exp(dice.gauss(-spread * spread / 2.0, spread))
