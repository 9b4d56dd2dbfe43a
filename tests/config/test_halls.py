"""Every number of the five source documents, read back from the hall files.

The words in the first column are the requirements of the sources: BA is Bo'ai county 2018, XX
the 21 measures of Xixian New Area 2019, MZ Mengzi city 2017, GZ the hall standard of Guizhou
province 2017, DJ Dianjiang county 2021.
"""

import runpy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from config.check import comprehensive_share
from config.hall import (
    DEVICE_KINDS,
    Category,
    Hall,
    ItemKind,
    Level,
    Stage,
    Window,
    WindowKind,
    ZoneKind,
)
from config.load import load_hall, shipped, shipped_names

ROOT = Path(__file__).parents[2]


@cache
def hall(name: str) -> Hall:
    return load_hall(shipped(name))


def windows(h: Hall, *kinds: WindowKind, site: str = "") -> list[Window]:
    return [w for w in h.windows if w.kind in kinds and site in ("", h.zone_by_id[w.zone].site)]


def serving(h: Hall, site: str, *services: str, kind: WindowKind | None = None) -> int:
    return sum(
        w.services == services and h.zone_by_id[w.zone].site == site and kind in (None, w.kind)
        for w in h.windows
    )


def zones(h: Hall, kind: ZoneKind, site: str = "") -> int:
    return sum(z.kind is kind and site in ("", z.site) for z in h.zones)


def depth(h: Hall) -> int:
    def above(site: str | None) -> int:
        return 0 if site is None else 1 + above(h.site_by_id[site].parent)

    return max(above(site.id) for site in h.sites)


def departments(h: Hall, service: str) -> int:
    return len(h.service_by_id[service].departments)


CONSULT, FIELD, ANY = (
    WindowKind.CONSULT,
    WindowKind.COMPREHENSIVE_FIELD,
    WindowKind.COMPREHENSIVE_ANY,
)
BACK = WindowKind.BACK_OFFICE
Read = Callable[[Hall], Any]

BOAI: list[tuple[str, str, Read, object]] = [
    ("BA", "halls", lambda h: sum(s.level is Level.BUILDING for s in h.sites), 2),
    ("BA-10", "take-number areas", lambda h: zones(h, ZoneKind.TAKE_NUMBER), 2),
    ("BA-10", "... one in the south", lambda h: zones(h, ZoneKind.TAKE_NUMBER, "south"), 1),
    ("BA-10", "... one in the north", lambda h: zones(h, ZoneKind.TAKE_NUMBER, "north"), 1),
    ("BA-17", "consult windows", lambda h: len(windows(h, CONSULT)), 4),
    ("BA-17", "... two in the south", lambda h: len(windows(h, CONSULT, site="south")), 2),
    ("BA-17", "... two in the north", lambda h: len(windows(h, CONSULT, site="north")), 2),
    ("BA", "pickup areas", lambda h: zones(h, ZoneKind.PICKUP), 2),
    ("BA", "... one in the south", lambda h: zones(h, ZoneKind.PICKUP, "south"), 1),
    ("BA", "... one in the north", lambda h: zones(h, ZoneKind.PICKUP, "north"), 1),
    ("BA", "comprehensive windows", lambda h: len(windows(h, FIELD)), 4),
    ("BA", "... investment, south", lambda h: serving(h, "south", "invest", kind=FIELD), 1),
    ("BA", "... real estate, south", lambda h: serving(h, "south", "realty", kind=FIELD), 1),
    ("BA", "... business, north", lambda h: serving(h, "north", "business", kind=FIELD), 1),
    ("BA", "... social affairs, north", lambda h: serving(h, "north", "social", kind=FIELD), 1),
    ("BA", "back-office windows", lambda h: len(windows(h, BACK)), 16),
    ("BA", "... investment, south", lambda h: serving(h, "south", "office-invest-south"), 3),
    ("BA", "... real estate, south", lambda h: serving(h, "south", "office-realty"), 5),
    ("BA", "... investment, north", lambda h: serving(h, "north", "office-invest"), 4),
    ("BA", "... social affairs, north", lambda h: serving(h, "north", "office-social"), 2),
    ("BA", "... business, north", lambda h: serving(h, "north", "office-business"), 2),
    (
        "BA-24",
        "... that call",
        lambda h: sum(w.callable for w in windows(h, BACK)),
        0,
    ),
    ("BA-29", "least staff", lambda h: h.rules.staff_floor, 15),
    ("BA-06", "kinds of area", lambda h: len({z.kind for z in h.zones}), 5),
    ("BA-20", "categories", lambda h: zones(h, ZoneKind.ACCEPTANCE), 4),
    ("BA-22", "units for investment", lambda h: departments(h, "invest"), 13),
    ("BA-22", "units for real estate", lambda h: departments(h, "realty"), 2),
    ("BA-22", "units for business", lambda h: departments(h, "business"), 4),
    ("BA-23", "social affairs takes the rest", lambda h: h.service_by_id["social"].catch_all, True),
    ("BA-31", "days to answer a question", lambda h: h.rules.consult_answer_days, 2),
    (
        "BA-19",
        "windows with turns",
        lambda h: sum(bool(w.roster) for w in h.windows),
        2,
    ),
]

DIMENSIONS = ["服务态度", "审批速度", "业务熟练度", "办事便捷度", "廉洁审批度"]
GROUPS = {"licence", "engineering", "tax", "realty", "pension"}

XIXIAN: list[tuple[str, str, Read, object]] = [
    ("XX-1", "main and branch hall", lambda h: sum(s.level is Level.BUILDING for s in h.sites), 2),
    ("XX-2", "window groups", lambda h: zones(h, ZoneKind.ACCEPTANCE), 5),
    (
        "XX-2",
        "... of these names",
        lambda h: {s.id for s in h.services if s.stage is Stage.ACCEPT},
        GROUPS,
    ),
    ("XX-13", "share of the statutory time", lambda h: h.rules.promised_share, 0.5),
    ("XX-13", "steps of an item", lambda h: h.rules.max_steps, 4),
    ("XX-7", "visits of an ordinary item", lambda h: h.item_by_code["XS0101"].max_visits, 1),
    ("XX-8", "items of a bundle", lambda h: len(h.item_by_code["XS0104"].bundle), 3),
    ("XX-11", "self-service zone", lambda h: zones(h, ZoneKind.SELF_SERVICE), 1),
    (
        "XX-21",
        "questions of the rating",
        lambda h: [d["zh"] for d in h.rules.rating_dimensions],
        DIMENSIONS,
    ),
    ("XX-20", "integrity notice", lambda h: bool(h.rules.integrity_notice["zh"]), True),
    (
        "XX+b",
        "administrative levels",
        lambda h: {s.level for s in h.sites} - {Level.BUILDING},
        {Level.PREFECTURE, Level.COUNTY, Level.TOWN},
    ),
    ("XX-4", "secret items", lambda h: sum(i.secret for i in h.items) > 0, True),
    ("XX-3", "items under the one seal", lambda h: sum(i.one_seal for i in h.items) > 0, True),
    ("XX-12", "instant items", lambda h: any(i.kind is ItemKind.INSTANT for i in h.items), True),
]


def presences(h: Hall, floor: int, side: str) -> int:
    return sum(z.presences for z in h.zones if (z.floor, z.side.get("zh")) == (floor, side))


MENGZI: list[tuple[str, str, Read, object]] = [
    ("MZ-25", "units, ground floor right", lambda h: presences(h, 1, "右侧"), 2),
    ("MZ-25", "units, ground floor left", lambda h: presences(h, 1, "左侧"), 3),
    ("MZ-25", "units, upper floor left", lambda h: presences(h, 2, "左侧"), 14),
    ("MZ-25", "units, upper floor front right", lambda h: presences(h, 2, "右前侧"), 9),
    ("MZ-25", "units, upper floor back right", lambda h: presences(h, 2, "右后侧"), 1),
    ("MZ", "units in hall 1", lambda h: sum(z.presences for z in h.zones), 29),
    ("MZ", "physical zones with units", lambda h: sum(z.presences > 0 for z in h.zones), 5),
    ("MZ", "floors of hall 1", lambda h: len({z.floor for z in h.zones if z.site == "hall-1"}), 2),
    ("MZ-24", "theme areas", lambda h: len({z.theme["zh"] for z in h.zones if z.theme}), 5),
    (
        "MZ-24",
        "... unqueued",
        lambda h: sum(bool(z.theme) and not z.queue for z in h.zones),
        2,
    ),
    ("MZ-12", "kinds of comprehensive window", lambda h: len(windows(h, FIELD)), 3),
    ("MZ", "people there", lambda h: sum(w.staff_floor or 0 for w in windows(h, FIELD)), 8),
    (
        "MZ-06",
        "instant windows beside them, one a unit",
        lambda h: len(windows(h, WindowKind.DEPARTMENT_INSTANT, site="hall-1")),
        29,
    ),
    ("MZ-02", "popular departments", lambda h: sum(d.popular for d in h.departments), 10),
    ("MZ-31", "levels of the site tree", depth, 4),
    ("MZ-18", "halls", lambda h: sum(s.level is Level.BUILDING for s in h.sites), 2),
    (
        "MZ-18",
        "services in hall 2",
        lambda h: sum(h.zone_by_id[s.zone].site == "hall-2" for s in h.services),
        3,
    ),
    (
        "MZ-09",
        "elements of an item",
        lambda h: sum(map(bool, elements(h))),
        8,
    ),
    (
        "1.0",
        "zones that share a name",
        lambda h: sum(z.name["zh"] == "民生事务综合受理区" for z in h.zones),
        2,
    ),
    ("MZ-26", "desk at the entrance", lambda h: h.zone_by_id["desk"].side["zh"], "进门处"),
]


def elements(h: Hall) -> list[object]:
    item = h.item_by_code["MZ0101"]
    limit = item.kind is ItemKind.INSTANT or item.promised_days
    return [
        item.name, item.kind, item.condition, item.materials,
        item.process, limit, item.fee, item.audience,
    ]  # fmt: skip


TOWN = {
    "town-jobs", "town-insurance", "town-relief", "town-family",
    "town-farmland", "town-medical", "town-subsidy",
}  # fmt: skip

GUIZHOU: list[tuple[str, str, Read, object]] = [
    ("GZ-6b", "days to tell what is missing", lambda h: h.rules.told_once_days, 5),
    ("GZ-15", "days to deliver", lambda h: h.rules.delivery_days, 10),
    ("1.6", "days to decide", lambda h: h.rules.decision_days, 20),
    ("1.6", "... and longer", lambda h: h.rules.decision_extension, 10),
    ("1.6", "days of a joint decision", lambda h: h.rules.joint_days, 45),
    ("1.6", "... and longer", lambda h: h.rules.joint_extension, 15),
    ("GZ-9", "days of the lower authority", lambda h: h.rules.lower_days, 20),
    ("GZ", "days are working days", lambda h: h.rules.day_unit, "working"),
    ("GZ-19", "people at a department's window", lambda h: h.rules.window_staff_floor, 2),
    (
        "GZ-20",
        "people at a rota window",
        lambda h: {w.staff_floor for w in windows(h, WindowKind.ROTA)},
        {2},
    ),
    ("GZ-20", "departments in turn", lambda h: len(rota_services(h)), 12),
    ("GZ-21", "seasonal shifts", lambda h: any(s.since for w in h.windows for s in w.roster), True),
    ("GZ-23", "ways of helping", lambda h: len(h.rules.assistance), 4),
    ("GZ-26", "categories of items", lambda h: {i.category for i in h.items}, set(Category)),
    ("GZ-26", "... six", lambda h: len({i.category for i in h.items}), 6),
    ("GZ-27", "services of a town", lambda h: {s.id for s in h.services if s.zone == "town"}, TOWN),
    ("GZ-28", "kinds of device", lambda h: devices(h), set(list(DEVICE_KINDS)[:12])),
    ("GZ-33", "most visits of an item", lambda h: {i.max_visits for i in h.items}, {0, 1, 2}),
    (
        "GZ-22",
        "levels",
        lambda h: {s.level for s in h.sites} - {Level.BUILDING},
        {Level.PROVINCE, Level.COUNTY, Level.TOWN, Level.VILLAGE},
    ),
]


def rota_services(h: Hall) -> set[str]:
    rota = windows(h, WindowKind.ROTA)
    return {service for w in rota for shift in w.roster for service in shift.services}


def devices(h: Hall) -> set[str]:
    """Kinds of device on the standard's list; printers and pads are our own addition."""
    return {d.kind for d in h.devices if d.kind} - {"printer", "call-pad"}


DIANJIANG: list[tuple[str, str, Read, object]] = [
    ("DJ", "departments", lambda h: len(h.departments), 30),
    ("DJ", "departments with items", lambda h: len({i.department for i in h.items}), 30),
    ("DJ-30", "items", lambda h: len(h.items), 1068),
    ("DJ", "powers", lambda h: len(h.items) - public(h), 864),
    ("DJ", "public services", lambda h: public(h), 204),
    ("DJ-08", "batch", lambda h: {i.batch for i in h.items}, {1}),
    ("DJ-19", "wanted share", lambda h: h.rules.comprehensive_share, 0.9),
    ("DJ-19", "share is reached", lambda h: comprehensive_share(h) >= 0.9, True),
    ("DJ-03", "groups in the centre", lambda h: len(field_zones(h)), 7),
    ("DJ-04", "sub-centres", lambda h: sum(s.level is Level.SUBCENTRE for s in h.sites), 5),
    ("DJ-04", "... and towns", lambda h: any(s.level is Level.TOWN for s in h.sites), True),
    ("DJ-02", "windows by field", lambda h: len(windows(h, FIELD, site="centre")), 21),
    ("DJ-02", "windows for everything", lambda h: len(windows(h, ANY)), 6),
    ("DJ", "trial from", lambda h: {i.released for i in h.items} - {None}, {"2021-11-01"}),
    ("DJ", "formal from", lambda h: h.rules.formal_from, "2021-12-31"),
    ("DJ-25", "emergency windows", lambda h: sum(w.temporary for w in h.windows), 3),
    ("1.0", "marked as made up", lambda h: h.synthetic, True),
]


def public(h: Hall) -> int:
    return sum(i.category is Category.PUBLIC_SERVICE for i in h.items)


def field_zones(h: Hall) -> set[str]:
    return {w.zone for w in windows(h, FIELD, site="centre")}


NUMBERS = [
    pytest.param(name, read, expected, id=f"{name}-{requirement}-{what}")
    for name, table in (
        ("boai", BOAI),
        ("xixian", XIXIAN),
        ("mengzi", MENGZI),
        ("guizhou", GUIZHOU),
        ("dianjiang", DIANJIANG),
    )
    for requirement, what, read, expected in table
]


@pytest.mark.parametrize(("name", "read", "expected"), NUMBERS)
def test_the_number_of_the_source(name: str, read: Read, expected: object) -> None:
    assert read(hall(name)) == expected


def test_one_journey_of_bo_ai_crosses_halls() -> None:
    """Investment is accepted in the south; part of its back office sits in the north."""
    h = hall("boai")
    assert h.zone_by_id[h.service_by_id["invest"].zone].site == "south"
    assert h.zone_by_id[h.service_by_id["office-invest"].zone].site == "north"
    assert h.walk["south"]["north"] == 4


def test_instant_items_go_three_ways() -> None:
    """To comprehensive windows in Bo'ai and Dianjiang, to the department's in Mengzi (MZ-04)."""

    def kinds(name: str) -> set[WindowKind]:
        h = hall(name)
        instant = {i.service for i in h.items if i.kind is ItemKind.INSTANT}
        return {w.kind for w in h.windows if instant & set(w.services)}

    assert kinds("boai") == {FIELD}
    assert kinds("mengzi") == {WindowKind.DEPARTMENT_INSTANT}
    assert {FIELD, ANY} <= kinds("dianjiang")


@pytest.mark.parametrize("name", ["demo", "boai"])
def test_the_examples_of_the_documentation_work(name: str) -> None:
    h = hall(name)
    assert not h.service_by_id["social"].hidden
    assert "social" in h.window_by_id["N1"].services
    assert h.series_by_id[h.service_by_id["social"].series].prefix == "S"


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_hall_can_be_walked_through(name: str) -> None:
    h = hall(name)
    assert h.synthetic
    assert h.kiosks
    assert h.boards
    assert h.voices
    assert {p.id for p in h.priorities} == {"elderly", "disabled", "military", "pregnant"}
    names = [z.name for z in h.zones] + [a.name for a in h.areas]
    names += [s.name for s in h.services] + [i.name for i in h.items]
    assert all(set(name) >= {"zh", "en"} for name in names)
    assert len({h.palette.primary for h in map(hall, shipped_names())}) == len(shipped_names())
    places = {z.site for z in h.zones if z.queue}
    assert all(places <= {*h.walk.get(a, {}), a} for a in places)


def test_the_catalogue_is_what_the_script_makes() -> None:
    folder = ROOT / "examples" / "catalogue"
    make = runpy.run_path(str(folder / "make.py"))["make"]
    made = make((folder / "departments.txt").read_text("utf-8"))
    assert shipped("dianjiang").read_text("utf-8").endswith(made)


def test_the_items_of_dianjiang_can_be_told_apart() -> None:
    h = hall("dianjiang")
    assert len({i.name["zh"] for i in h.items}) == 1068
    assert len({i.code for i in h.items}) == 1068
    assert len({i.name["zh"][0] for i in h.items}) > 100, "first characters to search by"
