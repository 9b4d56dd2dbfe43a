"""What is unwise in a hall file that could be used, and the report of ``yichuang check``.

The rules come from law, standards and the halls themselves; each says where from. They warn and
never refuse: whoever runs the hall may know better.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from config.bounds import Text
from config.colours import contrast
from config.faults import Found, HallFileError, both, nearest, quoted
from config.hall import COMPREHENSIVE, DEVICE_KINDS, Board, Hall, ItemKind, WindowKind
from config.load import examine, read_bytes
from config.summary import summary
from config.workdays import read_years

Rule = Callable[[Hall], Iterator[Found]]

MOST = 5
"""Warnings of one rule that are written out; the rest are counted."""
READABLE = 4.5
"""Least contrast of text on its ground (age-friendly specification; WCAG 2 AA)."""
HARDLY = 250.0
"""Viewing distance over character height at which digits can just be made out."""
LINKS = (
    *("emulator", "serial", "tcp", "udp", "usb", "file", "pty"),
    *("pcsc", "evdev", "mqtt", "alsa", "none"),
)
"""How a device may hang in the hall; ``none`` is only on the list."""


def report(
    path: str | os.PathLike[str],
    *,
    language: str | None = None,
    today: date | None = None,
    drivers: Collection[str] = (),
    more: Iterable[Rule] = (),
) -> tuple[list[str], bool]:
    """What to print about the hall file at `path`, line by line, and whether it can be used.

    `language` is ``zh`` or ``en``; left out, the environment decides. `drivers` are the names that
    devices may use, when the caller knows them. `more` are further rules, of parts that this
    package cannot see.
    """
    language = language or environment_language()
    file = Path(path)
    try:
        draft, faults, locate = examine(read_bytes(file), file.name)
    except HallFileError as error:
        faults = error.faults
    if faults:
        words = both(
            f"{file.name}: not used, {len(faults)} faults",
            f"{file.name}:不能使用,{len(faults)} 处错误",
        )
        return [*(fault.say(language) for fault in faults), _say(words, language)], False
    hall = draft.hall
    day = today or datetime.now(UTC).date()
    warned = [list(rule(hall)) for rule in (*RULES, *more)]
    warned.append(list(_drivers(hall, drivers)))
    warned.append(list(_years(day)))
    lines = summary(hall, language)
    for found in warned:
        lines += [f"! {locate(one).say(language)}" for one in islice(found, MOST)]
        if len(found) > MOST:
            rest = len(found) - MOST
            lines.append("! " + _say(both(f"… and {rest} more", f"……另有 {rest} 处"), language))
    count = sum(map(len, warned))
    done = both(f"{file.name}: good, {count} warnings", f"{file.name}:可以使用,{count} 条提醒")
    return [*lines, _say(done, language)], True


def warnings(hall: Hall) -> list[Found]:
    """Everything unwise in `hall` that the hall file alone can tell."""
    return [found for rule in RULES for found in rule(hall)]


def environment_language() -> str:
    """``zh`` or ``en``, as the environment of the shell asks."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def comprehensive_share(hall: Hall) -> float:
    """Share of comprehensive windows among those people are called to (DJ-19), 0 to 1.

    Temporary windows are left out: they stand in for others.
    """
    standing = [w for w in hall.windows if w.callable and not w.temporary]
    return sum(w.kind in COMPREHENSIVE for w in standing) / len(standing) if standing else 0.0


def _say(words: Text, language: str) -> str:
    return words["zh" if language.startswith("zh") else "en"]


def _deadlines(hall: Hall) -> Iterator[Found]:
    """XX-13: a promise is at most half of what the law allows, and few steps."""
    share, steps = hall.rules.promised_share, hall.rules.max_steps
    for n, item in enumerate(hall.items):
        legal, promised = item.statutory_days, item.promised_days
        if item.kind is ItemKind.PROMISED and legal and promised and promised > legal * share:
            en = f"{promised} days is more than {share:g} of the statutory {legal}"
            zh = f"承诺 {promised} 日,超过法定 {legal} 日的 {share:g}"
            yield Found(("items", n), "promised_days", both(en, zh))
        if item.steps > steps:
            wrong = both(f"{item.steps} steps, at most {steps} wanted", f"环节超过 {steps} 个")
            yield Found(("items", n), "steps", wrong)


def _materials(hall: Hall) -> Iterator[Found]:
    """DJ-14: a list of materials has no back door."""
    doors = ("其他材料", "其它材料", "等材料", "other material", "other document")
    for n, item in enumerate(hall.items):
        for line in item.materials:
            if any(door in line.lower() for door in doors):
                wrong = both(f"{quoted(line)} is open-ended", f"{quoted(line)} 属兜底条款")
                yield Found(("items", n), "materials", wrong)


ELEMENTS = ("basis", "condition", "quantity", "process", "fee", "audience", "sample", "materials")


def _catalogue(hall: Hall) -> Iterator[Found]:
    """Licensing law art. 30: what has to hang in the hall for every item."""
    if hall.synthetic or not hall.items:
        return
    for element in ELEMENTS:
        bare = [item.code for item in hall.items if not getattr(item, element)]
        if bare:
            en = f"missing in {len(bare)} of {len(hall.items)} items, {bare[0]} first"
            zh = f"{len(hall.items)} 个事项中有 {len(bare)} 个未写,如 {bare[0]}"
            yield Found(("items",), element, both(en, zh))


def _share(hall: Hall) -> Iterator[Found]:
    share, wanted = comprehensive_share(hall), hall.rules.comprehensive_share
    if share < wanted:
        en = f"{share:.0%} of the windows are comprehensive, {wanted:.0%} wanted"
        zh = f"综合窗口占 {share:.0%},要求不低于 {wanted:.0%}"
        yield Found(("rules",), "comprehensive_share", both(en, zh))


def _letters(hall: Hall) -> Iterator[Found]:
    for n, series in enumerate(hall.series):
        if bad := set(series.prefix) & set("IOQ"):
            letter = min(bad)
            en, zh = f"{letter} is easily misread", f"字母 {letter} 容易看错"
            yield Found(("series", n), "prefix", both(en, zh))


def digit_height(board: Board) -> float | None:
    """Millimetres of a digit on `board`, about; None when the dot pitch is unknown."""
    if board.pitch is None:
        return None
    wall = board.layout in ("wall", "mono")
    rows = board.rows or (max(1, board.height // 32) if wall else 4)
    return board.pitch * board.height * (0.57 / (rows + 0.72) if wall else 0.3 / rows)


def _boards(hall: Hall) -> Iterator[Found]:
    for n, board in enumerate(hall.boards):
        height = digit_height(board)
        if height and height < board.distance * 1000 / HARDLY:
            en = f"digits of {height:.0f} mm cannot be read from {board.distance:g} m"
            zh = f"字高约 {height:.0f} mm,{board.distance:g} 米处看不清"
            yield Found(("boards", n), "rows" if board.rows else "pitch", both(en, zh))


def _palette(hall: Hall) -> Iterator[Found]:
    palette = hall.palette
    for key, ground in (
        ("ink", "paper"),
        ("primary", "paper"),
        ("accent", "night"),
        ("paper", "night"),
    ):
        ratio = contrast(getattr(palette, key), getattr(palette, ground))
        if ratio < READABLE:
            en = f"contrast with {ground} is {ratio:.1f}, at least {READABLE} wanted"
            zh = f"与 {ground} 的对比度只有 {ratio:.1f},应不低于 {READABLE}"
            yield Found(("palette",), key, both(en, zh))


def _nobody_serves(hall: Hall) -> Iterator[Found]:
    served = {s for w in hall.windows for s in w.services}
    served |= {s for w in hall.windows for shift in w.roster for s in shift.services}
    anything = any(
        w.kind is WindowKind.COMPREHENSIVE_ANY and not w.services and not w.temporary
        for w in hall.windows
    )
    for n, service in enumerate(hall.services):
        if service.id not in served and not (anything and service.stage in ("accept", "instant")):
            wrong = both("no window serves it", "没有窗口办理")
            yield Found(("services", n), "id", wrong)


def _serves_nothing(hall: Hall) -> Iterator[Found]:
    for n, window in enumerate(hall.windows):
        if window.kind is WindowKind.COMPREHENSIVE_ANY or window.temporary:
            continue
        if not window.services and not any(shift.services for shift in window.roster):
            yield Found(("windows", n), "services", both("serves nothing", "没有可办业务"))


def _same_numbers(hall: Hall) -> Iterator[Found]:
    seen: dict[tuple[str, str], str] = {}
    for n, window in enumerate(hall.windows):
        zone = hall.zone_by_id[window.zone]
        place = (zone.site, window.number)
        if window.callable and place in seen:
            en = f"{quoted(window.number)} hangs over window {seen[place]} too"
            zh = f"{quoted(window.number)} 与窗口 {seen[place]} 同号"
            yield Found(("windows", n), "number", both(en, zh))
        if window.callable:
            seen[place] = window.id


def _accessible(hall: Hall) -> Iterator[Found]:
    """Barrier-free environment law art. 40: a low counter or accessible window is a must."""
    if not any(w.accessible or w.kind is WindowKind.ACCESSIBLE for w in hall.windows):
        wrong = both(
            "none is accessible (law, art. 40)", "没有无障碍窗口(无障碍环境建设法第四十条)"
        )
        yield Found(("windows",), "kind", wrong)


def _seen_and_heard(hall: Hall) -> Iterator[Found]:
    boards = {area for board in hall.boards for area in board.areas}
    voices = [voice.area for voice in hall.voices]
    for n, area in enumerate(hall.areas):
        if area.id not in boards:
            yield Found(("areas", n), "id", both("no board shows its calls", "没有大屏显示呼叫"))
        if area.id not in voices:
            yield Found(("areas", n), "id", both("no voice says its calls", "没有语音播报"))
    for n, voice in enumerate(hall.voices):
        if voice.area in voices[:n]:
            wrong = both("another voice speaks there; they will clash", "该区已有语音,会相互干扰")
            yield Found(("voices", n), "area", wrong)
    for n, zone in enumerate(hall.zones):
        if zone.queue and zone.kind != "back-office" and not hall.areas_of(zone):
            wrong = both("nobody waits within sight of it", "没有对应的等候区")
            yield Found(("zones", n), "areas", wrong)


def _catch_all(hall: Hall) -> Iterator[Found]:
    """BA-23: something takes what nothing else does."""
    if not any(service.catch_all for service in hall.services):
        yield Found(("services",), "catch_all", both("none is the catch-all", "没有兜底业务"))


def _wordings(hall: Hall) -> Iterator[Found]:
    """Every language the hall offers, for everything a citizen chooses from."""
    for table in ("zones", "services", "items"):
        rows = getattr(hall, table)
        for language in hall.languages:
            bare = [n for n, row in enumerate(rows) if not row.name.get(language)]
            if bare:
                en = f"{len(bare)} without a name in {language}, this one first"
                zh = f"{len(bare)} 个没有 {language} 名称,这是第一个"
                yield Found((table, bare[0]), "name", both(en, zh))


def _devices(hall: Hall) -> Iterator[Found]:
    for n, device in enumerate(hall.devices):
        if device.kind is not None and device.kind not in DEVICE_KINDS:
            wrong = both(f"unknown kind {quoted(device.kind)}", f"未知类型 {quoted(device.kind)}")
            yield Found(("devices", n), "kind", wrong, nearest(device.kind, DEVICE_KINDS))
        link = device.link.partition(":")[0]
        if link not in LINKS:
            wrong = both(f"unknown link {quoted(link)}", f"未知连接 {quoted(link)}")
            yield Found(("devices", n), "link", wrong, nearest(link, LINKS))
    for n, kiosk in enumerate(hall.kiosks):
        if kiosk.printer is None:
            yield Found(("kiosks", n), "printer", both("prints no slip", "没有打印机"))


def _drivers(hall: Hall, drivers: Collection[str]) -> Iterator[Found]:
    for n, device in enumerate(hall.devices if drivers else ()):
        if device.driver not in drivers:
            name = quoted(device.driver)
            wrong = both(f"there is no driver {name}", f"没有驱动 {name}")
            yield Found(("devices", n), "driver", wrong, nearest(device.driver, drivers))


def _staff(hall: Hall) -> Iterator[Found]:
    if hall.staff < hall.rules.staff_floor:
        en = f"{hall.staff} people, rules.staff_floor wants {hall.rules.staff_floor}"
        zh = f"{hall.staff} 人,少于 rules.staff_floor 的 {hall.rules.staff_floor} 人"
        yield Found(("hall",), "staff", both(en, zh))


def _years(today: date) -> Iterator[Found]:
    """Deadlines of this autumn end next year; its announcement comes in November."""
    needed = [today.year] if today.month < 11 else [today.year, today.year + 1]
    for year in sorted(set(needed) - read_years().keys()):
        en = f"no announcement of the working days of {year}; deadlines are provisional"
        zh = f"缺少 {year} 年放假安排,到期日为暂定"
        yield Found(("calendar",), f"cn-{year}.toml", both(en, zh))


RULES: tuple[Rule, ...] = (
    _nobody_serves,
    _serves_nothing,
    _same_numbers,
    _accessible,
    _seen_and_heard,
    _catch_all,
    _share,
    _staff,
    _letters,
    _boards,
    _palette,
    _devices,
    _wordings,
    _deadlines,
    _materials,
    _catalogue,
)
