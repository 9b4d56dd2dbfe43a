"""A pickup board: the numbers whose papers are ready, and the window to fetch them at."""

from dataclasses import replace

from config.hall import Hall
from display import words
from display.board import Board
from display.shown import Shown, is_pickup, show


def show_pickup(board: Board, hall: Hall, now: float, *, at: float, rows: int, ems: float) -> Shown:
    """What a pickup board says at `now`: a hall board narrowed to the pickup zones.

    Numbers only, never a name. Somebody already at the window is not called for any more.
    """
    ready = tuple(r for r in board.rows if is_pickup(hall, r.zone) and r.state == "called")
    shown = show(replace(board, rows=ready), hall, now, at=at, rows=rows, ems=ems)
    return replace(
        shown,
        name=words.PICKUP,
        zones=tuple(z for z in shown.zones if is_pickup(hall, z.zone)),
        missed=(),
        pickup=True,
    )
