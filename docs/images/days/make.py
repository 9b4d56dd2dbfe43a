"""Draws one simulated day of each source hall: docs/images/days/HALL.svg.

    python docs/images/days/make.py

The same seed gives the same pictures. The last of three days is drawn, when the hall has learned a
little of its own pace.
"""

from pathlib import Path

from config.load import load_hall, shipped
from queue_server.simulate import FIRST_DAY, simulate
from queue_server.simulate.chart import chart
from queue_server.simulate.scenario import of_hall

HERE = Path(__file__).parent
HALLS = ("boai", "xixian", "mengzi", "guizhou", "dianjiang")


def main() -> None:
    for name in HALLS:
        scenario = of_hall(load_hall(shipped(name)), FIRST_DAY, seed=7)
        figures, record = simulate(scenario, days=3)[-1]
        (HERE / f"{name}.svg").write_text(chart(scenario.hall, figures, record), encoding="utf-8")


if __name__ == "__main__":
    main()
