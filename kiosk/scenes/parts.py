"""What a screen is made of, as data."""

import msgspec

from kiosk.state import Choice


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """Something to touch. A closed one (`open` false) says why in `note`, and can be touched."""

    choice: Choice
    text: str
    note: str = ""
    mark: str = ""
    """Letter of the numbers it gives, in a badge."""
    icon: str = ""
    open: bool = True
    main: bool = False
    """The one thing to do here."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    value: str
    large: bool = False


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    icon: str
    text: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """The middle of a screen. `kind` is its form: ``home``, ``tiles``, ``search``, ``confirm``,
    ``message``, ``number``."""

    kind: str
    title: str
    lead: str = ""
    icon: str = ""
    tiles: tuple[Tile, ...] = ()
    more_title: str = ""
    more: tuple[Tile, ...] = ()
    facts: tuple[Fact, ...] = ()
    hints: tuple[Hint, ...] = ()
    actions: tuple[Tile, ...] = ()
    number: str = ""
    qr: str = ""
    query: str = ""
    size: int = 0
    """Places for tiles on a page, so that the last page looks like the others."""
    paging: tuple[Tile, ...] = ()
    page: str = ""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A whole screen: the frame that never moves, and the body."""

    hall: str
    hall_other: str
    time: str
    date: str
    live: str
    body: Body
    bar: tuple[Tile, ...]
    countdown: str
    stay: Tile | None
    language: str
    large: bool
    low: bool
    dark: bool
    """Out of service: seen from across the hall."""
