"""A hall board as a fold: views, happenings and the line going in, what it knows coming out.

Rules of this file
- A `BoardView` is the truth about everything up to its `seq`; a `Happening` with a later `seq`
  is news on top of it. Whichever arrives first, the board ends in the same state.
- Anything of an epoch that is not the board's, or older than what it has, is ignored. Only a view
  may begin a new epoch; an epoch once left never comes back.
- One row a window: a newer call replaces the row, wherever it was. Newest call on top.
- A row lives until the person was served, or at least `LINGER` seconds, whatever the view says.
- A call heard as it happens is live: it moves in and flashes. A call found in the first view after
  a start or an absence is not; if it came during an absence it is marked late.

`now` is always the display's own clock in seconds. Ages are measured by it alone, so a display
whose clock is wrong is still right about what is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from config.hall import Text
from config.wire.events import Answered, Called, DayChanged, Happening
from config.wire.views import BoardView, CallRow

LINGER = 60.0
"""Seconds a row stays at least, so that people who look up late still find it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One window's newest call."""

    number: str
    window: str
    label: str
    zone: str
    service: Text
    call: int
    state: str
    seq: int
    """How new the message was that brought it."""
    seen: float
    """When this board first knew of the call."""
    live: bool = True
    late: bool = False
    gone: bool = False
    """No view has it any more; it stays for `LINGER`."""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything a board knows."""

    areas: tuple[str, ...]
    services: Mapping[str, Text] = field(default_factory=dict)
    """What each service is called on a public screen."""
    views: Mapping[str, BoardView] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    epoch: str = ""
    left: frozenset[str] = frozenset()
    """Epochs that are over."""
    heard: int = -1
    """`seq` of the newest happening taken."""
    call: int = 0
    """Newest call known today."""
    day: str = ""
    last_day: str = ""
    """Newest business day seen; `day` is empty between days."""
    due: frozenset[str] = frozenset()
    """Areas whose first view after a start or an absence is still to come."""
    away: float | None = None
    """Since when nothing can be heard; None while in touch."""


def start(areas: tuple[str, ...], services: Mapping[str, Text], now: float) -> Board:
    """A board that has just been switched on and knows nothing."""
    return Board(areas=areas, services=services, due=frozenset(areas), away=now)


def on_line(board: Board, up: bool, now: float) -> Board:
    """The line to the broker went up or down."""
    if up:
        return replace(board, due=frozenset(board.areas))
    return replace(board, away=now if board.away is None else board.away)


def on_server(board: Board, alive: bool, now: float) -> Board:
    """The server said that it is there, or the broker that it is gone."""
    if not alive:
        return replace(board, away=now if board.away is None else board.away)
    return replace(board, away=None) if board.views else board


def on_view(board: Board, view: BoardView, now: float) -> Board:
    """A retained view of one of the board's areas arrived."""
    if view.area not in board.areas or view.epoch in board.left:
        return board
    if view.epoch != board.epoch:
        board = _new_epoch(board, view.epoch)
    known = board.views.get(view.area)
    if known and (view.seq, view.at) < (known.seq, known.at):
        return board
    if view.day != board.day:
        if view.day <= board.last_day and view.seq < _newest(board):
            return board
        board = _new_day(board, view.day)
    first = view.area in board.due
    views = {**board.views, view.area: view}
    rows = _merge(board, view, now, live=not first, late=first and board.call > 0)
    return replace(
        board,
        views=views,
        rows=_settle(rows, views, now),
        call=max([board.call, *(r.call for r in view.rows)]),
        due=board.due - {view.area},
        away=None,
    )


def on_happening(board: Board, happening: Happening, now: float) -> Board:
    """Something happened in the hall."""
    if happening.epoch != board.epoch or happening.seq <= board.heard:
        return board
    board = replace(board, heard=happening.seq)
    match happening.news:
        case Called() as called if set(called.areas) & set(board.areas):
            return _called(board, called, happening.seq, now)
        case Answered() as answered:
            return _answered(board, answered, happening.seq, now)
        case DayChanged(day=day, open=is_open):
            today = day if is_open else ""
            return board if today == board.day else _new_day(board, today)
        case _:
            return board


def rows_now(board: Board, now: float) -> tuple[Row, ...]:
    """The rows that are alive, newest first."""
    return tuple(r for r in board.rows if not r.gone or now - r.seen < LINGER)


def _newest(board: Board) -> int:
    return max([board.heard, *(v.seq for v in board.views.values())])


def _new_epoch(board: Board, epoch: str) -> Board:
    """The server counts afresh: rows stay, and give way to whatever its views say."""
    return replace(
        board,
        epoch=epoch,
        left=board.left | {board.epoch} if board.epoch else board.left,
        views={},
        rows=tuple(replace(r, seq=-1) for r in board.rows),
        heard=-1,
        call=0,
        last_day="",
    )


def _new_day(board: Board, day: str) -> Board:
    """Clear, once: the views of another day do not count any more."""
    views = {a: v for a, v in board.views.items() if v.day == day}
    return replace(board, day=day, last_day=max(day, board.last_day), rows=(), views=views, call=0)


def _called(board: Board, called: Called, seq: int, now: float) -> Board:
    views = [v for a in called.areas if (v := board.views.get(a))]
    there = next((r for r in board.rows if r.window == called.window), None)
    if there and there.call >= called.call and there.seq >= seq:
        return board
    if views and all(v.seq >= seq for v in views):
        return board
    row = Row(
        number=called.number,
        window=called.window,
        label=called.label,
        zone=called.zone,
        service=board.services.get(called.service, {}),
        call=called.call,
        state="called",
        seq=seq,
        seen=now,
    )
    others = tuple(r for r in board.rows if r.window != called.window)
    return replace(board, rows=(row, *others), call=max(board.call, called.call))


def _answered(board: Board, answered: Answered, seq: int, now: float) -> Board:
    rows = []
    for row in board.rows:
        if (row.window, row.number) != (answered.window, answered.number):
            rows.append(row)
        elif not answered.missed and not row.gone:
            rows.append(replace(row, state="serving", seq=max(seq, row.seq)))
    return replace(board, rows=_settle(rows, board.views, now))


def _merge(board: Board, view: BoardView, now: float, *, live: bool, late: bool) -> list[Row]:
    """The board's rows with the view's newer ones in their places."""
    mine = {row.window: row for row in board.rows}
    for theirs in view.rows:
        known = mine.get(theirs.window)
        if known and known.seq > view.seq:
            continue
        if known and (known.call, known.number) == (theirs.call, theirs.number):
            mine[theirs.window] = replace(
                known, state=theirs.state, service=theirs.service, seq=view.seq, gone=False
            )
        else:
            mine[theirs.window] = _row(
                theirs, view.seq, now, live=live, late=late and theirs.call > board.call
            )
    return list(mine.values())


def _row(theirs: CallRow, seq: int, now: float, *, live: bool, late: bool) -> Row:
    return Row(
        number=theirs.number,
        window=theirs.window,
        label=theirs.label,
        zone=theirs.zone,
        service=theirs.service,
        call=theirs.call,
        state=theirs.state,
        seq=seq,
        seen=now,
        live=live,
        late=late and not live,
    )


def _settle(rows: list[Row], views: Mapping[str, BoardView], now: float) -> tuple[Row, ...]:
    """Newest on top; what no view has any more is gone: at once when it was served, else later."""
    present = {(r.window, r.number) for v in views.values() for r in v.rows}
    newest = max((v.seq for v in views.values()), default=-1)
    settled = []
    for row in rows:
        if (row.window, row.number) in present or row.seq > newest:
            settled.append(replace(row, gone=False) if row.gone else row)
        elif row.state == "called" and now - row.seen < LINGER:
            settled.append(row if row.gone else replace(row, gone=True))
    return tuple(sorted(settled, key=lambda r: r.call, reverse=True))
