"""Buses for tests: the same clients on a `LocalBus` or on a real Mosquitto."""

import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from config.wire.bus import Bus, LocalBus, Will
from config.wire.mqtt import MqttBus
from queue_server.broker import Broker, BrokerAccount, hash_password
from tests.cable import Cable
from tests.helpers import wait_until

HALL = "h"


class Exchange(Protocol):
    """Somewhere clients can be attached, and accidents happen."""

    def attach(
        self, client: str, *, role: str = "server", will: Will | None = None
    ) -> AbstractAsyncContextManager[Bus]:
        """A client with its own line."""

    async def cut(self, client: str) -> None:
        """Tear one client's line, and let it know."""

    async def mend(self, client: str) -> None:
        """Repair it; the client is back when this returns."""

    async def restart(self) -> None:
        """Kill what carries the messages, as by SIGKILL, and have it come back empty."""


class LocalExchange:
    def __init__(self) -> None:
        self._switchboard = LocalBus()

    @asynccontextmanager
    async def attach(
        self, client: str, *, role: str = "server", will: Will | None = None
    ) -> AsyncIterator[Bus]:
        yield self._switchboard.attach(client, will=will)

    async def cut(self, client: str) -> None:
        self._switchboard.cut(client)

    async def mend(self, client: str) -> None:
        self._switchboard.mend(client)

    async def restart(self) -> None:
        self._switchboard.cut()
        self._switchboard.mend()


class MqttExchange:
    """Every client has an account and a cable of its own."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self._accounts: dict[str, BrokerAccount] = {}
        self._cables: dict[str, Cable] = {}
        self._buses: dict[str, MqttBus] = {}

    @asynccontextmanager
    async def attach(
        self, client: str, *, role: str = "server", will: Will | None = None
    ) -> AsyncIterator[Bus]:
        await self.add(client, role)
        async with (
            Cable(self.broker.port) as cable,
            MqttBus(
                f"mqtt://127.0.0.1:{cable.port}",
                client=client,
                username=client,
                password=password(client),
                will=will,
            ) as bus,
        ):
            self._cables[client], self._buses[client] = cable, bus
            yield bus

    async def add(self, client: str, role: str, devices: Iterable[str] = ()) -> None:
        """An account, its password being `password(client)`."""
        self._accounts[client] = BrokerAccount(
            client, role, hash_password(password(client)), frozenset(devices)
        )
        await self.broker.update(self._accounts.values())

    async def cut(self, client: str) -> None:
        self._cables[client].cut()
        await wait_until(lambda: not self._buses[client].up, f"{client} to notice")

    async def mend(self, client: str) -> None:
        self._cables[client].mend()
        await wait_until(lambda: self._buses[client].up, f"{client} to be back", within=30)

    async def restart(self) -> None:
        pid = self.broker.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await wait_until(lambda: self.broker.pid not in (None, pid), "another broker", within=30)
        for client, bus in self._buses.items():
            await wait_until(lambda bus=bus: bus.up, f"{client} to be back", within=30)  # type: ignore[misc]


def password(client: str) -> str:
    return f"{client}.not-a-secret"


@asynccontextmanager
async def mqtt_exchange(data: Path) -> AsyncIterator[MqttExchange]:
    async with Broker(data, HALL) as broker:
        yield MqttExchange(broker)
