"""Every address of the HTTP door and who may use it. What is not in the table is for nobody.

The table is enforced (`guard.permit`), documented (`openapi`) and tested from here: an address
that the app has and the table has not makes a test fail.
"""

from dataclasses import dataclass
from typing import Any

from config.wire.events import Happening
from config.wire.views import HallView, View
from queue_server.engine.roles import Role
from queue_server.web.desk import FoundTicket
from queue_server.web.manage import ManageView

R = Role
EVERYBODY = frozenset({r for r in Role if r is not Role.SYSTEM})
LEADERS = frozenset({R.ADMIN, R.MANAGER})
WATCHERS = LEADERS | {R.SUPERVISOR}
DESK = LEADERS | {R.GUIDE}
CONSOLE = LEADERS | {R.CLERK}
PERSONS = WATCHERS | {R.GUIDE, R.CLERK}
ASKERS = EVERYBODY - {R.SUPERVISOR, R.DISPLAY}


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `who` is None for the public; `returns` is the JSON type of the answer."""

    method: str
    path: str
    who: frozenset[Role] | None
    summary: str
    returns: Any = None
    kind: str = "application/json"
    unchanged: bool = False
    """Open to somebody who still has to change the password."""


HTML = "text/html"
SSE = "text/event-stream"

ROUTES = (
    Route("POST", "/api/v1/commands", ASKERS, "Ask for something: one Command in, one Reply out"),
    Route("GET", "/api/v1/hall", EVERYBODY, "The hall: services, windows, areas", HallView),
    Route("GET", "/api/v1/views/{kind}/{id}", EVERYBODY, "What a part of the hall is shown", View),
    Route("GET", "/api/v1/events", EVERYBODY, "What happens, from `after` on", Happening, SSE),
    Route("GET", "/api/v1/console/{window}/live", CONSOLE, "A clerk's view, live", View, SSE),
    Route("GET", "/api/v1/manage/live", WATCHERS, "Zones, windows, devices", ManageView, SSE),
    Route("GET", "/api/v1/hall/live", PERSONS, "The hall, live", HallView, SSE),
    Route("GET", "/api/v1/tickets/{ref}", DESK | CONSOLE, "One ticket of today", FoundTicket),
    Route("GET", "/schema", EVERYBODY, "This description, as OpenAPI 3.1"),
    Route("GET", "/metrics", WATCHERS, "Figures for Prometheus", None, "text/plain"),
    Route("GET", "/healthz", None, "Whether the hall is being served"),
    Route("GET", "/t/{token}", None, "The citizen's page", None, HTML),
    Route("GET", "/t/{token}/live", None, "The citizen's view, live", View, SSE),
    Route("GET", "/board/{area}", None, "The board of a waiting area", None, HTML),
    Route("GET", "/board/{area}/live", None, "The board's view, live", View, SSE),
    Route("GET", "/", PERSONS, "Goes on to one's own page", None, HTML, True),
    Route("GET", "/login", None, "Sign in", None, HTML),
    Route("POST", "/login", None, "Sign in: name and password in, a session cookie out"),
    Route("POST", "/logout", PERSONS, "Sign out", unchanged=True),
    Route("GET", "/password", PERSONS, "Change the password", None, HTML, True),
    Route("POST", "/password", PERSONS, "Change the password: old and new in", unchanged=True),
    Route("GET", "/console", CONSOLE, "The clerk's console", None, HTML),
    Route("GET", "/desk", DESK, "The guide's desk", None, HTML),
    Route("GET", "/desk/slip/{ref}", DESK, "A slip to print", None, HTML),
    Route("GET", "/manage", WATCHERS, "The manager's page", None, HTML),
    Route("GET", "/palette.css", None, "The hall's colours", None, "text/css"),
    Route("GET", "/static/{name}", None, "Style sheets and scripts", None, "text/plain"),
    Route("GET", "/fonts/{name}", None, "The font", None, "font/otf"),
)

TABLE = {(route.method, route.path): route for route in ROUTES}
