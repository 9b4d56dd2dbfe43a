"""What the kiosk does with touches, time and news: one line a case."""

import pytest
from msgspec.structs import replace

from config.wire.commands import CancelTicket, IssueTicket, ReportPrint
from kiosk.flow import patience, remaining, start
from kiosk.state import (
    Ask,
    Asking,
    CallStaff,
    Card,
    Choice,
    Closed,
    Confirm,
    Done,
    Help,
    Home,
    Languages,
    Letter,
    NoSlip,
    OutOfService,
    PickLanguage,
    PickService,
    PickZone,
    Press,
    Print,
    Printed,
    Printer,
    Printing,
    Recovered,
    Refused,
    Screen,
    Search,
    Services,
    Settle,
    Starting,
    Zones,
)
from tests.kiosk.helpers import (
    MORNING,
    TICKET,
    Play,
    at_home,
    issued,
    menu,
    refused,
    view,
    without_printer,
)

GENERAL = PickZone(zone="general")
SOCIAL = PickService(service="social")
ASKED = Asking(id="id2", service="social")


@pytest.mark.parametrize(
    ("before", "choice", "after"),
    [
        (Home(), GENERAL, Services(zone="general")),
        (Home(), SOCIAL, Confirm(service="social")),
        (Home(), Press.ZONES, Zones()),
        (Home(), Press.SEARCH, Search()),
        (Home(), Press.HELP, Help()),
        (Home(), Press.LANGUAGES, Languages()),
        (Home(), Press.BACK, Home()),
        (Home(), PickZone(zone="nowhere"), Home()),
        (Home(), PickService(service="nothing"), Home()),
        (Home(), Press.TAKE, Home()),
        (Home(), Press.REPRINT, Home()),
        (Home(), Letter(text="s"), Home()),
        (Zones(), GENERAL, Services(zone="general")),
        (Services(zone="general"), SOCIAL, Confirm(service="social")),
        (Services(zone="general"), Press.HOME, Home()),
        (Search(), Letter(text="s"), Search(query="s")),
        (Search(query="sb", page=1), Press.ERASE, Search(query="s")),
        (Search(query="sb"), Press.CLEAR, Search()),
        (Search(query="a" * 12), Letter(text="b"), Search(query="a" * 12)),
        (Search(query="s"), Press.NEXT, Search(query="s", page=1)),
        (Search(query="jhdj"), Press.NEXT, Search(query="jhdj")),
        (Search(), PickService(service="social", item="MZ0101"),
         Confirm(service="social", item="MZ0101")),
        (Confirm(service="business"), PickService(service="consult"), Confirm(service="consult")),
        (Refused(code="too-many", service="social"), Press.HOME, Home()),
        (Starting(), GENERAL, Starting()),
        (OutOfService(why="out"), SOCIAL, OutOfService(why="out")),
        (ASKED, Press.HOME, ASKED),
        (ASKED, Press.BACK, ASKED),
        (ASKED, SOCIAL, ASKED),
        (Printing(ticket=TICKET), Press.HOME, Printing(ticket=TICKET)),
        (Done(ticket=TICKET), Press.FINISH, Home()),
        (Done(ticket=TICKET), Press.HOME, Home()),
        (Done(ticket=TICKET), SOCIAL, Done(ticket=TICKET)),
        (NoSlip(ticket=TICKET, why="out"), Press.FINISH, Home()),
        (NoSlip(ticket=TICKET, why="out"), Press.REPRINT, Printing(ticket=TICKET, copy=1)),
    ],
)  # fmt: skip
def test_touch(before: Screen, choice: Choice, after: Screen) -> None:
    play = Play(at_home(screen=before))
    play.tap(choice)
    assert play.screen() == after


def test_three_touches_to_a_slip() -> None:
    play = Play()
    assert play.tap(GENERAL, SOCIAL, Press.TAKE)[1] == Ask(
        command=IssueTicket(id="id3", service="social", kiosk="K1", language="zh")
    )
    assert play.screen() == Asking(id="id3", service="social")
    assert any(isinstance(e, Print) for e in play.reply(issued("id3")))
    done = play.feed(Printed(at=play.state.at + 0.5, id="id3", ok=True))
    assert isinstance(play.screen(), Done)
    assert Settle(id="id3") in done
    assert Ask(command=ReportPrint(id="id3.p0", ticket="t1", printed=True)) in done
    play.wait(9)
    assert play.screen() == Home()


def test_back_walks_the_way_in() -> None:
    play = Play()
    play.tap(Press.ZONES, GENERAL, SOCIAL, Press.HELP, Press.BACK)
    assert play.screen() == Confirm(service="social")
    play.tap(Press.BACK)
    assert play.screen() == Services(zone="general")
    play.tap(Press.BACK, Press.BACK)
    assert play.screen() == Home()
    assert play.state.trail == ()


def test_help_tells_the_staff() -> None:
    assert CallStaff() in Play().tap(Press.HELP)


def test_a_closed_service_says_why_and_gives_no_number() -> None:
    play = Play(at_home(view=view(closed="social")))
    play.tap(SOCIAL)
    assert play.screen() == Closed(service="social")
    play.tap(Press.BACK)
    assert play.screen() == Home()


def test_a_service_the_server_does_not_name_is_closed() -> None:
    play = Play(at_home(view=replace(view(), services=())))
    play.tap(SOCIAL)
    assert play.screen() == Closed(service="social")


# Slips of the finger --------------------------------------------------------------------------


def test_a_bounce_of_the_confirming_touch_is_one_ticket() -> None:
    play = Play(at_home(screen=Confirm(service="social")))
    play.tap(Press.TAKE)
    play.tap(Press.TAKE, Press.TAKE, pause=0.1)
    assert sum(isinstance(e, Ask) for e in play.effects) == 1


def test_a_double_touch_does_not_choose_on_the_next_screen() -> None:
    play = Play()
    play.tap(GENERAL)
    play.tap(SOCIAL, pause=0.1)
    assert play.screen() == Services(zone="general")
    play.tap(SOCIAL, pause=0.4)
    assert play.screen() == Confirm(service="social")


def test_fast_typing_counts_every_key() -> None:
    play = Play(at_home(screen=Search(), since=0.0))
    play.tap(Letter(text="s"), Letter(text="b"), pause=0.12)
    assert play.screen() == Search(query="sb")


# Time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("screen", "large", "low", "seconds"),
    [
        (Services(zone="general"), False, False, 30),
        (Services(zone="general"), True, False, 60),
        (Services(zone="general"), False, True, 90),
        (Services(zone="general"), True, True, 90),
        (Confirm(service="social"), False, False, 30),
        (Help(), False, False, 30),
        (Refused(code="too-many", service="social"), False, False, 30),
        (Done(ticket=TICKET), False, False, 8),
        (Done(ticket=TICKET), True, False, 16),
        (NoSlip(ticket=TICKET, why="out"), False, False, 60),
    ],
)
def test_every_screen_goes_home_by_itself(
    screen: Screen, large: bool, low: bool, seconds: float
) -> None:
    play = Play(at_home(screen=screen, large=large, low=low))
    assert patience(play.state) == seconds
    play.wait(seconds - 0.6)
    assert play.screen() == screen
    play.wait(1)
    assert play.screen() == Home()


def test_the_last_ten_seconds_are_counted_and_a_touch_stays() -> None:
    play = Play(at_home(screen=Services(zone="general")))
    play.wait(19)
    assert remaining(play.state) is None
    play.wait(2)
    assert remaining(play.state) == 9
    play.wait(8.5)
    assert remaining(play.state) == 1
    play.tap(Press.STAY, pause=0.1)
    assert remaining(play.state) is None
    assert play.screen() == Services(zone="general")


def test_home_forgets_the_person_before() -> None:
    play = Play()
    play.tap(Press.LARGE, Press.LOW, PickLanguage(language="en"))
    play.feed(Card(at=play.state.at, person="hash"))
    play.wait(91)
    assert play.screen() == Home()
    assert (play.state.large, play.state.low, play.state.language) == (False, False, "zh")
    assert play.state.person is None


def test_home_by_hand_keeps_what_the_same_person_chose() -> None:
    play = Play()
    play.tap(Press.LARGE, Press.ZONES, Press.HOME)
    assert play.screen() == Home()
    assert play.state.large


def test_a_ticket_forgets_the_person() -> None:
    play = Play(at_home(screen=Done(ticket=TICKET), large=True, language="en"))
    play.tap(Press.FINISH)
    assert (play.state.large, play.state.language) == (False, "zh")


# Printer, server, opening hours ----------------------------------------------------------------


@pytest.mark.parametrize("how", [Printer.OUT, Printer.COVER, Printer.FAULT])
def test_no_number_is_offered_without_paper(how: Printer) -> None:
    play = Play(at_home(screen=Services(zone="general")))
    play.printer(how)
    assert play.screen() == OutOfService(why=how.value)
    play.printer(Printer.OK)
    assert play.screen() == Home()


@pytest.mark.parametrize("how", [Printer.LOW, Printer.SILENT, Printer.NONE])
def test_other_printers_do_not_stop_the_hall(how: Printer) -> None:
    play = Play()
    play.printer(how)
    assert play.screen() == Home()


def test_the_server_may_be_gone_for_a_moment() -> None:
    play = Play()
    play.line(up=False)
    play.wait(4)
    assert play.screen() == Home()
    play.line(up=True)
    play.wait(10)
    assert play.screen() == Home()


def test_without_the_server_the_kiosk_says_where_to_go_and_comes_back() -> None:
    play = Play()
    play.line(up=False)
    play.wait(6)
    assert play.screen() == OutOfService(why="server")
    play.line(up=True)
    assert play.screen() == Home()


def test_the_worst_trouble_is_told_first() -> None:
    play = Play(at_home(view=view(open_now=False)))
    play.wait(1)
    assert play.screen() == OutOfService(why="closed")
    play.printer(Printer.OUT)
    assert play.screen() == OutOfService(why="out")


def test_a_closed_hall_gives_no_numbers() -> None:
    play = Play(at_home(screen=Confirm(service="social")))
    play.view(view(open_now=False))
    assert play.screen() == OutOfService(why="closed")


def test_language_can_be_changed_while_out_of_service_and_changes_back() -> None:
    play = Play()
    play.printer(Printer.OUT)
    play.tap(PickLanguage(language="en"))
    assert play.state.language == "en"
    play.wait(31)
    assert play.state.language == "zh"
    assert play.screen() == OutOfService(why="out")


def test_starting_waits_for_the_server_and_says_so() -> None:
    play = Play(start(menu(), 0.0, MORNING))
    assert play.screen() == Starting()
    play.wait(6)
    assert play.screen() == OutOfService(why="server")
    play.view(view())
    play.line(up=True)
    assert play.screen() == Home()


# A ticket -------------------------------------------------------------------------------------


def asking() -> Play:
    play = Play(at_home(screen=Confirm(service="social")))
    play.tap(Press.TAKE)
    return play


@pytest.mark.parametrize("code", ["quota-reached", "service-closed", "too-many", "storage-failed"])
def test_a_refusal_is_told_and_settled(code: str) -> None:
    play = asking()
    assert Settle(id="id1") in play.reply(refused("id1", code))
    assert play.screen() == Refused(code=code, service="social")


def test_no_answer_sends_the_person_on_and_cancels_a_late_ticket() -> None:
    play = asking()
    play.wait(16)
    assert play.screen() == Refused(code="unavailable", service="social")
    cancel = CancelTicket(id="id1.c", ticket="t1", reason="kiosk: too late")
    assert play.reply(issued("id1")) == [Ask(command=cancel), Settle(id="id1")]


def test_a_server_that_lets_one_person_wait_counts_as_gone_until_it_speaks() -> None:
    play = asking()
    play.wait(22)
    assert play.screen() == OutOfService(why="server")
    play.reply(issued("id1"))
    play.wait(1)
    assert play.screen() == Home()


def test_an_old_view_changes_nothing() -> None:
    play = Play(at_home(view=replace(view(), seq=5)))
    play.view(replace(view(open_now=False), seq=4))
    assert play.screen() == Home()
    play.view(replace(view(open_now=False), seq=1, epoch="new"))
    assert play.screen() == OutOfService(why="closed")


def test_an_answer_to_somebody_else_changes_nothing() -> None:
    play = asking()
    play.reply(issued("other"))
    assert play.screen() == Asking(id="id1", service="social")


def test_a_failed_print_shows_the_number_and_a_reprint_is_the_same_ticket() -> None:
    play = asking()
    play.reply(issued("id1"))
    told = play.feed(Printed(at=play.state.at, id="id1", ok=False, why="out"))
    assert (
        Ask(command=ReportPrint(id="id1.p0.no", ticket="t1", printed=False, reason="out")) in told
    )
    screen = play.screen()
    assert isinstance(screen, NoSlip)
    assert (screen.ticket.number, screen.why) == ("S012", "out")
    again = play.tap(Press.REPRINT)
    assert [e.reprint for e in again if isinstance(e, Print)] == [True]
    play.feed(Printed(at=play.state.at, id="id1", ok=True))
    assert isinstance(play.screen(), Done)
    issues = [e for e in play.effects if isinstance(e, Ask) and isinstance(e.command, IssueTicket)]
    assert len(issues) == 1


def test_the_number_stays_a_minute_and_is_settled_when_it_goes() -> None:
    play = asking()
    play.reply(issued("id1"))
    play.feed(Printed(at=play.state.at, id="id1", ok=False, why="fault"))
    play.wait(59)
    assert isinstance(play.screen(), NoSlip)
    assert Settle(id="id1") not in play.effects
    play.wait(2)
    assert Settle(id="id1") in play.effects


def test_a_printer_that_never_answers_shows_the_number() -> None:
    play = asking()
    play.reply(issued("id1"))
    play.wait(21)
    assert isinstance(play.screen(), NoSlip)
    play.feed(Printed(at=play.state.at, id="id1", ok=True))
    assert isinstance(play.screen(), Done)


def test_a_kiosk_without_printer_shows_the_number() -> None:
    kiosk = without_printer(menu())
    play = Play(replace(at_home(), printer=Printer.NONE, screen=Confirm(service="social")), kiosk)
    play.tap(Press.TAKE)
    play.reply(issued("id1"))
    screen = play.screen()
    assert isinstance(screen, NoSlip)
    assert screen.why == "no-printer"


def test_the_card_goes_with_the_ticket_and_is_forgotten() -> None:
    play = Play(at_home(screen=Confirm(service="social")))
    play.feed(Card(at=play.state.at, person="hash"))
    (command,) = [e.command for e in play.tap(Press.TAKE) if isinstance(e, Ask)]
    assert isinstance(command, IssueTicket)
    assert command.person == "hash"
    play.reply(refused("id1", "too-many"))
    play.wait(40)
    assert play.state.person is None


# After a restart ------------------------------------------------------------------------------


def recovered(*, answered: bool, age: float) -> Recovered:
    return Recovered(
        at=100.0, id="old", service="social", language="en", answered=answered, age=age
    )


def test_whoever_still_stands_there_gets_the_same_ticket() -> None:
    play = Play()
    (ask,) = play.feed(recovered(answered=False, age=20))
    assert isinstance(ask, Ask)
    assert ask.command.id == "old"
    assert play.state.language == "en"
    printed = play.reply(issued("old"))
    assert [e.reprint for e in printed if isinstance(e, Print)] == [False]


def test_a_slip_that_may_have_come_out_is_marked_as_a_reprint() -> None:
    play = Play()
    play.feed(recovered(answered=True, age=20))
    assert [e.reprint for e in play.reply(issued("old")) if isinstance(e, Print)] == [True]


def test_an_old_unseen_request_is_cancelled() -> None:
    play = Play()
    play.feed(recovered(answered=False, age=600))
    assert play.screen() == Home()
    cancelled = [e.command for e in play.reply(issued("old")) if isinstance(e, Ask)]
    assert [type(c) for c in cancelled] == [CancelTicket]


def test_an_old_ticket_that_may_be_in_a_hand_is_never_cancelled() -> None:
    play = Play()
    assert play.feed(recovered(answered=True, age=600)) == [Settle(id="old")]


def test_giving_up_on_a_ticket_that_may_be_in_a_hand_asks_no_more() -> None:
    play = Play()
    play.feed(recovered(answered=True, age=5))
    play.wait(16)
    assert Settle(id="old") in play.effects
    assert isinstance(play.screen(), Refused)
