"""The broker of our own: who gets in, who hears what, which sockets listen, what it survives."""

import asyncio
import os
import signal
import stat
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from ipaddress import ip_address
from pathlib import Path

import aiomqtt
import pytest
from aiomqtt.exceptions import MqttConnectError

from config.wire import topics
from config.wire.devices import DeviceStatus, Health
from config.wire.mqtt import MqttBus
from queue_server.broker import Broker, BrokerAccount, BrokerError, find_mosquitto, hash_password
from queue_server.broker_rights import RIGHTS, acl_file, password_file, rights_of
from tests.buses import HALL, MqttExchange, password
from tests.helpers import free_port, next_of, wait_until

TOPICS = Path(__file__).resolve().parents[2] / "docs" / "topics.md"

ESTABLISHED = "01"
"""As /proc/net writes it; a socket of any other state is listed."""

PATHS = [
    "hall/h/command",
    "hall/h/command/me",
    "hall/h/command/other",
    "hall/h/reply/me",
    "hall/h/reply/other",
    "hall/h/event",
    "hall/h/board/a1",
    "hall/h/window/W1",
    "hall/h/kiosk",
    "hall/h/device/me/out",
    "hall/h/device/me/in",
    "hall/h/device/me/status",
    "hall/h/device/mine/out",
    "hall/h/device/mine/in",
    "hall/h/device/mine/status",
    "hall/h/device/other/out",
    "hall/h/device/other/in",
    "hall/h/device/other/status",
    "hall/h/process/me",
    "hall/h/process/other",
    "hall/h/process/server",
    "hall/h/pad/me/up",
    "hall/h/pad/me/down",
    "hall/h/pad/other/up",
    "hall/h/pad/other/down",
    "zigbee2mqtt/button",
    "zigbee2mqtt/bridge/request/permit_join",
    "hall/other/command",
    "hall/other/event",
    "hall/other/pad/me/up",
    "hall/h",
    "hall/h/made-up",
    "elsewhere",
    "$CONTROL/dynamic-security/v1",
]

SHOWN = {"hall/h/event", "hall/h/board/a1", "hall/h/window/W1"}
OWN_IN = {f"hall/h/device/{device}/{way}" for device in ("me", "mine") for way in ("in", "status")}
OWN_OUT = {"hall/h/device/me/out", "hall/h/device/mine/out"}
ALIVE = {"hall/h/process/server"}
STAFF = {"hall/h/reply/me", "hall/h/kiosk"} | SHOWN | ALIVE
OVERSEERS = STAFF | {path for path in PATHS if path.endswith("/status") or "/process/" in path}
ASKING = {"hall/h/command", "hall/h/command/me", "hall/h/process/me"}
ZIGBEE = {path for path in PATHS if path.startswith("zigbee2mqtt/")}
EVERYTHING = {path for path in PATHS if path.startswith("hall/h/")}

READS = {
    "server": EVERYTHING | {"hall/h"},
    "kiosk": {"hall/h/reply/me", "hall/h/kiosk"} | OWN_OUT | ALIVE,
    "display": SHOWN | OWN_OUT | ALIVE,
    "bridge": {"hall/h/reply/me"}
    | SHOWN
    | ALIVE
    | {path for path in PATHS if path.endswith("/out")}
    | {"hall/h/pad/me/up", "hall/h/pad/other/up"}
    | ZIGBEE,
    "pad": {"hall/h/pad/me/down"},
    "zigbee": ZIGBEE,
    "clerk": STAFF,
    "guide": STAFF,
    "supervisor": OVERSEERS,
    "manager": OVERSEERS,
    "admin": OVERSEERS,
}
WRITES = {
    "server": EVERYTHING | {"hall/h"},
    "kiosk": ASKING | OWN_IN,
    "display": {"hall/h/process/me"} | OWN_IN,
    "bridge": ASKING
    | {path for path in PATHS if path.endswith(("/in", "/status"))}
    | {"hall/h/pad/me/down", "hall/h/pad/other/down"},
    "pad": {"hall/h/pad/me/up"},
    "zigbee": ZIGBEE,
    "clerk": ASKING,
    "guide": ASKING,
    "supervisor": ASKING,
    "manager": ASKING,
    "admin": ASKING,
}
"""The rights once more, path by path: what the table means, not how it is written."""


@pytest.fixture
async def clients(mosquitto: MqttExchange) -> AsyncIterator["Clients"]:
    async with AsyncExitStack() as stack:
        yield Clients(mosquitto, stack)


class Clients:
    """Bare MQTT clients, free to try anything."""

    def __init__(self, exchange: MqttExchange, stack: AsyncExitStack) -> None:
        self.broker = exchange.broker
        self.exchange, self._stack = exchange, stack

    async def add(self, name: str, role: str, *devices: str) -> aiomqtt.Client:
        await self.exchange.add(name, role, devices)
        return await self.connect(name, password(name))

    async def connect(
        self, name: str | None, secret: str | None, client: str | None = None
    ) -> aiomqtt.Client:
        mqtt = aiomqtt.Client(
            "127.0.0.1",
            self.broker.port,
            username=name,
            password=secret,
            identifier=client or name,
            timeout=10,
        )
        mqtt.pending_calls_threshold = 100
        return await self._stack.enter_async_context(mqtt)


async def heard(client: aiomqtt.Client, last: str) -> list[str]:
    """Paths of what came, up to the one that says there is no more."""
    paths: list[str] = []
    async with asyncio.timeout(10):
        async for message in client.messages:
            if message.payload == last.encode():
                return paths
            paths.append(message.topic.value)
    raise AssertionError("the line broke")


class TestRights:
    def test_every_role_is_in_the_expectation(self) -> None:
        assert READS.keys() == WRITES.keys() == RIGHTS.keys()

    @pytest.mark.parametrize("role", RIGHTS)
    def test_the_documents_say_the_same(self, role: str) -> None:
        rights = [right.split(" ") for right in RIGHTS[role]]
        reads, writes = (
            ", ".join(f"`{path}`" for access, path in rights if way in access)
            for way in ("read", "write")
        )
        assert f"| {role} | {reads} | {writes} |\n" in TOPICS.read_text(encoding="utf-8")

    async def both(self, clients: Clients) -> tuple[aiomqtt.Client, aiomqtt.Client]:
        """Between them they may read and write every path that anybody may."""
        return await clients.add("server", "server"), await clients.add("zigbee", "zigbee")

    @pytest.mark.parametrize("role", RIGHTS)
    async def test_what_a_role_may_read(self, clients: Clients, role: str) -> None:
        server, zigbee = await self.both(clients)
        me = await clients.add("me", role, "mine")
        try_all = ["#", "+/#", "hall/+/event", "$share/g/hall/h/#", "$SYS/#", "$CONTROL/#"]
        for path in [*try_all, *PATHS]:
            await me.subscribe(path, qos=1)
        for path in PATHS:
            await (zigbee if path in ZIGBEE else server).publish(path, b"x", qos=1)
        end = min(READS[role])
        await (zigbee if end in ZIGBEE else server).publish(end, b"end", qos=1)
        assert set(await heard(me, "end")) == READS[role]

    @pytest.mark.parametrize("role", RIGHTS)
    async def test_what_a_role_may_write(self, clients: Clients, role: str) -> None:
        server, zigbee = await self.both(clients)
        me = await clients.add("me", role, "mine")
        await server.subscribe("hall/h/#", qos=1)
        await zigbee.subscribe("zigbee2mqtt/#", qos=1)
        for path in PATHS:
            await me.publish(path, b"x", qos=1)
        await server.publish("hall/h/process/server", b"end", qos=1)
        await zigbee.publish("zigbee2mqtt/button", b"end", qos=1)
        written = [*await heard(server, "end"), *await heard(zigbee, "end")]
        assert set(written) == WRITES[role]

    async def test_a_forbidden_retained_message_does_not_stay(self, clients: Clients) -> None:
        server, kiosk = await clients.add("server", "server"), await clients.add("k1", "kiosk")
        await kiosk.publish("hall/h/window/W1", b"lie", qos=1, retain=True)
        await server.subscribe("hall/h/window/+", qos=1)
        await server.subscribe("hall/h/event", qos=1)
        await server.publish("hall/h/event", b"end", qos=1)
        assert await heard(server, "end") == []

    async def test_a_will_is_not_a_way_round(self, clients: Clients) -> None:
        server = await clients.add("server", "server")
        await server.subscribe("hall/h/#", qos=1)
        for name in ("k1", "k2"):
            await clients.add(name, "kiosk")
        for path in ("hall/h/event", "hall/h/process/k2"):
            thief = aiomqtt.Client(
                "127.0.0.1",
                clients.broker.port,
                username="k2",
                password=password("k2"),
                identifier="k2",
                will=aiomqtt.Will(path, b"will", 1),
            )
            async with thief:
                await clients.connect("k2", password("k2"))
                with pytest.raises(aiomqtt.MqttError):
                    await next_of(aiter(thief.messages))
        await server.publish("hall/h/event", b"end", qos=1)
        assert await heard(server, "end") == ["hall/h/process/k2"]


class TestWhoGetsIn:
    @pytest.mark.parametrize(
        ("name", "secret"),
        [(None, None), ("k1", None), ("k1", "wrong"), ("k1", ""), ("k9", "k9.not-a-secret")],
    )
    async def test_nobody_unknown(
        self, clients: Clients, name: str | None, secret: str | None
    ) -> None:
        await clients.add("k1", "kiosk")
        with pytest.raises(MqttConnectError, match="Not authorized"):
            await clients.connect(name, secret, client="x")

    async def test_the_client_id_is_the_name(self, clients: Clients) -> None:
        """Otherwise anybody could throw anybody out by taking their client id."""
        k1, k2 = await clients.add("k1", "kiosk"), await clients.add("k2", "kiosk")
        thief = await clients.connect("k2", password("k2"), client="k1")
        await thief.publish("hall/h/process/k2", b"x", qos=1)
        await k1.publish("hall/h/process/k1", b"still here", qos=1)
        with pytest.raises(aiomqtt.MqttError):
            await anext(aiter(k2.messages))

    async def test_a_revoked_account_is_thrown_out_at_once(self, clients: Clients) -> None:
        kiosk, board = await clients.add("k1", "kiosk"), await clients.add("b1", "display")
        stays = [BrokerAccount("b1", "display", hash_password(password("b1")))]
        await clients.broker.update(stays)
        with pytest.raises(aiomqtt.MqttError):
            await next_of(aiter(kiosk.messages))
        with pytest.raises(MqttConnectError, match="Not authorized"):
            await clients.connect("k1", password("k1"))
        await board.publish("hall/h/process/b1", b"still here", qos=1)

    async def test_a_new_role_counts_at_once(self, clients: Clients) -> None:
        server, other = await clients.add("server", "server"), await clients.add("x", "display")
        await server.subscribe("hall/h/command", qos=1)
        await other.publish("hall/h/command", b"before", qos=1)
        await clients.exchange.add("x", "kiosk")
        await other.publish("hall/h/command", b"end", qos=1)
        assert await heard(server, "end") == []

    async def test_a_packet_too_large_ends_the_connection_of_its_sender(
        self, clients: Clients
    ) -> None:
        k1, k2 = await clients.add("k1", "kiosk"), await clients.add("k2", "kiosk")
        await k1.publish("hall/h/process/k1", b"x" * 70_000, qos=0)
        with pytest.raises(aiomqtt.MqttError):
            await next_of(aiter(k1.messages))
        await k2.publish("hall/h/process/k2", b"x" * 60_000, qos=1)

    @pytest.mark.parametrize(
        "name", ["", "a b", "a\nuser b", "#", "+", "a/b", "厅", "a:b", "x" * 65]
    )
    def test_names_that_would_break_the_files(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"name|colons"):
            BrokerAccount(name, "kiosk", hash_password("x"))
        with pytest.raises(ValueError, match="name"):
            BrokerAccount("k1", "kiosk", hash_password("x"), frozenset({name.replace(":", "+")}))

    def test_other_mistakes_in_an_account(self) -> None:
        with pytest.raises(ValueError, match="no role 'king'"):
            BrokerAccount("k1", "king", hash_password("x"))
        with pytest.raises(ValueError, match="not hashed"):
            BrokerAccount("k1", "kiosk", "x")

    def test_no_secret_shows(self) -> None:
        account = BrokerAccount("k1", "kiosk", hash_password("hunter2"))
        assert account.password_hash not in repr(account)
        assert "hunter2" not in password_file([account])
        assert hash_password("x") != hash_password("x")

    def test_the_files(self) -> None:
        accounts = [BrokerAccount(n, "display", hash_password(n)) for n in ("b1", "b2")]
        assert acl_file(HALL, accounts).count("user ") == 2
        assert acl_file(HALL, accounts).startswith("user b1\ntopic read hall/h/process/server\n")
        assert [line.split(":")[0] for line in password_file(accounts).splitlines()] == ["b1", "b2"]
        assert "write hall/h/device/b1/status" in rights_of(HALL, accounts[0])


def listening(pid: int) -> list[tuple[str, int]]:
    """Address and port of every socket of `pid` that strangers can reach."""
    inodes = {
        link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()
    }
    found = []
    for kind in ("tcp", "tcp6", "udp", "udp6", "raw"):
        for line in Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()[1:]:
            words = line.split()
            address, port = words[1].split(":")
            if f"socket:[{words[9]}]" in inodes and words[3] != ESTABLISHED:
                found.append((_dotted(address), int(port, 16)))
    return found


def _dotted(address: str) -> str:
    return str(ip_address(bytes.fromhex(address)[::-1])) if len(address) == 8 else address


class TestTheChild:
    async def test_it_listens_on_one_socket(self, mosquitto: MqttExchange) -> None:
        async with mosquitto.attach("server"):
            assert mosquitto.broker.pid is not None
            assert listening(mosquitto.broker.pid) == [("127.0.0.1", mosquitto.broker.port)]

    async def test_its_files_are_private(self, tmp_path: Path) -> None:
        accounts = [BrokerAccount("k1", "kiosk", hash_password("x"))]
        async with Broker(tmp_path, HALL, accounts=accounts) as broker:
            folder = tmp_path / "broker"
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            for file in folder.iterdir():
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
            runs_as = os.stat(f"/proc/{broker.pid}").st_uid  # noqa: PTH116
            assert runs_as == (folder / "passwords").stat().st_uid
            assert runs_as != 0

    async def test_it_ends_with_us(self, tmp_path: Path) -> None:
        async with Broker(tmp_path, HALL) as broker:
            pid = broker.pid
            assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert not (tmp_path / "broker" / "pid").exists()

    async def test_killed_it_comes_back_on_the_same_port(self, mosquitto: MqttExchange) -> None:
        status = topics.device_status(HALL, "led")
        async with (
            mosquitto.attach("server") as server,
            mosquitto.attach("bridge", role="bridge") as bridge,
            server.subscribe(status) as deliveries,
        ):
            await bridge.publish(status, DeviceStatus(device="led", health=Health.OK))
            await next_of(deliveries)
            port = mosquitto.broker.port
            for _ in range(3):
                await mosquitto.restart()
                assert (await next_of(deliveries)).message.health is Health.OK
            assert mosquitto.broker.port == port

    async def test_accounts_changed_while_it_is_dead_count_afterwards(
        self, mosquitto: MqttExchange
    ) -> None:
        pid = mosquitto.broker.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await mosquitto.add("late", "kiosk")
        async with MqttBus(
            mosquitto.broker.url, client="late", username="late", password=password("late")
        ) as bus:
            await wait_until(lambda: bus.up, "the line")

    async def test_the_port_is_taken(self, tmp_path: Path) -> None:
        async with Broker(tmp_path / "one", HALL) as first:
            with pytest.raises(BrokerError, match=r"does not start.*Address already in use"):
                async with Broker(tmp_path / "two", HALL, port=first.port):
                    pass

    async def test_a_server_that_was_killed_left_its_broker(self, tmp_path: Path) -> None:
        port = free_port()
        orphan = Broker(tmp_path, HALL, port=port)
        async with orphan:
            assert orphan._keeper is not None
            orphan._keeper.cancel()
            pid = orphan.pid
            async with Broker(tmp_path, HALL, port=port) as successor:
                assert successor.pid != pid
                await wait_until(lambda: orphan._child is None or orphan._child.returncode == 0)

    async def test_a_number_in_the_file_that_is_somebody_elses(self, tmp_path: Path) -> None:
        folder = tmp_path / "broker"
        folder.mkdir()
        (folder / "pid").write_text(str(os.getpid()))
        async with Broker(tmp_path, HALL):
            pass
        (folder / "pid").write_text("rubbish")
        async with Broker(tmp_path, HALL):
            pass

    def test_mosquitto_is_not_installed(self, tmp_path: Path) -> None:
        with pytest.raises(BrokerError, match="apt-get install mosquitto"):
            find_mosquitto(str(tmp_path))
