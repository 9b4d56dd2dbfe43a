"""What a technician asks on the shell: what is plugged in, does this one work, give me a fake one.

Behind ``yichuang bridge --list``, ``yichuang bridge --try DEVICE`` and ``yichuang emulate DEVICE``.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.codecs.escpos import Align, Beep, Cut, Rule, Text
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.printer import open_printer
from firmware_bridge.drivers.reader import Presented, Problem, open_reader
from firmware_bridge.drivers.registry import DRIVERS, emulator_of
from firmware_bridge.emulators.plug import plugged
from firmware_bridge.links.fd import Pty
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.links.net import listen
from firmware_bridge.links.open import host_port, open_link
from firmware_bridge.links.serial import ports
from firmware_bridge.tasks import together
from firmware_bridge.words import Beep as Sound
from firmware_bridge.words import Figures, Line, Said, Show, Shown, Sign

Say = Callable[[str], None]
TRY_SECONDS = 20.0

USB = {
    (0x0400, 0xC35A): ("identity card reader", 'driver = "idcard", link = "usb:0400:C35A"'),
    (0x0483, 0xDF11): ("identity card reader waiting for firmware (update mode)", ""),
    (0x1A86, 0x7523): ("serial adapter CH340", ""),
    (0x0403, 0x6001): ("serial adapter FT232", ""),
    (0x10C4, 0xEA60): ("serial adapter CP210x", ""),
    (0x2E8A, 0x0005): ("Raspberry Pi Pico: an open pad?", 'driver = "openpad"'),
    (0x303A, 0x1001): ("ESP32: an open pad?", 'driver = "openpad"'),
} | {
    ids: ("receipt printer", f'driver = "escpos", link = "usb:{ids[0]:04X}:{ids[1]:04X}"')
    for ids in (
        (0x04B8, 0x0202), (0x04B8, 0x0E15), (0x04B8, 0x0E28), (0x0416, 0x5011), (0x0483, 0x5743),
        (0x0483, 0x5740), (0x28E9, 0x0289), (0x0FE6, 0x811E), (0x1FC9, 0x2016), (0x6868, 0x0200),
        (0x6868, 0x0500),
    )
}  # fmt: skip
"""USB ids of devices a hall may have -> what it is, and what to write in the hall file."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is plugged in."""

    where: str
    what: str
    write: str = ""
    """For the hall file."""


def plugged_in(root: Path = Path("/")) -> list[Found]:
    """Everything of this machine that could be a hall device."""
    found = _serial_ports() + _usb_devices(root / "sys/bus/usb/devices")
    for path in sorted((root / "dev/usb").glob("lp*")):
        found.append(Found(str(path), "printer", f'driver = "escpos", link = "file:{path}"'))
    for path in sorted((root / "dev/input/by-path").glob("*-event-kbd")):
        found.append(Found(str(path), "keyboard or number pad", f'link = "input:{path}"'))
    return found


def _serial_ports() -> list[Found]:
    found = []
    for port in ports():
        known = USB.get((port.vendor or 0, port.product or 0), (port.description, ""))[0]
        name = f"usb={port.usb}" if port.usb else port.path
        found.append(Found(port.path, f"serial port: {known}", f'link = "serial:{name}"'))
    return found


def _usb_devices(folder: Path) -> list[Found]:
    found = []
    for device in sorted(folder.glob("*")):
        try:
            ids = tuple(int((device / f"id{k}").read_text(), 16) for k in ("Vendor", "Product"))
        except (OSError, ValueError):
            continue
        if len(ids) == 2 and ids in USB and not USB[ids][0].startswith("serial"):
            found.append(Found(f"USB {device.name}", *USB[ids]))
    return found


async def try_device(device: Device, say: Say, *, seconds: float = TRY_SECONDS) -> bool:
    """Exercise one device for some seconds, tell what is seen, and answer whether it works."""
    driver = DRIVERS.get(device.driver)
    if driver is None:
        say(f"no driver is called {device.driver!r}; there are {', '.join(sorted(DRIVERS))}")
        return False
    say(f"{device.id}: {driver.what} on {device.link}")
    if driver.experimental:
        say("this driver is experimental")
    if device.driver == "escpos":
        return await _try_printer(device, say)
    if device.driver == "idcard":
        return await _try_reader(device, say, seconds)
    if driver.part != "bridge":
        say(f"the bridge does not drive this one; its part is: {driver.part}")
        return False
    return await _try_on_a_desk(device, say, seconds)


async def _try_printer(device: Device, say: Say) -> bool:
    slip = (
        Text("打印测试", Align.CENTRE, 2, 2),
        Rule(),
        Text("一窗 yichuang", Align.CENTRE),
        Text("〇一二三四五六七八九 ，。：（）", Align.CENTRE),
        Beep(),
        Cut(),
    )
    async with open_printer(device) as printer:
        status = await printer.status()
        say(f"status: {status.state} {status.reason}".rstrip())
        outcome = await printer.print(slip)
    seen = "the printer says it is on paper" if outcome.seen else "look whether it came out"
    say(f"test slip sent; {seen}" if outcome.printed else f"not printed: {outcome.status.reason}")
    return outcome.printed


async def _try_reader(device: Device, say: Say, seconds: float) -> bool:
    say(f"lay a card on the reader within {seconds:.0f} seconds")
    with suppress(TimeoutError):
        async with (
            asyncio.timeout(seconds),
            open_reader(device) as reader,
            aclosing(reader.sights()) as sights,
        ):
            async for sight in sights:
                match sight:
                    case Presented(card):
                        say(f"a card of the kind {card.layout.name.lower()} was read")
                        return True
                    case Problem(_, technician):
                        say(technician)
    say("no card was read")
    return False


async def _try_on_a_desk(device: Device, say: Say, seconds: float) -> bool:
    """Run the driver alone: sounds, figures and a test text go down, keys come up."""
    worked = asyncio.Event()

    async def hear(_: Desk, said: Said) -> None:
        say(f"it says: {said}")
        if isinstance(said, Shown) or not DRIVERS[device.driver].sign:
            worked.set()

    def tell(desk: Desk) -> None:
        say(f"{desk.health}: {desk.reason}".rstrip(": "))

    desk = Desk(device, hear, tell)
    text = Sign((Line("测试 TEST 123", flash=True),), 1, "TEST", "1")
    for order in (Sound(), Figures("123", 45), Show(text)):
        desk.order(order)
    driver = DRIVERS[device.driver]
    async with AsyncExitStack() as stack:
        if device.link == "emulator":
            connect = await stack.enter_async_context(plugged(emulator_of(device).run))
            link: Link = await connect()
        else:
            try:
                link = await open_link(device, baud=driver.baud)
            except LinkError as error:
                say(str(error))
                return False
        stack.push_async_callback(link.close)
        say("sign" if driver.sign else f"press its keys within {seconds:.0f} seconds")
        try:
            async with asyncio.timeout(seconds):
                await together(driver.load()(link, [desk]), _a_moment_after(worked))
        except TimeoutError:
            pass
        except LinkError as error:
            say(str(error))
    for fault, count in sorted(desk.counters.items()):
        say(f"{count} x {fault}")
    return worked.is_set() and desk.health is not Health.OFFLINE


async def _a_moment_after(worked: asyncio.Event) -> None:
    await worked.wait()
    await asyncio.sleep(1)


async def emulate(
    device: Device, say: Say, words: AsyncIterator[str], *, tcp: str | None = None
) -> None:
    """A device that is not there, on a pty (or with `tcp`, on HOST:PORT), until `words` ends.

    Each of `words` is something to do to it: ``press call``, ``press function 6``, ``rate 3``,
    ``fault paper-out``, ``fault`` (repaired), ``put 999999199003070012``, ``lift``.
    """
    emulator = emulator_of(device)
    async with AsyncExitStack() as stack:
        if tcp is not None:
            host, port = host_port(tcp)
            bound = await stack.enter_async_context(listen(emulator.run, host, port))
            say(f'{DRIVERS[device.driver].what}: link = "tcp:{host}:{bound}"')
        else:
            pty = Pty()
            stack.push_async_callback(pty.close)
            serving = asyncio.create_task(_serve(emulator.run, pty.link))
            stack.callback(serving.cancel)
            say(f'{DRIVERS[device.driver].what}: link = "serial:{pty.path}"')
        async for line in words:
            if line.strip():
                say(await _do(emulator, *line.split()))


async def _serve(run: Callable[[Link], Any], link: Link) -> None:
    with suppress(LinkError):
        await run(link)


async def _do(emulator: Any, act: str, *words: str) -> str:
    """One thing done to an emulator; answers what came of it."""
    match act:
        case "press" | "rate" if hasattr(emulator, act):
            values: tuple[Any, ...] = (int(words[0]),) if act == "rate" and words else words
            done = await getattr(emulator, act)(*values)
            return "acknowledged" if done else "nobody answered"
        case "fault" if hasattr(emulator, "set_faults"):
            await emulator.set_faults(*words)
        case "fault" if hasattr(emulator, "faults"):
            emulator.faults = set(words)
        case "put" if hasattr(emulator, "put") and words:
            from firmware_bridge.emulators.reader import Person

            emulator.put(Person(words[0]))
        case "lift" if hasattr(emulator, "lift"):
            emulator.lift()
        case _:
            return f"this device cannot {act!r}"
    return "done"
