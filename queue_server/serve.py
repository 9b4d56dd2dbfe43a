"""`yichuang serve`: the queue server with its HTTP door, until it is told to stop."""

import asyncio
import gc
from pathlib import Path

import sdnotify
import typer

from config.hall import Hall, text
from queue_server.embedded import Running, hall_server
from queue_server.web.app import make_app, serving_http

WATCHDOG = 5.0
"""Seconds between two signs of life for systemd."""


def address(http: str) -> tuple[str, int]:
    """``HOST:PORT``, ``:PORT`` or ``PORT``.

    Raises:
        typer.BadParameter: it is none of these.
    """
    host, _, port = http.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise typer.BadParameter(f"{http!r} is not HOST:PORT")
    return host.strip("[]") or "127.0.0.1", int(port)


async def serve(
    hall: Hall, data: Path, http: str, mqtt: str, *, behind_proxy: bool = False
) -> None:
    """Serve `hall` until cancelled, telling on standard output where."""
    host, port = address(http)
    async with hall_server(hall, data, mqtt) as running:
        app = make_app(
            running.server,
            running.accounts,
            devices=running.devices,
            last_day=running.last_day,
        )
        async with serving_http(app, host, port, behind_proxy=behind_proxy) as url:
            for line in announcement(hall, url, running):
                typer.echo(line)
            settle_memory()
            await _sign_of_life()


def announcement(hall: Hall, url: str, running: Running) -> list[str]:
    """What is said at the start: where everything is, and what is said only once."""
    area = hall.areas[0].id
    lines = [
        f"{text(hall.name, 'zh')} · {text(hall.name, 'en')}",
        f"  窗口 console  {url}/console",
        f"  大屏 board    {url}/board/{area}",
        f"  引导 desk     {url}/desk",
        f"  管理 manage   {url}/manage",
    ]
    if running.lines.url:
        lines.append(f"  总线 broker   {running.lines.url}")
    if running.first_admin is not None:
        name, password = running.first_admin
        lines.append(f"  首次登录 first sign-in: {name} / {password} (只显示这一次 shown only now)")
    if running.repaired:
        lines.append(f"  注意 attention: {running.repaired}")
    return lines


def settle_memory() -> None:
    """Take what is there after the start, which stays to the end, out of the garbage collector's
    rounds: a full round in the middle of the day then stops presses for 5 ms instead of 100."""
    gc.collect()
    gc.freeze()


async def _sign_of_life() -> None:
    notifier = sdnotify.SystemdNotifier()
    notifier.notify("READY=1")
    while True:
        notifier.notify("WATCHDOG=1")
        await asyncio.sleep(WATCHDOG)
