# ruff: noqa: RUF012 - msgspec copies an empty default for every value it makes
"""What stands and hangs in a hall: kiosks, boards, voices and every device with a plug."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from config.bounds import (
    Hours,
    Id,
    Language,
    Line,
    Metres,
    Offset,
    Part,
    Percent,
    Pixels,
    Text,
)


class Kiosk(Part, frozen=True, kw_only=True):
    """A ticket machine in a take-number zone."""

    id: Id
    zone: Id
    """Take-number zone it stands in."""
    printer: Id | None = None
    """Its printer."""
    reader: Id | None = None
    """Its card reader."""
    series: Id | None = None
    """Series of its offline numbers; left out, blocks of the ordinary series are reserved."""
    width: Pixels = 1080
    """Pixels."""
    height: Pixels = 1920
    """Pixels."""
    distance: Metres = 0.6
    """Viewing distance, metres."""
    fallback: Text = {}
    """Where to go when this machine cannot issue."""


class Board(Part, frozen=True, kw_only=True):
    """A hall board: one screen or LED wall for one or more waiting areas."""

    id: Id
    areas: tuple[Id, ...]
    """Waiting areas whose calls it shows."""
    layout: Id = "hall"
    """``hall``, ``pickup``, or for LED walls ``wall`` or ``mono``."""
    width: Pixels = 1920
    """Pixels."""
    height: Pixels = 1080
    """Pixels."""
    x: Offset = 0
    """Pixels from the left edge of the desktop."""
    y: Offset = 0
    """Pixels from its top."""
    rows: Annotated[int, Meta(ge=1, le=40)] | None = None
    """Calls at once; left out, as many as can be read."""
    distance: Metres = 12.0
    """Metres from the furthest seat; the height of the characters is checked against it."""
    pitch: Annotated[float, Meta(gt=0, le=100)] | None = None
    """Millimetres from dot to dot of the wall or screen; None is unknown."""


class Voice(Part, frozen=True, kw_only=True):
    """A loudspeaker group: what one waiting area hears."""

    id: Id
    area: Id
    """Waiting area that hears it."""
    device: Id | None = None
    """Its loudspeaker."""
    languages: tuple[Language, ...] = ("zh", "en")
    """Languages of the sentence, in order."""
    times: Annotated[int, Meta(ge=1, le=3)] = 2
    """How often a call is said."""
    gap: Annotated[float, Meta(ge=0, le=10)] = 0.8
    """Seconds between two repeats."""
    yao: bool = False
    """Say 1 as yāo."""
    silent: bool = False
    """Boards only."""
    quiet_hours: tuple[Hours, ...] = ()
    """Hours with the quiet volume."""
    volume: Percent = 100
    """Per cent."""
    quiet_volume: Percent = 40
    """Per cent."""


class Device(Part, frozen=True, kw_only=True):
    """Something with a plug. ``driver`` names the code, ``link`` says where it hangs.

    Links: ``serial:/dev/ttyUSB0``, ``tcp:10.0.0.7:5005``, ``udp:...``, ``usb:0416:5011``,
    ``file:slip.bin``, ``pty``, ``emulator``.
    """

    id: Id
    driver: Id
    """Name of the code that drives it."""
    link: Line = "emulator"
    """Where it hangs."""
    kind: Id | None = None
    """What it is, a word of `DEVICE_KINDS`."""
    window: Id | None = None
    """Window it belongs to."""
    kiosk: Id | None = None
    """Kiosk it hangs on."""
    address: Annotated[int, Meta(ge=0, le=65_535)] | None = None
    """Number on a shared line."""
    options: Mapping[Id, str | int | float | bool] = {}
    """What its driver wants to know besides."""
