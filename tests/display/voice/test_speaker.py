"""A loudspeaker group at work on a bus: what is heard, what is told, and what never stops it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.hall import Hall, Voice
from config.wire import topics
from config.wire.bus import Bus, Delivery, LocalBus
from config.wire.devices import DeviceIn, DeviceStatus, Health
from config.wire.events import Happening
from display.voice import sound
from display.voice.player import FilePlayer, Player, PlayerError
from display.voice.queue import Mark
from display.voice.run import read_mark, speak, volume_at, write_mark
from display.voice.tts import Engine
from tests.display.given import NOON, answered, called, small_hall
from tests.helpers import take_until

HALL = small_hall()
ONE = Voice(id="V1", area="down", languages=("zh",), times=1)


class Loudspeaker:
    """A player that can be told to be broken, and to wait before it ends."""

    def __init__(self) -> None:
        self.broken = ""
        self.heard: list[float] = []
        self.at_once = 0
        self.most_at_once = 0
        self.go = asyncio.Event()
        self.go.set()

    def fault(self) -> str:
        return self.broken

    async def play(self, sound: Path, seconds: float) -> None:
        if self.broken:
            raise PlayerError(self.broken)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.heard.append(seconds)
        await self.go.wait()
        self.at_once -= 1


@dataclass
class Station:
    """A voice at work, the bus around it, and what it told."""

    server: Bus
    told: AsyncIterator[Delivery]
    engine: Engine

    async def happens(self, *happenings: Happening) -> None:
        for happening in happenings:
            await self.server.publish(topics.event(HALL.id), happening)

    async def outcomes(self, count: int) -> dict[int, str]:
        """What became of the next `count` calls, in the order in which it was told."""
        found: dict[int, str] = {}
        while len(found) < count:
            delivery = await take_until(self.told, lambda d: isinstance(d.message, DeviceIn))
            message: DeviceIn = delivery.message
            assert message.call is not None
            found[message.call] = f"{message.what} {message.detail}".strip()
        return found

    async def status(self, good: Callable[[DeviceStatus], bool]) -> DeviceStatus:
        def wanted(delivery: Delivery) -> bool:
            return isinstance(delivery.message, DeviceStatus) and good(delivery.message)

        message: DeviceStatus = (await take_until(self.told, wanted)).message
        return message


@asynccontextmanager
async def at_work(
    data: Path, player: Player, voice: Voice = ONE, *, limit: float = 3.0, **options: Any
) -> AsyncIterator[Station]:
    switchboard = LocalBus()
    server, own = switchboard.attach("server"), switchboard.attach("voice")
    engine = Engine(data / "spoken", limit=limit)
    hall = msgspec.structs.replace(HALL, voices=(voice,))
    told = (topics.device_in(HALL.id, voice.id), topics.device_status(HALL.id, voice.id))
    async with server.subscribe(*told) as messages:
        job = asyncio.create_task(
            speak(hall, own, voice, data=data, player=player, engine=engine, **options)
        )
        station = Station(server, messages, engine)
        await station.status(lambda status: status.health is not Health.UNKNOWN)
        yield station
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_a_call_is_heard_after_the_chime(tmp_path: Path) -> None:
    player = FilePlayer(tmp_path / "heard.wav", paced=False)
    async with at_work(tmp_path, player) as station:
        await station.happens(called(1, "A012", "W3", 1))
        assert await station.outcomes(1) == {1: "spoken zh"}
        sentence = next((tmp_path / "spoken").glob("*.wav"))
    heard, chime = sound.read(tmp_path / "heard.wav"), sound.chime()
    assert heard[: len(chime)] == chime
    sentence_length = len(sound.trim(sound.read(sentence)))
    assert len(heard) == len(chime) + round(0.35 * sound.RATE) + sentence_length


async def test_said_twice_in_two_languages_with_the_halls_pause(tmp_path: Path) -> None:
    player = FilePlayer(tmp_path / "heard.wav", paced=False)
    voice = Voice(id="V1", area="down", languages=("zh", "en"), times=2, gap=1.25)
    async with at_work(tmp_path, player, voice) as station:
        await station.happens(called(1, "A012", "W3", 1))
        assert await station.outcomes(1) == {1: "spoken zh en"}
        spoken = [sound.trim(sound.read(path)) for path in (tmp_path / "spoken").glob("*.wav")]
    pauses = round(0.35 * sound.RATE) + round(1.25 * sound.RATE) + 2 * round(0.5 * sound.RATE)
    whole = len(sound.chime()) + 2 * sum(map(len, spoken)) + pauses
    assert len(sound.read(tmp_path / "heard.wav")) == whole


async def test_three_calls_within_a_second_are_all_spoken_in_order_one_at_a_time(
    tmp_path: Path,
) -> None:
    player = Loudspeaker()
    async with at_work(tmp_path, player) as station:
        await station.happens(
            called(1, "A001", "W1", 1), called(2, "A002", "W2", 2), called(3, "A003", "W3", 3)
        )
        assert list(await station.outcomes(3)) == [1, 2, 3]
    assert len(player.heard) == 3
    assert player.most_at_once == 1


async def test_of_five_hundred_calls_each_is_spoken_or_dropped_with_the_reason(
    tmp_path: Path,
) -> None:
    player = Loudspeaker()
    player.go.clear()
    async with at_work(tmp_path, player) as station:
        burst = [called(n, f"A{n:03d}", f"W{n % 40}", n) for n in range(1, 501)]
        await station.happens(*burst)
        dropped = await station.outcomes(479)
        player.go.set()
        spoken = await station.outcomes(21)
    assert set(dropped.values()) == {"dropped full"}
    assert set(spoken.values()) == {"spoken zh"}
    assert sorted([*dropped, *spoken]) == list(range(1, 501))
    assert list(spoken) == list(range(1, 22)), "in their order"


async def test_somebody_who_came_is_not_called_any_more(tmp_path: Path) -> None:
    player = Loudspeaker()
    player.go.clear()
    async with at_work(tmp_path, player) as station:
        await station.happens(called(1, "A001", "W1", 1), called(2, "A002", "W2", 2))
        await station.happens(answered(3, "A002", "W2"))
        assert await station.outcomes(1) == {2: "dropped answered"}
        player.go.set()
        assert await station.outcomes(1) == {1: "spoken zh"}


async def test_after_a_restart_no_call_is_spoken_twice(tmp_path: Path) -> None:
    player = Loudspeaker()
    async with at_work(tmp_path, player) as station:
        await station.happens(called(7, "A001", "W1", 1))
        await station.outcomes(1)
    async with at_work(tmp_path, player) as station:
        await station.happens(called(7, "A001", "W1", 1), called(8, "A002", "W2", 2))
        assert await station.outcomes(1) == {2: "spoken zh"}
    assert len(player.heard) == 2


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP])
async def test_the_engine_dies_or_hangs_and_the_call_is_spoken_all_the_same(
    tmp_path: Path, sign: signal.Signals
) -> None:
    player = Loudspeaker()
    async with at_work(tmp_path, player, limit=1.0) as station:
        await station.happens(called(1, "A001", "W1", 1))
        await station.outcomes(1)
        assert station.engine.pid is not None
        os.kill(station.engine.pid, sign)
        await station.happens(called(2, "A002", "W2", 2), called(3, "A003", "W3", 3))
        assert await station.outcomes(2) == {2: "spoken zh", 3: "spoken zh"}


async def test_without_any_speech_the_chime_still_makes_people_look_up(tmp_path: Path) -> None:
    player = Loudspeaker()
    voice = Voice(id="V1", area="down", languages=("fr",))
    async with at_work(tmp_path, player, voice) as station:
        await station.happens(called(1, "A001", "W1", 1))
        assert await station.outcomes(1) == {1: "chimed"}
        status = await station.status(lambda s: s.health is Health.DEGRADED)
        assert "fr" in status.reason
    assert player.heard == [sound.seconds(sound.chime())]


async def test_a_missing_speaker_is_a_status_and_never_a_stopped_call(tmp_path: Path) -> None:
    player = Loudspeaker()
    player.broken = "没有声卡 no sound card"
    async with at_work(tmp_path, player) as station:
        await station.happens(called(1, "A001", "W1", 1))
        assert await station.outcomes(1) == {1: "dropped no speaker: 没有声卡 no sound card"}
        player.broken = ""
        await station.happens(called(2, "A002", "W2", 2))
        assert await station.outcomes(1) == {2: "spoken zh"}
        assert (await station.status(lambda s: s.health is Health.OK)).reason == ""


async def test_recorded_clips_speak_without_the_engine(tmp_path: Path) -> None:
    for clip in ("qing", "letter-a", "0", "1", "2", "hao", "dao", "3", "hao-chuangkou", "banli"):
        path = tmp_path / "clips" / "zh" / f"{clip}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        sound.write(path, sound.chime())
    player = FilePlayer(tmp_path / "heard.wav", paced=False)
    async with at_work(tmp_path, player) as station:
        await station.happens(called(1, "A012", "W3", 1))
        assert await station.outcomes(1) == {1: "spoken zh"}
        assert station.engine.pid is None
    clip_length = len(sound.tidy(sound.chime()))
    gaps = 2 * round(0.15 * sound.RATE) + 7 * round(0.04 * sound.RATE)
    expected = len(sound.chime()) + round(0.35 * sound.RATE) + 10 * clip_length + gaps
    assert len(sound.read(tmp_path / "heard.wav")) == expected


async def test_a_broken_clip_is_passed_over_for_the_engine(tmp_path: Path) -> None:
    for clip in ("qing", "7", "hao", "dao", "3", "hao-chuangkou", "banli"):
        path = tmp_path / "clips" / "zh" / f"{clip}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"torn")
    async with at_work(tmp_path, Loudspeaker()) as station:
        await station.happens(called(1, "7", "W3", 1))
        assert await station.outcomes(1) == {1: "spoken zh"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"silent": True}, "dropped silent"),
        ({"quiet_hours": ("12:00-13:00",), "quiet_volume": 0}, "dropped quiet"),
    ],
)
async def test_silent_calling_and_quiet_hours(
    tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    player = Loudspeaker()
    voice = msgspec.structs.replace(ONE, **fields)
    async with at_work(tmp_path, player, voice, clock=lambda: NOON) as station:
        await station.happens(called(1, "A001", "W1", 1))
        assert await station.outcomes(1) == {1: reason}
    assert player.heard == []


LOUD = ("11:59", "14:00", "21:59", "06:00")
QUIET = ("12:00", "13:59", "22:00", "23:59", "00:00", "05:59")


@pytest.mark.parametrize(
    ("time", "volume"), [*((time, 100) for time in LOUD), *((time, 40) for time in QUIET)]
)
def test_the_volume_of_the_hour(time: str, volume: int) -> None:
    voice = Voice(id="V", area="down", quiet_hours=("12:00-14:00", "22:00-06:00"))
    day = datetime.fromisoformat(f"2026-11-23 {time}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert volume_at(voice, HALL, day.timestamp()) == volume


async def test_a_quieter_hour_is_quieter(tmp_path: Path) -> None:
    player = FilePlayer(tmp_path / "heard.wav", paced=False)
    voice = msgspec.structs.replace(ONE, quiet_hours=("12:00-13:00",))
    async with at_work(tmp_path, player, voice, clock=lambda: NOON) as station:
        await station.happens(called(1, "A001", "W1", 1))
        await station.outcomes(1)
    loudest = max(sound.read(tmp_path / "heard.wav")[: len(sound.chime())])
    assert loudest == pytest.approx(0.4 * max(sound.chime()), abs=2)


async def test_people_on_another_floor_are_told_the_floor(tmp_path: Path) -> None:
    from display.voice.announce import Announcer

    hall: Hall = HALL
    announcer = Announcer(hall, ONE, Engine(tmp_path), tmp_path)
    there = called(1, "C001", "W21", 1, zone="realty", label="21").news
    here = called(2, "A001", "W1", 2, zone="general").news
    assert announcer.words(there).floor == 2  # type: ignore[arg-type]
    assert announcer.words(here).floor is None  # type: ignore[arg-type]


def test_the_mark_survives_and_a_torn_one_is_none(tmp_path: Path) -> None:
    path = tmp_path / "last.json"
    assert read_mark(path) == Mark()
    write_mark(path, Mark("one", 41))
    assert read_mark(path) == Mark("one", 41)
    path.write_bytes(path.read_bytes()[:9])
    assert read_mark(path) == Mark()
