"""The footer: standing text turned page by page at reading speed.

Moving text is hard to read for the people who need it most, so a long text is not dragged across
the screen: it is cut into lines and each stands as long as its characters take at
`CHARACTERS_A_MINUTE`, never less than `SHORTEST` seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from display.metrics import wrap

CHARACTERS_A_MINUTE = 70.0
SHORTEST = 5.0


@dataclass(frozen=True, slots=True)
class Page:
    """One line of the footer and how many seconds it stands."""

    text: str
    seconds: float


def pages(texts: Iterable[str], ems: float) -> tuple[Page, ...]:
    """`texts` as lines of at most `ems` times the character height."""
    lines = [line for text in texts for line in wrap(text.strip(), ems)]
    return tuple(Page(line, max(SHORTEST, len(line) / CHARACTERS_A_MINUTE * 60)) for line in lines)


def at(turning: tuple[Page, ...], now: float) -> str:
    """The line that stands at `now`; every screen of a hall turns together."""
    if not turning:
        return ""
    ends = list(accumulate(page.seconds for page in turning))
    place = now % ends[-1]
    return next(p.text for p, end in zip(turning, ends, strict=True) if place < end)
