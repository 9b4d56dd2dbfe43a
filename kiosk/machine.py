"""One kiosk at work: feeds the flow, and does what the flow wants done."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from config.wire import topics
from config.wire.ask import Asker, NoAnswerError, new_id
from config.wire.bus import Bus
from config.wire.commands import Command, IssueTicket, Reply
from config.wire.devices import DeviceIn, DeviceStatus, Health
from kiosk.flow import start, step, trouble
from kiosk.menu import Menu
from kiosk.printing import SlipPrinter
from kiosk.scenes.frame import scene
from kiosk.scenes.parts import Scene
from kiosk.slip import slip
from kiosk.spool import Open, Spool
from kiosk.state import (
    Ask,
    Beep,
    CallStaff,
    Choice,
    Effect,
    Input,
    Print,
    Recovered,
    Replied,
    Settle,
    Speak,
    Tap,
    Tick,
)

log = structlog.get_logger()

AGAIN = 1.0
"""Seconds before a server that is starting or stopping is asked again."""


class Face(Protocol):
    """What a kiosk is seen on: `kiosk.app.KioskApp`, or nothing."""

    def show(self, scene: Scene) -> None: ...


class Voice(Protocol):
    """What a kiosk is heard through: `kiosk.sound.Sound`, or nothing."""

    def beep(self, sound: str) -> None: ...

    def say(self, key: str, language: str) -> None: ...


class Machine:
    """The state of one kiosk, and its hands.

    `feed` may be called from anywhere in the event loop. Order on disk: a request is spooled
    before it is sent, and marked as answered before its number is printed or shown.
    """

    def __init__(
        self,
        menu: Menu,
        bus: Bus,
        spool: Spool,
        tasks: asyncio.TaskGroup,
        ask: Asker,
        *,
        face: Face,
        voice: Voice | None = None,
        printer: SlipPrinter | None = None,
        page_url: str = "",
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.menu = menu
        self.clock = clock
        self.state = start(menu, clock(), wall())
        self.scene = scene(menu, self.state, page_url)
        self._bus, self._spool, self._tasks, self._ask = bus, spool, tasks, ask
        self._face, self._voice, self._printer = face, voice, printer
        self._page_url, self._wall = page_url, wall
        self._disk = asyncio.Lock()
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._told = ""
        self.changed = asyncio.Event()
        """Set whenever the scene changed; whoever waits for it clears it."""

    # What happens -----------------------------------------------------------------------

    def touch(self, choice: Choice) -> None:
        """A finger touched something that means `choice`."""
        self.feed(Tap(at=self.clock(), choice=choice, id=new_id()))

    def tick(self) -> None:
        self.feed(Tick(at=self.clock(), wall=self._wall()))

    def recover(self) -> None:
        """Take up the requests that a power cut interrupted, the newest first."""
        for request in reversed(self._spool.open):
            recovered = Recovered(
                at=self.clock(),
                id=request.id,
                service=request.service,
                item=request.item,
                language=request.language,
                answered=request.answered,
                age=max(0.0, self._wall() - request.at),
            )
            self.feed(recovered)

    def feed(self, what: Input) -> None:
        """Let the flow decide about `what`, show the outcome, do the effects."""
        self.state, effects = step(self.menu, self.state, what)
        shown = scene(self.menu, self.state, self._page_url)
        if shown != self.scene:
            self.scene = shown
            self._face.show(shown)
            self.changed.set()
        for effect in effects:
            self._do(effect)

    def stop(self) -> None:
        """Ask no more; what is open is in the spool and is asked again after the next start."""
        for task in self._asking.values():
            task.cancel()

    # What is done about it ----------------------------------------------------------------

    def _do(self, effect: Effect) -> None:
        match effect:
            case Ask(command=command):
                self._asking[command.id] = self._tasks.create_task(self._send(command))
            case Print(ticket=ticket, reprint=reprint) if self._printer is not None:
                hall, kiosk = self.menu.hall, self.menu.kiosk
                paper, page = self._printer.paper, self._page_url
                parts = slip(hall, kiosk, ticket, paper, page_url=page, reprint=reprint)
                self._printer.print(ticket.id, parts)
            case Settle(id=id):
                self._tasks.create_task(self._settle(id))
            case Beep(sound=sound) if self._voice is not None:
                self._voice.beep(sound)
            case Speak(key=key, language=language) if self._voice is not None:
                self._voice.say(key, language)
            case CallStaff():
                self._tasks.create_task(self._call_staff())

    async def _send(self, command: Command) -> None:
        """Ask until there is an answer; who is told depends on what was asked."""
        ticket = command if isinstance(command, IssueTicket) else None
        if ticket is not None:
            request = Open(
                id=ticket.id,
                service=ticket.service or "",
                item=ticket.item,
                language=ticket.language or self.menu.language,
                at=self._wall(),
            )
            known = any(o.id == ticket.id for o in self._spool.open)
            if not known:
                await self._write(self._spool.asked, request)
        reply = await self._answer(command)
        self._asking.pop(command.id, None)
        if ticket is None:
            if not reply.ok:
                log.warning("refused", command=type(command).__name__, error=reply.error)
            return
        if reply.ok:
            await self._write(self._spool.answered, ticket.id)
        self.feed(Replied(at=self.clock(), id=ticket.id, reply=reply))

    async def _answer(self, command: Command) -> Reply:
        while True:
            try:
                reply = await self._ask(command)
            except NoAnswerError:
                continue
            if reply.error is None or reply.error.code != "unavailable":
                return reply
            await asyncio.sleep(AGAIN)

    async def _settle(self, id: str) -> None:
        asking = self._asking.pop(id, None)
        if asking is not None:
            asking.cancel()
        await self._write(self._spool.settled, id)

    async def _write(self, change: Callable[..., None], *what: object) -> None:
        """One change of the spool after another, without holding up the screen. A disk that is
        full or broken must not keep people from their numbers: it is told, and work goes on."""
        async with self._disk:
            try:
                await asyncio.to_thread(change, *what)
            except OSError as error:
                log.warning("spool", kiosk=self.menu.kiosk.id, error=str(error))

    async def _call_staff(self) -> None:
        topic = topics.device_in(self.menu.hall.id, self.menu.kiosk.id)
        await self._bus.publish(topic, DeviceIn(what="help"))

    # How it is ------------------------------------------------------------------------------

    async def report(self) -> None:
        """Tell the hall how this kiosk is, when that has changed."""
        why = trouble(self.state) or "ok"
        if why == self._told or self.state.view is None:
            return
        self._told = why
        well = why in ("ok", "closed")
        status = DeviceStatus(
            device=self.menu.kiosk.id,
            health=Health.OK if well else Health.OFFLINE,
            reason="" if well else REASONS[why],
            since=self._wall(),
        )
        await self.tell(status)

    async def tell(self, status: DeviceStatus) -> None:
        await self._bus.publish(topics.device_status(self.menu.hall.id, status.device), status)


REASONS = {
    "out": "out of paper: put in a new roll",
    "cover": "the printer's cover is open",
    "fault": "the printer has a fault",
    "server": "the queue server cannot be reached",
}
