"""A hall board as a fold: views, happenings and the line going in, what it knows coming out.

Rules of this file
- A `BoardView` is the truth about everything up to its `seq`; a `Happening` with a later `seq`
  is news on top of it. Whichever arrives first, the board ends in the same state.
- Anything of an epoch that is not the board's, or older than what it has, is ignored. Only a view
  may begin a new epoch; an epoch once left never comes back.
- One row a window: a newer call replaces the row, wherever it was. Newest call on top.
- A row lives until the person was served, and at least `LINGER` seconds if nobody came.
- A call heard as it happens is live: it moves in and flashes. A call found in a retained view,
  after a start or an absence, does not; if it came during an absence it is marked late.

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
    """``called``, ``serving`` or ``done``."""
    seq: int
    """How new the message was that brought it."""
    seen: float
    """When this board first knew of the call."""
    live: bool = True
    late: bool = False
    served: bool = False


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
    line_down: float | None = None
    """Since when the broker cannot be reached; None while it can."""
    server_gone: float | None = None
    """Since when the server is known to be gone."""

    @property
    def away(self) -> float | None:
        """Since when nothing can be heard; None while in touch."""
        since = [t for t in (self.line_down, self.server_gone) if t is not None]
        return min(since, default=None)


def start(areas: tuple[str, ...], services: Mapping[str, Text], now: float) -> Board:
    """A board that has just been switched on and knows nothing."""
    return Board(areas=areas, services=services, line_down=now)


def on_line(board: Board, up: bool, now: float) -> Board:
    """The line to the broker went up, and the retained state has come again, or down."""
    if up:
        return replace(board, line_down=None)
    return replace(board, line_down=now if board.line_down is None else board.line_down)


def on_server(board: Board, alive: bool, now: float) -> Board:
    """The server said that it is there, or the broker that it is gone."""
    if alive:
        return replace(board, server_gone=None)
    return replace(board, server_gone=now if board.server_gone is None else board.server_gone)


def on_view(board: Board, view: BoardView, now: float, *, found: bool = False) -> Board:
    """A view of one of the board's areas arrived; `found` if it was lying there (retained)."""
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
    views = {**board.views, view.area: view}
    rows = _merge(board, view, now, live=not found, late=found and board.call > 0)
    return replace(
        board,
        views=views,
        rows=_settle(rows, views),
        call=max([board.call, *(r.call for r in view.rows)]),
        server_gone=board.server_gone if found else None,
    )


def on_happening(board: Board, happening: Happening, now: float) -> Board:
    """Something happened in the hall."""
    if happening.epoch != board.epoch or happening.seq <= board.heard:
        return board
    board = replace(board, heard=happening.seq, server_gone=None)
    match happening.news:
        case Called() as called if set(called.areas) & set(board.areas):
            return _called(board, called, happening.seq, now)
        case Answered() as answered:
            return _answered(board, answered, happening.seq)
        case DayChanged(day=day, open=is_open):
            today = day if is_open else ""
            return board if today == board.day else _new_day(board, today)
        case _:
            return board


def rows_now(board: Board, now: float) -> tuple[Row, ...]:
    """The rows that are alive, newest first."""
    return tuple(r for r in board.rows if r.state != "done" or _lingers(r, now))


def _lingers(row: Row, now: float) -> bool:
    """Nobody came: people who look up late still find the row for a while."""
    return row.live and not row.served and now - row.seen < LINGER


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
    if views and all(v.seq >= seq for v in views):
        return board  # the view came first and knows better
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
    others = [r for r in board.rows if r.window != called.window]
    rows = _settle([row, *others], board.views)
    return replace(board, rows=rows, call=max(board.call, called.call))


def _answered(board: Board, answered: Answered, seq: int) -> Board:
    state = "done" if answered.missed else "serving"
    rows = [
        replace(r, state=state, served=not answered.missed, seq=max(seq, r.seq))
        if (r.window, r.number, r.state) == (answered.window, answered.number, "called")
        else r
        for r in board.rows
    ]
    return replace(board, rows=_settle(rows, board.views))


def _merge(board: Board, view: BoardView, now: float, *, live: bool, late: bool) -> list[Row]:
    """The board's rows with the view's newer ones in their places."""
    mine = {row.window: row for row in board.rows}
    for theirs in view.rows:
        known = mine.get(theirs.window)
        if known and known.seq > view.seq:
            continue
        if known and (known.call, known.number) == (theirs.call, theirs.number):
            mine[theirs.window] = replace(
                known,
                state=theirs.state,
                served=known.served or theirs.state == "serving",
                service=theirs.service,
                seq=view.seq,
            )
        else:
            row = _row(theirs, view.seq, now)
            late_now = late and theirs.call > board.call
            mine[theirs.window] = replace(row, live=live, late=late_now)
    return list(mine.values())


def _row(theirs: CallRow, seq: int, now: float) -> Row:
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
        served=theirs.state == "serving",
    )


def _settle(rows: list[Row], views: Mapping[str, BoardView]) -> tuple[Row, ...]:
    """Newest on top; a row that no view has any more is done."""
    present = {(r.window, r.number) for v in views.values() for r in v.rows}
    newest = max((v.seq for v in views.values()), default=-1)
    settled = [
        r if (r.window, r.number) in present or r.seq > newest else replace(r, state="done")
        for r in rows
    ]
    return tuple(sorted(settled, key=lambda r: r.call, reverse=True))
