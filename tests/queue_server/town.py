"""A small hall for the tests of the engine: two services at three windows, and what it takes."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from config.hall import (
    Area,
    DispatchRules,
    Hall,
    Item,
    PriorityClass,
    Rules,
    Series,
    Service,
    Site,
    Stage,
    Window,
    WindowKind,
    Zone,
    ZoneKind,
)
from config.wire.commands import Command, OpenDay, Result
from config.wire.events import Event, Logged
from queue_server.engine.asked import Asked, Rejected
from queue_server.engine.decide import decide
from queue_server.engine.evolve import evolve
from queue_server.engine.roles import Actor, Role
from queue_server.engine.rules.days import day_start
from queue_server.engine.state import Day

DAY = "2026-11-23"
NINE = day_start(DAY, "Asia/Shanghai") + 9 * 3600
ADMIN = Actor(Role.ADMIN, "test")
CLERK = Actor(Role.CLERK, "n1", frozenset({"N1"}))
KIOSK = Actor(Role.KIOSK, "k1")
CLOCK = Actor(Role.SYSTEM, "clock")


def town(**rules: Any) -> Hall:
    """The hall; `rules` are fields of `Rules`."""
    strict = DispatchRules(band=0.0, priority_in_row=2, ordinary_patience=20.0)
    return Hall(
        id="town",
        name={"zh": "小镇大厅", "en": "Town hall"},
        sites=(Site(id="main", name={"zh": "主楼", "en": "Main building"}),),
        areas=(Area(id="east", name={"zh": "东区", "en": "East"}, site="main"),),
        zones=(
            Zone(id="people", name={"zh": "综合受理", "en": "General"}, site="main"),
            Zone(
                id="desk", name={"zh": "后台", "en": "Back"}, site="main", kind=ZoneKind.BACK_OFFICE
            ),
        ),
        series=(
            Series(id="a", prefix="A"),
            Series(id="b", prefix="B", first=1, last=3),
        ),
        services=(
            Service(
                id="social",
                name={"zh": "社会事务", "en": "Social"},
                zone="people",
                series="a",
                catch_all=True,
            ),
            Service(id="tax", name={"zh": "税务", "en": "Tax"}, zone="people", series="b"),
            Service(
                id="secret",
                name={"zh": "专办", "en": "Special"},
                zone="people",
                series="a",
                hidden=True,
            ),
            Service(
                id="review",
                name={"zh": "审批", "en": "Review"},
                zone="desk",
                series="a",
                stage=Stage.BACK_OFFICE,
            ),
            Service(
                id="few",
                name={"zh": "限量", "en": "Few"},
                zone="people",
                series="a",
                quota=2,
                stage=Stage.INSTANT,
            ),
        ),
        items=(
            Item(code="T1", name={"zh": "报税"}, department="d", service="tax"),
            Item(code="X1", name={"zh": "其他"}, department="d"),
        ),
        windows=(
            Window(id="N1", number="1", zone="people", services=("social", "tax")),
            Window(id="N2", number="2", zone="people", services=("social",)),
            Window(
                id="N3",
                number="3",
                zone="people",
                kind=WindowKind.COMPREHENSIVE_ANY,
                auto_call=3.0,
            ),
            Window(id="Z1", number="9", zone="desk", kind=WindowKind.BACK_OFFICE),
        ),
        priorities=(PriorityClass(id="elderly", name={"zh": "老年人", "en": "Elderly"}),),
        rules=Rules(dispatch=strict, **rules),
    )


@dataclass
class Story:
    """A day told command by command; `at` is seconds after nine o'clock."""

    hall: Hall = field(default_factory=town)
    rows: list[Logged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.day = Day(self.hall)
        self._ids = count(1)
        self.tell(OpenDay(id="open", day=DAY), by=CLOCK)

    def tell(self, command: Command, at: float = 0.0, by: Actor = ADMIN) -> Result:
        """Carry out a command."""
        now = NINE + at
        decision = decide(self.day, Asked(command, now, by, f"secret{next(self._ids)}"))
        for event in decision.events:
            row = Logged(
                seq=self.day.seq + 1, at=now, day=DAY, command=command.id, by=str(by), event=event
            )
            self.day = evolve(self.day, row)
            self.rows.append(row)
        return decision.result

    def code(self, command: Command, at: float = 0.0, by: Actor = ADMIN) -> str:
        """The code that a command is refused with; empty when it is carried out."""
        try:
            self.tell(command, at, by)
        except Rejected as rejected:
            return rejected.refusal.code
        return ""

    def do(self, kind: type[Any], at: float = 0.0, by: Actor = ADMIN, **fields: Any) -> Result:
        """`tell`, with a fresh command id."""
        return self.tell(kind(id=f"c{next(self._ids)}", **fields), at, by)

    def refuses(self, kind: type[Any], at: float = 0.0, by: Actor = ADMIN, **fields: Any) -> str:
        """`code`, with a fresh command id; the day must be as it was."""
        return self.code(kind(id=f"c{next(self._ids)}", **fields), at, by)

    def events(self, kind: type[Event]) -> list[Event]:
        """All events of one kind so far."""
        return [row.event for row in self.rows if isinstance(row.event, kind)]

    def state(self, number: str) -> str:
        ticket = self.day.find(number)
        return "" if ticket is None else ticket.state.value
