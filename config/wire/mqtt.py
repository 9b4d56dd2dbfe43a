"""The bus over MQTT 3.1.1, to any broker that speaks it; the only file that knows aiomqtt.

QoS 1 both ways, no session kept at the broker: after a break nothing is caught up, everybody
subscribes again and publishes its states again. Nothing here needs MQTT 5.

Reference: OASIS MQTT 3.1.1, sections 3.1 (connect, will) and 4.3.2 (at least once).
"""

import asyncio
import logging
import random
import socket
import ssl
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiomqtt

from config.wire.bus import Will
from config.wire.end import BusEnd, encode

log = logging.getLogger(__name__)

# The libraries below report the same break several times; we say it once, in our own words.
_silent = logging.getLogger(f"{__name__}.libraries")
_silent.setLevel(logging.CRITICAL)

KEEPALIVE = 15
"""Seconds of silence after which a ping is sent; the broker drops a client after 1.5 times that."""

PATIENCE = 5.0
"""Seconds for any one answer of the broker; after that the line counts as broken."""

HANGING_UP = 0.1
"""Seconds for the goodbye on a line that never stood."""

BACK_OFF = (0.5, 10.0)
"""Seconds between attempts to connect: the first pause and the longest, both jittered."""

UNDER_WAY = 100
"""Messages sent and not yet acknowledged, before `publish` makes the publisher wait."""

NO_DELAY = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
"""Without it Nagle's algorithm holds small answers back for the peer's delayed ACK: 86 ms."""


class MqttBus(BusEnd):
    """A client of a broker, connected for as long as the context is open, for ever retrying.

        async with MqttBus("mqtt://127.0.0.1", client="board-1", username=..., password=...) as bus:
            ...

    Entering waits for the first attempt to connect, not for success: a part starts without a
    broker and is told by `line` when it is there.
    """

    def __init__(
        self,
        url: str,
        *,
        client: str,
        username: str | None = None,
        password: str | None = None,
        ca: Path | None = None,
        will: Will | None = None,
    ) -> None:
        """`url` is ``mqtt://host[:port]`` or ``mqtts://host[:port]``, the latter trusting the
        certificate authority in the file `ca`, or the system's. `will` is published when this
        client goes: by itself, or by the broker when it is missed."""
        super().__init__(client)
        self._host, self._port, encrypted = address(url)
        self._tls = ssl.create_default_context(cafile=ca) if encrypted else None
        self._username, self._password = username, password
        self._will = will
        self._session: _Session | None = None
        self._tried = asyncio.Event()
        self._closing = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep_connected(), name=f"mqtt {self.client}")
        try:
            await self._tried.wait()
        except asyncio.CancelledError:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._will is not None:
            await self.publish(*self._will)
        self._closing.set()
        if self._session is not None:
            await self._session.close()
        if self._keeper is not None:
            await self._keeper

    async def _keep_connected(self) -> None:
        """One session after another. A line must last to bring the pause down again: two clients
        of one name throw each other out as soon as they are in, for ever."""
        loop = asyncio.get_running_loop()
        shortest, longest = BACK_OFF
        pause, told = shortest, ""
        while not self._closing.is_set():
            began = loop.time()
            try:
                await self._live(_Session(self._dial()))
            except aiomqtt.MqttError as error:
                if str(error) != told:
                    told = str(error)
                    log.warning("no line to %s:%d: %s", self._host, self._port, told)
            except Exception:
                log.exception("the line to %s:%d failed", self._host, self._port)
            self._tried.set()
            if loop.time() - began > longest:
                pause, told = shortest, ""
            with suppress(TimeoutError):
                async with asyncio.timeout(pause * random.uniform(0.5, 1.0)):
                    await self._closing.wait()
            pause = min(2 * pause, longest)

    def _dial(self) -> aiomqtt.Client:
        will = None
        if self._will is not None:
            topic, message = self._will
            will = aiomqtt.Will(topic.path, encode(topic, message), 1, topic.retained)
        return aiomqtt.Client(
            self._host,
            self._port,
            identifier=self.client,
            username=self._username,
            password=self._password,
            tls_context=self._tls,
            clean_session=True,
            will=will,
            keepalive=KEEPALIVE,
            timeout=PATIENCE,
            socket_options=NO_DELAY,
            max_inflight_messages=UNDER_WAY,
            logger=_silent,
        )

    async def _live(self, session: "_Session") -> None:
        """Connect, and stay until the line breaks or we close.

        Raises:
            aiomqtt.MqttError: there is no line, or no longer.
        """
        try:
            async with session.mqtt:
                self._session = session
                session.reader = session.start(self._read(session))
                session.start(self._restore(session))
                try:
                    await session.over
                finally:
                    session.over.cancel()
                    self._session = None
                    self._went(up=False)
        finally:
            await session.drop()

    async def _read(self, session: "_Session") -> None:
        async for message in session.mqtt.messages:
            self._receive(message.topic.value, message.payload, message.retain)

    async def _restore(self, session: "_Session") -> None:
        """Subscribe and publish as before the break; only then is the line said to be up. What is
        published meanwhile goes out at once, or an older state could be the last one sent."""
        await self._want(self._wanted())
        if session.over.done():
            return
        self._up = True
        for path in list(self._kept):
            await session.publish(path, self._kept[path], True)
        if session.over.done():
            return
        log.info("the line to %s:%d is up", self._host, self._port)
        self._tell(up=True)
        self._tried.set()

    async def _send(self, path: str, payload: bytes, retained: bool) -> None:
        if self._session is not None:
            await self._session.publish(path, payload, retained)

    async def _want(self, paths: Iterable[str]) -> None:
        if self._session is not None and (wanted := sorted(paths)):
            await asyncio.wait([self._session.start(self._session.subscribe(wanted))])

    def _refresh(self, paths: Iterable[str]) -> None:
        if self._session is not None and (wanted := sorted(paths)):
            self._session.start(self._session.subscribe(wanted))

    def _unwant(self, paths: Iterable[str]) -> None:
        if self._session is not None and (unwanted := sorted(paths)):
            self._session.start(self._session.mqtt.unsubscribe(unwanted))


class _Session:
    """One connection. Everything sent over it is a task of its own, begun in order; the first
    that fails ends the session, and the next session starts from nothing."""

    def __init__(self, mqtt: aiomqtt.Client) -> None:
        mqtt.pending_calls_threshold = 2 * UNDER_WAY
        self.mqtt = mqtt
        self.reader: asyncio.Task[None] | None = None
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: set[asyncio.Task[None]] = set()
        self._publishing: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(UNDER_WAY)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self.over.done():
            self.over.set_exception(error)

    async def publish(self, path: str, payload: bytes, retained: bool) -> None:
        await self._room.acquire()
        if self.over.done():
            self._room.release()
            return
        task = self.start(self.mqtt.publish(path, payload, qos=1, retain=retained))
        self._publishing.add(task)
        task.add_done_callback(self._published)

    def _published(self, task: asyncio.Task[None]) -> None:
        self._publishing.discard(task)
        self._room.release()

    async def subscribe(self, paths: list[str]) -> None:
        codes = await self.mqtt.subscribe([(path, 1) for path in paths])
        for path, code in zip(paths, codes, strict=True):
            if getattr(code, "is_failure", False):
                log.warning("the broker does not let %s read %s", self.mqtt.identifier, path)

    async def close(self) -> None:
        """End the session once the broker has what was published, or does not take it."""
        if self._publishing:
            await asyncio.wait(self._publishing, timeout=PATIENCE)
        if not self.over.done():
            self.over.set_result(None)

    async def drop(self) -> None:
        """Give up whatever is still under way. The reader goes last and by itself: it alone hears
        why the line ended, and asyncio complains about a reason that nobody hears."""
        for task in self._tasks - {self.reader}:
            task.cancel()
        if self._tasks:
            _, stuck = await asyncio.wait(self._tasks, timeout=PATIENCE)
            for task in stuck:
                task.cancel()
        # A broker that accepted the connection and never said a word: the library gives up
        # waiting and leaves the socket open.
        with suppress(aiomqtt.MqttError, TimeoutError):
            async with asyncio.timeout(HANGING_UP):
                await self.mqtt.__aexit__(None, None, None)


def address(url: str) -> tuple[str, int, bool]:
    """Host, port, and whether to encrypt.

    Raises:
        ValueError: not ``mqtt://host[:port]`` nor ``mqtts://host[:port]``.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or parts.path.strip("/"):
        raise ValueError(f"{url!r} is not mqtt://HOST:PORT or mqtts://HOST:PORT")
    if parts.username or parts.password:
        raise ValueError("an address carries no password; give it separately")
    encrypted = parts.scheme == "mqtts"
    return parts.hostname, parts.port or (8883 if encrypted else 1883), encrypted
