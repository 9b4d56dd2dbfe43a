"""What the dispatcher promises, whatever comes: a made-up day is thrown at it, move by move."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from config.hall import DispatchRules
from queue_server.engine.choice import Choice, Waiter
from queue_server.engine.dispatch import Dispatcher
from queue_server.engine.facts import HallFacts, ServiceFacts, WindowFacts
from queue_server.engine.order import order_time

SERVICES = {"a": 4.0, "b": 9.0, "c": 15.0, "d": 24.0}
SKILLS = {"1": "ab", "2": "bcd", "3": "abcd", "4": "d"}
FACTS = HallFacts(
    services={s: ServiceFacts(m, site="east" if s < "c" else "west") for s, m in SERVICES.items()},
    windows={w: WindowFacts("east" if w < "3" else "west", {"d": 1.2, "b": 1.1}) for w in SKILLS},
    walk={"east": {"east": 0.5, "west": 3.0}, "west": {"east": 3.0, "west": 0.5}},
)

arrivals = st.tuples(
    st.just("arrive"),
    st.sampled_from(sorted(SERVICES)),
    st.floats(0.0, 3.0),
    st.sampled_from([0.0, 0.0, 0.0, 15.0]),
    st.sampled_from([None, None, None, "1", "4"]),
)
presses = st.tuples(st.just("press"), st.sampled_from(sorted(SKILLS)), st.floats(0.0, 2.0))
leaves = st.tuples(st.just("leave"), st.integers(0, 1000))
switches = st.tuples(st.just("switch"), st.sampled_from(sorted(SKILLS)), st.booleans())
days = st.lists(st.one_of(arrivals, arrivals, presses, presses, leaves, switches), max_size=120)
Moves = list[tuple[Any, ...]]
all_rules = st.builds(
    DispatchRules,
    policy=st.sampled_from(["fairband", "fairscale", "fcfs"]),
    band=st.sampled_from([0.0, 5.0, 10.0]),
    kappa=st.sampled_from([0.0, 3.0]),
    red_line=st.sampled_from([None, 20.0]),
    priority_in_row=st.sampled_from([0, 2]),
)


class Played:
    """A day as it went: the dispatcher at its end, the calls, and who waited at each."""

    def __init__(self, rules: DispatchRules, moves: Moves) -> None:
        self.dispatcher = Dispatcher(FACTS, rules)
        self.rules = rules
        self.calls: list[tuple[Choice, dict[str, Waiter]]] = []
        self.now, self.count = 600.0, 0
        for window, skills in SKILLS.items():
            self.dispatcher.open(window, skills)
        for move in moves:
            getattr(self, move[0])(*move[1:])

    def arrive(self, service: str, gap: float, head: float, window: str | None) -> None:
        self.now += gap
        self.count += 1
        order = order_time(self.rules, ready=self.now, head_start=head)
        id = f"{self.count}"
        self.dispatcher.add(Waiter(id, service, order, self.count, self.now, head > 0, window))

    def press(self, window: str, gap: float) -> None:
        self.now += gap
        waiting = dict(self.dispatcher.waiters)
        choice = self.dispatcher.choose(window, self.now)
        offered = self.dispatcher.windows.get(window, ())
        able = [
            w
            for w in waiting.values()
            if w.window == window or (w.window is None and w.service in offered)
        ]
        assert (choice is None) == (not able), "idle with work it can do, or work it cannot"
        if choice is not None:
            assert choice.waiter in able
            self.calls.append((choice, waiting))
            self.dispatcher.called(choice.waiter.id, window)
            self.dispatcher.finished(choice.waiter.service, window, 3.0 + self.count % 20)

    def leave(self, which: int) -> None:
        waiting = sorted(self.dispatcher.waiters)
        if waiting:
            self.dispatcher.remove(waiting[which % len(waiting)])

    def switch(self, window: str, on: bool) -> None:
        if on:
            self.dispatcher.open(window, SKILLS[window])
        else:
            self.dispatcher.close(window)


@given(all_rules, days)
@settings(max_examples=150, deadline=None)
def test_never_idle_with_work_and_only_what_it_can(rules: DispatchRules, moves: Moves) -> None:
    Played(rules, moves)  # asserts at every press


@given(all_rules, days)
@settings(max_examples=150, deadline=None)
def test_strict_order_inside_a_line(rules: DispatchRules, moves: Moves) -> None:
    for choice, waiting in Played(rules, moves).calls:
        called = choice.waiter
        earlier = [w for w in waiting.values() if w.line == called.line and w.place < called.place]
        if choice.limit == "in-row":
            assert not called.priority
            earlier = [w for w in earlier if not w.priority]
        assert not earlier


@given(all_rules, days)
@settings(max_examples=150, deadline=None)
def test_nobody_is_overtaken_by_one_who_came_later_than_the_band(
    rules: DispatchRules,
    moves: Moves,
) -> None:
    for choice, _ in Played(rules, moves).calls:
        if choice.limit == "in-row":
            continue
        for other in choice.considered:
            later = choice.head.effective - other.effective
            assert later <= choice.band + 1e-9
            in_order = choice.head.order - other.order
            assert in_order <= choice.band + choice.kappa * other.extra + 1e-9


@given(all_rules, days)
@settings(max_examples=60, deadline=None)
def test_equal_days_have_equal_answers(rules: DispatchRules, moves: Moves) -> None:
    one, two = Played(rules, moves), Played(rules, moves)
    assert [c for c, _ in one.calls] == [c for c, _ in two.calls]
    for window in SKILLS:
        assert one.dispatcher.choose(window, 900.0) == two.dispatcher.choose(window, 900.0)


@given(days)
@settings(max_examples=40, deadline=None)
def test_no_more_than_two_privileged_in_a_row_before_a_patient_one(moves: Moves) -> None:
    rules = DispatchRules(ordinary_patience=5.0)
    played = Played(rules, moves)
    for window in SKILLS:
        calls = [(c, w) for c, w in played.calls if c.window == window]
        for (first, _), (second, _), (third, waiting) in zip(
            calls, calls[1:], calls[2:], strict=False
        ):
            three = (first, second, third)
            offered = [h.service for h in third.considered if not h.bound]
            patient = [
                w
                for w in waiting.values()
                if not w.priority
                and third.at - w.ready >= rules.ordinary_patience
                and (w.window == window or (w.window is None and w.service in offered))
            ]
            closed_between = any(m[0] == "switch" and m[1] == window for m in moves)
            if patient and not closed_between:
                assert not all(c.waiter.priority for c in three)


def test_nobody_starves_under_any_load() -> None:
    """Ten come for the short service for one that can be served; the lone long one still goes."""
    d = Dispatcher(FACTS, DispatchRules())
    d.open("3", "abcd")
    d.add(Waiter("lone", "d", 600.0, 0, 600.0))
    count, now = 0, 600.0
    while "lone" in d.waiters:
        for _ in range(10):
            count += 1
            d.add(Waiter(f"{count}", "a", now, count, now))
        choice = d.choose("3", now)
        assert choice is not None
        d.called(choice.waiter.id, "3")
        now += 4.0
    # At window 3 the lone ticket counts from 600 + 3 x 4.8 minutes of slowness, plus the band.
    last = max(w.ready for w in d.waiters.values())
    assert last <= now
    assert now < 600.0 + 14.4 + 5.0 + 4.0 * 60


def test_places_are_kept_in_order_whatever_leaves() -> None:
    d = Dispatcher(FACTS, DispatchRules())
    for i in range(200):
        d.add(Waiter(f"{i:03d}", "a", 600.0 + (i * 37) % 101, i, 600.0, priority=i % 5 == 0))
    for i in range(0, 200, 3):
        d.remove(f"{i:03d}")
    line = [d.waiters[t] for t in d.line("a")]
    assert len(line) == d.waiting("a") == len(d.waiters)
    assert all(a.place < b.place for a, b in pairwise(line))
    assert [d.ahead(w.id) for w in line] == list(range(len(line)))
