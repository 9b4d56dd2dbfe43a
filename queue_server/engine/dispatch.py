"""Who is called next, and which free window a ticket goes to.

Rules of this file. (1) No clock, no random number, nothing hidden: equal calls give equal answers,
so a replay of the log decides as the day did. (2) `choose` is a question; what happened is told
with `called`, `remove`, `finished`. (3) A decision looks at the first ticket of each line the
window serves, never at all who wait.

How to think about it. Each service is a line; each line is two sorted lists, the privileged and
the others, so that both firsts are at hand. A line's first ticket is the earlier of the two. A
ticket that only one window may take stands in a line of its own, ``service@window``. A window
compares the firsts of its lines; a policy picks. Sorted lists rather than heaps: an insertion into
a list of ten thousand costs a few microseconds, nothing is deleted lazily, and a ticket's place can
be read off.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Sequence
from math import inf, nextafter

import msgspec

from config.hall import DispatchRules
from queue_server.engine.choice import Choice, Head, Place, Waiter
from queue_server.engine.facts import HallFacts
from queue_server.engine.pace import Learned, Pace
from queue_server.engine.policies import POLICIES, first_come

__all__ = ["Choice", "Dispatcher", "Head", "Waiter"]


class _Line:
    """The waiting tickets of one class, in order."""

    __slots__ = ("ordinary", "privileged", "service")

    def __init__(self, service: str) -> None:
        self.service = service
        self.privileged: list[Place] = []
        self.ordinary: list[Place] = []

    def __len__(self) -> int:
        return len(self.privileged) + len(self.ordinary)

    def first(self) -> Place:
        privileged, ordinary = self.privileged, self.ordinary
        if not privileged:
            return ordinary[0]
        if not ordinary or privileged[0] < ordinary[0]:
            return privileged[0]
        return ordinary[0]

    def before(self, place: Place) -> int:
        return bisect_left(self.privileged, place) + bisect_left(self.ordinary, place)

    def part(self, waiter: Waiter) -> list[Place]:
        return self.privileged if waiter.priority else self.ordinary


class Dispatcher:
    """The waiting lines of one hall on one day."""

    def __init__(
        self, facts: HallFacts, rules: DispatchRules, learned: Learned | None = None
    ) -> None:
        self.policy = POLICIES[rules.policy]
        if self.policy is first_come:
            rules = msgspec.structs.replace(rules, band=0.0, kappa=0.0)
        self.rules = rules
        self.pace = Pace(facts, learned)
        self.waiters: dict[str, Waiter] = {}
        self.windows: dict[str, tuple[str, ...]] = {}
        """Open windows and the services they offer now."""
        self._lines = {s: _Line(s) for s in facts.services}
        self._bound: dict[str, list[str]] = {}
        self._streak: dict[str, int] = {}
        self._servers: dict[str, int] = dict.fromkeys(facts.services, 0)

    # -- what happened ----------------------------------------------------------------------------

    def open(self, window: str, services: Collection[str]) -> None:
        """Tell that `window` calls for these services from now on; also on a change of them."""
        self.close(window)
        self.windows[window] = tuple(sorted(services))
        for service in services:
            self._servers[service] += 1

    def close(self, window: str) -> None:
        """Tell that `window` calls nobody until it opens again."""
        for service in self.windows.pop(window, ()):
            self._servers[service] -= 1
        self._streak.pop(window, None)

    def add(self, waiter: Waiter) -> None:
        """Tell that a ticket waits."""
        if waiter.id in self.waiters:
            raise ValueError(f"ticket {waiter.id} waits already")
        line = self._lines.get(waiter.line)
        if line is None:
            line = self._lines[waiter.line] = _Line(waiter.service)
        if waiter.window is not None:
            bound = self._bound.setdefault(waiter.window, [])
            if waiter.line not in bound:
                insort(bound, waiter.line)
        self.waiters[waiter.id] = waiter
        insort(line.part(waiter), waiter.place)

    def remove(self, ticket: str) -> None:
        """Tell that a ticket waits no longer (cancelled, expired, held)."""
        waiter = self.waiters.pop(ticket)
        part = self._lines[waiter.line].part(waiter)
        del part[bisect_left(part, waiter.place)]

    def called(self, ticket: str, window: str) -> None:
        """Tell that `window` called a waiting ticket, by choice or by hand."""
        privileged = self.waiters[ticket].priority
        self.remove(ticket)
        self._streak[window] = self._streak.get(window, 0) + 1 if privileged else 0

    def finished(self, service: str, window: str, minutes: float, outcome: str = "done") -> None:
        """Tell how long one call took until the window was free again."""
        if outcome == "no-show":
            self.pace.missed(minutes)
        elif minutes > 0:
            self.pace.finished(service, window, minutes)

    # -- questions --------------------------------------------------------------------------------

    def choose(self, window: str, now: float) -> Choice | None:
        """Return whom `window` should call now, or None when nobody waits that it could take.

        Asks nothing of the window but its services: a window that is not open calls only the
        tickets that no other may take.
        """
        heads = self.heads(window)
        if not heads:
            return None
        pool, limit = self._limited(heads, window, now)
        head = (
            first_come(pool, self.rules) if limit == "red-line" else self.policy(pool, self.rules)
        )
        return Choice(
            window=window,
            at=now,
            waiter=self.waiters[head.ticket],
            considered=heads if pool is heads else self._with(heads, head),
            policy=self.rules.policy,
            band=self.rules.band,
            kappa=self.rules.kappa,
            limit=limit,
        )

    def heads(self, window: str) -> tuple[Head, ...]:
        """Return the first ticket of each queue that `window` serves and somebody waits in."""
        found = []
        for name in self._names(window):
            line = self._lines[name]
            if line.privileged or line.ordinary:
                found.append((line, line.first()))
        return self._heads(found, window)

    def choose_window(
        self, waiter: Waiter | str, idle: Sequence[tuple[str, float]], now: float
    ) -> str | None:
        """Return which free window should take an arriving ticket (or service).

        `idle` are free windows and since when. The nearest and quickest, then the one that can do
        least else, then the one that has been free longest. None when no free window can take it.
        """
        service = waiter if isinstance(waiter, str) else waiter.service
        only = None if isinstance(waiter, str) else waiter.window
        able = [
            (self.pace.extras(w, (service,))[0], len(self.windows.get(w, ())), since, w)
            for w, since in idle
            if since <= now
            and (w == only if only is not None else service in self.windows.get(w, ()))
        ]
        return min(able)[3] if able else None

    def waiting(self, service: str) -> int:
        """Return how many wait for `service` at any window."""
        return len(self._lines[service])

    def line(self, service: str) -> list[str]:
        """Return the tickets waiting for `service` at any window, first one first."""
        line = self._lines[service]
        return [p[2] for p in sorted(line.privileged + line.ordinary)]

    def bound(self, window: str) -> list[str]:
        """Return the tickets that only `window` may take, line by line."""
        return [ticket for name in self._bound.get(window, ()) for ticket in self.line(name)]

    def lines(self) -> dict[tuple[str, str | None], list[Place]]:
        """Return the places in every line, by service and only window."""
        return {
            (line.service, name.partition("@")[2] or None): sorted(line.privileged + line.ordinary)
            for name, line in self._lines.items()
            if line.privileged or line.ordinary
        }

    def ahead(self, ticket: Waiter | str) -> int:
        """Return how many tickets stand before one that waits, or is about to.

        They have an earlier order time and wait for something that an open window does besides this
        ticket's service. Cheap: two searches per service, no matter how many wait.
        """
        waiter = self.waiters[ticket] if isinstance(ticket, str) else ticket
        rivals = {waiter.line}
        for window, offered in self.windows.items():
            if window == waiter.window or (waiter.window is None and waiter.service in offered):
                rivals.update(self._names(window))
        return sum(self._lines[n].before(waiter.place) for n in rivals if n in self._lines)

    def order_behind(self, service: str, people: int, order: float) -> float:
        """Return the order time of one who returns behind the next `people` of `service`.

        `order` is the time it would otherwise have; the answer is never earlier.
        """
        line = self._lines[service]
        places = sorted(line.privileged + line.ordinary)
        if people <= 0 or not places:
            return order
        # The least step behind: the one who returns has the lower sequence and would win a tie.
        return max(order, nextafter(places[min(people, len(places)) - 1][0], inf))

    def servers(self, service: str) -> int:
        """Return how many open windows offer `service`."""
        return self._servers[service]

    # -- inside -----------------------------------------------------------------------------------

    def _names(self, window: str) -> Sequence[str]:
        """Names of the lines `window` calls from."""
        own = self.windows.get(window, ())
        bound = self._bound.get(window)
        return (*own, *bound) if bound else own

    def _heads(self, firsts: Sequence[tuple[_Line, Place]], window: str) -> tuple[Head, ...]:
        means, kappa, waiters = self.pace.means, self.rules.kappa, self.waiters
        extras = self.pace.extras(window, [line.service for line, _ in firsts])
        heads = []
        for (line, place), extra in zip(firsts, extras, strict=True):
            order, seq, ticket = place
            waiter = waiters[ticket]
            heads.append(
                Head(  # by position: a tenth of the time of a decision
                    ticket,
                    line.service,
                    order,
                    order + kappa * extra,
                    extra,
                    len(line.privileged) + len(line.ordinary),
                    means[line.service],
                    waiter.ready,
                    seq,
                    waiter.priority,
                    waiter.window is not None,
                )
            )
        return tuple(heads)

    def _limited(
        self, heads: tuple[Head, ...], window: str, now: float
    ) -> tuple[tuple[Head, ...], str]:
        """Return the heads the policy may pick from, and which limit made them fewer."""
        rules = self.rules
        if self._streak.get(window, 0) >= rules.priority_in_row > 0:
            patient = self._patient(window, now - rules.ordinary_patience)
            if patient:
                return patient, "in-row"
        if rules.red_line is not None and any(now - h.ready >= rules.red_line for h in heads):
            return heads, "red-line"
        return heads, ""

    def _patient(self, window: str, since: float) -> tuple[Head, ...]:
        """Ordinary firsts that have waited since `since`, at a window that called only others."""
        lines = [self._lines[name] for name in self._names(window)]
        heads = self._heads([(line, line.ordinary[0]) for line in lines if line.ordinary], window)
        return tuple(h for h in heads if h.ready <= since)

    def _with(self, heads: tuple[Head, ...], head: Head) -> tuple[Head, ...]:
        return heads if head in heads else (*heads, head)
