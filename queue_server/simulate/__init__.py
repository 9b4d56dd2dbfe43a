"""What would a day be like? The production engine, played in virtual time.

`simulate` plays made-up days of a hall under a rule; `replay_day` plays a day that was, from the
hall's own log, under another rule or with more windows. Same numbers for the same seed.
"""

from collections.abc import Callable
from datetime import date, timedelta

from queue_server.engine.calibrate import Calibration
from queue_server.engine.pace import Learned
from queue_server.simulate.crowd import draw
from queue_server.simulate.figures import Figures, figures
from queue_server.simulate.play import Play, Played
from queue_server.simulate.record import Record, read
from queue_server.simulate.scenario import Scenario, with_rules

FIRST_DAY = "2026-03-02"
"""A Monday; simulated days are working days from here."""


def working_day(n: int) -> str:
    """The n-th simulated day, weekends left out."""
    first = date.fromisoformat(FIRST_DAY)
    return (first + timedelta(days=n // 5 * 7 + n % 5)).isoformat()


def simulate(
    scenario: Scenario,
    *,
    policy: str | None = None,
    days: int = 1,
    first: int = 0,
    predict: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[tuple[Figures, Record]]:
    """Play `days` days and return the figures and the record of each.

    `policy` replaces the hall's own rule. Handling times and prediction errors are learned from one
    day to the next, as in a hall. `progress` is told days done and days in all.
    """
    if policy is not None:
        scenario = with_rules(scenario, policy=policy)
    learned, calibration = Learned(), Calibration()
    found = []
    for n in range(first, first + days):
        played = Play(
            scenario,
            draw(scenario, n),
            working_day(n),
            learned=learned,
            calibration=calibration,
            predict=predict,
        ).run()
        learned, calibration = played.learned, played.calibration
        record = read(played.rows)
        found.append((figures(record), record))
        if progress is not None:
            progress(n - first + 1, days)
    return found


__all__ = ["Figures", "Play", "Played", "Record", "Scenario", "simulate", "working_day"]
