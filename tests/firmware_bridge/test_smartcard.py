"""Social-security and UID cards: the reading alone, and through a real pcscd."""

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, closing
from pathlib import Path

import pytest

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.drivers.reader import Problem, Removed
from firmware_bridge.drivers.smartcard import Cards, SmartCard, Tapped, read_card
from firmware_bridge.emulators.smartcard import SmartCardEmulator, insert
from firmware_bridge.links.link import LinkError
from firmware_bridge.links.net import connect

ANN = SmartCard("999999199003070012", "测试甲", "A12345678")


@pytest.mark.parametrize("fetch", [False, True])
async def test_a_social_security_card(fetch: bool) -> None:
    card = SmartCardEmulator(fetch=fetch)

    async def transmit(command: bytes) -> bytes:
        return card.answer(command)

    assert await read_card(transmit) == ANN


async def test_a_uid_card_and_one_that_tells_nothing() -> None:
    card = SmartCardEmulator(number="")

    async def transmit(command: bytes) -> bytes:
        return card.answer(command)

    async def refuse(_: bytes) -> bytes:
        return b"\x6a\x81"

    async def rubbish(_: bytes) -> bytes:
        return b"\x01"

    assert await read_card(transmit) == SmartCard(uid="04A1B2C3")
    assert await read_card(refuse) is None
    assert await read_card(rubbish) is None


def test_nothing_of_a_card_is_shown() -> None:
    assert "9999" not in repr(ANN) + str(Tapped(ANN))
    assert "测试" not in repr(ANN)


def missing() -> str:
    if shutil.which("pcscd") is None or not Path("/etc/reader.conf.d/vpcd").exists():
        return "pcscd and vsmartcard-vpcd are not installed"
    return "" if os.geteuid() == 0 else "pcscd needs to be root"


@asynccontextmanager
async def alone() -> AsyncIterator[None]:
    """A machine has one card service: two test runs on it take turns."""
    with (Path(tempfile.gettempdir()) / "yichuang-pcscd.lock").open("w") as lock:
        async with asyncio.timeout(120):
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(0.1)
        yield


async def is_running() -> bool:
    """Whether the card service answers on its socket; one that was killed leaves the file."""
    try:
        _, writer = await asyncio.open_unix_connection("/run/pcscd/pcscd.comm")
    except OSError:
        return False
    writer.close()
    return True


async def has_slots() -> bool:
    """Whether it has the virtual readers: one started before they were installed has not."""
    try:
        await (await connect("127.0.0.1", 35963)).close()
    except LinkError:
        return False
    return True


@asynccontextmanager
async def pcscd() -> AsyncIterator[None]:
    """A running card service; one that runs already is used as it is."""
    if await is_running():
        if not await has_slots():
            pytest.skip("the pcscd that runs here has no virtual reader; restart it")
        yield
        return
    quiet = asyncio.subprocess.DEVNULL
    service = await asyncio.create_subprocess_exec("pcscd", "-f", stdout=quiet, stderr=quiet)
    try:
        async with asyncio.timeout(20):
            while not (await is_running() and await has_slots()):  # noqa: ASYNC110 - no signal
                await asyncio.sleep(0.02)
        yield
    finally:
        service.terminate()
        await service.wait()


async def put_in(card: SmartCardEmulator) -> "asyncio.Task[None]":
    async with asyncio.timeout(10):
        while True:
            try:
                return await insert(card)
            except LinkError:
                await asyncio.sleep(0.05)


async def tap_two_cards() -> list[str]:
    """Two cards through the card service; the health told before it ran, if it did not."""
    cards = Cards(Device(id="c", driver="pcsc", options={"reader": "Virtual PCD 00 00"}), 0.02)
    told: list[str] = []
    with closing(cards):
        async with asyncio.timeout(60), aclosing(cards.sights()) as sights:
            if not await is_running():
                sight = await anext(sights)
                assert isinstance(sight, Problem)
                told.append(str(sight.health))
            async with pcscd():
                inside = await put_in(SmartCardEmulator())
                assert await anext(sights) == Tapped(ANN)
                inside.cancel()
                assert await anext(sights) == Removed()
                assert cards.health is Health.OK
                other = await put_in(SmartCardEmulator(number=""))
                assert await anext(sights) == Tapped(SmartCard(uid="04A1B2C3"))
                other.cancel()
                await asyncio.gather(inside, other, return_exceptions=True)
    return told


@pytest.mark.skipif(bool(missing()), reason=missing())
async def test_through_a_real_card_service() -> None:
    async with alone():
        before = await is_running()
        assert await tap_two_cards() == ([] if before else [Health.OFFLINE])


@pytest.mark.skipif(bool(missing()), reason=missing())
async def test_where_the_systems_own_card_service_runs_already() -> None:
    async with alone(), pcscd():
        assert await tap_two_cards() == []
        assert await is_running(), "what was there before is there afterwards"
