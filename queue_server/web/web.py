"""What all handlers share, and who is asking."""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config.hall import Hall
from config.wire.devices import DeviceStatus
from queue_server.engine.roles import Actor, Role
from queue_server.server import Server
from queue_server.simulate.figures import Figures
from queue_server.store.accounts import Accounts
from queue_server.web.limits import Lockout, Rate

COOKIE = "yichuang"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `session` is the secret of the cookie, None for the bearer of a token."""

    actor: Actor
    session: str | None = None
    must_change: bool = False


@dataclass(slots=True)
class Counters:
    """What `/metrics` tells of this door since the start."""

    commands: dict[tuple[str, str], int] = field(default_factory=dict)
    """Kind of command and code (``ok`` when carried out) -> how many."""
    malformed: int = 0
    denied: int = 0
    streams: int = 0
    """Open now."""
    visitors: Counter[str] = field(default_factory=Counter)
    """Open now on pages for everybody, by address."""

    def count(self, kind: str, code: str) -> None:
        self.commands[kind, code] = self.commands.get((kind, code), 0) + 1


@dataclass(slots=True)
class Web:
    """The hall behind the door."""

    server: Server
    accounts: Accounts
    devices: Callable[[], Sequence[DeviceStatus]] = tuple
    last_day: Callable[[], Figures | None] = lambda: None
    clock: Callable[[], float] = time.time
    beat: float = 5.0
    """Seconds of silence after which a live stream says that it lives, and looks whether it may."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    counters: Counters = field(default_factory=Counters)
    lockout: Lockout = field(default_factory=Lockout)
    persons: Rate = field(default_factory=lambda: Rate(200, 1000))
    """Commands of one person: more is a page gone mad."""
    programs: Rate = field(default_factory=lambda: Rate(5000, 10_000))
    """Commands of one device or program: more is a device gone mad."""
    strangers: Rate = field(default_factory=lambda: Rate(0.5, 30))
    """Wrong tokens and sign-in tries of one address."""
    visitors: Rate = field(default_factory=lambda: Rate(20, 200))
    """Citizens' pages for one address; a hall's guest network may be one address."""
    one_password_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Each check takes 46 MiB."""
    _touching: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def hall(self) -> Hall:
        return self.server.hall

    def allows(self, actor: Actor) -> bool:
        """Whether `actor` may send one more command now."""
        if actor.role is Role.ADMIN:
            return True
        person = actor.role in (Role.CLERK, Role.GUIDE, Role.MANAGER, Role.SUPERVISOR)
        return (self.persons if person else self.programs).allows(str(actor), self.clock())

    def find(self, session: str) -> Caller | None:
        """Whose session this is, if it goes on; noted as used once a minute."""
        found = self.accounts.session(session)
        if found is None:
            return None
        person, seen = found
        if self.clock() - seen > 60.0:
            task = asyncio.create_task(asyncio.to_thread(self.accounts.touch, session))
            self._touching.add(task)
            task.add_done_callback(self._touching.discard)
        return Caller(person.actor, session, person.must_change)


def csrf_of(session: str) -> str:
    """What a page sends along to prove that it was read from here."""
    return hashlib.sha256(b"csrf:" + session.encode()).hexdigest()
