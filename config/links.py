"""What one key of a hall file says of another: ids that must exist, numbers that must not clash.

Each rule is a small generator; `RULES` lists them. A rule here is a reason to refuse the file. What
is merely unwise is a warning in `config.check`.
"""

import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import combinations

import msgspec

from config.bounds import Hours, Language
from config.faults import Found, Path, both, nearest, quoted
from config.hall import Hall, Series, Shift, Stage, Text, WindowKind
from config.shape import ROWS, Draft

REFERENCES: Mapping[str, Mapping[str, str]] = {
    "sites": {"parent": "sites"},
    "areas": {"site": "sites"},
    "zones": {"site": "sites", "areas": "areas"},
    "services": {
        "zone": "zones",
        "series": "series",
        "departments": "departments",
        "consult_first": "services",
        "pickup": "services",
    },
    "items": {"department": "departments", "service": "services", "bundle": "items"},
    "windows": {
        "zone": "zones",
        "services": "services",
        "department": "departments",
        "slow": "services",
    },
    "kiosks": {"zone": "zones", "printer": "devices", "reader": "devices", "series": "series"},
    "boards": {"areas": "areas"},
    "voices": {"area": "areas", "device": "devices"},
    "devices": {"window": "windows", "kiosk": "kiosks"},
}
"""Table -> key -> the table whose ids the key holds."""

ONE: Mapping[str, Text] = {
    "sites": {"en": "site", "zh": "场所"},
    "areas": {"en": "waiting area", "zh": "等候区"},
    "zones": {"en": "zone", "zh": "分区"},
    "departments": {"en": "department", "zh": "部门"},
    "series": {"en": "series", "zh": "号段"},
    "services": {"en": "service", "zh": "业务"},
    "items": {"en": "item", "zh": "事项"},
    "windows": {"en": "window", "zh": "窗口"},
    "kiosks": {"en": "kiosk", "zh": "取号机"},
    "boards": {"en": "board", "zh": "大屏"},
    "voices": {"en": "voice", "zh": "语音"},
    "devices": {"en": "device", "zh": "设备"},
    "priorities": {"en": "priority class", "zh": "优先人群"},
}
"""What one row of a table is called."""


def find_broken_links(draft: Draft) -> list[Found]:
    """Everything in the hall that cannot be, although each key by itself can."""
    return [found for rule in RULES for found in rule(draft)]


def _none_at_all(draft: Draft) -> Iterator[Found]:
    for field in msgspec.structs.fields(Hall):
        if field.required and field.name in ROWS and not draft.ids[field.name]:
            name = f"[[{field.name}]]"
            yield Found((), field.name, both(f"needs at least one {name}", f"至少要有一个 {name}"))


def _twice(draft: Draft) -> Iterator[Found]:
    for table, ids in draft.ids.items():
        seen: set[str] = set()
        for n, one in enumerate(ids):
            if one and one in seen:
                key = "code" if table == "items" else "id"
                en = f"{quoted(one)} is already the id of another {ONE[table]['en']}"
                zh = f"{quoted(one)} 已是另一个{ONE[table]['zh']}的编号"
                yield Found((table, n), key, both(en, zh))
            seen.add(one)


def _missing(draft: Draft) -> Iterator[Found]:
    for table, keys in REFERENCES.items():
        for n, row in enumerate(getattr(draft.hall, table)):
            for key, target in keys.items():
                for one in _words(getattr(row, key)):
                    yield from _known(draft, one, target, draft.path(table, n), key)
    for n, window in enumerate(draft.hall.windows):
        for m, shift in enumerate(window.roster):
            path = (*draft.path("windows", n), "roster", m)
            for service in shift.services:
                yield from _known(draft, service, "services", path, "services")
            for department in _words(shift.department):
                yield from _known(draft, department, "departments", path, "department")
    for start, ways in draft.hall.walk.items():
        yield from _known(draft, start, "sites", ("walk",), start)
        for end in ways:
            yield from _known(draft, end, "sites", ("walk", start), end)


def _known(draft: Draft, one: str, table: str, path: Path, key: str) -> Iterator[Found]:
    if one not in draft.known[table]:
        en = f"there is no {ONE[table]['en']} {quoted(one)}"
        zh = f"没有编号为 {quoted(one)} 的{ONE[table]['zh']}"
        yield Found(path, key, both(en, zh), nearest(one, draft.known[table]))


def _words(value: object) -> Iterable[str]:
    """The ids in a key: one, a list of them, or the keys of a table."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, tuple | Mapping) else ()


def _repeated(draft: Draft) -> Iterator[Found]:
    for table, keys in REFERENCES.items():
        for n, row in enumerate(getattr(draft.hall, table)):
            for key in keys:
                for one, times in Counter(_words(getattr(row, key))).items():
                    if times > 1:
                        wrong = both(f"{quoted(one)} is listed twice", f"{quoted(one)} 重复")
                        yield Found(draft.path(table, n), key, wrong)


def _site_circles(draft: Draft) -> Iterator[Found]:
    parent = {site.id: site.parent for site in draft.hall.sites}
    for n, site in enumerate(draft.hall.sites):
        way, here = [site.id], site.parent
        while here is not None and here not in way:
            way.append(here)
            here = parent.get(here)
        if here == site.id:
            ring = " > ".join([*way, here])
            wrong = both(f"the sites go round in a circle: {ring}", f"场所层级成环:{ring}")
            yield Found(draft.path("sites", n), "parent", wrong)


def _series_ranges(draft: Draft) -> Iterator[Found]:
    for n, one in draft.whole("series"):
        if one.last is not None and one.last < one.first:
            wrong = both(
                f"{one.last} comes before the first number {one.first}",
                f"{one.last} 小于起始号 {one.first}",
            )
            yield Found(draft.path("series", n), "last", wrong)
    for (_, a), (n, b) in combinations(draft.whole("series"), 2):
        if a.id != b.id and a.prefix == b.prefix and _overlap(a, b):
            letter = quoted(b.prefix)
            en = f"{letter} gives out the same numbers as series {quoted(a.id)}"
            zh = f"{letter} 与号段 {quoted(a.id)} 的号码重叠"
            yield Found(draft.path("series", n), "prefix", both(en, zh))


def _overlap(a: Series, b: Series) -> bool:
    endless = 10**9
    return a.first <= (b.last or endless) and b.first <= (a.last or endless)


def _offline_series(draft: Draft) -> Iterator[Found]:
    users = {service.series: f"service {service.id}" for service in draft.hall.services}
    for n, kiosk in enumerate(draft.hall.kiosks):
        if kiosk.series is None:
            continue
        if kiosk.series in users:
            en = f"{quoted(kiosk.series)} is used by {users[kiosk.series]}; numbers would clash"
            zh = f"{quoted(kiosk.series)} 已被 {users[kiosk.series]} 使用,号码会重复"
            yield Found(draft.path("kiosks", n), "series", both(en, zh))
        users[kiosk.series] = f"kiosk {kiosk.id}"


def _stages(draft: Draft) -> Iterator[Found]:
    stage = {service.id: service.stage for _, service in draft.whole("services")}
    queueless = {zone.id for zone in draft.hall.zones if not zone.queue}
    for n, service in enumerate(draft.hall.services):
        path = draft.path("services", n)
        for key, want in (("consult_first", Stage.CONSULT), ("pickup", Stage.PICKUP)):
            other = getattr(service, key)
            if other in stage and stage[other] is not want:
                right = nearest(other, (s for s, its in stage.items() if its is want))
                en = f"{quoted(other)} is no service of stage {want}"
                zh = f"{quoted(other)} 不是 {want} 环节的业务"
                yield Found(path, key, both(en, zh), right)
        if service.zone in queueless:
            en = f"zone {quoted(service.zone)} has no queue"
            zh = f"分区 {quoted(service.zone)} 不设排队"
            yield Found(path, "zone", both(en, zh))


def _back_office(draft: Draft) -> Iterator[Found]:
    """BA-24: nobody is ever called to a back-office position."""
    stage = {service.id: service.stage for _, service in draft.whole("services")}
    for n, window in enumerate(draft.hall.windows):
        for service in window.services if window.kind is WindowKind.BACK_OFFICE else ():
            if stage.get(service, Stage.BACK_OFFICE) is not Stage.BACK_OFFICE:
                en = f"a back-office window cannot serve {quoted(service)}, people would be called"
                zh = f"后台窗口不能办理 {quoted(service)}:群众会被叫到后台"
                yield Found(draft.path("windows", n), "services", both(en, zh))


def _catch_all(draft: Draft) -> Iterator[Found]:
    """BA-23: every item has a service, and only one is the service of last resort."""
    catch_all = [n for n, service in enumerate(draft.hall.services) if service.catch_all]
    for n in catch_all[1:]:
        first = quoted(draft.hall.services[catch_all[0]].id)
        wrong = both(f"{first} is the catch-all already", f"{first} 已是兜底业务")
        yield Found(draft.path("services", n), "catch_all", wrong)
    for n, item in enumerate(draft.hall.items):
        if item.service is None and not catch_all and _all_whole(draft, "services"):
            en = "is missing, and no service has catch_all = true"
            wrong = both(en, "缺少这一项,也没有业务设置 catch_all = true")
            yield Found(draft.path("items", n), "service", wrong)


def _all_whole(draft: Draft, table: str) -> bool:
    return len(list(draft.whole(table))) == len(draft.ids[table])


def _bundles(draft: Draft) -> Iterator[Found]:
    bundles = {item.code for item in draft.hall.items if item.bundle}
    for n, item in enumerate(draft.hall.items):
        for code in item.bundle:
            if code in bundles:
                wrong = both(f"{quoted(code)} is itself a bundle", f"{quoted(code)} 本身是套餐")
                yield Found(draft.path("items", n), "bundle", wrong)


def _times(draft: Draft) -> Iterator[Found]:
    """Hours that end before they begin, days that no calendar has."""
    yield from _times_of(draft.hall.rules, ("rules",))
    yield from _times_of(draft.hall.calendar, ("calendar",))
    for table in ("services", "items", "windows", "voices"):
        for n, row in enumerate(getattr(draft.hall, table)):
            yield from _times_of(row, draft.path(table, n))
    for n, window in enumerate(draft.hall.windows):
        for m, shift in enumerate(window.roster):
            path = (*draft.path("windows", n), "roster", m)
            yield from _times_of(shift, path)
            yield from _span(shift, path)


def _times_of(row: msgspec.Struct, path: Path) -> Iterator[Found]:
    hours, dates = _time_keys(type(row))
    for key in hours:
        for span in getattr(row, key):
            start, _, end = span.partition("-")
            if not start < end:
                wrong = both(f"{quoted(span)} ends before it begins", f"{quoted(span)} 起止颠倒")
                # A quiet stretch may run over midnight; an opening may not.
                if key != "quiet_hours" or start == end:
                    yield Found(path, key, wrong)
    for key in dates:
        for day in _words(getattr(row, key)):
            if not _is_date(day):
                wrong = both(f"there is no day {quoted(day)}", f"没有 {quoted(day)} 这一天")
                yield Found(path, key, wrong)


@cache
def _time_keys(kind: type[msgspec.Struct]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fields = msgspec.structs.fields(kind)
    hours = tuple(f.name for f in fields if f.type == tuple[Hours, ...])
    dated = ("since", "until", "released", "formal_from", "closed", "open", "rest", "work")
    return hours, tuple(f.name for f in fields if f.name in dated)


def _span(shift: Shift, path: Path) -> Iterator[Found]:
    if shift.since and shift.until and shift.until < shift.since:
        wrong = both(f"{shift.until} comes before since", f"{shift.until} 早于 since")
        yield Found(path, "until", wrong)


def _is_date(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _calendar(draft: Draft) -> Iterator[Found]:
    calendar = draft.hall.calendar
    for one, other in (("closed", "open"), ("rest", "work")):
        for day in sorted(set(getattr(calendar, one)) & set(getattr(calendar, other))):
            wrong = both(f"{day} is in {one} too", f"{day} 同时写在 {one} 里")
            yield Found(("calendar",), other, wrong)


def _timezone(draft: Draft) -> Iterator[Found]:
    zone = draft.hall.timezone
    try:
        zoneinfo.ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        wrong = both(f"there is no time zone {quoted(zone)}", f"没有时区 {quoted(zone)}")
        yield Found(("hall",), "timezone", wrong, nearest(zone, zoneinfo.available_timezones()))


def _wordings(draft: Draft) -> Iterator[Found]:
    yield from _words_of(draft.hall, ("hall",), draft)
    yield from _words_of(draft.hall.rules, ("rules",), draft)
    for table in ROWS:
        for n, row in enumerate(getattr(draft.hall, table)):
            yield from _words_of(row, draft.path(table, n), draft)


def _words_of(row: msgspec.Struct, path: Path, draft: Draft) -> Iterator[Found]:
    for key, required in _text_keys(type(row)):
        names: Text = getattr(row, key)
        for language, words in names.items():
            if not _is_language(language):
                wrong = both(
                    f"{quoted(language)} is no language", f"{quoted(language)} 不是语言代码"
                )
                yield Found(path, key, wrong, nearest(language, draft.hall.languages))
            elif not words.strip():
                yield Found(path, key, both(f"{language} is empty", f"{language} 是空的"))
        if required and not names and not (row is draft.hall and draft.hall.id == "?"):
            wrong = both('is empty; write { zh = "…", en = "…" }', '是空的;请写 { zh = "…" }')
            yield Found(path, key, wrong)


@cache
def _text_keys(kind: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    return tuple((f.name, f.required) for f in msgspec.structs.fields(kind) if f.type == Text)


@cache
def _is_language(word: str) -> bool:
    try:
        msgspec.convert(word, Language)
    except msgspec.ValidationError:
        return False
    return True


def _shared_lines(draft: Draft) -> Iterator[Found]:
    """Two devices on one plug hear each other's orders."""
    seen: dict[tuple[str, int | None], str] = {}
    for n, device in draft.whole("devices"):
        if not device.link.startswith(("serial:", "tcp:", "udp:", "usb:")):
            continue
        plug = (device.link, device.address)
        if plug in seen:
            en = f"{quoted(device.link)} is where {quoted(seen[plug])} hangs; give each an address"
            zh = f"{quoted(device.link)} 上已接 {quoted(seen[plug])};请各设 address"
            yield Found(draft.path("devices", n), "link", both(en, zh))
        seen[plug] = device.id


RULES = (
    _none_at_all,
    _twice,
    _missing,
    _repeated,
    _site_circles,
    _series_ranges,
    _offline_series,
    _stages,
    _back_office,
    _catch_all,
    _bundles,
    _times,
    _calendar,
    _timezone,
    _wordings,
    _shared_lines,
)
