"""The kiosk's own window under a real X server, with a real pointer."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.state import Choice, PickService, PickZone, Press

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
    ),
]


@dataclass
class Screen:
    """An X server with one kiosk in its window."""

    environment: dict[str, str]
    kiosk: asyncio.subprocess.Process
    now: dict[str, Any]

    async def until(self, title: str) -> dict[str, Any]:
        """The first scene to be shown with this title."""
        assert self.kiosk.stdout is not None
        async with asyncio.timeout(60):
            while self.now["title"] != title:
                line = await self.kiosk.stdout.readline()
                assert line, f"the kiosk ended before {title}"
                self.now = json.loads(line)
        return self.now

    async def touch(self, choice: Choice) -> None:
        x, y = self.now["places"][repr(choice)]
        await self.do("mousemove", str(int(x)), str(int(y)), "mousedown", "1", "mouseup", "1")

    async def do(self, *what: str) -> None:
        process = await asyncio.create_subprocess_exec("xdotool", *what, env=self.environment)
        assert await process.wait() == 0


@pytest.fixture
async def screen(tmp_path: Path, scale: float) -> AsyncIterator[Screen]:
    reading, writing = os.pipe()
    xvfb = await asyncio.create_subprocess_exec(
        "Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", "-screen", "0",
        f"{1080 * scale:.0f}x{1920 * scale:.0f}x24",
        pass_fds=(writing,), stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as answer:
        display = (await asyncio.to_thread(answer.readline)).strip()
    environment = {**os.environ, "DISPLAY": f":{display}", "SDL_VIDEODRIVER": "x11"}
    kiosk = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.kiosk.window_program", str(tmp_path), str(scale),
        env=environment,
        stdout=asyncio.subprocess.PIPE, limit=1 << 20,
    )  # fmt: skip
    try:
        yield Screen(environment, kiosk, {"title": ""})
    finally:
        for process in (kiosk, xvfb):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            await process.wait()


@pytest.mark.parametrize("scale", [1.0, 0.5])
async def test_three_touches_to_a_slip(screen: Screen, tmp_path: Path) -> None:
    await screen.until("请选择要办的事")
    await screen.touch(PickZone(zone="general"))
    await screen.until("综合受理区")
    await asyncio.sleep(0.4)  # a person needs longer than this; sooner is a bounce
    await screen.touch(PickService(service="social"))
    await screen.until("社会事务")
    await asyncio.sleep(0.4)
    await screen.touch(Press.TAKE)
    assert (await screen.until("请取走号票"))["number"] == "S001"
    assert len(list((tmp_path / "kiosk-K1" / "slips").glob("*.png"))) == 1


@pytest.mark.parametrize("scale", [1.0])
async def test_no_key_leads_out(screen: Screen) -> None:
    """Escape, F1, F11, Ctrl-Q, Alt-F4: the window stays, the home screen stays, touches work."""
    await screen.until("请选择要办的事")
    for key in ("Escape", "F1", "F11", "F12", "ctrl+q", "ctrl+e", "alt+F4", "super", "Menu"):
        await screen.do("key", key)
    assert screen.kiosk.returncode is None
    assert screen.now["title"] == "请选择要办的事"
    await screen.touch(Press.SEARCH)
    await screen.until("查找事项")
