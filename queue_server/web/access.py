"""Every address of the HTTP door and who may use it. What is not in the table is for nobody.

The table is enforced (`guard.admit`), documented (`openapi`) and tested from here: an address
that the app has and the table has not makes a test fail.
"""

from dataclasses import dataclass

from config.wire.events import Happening
from config.wire.views import BoardView, ConsoleView, HallView, KioskView, TicketView, WindowView
from queue_server.engine.explain import Why
from queue_server.engine.roles import Role
from queue_server.web.desk import FoundTicket
from queue_server.web.manage import ManageView

R = Role
EVERYBODY = frozenset(Role) - {Role.SYSTEM, Role.PAD, Role.ZIGBEE}
LEADERS = frozenset({R.ADMIN, R.MANAGER})
WATCHERS = LEADERS | {R.SUPERVISOR}
DESK = LEADERS | {R.GUIDE}
CONSOLE = LEADERS | {R.CLERK}
PERSONS = WATCHERS | {R.GUIDE, R.CLERK}
ASKERS = EVERYBODY - {R.SUPERVISOR, R.DISPLAY}


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `who` is None for the public; `returns` are the JSON types of the answer."""

    method: str
    path: str
    who: frozenset[Role] | None
    summary: str
    returns: tuple[type, ...] = ()
    kind: str = "application/json"
    query: tuple[str, ...] = ()
    """Parameters that it needs behind the question mark."""
    unchanged: bool = False
    """Open to somebody who still has to change the password."""


HTML = "text/html"
SSE = "text/event-stream"
SHOWN = (BoardView, WindowView, KioskView, HallView)

PUBLIC = None
NOTHING: tuple[type, ...] = ()
PAIR = ("called", "instead_of")

ROUTES = (
    Route("POST", "/api/v1/commands", ASKERS, "Ask for something: one Command in, one Reply out"),
    Route("GET", "/api/v1/hall", EVERYBODY, "The hall: services, windows, areas", (HallView,)),
    Route("GET", "/api/v1/views/{kind}/{id}", EVERYBODY, "What part of the hall is shown", SHOWN),
    Route("GET", "/api/v1/events", EVERYBODY, "What happens, behind `after`", (Happening,), SSE),
    Route("GET", "/api/v1/console/{window}/live", CONSOLE, "A console", (ConsoleView,), SSE),
    Route("GET", "/api/v1/manage/live", WATCHERS, "Zones, windows, devices", (ManageView,), SSE),
    Route("GET", "/api/v1/hall/live", PERSONS, "The hall, live", (HallView,), SSE),
    Route("GET", "/api/v1/tickets/{ref}", DESK | CONSOLE, "A ticket of today", (FoundTicket,)),
    Route("GET", "/api/v1/why", PERSONS, "Why one was called before another", (Why,), query=PAIR),
    Route("GET", "/schema", EVERYBODY, "This description, as OpenAPI 3.1"),
    Route("GET", "/metrics", WATCHERS, "Figures for Prometheus", NOTHING, "text/plain"),
    Route("GET", "/healthz", PUBLIC, "Whether the hall is being served"),
    Route("GET", "/t/{token}", PUBLIC, "The citizen's page", NOTHING, HTML),
    Route("GET", "/t/{token}/live", PUBLIC, "The citizen's view, live", (TicketView,), SSE),
    Route("GET", "/t/{token}/why", PUBLIC, "Why one was called before me", (Why,), query=PAIR[:1]),
    Route("GET", "/board/{area}", PUBLIC, "The board of a waiting area", NOTHING, HTML),
    Route("GET", "/board/{area}/live", PUBLIC, "The board's view, live", (BoardView,), SSE),
    Route("GET", "/", PERSONS, "Goes on to one's own page", NOTHING, HTML, unchanged=True),
    Route("GET", "/login", PUBLIC, "Sign in", NOTHING, HTML),
    Route("POST", "/login", PUBLIC, "Sign in: name and password in, a session cookie out"),
    Route("POST", "/logout", PERSONS, "Sign out", unchanged=True),
    Route("GET", "/password", PERSONS, "Change the password", NOTHING, HTML, unchanged=True),
    Route("POST", "/password", PERSONS, "Change the password: old and new in", unchanged=True),
    Route("GET", "/console", CONSOLE, "The clerk's console", NOTHING, HTML),
    Route("GET", "/desk", DESK, "The guide's desk", NOTHING, HTML),
    Route("GET", "/desk/slip/{ref}", DESK, "A slip to print", NOTHING, HTML),
    Route("GET", "/manage", WATCHERS, "The manager's page", NOTHING, HTML),
    Route("GET", "/palette.css", PUBLIC, "The hall's colours", NOTHING, "text/css"),
    Route("GET", "/static/{name}", PUBLIC, "Style sheets and scripts", NOTHING, "text/plain"),
    Route("GET", "/fonts/{name}", PUBLIC, "The font", NOTHING, "font/otf"),
)

TABLE = {(route.method, route.path): route for route in ROUTES}
