"""Nothing of a card leaves the kiosk's own memory: plant one everywhere and look for it everywhere.

Planted: number, name and address, through the card readers with every fault they have, and in the
text of an error inside a driver. Searched: what is logged and printed, every topic, every file,
every error's text and traceback, every status, counter and ``repr``; as text and in the encodings
and hexadecimal forms it could hide in.
"""

import asyncio
import traceback
from collections.abc import Sequence
from contextlib import aclosing, suppress
from pathlib import Path

import msgspec
import pytest

from config.hall import Device
from config.wire.bus import LocalBus
from config.wire.topics import Topic
from firmware_bridge.codecs import cardtext, sdt
from firmware_bridge.codecs.stream import ProtocolError
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.reader import Reader, Sight
from firmware_bridge.drivers.smartcard import Tapped, read_card
from firmware_bridge.emulators.plug import plugged
from firmware_bridge.emulators.reader import Person, ReaderEmulator
from firmware_bridge.emulators.smartcard import SmartCardEmulator
from firmware_bridge.links.link import Link
from firmware_bridge.links.pair import pair
from firmware_bridge.run import run
from firmware_bridge.supervise import keep
from firmware_bridge.technician import try_device
from tests.firmware_bridge.test_pads import hall_with
from tests.helpers import wait_until

NUMBER, NAME, ADDRESS = "999999199003070012", "测试甲", "某省某市某路1号"
SECRETS = (NUMBER, NUMBER[6:14], NAME, ADDRESS)


def leaks(text: str) -> list[str]:
    """What of the card is in `text`, in any form."""
    forms = {
        form
        for secret in SECRETS
        for form in (
            secret,
            secret.encode().hex(),
            secret.encode("utf-16-le").hex(),
            secret.encode("gb18030").hex(),
            repr(secret.encode("utf-16-le"))[2:-1],
            repr(secret.encode("gb18030"))[2:-1],
        )
    }
    return sorted(form for form in forms if form.lower() in text.lower())


def test_the_search_finds_what_it_should() -> None:
    assert leaks(f"x{NUMBER}y")
    assert leaks(NAME.encode("utf-16-le").hex().upper())
    assert leaks(repr(NAME.encode("gb18030")))
    assert not leaks("nothing here")


async def sight_of(fault: str, told: list[str]) -> None:
    """One card on a reader with one fault; what it tells goes into `told`."""
    emulator = ReaderEmulator()
    async with plugged(emulator.run) as connect:
        reader = Reader(lambda _: connect(), (9600,), poll_seconds=0.002, answer_seconds=0.05)
        emulator.put(Person(NUMBER, layout="?" if fault == "layout" else " "))
        emulator.faults |= {fault} - {"", "layout"}
        with suppress(TimeoutError):
            async with asyncio.timeout(0.6), aclosing(reader.sights()) as sights:
                async for sight in sights:
                    told += [show(sight)]
        told += [str(reader.faults), reader.reason, str(vars(reader)), str(reader.__dict__)]
        await reader.close()


def show(sight: Sight | Tapped) -> str:
    return f"{sight} {sight!r} {getattr(sight, 'card', '')!r} {getattr(sight, 'card', '')}"


async def test_through_the_readers(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    faults = ("", "noise", "slow", "half", "spoilt", "pull", "forged", "silent", "layout")
    await asyncio.gather(*(sight_of(fault, told) for fault in faults))
    assert any("Presented" in line for line in told), "a card was really read"
    card = SmartCardEmulator(NUMBER, NAME)

    async def transmit(command: bytes) -> bytes:
        return card.answer(command)

    social = await read_card(transmit)
    assert social is not None
    assert social.number == NUMBER
    told.append(show(Tapped(social)))
    out = capsys.readouterr()
    assert leaks("\n".join((*told, out.out, out.err, caplog.text))) == []


def test_in_errors() -> None:
    text = cardtext.encode(cardtext.Card(cardtext.Layout.RESIDENT, NAME, NUMBER, address=ADDRESS))
    broken = [
        (sdt.card, sdt.Answer(0x90, b"\x01\x00\x04\x00" + text + b"short")),
        (sdt.card, sdt.Answer(0x90, b"\xff\xff\x04\x00" + text)),
        (cardtext.decode, text[:-1]),
        (cardtext.decode, text[:248] + b"?\0" + text[250:]),
        (cardtext.decode, text[:122] + b" \0" * 18 + text[158:]),
    ]
    for decode, what in broken:
        with pytest.raises(ProtocolError) as caught:
            decode(what)  # type: ignore[operator]
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(what)
        assert leaks(shown if not isinstance(what, bytes) else shown.replace(repr(what), "")) == []


async def test_in_the_log_of_a_driver_that_fails(capsys: pytest.CaptureFixture[str]) -> None:
    failed = asyncio.Event()

    async def hear(desk: Desk, said: object) -> None: ...

    async def open_line() -> Link:
        return pair()[0]

    async def drive(link: Link, desks: Sequence[Desk]) -> None:
        failed.set()
        raise RuntimeError(f"{NUMBER} {NAME}")

    desk = Desk(Device(id="r", driver="idcard"), hear, lambda _: None)
    keeping = asyncio.create_task(keep(open_line, drive, [desk], asyncio.sleep))
    await failed.wait()
    await asyncio.sleep(0.01)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    out = capsys.readouterr()
    assert "driver failed" in out.out + out.err
    assert leaks(out.out + out.err + desk.reason) == []


async def test_on_the_bus_and_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader in the hall file is the kiosk's: the bridge opens no line to it and says nothing."""
    monkeypatch.chdir(tmp_path)
    switchboard = LocalBus()
    watcher = switchboard.attach("watcher")
    hall = hall_with(
        Device(id="reader", driver="idcard"),
        Device(id="cards", driver="pcsc", kiosk="K1"),
        Device(id="pad", driver="callpad", address=1, window="W3"),
    )
    heard: list[str] = []
    hear = heard.append

    async def listen() -> None:
        everything = [Topic("/".join("+" * depth), msgspec.Raw) for depth in range(1, 7)]
        async with watcher.subscribe(*everything) as deliveries:
            async for delivery in deliveries:
                hear(f"{delivery.path} {bytes(delivery.message)!r}")

    listening = asyncio.create_task(listen())
    bridge = asyncio.create_task(run(hall, switchboard.attach("bridge")))
    told: list[str] = []
    await wait_until(lambda: any("device/pad/status" in line for line in heard))
    await try_device(Device(id="reader", driver="idcard"), told.append, seconds=0.5)
    for task in (bridge, listening):
        task.cancel()
    await asyncio.gather(bridge, listening, return_exceptions=True)
    assert not any("reader" in line or "cards" in line for line in heard)
    assert any("device/pad/status" in line for line in heard), "the bus was really listened to"
    assert leaks("\n".join((*heard, *told, *files(tmp_path)))) == []


def files(folder: Path) -> list[str]:
    return [p.read_text(errors="replace") for p in folder.rglob("*") if p.is_file()]
