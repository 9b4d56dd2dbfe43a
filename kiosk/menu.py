"""What this kiosk offers, worked out once from the hall file (pure)."""

from dataclasses import dataclass, field
from functools import cached_property

from config.hall import Hall, Item, Kiosk, Service, Stage, Zone
from kiosk.search import Entry, Found, Index


@dataclass(frozen=True)
class Menu:
    """The hall as one kiosk offers it. `index` finds services and items by what is typed."""

    hall: Hall
    kiosk: Kiosk
    index: Index = field(default_factory=Index)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """Services people may take a number for, popular ones first."""
        offered = (s for s in self.hall.services if _for_people(self.hall, s))
        return tuple(sorted(offered, key=lambda s: not s.popular))

    @cached_property
    def zones(self) -> tuple[Zone, ...]:
        """Zones with something to choose; those of the building the kiosk stands in come first."""
        used = {s.zone for s in self.services}
        zones = (z for z in self.hall.zones if z.id in used)
        return tuple(sorted(zones, key=lambda z: z.site != self.site))

    @property
    def site(self) -> str:
        """The building it stands in."""
        return self.hall.zone_by_id[self.kiosk.zone].site

    @cached_property
    def popular(self) -> tuple[Service, ...]:
        return tuple(s for s in self.services if s.popular)

    def in_zone(self, zone: str) -> tuple[Service, ...]:
        return tuple(s for s in self.services if s.zone == zone)

    def offers(self, service: str) -> bool:
        return any(s.id == service for s in self.services)

    def find(self, query: str) -> tuple[Found, ...]:
        """What the query finds, best first."""
        return self.index.find(query)

    @property
    def languages(self) -> tuple[str, ...]:
        return self.hall.languages

    @property
    def language(self) -> str:
        """The language a new person is met in."""
        return self.hall.languages[0]


def service_of(hall: Hall, item: Item) -> Service | None:
    """The service under which an item is handled: its own, its department's, or the one that
    takes everything (BA-23)."""
    if item.service:
        return hall.service_by_id[item.service]
    for service in hall.services:
        if item.department in service.departments and not service.hidden:
            return service
    return next((s for s in hall.services if s.catch_all and not s.hidden), None)


def entries(hall: Hall) -> tuple[Entry, ...]:
    """Everything a search may find: services, and items that are no secret."""
    found = [
        Entry(service=s.id, names=tuple(s.name.values()), popular=s.popular)
        for s in hall.services
        if _for_people(hall, s)
    ]
    for item in hall.items:
        service = None if item.secret else service_of(hall, item)
        if service and _for_people(hall, service):
            names = tuple(item.name.values())
            found.append(
                Entry(service=service.id, item=item.code, names=names, popular=item.popular)
            )
    return tuple(found)


def _for_people(hall: Hall, service: Service) -> bool:
    """Whether people take a number for it: nobody queues for a back office."""
    queued = hall.zone_by_id[service.zone].queue and service.stage is not Stage.BACK_OFFICE
    return queued and not service.hidden
