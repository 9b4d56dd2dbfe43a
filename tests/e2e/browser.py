"""A real Chromium for tests of the pages, and a page that complains about everything."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, async_playwright

from queue_server.web.web import COOKIE
from tests.queue_server.webhall import PASSWORD, WebHall

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium-headless-shell", "chromium", "google-chrome")


def find_browser() -> str:
    """The path of a Chromium; without one the test is skipped and listed, in CI it fails."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    if os.environ.get("CI"):
        pytest.fail("no Chromium: apt-get install chromium-headless-shell")
    pytest.skip("no Chromium: apt-get install chromium-headless-shell")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    path = find_browser()
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Seen:
    """What went wrong in a page: script errors, refused by the security policy."""

    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.errors.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )


@asynccontextmanager
async def page_of(
    browser: Browser, base: str, *, width: int = 1366, height: int = 768
) -> AsyncIterator[Page]:
    """A fresh browser profile with one page; it must not have had a script error at the end."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, base_url=base, reduced_motion="no-preference"
    )
    context.set_default_timeout(10_000)
    page = await context.new_page()
    seen = Seen()
    seen.watch(page)
    yield page
    await context.close()
    assert seen.errors == [], seen.errors


async def let_in(page: Page, hall: WebHall, name: str) -> None:
    """A session of `name` without the door, for tests of what is behind it."""
    session = hall.accounts.open_session(name)
    await page.context.add_cookies([{"name": COOKIE, "value": session, "url": hall.base}])


async def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    await page.goto("/login")
    await page.fill("#name", name)
    await page.fill("#password", password)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "/login" not in url)
