"""Which window should open: cases with a known answer, and that it costs little."""

from random import Random

import msgspec
import pytest

from config.hall import DispatchRules, Window, WindowKind
from config.wire import commands as c
from queue_server.engine.choice import Waiter
from queue_server.engine.dispatch import Dispatcher
from queue_server.engine.estimate import Estimator
from queue_server.engine.facts import HallFacts, ServiceFacts
from queue_server.engine.runahead import Desk
from queue_server.engine.staffing import Spare, Suggestion, spares, suggest
from tests.queue_server.town import Story, town

MORNING = (510.0, 720.0)
TEN = 600.0
ALL = ("land", "social", "tax")
EMERGENCY = Spare("T1", ALL, temporary=True)


class Moment:
    """Ten o'clock in a hall of two windows; how many came for what in the last half hour."""

    def __init__(self, came: dict[str, int], now: float = TEN, served: int = 0) -> None:
        means = {"social": 6.0, "tax": 10.0, "land": 20.0}
        facts = HallFacts({s: ServiceFacts(m, 0.7) for s, m in means.items()})
        dispatcher = Dispatcher(facts, DispatchRules())
        dispatcher.open("W1", ("social", "tax"))
        dispatcher.open("W2", ("social", "land"))
        self.estimator = Estimator(dispatcher, [MORNING])
        self.desks = [Desk("W1"), Desk("W2")]
        self.now = now
        people = sorted(
            (now - 29.0 + 28.0 * n / count, service)
            for service, count in came.items()
            for n in range(count)
        )
        for n, (at, service) in enumerate(people):
            waiter = Waiter(f"{service} {n}", service, at, n, at)
            self.estimator.joined(waiter)
            if n >= served:
                dispatcher.add(waiter)

    def suggest(self, *spare: Spare, limit: float = 30.0) -> Suggestion | None:
        return suggest(self.estimator, self.desks, spare, self.now, limit)


def test_nothing_when_all_is_well() -> None:
    assert Moment({}).suggest(EMERGENCY) is None
    assert Moment({"social": 4, "tax": 2}, served=4).suggest(EMERGENCY) is None


def test_an_emergency_window_helps_what_is_late_and_nothing_else() -> None:
    found = Moment({"social": 2, "tax": 12}).suggest(EMERGENCY)
    assert found is not None
    assert (found.window, found.services, found.service) == ("T1", ("tax",), "tax")
    assert found.before > 60
    assert found.after < found.before - 20
    assert TEN + 30 <= found.until <= MORNING[1]
    assert found.until % 15 == 0


def test_a_rush_is_seen_before_it_is_there() -> None:
    """Whoever comes now waits little; whoever comes in half an hour does not."""
    rush = Moment({"social": 3, "tax": 9}, served=8)
    now = rush.estimator.estimate(Waiter("me", "tax", TEN, 99, TEN), TEN, rush.desks)
    assert now is not None
    assert now.mid < 45
    found = rush.suggest(EMERGENCY, limit=45.0)
    assert found is not None
    assert found.before > 45


def test_a_line_that_nobody_joined_lately_counts_too() -> None:
    moment = Moment({})
    for n in range(12):
        moment.estimator.dispatcher.add(Waiter(f"t{n}", "tax", 560.0, n, 560.0))
    found = moment.suggest(EMERGENCY)
    assert found is not None
    assert found.service == "tax"
    assert found.before > 80


@pytest.mark.parametrize(
    ("spare", "window"),
    [
        ((), None),
        ((Spare("S", ("social",)),), None),  # cannot do what is late
        ((Spare("S", ("tax",)), Spare("T", ("tax",))), "S"),  # the first of two that are alike
        ((Spare("S", ("social",)), Spare("T", ALL)), "T"),
    ],
)
def test_which_window(spare: tuple[Spare, ...], window: str | None) -> None:
    found = Moment({"tax": 12}).suggest(*spare)
    assert (found and found.window) == window


def test_the_window_that_helps_most() -> None:
    busy = Moment({"tax": 10, "land": 6})
    found = busy.suggest(Spare("S", ("land",)), Spare("T", ("land", "tax")))
    assert found is not None
    assert (found.window, found.services) == ("T", ("land", "tax"))
    alone = busy.suggest(Spare("S", ("land",)))
    assert alone is not None
    assert alone.services == ("land",)


def test_a_service_that_nobody_serves_is_late() -> None:
    moment = Moment({"land": 3})
    moment.estimator.dispatcher.close("W2")
    moment.desks = [Desk("W1")]
    found = moment.suggest(Spare("W2", ("social", "land")))
    assert found is not None
    assert (found.window, found.services) == ("W2", ("land",))
    assert found.after < found.before


@pytest.mark.parametrize("now", [505.0, 515.0, 700.0, 800.0])
def test_not_while_windows_open_or_when_it_is_not_worth_it(now: float) -> None:
    assert Moment({"tax": 12}, now=now).suggest(EMERGENCY) is None


def test_a_window_stays_open_no_longer_than_the_session() -> None:
    found = Moment({"tax": 25}, now=685.0).suggest(EMERGENCY)
    assert found is not None
    assert found.until == MORNING[1]


@pytest.mark.parametrize("seed", range(20))
def test_equal_halls_get_equal_suggestions_that_help(seed: int) -> None:
    chance = Random(seed)
    came = {s: chance.randrange(15) for s in ALL}
    spare = [Spare(f"S{n}", tuple(sorted(chance.sample(ALL, 2)))) for n in range(3)]
    found = Moment(came).suggest(*spare)
    assert found == Moment(came).suggest(*spare)
    if found is not None:
        assert found.before > 30
        assert found.before - found.after >= 5
        assert set(found.services) <= set(
            next(s for s in spare if s.window == found.window).services
        )


def test_spare_windows_of_a_hall() -> None:
    """Closed and callable; temporary ones first, an emergency window for all that is accepted."""
    hall = town()
    emergency = Window(
        id="T1", number="31", zone="people", kind=WindowKind.EMERGENCY, temporary=True
    )
    story = Story(msgspec.structs.replace(hall, windows=(*hall.windows, emergency)))
    story.do(c.OpenWindow, window="N1")
    found = {s.window: s.services for s in spares(story.day, 540.0)}
    assert [*found] == ["T1", "N2", "N3"]
    assert found["T1"] == ("social", "tax", "few")
    assert found["N2"] == ("social",)
