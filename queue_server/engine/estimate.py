"""How long will it be? One honest middle, an interval, and the people really ahead.

The raw prediction is the mean of a few passes of `runahead`; the joins in it are the people of the
last minutes, coming once more: who will come is best guessed from who came, privileges, returns and
transfers included. `calibrate` turns it into what is shown. Nothing here is trained, and nothing
waits for data: the first ticket of the first day gets a prediction of the same kind.
"""

from collections.abc import Sequence

import msgspec

from queue_server.engine.calibrate import Calibration, Calibrator
from queue_server.engine.choice import Waiter
from queue_server.engine.dispatch import Dispatcher
from queue_server.engine.runahead import Desk, Join, RunAhead

PASSES = 12
"""Most passes of one prediction; always an even number, see `RunAhead.play`."""
EFFORT = 960
"""Calls that one prediction may play: with 160 people waiting, six passes."""
EFFORT_FOR_ALL = 640
"""The same for a prediction for everybody, which never stops early."""
AHEAD = 15.0
"""Minutes for which joins are made up; whoever comes later seldom goes first."""
THINNED = 4
"""The joins of so many times `AHEAD` minutes, every fourth one for a pass, stand for the future."""
NEWEST = 7.0
"""Least minutes of a session from which a rate of joins is guessed."""


class Estimate(msgspec.Struct, frozen=True):
    """A predicted wait, minutes from now."""

    low: float
    mid: float
    high: float
    ahead: int
    """People called before at windows that could have called this one."""
    raw: float
    """The prediction before calibration, to be settled with when the ticket is called."""

    @property
    def shown(self) -> tuple[int, int]:
        """The interval rounded outwards to five minutes."""
        return int(self.low // 5) * 5, -int(-self.high // 5) * 5


class Estimator:
    """Predicts waits from a dispatcher's lines; lives beside it for a day."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        sessions: Sequence[tuple[float, float]],
        calibration: Calibration | None = None,
    ) -> None:
        """`sessions` are the stretches of the day in which tickets are issued."""
        self.dispatcher = dispatcher
        self.sessions = tuple(sessions)
        self.calibrator = Calibrator(calibration)
        self._joined: list[Join] = []

    # -- what happened ----------------------------------------------------------------------------

    def joined(self, waiter: Waiter) -> None:
        """Tell that a ticket joined the waiting set."""
        if waiter.window is None:
            self._joined.append(Join(waiter.ready, waiter.service, waiter.order))

    def settle(self, raw: float, waited: float, service: str = "") -> None:
        """Tell that a ticket of `service` predicted to wait `raw` minutes waited `waited`."""
        if raw > 0.0:
            self.calibrator.settle(service, raw, waited)

    # -- questions --------------------------------------------------------------------------------

    def estimate(self, waiter: Waiter, now: float, desks: Sequence[Desk]) -> Estimate | None:
        """Return when `waiter`, who waits or might, will be called.

        None when no window is known that will take it.
        """
        hall = RunAhead(self.dispatcher, desks, now, guest=waiter)
        able = hall.able[hall.index[waiter.service, waiter.window]]
        waits, ahead = 0.0, 0
        passes = self._passes(hall, EFFORT)
        for k in range(passes):
            run = hall.play(k, passes, waiter.id, self._joins(now, k, hall.farthest))
            if waiter.id not in run.at:
                return None
            waits += run.at[waiter.id] - now
            if k == 0:
                ahead = sum(1 for t, w in run.desk.items() if t and w in able) - 1
            if waits == 0.0:
                break
        return self._estimate(waiter.service, waits / passes, ahead)

    def estimate_all(self, now: float, desks: Sequence[Desk]) -> dict[str, Estimate]:
        """Return an estimate for every waiting ticket that a known window will take."""
        hall = RunAhead(self.dispatcher, desks, now)
        passes = self._passes(hall, EFFORT_FOR_ALL)
        runs = [
            hall.play(k, passes, None, self._joins(now, k, hall.farthest)) for k in range(passes)
        ]
        waiters = self.dispatcher.waiters
        before: dict[str, int] = {}
        seen = [0] * len(desks)
        for ticket, desk in runs[0].desk.items():
            if ticket:
                waiter = waiters[ticket]
                line = hall.index[waiter.service, waiter.window]
                before[ticket] = sum(seen[w] for w in hall.able[line])
                seen[desk] += 1
        return {
            ticket: self._estimate(
                waiters[ticket].service, sum(r.at[ticket] for r in runs) / passes - now, people
            )
            for ticket, people in before.items()
            if all(ticket in r.at for r in runs)
        }

    def again(self, now: float, minutes: float) -> list[Join]:
        """Return the people of the last `minutes`, coming once more within the next, while the
        session lasts; named, so that they can be followed."""
        end = next((e for s, e in self.sessions if s <= now < e), now)
        return [
            Join(join.at + minutes, join.service, join.order + minutes, f"next {n}")
            for n, join in enumerate(self._recent(now - minutes))
            if join.at + minutes < end
        ]

    # -- inside -----------------------------------------------------------------------------------

    def _estimate(self, service: str, raw: float, ahead: int) -> Estimate:
        if raw <= 0.0:
            return Estimate(0.0, 0.0, 0.0, ahead, 0.0)
        low, high = self.calibrator.interval(service, raw)
        mid = self.calibrator.middle(raw)
        return Estimate(min(low, mid), mid, max(high, mid), ahead, raw)

    def _passes(self, hall: RunAhead, effort: int) -> int:
        waiting = sum(len(t) for t in hall.tickets)
        return max(2, min(PASSES, 2 * (effort // (2 * max(1, waiting)))))

    def _joins(self, now: float, k: int, farthest: float) -> list[Join]:
        """Return who may join in the next minutes, for pass `k`.

        Full history: every `THINNED`-th join, its distance in time divided by `THINNED`. A session
        that has just begun has less of it; then its rate is stretched over the minutes to come.
        """
        session = next((s for s in self.sessions if s[0] <= now < s[1]), None)
        if session is None:
            return []
        span = min(THINNED * AHEAD, max(NEWEST, now - session[0]))
        share, due = AHEAD / span, 0.5 + 0.618 * k
        due -= int(due)
        latest = now + self.dispatcher.rules.band + farthest
        found = []
        for join in self._recent(now - span):
            due += share
            at = now + (join.at - (now - span)) * share
            while due >= 1.0:
                due -= 1.0
                order = join.order + at - join.at
                if at < session[1] and order <= latest:
                    found.append(Join(at, join.service, order))
        return found

    def _recent(self, since: float) -> list[Join]:
        joined = self._joined
        start = len(joined)
        while start and joined[start - 1].at > since:
            start -= 1
        return joined[start:]
