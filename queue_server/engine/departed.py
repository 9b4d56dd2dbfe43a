"""What today's log names and the hall file no longer has: it stays until the day is over.

A window or service may be taken out of the file at noon, or at night while yesterday is not closed
yet. People still wait for it and somebody may be at it, so the day keeps a stand-in: not offered to
anybody and never opened again, but whoever waits can be called where it was offered, served to the
end, or sent elsewhere.
"""

from collections.abc import Iterable

import msgspec

from config.hall import Hall, Service, Window, WindowKind
from config.wire import events as e


def with_departed(hall: Hall, events: Iterable[e.Event]) -> Hall:
    """`hall` with a stand-in for every window and service that `events` name and it has not;
    `hall` itself when there are none."""
    windows: dict[str, None] = {}
    services: dict[str, None] = {}
    for event in events:
        if (window := getattr(event, "window", None)) is not None:
            windows[window] = None
        if (service := getattr(event, "service", None)) is not None:
            services[service] = None
        if isinstance(event, e.WindowOpened | e.ServicesAssigned):
            services |= dict.fromkeys(event.services)
    gone_windows = [w for w in windows if w not in hall.window_by_id]
    gone_services = [s for s in services if s not in hall.service_by_id]
    if not gone_windows and not gone_services:
        return hall
    return msgspec.structs.replace(
        hall,
        windows=(*hall.windows, *(_window(hall, id) for id in gone_windows)),
        services=(*hall.services, *(_service(hall, id) for id in gone_services)),
    )


def _window(hall: Hall, id: str) -> Window:
    zone = hall.zones[0].id
    return Window(id=id, number=id, zone=zone, kind=WindowKind.BACK_OFFICE)


def _service(hall: Hall, id: str) -> Service:
    zone, series = hall.zones[0].id, hall.series[0].id
    return Service(id=id, name={"zh": id, "en": id}, zone=zone, series=series, hidden=True)
