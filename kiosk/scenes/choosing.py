"""Screens on which people choose: home, zones, services, search, languages (pure)."""

from config.hall import Service, Zone, text
from config.wire.views import ServiceChoice
from kiosk.hours import opens_at
from kiosk.menu import Menu
from kiosk.scenes.confirming import confirming
from kiosk.scenes.parts import Body, Tile
from kiosk.slip import place
from kiosk.state import (
    Confirm,
    Home,
    Languages,
    Letter,
    PickLanguage,
    PickService,
    PickZone,
    Press,
    Search,
    Services,
    State,
    Zones,
)
from kiosk.touch import offer, page_size, pages
from kiosk.words import Words, words

HOME_ZONES, HOME_POPULAR = 6, 4


def choosing(menu: Menu, state: State, say: Words) -> Body | None:
    """The middle of a screen on which somebody chooses; None when the screen is no such."""
    match state.screen:
        case Home():
            return _large_home(say) if state.large else _home(menu, state, say)
        case Zones(page=page):
            tiles = [_zone(menu, state, say, zone) for zone in menu.zones]
            return _paged(menu, state, say, tiles, page, say("zones.title"), say("zones.lead"))
        case Services(zone=zone, page=page):
            return _services(menu, state, say, zone, page)
        case Search():
            return _search(menu, state, say, state.screen)
        case Confirm():
            return confirming(menu, state, say, state.screen)
        case Languages():
            return _languages(menu, say)
    return None


def _home(menu: Menu, state: State, say: Words) -> Body:
    most = 4 if state.low else HOME_ZONES
    zones = menu.zones if len(menu.zones) <= most else menu.zones[: most - 1]
    tiles = [_zone(menu, state, say, zone) for zone in zones]
    if len(menu.zones) > most:
        note = say("home.zones_note", count=len(menu.zones))
        tiles.append(Tile(choice=Press.ZONES, text=say("home.zones"), note=note, icon="grid"))
    popular = menu.popular[: 2 if state.low else HOME_POPULAR]
    search = Tile(
        choice=Press.SEARCH, text=say("home.search"), note=say("home.search_note"), icon="search"
    )
    return Body(
        kind="home",
        title=say("home.title"),
        lead=say("home.lead"),
        tiles=tuple(tiles),
        more_title=say("home.popular") if popular else "",
        more=tuple(_service(menu, state, say, s) for s in popular),
        actions=(search,),
    )


def _large_home(say: Words) -> Body:
    """Elderly mode: three things, and one of them is a person."""
    return Body(
        kind="tiles",
        title=say("home.title"),
        size=3,
        tiles=(
            Tile(
                choice=Press.ZONES,
                text=say("home.take"),
                note=say("home.take_note"),
                icon="slip",
                main=True,
            ),
            Tile(
                choice=Press.SEARCH,
                text=say("home.search"),
                note=say("home.search_note"),
                icon="search",
            ),
            Tile(choice=Press.HELP, text=say("home.help"), note=say("home.help_note"), icon="help"),
        ),
    )


ZONE_ICONS = {
    "consult": "talk",
    "acceptance": "form",
    "pickup": "folder",
    "business": "shop",
    "trade": "crane",
    "self-service": "screen",
}


def _zone(menu: Menu, state: State, say: Words, zone: Zone) -> Tile:
    """A zone; one with a single service leads straight to it."""
    services = menu.in_zone(zone.id)
    offers = [offer(state, s.id) for s in services]
    count = sum(o.waiting for o in offers)
    single = len(services) == 1
    if not any(o.open for o in offers):
        note = _why(menu, state, say, services[0])
    elif single:
        note = _waiting(offers[0], say)
    else:
        note = say("tile.waiting", waiting=count) if count else say("tile.nobody")
    if zone.site != menu.site and any(o.open for o in offers):
        note = say("place.join").join(
            (text(menu.hall.site_by_id[zone.site].name, say.language), note)
        )
    return Tile(
        choice=PickService(service=services[0].id) if single else PickZone(zone=zone.id),
        text=text(zone.name, say.language),
        note=note,
        icon=ZONE_ICONS.get(zone.kind.value, "form"),
        open=any(o.open for o in offers),
    )


def _services(menu: Menu, state: State, say: Words, zone: str, page: int) -> Body:
    tiles = [_service(menu, state, say, s) for s in menu.in_zone(zone)]
    name = text(menu.hall.zone_by_id[zone].name, say.language)
    lead = say("services.lead", place=place(menu.hall, zone, say))
    return _paged(menu, state, say, tiles, page, say("services.title", zone=name), lead)


def _service(menu: Menu, state: State, say: Words, service: Service) -> Tile:
    choice = offer(state, service.id)
    return Tile(
        choice=PickService(service=service.id),
        text=text(service.name, say.language),
        note=_waiting(choice, say) if choice.open else _why(menu, state, say, service),
        mark=menu.hall.series_by_id[service.series].prefix,
        open=choice.open,
    )


def _why(menu: Menu, state: State, say: Words, service: Service) -> str:
    """Why a service is closed, and when it opens if that is today."""
    reason = offer(state, service.id).reason or "no-window"
    at = opens_at(menu.hall, service, state.wall) if reason == "hours" else None
    return say("tile.closed_hours_at", time=at) if at else say(f"tile.closed_{reason}")


def _paged(
    menu: Menu, state: State, say: Words, tiles: list[Tile], page: int, title: str, lead: str
) -> Body:
    """One page of tiles; the arrows keep their place even when they lead nowhere."""
    size, count = page_size(menu, state), pages(menu, state)
    paging = _paging(say, page, count) if count > 1 else ()
    return Body(
        kind="tiles",
        title=title,
        lead=lead,
        tiles=tuple(tiles[page * size : (page + 1) * size]),
        size=size if count > 1 else len(tiles),
        paging=paging,
        page=say("bar.page", page=page + 1, pages=count) if paging else "",
    )


def _paging(say: Words, page: int, count: int) -> tuple[Tile, ...]:
    return (
        Tile(choice=Press.PREVIOUS, text=say("bar.previous"), icon="left", open=page > 0),
        Tile(choice=Press.NEXT, text=say("bar.next"), icon="right", open=page < count - 1),
    )


def _search(menu: Menu, state: State, say: Words, screen: Search) -> Body:
    """Letters, what they find so far, and the popular ones before anything is typed."""
    if screen.query:
        found = [_found(menu, state, say, f.service, f.item) for f in menu.find(screen.query)]
        title = say("search.results", count=len(found)) if found else say("search.nothing")
    else:
        found = [_service(menu, state, say, s) for s in menu.popular]
        title = say("search.popular") if found else ""
    size, count = page_size(menu, state), pages(menu, state)
    keys = [Tile(choice=Letter(text=c.lower()), text=c) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    typed = bool(screen.query)
    keys += [
        Tile(choice=Press.CLEAR, text=say("search.clear"), open=typed),
        Tile(choice=Press.ERASE, text=say("search.erase"), icon="erase", open=typed),
    ]
    return Body(
        kind="search",
        title=say("search.title"),
        lead=say("search.lead"),
        query=screen.query.upper(),
        tiles=tuple(found[screen.page * size : (screen.page + 1) * size]),
        more_title=title,
        actions=tuple(keys),
        size=size,
        paging=_paging(say, screen.page, count) if count > 1 else (),
        page=say("bar.page", page=screen.page + 1, pages=count) if count > 1 else "",
    )


def _found(menu: Menu, state: State, say: Words, service_id: str, code: str | None) -> Tile:
    service = menu.hall.service_by_id[service_id]
    if code is None:
        return _service(menu, state, say, service)
    choice = offer(state, service_id)
    under = text(service.name, say.language)
    return Tile(
        choice=PickService(service=service_id, item=code),
        text=text(menu.hall.item_by_code[code].name, say.language),
        note=under
        if choice.open
        else say("place.join").join((under, _why(menu, state, say, service))),
        mark=menu.hall.series_by_id[service.series].prefix,
        open=choice.open,
    )


def _languages(menu: Menu, say: Words) -> Body:
    tiles = tuple(
        Tile(
            choice=PickLanguage(language=tag),
            text=words(tag)("language.name"),
            main=tag == say.language,
            icon="globe",
        )
        for tag in menu.languages
    )
    title, lead = say("languages.title"), say("languages.lead")
    return Body(kind="tiles", title=title, lead=lead, tiles=tiles, size=len(tiles))


def _waiting(choice: ServiceChoice, say: Words) -> str:
    """How full a service is, in a line."""
    if not choice.waiting:
        return say("tile.nobody")
    parts = [say("tile.waiting", waiting=choice.waiting), say.wait(choice.low, choice.high)]
    return say("place.join").join(part for part in parts if part)
