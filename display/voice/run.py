"""A loudspeaker group at work: hears calls, speaks them one after another, tells what became of
each, and is never stopped by a missing speaker or a dead engine.

For every call of its area it publishes one `DeviceIn`: ``spoken`` (with the languages), ``chimed``
(no sentence could be made) or ``dropped`` (with the reason).
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import structlog

from config.hall import Hall, Voice
from config.wire import topics
from config.wire.bus import Bus
from config.wire.devices import DeviceIn, DeviceStatus, Health
from config.wire.events import Happening
from display.voice import queue, sound
from display.voice.announce import Announcer
from display.voice.player import Player, PlayerError, player_for
from display.voice.queue import Dropped, Mark, Waiting
from display.voice.tts import Engine

log = structlog.get_logger()

CHECK = 30.0
"""Seconds between two looks at whether there is a speaker."""


async def speak(
    hall: Hall,
    bus: Bus,
    voice: Voice,
    *,
    data: Path,
    player: Player | None = None,
    engine: Engine | None = None,
    clock: Callable[[], float] = time.time,
) -> None:
    """Run loudspeaker group `voice` until cancelled; see `display.run.run_voice`."""
    folder = data / "voice" / voice.id
    folder.mkdir(parents=True, exist_ok=True)
    own = engine or Engine(folder / "spoken")
    speaker = Speaker(
        hall,
        bus,
        voice,
        Announcer(hall, voice, own, data / "clips"),
        player or player_for(hall, voice, data),
        folder,
        clock,
    )
    try:
        await speaker.run()
    finally:
        await own.close()


class Speaker:
    """One loudspeaker group."""

    def __init__(
        self,
        hall: Hall,
        bus: Bus,
        voice: Voice,
        announcer: Announcer,
        player: Player,
        folder: Path,
        clock: Callable[[], float],
    ) -> None:
        self._hall, self._bus, self._voice = hall, bus, voice
        self._announcer, self._player, self._folder, self._clock = announcer, player, folder, clock
        self._queue = queue.Queue(voice.area, mark=read_mark(folder / "last.json"))
        self._more = asyncio.Event()
        self._status = DeviceStatus(device=voice.id, health=Health.UNKNOWN)
        self._counts = {"spoken": 0, "chimed": 0, "dropped": 0}

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(), name="voice listens")
            tasks.create_task(self._talk(), name="voice talks")

    async def _listen(self) -> None:
        async with self._bus.subscribe(topics.event(self._hall.id)) as messages:
            async for delivery in messages:
                if isinstance(delivery.message, Happening):
                    now = time.monotonic()
                    self._queue, dropped = queue.heard(self._queue, delivery.message, now)
                    await self._drop(dropped)
                    self._more.set()

    async def _talk(self) -> None:
        await self._look()
        while True:
            self._more.clear()
            self._queue, one, dropped = queue.following(self._queue, time.monotonic())
            await self._drop(dropped)
            if one is not None:
                await self._announce(one)
                continue
            try:
                await asyncio.wait_for(self._more.wait(), CHECK)
            except TimeoutError:
                await self._look()

    async def _announce(self, one: Waiting) -> None:
        call = one.called.call
        await self._remember()
        volume = 0 if self._voice.silent else volume_at(self._voice, self._hall, self._clock())
        if volume == 0:
            await self._drop([Dropped(call, "silent" if self._voice.silent else "quiet")])
            return
        times, languages = queue.shortened(
            len(self._queue.waiting), self._voice.times, self._voice.languages
        )
        made = await self._announcer.announce(
            one.called, times=times, languages=languages, volume=volume / 100
        )
        path = self._folder / "now.wav"
        try:
            await asyncio.to_thread(sound.write, path, made.samples)
            await self._player.play(path, sound.seconds(made.samples))
        except (PlayerError, OSError) as error:
            await self._drop([Dropped(call, f"no speaker: {error}")])
            await self._say_health(Health.OFFLINE, str(error))
            return
        await self._tell("spoken" if made.languages else "chimed", call, " ".join(made.languages))
        health = Health.DEGRADED if made.faults else Health.OK
        await self._say_health(health, "; ".join(made.faults))

    async def _remember(self) -> None:
        try:
            await asyncio.to_thread(write_mark, self._folder / "last.json", self._queue.mark)
        except OSError as error:  # a full disk must not silence the hall
            log.warning("mark not kept", voice=self._voice.id, fault=str(error))

    async def _look(self) -> None:
        """Say how the speaker is, when it is otherwise than last said."""
        fault = self._player.fault()
        if fault:
            await self._say_health(Health.OFFLINE, fault)
        elif self._status.health in (Health.UNKNOWN, Health.OFFLINE):
            await self._say_health(Health.OK, "静音 silent mode" if self._voice.silent else "")

    async def _drop(self, dropped: Iterable[Dropped]) -> None:
        for one in dropped:
            log.info("call not spoken", voice=self._voice.id, call=one.call, reason=one.reason)
            await self._tell("dropped", one.call, one.reason)

    async def _tell(self, what: str, call: int, detail: str) -> None:
        self._counts[what] += 1
        topic = topics.device_in(self._hall.id, self._voice.id)
        await self._bus.publish(topic, DeviceIn(what=what, detail=detail[:200], call=call))

    async def _say_health(self, health: Health, reason: str) -> None:
        if (health, reason) == (self._status.health, self._status.reason):
            return
        since = self._status.since if health is self._status.health else self._clock()
        self._status = DeviceStatus(
            device=self._voice.id,
            health=health,
            reason=reason[:200],
            since=since,
            counters=dict(self._counts),
        )
        if health is not Health.OK:
            log.warning("voice", voice=self._voice.id, health=health.value, reason=reason)
        topic = topics.device_status(self._hall.id, self._voice.id)
        await self._bus.publish(topic, self._status)


def volume_at(voice: Voice, hall: Hall, at: float) -> int:
    """Percent of full volume at a time of day: the quiet one within the quiet hours. A stretch
    that ends before it begins goes over midnight."""
    time_now = f"{datetime.fromtimestamp(at, ZoneInfo(hall.timezone)):%H:%M}"
    for hours in voice.quiet_hours:
        start, _, end = hours.partition("-")
        inside = start <= time_now < end
        if inside or (end < start and (time_now >= start or time_now < end)):
            return voice.quiet_volume
    return voice.volume


def read_mark(path: Path) -> Mark:
    """The last call begun before a restart. A file that cannot be read is no mark: better to say
    a call twice after a power cut than to stay silent."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Mark)
    except (OSError, msgspec.MsgspecError):
        return Mark()


def write_mark(path: Path, mark: Mark) -> None:
    """Keep `mark`, durably: after this the call is never spoken again."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(msgspec.json.encode(mark))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
