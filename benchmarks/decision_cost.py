"""What a decision and a prediction cost.

    python -m benchmarks.decision_cost

Prints median and 99th percentile of choosing at 1,000 and 10,000 waiting over 40 services, of one
prediction, and of a prediction for everybody, with 160 waiting at 30 windows.
"""

from collections.abc import Callable
from functools import partial
from random import Random
from time import perf_counter

from config.hall import DispatchRules
from queue_server.engine.choice import Waiter
from queue_server.engine.dispatch import Dispatcher
from queue_server.engine.estimate import Estimator
from queue_server.engine.facts import HallFacts, ServiceFacts
from queue_server.engine.runahead import Desk, RunAhead

NOW = 600.0


def crowded(
    services: int, windows: int, flexible: int, waiting: int
) -> tuple[Estimator, list[Desk]]:
    """A hall at ten o'clock: `flexible` windows do everything, the others two services each."""
    dice = Random(1)
    names = [f"s{i}" for i in range(services)]
    facts = HallFacts({s: ServiceFacts(dice.uniform(5.0, 25.0)) for s in names})
    dispatcher = Dispatcher(facts, DispatchRules())
    estimator = Estimator(dispatcher, [(490.0, 720.0)])
    desks = []
    for i in range(windows):
        pair = [names[2 * i % services], names[(2 * i + 1) % services]]
        offered = names if i < flexible else pair
        dispatcher.open(f"w{i}", offered)
        desks.append(Desk(f"w{i}", dice.choice(offered), NOW - dice.uniform(0.0, 20.0)))
    for i in range(waiting):
        at = NOW - 60.0 + i * 60.0 / waiting
        head = 15.0 if dice.random() < 0.2 else 0.0
        waiter = Waiter(f"{i}", dice.choice(names), at - head, i, at, head > 0)
        dispatcher.add(waiter)
        estimator.joined(waiter)
    return estimator, desks


def measure(name: str, times: int, act: Callable[[], object]) -> None:
    """Time `act` and print a line."""
    found = []
    for _ in range(times):
        start = perf_counter()
        act()
        found.append((perf_counter() - start) * 1e3)
    found.sort()
    print(f"{name:44s} p50 {found[times // 2]:8.3f} ms   p99 {found[int(times * 0.99)]:8.3f} ms")


def main() -> None:
    """Run all measurements."""
    for waiting in (1_000, 10_000):
        estimator, _ = crowded(40, 40, 10, waiting)
        choose = partial(estimator.dispatcher.choose, "w0", NOW)
        measure(f"choose, 40 services, {waiting} waiting", 4000, choose)
    estimator, desks = crowded(14, 30, 8, 160)
    newcomer = Waiter("you", "s3", NOW, 999, NOW)
    hall = RunAhead(estimator.dispatcher, desks, NOW)
    measure("one pass, 160 waiting", 1000, lambda: hall.play(0, 2))
    measure(
        "one prediction (6 passes), 160 waiting",
        500,
        lambda: estimator.estimate(newcomer, NOW, desks),
    )
    measure("everybody (4 passes), 160 waiting", 500, lambda: estimator.estimate_all(NOW, desks))


if __name__ == "__main__":
    main()
