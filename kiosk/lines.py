"""Breaking a sentence into lines, in Chinese and in English, on paper and on screens (pure)."""

from collections.abc import Callable
from unicodedata import east_asian_width

Measure = Callable[[str], float]
"""How wide a piece of text is, in whatever the width is given in."""

NEVER_FIRST = frozenset("，。、；：！？）》】」』”’·–…/%)],.;:!?")
NEVER_LAST = frozenset("（《【「『“‘([")


def wrap(sentence: str, width: float, measure: Measure) -> list[str]:
    """`sentence` in lines of at most `width`: between words, or anywhere in Chinese, but no line
    begins with a comma or ends with an opening quote. A word that is too long is cut."""
    lines: list[str] = []
    for paragraph in sentence.split("\n"):
        lines += _wrap(paragraph, width, measure)
    return lines


def _wrap(sentence: str, width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in pieces(sentence):
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while len(line) > 1 and measure(line.rstrip()) > width:
            most = next((i for i in range(len(line) - 1, 1, -1) if measure(line[:i]) <= width), 1)
            lines.append(line[:most])
            line = line[most:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def pieces(sentence: str) -> list[str]:
    """What must stay together: a word with its space, a Chinese character with its comma."""
    found: list[str] = []
    for c in sentence:
        if found and _clings(found[-1], c):
            found[-1] += c
        else:
            found.append(c)
    return found


def _clings(before: str, c: str) -> bool:
    if c == " " or c in NEVER_FIRST or before[-1] in NEVER_LAST:
        return True
    return not before.endswith(" ") and not _wide(c) and not _wide(before[-1])


def _wide(c: str) -> bool:
    return east_asian_width(c) in "WF"
