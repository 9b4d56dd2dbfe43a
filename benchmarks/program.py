"""The real program as a process, and a plain client for it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec

from config.wire.commands import Reply
from queue_server.broker import hash_password
from queue_server.engine.roles import Role
from queue_server.store.accounts import Accounts

_reply = msgspec.json.Decoder(Reply)

COMMANDS = "/api/v1/commands"

STARTING = 30.0
"""Seconds after which a program that does not answer is given up."""


def free_port() -> int:
    """A TCP port of loopback nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """``yichuang serve`` on a data folder and a port that outlive the process."""

    def __init__(self, data: Path, hall: str = "demo", mqtt: str = "none") -> None:
        self.data = data
        self.port = free_port()
        self._arguments = ["serve", hall, "--data", str(data), "--mqtt", mqtt]
        self._child: subprocess.Popen[bytes] | None = None
        data.mkdir(parents=True, exist_ok=True)
        accounts = Accounts(data)
        self.token = accounts.add_token("load", Role.ADMIN, broker_hash=hash_password)
        accounts.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        log = (self.data / "program.log").open("ab")
        self._child = subprocess.Popen(
            [sys.executable, "-m", "queue_server.cli", *self._arguments, "--http", f":{self.port}"],
            stdout=log,
            stderr=log,
            env=environment,
        )
        log.close()
        deadline = time.monotonic() + STARTING
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError("the server does not answer")
            time.sleep(0.005)

    def _answers(self) -> bool:
        if self._child is None or self._child.poll() is not None:
            raise RuntimeError((self.data / "program.log").read_text()[-2000:])
        # Not by httpx: it reads the system's certificates for each question, on the same two cores.
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=10.0) as line,
        ):
            line.sendall(b"GET /healthz HTTP/1.0\r\nhost: x\r\n\r\n")
            return line.recv(64).startswith(b"HTTP/1.1 200")
        return False

    def kill(self) -> None:
        """kill -9."""
        self.stop(signal.SIGKILL)

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """Send `sign` and return the exit code."""
        if self._child is None:
            raise RuntimeError("it does not run")
        self._child.send_signal(sign)
        code = self._child.wait(20)
        self._child = None
        return code

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError("it does not run")
        return self._child.pid

    @property
    def broker(self) -> str:
        """URL of the broker it has started, as it said itself."""
        said = (self.data / "program.log").read_text()
        return said[said.rindex("mqtt://") :].split()[0]

    @property
    def running(self) -> bool:
        return self._child is not None

    def client(self, timeout: float = 10.0) -> httpx.Client:
        return httpx.Client(
            base_url=self.url, headers={"authorization": f"Bearer {self.token}"}, timeout=timeout
        )


def ask(client: httpx.Client, kind: str, id: str, **fields: Any) -> Reply:
    """One command over HTTP."""
    body = {"kind": kind, "id": id, **fields}
    return _reply.decode(client.post(COMMANDS, json=body).content)


class Bare:
    """The bare server as a process."""

    token = ""

    def __init__(self, data: Path, broker: tuple[int, str, str] | None = None) -> None:
        self.port = free_port()
        data.mkdir(parents=True, exist_ok=True)
        where = [str(part) for part in broker or ()]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bare", str(data), str(self.port), *where]
        )
        deadline = time.monotonic() + 20.0
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                httpx.post(f"http://127.0.0.1:{self.port}/", json={"id": "first"})
                return
            time.sleep(0.02)
        raise TimeoutError("the bare server does not answer")

    def stop(self) -> None:
        self._child.send_signal(signal.SIGTERM)
        self._child.wait()


@contextlib.contextmanager
def started(program: Program) -> Iterator[Program]:
    program.start()
    try:
        yield program
    finally:
        program.stop()


@contextlib.contextmanager
def bare(data: Path, broker: tuple[int, str, str] | None = None) -> Iterator[Bare]:
    server = Bare(data, broker)
    try:
        yield server
    finally:
        server.stop()
