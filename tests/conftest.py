"""What every test gets: a skipped one fails in CI, one that leaves something behind fails always,
and whoever asks for `mosquitto` gets a real broker."""

import asyncio
import inspect
import os
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.buses import MqttExchange, mqtt_exchange
from tests.helpers import wait_until, wait_until_sync

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)
IN_CI = os.environ.get("CI") == "true"


def refuse_skip(report: R) -> R:
    if IN_CI and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not take for an answer: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refuse_skip((yield))


@pytest.fixture
async def mosquitto(tmp_path: Path) -> AsyncIterator[MqttExchange]:
    """A real broker on a free port, with nobody let in yet."""
    async with mqtt_exchange(tmp_path) as exchange:
        yield exchange


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a task, a thread or a child process behind fails: those are what wakes
    up later, in somebody else's test."""
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("no_task_left")
    threads, children = _threads(), _children()
    yield
    wait_until_sync(lambda: _threads() <= threads, f"threads to end: {_threads() - threads}")
    wait_until_sync(lambda: _children() <= children, "child processes to end")


@pytest.fixture
async def no_task_left() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    own = asyncio.current_task()
    await wait_until(
        lambda: not asyncio.all_tasks() - before - {own},
        f"tasks to end: {asyncio.all_tasks() - before - {own}}",
        within=2,
    )


def _threads() -> set[threading.Thread]:
    """All but the event loop's helpers, which end with the loop."""
    return {
        thread
        for thread in threading.enumerate()
        if not thread.daemon and not thread.name.startswith(("asyncio_", "AnyIO"))
    }


def _children() -> set[str]:
    found: set[str] = set()
    for thread in Path("/proc/self/task").glob("*/children"):
        try:
            found.update(thread.read_text().split())
        except OSError:
            continue  # the thread has just ended
    return found
