"""`yichuang demo`: a whole hall that lives, to look at and to try.

Everything is what a hall runs; only the people and the devices are made up. The first window is
left to whoever looks: its clerk is the visitor, at the console.
"""

import asyncio
import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import typer

from config.hall import Hall, Window
from config.wire.ask import Asker
from queue_server.clock import business_day
from queue_server.embedded import Running, hall_server
from queue_server.engine.roles import Role
from queue_server.serve import address, announcement
from queue_server.simulate.people import People
from queue_server.store.accounts import AccountError
from queue_server.web.app import make_app, serving_http

PASSWORD = "demonstration"  # noqa: S105 - of a throw-away hall that listens on loopback


@dataclass
class Demo:
    """What to show. `speed` divides the times of the people, not of the machines."""

    hall: Hall
    speed: float = 10.0
    citizens: bool = True
    screens: bool = True
    http: str = "127.0.0.1:8080"
    data: Path | None = None
    file: str = "boai"
    """Where the hall was read from, for the screens."""

    async def run(self, seconds: float | None = None) -> None:
        """Show the hall until cancelled, or for `seconds`."""
        with tempfile.TemporaryDirectory(prefix="yichuang-demo-") as folder:
            data = self.data or Path(folder)
            hall = self._open_all_day()
            mqtt = "embedded" if _has_mosquitto() else "none"
            async with hall_server(hall, data, mqtt) as running:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await self._show(running, data)

    def _open_all_day(self) -> Hall:
        """The hall as it is, but open at any hour and with waits as short as its people are
        quick."""
        quick = self.speed if self.citizens else 1.0
        rules = msgspec.structs.replace(
            self.hall.rules,
            hours=("00:00-24:00",),
            weekend_opening=(6, 7),
            recall_spacing=max(2.0, self.hall.rules.recall_spacing / quick),
            no_show_seconds=max(5.0, self.hall.rules.no_show_seconds / quick),
        )
        services = tuple(msgspec.structs.replace(s, hours=()) for s in self.hall.services)
        return msgspec.structs.replace(self.hall, rules=rules, services=services)

    async def _show(self, running: Running, data: Path) -> None:
        server, hall = running.server, running.server.hall
        host, port = address(self.http)
        app = make_app(server, running.accounts, devices=running.devices, last_day=running.last_day)
        windows = [w for w in hall.windows if w.callable and not w.temporary]
        async with serving_http(app, host, port) as url, self._parts(running, data, url):
            await asyncio.to_thread(_let_visitor_in, running)
            for line in announcement(hall, url, replace(running, first_admin=None)):
                typer.echo(line)
            typer.echo(f"  登录 sign in: visitor / {PASSWORD}")
            if self.citizens:
                typer.echo(
                    f"  窗口 {windows[0].number} 留给您 · window {windows[0].number} is yours"
                )
            async with asyncio.TaskGroup() as tasks:
                if self.citizens:
                    tasks.create_task(self._people(running, windows[1:]), name="people")
                if self.screens and _has_display():
                    tasks.create_task(self._screens(running, url, data), name="screens")
                await asyncio.get_running_loop().create_future()

    async def _people(self, running: Running, windows: Iterable[Window]) -> None:
        hall = running.server.hall
        async with (
            await running.lines.attach("people", Role.ADMIN) as bus,
            Asker(bus, hall.id) as ask,
        ):
            today = business_day(hall, running.server.clock())
            await People(hall, ask, today, speed=self.speed).run(windows)

    @contextlib.asynccontextmanager
    async def _parts(self, running: Running, data: Path, url: str) -> AsyncIterator[None]:
        """Devices, loudspeakers and kiosks of this process, without screens."""
        from display.run import run_voice
        from firmware_bridge.run import run as run_bridge
        from kiosk.run import run as run_kiosk
        from queue_server.loudspeaker import network_player

        hall, lines = running.server.hall, running.lines
        shown = self.screens and _has_display()
        async with contextlib.AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
            bus = await stack.enter_async_context(await lines.attach("bridge", Role.BRIDGE))
            parts = [tasks.create_task(run_bridge(hall, bus), name="bridge")]
            for voice in hall.voices:
                end = await lines.attach(voice.id, Role.DISPLAY)
                bus = await stack.enter_async_context(end)
                player = network_player(hall, voice.id)
                speak = run_voice(hall, bus, voice.id, data=data, player=player)
                parts.append(tasks.create_task(speak, name=voice.id))
            for kiosk in () if shown else hall.kiosks:
                end = await lines.attach(kiosk.id, Role.KIOSK)
                bus = await stack.enter_async_context(end)
                machine = run_kiosk(hall, bus, kiosk.id, data=data, page_url=url, window=False)
                parts.append(tasks.create_task(machine, name=kiosk.id))
            yield
            for part in parts:
                part.cancel()

    async def _screens(self, running: Running, url: str, data: Path) -> None:
        """The first kiosk and the first board, as processes of their own: Kivy has one window
        each. They are closed with the demonstration."""
        from queue_server.broker import hash_password

        hall, broker = running.server.hall, running.lines.url.removeprefix("mqtt://")
        wanted = [("kiosk", Role.KIOSK, k.id) for k in hall.kiosks[:1]]
        wanted += [("board", Role.DISPLAY, b.id) for b in hall.boards[:1]]
        children = []
        try:
            for command, role, name in wanted if broker else ():
                token = running.accounts.add_token(name, role, broker_hash=hash_password)
                await running.lines.refresh()
                more = ["--size", "1280x720"]
                if command == "kiosk":
                    more = ["--data", str(data), "--page-url", url, "--scale", "0.5"]
                children.append(
                    await asyncio.create_subprocess_exec(
                        *(sys.executable, "-m", "queue_server.cli", command, self.file, name),
                        *more,
                        # Not as an argument: those can be read by everybody on the machine.
                        env={**os.environ, "YICHUANG_MQTT": f"mqtt://{name}:{token}@{broker}"},
                    )
                )
            await asyncio.gather(*(child.wait() for child in children))
        finally:
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    child.terminate()


def _has_mosquitto() -> bool:
    from queue_server.broker import BrokerError, find_mosquitto

    with contextlib.suppress(BrokerError):
        return bool(find_mosquitto())
    return False


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _let_visitor_in(running: Running) -> None:
    """An account for whoever tries the console, with a password that is on the screen."""
    with contextlib.suppress(AccountError):
        running.accounts.add_person("visitor", Role.ADMIN, secrets.token_urlsafe(12))
        # A first password has to be changed at the first sign-in; this one was.
        running.accounts.set_password("visitor", PASSWORD)
