"""A pickup board: the numbers whose papers are ready, and the window to fetch them at."""

from dataclasses import replace

import msgspec

from config.hall import Hall
from config.wire.views import BoardView
from display import words
from display.board import Board
from display.shown import Shown, is_pickup, show


def show_pickup(
    board: Board, hall: Hall, now: float, *, at: float, rows: int, cells: int, ems: float
) -> Shown:
    """What a pickup board says at `now`: a hall board narrowed to the pickup zones.

    Numbers only, never a name. Somebody already at the window is not called for any more.
    """
    ready = tuple(r for r in board.rows if is_pickup(hall, r.zone) and r.state == "called")
    views = {a: _narrowed(v, hall) for a, v in board.views.items()}
    own = replace(board, rows=ready, views=views)
    shown = show(own, hall, now, at=at, rows=rows, cells=cells, ems=ems)
    return replace(shown, name=words.PICKUP, missed=())


def _narrowed(view: BoardView, hall: Hall) -> BoardView:
    zones = tuple(z for z in view.zones if is_pickup(hall, z.zone))
    return msgspec.structs.replace(view, zones=zones)
