"""Each of the five sentences, with the numbers of the record it comes from."""

import re

import pytest

from config.hall import DispatchRules
from queue_server.engine.choice import Choice, Reason, Waiter
from queue_server.engine.dispatch import Dispatcher
from queue_server.engine.explain import Named, Why, clock, why
from queue_server.engine.facts import HallFacts, ServiceFacts, WindowFacts

FACTS = HallFacts(
    services={
        "tax": ServiceFacts(8.0, site="south"),
        "land": ServiceFacts(20.0, site="south"),
        "social": ServiceFacts(5.0, site="north"),
    },
    windows={"S1": WindowFacts("south"), "N1": WindowFacts("north")},
    walk={"south": {"south": 0.5, "north": 4.5}, "north": {"south": 4.5, "north": 0.5}},
)
SERVICES = {
    "tax": {"zh": "税务", "en": "Tax"},
    "land": {"zh": "不动产", "en": "Land"},
    "social": {"zh": "社保", "en": "Social security"},
}


def played(
    waiters: list[Waiter], services: str, window: str = "S1", now: float = 620.0
) -> tuple[Choice, dict[str, Named]]:
    dispatcher = Dispatcher(FACTS, DispatchRules())
    dispatcher.open(window, services.split())
    for waiter in waiters:
        dispatcher.add(waiter)
    choice = dispatcher.choose(window, now)
    assert choice is not None
    return choice, {w.id: named(w) for w in waiters}


def named(waiter: Waiter) -> Named:
    label = {"zh": "老年人", "en": "senior"} if waiter.priority else {}
    return Named(waiter.id, SERVICES[waiter.service], label)


def ask(waiters: list[Waiter], services: str, window: str = "S1", now: float = 620.0) -> Why:
    """Ask why the first of `waiters` was called and not the second."""
    choice, names = played(waiters, services, window, now)
    assert choice.waiter == waiters[0]
    return why(choice, waiters[1], names)


def test_ability() -> None:
    answer = ask(
        [Waiter("B012", "tax", 610.0, 2, 610.0), Waiter("A005", "land", 600.0, 1, 600.0)], "tax"
    )
    assert answer.reason is Reason.ABILITY or answer.reason == 1
    assert answer.text["zh"] == "S1 号窗口不能办理不动产，A005 由其他窗口叫号"
    assert "does not handle Land" in answer.text["en"]


def test_ability_of_a_ticket_bound_to_another_window() -> None:
    one = Waiter("B012", "tax", 610.0, 2, 610.0)
    two = Waiter("A005", "tax", 600.0, 1, 600.0, window="N1")
    assert ask([one, two], "tax").reason == Reason.ABILITY


def test_privilege() -> None:
    one = Waiter("B012", "tax", 595.0, 2, 610.0, priority=True)
    two = Waiter("A005", "tax", 600.0, 1, 600.0)
    answer = ask([one, two], "tax")
    assert answer.reason == Reason.PRIVILEGE
    assert answer.text["zh"] == "B012 有 15 分钟优先（老年人），次序按 09:55 计，A005 按 10:00 计"
    assert "head start of 15 minutes (senior)" in answer.text["en"]


def test_the_limit_of_privilege() -> None:
    dispatcher = Dispatcher(FACTS, DispatchRules())
    dispatcher.open("S1", ["tax"])
    waiters = [Waiter("A005", "tax", 590.0, 1, 590.0)]
    waiters += [Waiter(f"P{i}", "tax", 580.0 + i, 2 + i, 600.0, priority=True) for i in range(3)]
    for waiter in waiters:
        dispatcher.add(waiter)
    for ticket in ("P0", "P1"):
        dispatcher.called(ticket, "S1")
    choice = dispatcher.choose("S1", 620.0)
    assert choice is not None
    answer = why(choice, waiters[3], {w.id: named(w) for w in waiters})
    assert answer.reason == Reason.PRIVILEGE
    assert "普通号 A005 已等候 30 分钟" in answer.text["zh"]


def test_order() -> None:
    one = Waiter("B012", "tax", 602.4, 1, 602.4)
    two = Waiter("A005", "tax", 606.9, 2, 606.9)
    answer = ask([one, two], "tax")
    assert answer.reason == Reason.ORDER
    assert answer.text["zh"] == "B012 次序时间 10:02，早于 A005 的 10:06"
    assert answer.text["en"] == "B012 counts from 10:02, before A005 at 10:06"


def test_order_in_the_same_minute() -> None:
    one = Waiter("B012", "tax", 602.1, 1, 602.1)
    two = Waiter("B013", "tax", 602.9, 2, 602.9)
    assert "同为 10:02" in ask([one, two], "tax").text["zh"]


def test_one_who_came_after_the_call() -> None:
    choice, names = played([Waiter("B012", "tax", 602.0, 1, 602.0)], "tax land")
    late = Waiter("A005", "land", 605.0, 2, 625.0)
    answer = why(choice, late, names | {"A005": named(late)})
    assert answer.reason == Reason.ORDER
    assert answer.text["zh"] == "B012 10:20 已被叫号，A005 10:25 才开始等候"


def test_balance() -> None:
    first = Waiter("B012", "tax", 606.0, 9, 606.0)
    other = Waiter("A005", "land", 603.0, 1, 603.0)
    rest = [Waiter(f"B1{i}", "tax", 607.0 + i, 10 + i, 607.0 + i) for i in range(5)]
    answer = ask([first, other, *rest], "tax land")
    assert answer.reason == Reason.BALANCE
    assert answer.text["zh"] == (
        "A005 与 B012 次序相差 3 分钟（不超过 5 分钟公平带）；税务等候 6 人、每件约 8 分钟，"
        "不动产等候 1 人、每件约 20 分钟，S1 号窗口先帮税务"
    )


def test_distance() -> None:
    first = Waiter("B012", "social", 606.0, 2, 606.0)
    other = Waiter("A005", "tax", 600.0, 1, 600.0)
    answer = ask([first, other], "tax social", window="N1")
    assert answer.reason == Reason.DISTANCE
    assert "要多花 4 分钟" in answer.text["zh"]
    assert "按 12 分钟计入次序" in answer.text["zh"]


def test_one_who_was_not_first_of_its_line_is_compared_as_if() -> None:
    first = Waiter("B012", "tax", 600.0, 1, 600.0)
    head = Waiter("A004", "land", 603.0, 2, 603.0)
    behind = Waiter("A005", "land", 608.0, 3, 608.0)
    choice, names = played([first, head, behind], "tax land")
    answer = why(choice, behind, names)
    assert answer.reason == Reason.ORDER
    assert answer.text["en"] == "B012 counts from 10:00, before A005 at 10:08"


def test_another_citizen_does_not_learn_of_a_privilege() -> None:
    """Whatever the reason: nothing of the class, and no number that gives the head start away."""
    two = Waiter("A005", "land", 600.0, 1, 600.0)
    rest = [Waiter(f"B1{i}", "tax", 607.0 + i, 10 + i, 607.0 + i) for i in range(5)]
    for order, ready, others, reason, sentence in [
        (595.0, 610.0, [], Reason.PRIVILEGE, "B012 按优先规定排在 A005 之前"),
        (583.0, 598.0, [], Reason.ORDER, "B012 等候始于 09:58，早于 A005 的 10:00"),
        (603.0, 618.0, rest, Reason.BALANCE, "A005 与 B012 次序相近（不超过 5 分钟公平带）；"),
    ]:
        one = Waiter("B012", "tax", order, 2, ready, priority=True)
        choice, names = played([one, two, *others], "tax land")
        assert choice.waiter == one
        names["B012"] = Named("B012", SERVICES["tax"], discreet=True)
        answer = why(choice, two, names, "7")
        assert answer.reason == reason
        assert answer.text["zh"].startswith(sentence)
        for words in answer.text.values():
            assert clock(order) not in words
            assert not re.search(r"老年|senior|15|head start", words)


@pytest.mark.parametrize("seed", range(30))
def test_every_number_of_a_sentence_is_in_the_record(seed: int) -> None:
    """A made-up moment: whatever the sentence, its clock times and counts are the record's."""
    services = ["tax", "land", "social"]
    waiters = []
    for i in range(9):
        came = 590.0 + (seed * 7 + i * 11) % 28
        privileged = (seed + i) % 4 == 0
        order = came - 15 if privileged else came
        waiters.append(Waiter(f"T{i}", services[(seed + i) % 3], order, i, came, privileged))
    choice, names = played(waiters, "tax land social", window=["S1", "N1"][seed % 2])
    for other in waiters:
        if other == choice.waiter:
            continue
        answer = why(choice, other, names)
        allowed = {clock(t) for w in (choice.waiter, other) for t in (w.order, w.ready, choice.at)}
        assert set(re.findall(r"\d\d:\d\d", answer.text["zh"])) <= allowed
        if answer.reason == Reason.BALANCE:
            counts = {h.waiting for h in choice.considered}
            assert {int(n) for n in re.findall(r"等候 (\d+) 人", answer.text["zh"])} <= counts
            apart = re.search(r"相差 ([\d.]+) 分钟", answer.text["zh"])
            assert apart is not None
            assert 0 <= float(apart[1]) <= choice.band
