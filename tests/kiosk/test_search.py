"""Finding things by what people type."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.menu import Menu, entries, service_of
from kiosk.pinyin import pinyin
from kiosk.search import MOST, Entry, Index
from tests.kiosk.helpers import hall, menu

NAMES = {
    "社会保险登记": "social",
    "社会保障卡申领": "card",
    "结婚登记": "marry",
    "银行开户许可": "bank",
    "重庆户籍迁移": "move",
    "Food business licence": "food",
}
INDEX = Index.build([Entry(service=s, names=(n,)) for n, s in NAMES.items()], pinyin)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("jhdj", "marry"),
        ("JHDJ", "marry"),
        ("j h d j", "marry"),
        ("jiehun", "marry"),
        ("jieh", "marry"),
        ("dengji", "marry"),
        ("结婚", "marry"),
        ("保障卡", "card"),
        ("shbx", "social"),
        ("sb", "social"),
        ("sbk", "card"),
        ("yh", "bank"),
        ("chongqing", "move"),
        ("cq", "move"),
        ("food", "food"),
        ("licence", "food"),
        ("fbl", "food"),
    ],
)
def test_found_first(query: str, first: str) -> None:
    assert [f.service for f in INDEX.find(query)][:1] == [first]


@pytest.mark.parametrize("query", ["", " ", "xyzq", "护照", "zhongqing", "!!"])
def test_nothing_found(query: str) -> None:
    assert INDEX.find(query) == ()


def test_better_matches_come_first() -> None:
    """A beginning before a middle, popular before others, services before items."""
    index = Index.build(
        [
            Entry(service="middle", names=("办理结婚",)),
            Entry(service="s", item="i", names=("结婚登记",)),
            Entry(service="plain", names=("结婚登记",)),
            Entry(service="popular", names=("结婚登记",), popular=True),
        ],
        pinyin,
    )
    assert [f.service for f in index.find("jh")] == ["popular", "plain", "s", "middle"]


def test_secret_items_and_back_offices_are_not_found() -> None:
    found = {e.service for e in entries(hall("boai"))}
    back = {s.id for s in hall("boai").services if s.stage == "back-office"}
    assert back
    assert not found & back
    assert not {e.item for e in entries(hall("xixian"))} & {
        i.code for i in hall("xixian").items if i.secret
    }


def test_every_item_of_the_largest_catalogue_is_found_by_its_initials() -> None:
    big = menu("dianjiang")
    items = [e for e in entries(big.hall) if e.item]
    assert len(items) == 1068
    for entry in items[::17]:
        initials = "".join(s[0] for s in pinyin(entry.names[0]))
        found = big.index.find(initials)
        same = [e for e in items if e.names[0] == entry.names[0]]
        assert entry.item in {f.item for f in found} or len(same) > MOST


def test_an_item_goes_where_its_department_does() -> None:
    demo = hall()
    by_department = {d: s.id for s in demo.services for d in s.departments}
    for item in demo.items:
        found = service_of(demo, item)
        assert found is not None
        assert found.id == (item.service or by_department[item.department])


def test_what_a_menu_offers() -> None:
    boai = menu("boai")
    assert isinstance(boai, Menu)
    sites = [z.site for z in boai.zones]
    assert sites[0] == boai.site
    assert sites == sorted(sites, key=lambda s: s != boai.site)
    assert all(s.stage != "back-office" and not s.hidden for s in boai.services)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=15))
def test_any_text_may_be_typed(query: str) -> None:
    assert len(menu("dianjiang").find(query)) <= MOST
