"""What a board says at one moment: the fold of `display.board` put into words and order."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from config.hall import Hall, Text, ZoneKind
from config.wire.views import ZoneCount
from display import footer, words
from display.board import Board, Row, rows_now

FLASH = 12.0
"""Seconds a newly called row flashes, at 1 Hz: half a second lit, half a second not."""
MARK_LATE = 60.0
"""Seconds a call missed while the board was away is marked as such."""
STALE = 30.0
"""Seconds out of touch after which the board says how old it is."""
LOST = 300.0
"""Seconds out of touch after which the board sends people to the window signs."""
PAGE = 5.0
"""Seconds each page of calls stands when there are more than rows."""
ZONE_PAGE = 8.0
"""Seconds each page of zones stands when there are more than cells."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the board."""

    window: str
    number: str
    label: str
    place: Text
    """Which floor and side; empty where nobody can go wrong."""
    service: Text
    call: int
    state: str = "called"
    """``called``, ``serving`` or ``late``."""
    new: bool = False
    """Called just now: it stands out."""
    lit: bool = False
    """The bright half of the flash."""


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """How full a zone is, in words."""

    zone: str
    name: Text
    waiting: int
    wait: Text


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on a board at one moment."""

    name: Text
    time: str
    date: Text
    lines: tuple[Line, ...] = ()
    missed: tuple[str, ...] = ()
    zones: tuple[ZoneLine, ...] = ()
    footer: str = ""
    age: Text | None = None
    """How old this is, when the board is out of touch."""
    lost: bool = False
    """Too old to be trusted: the calls are not shown."""


def show(
    board: Board, hall: Hall, now: float, *, at: float, rows: int, cells: int, ems: float
) -> Shown:
    """What `board` says at `now`: `rows` calls, `cells` zones, a footer of `ems` characters.

    `now` is the clock of the fold, `at` the time of day, seconds since the epoch.
    """
    views = [board.views[a] for a in board.areas if a in board.views]
    away = 0.0 if board.away is None else now - board.away
    today = datetime.fromtimestamp(at, ZoneInfo(hall.timezone))
    counts = {z.zone: z for view in views for z in view.zones}
    alive = rows_now(board, now)
    where = places(hall, [*counts, *(r.zone for r in board.rows)])
    lines = page([_line(r, where.get(r.zone, {}), now) for r in alive], rows, now)
    return Shown(
        name=_name(board, hall),
        time=f"{today:%H:%M}",
        date={
            "zh": f"{today.month}月{today.day}日 {words.WEEKDAYS[today.weekday()]}",
            "en": f"{today:%a} {today.day} {today:%b}",
        },
        lines=tuple(lines),
        missed=tuple(dict.fromkeys(n for view in views for n in view.missed)),
        zones=tuple(_zone(z) for z in _turning(list(counts.values()), cells, now)),
        footer=footer.at(footer.pages(_notices(board), ems), now),
        age=_age(board, away),
        lost=away > LOST,
    )


def page(lines: Sequence[Line], rows: int, now: float) -> list[Line]:
    """At most `rows` of `lines`, newest first, and every one of them in its turn.

    People already at their window make room first. If there are still more calls than rows, the
    upper half stands and the lower half turns over the rest, so that each is seen.
    """
    kept = list(lines)
    for line in reversed(lines):
        if len(kept) > rows and line.state == "serving":
            kept.remove(line)
    if len(kept) <= rows:
        return kept
    turning = max(1, rows // 2)
    top, rest = kept[: rows - turning], kept[rows - turning :]
    pages = -(-len(rest) // turning)
    first = int(now / PAGE) % pages * turning
    return top + rest[first : first + turning]


def places(hall: Hall, zones: Iterable[str]) -> dict[str, Text]:
    """Zone -> where it is, as far as people in front of this board need to be told: the floor when
    the zones lie on several, the side when they lie on several. Empty when there is no choice."""
    known = [z for name in dict.fromkeys(zones) if (z := hall.zone_by_id.get(name))]
    floors = len({(z.site, z.floor) for z in known}) > 1
    sides = len({tuple(z.side.items()) for z in known}) > 1
    where: dict[str, Text] = {}
    for zone in known:
        floor_zh, floor_en = f"{zone.floor} 楼", f"Floor {zone.floor}"
        side_zh, side_en = zone.side.get("zh", ""), zone.side.get("en", "")
        where[zone.id] = {
            "zh": (floor_zh if floors else "") + (side_zh if sides else ""),
            "en": " ".join(filter(None, (floor_en if floors else "", side_en if sides else ""))),
        }
    return where


def _line(row: Row, where: Text, now: float) -> Line:
    since = now - row.seen
    new = row.live and row.state == "called" and 0 <= since < FLASH
    late = row.late and row.state == "called" and since < MARK_LATE
    return Line(
        window=row.window,
        number=row.number,
        label=row.label,
        place=where,
        service=row.service,
        call=row.call,
        state="late" if late else row.state,
        new=new,
        lit=new and _lit(row.seen, now),
    )


def _lit(seen: float, now: float) -> bool:
    """All rows flash on one beat, so that three calls are one calm flash; each begins lit."""
    return now < math.ceil(seen) or now % 1.0 < 0.5


def _turning(counts: list[ZoneCount], cells: int, now: float) -> list[ZoneCount]:
    """The zones page by page, pages as full as each other."""
    pages = -(-len(counts) // cells)
    if pages < 2:
        return counts
    each = -(-len(counts) // pages)
    first = int(now / ZONE_PAGE) % pages * each
    return counts[first : first + each]


def _zone(count: ZoneCount) -> ZoneLine:
    return ZoneLine(
        zone=count.zone,
        name=count.name,
        waiting=count.waiting,
        wait=words.wait(count.waiting, count.open_windows, count.low, count.high),
    )


def _name(board: Board, hall: Hall) -> Text:
    if len(board.areas) == 1 and (area := hall.area_by_id.get(board.areas[0])):
        return area.name
    return hall.name


def _notices(board: Board) -> list[str]:
    """Notices first, then the standing priority signs; each wording once, in each language."""
    views = [board.views[a] for a in board.areas if a in board.views]
    said = [view.notice for view in views if view.notice]
    signs = [sign for view in views for sign in view.signs]
    return list(dict.fromkeys([*said, *(wording for sign in signs for wording in sign.values())]))


def _age(board: Board, away: float) -> Text | None:
    if not board.views:
        return words.CONNECTING
    if away > LOST:
        return words.LOOK_AT_WINDOWS
    return words.age(away) if away > STALE else None


def windows_before(hall: Hall, areas: Iterable[str], *, pickup: bool = False) -> int:
    """How many windows can call people who wait in `areas`; only those of pickup, if asked."""
    seen = set(areas)
    zones = {z.id for z in hall.zones if seen & set(hall.areas_of(z))}
    zones -= {z for z in zones if pickup and not is_pickup(hall, z)}
    return sum(1 for w in hall.windows if w.callable and w.zone in zones)


def is_pickup(hall: Hall, zone_id: str) -> bool:
    """Whether people come to the zone to fetch something that is ready."""
    zone = hall.zone_by_id.get(zone_id)
    return zone is not None and zone.kind is ZoneKind.PICKUP
