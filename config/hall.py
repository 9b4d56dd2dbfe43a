# ruff: noqa: RUF012 - msgspec copies an empty default for every value it makes
"""What a hall is: the model that a hall file (TOML) is read into.

One file describes one centre: its sites (buildings), zones, windows, services, items, devices
and rules. Everything here is frozen data with a meaning and a unit; the loader (`config.load`)
turns a file into a `Hall` and refuses a wrong one in the installer's words.

Ids are short ASCII words, unique inside their table. Names are what people read, in one or more
languages (`Text`). Durations are minutes unless the name says otherwise. The bounds of every key
stand in its type; what one key says of another is checked in `config.links`.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from msgspec import Meta

from config.bounds import (
    Code,
    Count,
    Date,
    Days,
    Few,
    Floor,
    Hours,
    Id,
    Language,
    Line,
    Mean,
    Minutes,
    Part,
    Prefix,
    Seconds,
    Sign,
    Slowness,
    Spread,
    Weekday,
)
from config.bounds import Text as Text
from config.equipment import Board as Board
from config.equipment import Device as Device
from config.equipment import Kiosk as Kiosk
from config.equipment import Voice as Voice
from config.kinds import COMPREHENSIVE as COMPREHENSIVE
from config.kinds import DEVICE_KINDS as DEVICE_KINDS
from config.kinds import Category as Category
from config.kinds import ItemKind as ItemKind
from config.kinds import Level as Level
from config.kinds import Stage as Stage
from config.kinds import WindowKind as WindowKind
from config.kinds import ZoneKind as ZoneKind
from config.rules import Calendar as Calendar
from config.rules import DispatchRules as DispatchRules
from config.rules import Palette as Palette
from config.rules import Rules as Rules


class Site(Part, frozen=True, kw_only=True):
    """A node of the site tree; halls people walk into have level ``building``."""

    id: Id
    name: Text
    level: Level = Level.BUILDING
    """What kind of place it is."""
    parent: Id | None = None
    """The site it belongs to."""


class Area(Part, frozen=True, kw_only=True):
    """A waiting area: where people sit, with boards and loudspeakers of its own (MZ-28)."""

    id: Id
    name: Text
    site: Id
    floor: Floor = 1
    """Ground floor is 1."""


class Zone(Part, frozen=True, kw_only=True):
    """A category zone: where a group of services is handled.

    Two zones may share a display name (Mengzi does); the id is the key. ``areas`` are the waiting
    areas that see and hear its calls; left out, all areas of its site and floor do.
    """

    id: Id
    name: Text
    site: Id
    kind: ZoneKind = ZoneKind.ACCEPTANCE
    """What happens there."""
    floor: Floor = 1
    """Ground floor is 1."""
    side: Text = {}
    """Where on the floor; slip, board and voice say it."""
    theme: Text = {}
    """Theme area the zone belongs to; several zones may share one (MZ-24)."""
    areas: tuple[Id, ...] = ()
    """Waiting areas that see and hear its calls."""
    queue: bool = True
    """Whether tickets are issued for it."""
    presences: Few = 0
    """Departments present in the zone; a count of units, not of positions."""
    notice: Text = {}
    """A standing sign for the board, such as who is served with priority."""


class Department(Part, frozen=True, kw_only=True):
    """A unit whose items are handled in the hall."""

    id: Id
    name: Text
    popular: bool = False
    """Shown first at kiosks (MZ-02)."""


class Series(Part, frozen=True, kw_only=True):
    """A run of ticket numbers: letter and range, restarted every business day."""

    id: Id
    prefix: Prefix = ""
    """Letter before the number; two series may share it when their ranges do not meet."""
    first: Count = 1
    """First number of the day."""
    last: Count | None = None
    """Last number, after which issuing is refused; None goes on with more digits."""
    digits: Annotated[int, Meta(ge=1, le=6)] = 3
    """Digits to fill up to, as in A007."""


class Service(Part, frozen=True, kw_only=True):
    """A service (业务类): what a citizen chooses and a window offers. One queue each."""

    id: Id
    name: Text
    zone: Id
    series: Id
    stage: Stage = Stage.ACCEPT
    """Which part of a journey it is."""
    mean: Mean = 10.0
    """Expected handling time, minutes; the hall's own figures replace it as it learns."""
    cv: Spread = 0.7
    """Standard deviation of the handling time over its mean."""
    target: Minutes = 20.0
    """Wait the hall wants to stay under, minutes."""
    departments: tuple[Id, ...] = ()
    """Whose items it takes."""
    catch_all: bool = False
    """Takes every item that no other service names (BA-23)."""
    consult_first: Id | None = None
    """Consult service offered before this one (BA-02)."""
    pickup: Id | None = None
    """Pickup service on which the journey ends."""
    board_name: Text = {}
    """Neutral wording for public screens; left out, ``name`` is shown."""
    popular: bool = False
    """Shown first at kiosks."""
    hidden: bool = False
    """Not offered at kiosks and shown on no board (secret items, XX-4)."""
    quota: Count | None = None
    """Most tickets a half day; None is no limit."""
    hours: tuple[Hours, ...] = ()
    """Own opening hours as ``"09:00-11:30"``; left out, the hall's."""


class Item(Part, frozen=True, kw_only=True):
    """One catalogue entry (事项) of a department, handled under a service."""

    code: Code
    """Catalogue code; the same code is the same item everywhere (MZ-08)."""
    name: Text
    department: Id
    service: Id | None = None
    """Service that takes it; left out, the catch-all."""
    kind: ItemKind = ItemKind.PROMISED
    """Whether it closes on the spot."""
    category: Category = Category.PERMIT
    """Legal category (GZ-26)."""
    promised_days: Days | None = None
    """Days the hall promises."""
    statutory_days: Days | None = None
    """Days the law allows."""
    steps: Few = 1
    """Steps it takes."""
    max_visits: Few = 1
    """Most visits to the hall: 0, 1 or 2 (GZ-33)."""
    needs_original: bool = True
    """Originals must be shown."""
    online: bool = False
    """Can be done online; the kiosk says so."""
    private_network: bool = False
    """Handled in a department's own network."""
    secret: bool = False
    """Never shown at kiosks or on boards."""
    one_seal: bool = False
    """Decided under the one approval seal (XX-3)."""
    agent_allowed: bool = True
    """Somebody else may apply."""
    released: Date | None = None
    """Date (YYYY-MM-DD) from which any comprehensive window may take it (DJ-06)."""
    batch: Few = 1
    """Batch of the catalogue it came with (DJ-08)."""
    popular: bool = False
    """Shown first at kiosks."""
    industry: Id | None = None
    """Trade it belongs to, for bundles by trade (MZ-17)."""
    bundle: tuple[Code, ...] = ()
    """Codes of the items that this bundle (套餐) handles on one ticket."""
    materials: tuple[Line, ...] = ()
    """What to bring, one line each; nothing like "other materials" (DJ-14)."""
    basis: Text = {}
    """Legal basis. This and the next six are shown to citizens (MZ-09, licensing law art. 30)."""
    condition: Text = {}
    """What must be fulfilled."""
    quantity: Text = {}
    """How many are granted."""
    process: Text = {}
    """The way it goes."""
    fee: Text = {}
    """What it costs."""
    audience: Text = {}
    """Who may ask for it."""
    sample: Text = {}
    """Where the sample form hangs."""


class Shift(Part, frozen=True, kw_only=True):
    """A stretch of the week in which a window offers other services or another unit sits there."""

    days: tuple[Weekday, ...] = (1, 2, 3, 4, 5)
    """Weekdays, Monday is 1."""
    hours: tuple[Hours, ...] = ()
    """Left out, the whole day."""
    services: tuple[Id, ...] = ()
    """What is offered then; left out, the window's own."""
    department: Id | None = None
    """Who sits there then."""
    since: Date | None = None
    """First day of a season."""
    until: Date | None = None
    """Last day of a season."""


class Window(Part, frozen=True, kw_only=True):
    """A window (窗口): where one clerk serves one person at a time."""

    id: Id
    number: Sign
    """What the sign over it says, and what the voice reads as a number."""
    zone: Id
    """Zone it stands in."""
    kind: WindowKind = WindowKind.COMPREHENSIVE_FIELD
    """What it is for."""
    name: Text = {}
    """Said besides the number."""
    services: tuple[Id, ...] = ()
    """What it offers; a comprehensive-any window without any offers all."""
    department: Id | None = None
    """Whose people sit there."""
    slow: Mapping[Id, Slowness] = {}
    """Service id -> how many times its mean this window takes outside its field."""
    roster: tuple[Shift, ...] = ()
    """Stretches of the week in which it offers something else (BA-19)."""
    temporary: bool = False
    """Opened only when needed (DJ-25)."""
    accessible: bool = False
    """Has a low counter and knee space, whatever its kind."""
    auto_call: Seconds | None = None
    """Seconds of breath after a finish before the next call; None waits for the clerk."""
    staff_floor: Few | None = None
    """Least people at this window; left out, the hall's rule."""

    @property
    def callable(self) -> bool:
        """Whether a citizen may ever be called here (BA-24: back office never)."""
        return self.kind is not WindowKind.BACK_OFFICE


class PriorityClass(Part, frozen=True, kw_only=True):
    """People the law or the hall puts forward, by a head start and never absolutely (2.3)."""

    id: Id
    name: Text
    head_start: Minutes = 15.0
    """Minutes by which their order time moves back."""
    proof: Text = {}
    """What to show the clerk."""
    min_age: Annotated[int, Meta(ge=0, le=120)] | None = None
    """Age from which the class is offered at the kiosk."""
    sign: bool = True
    """Named on the priority sign."""


class Hall(Part, frozen=True, kw_only=True, dict=True):
    """A whole centre, as read from one file. Look-ups by id are dictionaries."""

    id: Id
    name: Text
    timezone: Line = "Asia/Shanghai"
    """The hall's clock."""
    languages: tuple[Language, ...] = ("zh", "en")
    """Languages offered to citizens, the first by default."""
    phone: Line = ""
    """Number printed on slips."""
    synthetic: bool = False
    """The catalogue is made up (for scale tests and demonstrations)."""
    sites: tuple[Site, ...]
    areas: tuple[Area, ...]
    zones: tuple[Zone, ...]
    departments: tuple[Department, ...] = ()
    series: tuple[Series, ...]
    services: tuple[Service, ...]
    items: tuple[Item, ...] = ()
    windows: tuple[Window, ...]
    kiosks: tuple[Kiosk, ...] = ()
    boards: tuple[Board, ...] = ()
    voices: tuple[Voice, ...] = ()
    devices: tuple[Device, ...] = ()
    priorities: tuple[PriorityClass, ...] = ()
    walk: Mapping[Id, Mapping[Id, Minutes]] = {}
    """Site -> site -> minutes on foot."""
    staff: Count = 0
    """People the hall plans to have at its windows."""
    rules: Rules = Rules()
    palette: Palette = Palette()
    calendar: Calendar = Calendar()

    @cached_property
    def service_by_id(self) -> dict[str, Service]:
        return {s.id: s for s in self.services}

    @cached_property
    def window_by_id(self) -> dict[str, Window]:
        return {w.id: w for w in self.windows}

    @cached_property
    def zone_by_id(self) -> dict[str, Zone]:
        return {z.id: z for z in self.zones}

    @cached_property
    def area_by_id(self) -> dict[str, Area]:
        return {a.id: a for a in self.areas}

    @cached_property
    def series_by_id(self) -> dict[str, Series]:
        return {s.id: s for s in self.series}

    @cached_property
    def site_by_id(self) -> dict[str, Site]:
        return {s.id: s for s in self.sites}

    @cached_property
    def item_by_code(self) -> dict[str, Item]:
        return {i.code: i for i in self.items}

    @cached_property
    def kiosk_by_id(self) -> dict[str, Kiosk]:
        return {k.id: k for k in self.kiosks}

    @cached_property
    def priority_by_id(self) -> dict[str, PriorityClass]:
        return {p.id: p for p in self.priorities}

    def areas_of(self, zone: Zone) -> tuple[str, ...]:
        """Waiting areas that see and hear the calls of `zone`."""
        if zone.areas:
            return zone.areas
        same = tuple(a.id for a in self.areas if (a.site, a.floor) == (zone.site, zone.floor))
        return same or tuple(a.id for a in self.areas if a.site == zone.site)


def text(names: Text, language: str) -> str:
    """The wording in `language`, else Chinese, else any there is, else nothing."""
    return names.get(language) or names.get("zh") or next(iter(names.values()), "")
