"""What a hall is: the model that a hall file (TOML) is read into.

One file describes one centre: its sites (buildings), zones, windows, services, items, devices
and rules. Everything here is frozen data with a meaning and a unit; the loader (`config.load`)
turns a file into a `Hall` and refuses a wrong one in the installer's words.

Ids are short ASCII words, unique inside their table. Names are what people read, in one or more
languages (`Text`). Durations are minutes unless the name says otherwise.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

import msgspec

Text = dict[str, str]
"""What people read, by language tag: ``{zh = "综合窗口", en = "General service"}``."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every table of a hall file: read-only, and a key nobody knows is an error."""


class Level(StrEnum):
    """Levels of the site tree, from the province down to a building (MZ-31, GZ-22)."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    CENTRE = "centre"
    SUBCENTRE = "subcentre"
    TOWN = "town"
    VILLAGE = "village"
    BUILDING = "building"


class ZoneKind(StrEnum):
    """What happens in a zone; the list is open in the sources and grows here (BA-06)."""

    TAKE_NUMBER = "take-number"
    CONSULT = "consult"
    ACCEPTANCE = "acceptance"
    BACK_OFFICE = "back-office"
    PICKUP = "pickup"
    SELF_SERVICE = "self-service"
    WAITING = "waiting"
    BUSINESS = "business"
    TRADE = "trade"


class WindowKind(StrEnum):
    """What a window is for. A `BACK_OFFICE` position is never callable (BA-24)."""

    CONSULT = "consult"
    COMPREHENSIVE_FIELD = "comprehensive-field"
    COMPREHENSIVE_ANY = "comprehensive-any"
    DEPARTMENT_INSTANT = "department-instant"
    PICKUP = "pickup"
    BACK_OFFICE = "back-office"
    ROTA = "rota"
    EMERGENCY = "emergency"
    ACCESSIBLE = "accessible"
    PROBLEM_DESK = "problem-desk"


COMPREHENSIVE = frozenset(
    {WindowKind.COMPREHENSIVE_FIELD, WindowKind.COMPREHENSIVE_ANY, WindowKind.ACCESSIBLE}
)


class Stage(StrEnum):
    """Which part of a journey a service's ticket is for."""

    CONSULT = "consult"
    ACCEPT = "accept"
    INSTANT = "instant"
    BACK_OFFICE = "back-office"
    PICKUP = "pickup"


class ItemKind(StrEnum):
    """INSTANT closes in the session; PROMISED starts a deadline (MZ-03)."""

    INSTANT = "instant"
    PROMISED = "promised"


class Category(StrEnum):
    """Legal category of an item (GZ-26)."""

    PERMIT = "permit"
    CONFIRMATION = "confirmation"
    PAYMENT = "payment"
    LEVY = "levy"
    OTHER = "other"
    PUBLIC_SERVICE = "public-service"


class Site(_Part, frozen=True, kw_only=True):
    """A node of the site tree; halls people walk into have level ``building``."""

    id: str
    name: Text
    level: Level = Level.BUILDING
    parent: str | None = None


class Area(_Part, frozen=True, kw_only=True):
    """A waiting area: where people sit, with boards and loudspeakers of its own (MZ-28)."""

    id: str
    name: Text
    site: str
    floor: int = 1


class Zone(_Part, frozen=True, kw_only=True):
    """A category zone: where a group of services is handled.

    Two zones may share a display name (Mengzi does); the id is the key. ``areas`` are the waiting
    areas that see and hear its calls; left out, all areas of its site and floor do.
    """

    id: str
    name: Text
    site: str
    kind: ZoneKind = ZoneKind.ACCEPTANCE
    floor: int = 1
    side: Text = {}
    areas: tuple[str, ...] = ()
    queue: bool = True
    presences: int = 0
    """Departments present in the zone; a count of units, not of positions."""
    notice: Text = {}
    """A standing sign for the board, such as who is served with priority."""


class Department(_Part, frozen=True, kw_only=True):
    """A unit whose items are handled in the hall."""

    id: str
    name: Text
    popular: bool = False


class Series(_Part, frozen=True, kw_only=True):
    """A run of ticket numbers: letter and range, restarted every business day."""

    id: str
    prefix: str = ""
    first: int = 1
    last: int | None = None
    """Last number, after which issuing is refused; None goes on with more digits."""
    digits: int = 3


class Service(_Part, frozen=True, kw_only=True):
    """A service (业务类): what a citizen chooses and a window offers. One queue each."""

    id: str
    name: Text
    zone: str
    series: str
    stage: Stage = Stage.ACCEPT
    mean: float = 10.0
    """Expected handling time, minutes; the hall's own figures replace it as it learns."""
    cv: float = 0.7
    target: float = 20.0
    """Wait the hall wants to stay under, minutes."""
    departments: tuple[str, ...] = ()
    catch_all: bool = False
    """Takes every item that no other service names (BA-23)."""
    consult_first: str | None = None
    """Consult service offered before this one (BA-02)."""
    pickup: str | None = None
    """Pickup service on which the journey ends."""
    board_name: Text = {}
    """Neutral wording for public screens; left out, ``name`` is shown."""
    popular: bool = False
    hidden: bool = False
    """Not offered at kiosks and shown on no board (secret items, XX-4)."""
    quota: int | None = None
    """Most tickets a half day; None is no limit."""
    hours: tuple[str, ...] = ()
    """Own opening hours as ``"09:00-11:30"``; left out, the hall's."""


class Item(_Part, frozen=True, kw_only=True):
    """One catalogue entry (事项) of a department, handled under a service."""

    code: str
    name: Text
    department: str
    service: str | None = None
    kind: ItemKind = ItemKind.PROMISED
    category: Category = Category.PERMIT
    promised_days: int | None = None
    statutory_days: int | None = None
    steps: int = 1
    max_visits: int = 1
    needs_original: bool = True
    online: bool = False
    private_network: bool = False
    secret: bool = False
    one_seal: bool = False
    agent_allowed: bool = True
    released: str | None = None
    """Date (YYYY-MM-DD) from which any comprehensive window may take it (DJ-06)."""
    batch: int = 1
    popular: bool = False
    industry: str | None = None
    bundle: tuple[str, ...] = ()
    """Codes of the items that this bundle (套餐) handles on one ticket."""
    materials: tuple[str, ...] = ()


class Shift(_Part, frozen=True, kw_only=True):
    """A stretch of the week in which a window offers other services or another unit sits there."""

    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    """Weekdays, Monday is 1."""
    hours: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    department: str | None = None
    since: str | None = None
    until: str | None = None


class Window(_Part, frozen=True, kw_only=True):
    """A window (窗口): where one clerk serves one person at a time."""

    id: str
    number: str
    """What the sign over it says, and what the voice reads as a number."""
    zone: str
    kind: WindowKind = WindowKind.COMPREHENSIVE_FIELD
    name: Text = {}
    services: tuple[str, ...] = ()
    department: str | None = None
    slow: Mapping[str, float] = {}
    """Service id -> how many times its mean this window takes outside its field."""
    roster: tuple[Shift, ...] = ()
    temporary: bool = False
    auto_call: float | None = None
    """Seconds of breath after a finish before the next call; None waits for the clerk."""

    @property
    def callable(self) -> bool:
        """Whether a citizen may ever be called here (BA-24: back office never)."""
        return self.kind is not WindowKind.BACK_OFFICE


class Kiosk(_Part, frozen=True, kw_only=True):
    """A ticket machine in a take-number zone."""

    id: str
    zone: str
    printer: str | None = None
    reader: str | None = None
    series: str | None = None
    """Series of its offline numbers; left out, blocks of the ordinary series are reserved."""
    width: int = 1080
    height: int = 1920
    distance: float = 0.6
    """Viewing distance, metres."""
    fallback: Text = {}
    """Where to go when this machine cannot issue."""


class Board(_Part, frozen=True, kw_only=True):
    """A hall board: one screen or LED wall for one or more waiting areas."""

    id: str
    areas: tuple[str, ...]
    layout: str = "hall"
    width: int = 1920
    height: int = 1080
    x: int = 0
    y: int = 0
    rows: int | None = None
    distance: float = 12.0
    """Metres from the furthest seat; the height of the characters is checked against it."""
    pitch: float | None = None
    """Millimetres from dot to dot of the wall or screen; None is unknown."""


class Voice(_Part, frozen=True, kw_only=True):
    """A loudspeaker group: what one waiting area hears."""

    id: str
    area: str
    device: str | None = None
    languages: tuple[str, ...] = ("zh", "en")
    times: int = 2
    gap: float = 0.8
    """Seconds between two repeats."""
    yao: bool = False
    """Say 1 as yāo."""
    silent: bool = False
    quiet_hours: tuple[str, ...] = ()
    volume: int = 100
    quiet_volume: int = 40


class Device(_Part, frozen=True, kw_only=True):
    """Something with a plug. ``driver`` names the code, ``link`` says where it hangs.

    Links: ``serial:/dev/ttyUSB0``, ``tcp:10.0.0.7:5005``, ``udp:...``, ``usb:0416:5011``,
    ``file:slip.bin``, ``pty``, ``emulator``.
    """

    id: str
    driver: str
    link: str = "emulator"
    kind: str | None = None
    window: str | None = None
    kiosk: str | None = None
    address: int | None = None
    options: Mapping[str, str | int | float | bool] = {}


class PriorityClass(_Part, frozen=True, kw_only=True):
    """People the law or the hall puts forward, by a head start and never absolutely (2.3)."""

    id: str
    name: Text
    head_start: float = 15.0
    """Minutes by which their order time moves back."""
    proof: Text = {}
    """What to show the clerk."""
    min_age: int | None = None
    sign: bool = True
    """Named on the priority sign."""


class DispatchRules(_Part, frozen=True, kw_only=True):
    """Who is called next. Each field is explained to a manager in docs/dispatch.md."""

    policy: str = "fairband"
    band: float = 5.0
    """Minutes within which the system may help the longer queue."""
    kappa: float = 3.0
    """Minutes of order that one extra minute of walking or slowness counts for."""
    head_appointment: float = 15.0
    appointment_grace: float = 10.0
    return_credit: float = 5.0
    red_line: float | None = None
    """Minutes of waiting beyond which strict order rules; None is off."""
    priority_in_row: int = 2
    ordinary_patience: float = 20.0
    """After ``priority_in_row`` privileged calls in a row at a window, an ordinary ticket that
    has waited this many minutes goes first."""


class Rules(_Part, frozen=True, kw_only=True):
    """How the hall behaves; every key has a default a county hall can live with."""

    dispatch: DispatchRules = DispatchRules()
    hours: tuple[str, ...] = ("08:30-12:00", "13:30-17:30")
    """Hours in which tickets are issued and windows scheduled."""
    take_from: int = 20
    """Minutes before opening from which tickets may be taken."""
    weekend_opening: tuple[int, ...] = ()
    """Weekdays (6, 7) on which the hall opens although they are no working days."""
    day_starts: str = "00:00"
    """When the business day rolls over, hall time."""
    recall_limit: int = 3
    recall_spacing: float = 10.0
    """Seconds between two calls of the same ticket."""
    no_show_calls: int = 2
    no_show_seconds: float = 60.0
    restore_place: str = "after"
    """Where a returning no-show goes: ``after`` (behind the next ``restore_after`` people),
    ``keep`` or ``back``."""
    restore_after: int = 3
    restore_limit: int = 2
    hold_limit: int = 3
    undo_seconds: float = 5.0
    call_spacing: float = 1.0
    """Seconds in which a second call-next of one window counts as a slip of the finger."""
    transfer_place: str = "keep"
    call_chosen: str = "supervisor"
    """Who may call a chosen ticket: ``supervisor`` or ``clerk``; always with a reason."""
    call_chosen_quota: int = 5
    """Chosen calls per window and day."""
    outcomes: tuple[str, ...] = ("done", "told", "deferred", "not-needed")
    pause_reasons: tuple[str, ...] = ("meal", "meeting", "system", "rest")
    per_card: int = 3
    """Open tickets one identity card may hold a day."""
    kiosk_interval: float = 3.0
    """Seconds between two tickets of one kiosk without a card."""
    first_day_counts: bool = False
    told_once_days: int = 5
    consult_answer_days: int = 2
    delivery_days: int = 10
    warning_days: int = 1
    after_hours_receipt: str = "same-day"
    day_unit: str = "working"
    staff_floor: int = 0
    window_staff_floor: int = 0
    comprehensive_share: float = 0.0
    """Least share of comprehensive windows among callable ones, 0 to 1 (DJ-19)."""
    promised_share: float = 0.5
    max_steps: int = 4
    longest_wait: float = 30.0
    """Minutes after which the manager is told."""
    mode: str = "formal"
    """``trial`` sits two people at a window, ``formal`` one (DJ-12)."""
    rating_levels: tuple[Text, ...] = (
        {"zh": "非常满意", "en": "Very satisfied"},
        {"zh": "满意", "en": "Satisfied"},
        {"zh": "基本满意", "en": "Fairly satisfied"},
        {"zh": "不满意", "en": "Dissatisfied"},
        {"zh": "非常不满意", "en": "Very dissatisfied"},
    )
    rating_dimensions: tuple[Text, ...] = ()
    rating_minutes: float = 15.0
    rating_days: int = 5
    contact_days: int = 1
    simple_fix_days: int = 5
    complex_fix_days: int = 15
    integrity_notice: Text = {}
    card_retention_days: int = 1
    identity_retention_days: int = 30
    log_retention_days: int = 183


class Palette(_Part, frozen=True, kw_only=True):
    """Colours of the hall, ``#rrggbb``; contrast is checked when the file is."""

    primary: str = "#0b5cad"
    accent: str = "#f2b705"
    ink: str = "#14202b"
    paper: str = "#f6f8fa"
    night: str = "#07131f"


class Calendar(_Part, frozen=True, kw_only=True):
    """Local deviations from the national working-day calendar, dates as YYYY-MM-DD."""

    closed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


class Hall(_Part, frozen=True, kw_only=True, dict=True):
    """A whole centre, as read from one file. Look-ups by id are dictionaries."""

    id: str
    name: Text
    timezone: str = "Asia/Shanghai"
    languages: tuple[str, ...] = ("zh", "en")
    phone: str = ""
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
    walk: Mapping[str, Mapping[str, float]] = {}
    """Site -> site -> minutes on foot."""
    staff: int = 0
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
