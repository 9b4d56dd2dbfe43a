"""Two consoles in a real browser press at the same instant, a thousand times (cases 12, F40)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from benchmarks.program import Program, ask, started
from queue_server.engine.roles import Role
from queue_server.store.accounts import Accounts
from tests.e2e.browser import chromium, page_of, sign_in
from tests.queue_server.webhall import PASSWORD

PAIRS = 1000

PRESS = """async ([window, id]) => {
    const csrf = document.querySelector('meta[name="csrf"]').content;
    const answer = await fetch("/api/v1/commands", {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": csrf },
        body: JSON.stringify({ kind: "CallNext", id, window }),
    });
    return await answer.json();
}"""


@pytest.mark.e2e
async def test_a_thousand_pairs_of_presses_call_nobody_twice(tmp_path: Path) -> None:
    with started(Program(tmp_path)) as program:
        _let_clerks_in(tmp_path)
        with program.client() as client:
            for window in ("N1", "N2"):
                ask(client, "OpenWindow", f"open-{window}", window=window)
            for n in range(2 * PAIRS - 1):
                ask(client, "IssueTicket", f"issue-{n}", service="social")
        async with (
            chromium() as browser,
            page_of(browser, program.url) as first,
            page_of(browser, program.url) as second,
        ):
            for page, window in ((first, "N1"), (second, "N2")):
                await sign_in(page, f"clerk-{window}")
                await page.goto(f"/console?window={window}")
            replies: list[dict[str, Any]] = []
            for n in range(PAIRS):
                replies += await asyncio.gather(
                    _press(first, "N1", f"first-{n}"), _press(second, "N2", f"second-{n}")
                )
    numbers = [r["result"]["number"] for r in replies if r["ok"]]
    assert len(numbers) == 2 * PAIRS - 1
    assert len({*numbers}) == len(numbers), "a ticket was called twice"
    (refused,) = [r["error"]["code"] for r in replies if not r["ok"]]
    assert refused == "nobody-waiting"


def _let_clerks_in(data: Path) -> None:
    accounts = Accounts(data)
    for window in ("N1", "N2"):
        accounts.add_person(
            f"clerk-{window}", Role.CLERK, "a-first-password-7", windows=frozenset({window})
        )
        accounts.set_password(f"clerk-{window}", PASSWORD)
    accounts.close()


async def _press(page: Page, window: str, id: str) -> dict[str, Any]:
    reply: dict[str, Any] = await page.evaluate(PRESS, [window, id])
    return reply
