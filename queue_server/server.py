"""The one writer: every change of the hall goes through here, one after another.

Commands that wait are taken together, decided one after another, stored as one commit, and only
then answered and told to anybody. So an answer means that it is on the disk, and many commands cost
one sync. If the commit fails nothing was decided: the day is folded anew from the log and everybody
in the batch is refused.

The day in memory is ahead of the disk by one batch while a commit runs; nobody is told of a change
before it is stored: replies and `events` come after the commit, and whoever shows the day looks at
it when it is `settled`.
"""

import asyncio
import contextlib
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, takewhile
from typing import Any, TypeVar

import msgspec
import structlog

from config.hall import Hall
from config.wire import views as v
from config.wire.commands import ERRORS, Command, IssueTicket, Refusal, Reply, Result
from config.wire.events import Happening, Logged
from queue_server.engine import views
from queue_server.engine.asked import Asked, Rejected
from queue_server.engine.asking_why import why_called
from queue_server.engine.decide import decide
from queue_server.engine.departed import with_departed
from queue_server.engine.evolve import evolve
from queue_server.engine.explain import Why
from queue_server.engine.roles import Actor
from queue_server.engine.staffing import Suggestion
from queue_server.engine.state import Day
from queue_server.engine.views import Interval, Moment
from queue_server.news import happening
from queue_server.store.log import Log, StorageFailedError

V = TypeVar("V")

MOST_AT_ONCE = 256
"""Commands of one commit; more would make the first of them wait for the last."""
REMEMBERED = 4096
"""Refusals and happenings kept at hand; older happenings are in the log."""
MOST_WAITING = 20_000
FRESH = 40
"""Events after which a forecast is too old to be printed: a rush overtakes it."""
SETTLE = 0.05
"""Seconds between two looks of one watcher: a burst is one change to a person."""

log = structlog.get_logger()

Ask = tuple[Command, Actor, asyncio.Future[Reply]]


def refused(code: str, id: str | None = None, message: str = "") -> Reply:
    """The reply to a command that is not carried out."""
    return Reply(ok=False, id=id, error=Refusal(code, message or ERRORS[code]))


class Server:
    """A hall's queue. `run` must be running for `submit` to be answered."""

    def __init__(
        self,
        hall: Hall,
        store: Log,
        *,
        clock: Callable[[], float] = time.time,
        secret: Callable[[], str] = lambda: secrets.token_urlsafe(16),
        saw: Callable[[Day, Logged], None] | None = None,
    ) -> None:
        """`saw` is told each event with the day after it, also of those replayed at the start."""
        self.hall = hall
        self.clock = clock
        self.waits: Mapping[str, Interval] = {}
        """Expected waits by service and by waiting ticket; kept by `queue_server.forecast`."""
        self.advice: Suggestion | None = None
        """Which window should open, for the manager; kept likewise."""
        self.waits_at = 0
        """Place in the log that `waits` were made for."""
        self.failing = ""
        """Why the store refuses to store, empty when it does."""
        self._store = store
        self._secret = secret
        self._saw = saw or (lambda *_: None)
        self._inbox: deque[Ask] = deque()
        self._arrived = asyncio.Event()
        self._stored = asyncio.Event()
        self._stored.set()
        self._refusals: OrderedDict[str, Reply] = OrderedDict()
        self._news: deque[Happening] = deque(maxlen=REMEMBERED)
        self._pulse = asyncio.Event()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._announced = store.last()
        self.day = self._replay()

    @property
    def epoch(self) -> str:
        return self._store.epoch

    # -- commands ---------------------------------------------------------------------------------

    async def submit(self, command: Command, actor: Actor) -> Reply:
        """Carry out `command`; the reply is durable when it comes. The same id is always answered
        the same."""
        if len(self._inbox) >= MOST_WAITING:
            return refused("unavailable", command.id)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._inbox.append((command, actor, answer))
        self._arrived.set()
        return await answer

    async def run(self) -> None:
        """Take commands until cancelled; whoever still waits then is told to ask again."""
        try:
            while True:
                await self._arrived.wait()
                # Now those look at the day who waited for it to settle, and what arrived at the
                # same instant comes into the same commit.
                await asyncio.sleep(0)
                await _finish(self._carry_out(self._next_batch()))
        finally:
            for command, _, answer in self._inbox:
                _tell(answer, refused("unavailable", command.id))
            self._inbox.clear()
            self._writer.shutdown()

    def _next_batch(self) -> list[Ask]:
        batch = [self._inbox.popleft() for _ in range(min(MOST_AT_ONCE, len(self._inbox)))]
        if not self._inbox:
            self._arrived.clear()
        return batch

    async def _carry_out(self, batch: list[Ask]) -> None:
        self._stored.clear()
        rows: list[Logged] = []
        fresh: dict[str, Reply] = {}
        answers: list[tuple[asyncio.Future[Reply], Reply]] = []
        known = self._store.replies({command.id for command, _, _ in batch})
        for command, actor, answer in batch:
            id = command.id
            reply = known.get(id) or fresh.get(id) or self._refusals.get(id)
            answers.append((answer, reply or self._decide(command, actor, rows, fresh)))
        if fresh:
            failure = await self._store_batch(rows, [*fresh.values()])
            if failure:
                answers = [
                    (a, refused("storage-failed", r.id) if r.id in fresh else r) for a, r in answers
                ]
            else:
                self._announce(rows)
        self._stored.set()
        for answer, reply in answers:
            _tell(answer, reply)

    def _decide(
        self, command: Command, actor: Actor, rows: list[Logged], fresh: dict[str, Reply]
    ) -> Reply:
        """Decide one command and fold what follows; `rows` and `fresh` gather what to store."""
        try:
            made, result = self._follow(command, actor)
        except Rejected as rejected:
            reply = Reply(ok=False, id=command.id, error=rejected.refusal)
            self._remember(reply)
            note = log.warning if rejected.refusal.code == "forbidden" else log.debug
            note("refused", kind=type(command).__name__, code=rejected.refusal.code, by=str(actor))
            return reply
        except Exception:
            # The engine has a fault; it costs this command, not the hall.
            log.exception("engine", kind=type(command).__name__, by=str(actor))
            self.day = self._replay(rows)
            return refused("internal", command.id)
        rows += made
        reply = Reply(ok=True, id=command.id, seq=self.day.seq, result=result)
        fresh[command.id] = reply
        return reply

    def _follow(self, command: Command, actor: Actor) -> tuple[list[Logged], Result]:
        """Decide, and fold what follows into the day."""
        asked = self._asked(command, actor)
        decision = decide(self.day, asked)
        made = []
        for event in decision.events:
            row = Logged(
                seq=self.day.seq + 1,
                at=asked.now,
                day=getattr(event, "day", self.day.day),
                command=command.id,
                by=str(actor),
                event=event,
            )
            self.day = evolve(self.day, row)
            self._saw(self.day, row)
            made.append(row)
        return made, decision.result

    def _asked(self, command: Command, actor: Actor) -> Asked:
        if not isinstance(command, IssueTicket):
            return Asked(command, self.clock(), actor)
        fresh = self.day.seq - self.waits_at <= FRESH
        wait = self.waits.get(command.service or "") if fresh else None
        return Asked(command, self.clock(), actor, self._secret(), wait)

    async def _store_batch(self, rows: list[Logged], replies: list[Reply]) -> str:
        """Store the batch; on failure fold the day anew and say why."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writer, self._store.append, rows, replies)
        except StorageFailedError as error:
            self.failing = str(error)
            log.critical("storage-failed", reason=self.failing, commands=len(replies))
            self.day = self._replay()
        else:
            self.failing = ""
        return self.failing

    def _remember(self, refusal: Reply) -> None:
        """A refusal is not stored; it is only worth the same answer to the same question now."""
        self._refusals[str(refusal.id)] = refusal
        if len(self._refusals) > REMEMBERED:
            self._refusals.popitem(last=False)

    def _replay(self, pending: Sequence[Logged] = ()) -> Day:
        """The day by the log, and by `pending` rows that are not stored yet."""
        hall = with_departed(self.hall, (row.event for row in self._store.today()))
        if hall is not self.hall:
            _tell_departed(self.hall, hall)
        day = Day(hall)
        for row in chain(self._store.today(), pending):
            day = evolve(day, row)
            self._saw(day, row)
        day.seq, day.next_hall = max(day.seq, self._store.last()), self.hall
        return day

    # -- what others may know ---------------------------------------------------------------------

    def _announce(self, rows: list[Logged]) -> None:
        for row in rows:
            news = happening(self.day.hall, self.epoch, row)
            if news is not None:
                self._news.append(news)
            self._announced = row.seq
        self.changed()

    def changed(self) -> None:
        """Let every watcher look again."""
        pulse, self._pulse = self._pulse, asyncio.Event()
        pulse.set()

    async def settled(self) -> None:
        """Return when the day is as it is stored; that lasts until the caller awaits anything."""
        while not self._stored.is_set():
            await self._stored.wait()

    async def events(self, after: int | None = None) -> AsyncIterator[Happening]:
        """News behind `after`, then as it comes. None begins now, and so does a place that this
        log has not reached (a backup was restored). Never skips one."""
        seen = self._announced if after is None else min(after, self._announced)
        while True:
            pulse = self._pulse
            page, reached = self._since(seen)
            for news in page:
                yield news
            if reached == seen:
                await pulse.wait()
            seen = reached

    def _since(self, seq: int) -> tuple[list[Happening], int]:
        """A page of news behind `seq` and how far it reaches: from memory if that goes back far
        enough, else from the log."""
        if seq >= self._announced:
            return [], seq
        if self._news and self._news[0].seq <= seq + 1:
            newest = [*takewhile(lambda n: n.seq > seq, reversed(self._news))]
            return newest[::-1], self._announced
        page = [r for r in self._store.after(seq) if r.seq <= self._announced]
        found = [happening(self.day.hall, self.epoch, r) for r in page]
        return [n for n in found if n is not None], page[-1].seq if page else self._announced

    def pulse(self) -> asyncio.Event:
        """Set at the next change."""
        return self._pulse

    async def watch(self, make: Callable[[], V]) -> AsyncIterator[V]:
        """What `make` returns, now and after every change that shows in it."""
        last: bytes | None = None
        while True:
            await self.settled()
            pulse = self._pulse
            view = make()
            encoded = msgspec.json.encode(timeless(view))
            if encoded != last:
                last = encoded
                yield view
            await pulse.wait()
            await asyncio.sleep(SETTLE)

    def moment(self) -> Moment:
        return Moment(self.epoch, self.clock(), self.waits)

    def hall_view(self) -> v.HallView:
        return views.hall_view(self.day, self.moment())

    def console_view(self, window: str) -> v.ConsoleView | None:
        known = window in self.day.windows
        return views.console_view(self.day, window, self.moment()) if known else None

    def ticket_view(self, token: str) -> v.TicketView | None:
        return views.ticket_view(self.day, token, self.moment())

    def why(self, called: str, other: str) -> Why | None:
        """Why `called` was called before `other`, for staff; None when there is no such pair."""
        return why_called(self.day, called, other)

    def why_before(self, token: str, called: str) -> Why | None:
        """Why `called` was called before the ticket of `token`, for whoever holds that."""
        mine = self.day.by_token.get(token)
        return None if mine is None else why_called(self.day, called, mine, discreet=True)

    def view(self, kind: str, id: str) -> v.View | None:
        """The public view of this kind and id (``board``, ``window``, ``kiosk``, ``hall``)."""
        match kind:
            case "board" if id in self.hall.area_by_id:
                return views.board_view(self.day, id, self.moment())
            case "window" if id in self.day.windows:
                return views.window_view(self.day, id, self.moment())
            case "kiosk" if id in self.hall.kiosk_by_id or id == "all":
                return views.kiosk_view(self.day, self.moment())
            case "hall":
                return self.hall_view()
            case _:
                return None


def _tell_departed(file: Hall, hall: Hall) -> None:
    gone = hall.window_by_id.keys() - file.window_by_id.keys()
    gone |= hall.service_by_id.keys() - file.service_by_id.keys()
    log.warning(
        "not in the hall file any more, but today's log names it: it stays until the day is over;"
        " serve, transfer or cancel whoever waits for it",
        gone=sorted(gone),
    )


def timeless(view: object) -> object:
    """The view without its clock and place: what has to differ to be a change."""
    if isinstance(view, msgspec.Struct) and hasattr(view, "at"):
        return msgspec.structs.replace(view, at=0.0, seq=0)
    return view


def _tell(answer: asyncio.Future[Reply], reply: Reply) -> None:
    """Answer, unless whoever asked has gone."""
    if not answer.done():
        answer.set_result(reply)


async def _finish(work: Coroutine[Any, Any, None]) -> None:
    """Await `work` to its end even when cancelled: a batch is stored and answered, or neither."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


@contextlib.asynccontextmanager
async def serving(server: Server) -> AsyncIterator[Server]:
    """`server` with its writer running.

    Raises:
        ExceptionGroup: the writer died. The context ends with it, for nobody would be answered.
    """
    async with asyncio.TaskGroup() as writer:
        task = writer.create_task(server.run(), name="writer")
        yield server
        task.cancel()
