"""What is on each screen, in words."""

import pytest
from msgspec.structs import replace

from config.wire.commands import ERRORS
from kiosk.menu import Menu
from kiosk.scenes.frame import scene
from kiosk.scenes.parts import Scene, Tile
from kiosk.state import (
    Asking,
    Closed,
    Confirm,
    Done,
    Help,
    Home,
    Languages,
    NoSlip,
    OutOfService,
    PickLanguage,
    PickService,
    PickZone,
    Press,
    Printer,
    Printing,
    Refused,
    Screen,
    Search,
    Services,
    Starting,
    State,
    Zones,
)
from kiosk.words import languages
from tests.kiosk.helpers import MORNING, TICKET, at_home, hall, menu, view

PAGE = "http://hall"

SCREENS: tuple[Screen, ...] = (
    Starting(),
    Home(),
    Zones(),
    Services(zone="general"),
    Search(),
    Search(query="jh"),
    Search(query="zzzz"),
    Confirm(service="social"),
    Confirm(service="business", item="SC0303"),
    Closed(service="social"),
    Languages(),
    Help(),
    Asking(id="1", service="social"),
    Printing(ticket=TICKET),
    Done(ticket=TICKET),
    *(NoSlip(ticket=TICKET, why=why) for why in ("no-printer", "out", "cover", "fault", "silent")),
    *(Refused(code=code, service="social") for code in ERRORS),
    *(OutOfService(why=why) for why in ("out", "cover", "fault", "server", "closed")),
)


def seen(screen: Screen, which: Menu | None = None, **changes: object) -> Scene:
    return scene(which or menu(), at_home(screen=screen, **changes), PAGE)


def tiles(shown: Scene) -> list[Tile]:
    body = shown.body
    return [*body.tiles, *body.more, *body.actions, *body.paging, *shown.bar]


def everything(shown: Scene) -> str:
    body = shown.body
    parts = [body.title, body.lead, body.more_title, body.number, body.page, shown.live]
    parts += [t.text + t.note for t in tiles(shown)]
    parts += [f.label + f.value for f in body.facts] + [h.text for h in body.hints]
    return "\n".join(parts)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("large", [False, True])
def test_every_screen_in_every_language(screen: Screen, language: str, large: bool) -> None:
    shown = seen(screen, language=language, large=large)
    assert shown.body.title
    assert "{" not in everything(shown)
    assert len(shown.bar) == 6
    if language == "en":
        assert not any("请" in line or "号" in line for line in everything(shown).split("\n"))


@pytest.mark.parametrize("screen", SCREENS)
def test_a_person_is_never_without_a_way_on(screen: Screen) -> None:
    """Something to touch, or something that says where to go, or work that ends by itself."""
    shown = seen(screen)
    to_touch = [t for t in tiles(shown) if t.open and t.choice is not Press.LARGE]
    working = isinstance(screen, Starting | Asking | Printing)
    assert working or to_touch or shown.body.hints


def test_home_shows_where_and_how_full() -> None:
    shown = seen(Home())
    assert [t.text for t in shown.body.tiles] == [
        "咨询辅导区", "综合受理区", "不动产登记区", "统一出件区",
    ]  # fmt: skip
    assert shown.body.tiles[1].note == "等候 9 人"
    assert shown.body.tiles[1].choice == PickZone(zone="general")
    assert shown.body.tiles[0].choice == PickService(service="consult")
    assert [t.mark for t in shown.body.more] == ["S", "A"]
    assert shown.live == "现在 18 人等候，6 项业务可取号"


def test_a_large_hall_has_more_zones_than_home() -> None:
    boai = menu("boai")
    shown = seen(Home(), boai)
    assert len(shown.body.tiles) == 6
    assert shown.body.tiles[-1].choice is Press.ZONES
    other = [t for t in seen(Zones(), boai).body.tiles if t.note.startswith("北大厅")]
    assert other


@pytest.mark.parametrize(
    ("large", "low", "most"), [(False, False, 12), (True, False, 4), (False, True, 8)]
)
def test_no_page_has_more_tiles_than_people_can_take_in(large: bool, low: bool, most: int) -> None:
    for name in ("demo", "boai", "dianjiang", "guizhou", "mengzi", "xixian"):
        which = menu(name)
        for zone in which.zones:
            shown = seen(Services(zone=zone.id), which, large=large, low=low)
            assert len(shown.body.tiles) <= most
            assert bool(shown.body.paging) == (len(which.in_zone(zone.id)) > most)


def test_elderly_home_is_three_things_and_one_is_a_person() -> None:
    shown = seen(Home(), large=True)
    assert [t.choice for t in shown.body.tiles] == [Press.ZONES, Press.SEARCH, Press.HELP]


def two_shifts() -> Menu:
    rules = replace(hall().rules, hours=("08:30-12:00", "13:30-17:30"), take_from=20)
    changed = replace(hall(), rules=rules)
    return Menu(changed, changed.kiosks[0])


def test_closed_services_say_why_and_when() -> None:
    which = two_shifts()

    def note(reason: str, wall: float = MORNING) -> str:
        shut = view(closed="social", reason=reason)
        shown = seen(Services(zone="general"), which, view=shut, wall=wall)
        (tile,) = [t for t in shown.body.tiles if not t.open]
        return tile.note

    assert note("no-window") == "暂无窗口受理"
    assert note("quota") == "本时段号已取完"
    assert note("day-closed") == "今日已结束"
    lunch = MORNING + 3 * 3600
    assert note("hours", lunch) == "13:30 开始受理"
    assert note("hours", lunch + 6 * 3600) == "未到受理时间"
    told = seen(Closed(service="social"), which, view=view(closed="social", reason="hours"))
    assert told.body.lead == "现在不是受理时间。受理时间：08:30–12:00·13:30–17:30"


def test_confirm_says_what_where_how_long() -> None:
    shown = seen(Confirm(service="social"))
    assert [(f.label, f.value) for f in shown.body.facts] == [
        ("办理地点", "综合受理区\n示范大厅·1 楼·大厅中央"),
        ("前面等候", "3 人"),
        ("预计等候", "约 5–10 分钟"),
    ]
    assert [t.choice for t in shown.body.actions] == [Press.TAKE]
    assert shown.body.more_title == "办事不用找关系，窗口不收礼"


def test_thin_data_give_no_figure() -> None:
    thin = tuple(replace(s, low=None, high=None) for s in view().services)
    shown = seen(Confirm(service="social"), view=replace(view(), services=thin))
    assert [f.label for f in shown.body.facts] == ["办理地点", "前面等候"]


def test_consulting_first_is_advised_not_forced() -> None:
    shown = seen(Confirm(service="business"))
    assert [(t.choice, t.main) for t in shown.body.actions] == [
        (Press.TAKE, False),
        (PickService(service="consult"), True),
    ]
    shut = seen(Confirm(service="business"), view=view(closed="consult"))
    assert [t.choice for t in shut.body.actions] == [Press.TAKE]


def test_what_is_good_to_know_about_an_item() -> None:
    bundle = seen(Confirm(service="business", item="SC0303"))
    assert bundle.body.title == "开一家餐饮店"
    assert bundle.body.lead == "企业开办"
    assert "套餐事项，一个号办完 2 件事" in [h.text for h in bundle.body.hints]
    online = seen(Confirm(service="insurance", item="RS0201"))
    told = [h.text for h in online.body.hints]
    assert told == ["此事项也可以网上办理，不必到窗口", "请带：居民身份证", "请带材料原件"]
    alone = seen(Confirm(service="realty", item="ZR0401"))
    assert "请本人办理" in [h.text for h in alone.body.hints]


def test_integrity_notice_of_the_hall() -> None:
    own = replace(hall(), rules=replace(hall().rules, integrity_notice={"zh": "本厅自有的话"}))
    shown = seen(Confirm(service="social"), Menu(own, own.kiosks[0]))
    assert shown.body.more_title == "本厅自有的话"


def test_a_failed_slip_shows_number_code_and_a_second_try() -> None:
    shown = seen(NoSlip(ticket=TICKET, why="out"))
    assert (shown.body.number, shown.body.qr) == ("S012", f"{PAGE}/t/{TICKET.token}")
    assert [t.choice for t in shown.body.actions] == [Press.REPRINT, Press.FINISH]
    dry = seen(NoSlip(ticket=TICKET, why="out"), printer=Printer.OUT)
    assert [t.choice for t in dry.body.actions] == [Press.FINISH]


def test_out_of_service_says_where_to_go() -> None:
    told = [h.text for h in seen(OutOfService(why="out")).body.hints]
    assert told == ["请到咨询台取号", "咨询电话 0000-1234567"]
    plain = Menu(hall(), replace(hall().kiosks[0], fallback={}))
    told = [h.text for h in seen(OutOfService(why="server"), plain).body.hints]
    assert told[0] == "请到其他取号机或咨询台取号"
    closed = [h.text for h in seen(OutOfService(why="closed"), two_shifts()).body.hints]
    assert closed[0] == "取号时间 08:10–12:00·13:10–17:30"


def test_two_languages_are_one_button_and_three_a_choice() -> None:
    button = seen(Home()).bar[4]
    assert (button.choice, button.text) == (PickLanguage(language="en"), "English")
    three = replace(hall(), languages=("zh", "zh-Hant", "en"))
    which = Menu(three, three.kiosks[0])
    assert seen(Home(), which).bar[4].choice is Press.LANGUAGES
    names = [t.text for t in seen(Languages(), which).body.tiles]
    assert names == ["简体中文", "繁體中文", "English"]


def test_buttons_of_the_bar_never_move() -> None:
    orders = {
        tuple(
            type(t.choice) if isinstance(t.choice, PickLanguage) else t.choice for t in seen(s).bar
        )
        for s in SCREENS
    }
    assert len(orders) == 1


def test_the_countdown_is_said() -> None:
    late = at_home(screen=Services(zone="general"), at=123.0)
    shown = scene(menu(), late)
    assert shown.countdown == "7 秒后返回首页"
    assert shown.stay is not None
    assert scene(menu(), at_home(screen=Done(ticket=TICKET))).stay is None


def test_nothing_of_a_person_is_shown() -> None:
    state: State = at_home(screen=Confirm(service="social"), person="c0ffee")
    shown = scene(menu(), state)
    assert "c0ffee" not in repr(shown)
    assert shown.live == "已读卡，请收好身份证"
