"""A broker for a hall that has none: Mosquitto, as a watched child of this process.

It carries messages and stores nothing: no persistence, no sessions. Its files are written by us at
every start, in a folder only the broker can read, and name no account that was not given.

Reference: mosquitto.conf(5), 2.0.11 (Debian 12) and later.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from queue_server.broker_rights import BrokerAccount as BrokerAccount
from queue_server.broker_rights import acl_file, password_file
from queue_server.broker_rights import hash_password as hash_password

log = structlog.get_logger()

CONFIG, PASSWORDS, RIGHTS, PID = "mosquitto.conf", "passwords", "acl", "pid"

STARTING, STOPPING, RELOADING = 10.0, 3.0, 3.0
"""Seconds for the child to say that it runs, to end when told, to read its files again."""

INSISTING = 0.1
"""Seconds before it is told to end once more."""

BACK_OFF = (0.1, 5.0)
"""Seconds before a dead child is replaced: at first, and at most."""

# A listener option above the `listener` line would make Mosquitto 2.0 open its default listener
# too: port 1883 on every address of the machine.
_SETTINGS = f"""\
listener {{port}} {{host}}
max_connections 1000
use_username_as_clientid true
allow_anonymous false
password_file {PASSWORDS}
acl_file {RIGHTS}
persistence false
set_tcp_nodelay true
max_packet_size 65536
max_keepalive 60
max_queued_messages 10000
max_queued_bytes 16000000
max_inflight_messages 100
log_dest stderr
log_timestamp false
log_type error
log_type warning
log_type notice
log_type information
"""

# Somebody without an account; two of one name, or a thief of it; a client too slow for its queue.
_ODD = ("not authorised", "already connected", "being dropped", "Error")


class BrokerError(RuntimeError):
    """The broker cannot be started; the text is for whoever looks after the machine."""


class Broker:
    """Runs while the context is open; a child that dies is replaced by itself.

        async with Broker(data, "boai", accounts=[...]) as broker:
            ... MqttBus(broker.url, ...)

    Port 0 takes a free one. `host` is the one address listened on.
    """

    def __init__(
        self,
        data: Path,
        hall_id: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        accounts: Iterable[BrokerAccount] = (),
    ) -> None:
        self.host = host
        self.port = port
        self._folder = data / "broker"
        self._hall_id = hall_id
        self._accounts = {account.name: account for account in accounts}
        self._program = ""
        self._child: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._reloaded = asyncio.Event()

    @property
    def url(self) -> str:
        return f"mqtt://{self.host}:{self.port}"

    @property
    def pid(self) -> int | None:
        """Process id of the child; None while there is none."""
        return self._child.pid if self._child is not None else None

    async def __aenter__(self) -> Self:
        """
        Raises:
            BrokerError: Mosquitto is not installed, or does not start.
        """
        self._program = find_mosquitto()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        await _end_orphan(self._folder)
        self.port = self.port or _free_port(self.host)
        self._write_accounts()
        self._write(CONFIG, _SETTINGS.format(host=self.host, port=self.port))
        self._child = await self._start()
        self._keeper = asyncio.create_task(self._keep(self._child), name="broker")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        if self._child is not None:
            await _end(self._child)
        (self._folder / PID).unlink(missing_ok=True)

    async def update(self, accounts: Iterable[BrokerAccount]) -> None:
        """Let exactly `accounts` in from now on. Mosquitto throws out whoever is connected with an
        account or password that no longer stands; the others notice nothing."""
        wanted = {account.name: account for account in accounts}
        if wanted == self._accounts:
            return
        self._accounts = wanted
        self._write_accounts()
        self._reloaded.clear()
        with contextlib.suppress(ProcessLookupError, TimeoutError):
            if self._child is not None:
                self._child.send_signal(signal.SIGHUP)
                await asyncio.wait_for(self._reloaded.wait(), RELOADING)

    async def _keep(self, child: asyncio.subprocess.Process) -> None:
        """Pass on what the child says, and replace it when it ends."""
        loop = asyncio.get_running_loop()
        shortest, longest = BACK_OFF
        pause, began = shortest, loop.time()
        while True:
            await self._listen(child)
            log.warning("broker ended", code=await child.wait())
            self._child = None
            if loop.time() - began > longest:
                pause = shortest
            while self._child is None:
                await asyncio.sleep(pause)
                pause = min(2 * pause, longest)
                try:
                    child = self._child = await self._start()
                    self._reloaded.set()
                except BrokerError as error:
                    log.warning("broker does not start", reason=str(error))
            began = loop.time()
            log.info("broker is back", pid=child.pid)

    async def _listen(self, child: asyncio.subprocess.Process) -> None:
        async for line in _lines(child):
            if line.startswith("Reloading config"):
                self._reloaded.set()
            elif any(word in line for word in _ODD):
                log.warning("broker", said=line)
            else:
                log.debug("broker", said=line)

    async def _start(self) -> asyncio.subprocess.Process:
        """A new child that listens already."""
        # Names relative to the folder: as root Mosquitto changes to its own user, who could not
        # reach the files by their whole path when it reads them again.
        child = await asyncio.create_subprocess_exec(
            self._program,
            "-c",
            CONFIG,
            cwd=self._folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        said: list[str] = []
        running = False
        try:
            async with asyncio.timeout(STARTING):
                async for line in _lines(child):
                    said.append(line)
                    if line.endswith(" running"):
                        running = True
                        break
        except TimeoutError:
            said.append(f"nothing more in {STARTING:.0f} s")
        finally:
            if not running:
                await _end(child)
        if not running:
            raise BrokerError(f"Mosquitto does not start on {self.url}: {'; '.join(said[-3:])}")
        self._write(PID, str(child.pid))
        return child

    def _write_accounts(self) -> None:
        accounts = list(self._accounts.values())
        self._write(PASSWORDS, password_file(accounts))
        self._write(RIGHTS, acl_file(self._hall_id, accounts))

    def _write(self, name: str, text: str) -> None:
        """Replace a file as a whole, readable to the broker and nobody else."""
        self._folder.chmod(0o700)
        new = self._folder / f"{name}.new"
        new.touch(mode=0o600)
        new.write_text(text)
        for path in (self._folder, new):
            _hand_over(path)
        new.replace(self._folder / name)


def find_mosquitto(path: str | None = None) -> str:
    """The broker's program; left out, `path` is this process's and where daemons are kept.

    Raises:
        BrokerError: it is not installed.
    """
    if path is None:
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"])
    program = shutil.which("mosquitto", path=path)
    if program is None:
        raise BrokerError(
            "Mosquitto is not installed. Install it (apt-get install mosquitto), or name the"
            " broker the hall already has with --mqtt mqtt://HOST:PORT"
        )
    return program


def _hand_over(path: Path) -> None:
    """Started by root, Mosquitto runs as the user ``mosquitto``."""
    if os.geteuid() == 0:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam("mosquitto")
            os.chown(path, user.pw_uid, user.pw_gid)


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


async def _lines(child: asyncio.subprocess.Process) -> AsyncIterator[str]:
    """What the child says until it ends."""
    if child.stderr is not None:
        while line := await child.stderr.readline():
            yield line.decode(errors="replace").strip()


async def _end(child: asyncio.subprocess.Process) -> None:
    """Ask the child to end until it does; make it, when it does not. Once is not enough: Mosquitto
    forgets a request that comes while it is starting."""
    ended = asyncio.create_task(child.communicate())
    for _ in range(int(STOPPING / INSISTING)):
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await asyncio.wait([ended], timeout=INSISTING)
        if ended.done():
            break
    else:
        child.kill()
    await ended


async def _end_orphan(folder: Path) -> None:
    """End the broker of a server that was killed: it still holds the port."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while pid := _broker_in(folder):
        late = loop.time() - began > STOPPING
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
        await asyncio.sleep(INSISTING)


def _broker_in(folder: Path) -> int | None:
    """The broker that works in `folder`; the number in the file may be another process's by now."""
    try:
        pid = int((folder / PID).read_text())
        here = Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except (OSError, ValueError):
        return None
    return pid if here else None
