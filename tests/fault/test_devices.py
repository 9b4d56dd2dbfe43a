"""Every device with every fault of a line: what is seen. Writes and guards docs/device-faults.md.

python -m tests.fault.test_devices      writes the table
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from config.hall import Device
from config.wire.devices import Health
from firmware_bridge.desk import Desk
from firmware_bridge.drivers import (
    colorlight,
    keys,
    led_bx,
    modbus,
    oldsigns,
    openpad,
    pads,
    panels,
)
from firmware_bridge.drivers.printer import Printer
from firmware_bridge.drivers.reader import Presented, Problem, Reader
from firmware_bridge.drivers.registry import Drive, emulator_of
from firmware_bridge.emulators.reader import Person
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.links.pair import Damage, End, pair
from firmware_bridge.supervise import keep
from firmware_bridge.words import AskRating, Line, Pressed, Rated, Said, Show, Shown, Sign

PAGE = Path(__file__).parents[2] / "docs/device-faults.md"
CALL = Show(Sign((Line("请A012到3号窗口"),), 7, "A012", "3"))
PATIENCE = 6.0

FAULTS: dict[str, str] = {
    "silence": "the device says nothing",
    "half frame": "its first frame is cut in the middle",
    "noise": "rubbish in front of every frame",
    "two in one": "every frame comes glued to itself",
    "checksum": "its first frame has a flipped bit",
    "slow": "one byte at a time",
    "unexpected": "something it may say, but not now, comes first",
    "gone and back": "the line breaks and opens again under another name",
    "double press": "every frame comes twice, 50 ms apart",
}


def damage(fault: str, odd: bytes) -> Damage:
    """The hook that does `fault` to what a device writes."""
    first = iter([True])

    def hook(data: bytes) -> Iterable[bytes | float]:
        new = next(first, False)
        match fault:
            case "silence":
                return ()
            case "half frame" if new:
                return (data[: len(data) // 2],)
            case "noise":
                return (b"\x00\x7f\xee", data)
            case "two in one":
                return (data + data,)
            case "checksum" if new:
                return (data[:-2] + bytes((data[-2] ^ 4,)) + data[-1:],)
            case "slow":
                return tuple(x for byte in data for x in (bytes((byte,)), 0.0002))
            case "unexpected" if new:
                return (odd, data)
            case "double press":
                return (data, 0.05, data)
        return (data,)

    return hook


@dataclass
class Bench:
    """Opens the line again and again, each time to the same emulator."""

    emulator: Any
    fault: str
    odd: bytes
    opened: int = 0
    end: End | None = None
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def open(self) -> Link:
        self.opened += 1
        ours, theirs = pair(f"/dev/ttyUSB{self.opened}")
        theirs.damage = damage(self.fault, self.odd)
        self.end = ours
        self.tasks.append(asyncio.create_task(self._serve(theirs)))
        return ours

    async def _serve(self, link: Link) -> None:
        with suppress(LinkError):
            await self.emulator.run(link)

    async def pull(self) -> None:
        """The plug goes out; the next `open` finds the device again."""
        if self.end is not None:
            await self.end.close()

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


Act = Callable[[Any, Desk], Awaitable[object]]


def pressing(*arguments: str) -> Act:
    async def act(emulator: Any, _: Desk) -> None:
        await emulator.press(*arguments)

    return act


async def rating(emulator: Any, desk: Desk) -> None:
    desk.order(AskRating("visit"))
    await asyncio.sleep(0.1)
    await emulator.rate(3)


async def showing(_: Any, desk: Desk) -> None:
    desk.order(CALL)


@dataclass(frozen=True)
class OnDesk:
    """A device of the bridge: how it is driven, what is done to it, what must come of it."""

    drive: Drive
    act: Act
    wanted: type[Said]
    odd: bytes

    async def __call__(self, name: str, fault: str) -> str:
        said: list[Said] = []

        async def hear(_: Desk, what: Said) -> None:
            if isinstance(what, self.wanted):
                said.append(what)

        device = Device(id=name, driver=name, address=1, window="W3")
        desk = Desk(device, hear, lambda _: None)
        bench = Bench(emulator_of(device), fault, self.odd)
        keeping = asyncio.create_task(keep(bench.open, self.drive, [desk], _blink))
        try:
            for count in (1, 2) if fault == "gone and back" else (1,):
                acting = asyncio.ensure_future(self.act(bench.emulator, desk))
                bench.tasks.append(acting)  # type: ignore[arg-type]
                if not await _within(lambda count=count: len(said) >= count):  # type: ignore[misc]
                    return f"{desk.health}: {desk.reason}" if desk.reason else str(desk.health)
                await acting
                if fault == "gone and back" and count == 1:
                    await bench.pull()
                    await asyncio.sleep(0.4)
            await asyncio.sleep(0.15)
            return self._verdict(fault, said, desk)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await bench.close()

    def _verdict(self, fault: str, said: list[Said], desk: Desk) -> str:
        expected = 2 if fault == "gone and back" else 1
        if self.wanted is not Shown and len(said) != expected:
            return f"pressed {len(said)} times"
        seen = sorted(name for name, count in desk.counters.items() if count)
        return f"works; counted: {', '.join(seen)}" if seen else "works"


async def printer(_: str, fault: str) -> str:
    bench = Bench(emulator_of(Device(id="p", driver="escpos")), fault, b"_MODEL\0")
    driver = Printer(bench.open, answer_seconds=0.05, print_seconds=1.0)
    try:
        outcome = await driver.print(b"\x1b@A012\n\x1dVB\x00")
        if fault == "gone and back":
            await bench.pull()
            first = await driver.print(b"\x1b@A013\n\x1dVB\x00")
            assert first.status.state == "offline"
            outcome = await driver.print(b"\x1b@A013\n\x1dVB\x00")
        if outcome.printed and outcome.seen:
            return "works"
        return f"{outcome.status.state}: {outcome.status.reason}"
    finally:
        await driver.close()
        await bench.close()


async def reader(_: str, fault: str) -> str:
    odd = bytes.fromhex("aaaaaa9669000400002420")
    emulator = emulator_of(Device(id="r", driver="idcard"))
    bench = Bench(emulator, fault, odd)
    driver = Reader(
        lambda _: bench.open(), (9600,), poll_seconds=0.005, answer_seconds=0.4, first_wait=0.01
    )
    emulator.put(Person("999999199003070012"))
    pulled = False
    try:
        async with asyncio.timeout(PATIENCE), aclosing(driver.sights()) as sights:
            async for sight in sights:
                if isinstance(sight, Presented) and fault == "gone and back" and not pulled:
                    pulled = True
                    await bench.pull()
                    emulator.put(Person("999999199003070020"))
                elif isinstance(sight, Presented):
                    seen = sorted(name for name, count in driver.faults.items() if count)
                    return f"works; counted: {', '.join(seen)}" if seen else "works"
                elif isinstance(sight, Problem) and fault == "silence":
                    return f"{sight.health}: {sight.technician}"
    except TimeoutError:
        pass
    finally:
        await driver.close()
        await bench.close()
    return f"{driver.health}: {driver.reason}"


async def _blink(_: float) -> None:
    await asyncio.sleep(0.02)


async def _within(true: Callable[[], bool]) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not true():  # noqa: ASYNC110 - nothing signals
                await asyncio.sleep(0.005)
    return true()


QUICK = led_bx.Timing(answer=0.1, busy=0.01, flash=0.01)
ACK = bytes.fromhex("a5a5a5a5a5a5a5a500800100000000000000fe020500a0000000000064dc5a")
DEVICES: Mapping[str, Callable[[str, str], Awaitable[str]]] = {
    "escpos": printer,
    "idcard": reader,
    "callpad": OnDesk(pads.drive, pressing("call"), Pressed, bytes.fromhex("ff680303680101101216")),
    "ratingpad": OnDesk(pads.drive, rating, Rated, bytes.fromhex("ff6803036801010c0e16")),
    "openpad": OnDesk(
        partial(openpad.drive, silent_seconds=1.0), pressing("call"), Pressed, b"!ack\t1*0000\n"
    ),
    "modbus": OnDesk(modbus.drive, pressing("1"), Pressed, bytes.fromhex("01050000ff008c3a")),
    "bx": OnDesk(partial(led_bx.drive, timing=QUICK), showing, Shown, ACK),
    "am03127": OnDesk(oldsigns.drive_am, showing, Shown, b"NACK"),
    "a090": OnDesk(oldsigns.drive, showing, Shown, b"\xa0\x90\x09"),
    "colorlight": OnDesk(colorlight.drive, showing, Shown, bytes(60)),
    "max7219": OnDesk(panels.drive, showing, Shown, b"no picture"),
    "hub75": OnDesk(panels.drive, showing, Shown, b"no picture"),
    "keypad": OnDesk(keys.drive, pressing("enter"), Pressed, bytes(24)),
    "zigbee": OnDesk(keys.drive_zigbee, pressing("single"), Pressed, b'{"linkquality":3}'),
}
_CALL_OF_A_LIBRARY = set(FAULTS) - {"silence", "gone and back"}
CANNOT = {
    "max7219": _CALL_OF_A_LIBRARY,
    "hub75": _CALL_OF_A_LIBRARY,
    "colorlight": set(FAULTS) - {"silence", "unexpected", "gone and back"},
    "keypad": {"half frame", "noise", "two in one", "checksum", "double press"},
    "zigbee": {"half frame", "noise", "checksum", "slow", "two in one", "double press"},
}
"""The network card, the kernel, the broker and a library hand over whole messages, once."""


async def table() -> dict[str, dict[str, str]]:
    """All cells, measured side by side."""

    async def cell(name: str, fault: str) -> str:
        return (
            "cannot happen" if fault in CANNOT.get(name, ()) else await DEVICES[name](name, fault)
        )

    places = [(name, fault) for name in DEVICES for fault in FAULTS]
    seen = await asyncio.gather(*(cell(*place) for place in places))
    out: dict[str, dict[str, str]] = {name: {} for name in DEVICES}
    for (name, fault), what in zip(places, seen, strict=True):
        out[name][fault] = what
    return out


def page(cells: dict[str, dict[str, str]]) -> str:
    """The table as a page of the documentation."""
    lines = [
        "# Devices and the faults of their lines",
        "",
        "Written by `python -m tests.fault.test_devices`, and checked on every test run: each cell",
        "is what was seen when a driver and its emulator met over a line with that fault.",
        "",
        *(f"* **{fault}**: {what}" for fault, what in FAULTS.items()),
        "",
    ]
    for name, row in cells.items():
        lines += [f"## {name}", "", "| fault | seen |", "| --- | --- |"]
        lines += [f"| {fault} | {what} |" for fault, what in row.items()]
        lines.append("")
    return "\n".join(lines)


def plain(text: str) -> str:
    """A cell without what depends on chance: which counters, and the number of a port."""
    return text.partition("; counted")[0]


async def test_what_is_seen_is_what_the_page_says() -> None:
    cells = await table()
    told = PAGE.read_text()
    for name, row in cells.items():
        section = told.partition(f"## {name}\n")[2].partition("\n## ")[0]
        for fault, what in row.items():
            assert f"| {fault} | {plain(what)}" in section, f"{name}, {fault}: {what}"


async def test_nothing_but_silence_stops_a_device() -> None:
    told = PAGE.read_text()
    rows = [line.split(" | ") for line in told.splitlines() if line.startswith("| ")]
    for fault, seen in ((row[0].strip("| "), row[1].strip(" |")) for row in rows):
        if fault not in ("silence", "fault", "---"):
            assert seen.startswith(("works", "cannot happen")), (fault, seen)
        if fault == "silence":
            assert not seen.startswith(f"{Health.OK}: \n")


if __name__ == "__main__":
    PAGE.write_text(page(asyncio.run(table())))
