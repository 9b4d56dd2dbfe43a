"""Who comes on a simulated day, drawn before anybody acts.

Everything random hangs on the person or the window, from (seed, day): under another rule or with
more windows the same people come with the same matters, so that two results differ by the rule and
not by luck.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import exp, log, sqrt
from random import Random

import msgspec

from queue_server.simulate.scenario import Curve, Onward, Scenario


class Matter(msgspec.Struct, frozen=True):
    """One stage of a visit."""

    service: str
    minutes: float
    """Handling time at a clerk of usual speed."""
    walk: float
    """Minutes to a window on the spot."""
    gap: float
    """Minutes the clerk takes after it before the next call."""
    no_show: bool
    back_after: float | None
    """Minutes after the missed call until the person is back; None never."""
    delay: float = 0.0
    """Minutes between the end of the stage before and this one."""
    transfer: bool = False
    """Keeps the number of the stage before."""


class Visitor(msgspec.Struct, frozen=True):
    """One person with all the stages of the visit."""

    at: float
    matters: tuple[Matter, ...]
    priority: bool = False
    slot: float | None = None


class Clerk(msgspec.Struct, frozen=True):
    """How the clerk of a window works today."""

    speed: float
    breaks: tuple[tuple[float, float], ...]
    """When the clerk would like to leave, and for how many minutes."""


class Crowd(msgspec.Struct, frozen=True):
    """A day's people on both sides of the windows."""

    visitors: tuple[Visitor, ...]
    clerks: dict[str, Clerk]


def draw(scenario: Scenario, day: int) -> Crowd:
    """Draw day number `day`."""
    dice = Random(f"{scenario.seed} {day}")
    habits = scenario.habits
    busy = _gamma(dice, habits.day_cv)
    visitors: list[Visitor] = []
    for service, count in scenario.visitors.items():
        own = Random(f"{scenario.seed} {day} {service}")
        curve = _curve(scenario, service)
        usual = _area(scenario.profile)
        expected = count * busy * _gamma(own, habits.service_day_cv) * _area(curve) / usual
        places = _Places(curve)
        for _ in range(_poisson(own, expected)):
            visitor = _visitor(scenario, own, service, places.at(own.random()))
            if visitor is not None:
                visitors.append(visitor)
    visitors.sort(key=lambda v: v.at)
    return Crowd(tuple(visitors), {w: _clerk(scenario, day, w) for w in scenario.staffed})


def _visitor(scenario: Scenario, dice: Random, service: str, at: float) -> Visitor | None:
    """One person, or None for an appointment that is not kept."""
    habits = scenario.habits
    priority, slot = False, None
    stage = scenario.hall.service_by_id[service].stage
    if stage in ("accept", "instant") and dice.random() < habits.appointment:
        if dice.random() < habits.absent:
            return None
        first, last = scenario.sessions[0][0], scenario.sessions[-1][1]
        slot = min(max(round(at / habits.slot) * habits.slot, first), last - 2 * habits.slot)
        at = _open(scenario, slot + dice.gauss(*habits.punctual))
    else:
        priority = dice.random() < habits.priority
    return Visitor(at, _matters(scenario, dice, service), priority, slot)


def _open(scenario: Scenario, at: float) -> float:
    """The nearest minute at which the hall gives out tickets."""
    early = scenario.hall.rules.take_from
    spans = [(start - early, end - 1.0) for start, end in scenario.sessions]
    return min((min(max(at, a), b) for a, b in spans), key=lambda t: abs(t - at))


def _matters(scenario: Scenario, dice: Random, service: str) -> tuple[Matter, ...]:
    matters = [_matter(scenario, dice, service)]
    while len(matters) < 6:
        step = _step(scenario.onward.get(matters[-1].service, ()), dice.random())
        if step is None:
            break
        following = _matter(scenario, dice, step.service)
        matters.append(
            msgspec.structs.replace(
                following, delay=_log_normal(dice, *step.delay), transfer=step.transfer
            )
        )
    return tuple(matters)


def _step(onward: Sequence[Onward], chance: float) -> Onward | None:
    for step in onward:
        if chance < step.share:
            return step
        chance -= step.share
    return None


def _matter(scenario: Scenario, dice: Random, service: str) -> Matter:
    habits, known = scenario.habits, scenario.hall.service_by_id[service]
    back = _log_normal(dice, *habits.back_after) if dice.random() < habits.comes_back else None
    return Matter(
        service=service,
        minutes=_log_normal(dice, known.mean, known.cv),
        walk=0.5 * _log_normal(dice, 1.0, habits.walk_cv),
        gap=_log_normal(dice, *habits.gap),
        no_show=dice.random() < habits.no_show,
        back_after=back,
    )


def _clerk(scenario: Scenario, day: int, window: str) -> Clerk:
    dice, habits = Random(f"{scenario.seed} {day} {window}"), scenario.habits
    mean, spread = habits.break_minutes
    breaks = []
    if not scenario.hall.window_by_id[window].temporary:
        for start, end in scenario.staffed[window]:
            for _ in range(habits.breaks if end - start > 90.0 else 0):
                minutes = max(2.0, dice.gauss(mean, mean * spread))
                breaks.append((dice.uniform(start + 30.0, end - 30.0), minutes))
    return Clerk(_log_normal(dice, 1.0, habits.speed_cv), tuple(sorted(breaks)))


def _curve(scenario: Scenario, service: str) -> Curve:
    """The profile of a service, its rushes included."""
    curve = scenario.profile
    for services, start, end, factor in scenario.rushes:
        if service in services:
            minutes = sorted({m for m, _ in curve} | {start, start + 0.01, end - 0.01, end})
            heights = [(m, _height(curve, m)) for m in minutes]
            curve = tuple((m, h * factor if start < m < end else h) for m, h in heights)
    return curve


def _height(curve: Curve, minute: float) -> float:
    if not curve[0][0] <= minute <= curve[-1][0]:
        return 0.0
    i = max(1, bisect_left(curve, minute, key=lambda p: p[0]))
    (a, low), (b, high) = curve[i - 1], curve[i]
    return low + (high - low) * (minute - a) / (b - a) if b > a else high


def _area(curve: Curve) -> float:
    return _Places(curve).total


class _Places:
    """Minutes of the day spread as a curve says."""

    def __init__(self, curve: Curve) -> None:
        self.minutes = [curve[0][0] + i for i in range(int(curve[-1][0] - curve[0][0]) + 1)]
        self.sums = list(accumulate(_height(curve, m) for m in self.minutes))
        self.total = self.sums[-1]

    def at(self, chance: float) -> float:
        """The minute before which `chance` of the people have come."""
        goal = chance * self.total
        i = min(bisect_left(self.sums, goal), len(self.sums) - 1)
        before = self.sums[i - 1] if i else 0.0
        step = self.sums[i] - before
        return self.minutes[i] + ((goal - before) / step if step > 0 else 0.0)


def _log_normal(dice: Random, mean: float, cv: float) -> float:
    if cv <= 0 or mean <= 0:
        return mean
    spread = sqrt(log(1.0 + cv * cv))
    return mean * exp(dice.gauss(-spread * spread / 2.0, spread))


def _gamma(dice: Random, cv: float) -> float:
    """A factor of mean 1."""
    return dice.gammavariate(1.0 / cv**2, cv**2) if cv > 0 else 1.0


def _poisson(dice: Random, mean: float) -> int:
    """Count the unit-rate arrivals before `mean`."""
    count, at = 0, dice.expovariate(1.0)
    while at < mean:
        count += 1
        at += dice.expovariate(1.0)
    return count
