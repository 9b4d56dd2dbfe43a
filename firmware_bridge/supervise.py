"""One line, kept alive: opened, driven, and after every break opened again.

The wait between attempts doubles from half a second to ten and never gives up; a line that held
for a while starts over at half a second. This is the one place of the bridge that catches
everything: a fault in a driver is one device's trouble, told on its status topic, and never the
hall's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence

import structlog

from config.wire.devices import Health
from firmware_bridge.desk import Desk
from firmware_bridge.drivers.registry import Drive
from firmware_bridge.links.link import Link, LinkError

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
HELD_SECONDS = 20.0

Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


def waits() -> Iterator[float]:
    """Seconds before each attempt: 0.5, 1, 2, 4, 8, 10, 10 and so on."""
    wait = FIRST_WAIT
    while True:
        yield wait
        wait = min(wait * 2, LONGEST_WAIT)


async def keep(
    open_line: Callable[[], Awaitable[Link]],
    drive: Drive,
    desks: Sequence[Desk],
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Drive `desks` over the line for ever."""
    pauses = waits()
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        reason = await _once(open_line, drive, desks)
        for desk in desks:
            desk.counters["line lost"] += 1
            desk.report(Health.OFFLINE, reason)
        if loop.time() - begun > HELD_SECONDS:
            pauses = waits()
        await sleep(next(pauses))


async def _once(
    open_line: Callable[[], Awaitable[Link]], drive: Drive, desks: Sequence[Desk]
) -> str:
    """One attempt; answers why it ended."""
    link: Link | None = None
    try:
        link = await open_line()
        for desk in desks:
            desk.renew()
        await drive(link, desks)
    except LinkError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - the supervisor
        # Only the kind of the error: its text could hold what a card reader read.
        # Nor a traceback, for the same reason.
        log.warning(
            "driver failed", devices=[d.device.id for d in desks], kind=type(error).__name__
        )
        return f"fault in the driver ({type(error).__name__}); please report it"
    finally:
        if link is not None:
            await link.close()
    return "the driver ended"
