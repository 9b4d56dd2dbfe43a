"""How wide a text is in the display's font, without drawing it.

Advance widths of Noto Sans SC Regular in thousandths of the character height: the printable
ASCII characters from the table, the en and em dash, and a full square for everything else (all
Chinese characters and punctuation are). Digits are equally wide, so clocks and numbers stand
still. A test holds the table against the font itself.
"""

import re

# fmt: off
_ASCII = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392,
    555, 555, 555, 555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474,
    946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742,
    633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559,
    606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606,
    620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)
# fmt: on
_OTHERS = {"–": 536, "—": 894}

LINE = 1.448
"""Height of a line of the font, in character heights."""
MIDDLE = 0.78
"""From the top of a line to the middle of its Chinese characters, in character heights."""
DIGIT = 0.733
"""Height of a digit or capital, in character heights."""
SQUARE = 0.92
"""Height of a Chinese character, in character heights."""


def width(text: str) -> float:
    """Width of `text` in character heights (em)."""
    total = 0
    for c in text:
        code = ord(c)
        total += _ASCII[code - 32] if 32 <= code < 127 else _OTHERS.get(c, 1000)
    return total / 1000


def fit(text: str, size: float, room: float) -> float:
    """The largest character height up to `size` at which `text` is no wider than `room`."""
    wide = width(text) * size
    return size if wide <= room else size * room / wide


def shorten(text: str, ems: float) -> str:
    """`text`, or as much of it as fits in `ems` with an ellipsis. Never for numbers."""
    if width(text) <= ems:
        return text
    while text and width(text) + 1.0 > ems:
        text = text[:-1]
    return text.rstrip() + "…"


_PIECE = re.compile(r"[^\x00-\u2fff]|[!-~]+|\s+|.", re.DOTALL)
_PAUSES = frozenset("，。；！？、,.;!?")
_NEVER_FIRST = frozenset(",.;:!?)%，。、；：！？）》”’·…")


def wrap(text: str, ems: float) -> list[str]:
    """`text` in lines of at most `ems`.

    A line ends after punctuation when that leaves it more than half full; else Chinese breaks
    anywhere but before closing punctuation, Latin between words, and a word longer than a line
    where it must.
    """
    lines: list[str] = []
    line = ""
    for piece in _PIECE.findall(" ".join(text.split())):
        if width((line + piece).rstrip()) <= ems:
            line += piece
            continue
        done, kept = _broken(line, piece, ems)
        if done.strip():
            lines.append(done.strip())
        line = (kept + piece).lstrip()
        while width(line) > ems and len(line) > 1:
            cut = next(n for n in range(len(line), 0, -1) if n == 1 or width(line[:n]) <= ems)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.strip()] if line.strip() else lines


def _broken(line: str, piece: str, ems: float) -> tuple[str, str]:
    """Where `line` ends before `piece`: what stands, and what goes on the next line with it."""
    for n in range(len(line), 0, -1):
        if width(line[:n]) <= ems / 2:
            break
        last, following = line[n - 1], (line + piece)[n]
        ends = following == " " if last.isascii() else following not in _NEVER_FIRST
        if last in _PAUSES and ends:
            return line[:n], line[n:]
    if piece[0] in _NEVER_FIRST and len(line) > 1:
        return line[:-1], line[-1]
    return line, ""
