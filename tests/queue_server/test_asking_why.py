"""Who may be asked about, and what another citizen does not learn."""

from config.wire import commands as c
from queue_server.engine.asking_why import why_called
from queue_server.engine.views import Moment, ticket_view
from tests.queue_server.town import NINE, Story


def three(priority: str | None = None) -> Story:
    """Three people for the one window that is open; the second is A002."""
    story = Story()
    story.do(c.OpenWindow, window="N1")
    for minute, privilege in enumerate((None, priority, None)):
        story.do(c.IssueTicket, at=60 * minute, service="social", priority=privilege)
    return story


def test_of_a_pair_that_waited_together() -> None:
    story = three()
    story.do(c.CallNext, at=180, window="N1")
    story.do(c.FinishTicket, at=240, window="N1")
    story.do(c.CancelTicket, at=250, ticket="A003", reason="回家")
    story.do(c.CallNext, at=300, window="N1")
    assert why_called(story.day, "A001", "A002") is not None
    assert why_called(story.day, "A001", "A003") is not None
    assert why_called(story.day, "A002", "A001") is None  # A001 was called before
    assert why_called(story.day, "A002", "A003") is None  # A003 did not wait any more
    assert why_called(story.day, "A002", "A002") is None


def test_of_one_who_came_back() -> None:
    """Missed and restored: A001 waits again, and did when A002 was called."""
    story = three()
    story.do(c.CallNext, at=180, window="N1")
    story.do(c.RecallTicket, at=240, window="N1")
    story.do(c.MarkNoShow, at=400, window="N1")
    story.do(c.RestoreTicket, at=420, ticket="A001")
    story.do(c.CallNext, at=600, window="N1")
    told = why_called(story.day, "A002", "A001")
    assert told is not None
    assert told.text["zh"] == "A002 次序时间 09:01，早于 A001 的 09:02"


def test_another_citizen_learns_of_no_class() -> None:
    story = three(priority="elderly")
    story.do(c.CallNext, at=180, window="N1")
    told = why_called(story.day, "A002", "A001", discreet=True)
    assert told is not None
    assert told.text["zh"] == "A002 按优先规定排在 A001 之前"


def test_a_window_is_called_what_its_sign_says() -> None:
    story = three()
    story.do(c.OpenWindow, window="N2")
    story.do(c.IssueTicket, at=180, service="tax")
    story.do(c.CallNext, at=200, window="N2")
    told = why_called(story.day, "A001", "B001")
    assert told is not None
    assert told.text["zh"] == "2 号窗口不能办理税务，B001 由其他窗口叫号"


def test_a_citizen_sees_which_numbers_were_called_meanwhile() -> None:
    story = three()
    story.do(c.OpenWindow, window="N2")
    story.do(c.CallNext, at=180, window="N1")
    story.do(c.CallNext, at=200, window="N2")
    story.do(c.IssueTicket, at=220, service="social")
    assert others(story, "A003") == ("A002", "A001")
    assert others(story, "A004") == ()  # came after both
    assert others(story, "A001") == ()  # does not wait


def others(story: Story, number: str) -> tuple[str, ...]:
    ticket = story.day.find(number)
    assert ticket is not None
    view = ticket_view(story.day, ticket.token, Moment("epoch", NINE + 240, {}))
    assert view is not None
    return view.others
