"""Time turned into commands: business days open and close, emergency windows end, windows that
call by themselves call.

The clock only asks, with a new id each time; the engine decides, and the same day is never opened
twice. What was refused is asked again at the next look. A clock that goes backwards opens nothing:
a closed day stays closed.
"""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from config.hall import Hall
from config.wire.ask import new_id
from config.wire.commands import CallNext, CloseDay, CloseWindow, Command, OpenDay
from queue_server.engine.offers import parse_span
from queue_server.engine.roles import SYSTEM
from queue_server.engine.state import WindowState
from queue_server.server import Server

TICK = 1.0
"""Seconds between two looks at the clock."""

log = structlog.get_logger()


def business_day(hall: Hall, now: float) -> str:
    """The business day at `now`, by the hall's own time zone and roll-over time."""
    start, _ = parse_span(f"{hall.rules.day_starts}-00:00")
    local = datetime.fromtimestamp(now, ZoneInfo(hall.timezone))
    return (local - timedelta(minutes=start)).date().isoformat()


def due(server: Server, now: float) -> list[Command]:
    """What the clock asks for at `now`."""
    day, today = server.day, business_day(server.hall, now)
    commands: list[Command] = []
    if day.open and today > day.day:
        commands.append(CloseDay(id=new_id(), day=day.day))
    if today > day.day:
        commands.append(OpenDay(id=new_id(), day=today))
    for window in day.windows.values():
        if window.until is not None and now >= window.until and window.current is None:
            commands.append(CloseWindow(id=new_id(), window=window.id))
        elif _calls_by_itself(server, window, now):
            commands.append(CallNext(id=new_id(), window=window.id))
    return commands


def _calls_by_itself(server: Server, window: WindowState, now: float) -> bool:
    """Whether the breath after the last person is over and somebody waits. A clerk stops it by
    pausing the window."""
    breath = server.day.window(window.id).auto_call
    if breath is None or window.state != "open" or window.current is not None:
        return False
    if 0 <= now - window.idle_since < breath:
        return False
    return server.day.queue.choose(window.id, server.day.minutes(now)) is not None


async def tick(server: Server) -> None:
    """Carry out what is due now."""
    for command in due(server, server.clock()):
        reply = await server.submit(command, SYSTEM)
        if not reply.ok and reply.error is not None:
            log.warning("clock", command=type(command).__name__, code=reply.error.code)


async def run(server: Server) -> None:
    """Look at the clock until cancelled."""
    while True:
        await tick(server)
        await asyncio.sleep(TICK)
