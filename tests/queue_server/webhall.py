"""A hall behind its real HTTP door, on a free port, for tests of the door."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import msgspec

from config.hall import Hall
from config.wire.commands import OpenDay, Reply
from config.wire.devices import DeviceStatus, Health
from queue_server.engine.roles import SYSTEM, Role
from queue_server.forecast import Forecast
from queue_server.server import Server, serving
from queue_server.store.accounts import PEOPLE, Accounts
from queue_server.store.log import DATABASE, SqliteLog
from queue_server.web.app import make_app, serving_http
from queue_server.web.web import Web
from tests.queue_server.town import DAY, NINE, town

PASSWORD = "sunny-lemon-42"
PEOPLE_ROLES = sorted(PEOPLE)
TOKEN_ROLES = sorted({r for r in Role if r is not Role.SYSTEM})


class Clock:
    """A clock that only goes when told."""

    def __init__(self, now: float = NINE) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class WebHall:
    """The hall: `base` is its address, `tokens` by role; clerks are limited to window N1."""

    base: str
    server: Server
    accounts: Accounts
    web: Web
    clock: Clock
    forecast: Forecast
    """Told everything; to be run by whoever wants its figures."""
    tokens: dict[Role, str] = field(default_factory=dict)
    _ids: Iterable[int] = field(default_factory=lambda: count(1))

    def bearer(self, role: Role) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[role]}"}

    def command(self, kind: str, **fields: Any) -> dict[str, Any]:
        return {"kind": kind, "id": f"w{next(iter(self._ids))}", **fields}

    async def ask(self, http: httpx.AsyncClient, kind: str, **fields: Any) -> Reply:
        """One command as the administrator's program."""
        answer = await http.post(
            "/api/v1/commands",
            json=self.command(kind, **fields),
            headers=self.bearer(Role.ADMIN),
        )
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Reply)

    def forgive(self) -> None:
        """Forget the wrong tokens and tries of this machine."""
        self.web.strangers = Web(self.server, self.accounts).strangers

    @asynccontextmanager
    async def client(self, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(base_url=self.base, timeout=20, **more) as http:
            yield http

    async def sign_in(self, http: httpx.AsyncClient, name: str, password: str = PASSWORD) -> str:
        """Sign in and return what the pages send as proof against forgery."""
        answer = await http.post("/login", json={"name": name, "password": password})
        assert answer.status_code == 200, answer.text
        page = await http.get(answer.json()["next"])
        return page.text.partition('name="csrf" content="')[2].partition('"')[0]


def sample_devices() -> tuple[DeviceStatus, ...]:
    return (
        DeviceStatus(device="printer-k1", health=Health.OK, since=NINE),
        DeviceStatus(device="pad-n1", health=Health.OFFLINE, reason="no answer", since=NINE),
    )


@cache
def prepared() -> tuple[bytes, dict[Role, str]]:
    """A database with one person (named like the role) and one token of each role, and the
    tokens; made once, because a password takes its time."""
    with TemporaryDirectory() as folder:
        accounts = Accounts(Path(folder))
        tokens: dict[Role, str] = {}
        for role in TOKEN_ROLES:
            mine = frozenset({"N1"}) if role is Role.CLERK else None
            tokens[role] = accounts.add_token(f"{role}-1", role, windows=mine)
            if role in PEOPLE_ROLES:
                accounts.add_person(role, role, PASSWORD, windows=mine, must_change=False)
        accounts.close()
        return (Path(folder) / DATABASE).read_bytes(), tokens


def furnish(data: Path) -> bool:
    """Put the accounts of `prepared` into an empty data folder; whether it was empty."""
    data.mkdir(exist_ok=True)
    empty = not (data / DATABASE).exists()
    if empty:
        (data / DATABASE).write_bytes(prepared()[0])
    return empty


@asynccontextmanager
async def running(
    data: Path, *, hall: Hall | None = None, clock: Clock | None = None, port: int = 0
) -> AsyncIterator[WebHall]:
    """A hall with a day open and the accounts of `prepared`; goes on where `data` ended."""
    clock, hall = clock or Clock(), hall or town()
    fresh = furnish(data)
    store = SqliteLog(data, hall.id)
    accounts = Accounts(data, clock=clock)
    forecast = Forecast(hall)
    server = Server(hall, store, clock=clock, saw=forecast.saw)
    app = make_app(server, accounts, devices=sample_devices)
    async with serving(server), serving_http(app, port=port) as base:
        if fresh:
            await server.submit(OpenDay(id="open", day=DAY), SYSTEM)
        yield WebHall(base, server, accounts, app.state.web, clock, forecast, prepared()[1])
    accounts.close()
    store.close()
