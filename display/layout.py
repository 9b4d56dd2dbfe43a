"""Where everything goes on a board, from its size alone, and whether it can be read from afar.

A screen has a margin of 5 % on each side, because televisions cut off their edges (overscan); an
LED wall is driven dot by dot and uses every one. Rows are as high as the room allows. Characters
should be a two-hundredth of the viewing distance high to be read with ease, and a
two-hundred-and-fiftieth to be read at all.
"""

from dataclasses import dataclass

from config.hall import Board
from display.metrics import DIGIT, SQUARE

LAYOUTS = ("hall", "pickup", "wall", "mono")
"""What `Board.layout` may say: a screen with everything, a screen for pickup, an LED wall in
colours, an LED wall of one colour."""

EASY, BARELY = 200.0, 250.0
SAFE = 0.05
LEAST_ROW = 0.092
"""Least height of a row, as a share of the screen's shorter side."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of the screen, pixels from its top left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def middle(self) -> float:
        return self.y + self.h / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one board."""

    width: int
    height: int
    unit: float
    """Pixels that everything small is measured in: a hundredth of the shorter side."""
    portrait: bool
    header: Rect
    heads: Rect
    """Headings of the columns."""
    table: Rect
    rows: int
    row: float
    """From row to row."""
    bar: float
    """Height of a row's bar."""
    number: float
    """Character height of the ticket numbers."""
    service: float
    zones: Rect
    missed: Rect
    footer: Rect
    small: float
    """Character height of the footer."""
    cells: int = 1
    """How many zones are shown at once."""

    @property
    def ems(self) -> float:
        """How many characters the footer holds."""
        return (self.footer.w - 2 * self.unit) / self.small


def screen(board: Board, windows: int) -> Layout:
    """A television or monitor, lying or standing, before which so many windows can call."""
    w, h = board.width, board.height
    portrait = h > w
    unit = min(w, h) / 100
    x, y = w * SAFE, h * SAFE
    wide, high = w - 2 * x, h - 2 * y
    header = Rect(x, y, wide, 9 * unit)
    footer = Rect(x, y + high - 6.5 * unit, wide, 6.5 * unit)
    top = header.bottom + 2.5 * unit
    room = footer.y - 2.5 * unit - top
    gap = 3 * unit
    if portrait:
        below = max(34 * unit, room * 0.27)
        table = Rect(x, top + 5 * unit, wide, room - below - gap - 5 * unit)
    else:
        side = wide * (0.27 if w / h > 1.5 else 0.31)
        table = Rect(x, top + 5 * unit, wide - side - gap, room - 5 * unit)
    rows = board.rows or _rows(table, board, portrait, windows)
    row = min(table.h / rows, table.w * (0.19 if portrait else 0.17))
    if portrait:
        end = table.y + row * rows + gap
        missed = Rect(x, top + room - 8 * unit, wide, 8 * unit)
        zones = Rect(x, end, wide, missed.y - 2 * unit - end)
    else:
        missed = Rect(table.right + gap, top + room - 22 * unit, side, 22 * unit)
        zones = Rect(missed.x, top, side, room - missed.h - 2 * unit)
    bar = row * 0.9
    number = min(bar * 0.8, table.w * (0.11 if portrait else 0.1))
    return Layout(
        width=w,
        height=h,
        unit=unit,
        portrait=portrait,
        header=header,
        heads=Rect(x, top, table.w, 4 * unit),
        table=table,
        rows=rows,
        row=row,
        bar=bar,
        number=number,
        service=min(bar * 0.36, table.w * 0.042),
        zones=zones,
        missed=missed,
        footer=footer,
        small=3.4 * unit,
        cells=max(1, int((zones.h - 5 * unit) / (8.5 * unit))) * (2 if portrait else 1),
    )


def wall(board: Board) -> Layout:
    """An LED wall: rows of calls, and below them one line for everything else."""
    w, h = board.width, board.height
    unit = min(w, h) / 100
    rows = board.rows or max(1, min(8, round(h / max(32.0, min(w / 9, h / 3)) - 1)))
    row = h / (rows + 0.72)
    nothing = Rect(0, 0, 0, 0)
    table = Rect(0, 0, w, row * rows)
    size = min(row * 0.82, w / 9.2)
    return Layout(
        width=w,
        height=h,
        unit=unit,
        portrait=h > w,
        header=nothing,
        heads=nothing,
        table=table,
        rows=rows,
        row=row,
        bar=row * 0.96,
        number=size,
        service=size * 0.7,
        zones=nothing,
        missed=nothing,
        footer=Rect(0, table.bottom, w, h - table.h),
        small=min((h - table.h) * 0.74, w / 14),
    )


def of(board: Board, windows: int) -> Layout:
    """The layout of `board`, before which `windows` windows can call."""
    return wall(board) if board.layout in ("wall", "mono") else screen(board, windows)


def too_small(board: Board, layout: Layout) -> list[str]:
    """What cannot be read from the furthest seat, for whoever hangs the board; empty if all can.

    Needs the dot pitch in the hall file; without it nothing is known and nothing is said.
    """
    if board.pitch is None:
        return []
    found = []
    for what, pixels in (
        ("号码 ticket numbers", layout.number * DIGIT),
        ("业务 services", layout.service * SQUARE),
        ("底栏 footer", layout.small * SQUARE),
    ):
        high, needed = pixels * board.pitch, board.distance * 1000 / EASY
        if high < board.distance * 1000 / BARELY:
            found.append(
                f"{what}: {high:.0f} mm, cannot be read from {board.distance:g} m; "
                f"{needed:.0f} mm would be read with ease"
            )
        elif high < needed:
            found.append(
                f"{what}: {high:.0f} mm, hard to read from {board.distance:g} m; "
                f"{needed:.0f} mm would be read with ease"
            )
    return found


def _rows(table: Rect, board: Board, portrait: bool, windows: int) -> int:
    """As many as windows can call, from four to what keeps six to ten rows in good proportion;
    fewer when people sit too far away for so many."""
    usual = round(table.h / (table.w * (0.105 if portrait else 0.092)))
    room = int(table.h / (min(board.width, board.height) * LEAST_ROW))
    most = max(4, min(10, usual, windows, room))
    if board.pitch is None:
        return most
    needed = board.distance * 1000 / EASY / board.pitch / DIGIT
    fitting = (n for n in range(most, 3, -1) if table.h / n * 0.9 * 0.8 >= needed)
    return next(fitting, 4)
