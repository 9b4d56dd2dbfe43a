"""What the public sees: the board and the citizen's page; and the desk and the manager's page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from config.wire.commands import Result
from queue_server import forecast
from queue_server.engine.roles import Role
from queue_server.engine.transitions import TicketState
from tests.e2e.browser import chromium, let_in, page_of, sign_in
from tests.helpers import free_port
from tests.queue_server.town import town
from tests.queue_server.webhall import PASSWORD, WebHall, running

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SCREENS = [(1920, 1080), (1080, 1920), (1280, 720), (3840, 2160)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    quick = town(recall_spacing=0.0, no_show_calls=1, no_show_seconds=0.0)
    async with running(tmp_path, hall=quick) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="module")
async def forecasting(hall: WebHall) -> AsyncIterator[None]:
    task = asyncio.create_task(forecast.run(hall.server, hall.forecast))
    yield
    task.cancel()


async def ask(hall: WebHall, kind: str, **fields: object) -> Result:
    async with hall.client() as http:
        reply = await hall.ask(http, kind, **fields)
    assert reply.result is not None, reply
    return reply.result


@pytest.mark.parametrize(("width", "height"), SCREENS)
async def test_the_board_shows_and_flashes_a_call(
    browser: Browser, hall: WebHall, width: int, height: int
) -> None:
    async with page_of(browser, hall.base, width=width, height=height) as page:
        await page.goto("/board/east")
        await expect(page.locator("#empty")).to_be_visible()
        for _ in range(3):
            await ask(hall, "IssueTicket", service="social")
        await ask(hall, "OpenWindow", window="N1")
        await ask(hall, "OpenWindow", window="N2")
        await ask(hall, "CallNext", window="N1")
        await expect(page.locator("#rows li").first).to_contain_text("A001")
        await ask(hall, "CallNext", window="N2")
        first = page.locator("#rows li").first
        await expect(first).to_contain_text("A002")
        await expect(first).to_contain_text("2")
        await expect(first).to_have_class("called new")
        await expect(page.locator("#rows li")).to_have_count(2)
        await expect(page.locator("#zones")).to_contain_text("综合受理")
        await expect(page.locator("#zones b")).to_have_text("1")
        size = await page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert size == [width, height]
        letters = await first.locator(".number").evaluate("e => e.getBoundingClientRect().height")
        assert letters > 0.045 * height
        await ask(hall, "StartTicket", window="N2")
        await expect(first).to_have_class("serving")
        await ask(hall, "MarkNoShow", window="N1")
        await expect(page.locator("#missed")).to_have_text("A001")


async def test_a_board_without_a_server_says_how_old_it_is(
    browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    async with AsyncExitStack() as stack, page_of(browser, f"http://127.0.0.1:{port}") as page:
        hall = await stack.enter_async_context(running(tmp_path, port=port))
        await ask(hall, "IssueTicket", service="social")
        await ask(hall, "OpenWindow", window="N1")
        await ask(hall, "CallNext", window="N1")
        await page.goto("/board/east")
        await expect(page.locator("#rows")).to_contain_text("A001")
        await stack.aclose()
        await expect(page.locator("#stale")).to_contain_text("画面停留在")
        await expect(page.locator("#rows")).to_contain_text("A001")
        async with running(tmp_path, port=port):
            await expect(page.locator("#stale")).to_be_hidden()


async def test_a_citizen_is_led_to_the_window(browser: Browser, hall: WebHall) -> None:
    tickets = [await ask(hall, "IssueTicket", service="social") for _ in range(3)]
    await ask(hall, "OpenWindow", window="N1")
    async with page_of(browser, hall.base, width=360, height=740) as page:
        await page.goto(f"/t/{tickets[2].token}")
        await expect(page.locator("#big")).to_have_text("2 人")
        await ask(hall, "CallNext", window="N1")
        await expect(page.locator("#big")).to_have_text("1 人")
        await ask(hall, "CallNext", window="N1")
        await expect(page.locator("#big")).to_have_text("马上轮到您")
        await ask(hall, "CallNext", window="N1")
        await expect(page.locator("#big")).to_have_text("1 号窗口")
        await expect(page.locator("body")).to_have_class("ticket called")
        assert await page.title() == "A003 · 1 号窗口"
        await ask(hall, "MarkNoShow", window="N1")
        await expect(page.locator("#hint")).to_contain_text("咨询台")
        await ask(hall, "RestoreTicket", ticket="A003")
        await ask(hall, "CallNext", window="N1")
        await ask(hall, "StartTicket", window="N1")
        await expect(page.locator("#lead")).to_have_text("正在办理")
        await ask(hall, "FinishTicket", window="N1")
        await expect(page.locator("#big")).to_have_text("已办结")
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        await page.click("text=English")
        await expect(page.locator("#big")).to_have_text("Done")


async def test_a_citizen_asks_why_another_was_called(browser: Browser, hall: WebHall) -> None:
    mine = await ask(hall, "IssueTicket", service="social")
    await ask(hall, "OpenWindow", window="N1")
    async with page_of(browser, hall.base, width=360, height=740) as page:
        await page.goto(f"/t/{mine.token}")
        await expect(page.locator("#big")).to_have_text("马上轮到您")
        await expect(page.locator("#why")).to_be_hidden()  # nobody was called meanwhile
        hall.clock.now += 60
        await ask(hall, "IssueTicket", service="social", priority="elderly")
        await ask(hall, "CallNext", window="N1")
        await page.click("#why summary")
        await page.click("text=A002")
        await expect(page.locator("#why-answer")).to_have_text("A002 按优先规定排在 A001 之前")
        await page.fill("#why-number", "z999")
        await page.keyboard.press("Enter")
        await expect(page.locator("#why-answer")).to_contain_text("没有查到")
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        await ask(hall, "CallNext", window="N1")
        await expect(page.locator("#why")).to_be_hidden()  # it is my turn


async def test_a_guide_is_asked_why(browser: Browser, hall: WebHall) -> None:
    await ask(hall, "IssueTicket", service="social")
    hall.clock.now += 60
    await ask(hall, "IssueTicket", service="social", priority="elderly")
    await ask(hall, "OpenWindow", window="N1")
    await ask(hall, "CallNext", window="N1")
    async with page_of(browser, hall.base) as page:
        await let_in(page, hall, "guide")
        await page.goto("/desk")
        await page.fill("#ref", "A001")
        await page.keyboard.press("Enter")
        await expect(page.locator("#why-instead")).to_have_value("A001")
        await page.fill("#why-called", "a002")
        await page.keyboard.press("Enter")
        await expect(page.locator("#why-answer")).to_contain_text("15 分钟优先（老年人）")
        await page.fill("#why-called", "A001")
        await page.keyboard.press("Enter")
        await expect(page.locator("#why-answer")).to_contain_text("没有查到")


async def test_a_guide_helps(browser: Browser, hall: WebHall) -> None:
    async with page_of(browser, hall.base) as page:
        await sign_in(page, "guide")
        await page.wait_for_url("**/desk")
        await page.check("input[value=tax]", force=True)
        await page.select_option("#class", "elderly")
        await page.check("#agent")
        await page.click("#issue button")
        await expect(page.locator("#found-number")).to_have_text("B001")
        ticket = hall.server.day.find("B001")
        assert ticket is not None
        assert (ticket.priority, ticket.agent) == ("elderly", True)
        await ask(hall, "IssueTicket", service="social")
        await page.fill("#ref", "a001")
        await page.keyboard.press("Enter")
        await expect(page.locator("#found-state")).to_have_text("等候中")
        await page.click("[data-act=cancel]")
        await expect(page.locator("#reason")).to_be_focused()  # no reason, nothing done
        await page.keyboard.type("孕妇")
        await page.click("[data-act=priority]")
        await expect(page.locator("#reason")).to_have_value("")
        changed = hall.server.day.find("A001")
        assert changed is not None
        assert changed.priority == "elderly"
        await page.fill("#reason", "取错号")
        await page.click("[data-act=cancel]")
        await expect(page.locator("#found-state")).to_have_text("已取消")
        assert changed.state is TicketState.CANCELLED
        await page.fill("#ref", "Z999")
        await page.keyboard.press("Enter")
        await expect(page.locator("#said")).to_have_text("今天没有这个号")


async def test_a_manager_sees_and_tells(browser: Browser, hall: WebHall) -> None:
    async with page_of(browser, hall.base) as page, page_of(browser, hall.base) as board:
        await board.goto("/board/east")
        await sign_in(page, "manager")
        await page.wait_for_url("**/manage")
        await ask(hall, "IssueTicket", service="social")
        await expect(page.locator("#waiting")).to_have_text("1")
        await expect(page.locator("#devices")).to_contain_text("离线")
        await page.fill("#text", "下午三点系统维护")
        await page.keyboard.press("Enter")
        await expect(board.locator("#notice")).to_contain_text("下午三点系统维护")
        await page.click("#off")
        await expect(board.locator("#notice")).not_to_contain_text("下午三点系统维护")


@pytest.mark.usefixtures("forecasting")
async def test_a_manager_opens_the_window_that_is_suggested(
    browser: Browser, hall: WebHall
) -> None:
    async with page_of(browser, hall.base) as page, page_of(browser, hall.base) as watcher:
        await let_in(page, hall, "manager")
        await let_in(watcher, hall, "supervisor")
        for tab in (page, watcher):
            await tab.goto("/manage")
            await expect(tab.locator("#windows tr")).to_have_count(3)
            await expect(tab.locator("#advice")).to_be_hidden()  # all is well
        await ask(hall, "OpenWindow", window="N1")
        for _ in range(14):
            await ask(hall, "IssueTicket", service="social")
        words = "开放综合受理 2 号窗口，办理社会事务，至 "
        await expect(page.locator("#advice-what")).to_contain_text(words)
        await expect(watcher.locator("#advice-what")).to_contain_text(words)
        await expect(watcher.locator("#advice-open")).to_have_count(0)
        await page.click("#advice-open")
        await expect(page.locator("#advice-yes")).to_be_focused()
        await page.click("#advice-no")
        await expect(page.locator("#advice-sure")).to_be_hidden()
        window = hall.server.day.windows["N2"]
        assert window.state == "closed"
        await page.click("#advice-open")
        await page.keyboard.press("Enter")
        await expect(page.locator("#windows")).to_contain_text("空闲")
        await expect(page.locator("#advice-what")).not_to_contain_text("2 号窗口")
        assert (window.state, window.services) == ("open", ("social",))
        assert window.until is not None
        assert hall.clock.now + 30 * 60 <= window.until


async def test_the_first_password_is_changed_before_anything_else(
    browser: Browser, hall: WebHall
) -> None:
    hall.accounts.add_person("new", Role.GUIDE, "printed-once-77")
    async with page_of(browser, hall.base) as page:
        await sign_in(page, "new", "printed-once-77")
        await page.wait_for_url("**/password")
        await page.goto("/desk")
        await page.wait_for_url("**/password")
        for old, new, again, problem in [
            ("printed-once-77", "short", "short", "至少 10 个字符"),
            ("printed-once-77", "password123", "password123", "太常见"),
            ("printed-once-77", PASSWORD, "other", "不一致"),
            ("wrong", PASSWORD, PASSWORD, "当前密码不正确"),
        ]:
            await page.fill("#old", old)
            await page.fill("#new", new)
            await page.fill("#again", again)
            await page.keyboard.press("Enter")
            await expect(page.locator("#problem")).to_contain_text(problem)
        await page.fill("#old", "printed-once-77")
        await page.fill("#new", PASSWORD)
        await page.fill("#again", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk")
