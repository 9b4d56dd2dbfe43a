"""What `MqttBus` does that no other bus can: find its broker, lose it, and close in order."""

import asyncio
import logging
import os
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from config.wire import topics
from config.wire.devices import DeviceIn, ProcessStatus
from config.wire.mqtt import MqttBus, address
from queue_server.broker import Broker, BrokerAccount, find_mosquitto, hash_password
from tests.buses import HALL, MqttExchange, password
from tests.cable import Cable
from tests.helpers import free_port, next_of, take, take_until, wait_until

ODD_KEY = topics.device_in(HALL, "pad")


def account(name: str, role: str = "server") -> BrokerAccount:
    return BrokerAccount(name, role, hash_password(password(name)))


def client(url: str, name: str) -> MqttBus:
    return MqttBus(url, client=name, username=name, password=password(name))


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("mqtt://127.0.0.1:1884", ("127.0.0.1", 1884, False)),
        ("mqtt://broker", ("broker", 1883, False)),
        ("mqtt://broker/", ("broker", 1883, False)),
        ("mqtts://broker.hall", ("broker.hall", 8883, True)),
        ("mqtts://[::1]:1", ("::1", 1, True)),
    ],
)
def test_addresses(url: str, parts: tuple[str, int, bool]) -> None:
    assert address(url) == parts


@pytest.mark.parametrize(
    "url",
    ["", "broker", "127.0.0.1:1883", "http://broker", "mqtt://", "mqtt://h/x", "mqtt://h:x"],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ValueError, match=r"mqtt|port|Port"):
        address(url)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="password") as caught:
        address("mqtt://k1:hunter2@broker")
    assert "hunter2" not in str(caught.value)


async def test_a_part_may_start_before_the_broker(tmp_path: Path) -> None:
    port = free_port()
    status = topics.process(HALL, "board")
    async with client(f"mqtt://127.0.0.1:{port}", "board") as board, board.line() as line:
        assert not board.up
        await board.publish(status, ProcessStatus(process="board", alive=True))
        async with board.subscribe(status) as deliveries:
            async with Broker(tmp_path, HALL, port=port, accounts=[account("board")]):
                assert await take(line, 2, within=30) == [False, True]
                assert (await next_of(deliveries)).message.alive
            assert await next_of(line) is False


async def test_whoever_is_not_let_in_says_so_once_and_goes_on_trying(
    mosquitto: MqttExchange, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with client(mosquitto.broker.url, "late") as late:
        assert not late.up
        await mosquitto.add("late", "kiosk")
        await wait_until(lambda: late.up, "being let in", within=30)
    warnings = [r.getMessage() for r in caplog.records if r.name == "config.wire.mqtt"]
    assert len(warnings) == 1
    assert "Not authorized" in warnings[0]
    assert password("late") not in caplog.text


async def test_closing_says_goodbye_after_everything_else(mosquitto: MqttExchange) -> None:
    status = topics.process(HALL, "voice")
    gone = (status, ProcessStatus(process="voice", alive=False))
    async with (
        mosquitto.attach("server") as server,
        server.subscribe(ODD_KEY, status) as deliveries,
    ):
        async with mosquitto.attach("voice", will=gone) as voice:
            for n in range(300):
                await voice.publish(ODD_KEY, DeviceIn(what="key", call=n))
        got = await take(deliveries, 301)
        assert [d.message.call for d in got[:300]] == list(range(300))
        assert got[300].message == gone[1]


async def test_closing_without_a_broker_does_not_hang() -> None:
    async with client(f"mqtt://127.0.0.1:{free_port()}", "board") as board:
        assert not board.up


async def test_small_messages_are_not_held_back(mosquitto: MqttExchange) -> None:
    async with mosquitto.attach("server") as server:
        assert isinstance(server, MqttBus)
        assert server._session is not None
        line = server._session.mqtt._client.socket()
        assert isinstance(line, socket.socket)
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.fault
async def test_a_line_that_goes_silent_is_noticed_and_leaks_nothing(
    mosquitto: MqttExchange,
) -> None:
    """A hung broker answers nothing and closes nothing: only patience ends it."""
    await mosquitto.add("server", "server")
    async with (
        Cable(mosquitto.broker.port) as cable,
        client(f"mqtt://127.0.0.1:{cable.port}", "server") as server,
        server.subscribe(ODD_KEY) as deliveries,
        server.line() as line,
    ):
        assert await next_of(line)
        assert _sockets_to(cable.port) == 1
        cable.freeze()
        await server.publish(ODD_KEY, DeviceIn(what="into the void"))
        assert await next_of(line, within=30) is False
        await wait_until(lambda: cable.joined > 2, "a second attempt", within=60)
        assert _sockets_to(cable.port) <= 1
        cable.thaw()
        assert await next_of(line, within=30)
        await server.publish(ODD_KEY, DeviceIn(what="back"))
        await take_until(deliveries, lambda d: d.message.what == "back")


def _sockets_to(port: int) -> int:
    """How many connections of this process to `port` are open on our side."""
    inodes = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            inodes.add(link.readlink().name)
        except OSError:
            continue  # the folder's own handle
    rows = [line.split() for line in Path("/proc/self/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2].endswith(f":{port:04X}") and f"socket:[{row[9]}]" in inodes for row in rows)


@asynccontextmanager
async def encrypted_broker(folder: Path) -> AsyncIterator[int]:
    """A Mosquitto that speaks TLS only, with a certificate signed by ``ca.pem``."""
    port = free_port()
    for name in ("ca", "other"):
        _openssl(folder, "req", "-x509", "-nodes", "-subj", f"/CN={name}", "-days", "2",
                 "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-keyout", f"{name}.key", "-out", f"{name}.pem")  # fmt: skip
    _openssl(folder, "req", "-nodes", "-subj", "/CN=127.0.0.1", "-newkey", "ec",
             "-pkeyopt", "ec_paramgen_curve:P-256", "-addext", "subjectAltName=IP:127.0.0.1",
             "-keyout", "broker.key", "-out", "broker.csr")  # fmt: skip
    _openssl(folder, "x509", "-req", "-in", "broker.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
             "-copy_extensions", "copy", "-days", "2", "-out", "broker.pem")  # fmt: skip
    (folder / "tls.conf").write_text(
        f"listener {port} 127.0.0.1\ncertfile broker.pem\nkeyfile broker.key\n"
        f"allow_anonymous true\nlog_dest stderr\nuser {'root' if os.geteuid() == 0 else 'nobody'}\n"
    )
    child = await asyncio.create_subprocess_exec(
        find_mosquitto(), "-c", "tls.conf", cwd=folder, stderr=asyncio.subprocess.PIPE
    )
    assert child.stderr is not None
    while b"running" not in (line := await child.stderr.readline()):
        assert line, "mosquitto ended"
    try:
        yield port
    finally:
        child.kill()
        await child.communicate()


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in.*SSLSocket:pytest.PytestUnraisableExceptionWarning"
)
async def test_an_encrypted_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with encrypted_broker(tmp_path) as port:
        url = f"mqtts://127.0.0.1:{port}"
        async with (
            MqttBus(url, client="k1", ca=tmp_path / "ca.pem") as good,
            good.subscribe(ODD_KEY) as deliveries,
        ):
            await good.publish(ODD_KEY, DeviceIn(what="key"))
            assert (await next_of(deliveries)).message.what == "key"
        async with MqttBus(url, client="k1", ca=tmp_path / "other.pem") as bad:
            assert not bad.up
        async with MqttBus(url.replace("127.0.0.1", "localhost"), client="k1") as unknown:
            assert not unknown.up
    assert "certificate verify failed" in caplog.text
