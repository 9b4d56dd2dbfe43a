"""The clerk's console in a real browser, mostly by keyboard."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from config.wire.commands import Result
from queue_server.engine.transitions import TicketState
from tests.e2e.browser import chromium, let_in, page_of
from tests.helpers import free_port, wait_until
from tests.queue_server.town import town
from tests.queue_server.webhall import WebHall, running

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

QUICK = {"call_spacing": 0.0, "recall_spacing": 0.0, "no_show_calls": 1, "no_show_seconds": 0.0}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with running(tmp_path, hall=town(**QUICK)) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, hall: WebHall) -> AsyncIterator[Page]:
    """The console of window N1 with three people waiting, signed in, window open."""
    async with page_of(browser, hall.base) as page:
        await let_in(page, hall, "clerk")
        await open_console(page, "N1")
        for _ in range(3):
            await issue(hall)
        await expect(page.locator("#waiting")).to_have_text("3")
        yield page


async def open_console(page: Page, window: str) -> None:
    """Go to the console of a closed window and open it by key."""
    await page.goto(f"/console?window={window}")
    await expect(page.locator("#state")).to_have_text("未开放")
    await page.keyboard.press("F2")
    await expect(page.locator("#state")).to_have_text("空闲")


async def issue(hall: WebHall, service: str = "social") -> Result:
    async with hall.client() as http:
        reply = await hall.ask(http, "IssueTicket", service=service)
    assert reply.result is not None
    return reply.result


async def call(page: Page, number: str) -> None:
    """Call the next by key and wait until it is seen."""
    await page.keyboard.press("F2")
    await expect(page.locator("#number")).to_have_text(number)


def state(hall: WebHall, number: str) -> TicketState:
    ticket = hall.server.day.find(number)
    assert ticket is not None
    return ticket.state


async def test_a_clerk_signs_in_and_finds_the_window_by_keyboard(
    browser: Browser, hall: WebHall
) -> None:
    async with page_of(browser, hall.base) as page:
        await page.goto("/console")
        await page.wait_for_url("**/login")
        await page.keyboard.type("clerk")
        await page.keyboard.press("Tab")
        await page.keyboard.type("wrong-password")
        await page.keyboard.press("Enter")
        await expect(page.locator("#problem")).to_have_text("账号或密码不正确")
        await page.keyboard.type("sunny-lemon-42")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console")
        await page.locator("a.window").first.focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console?window=N1")
        await expect(page.locator(".bar-window")).to_have_text("1 号窗口")


async def test_one_ticket_from_call_to_finish(hall: WebHall, page: Page) -> None:
    await page.keyboard.press("Space")
    await expect(page.locator("#number")).to_have_text("A001")
    await expect(page.locator("#next li").first).to_contain_text("A002")
    await page.keyboard.press("F3")
    await expect(page.locator("#marks")).to_contain_text("第 2 次呼叫")
    await page.keyboard.press("F4")
    await expect(page.locator("#state")).to_have_text("办理中")
    await expect(page.locator("#pace-word")).to_have_text("正常")
    await page.keyboard.press("F6")
    await expect(page.locator("dialog")).to_be_visible()
    await page.keyboard.press("2")
    await page.keyboard.press("Enter")
    await expect(page.locator("#state")).to_have_text("空闲")
    await expect(page.locator("#served")).to_have_text("1")
    assert state(hall, "A001") is TicketState.DONE


async def test_a_finish_is_taken_back(hall: WebHall, page: Page) -> None:
    await call(page, "A001")
    await page.keyboard.press("F6")
    await page.keyboard.press("F6")
    await expect(page.locator("#toast")).to_contain_text("A001 已结束")
    await page.keyboard.press("Control+z")
    await expect(page.locator("#number")).to_have_text("A001")
    await expect(page.locator("#toast")).to_be_hidden()
    assert state(hall, "A001") is TicketState.SERVING


async def test_next_asks_for_the_outcome_of_the_one_before(hall: WebHall, page: Page) -> None:
    await call(page, "A001")
    await page.keyboard.press("F2")
    await expect(page.locator("#dialog-title")).to_have_text("A001 · 办理结果")
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_be_hidden()
    assert state(hall, "A001") is TicketState.CALLED
    await page.keyboard.press("F2")
    await call(page, "A002")
    assert state(hall, "A001") is TicketState.DONE


async def test_a_ticket_is_transferred(hall: WebHall, page: Page) -> None:
    await call(page, "A001")
    await page.keyboard.press("F8")
    await expect(page.locator("dialog select").first).to_be_focused()
    await page.keyboard.press("Enter")  # nothing chosen yet: it stays open
    await expect(page.locator("dialog .wanted")).to_be_visible()
    await page.locator("dialog select").first.select_option("service:tax")
    await page.get_by_label("给下一窗口的留言").fill("材料已齐")
    await page.keyboard.press("Enter")
    await expect(page.locator("#state")).to_have_text("空闲")
    await expect(page.locator("#next")).to_contain_text("材料已齐")
    ticket = hall.server.day.find("A001")
    assert ticket is not None
    assert (ticket.service, ticket.state) == ("tax", TicketState.WAITING)


async def test_a_ticket_is_held_and_resumed(hall: WebHall, page: Page) -> None:
    await call(page, "A001")
    await page.keyboard.press("F9")
    await page.keyboard.type("去复印")
    await page.keyboard.press("Enter")
    await expect(page.locator("#held")).to_contain_text("A001")
    await call(page, "A002")
    await expect(page.locator("#held button")).to_be_disabled()
    await page.keyboard.press("F6")
    await page.keyboard.press("F6")
    await expect(page.locator("#held button")).to_be_enabled()
    await page.locator("#held button").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#number")).to_have_text("A001")
    assert state(hall, "A001") is TicketState.SERVING


async def test_a_no_show_is_restored(hall: WebHall, page: Page) -> None:
    await call(page, "A001")
    await page.keyboard.press("F5")
    await expect(page.locator("#missed")).to_contain_text("A001")
    await expect(page.locator("#state")).to_have_text("空闲")
    await page.get_by_role("button", name="恢复 A001").click()
    await expect(page.locator("#missed-count")).to_have_text("0")
    assert state(hall, "A001") is TicketState.WAITING


async def test_a_pause_has_a_reason_and_an_end(hall: WebHall, page: Page) -> None:
    await page.keyboard.press("F10")
    await page.keyboard.press("3")
    await page.keyboard.press("Enter")
    await expect(page.locator("#service")).to_have_text("暂停服务 · 系统故障")
    await expect(page.locator("[data-act=special]")).to_be_disabled()
    await page.keyboard.press("F10")
    await expect(page.locator("#state")).to_have_text("空闲")
    await page.click("#shut")
    await expect(page.locator("#state")).to_have_text("未开放")
    assert hall.server.day.windows["N1"].state == "closed"


async def test_a_manager_calls_a_chosen_ticket(browser: Browser, hall: WebHall, page: Page) -> None:
    await expect(page.locator("[data-act=special]")).to_be_disabled()  # not for this clerk
    async with page_of(browser, hall.base) as other:
        await let_in(other, hall, "manager")
        await open_console(other, "N2")
        await other.keyboard.press("Control+F2")
        await other.keyboard.type("a003")
        await other.keyboard.press("Enter")  # the reason is missing
        await other.keyboard.type("急诊")
        await other.keyboard.press("Enter")
        await expect(other.locator("#number")).to_have_text("A003")
    await expect(page.locator("#waiting")).to_have_text("2")


async def test_a_refusal_is_said_in_words(hall: WebHall, page: Page) -> None:
    await page.keyboard.press("F5")
    await expect(page.locator("#said")).to_have_text("现在不能「过号」")
    async with hall.client() as http:
        await hall.ask(http, "OpenWindow", window="N2")
        for _ in range(3):
            await hall.ask(http, "CallNext", window="N2")
    await page.keyboard.press("F2")
    await expect(page.locator("#said")).to_have_text("现在没有人等候")
    await expect(page.locator("#said")).to_have_class("said seen wrong")


async def test_double_clicks_and_held_keys_call_once(browser: Browser, tmp_path: Path) -> None:
    async with running(tmp_path) as hall, page_of(browser, hall.base) as page:
        await let_in(page, hall, "clerk")
        await open_console(page, "N1")
        for _ in range(4):
            await issue(hall)
        await expect(page.locator("[data-act=next]")).to_be_enabled()
        await page.dblclick("[data-act=next]")
        await expect(page.locator("#number")).to_have_text("A001")
        await page.keyboard.down("F2")
        await page.keyboard.down("F2")  # the keyboard repeats
        await page.keyboard.up("F2")
        await page.keyboard.press("F2")
        await page.keyboard.press("Escape")
        assert [t.calls for t in hall.server.day.tickets.values()] == [1, 0, 0, 0]


async def test_a_lost_line_is_said_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    async with AsyncExitStack() as stack, page_of(browser, f"http://127.0.0.1:{port}") as page:
        hall = await stack.enter_async_context(running(tmp_path, hall=town(**QUICK), port=port))
        await let_in(page, hall, "clerk")
        await open_console(page, "N1")
        for _ in range(3):
            await issue(hall)
        await call(page, "A001")
        await stack.aclose()
        await expect(page.locator("#banner-text")).to_contain_text("连接已断开")
        await page.keyboard.press("F2")
        await page.keyboard.press("F2")  # the outcome of A001, then the call
        await expect(page.locator("#banner-text")).to_contain_text("「呼叫下一位」还没有送达")
        await page.keyboard.press("F2")  # impatient
        async with running(tmp_path, hall=town(**QUICK), port=port) as again:
            await expect(page.locator("#number")).to_have_text("A002")
            await expect(page.locator("#banner")).to_be_hidden()
            assert state(again, "A001") is TicketState.DONE
            assert state(again, "A003") is TicketState.WAITING
            async with again.client() as http:
                reply = await http.post("/login", json={"name": "guide", "password": "x"})
                assert reply.status_code == 401


async def test_a_press_that_is_given_up_is_not_sent_later(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    async with AsyncExitStack() as stack, page_of(browser, f"http://127.0.0.1:{port}") as page:
        hall = await stack.enter_async_context(running(tmp_path, hall=town(**QUICK), port=port))
        await let_in(page, hall, "clerk")
        await open_console(page, "N1")
        await issue(hall)
        await expect(page.locator("#waiting")).to_have_text("1")
        await stack.aclose()
        await page.keyboard.press("F2")
        await page.get_by_role("button", name="不再重发").click()
        async with running(tmp_path, hall=town(**QUICK), port=port) as again:
            await expect(page.locator("#banner")).to_be_hidden()
            await wait_until(lambda: again.web.counters.streams > 0, "the console to come back")
            assert state(again, "A001") is TicketState.WAITING
            assert again.server.day.windows["N1"].current is None


async def test_the_side_panel_has_everything(hall: WebHall, browser: Browser) -> None:
    async with page_of(browser, hall.base, width=320, height=720) as page:
        await let_in(page, hall, "clerk")
        await page.goto("/console?window=N1")
        await page.click("[data-act=next]")
        await issue(hall)
        await expect(page.locator("#state")).to_have_text("空闲")
        await page.click("[data-act=next]")
        await expect(page.locator("#number")).to_have_text("A001")
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide == 320
        for act in ("next", "recall", "finish", "transfer", "hold", "pause"):
            box = await page.locator(f"[data-act={act}]").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 720
            assert box["height"] >= 44
        await page.click("[data-act=finish]")
        dialog = await page.locator("dialog").bounding_box()
        assert dialog is not None
        assert dialog["width"] <= 320


async def test_an_expired_session_leads_to_the_door(hall: WebHall, page: Page) -> None:
    hall.accounts.remove_person("clerk")
    await page.keyboard.press("F2")
    await expect(page.locator("#banner-text")).to_have_text("登录已过期，请重新登录")
    await page.wait_for_url("**/login")


async def test_everything_has_a_name_for_those_who_listen(page: Page) -> None:
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, select')]
            .filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    live = await page.evaluate("document.querySelectorAll('[aria-live], [role=alert]').length")
    assert live >= 3
    for action, key in (("transfer", "F8"), ("hold", "F9"), ("finish", "F6")):
        if not await page.locator("#number").inner_text():
            await page.keyboard.press("F2")
            await expect(page.locator("#number")).not_to_be_empty()
        await page.keyboard.press(key)
        await expect(page.get_by_role("dialog"), action).to_be_visible()
        inside = await page.evaluate("document.activeElement.closest('dialog') !== null")
        assert inside
        await page.keyboard.press("Escape")


async def test_english_is_whole(hall: WebHall, page: Page) -> None:
    await page.click("#other-language")
    await expect(page.locator(".bar-window")).to_have_text("Window 1")
    await call(page, "A001")
    text = await page.locator("body").inner_text()
    assert not [c for c in text.replace("中文", "") if "\u4e00" <= c <= "\u9fff"]


async def test_the_server_is_asked_by_the_page_only_with_its_proof(
    hall: WebHall, page: Page
) -> None:
    cookies = {c["name"]: c["value"] for c in await page.context.cookies()}
    async with httpx.AsyncClient(base_url=hall.base, cookies=cookies) as thief:
        answer = await thief.post("/api/v1/commands", json=hall.command("CallNext", window="N1"))
    assert answer.status_code == 403
