"""Makes the pictures of this folder from the running pages.

    python docs/images/web/make.py [NAME ...]

A real server with its forecast plays a morning of the demonstration hall in a few seconds; then a
real Chromium looks at it. Without names all pictures are made.
"""

import asyncio
import logging
import random
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from playwright.async_api import Browser, Page, async_playwright

from config.load import load_hall, shipped
from config.wire import commands as c
from config.wire.commands import Command, FinishTicket, Reply
from config.wire.devices import DeviceStatus, Health
from queue_server import forecast
from queue_server.engine.roles import SYSTEM, Actor, Role
from queue_server.server import Server, serving
from queue_server.store.accounts import Accounts
from queue_server.store.log import SqliteLog
from queue_server.web.app import make_app, serving_http
from queue_server.web.web import COOKIE

HERE = Path(__file__).parent
OPENING = datetime(2026, 11, 23, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
ADMIN = Actor(Role.ADMIN, "pictures")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WINDOWS = ("N1", "N2", "N3", "N4", "N5", "C1", "P1")
NOTICE = "11月25日14:00起进行系统升级，社保业务暂停办理2小时，请您合理安排时间。"


class Morning:
    """A clock that jumps when told and else goes like any other."""

    def __init__(self) -> None:
        self.ahead = OPENING - time.time()

    def __call__(self) -> float:
        return time.time() + self.ahead


class Play:
    """A hall that is open, and whoever works in it."""

    def __init__(self, server: Server, accounts: Accounts, clock: Morning, base: str) -> None:
        self.server, self.accounts, self.clock, self.base = server, accounts, clock, base
        self.tokens: list[str] = []
        self._ids = count(1)

    async def do(self, kind: type[Any], **fields: Any) -> Reply:
        command: Command = kind(id=f"p{next(self._ids)}", **fields)
        actor = SYSTEM if kind is c.OpenDay else ADMIN
        return await self.server.submit(command, actor)

    async def issue(self, **fields: Any) -> None:
        reply = await self.do(c.IssueTicket, **fields)
        if reply.result is not None and reply.result.token is not None:
            self.tokens.append(reply.result.token)

    def token(self, state: str) -> str:
        """The newest citizen's page in this state that has the most to show."""
        views = [(t, self.server.ticket_view(t)) for t in self.tokens]
        found = [t for t, v in views if v is not None and v.state == state]
        return found[-1]

    def pair(self) -> tuple[str, str]:
        """The number called last, and the first that waited longer than it."""
        day = self.server.day
        called = max(day.windows.values(), key=lambda w: w.call).called or ""
        waiting = [t for s in day.hall.services for t in day.queue.line(s.id)]
        first = min((day.tickets[t] for t in waiting), key=lambda t: t.seq)
        return day.tickets[called].number, first.number

    async def morning(self) -> None:
        """Ninety minutes: people come, are called, served; some do not come."""
        chance = random.Random(20261123)
        await self.do(c.OpenDay, day="2026-11-23")
        windows = [w for w in WINDOWS if w in self.server.hall.window_by_id]
        for window in windows:
            await self.do(c.OpenWindow, window=window, clerk=f"clerk-{window.lower()}")
        services = [s.id for s in self.server.hall.services if not s.hidden]
        for minute in range(90):
            self.clock.ahead += 60
            for _ in range(chance.choice((0, 1, 1, 2, 2))):
                await self.issue(service=chance.choice(services), agent=chance.random() < 0.1)
            for window in chance.sample(windows, 1 + minute % 2 if minute < 80 else 1):
                await self.work(window, chance)
        await self.do(c.PostNotice, text=NOTICE)

    async def work(self, window: str, chance: random.Random) -> None:
        ticket = self.server.day.current(window)
        if ticket is not None and ticket.started is None and chance.random() < 0.08:
            await self.do(c.RecallTicket, window=window)
            self.clock.ahead += 61
            await self.do(c.MarkNoShow, window=window)
        elif ticket is not None:
            await self.do(FinishTicket, window=window)
        await self.do(c.CallNext, window=window)
        if chance.random() < 0.7:
            await self.do(c.StartTicket, window=window)

    async def crowd(self) -> None:
        """Some more people, so that every window has somebody to call."""
        for service in ("social", "insurance", "social", "business", "social", "insurance"):
            self.clock.ahead += 50
            await self.issue(service=service)


async def forecast_made(server: Server) -> None:
    """Wait until the forecast has been made."""
    async for waits in server.watch(lambda: dict(server.waits)):
        if waits:
            return


async def advised(server: Server) -> None:
    """Wait until a window is suggested."""
    async for advice in server.watch(lambda: server.advice):
        if advice is not None:
            return


@asynccontextmanager
async def playing() -> AsyncIterator[Play]:
    hall = load_hall(shipped("demo"))
    clock = Morning()
    devices = [DeviceStatus(device=d.id, health=Health.OK, since=OPENING) for d in hall.devices[:6]]
    if devices:
        devices[-1] = DeviceStatus(
            device=devices[-1].device, health=Health.DEGRADED, reason="纸将用尽", since=OPENING
        )
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        store, accounts = SqliteLog(data, hall.id), Accounts(data, clock=clock)
        waits = forecast.Forecast(hall)
        server = Server(hall, store, clock=clock, saw=waits.saw)
        accounts.add_person("manager", Role.MANAGER, "only-for-pictures", must_change=False)
        app = make_app(server, accounts, devices=lambda: devices)
        async with serving(server), serving_http(app) as base:
            play = Play(server, accounts, clock, base)
            await play.morning()
            task = asyncio.create_task(forecast.run(server, waits))
            await forecast_made(server)
            yield play
            task.cancel()
        accounts.close()
        store.close()


@asynccontextmanager
async def looking(
    browser: Browser, play: Play, width: int, height: int, scale: float = 1
) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, base_url=play.base
    )
    session = play.accounts.open_session("manager")
    await context.add_cookies([{"name": COOKIE, "value": session, "url": play.base}])
    yield await context.new_page()
    await context.close()


async def shoot(page: Page, name: str, path: str = "", *, after: float = 0.6) -> None:
    """Go to `path` and keep what is seen, if it is wanted."""
    if path:
        await page.goto(path)
    await page.evaluate("document.fonts.ready")
    await asyncio.sleep(after)
    if len(sys.argv) == 1 or name in sys.argv[1:]:
        await page.screenshot(path=HERE / f"{name}.png")


async def console(browser: Browser, play: Play) -> None:
    async with looking(browser, play, 1366, 768) as page:
        await page.goto("/console?window=N2")
        await play.crowd()
        await play.do(FinishTicket, window="N2")
        await play.do(c.CallNext, window="N2")
        await play.do(c.HoldTicket, window="N2", reason="去复印身份证")
        await play.do(c.CallNext, window="N2")
        await shoot(page, "console-called", after=1.4)
        await play.do(c.StartTicket, window="N2")
        play.clock.ahead += 9 * 60
        await play.issue(service="insurance")
        await shoot(page, "console")
        await page.keyboard.press("F8")
        await shoot(page, "console-transfer")
        await page.keyboard.press("Escape")
        await play.do(FinishTicket, window="N2")
        await shoot(page, "console-undo", after=1.4)
        await play.do(c.CallNext, window="N2")
        await play.do(c.StartTicket, window="N2")
        await shoot(page, "console-english", "/console?window=N2&lang=en", after=1.4)
    async with looking(browser, play, 320, 720, 2) as page:
        await shoot(page, "console-side", "/console?window=N2", after=1.4)


async def board(browser: Browser, play: Play) -> None:
    for name, width, height in (("board", 1920, 1080), ("board-portrait", 1080, 1920)):
        async with looking(browser, play, width, height) as page:
            await page.goto("/board/hall")
            await play.crowd()
            await play.do(FinishTicket, window="N3")
            await play.do(c.CallNext, window="N3")
            await page.locator("#rows li.new").first.wait_for()
            await shoot(page, name, after=1.1)


async def citizen(browser: Browser, play: Play) -> None:
    async with looking(browser, play, 360, 740, 2) as page:
        await shoot(page, "citizen-waiting", f"/t/{play.token('waiting')}")
        await page.click("#why summary")
        await page.locator("#why-numbers button").first.click()
        await page.locator("#why-answer").scroll_into_view_if_needed()
        await shoot(page, "citizen-why")
        await shoot(page, "citizen-called", f"/t/{play.token('called')}", after=1.0)
        await shoot(page, "citizen-missed", f"/t/{play.token('missed')}")
        await shoot(page, "citizen-done", f"/t/{play.token('done')}")
        await shoot(page, "citizen-english", f"/t/{play.token('waiting')}?lang=en")


async def staff(browser: Browser, play: Play) -> None:
    async with looking(browser, play, 1366, 1000) as page:
        await play.do(FinishTicket, window="N4")
        await play.do(c.CloseWindow, window="N4")
        await advised(play.server)
        await shoot(page, "manage", "/manage")
        await page.goto("/desk")
        await page.fill("#ref", "B003")
        await page.press("#ref", "Enter")
        called, waiting = play.pair()
        await page.fill("#why-called", called)
        await page.fill("#why-instead", waiting)
        await page.press("#why-instead", "Enter")
        await shoot(page, "desk")
        await shoot(page, "choose", "/console")
    async with looking(browser, play, 1366, 768) as page:
        await shoot(page, "login", "/login")


async def main() -> None:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    async with playing() as play, async_playwright() as play_browser:
        browser = await play_browser.chromium.launch(executable_path=path, args=FLAGS)
        await citizen(browser, play)
        await console(browser, play)
        await board(browser, play)
        await staff(browser, play)
        await browser.close()


structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
asyncio.run(main())
