"""What a section of the bench returns, how long it measures, and how it is shown."""

from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `bare` is what it is compared with, `ratio` is ours over that; `most`
    or `least` is the bound it should keep, on the ratio if there is one, else on the figure."""

    what: str
    ours: float
    unit: str
    bare: float | None = None
    ratio: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the target was kept; None where there is none."""
        value = self.ours if self.ratio is None else self.ratio
        if self.least is not None:
            return value >= self.least
        return None if self.most is None else value <= self.most


@dataclass(frozen=True, slots=True)
class Size:
    """How long to measure."""

    rounds: int
    each: int
    """Requests of one client in a round."""
    stored: int
    presses: int
    """Presses of one clerk in a round."""
    today: int
    waiting: tuple[int, ...]
    consoles: int
    pads: int


FULL = Size(
    rounds=7,
    each=200,
    stored=1_000_000,
    presses=40,
    today=10_000,
    waiting=(10, 1_000, 10_000),
    consoles=40,
    pads=40,
)
QUICK = Size(
    rounds=5,
    each=100,
    stored=50_000,
    presses=10,
    today=2_000,
    waiting=(10, 1_000, 10_000),
    consoles=40,
    pads=10,
)
SMOKE = Size(rounds=1, each=5, stored=200, presses=2, today=50, waiting=(5, 10), consoles=2, pads=2)


def shown(rows: list[Row]) -> Table:
    """The rows as a table for a terminal."""
    table = Table(
        title="yichuang bench", caption="beside: the bare thing, or what the line says, in turn"
    )
    for column in ("what", "ours", "beside", "unit", "ratio", "target", ""):
        table.add_column(column, justify="left" if column in ("what", "unit") else "right")
    for row in rows:
        bound = "" if row.least is None else f">= {row.least:g}"
        bound = bound if row.most is None else f"<= {row.most:g}"
        mark = {True: "[green]kept", False: "[red]missed", None: ""}[row.kept]
        table.add_row(
            row.what,
            f"{row.ours:,.2f}",
            "" if row.bare is None else f"{row.bare:,.2f}",
            row.unit,
            "" if row.ratio is None else f"{row.ratio:.2f}",
            bound,
            mark,
        )
    return table
