"""What the dispatcher and the estimator know of a hall: minutes, skills' speed, ways on foot."""

from collections.abc import Mapping

import msgspec

from config.hall import Hall


class ServiceFacts(msgspec.Struct, frozen=True):
    """One queue class."""

    mean: float
    """Minutes from call to free, before the hall has figures of its own."""
    cv: float = 0.7
    """Standard deviation over mean of one handling."""
    site: str = ""
    """Where its people wait."""


class WindowFacts(msgspec.Struct, frozen=True):
    """One window."""

    site: str = ""
    slow: Mapping[str, float] = {}
    """Service -> how many times its mean a clerk takes here; 1 where nothing is said."""


class HallFacts(msgspec.Struct, frozen=True):
    """Everything static that a decision needs."""

    services: Mapping[str, ServiceFacts]
    windows: Mapping[str, WindowFacts] = {}
    walk: Mapping[str, Mapping[str, float]] = {}
    """Site -> site -> minutes on foot."""

    def way(self, service: str, window: str) -> float:
        """Minutes that going to `window` costs beyond the way to a window on the spot."""
        home, there = self.services[service].site, self.windows.get(window, _ANYWHERE).site
        ways = self.walk.get(home, {})
        return max(0.0, ways.get(there, 0.0) - ways.get(home, 0.0))

    def slow(self, service: str, window: str) -> float:
        """How many times its mean `service` takes at `window`."""
        return self.windows.get(window, _ANYWHERE).slow.get(service, 1.0)


_ANYWHERE = WindowFacts()


def hall_facts(hall: Hall) -> HallFacts:
    """Read the facts from a hall definition."""
    zones = hall.zone_by_id
    return HallFacts(
        services={s.id: ServiceFacts(s.mean, s.cv, zones[s.zone].site) for s in hall.services},
        windows={w.id: WindowFacts(zones[w.zone].site, w.slow) for w in hall.windows},
        walk=hall.walk,
    )
