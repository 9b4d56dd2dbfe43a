"""A small hall, and messages about it, for the tests of the display."""

from typing import Any

from config.hall import (
    Area,
    Board,
    Device,
    Hall,
    Series,
    Service,
    Site,
    Voice,
    Window,
    WindowKind,
    Zone,
    ZoneKind,
)
from config.wire.events import Answered, Called, DayChanged, Happening, News
from config.wire.views import BoardView, CallRow, WindowView, ZoneCount

NOON = 1_795_406_400.0
"""2026-11-23 12:00 in Shanghai."""
DAY = "2026-11-23"


def small_hall(**fields: Any) -> Hall:
    """Two floors, three zones, six windows, one of them a back office."""
    parts: dict[str, Any] = {
        "id": "small",
        "name": {"zh": "小镇政务服务中心", "en": "Small Town Service Centre"},
        "sites": (Site(id="main", name={"zh": "主楼", "en": "Main building"}),),
        "areas": (
            Area(id="down", name={"zh": "一楼等候区", "en": "Ground floor"}, site="main"),
            Area(id="up", name={"zh": "二楼等候区", "en": "Upper floor"}, site="main", floor=2),
        ),
        "zones": (
            Zone(id="general", name={"zh": "综合受理区", "en": "General"}, site="main"),
            Zone(
                id="realty",
                name={"zh": "不动产登记区", "en": "Real estate"},
                site="main",
                floor=2,
                side={"zh": "左侧", "en": "left"},
                areas=("down", "up"),
            ),
            Zone(
                id="pickup",
                name={"zh": "出件区", "en": "Collection"},
                site="main",
                kind=ZoneKind.PICKUP,
            ),
        ),
        "series": (Series(id="a", prefix="A"), Series(id="c", prefix="C")),
        "services": (
            Service(
                id="social", name={"zh": "社会事务", "en": "Social"}, zone="general", series="a"
            ),
            Service(id="estate", name={"zh": "不动产", "en": "Estate"}, zone="realty", series="c"),
            Service(id="ready", name={"zh": "取件", "en": "Pickup"}, zone="pickup", series="a"),
            Service(id="secret", name={"zh": "机要"}, zone="general", series="a", hidden=True),
        ),
        "windows": (
            Window(id="W1", number="1", zone="general", services=("social",)),
            Window(id="W2", number="2", zone="general", services=("social",)),
            Window(id="W3", number="3", zone="general", services=("social",)),
            Window(id="W21", number="21", zone="realty", services=("estate",)),
            Window(id="P1", number="出件窗口", zone="pickup", services=("ready",)),
            Window(id="BO", number="9", zone="general", kind=WindowKind.BACK_OFFICE),
        ),
        "boards": (
            Board(id="B1", areas=("down",)),
            Board(id="B2", areas=("down", "up")),
            Board(id="LED", areas=("down",), layout="wall", width=640, height=320),
            Board(id="PICK", areas=("down",), layout="pickup"),
        ),
        "voices": (Voice(id="V1", area="down", device="speaker"),),
        "devices": (Device(id="speaker", driver="alsa", link="file:heard.wav"),),
    }
    return Hall(**{**parts, **fields})


def call_row(number: str, window: str, call: int, **fields: Any) -> CallRow:
    given: dict[str, Any] = {
        "label": window.strip("WP"),
        "zone": "general",
        "service": {"zh": "社会事务", "en": "Social"},
        "at": NOON,
    }
    return CallRow(number=number, window=window, call=call, **{**given, **fields})


def board_view(seq: int, *rows: CallRow, **fields: Any) -> BoardView:
    given: dict[str, Any] = {
        "epoch": "one",
        "at": NOON + seq,
        "day": DAY,
        "area": "down",
        "name": {"zh": "一楼等候区", "en": "Ground floor"},
    }
    return BoardView(seq=seq, rows=rows, **{**given, **fields})


def window_view(seq: int, state: str, **fields: Any) -> WindowView:
    given: dict[str, Any] = {
        "epoch": "one",
        "at": NOON + seq,
        "day": DAY,
        "window": "W1",
        "label": "1",
        "services": ({"zh": "社会事务", "en": "Social"},),
    }
    return WindowView(seq=seq, state=state, **{**given, **fields})


def zone_count(zone: str, waiting: int, **fields: Any) -> ZoneCount:
    given: dict[str, Any] = {"name": {"zh": zone, "en": zone}, "open_windows": 1}
    return ZoneCount(zone=zone, waiting=waiting, **{**given, **fields})


def news(seq: int, what: News, *, epoch: str = "one", at: float = NOON) -> Happening:
    return Happening(epoch=epoch, seq=seq, at=at, news=what)


def called(seq: int, number: str, window: str, call: int, **fields: Any) -> Happening:
    given: dict[str, Any] = {
        "label": window.strip("WP"),
        "zone": "general",
        "service": "social",
        "areas": ("down",),
    }
    what = {**given, **{k: v for k, v in fields.items() if k not in ("epoch", "at")}}
    when = {k: v for k, v in fields.items() if k in ("epoch", "at")}
    return news(seq, Called(call=call, number=number, window=window, **what), **when)


def answered(seq: int, number: str, window: str, *, missed: bool = False) -> Happening:
    return news(seq, Answered(number=number, window=window, missed=missed))


def day_changed(seq: int, day: str, *, is_open: bool = True) -> Happening:
    return news(seq, DayChanged(day=day, open=is_open))
