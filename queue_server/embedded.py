"""The roof: a whole hall in one process, every part a coroutine on one bus.

`hall_server` is the queue server with its doors; `yichuang serve` is that and nothing else. The
demonstration adds the other parts and people, through the same code that a process of its own would
run.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from config.hall import Hall
from config.wire import topics
from config.wire.bus import Bus, LocalBus, Will
from config.wire.devices import DeviceStatus, ProcessStatus
from queue_server import clock, forecast
from queue_server.engine.roles import Actor, Role
from queue_server.mqtt import CommandDoor
from queue_server.night import Night
from queue_server.publish import Publisher
from queue_server.server import Server, serving
from queue_server.simulate.figures import Figures
from queue_server.store.accounts import Accounts
from queue_server.store.backup import repair
from queue_server.store.log import SqliteLog

if TYPE_CHECKING:
    from queue_server.broker import Broker, BrokerAccount

SERVER = "server"
"""Name of the queue server on the bus."""

CALIBRATION = "forecast.json"
"""What was learned from waits that came true, in the data folder."""

BusContext = contextlib.AbstractAsyncContextManager[Bus]


class Lines(Protocol):
    """How the parts of one process come to the bus."""

    url: str
    """Where other processes find the broker; empty when there is none."""
    guests: dict[str, Actor]
    """Parts of this process, known by their word."""

    async def attach(self, name: str, role: Role, will: Will | None = None) -> BusContext:
        """Another end of the bus, for the part `name` of this process; `will` is said when it is
        gone."""

    async def refresh(self) -> None:
        """Let accounts made or revoked since count."""


@dataclass(slots=True)
class LocalLines:
    """No broker: everything in this process."""

    url: str = ""
    guests: dict[str, Actor] = field(default_factory=dict)
    _switchboard: LocalBus = field(default_factory=LocalBus)

    async def attach(self, name: str, role: Role, will: Will | None = None) -> BusContext:
        self.guests[name] = Actor(role, name)
        return contextlib.nullcontext(self._switchboard.attach(name, will=will))

    async def refresh(self) -> None:
        """Nobody comes in from outside."""


@dataclass(slots=True)
class BrokerLines:
    """A broker of our own; each part gets an account that lives as long as the process."""

    hall: Hall
    broker: "Broker"
    accounts: Accounts
    url: str = ""
    guests: dict[str, Actor] = field(default_factory=dict)
    _hashes: dict[str, str] = field(default_factory=dict)

    async def attach(self, name: str, role: Role, will: Will | None = None) -> BusContext:
        from config.wire.mqtt import MqttBus
        from queue_server.broker import hash_password

        password = secrets.token_urlsafe(16)
        self.guests[name] = Actor(role, name)
        self._hashes[name] = hash_password(password)
        await self.refresh()
        return MqttBus(self.broker.url, client=name, username=name, password=password, will=will)

    async def refresh(self) -> None:
        """Tell the broker who may come in."""
        names = {t.name: (t.role, t.broker) for t in self.accounts.tokens() if not t.revoked}
        names |= {n: (a.role, self._hashes[n]) for n, a in self.guests.items()}
        await self.broker.update(
            self._account(name, role, hashed)
            for name, (role, hashed) in names.items()
            if hashed is not None
        )

    def _account(self, name: str, role: Role, hashed: str) -> "BrokerAccount":
        from queue_server.broker import BrokerAccount

        known = SERVER if role is Role.SYSTEM else role.value
        return BrokerAccount(name, known, hashed, devices_of(self.hall, name))


@dataclass(slots=True)
class HallLines:
    """The hall's own broker: one account for this process, named in the URL."""

    url: str
    guests: dict[str, Actor] = field(default_factory=dict)

    async def attach(self, name: str, role: Role, will: Will | None = None) -> BusContext:
        self.guests[name] = Actor(role, name)
        return part_bus(self.url, name, will)

    async def refresh(self) -> None:
        """The hall's broker keeps its own accounts."""


def part_bus(url: str, name: str, will: Will | None = None) -> BusContext:
    """The bus at ``mqtt[s]://[USER:PASSWORD@]HOST[:PORT]``, as `name`."""
    from config.wire.mqtt import MqttBus

    where = urlsplit(url)
    port = f":{where.port}" if where.port else ""
    return MqttBus(
        f"{where.scheme}://{where.hostname}{port}",
        client=unquote(where.username) if where.username else name,
        username=unquote(where.username) if where.username else None,
        password=unquote(where.password) if where.password else None,
        will=will,
    )


@dataclass(frozen=True, slots=True)
class Running:
    """A hall that is being served."""

    server: Server
    accounts: Accounts
    lines: Lines
    first_admin: tuple[str, str] | None
    """Name and password made at the very first start, to be shown once."""
    repaired: str
    """What had to be done to a damaged database; empty when it was sound."""
    statuses: dict[str, DeviceStatus]
    """How each device said it is, by id."""

    door: CommandDoor
    night: Night

    def devices(self) -> list[DeviceStatus]:
        return [*self.statuses.values()]

    def last_day(self) -> Figures | None:
        """What the last day that is over was like."""
        return self.night.last

    def bad_commands(self) -> int:
        """Messages on the bus that were no command, since the start."""
        return self.door.bad


@contextlib.asynccontextmanager
async def hall_server(hall: Hall, data: Path, mqtt: str) -> AsyncIterator[Running]:
    """Serve `hall` from the folder `data`.

    `mqtt` is ``embedded`` or ``embedded:PORT`` (a Mosquitto of our own on loopback), the URL of the
    hall's broker, or ``none`` (everything in this process).

    Raises:
        StoreError: the data folder cannot be used.
        BrokerError: there is no Mosquitto to start.
    """
    repaired = await asyncio.to_thread(repair, data, hall.id)
    store = SqliteLog(data, hall.id)
    accounts = Accounts(data)
    waits = forecast.Forecast(hall, forecast.read_calibration(data / CALIBRATION))
    server = Server(hall, store, saw=waits.saw)
    try:
        async with contextlib.AsyncExitStack() as stack:
            lines = await _lines(stack, hall, data, mqtt, accounts)
            gone = (topics.process(hall.id, SERVER), ProcessStatus(process=SERVER, alive=False))
            end = await lines.attach(SERVER, Role.SYSTEM, gone)
            bus = await stack.enter_async_context(end)
            await stack.enter_async_context(serving(server))
            await clock.tick(server)
            statuses: dict[str, DeviceStatus] = {}
            measured = Night(server, data)
            door = CommandDoor(server, bus, lambda client: _actor(accounts, lines, client))
            async with asyncio.TaskGroup() as parts:
                running = [
                    parts.create_task(clock.run(server), name="clock"),
                    parts.create_task(forecast.run(server, waits), name="forecast"),
                    parts.create_task(Publisher(server, bus).run(), name="publisher"),
                    parts.create_task(door.run(), name="bus door"),
                    parts.create_task(measured.run(), name="night"),
                    parts.create_task(_listen(hall, bus, statuses), name="device statuses"),
                ]
                if isinstance(lines, BrokerLines):
                    running.append(parts.create_task(_follow(lines), name="broker accounts"))
                alive = ProcessStatus(process=SERVER, alive=True, since=server.clock())
                await bus.publish(topics.process(hall.id, SERVER), alive)
                yield Running(
                    server,
                    accounts,
                    lines,
                    accounts.first_admin(),
                    repaired,
                    statuses,
                    door,
                    measured,
                )
                for task in running:
                    task.cancel()
    finally:
        accounts.close()
        store.close()
        forecast.write_calibration(data / CALIBRATION, waits)


async def _lines(
    stack: contextlib.AsyncExitStack, hall: Hall, data: Path, mqtt: str, accounts: Accounts
) -> Lines:
    if mqtt == "none":
        return LocalLines()
    kind, _, port = mqtt.partition(":")
    if kind != "embedded":
        return HallLines(mqtt)
    from queue_server.broker import Broker

    broker = Broker(data, hall.id, port=int(port or 0))
    await stack.enter_async_context(broker)
    return BrokerLines(hall, broker, accounts, broker.url)


async def _follow(lines: BrokerLines) -> None:
    """Let a token made or revoked by ``yichuang token`` count at the broker within seconds."""
    seen = lines.accounts.tokens()
    while True:
        await asyncio.sleep(1.0)
        if (now := lines.accounts.tokens()) != seen:
            seen = now
            await lines.refresh()


def devices_of(hall: Hall, name: str) -> frozenset[str]:
    """Devices that the part `name` speaks for: those that hang on this kiosk or loudspeaker."""
    hanging = {d.id for d in hall.devices if d.kiosk == name}
    for part in hall.kiosks:
        if part.id == name:
            hanging |= {d for d in (part.printer, part.reader) if d}
    hanging |= {v.device for v in hall.voices if v.id == name and v.device}
    return frozenset(hanging)


async def _listen(hall: Hall, bus: Bus, statuses: dict[str, DeviceStatus]) -> None:
    async with bus.subscribe(topics.device_status(hall.id, topics.ANY)) as messages:
        async for message in messages:
            status: DeviceStatus = message.message
            statuses[status.device] = status


def _actor(accounts: Accounts, lines: Lines, client: str) -> Actor | None:
    if (guest := lines.guests.get(client)) is not None:
        return guest
    token = accounts.token_of(client)
    return None if token is None else token.actor
