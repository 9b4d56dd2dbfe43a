"""What the bridge and its devices say to each other, whatever the device is made of.

Orders go down to a device, sayings come up. Neither knows of frames or ports, neither is ever
personal.
"""

import msgspec


class Line(msgspec.Struct, frozen=True):
    """One line of a sign. `flash` is for a call that nobody has answered yet."""

    text: str
    flash: bool = False


class Sign(msgspec.Struct, frozen=True):
    """What a sign shall say now, top line first; `call` is the call it announces, if any."""

    lines: tuple[Line, ...]
    call: int | None = None
    number: str = ""
    label: str = ""
    """Ticket and window alone, for signs without Chinese."""


class Show(msgspec.Struct, frozen=True):
    """Have a sign say this; only the newest counts."""

    sign: Sign


class Figures(msgspec.Struct, frozen=True):
    """Numbers for a pad's little display."""

    number: str = ""
    waiting: int | None = None


class Verdict(msgspec.Struct, frozen=True):
    """Whether the last press worked."""

    good: bool


class Beep(msgspec.Struct, frozen=True):
    """Make a sound."""


class AskRating(msgspec.Struct, frozen=True):
    """Have somebody rate; the answer carries `reference` back, so that it belongs to one visit."""

    reference: str


class Light(msgspec.Struct, frozen=True):
    """A lamp on or off."""

    on: bool


Order = Show | Figures | Verdict | Beep | AskRating | Light


class Pressed(msgspec.Struct, frozen=True):
    """A key by its name (`firmware_bridge.binding.KEYS`), and the digits typed before it."""

    key: str
    digits: str = ""


class Rated(msgspec.Struct, frozen=True):
    """A rating, `value` 0 worst on a scale of `levels`, for the visit that was asked about."""

    value: int
    levels: int
    reference: str


class Shown(msgspec.Struct, frozen=True):
    """A sign has acknowledged that it shows `call`."""

    call: int


class Heard(msgspec.Struct, frozen=True):
    """Something else a device said, for the technician."""

    what: str
    detail: str = ""


Said = Pressed | Rated | Shown | Heard
