"""The pages people see. Templates hold the words, scripts the live parts; no rule is here."""

import hashlib
import mimetypes
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import msgspec
import pylopdf_fonts_zh_cn
import segno
from litestar import Request, Response, get
from litestar.datastructures import Cookie, State
from litestar.params import FromPath
from litestar.response import File, Redirect

from config.hall import text
from queue_server.engine.roles import Role
from queue_server.web import desk as desk_
from queue_server.web.api import check_visitor, check_window, found, web_of
from queue_server.web.errors import WebError
from queue_server.web.guard import CALLER, caller_of
from queue_server.web.setup import console_setup, desk_setup
from queue_server.web.signin import HOME
from queue_server.web.web import Caller, csrf_of
from queue_server.web.words import LANGUAGES, word, words

HERE = Path(__file__).parent
FONT = "hall-sans.otf"
MONTH = 30 * 24 * 3600

Ask = Request[Any, Any, State]
Page = Response[str]

_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def assets() -> dict[str, tuple[bytes, str, str]]:
    """Style sheets and scripts by name: bytes, type, version."""
    files = [p for p in sorted((HERE / "static").iterdir()) if p.is_file()]
    return {p.name: _asset(p) for p in files}


def _asset(path: Path) -> tuple[bytes, str, str]:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return body, kind, hashlib.sha256(body).hexdigest()[:12]


def _address(name: str) -> str:
    return f"/static/{name}?v={assets()[name][2]}"


def language_of(request: Ask) -> str:
    """Chinese, unless the page was asked for in another language, now or before."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def page(
    request: Ask, name: str, *, status: int = 200, setup: object = None, **fields: object
) -> Page:
    """Render a template; `setup` is what its script starts from."""
    web, language = web_of(request), language_of(request)
    caller: Caller | None = request.scope.get(CALLER)  # type: ignore[assignment]
    body = _pages.get_template(f"{name}.html").render(
        t=lambda key, **values: word(key, language).format(**values),
        lang=language,
        other="en" if language == "zh" else "zh",
        say=lambda names: text(names, language),
        hall=text(web.hall.name, language),
        asset=_address,
        csrf=csrf_of(caller.session) if caller and caller.session else "",
        user=caller.actor.name if caller else "",
        setup=msgspec.json.encode(setup).decode(),
        words=msgspec.json.encode(words(language, name, *_SHARED.get(name, ()))).decode(),
        **fields,
    )
    answer = Response(body, status_code=status, media_type="text/html; charset=utf-8")
    answer.headers["cache-control"] = "no-store"
    if request.query_params.get("lang") == language:
        answer.cookies.append(Cookie(key="lang", value=language, samesite="strict", max_age=MONTH))
    return answer


_SHARED = {
    "console": ("live", "send", "error", "state", "priority", "agent", "minutes"),
    "desk": ("live", "send", "error", "state", "priority", "agent", "minutes", "why"),
    "manage": ("live", "send", "error", "state", "minutes", "wait"),
    "board": ("wait",),
    "ticket": ("people", "wait", "why"),
}


def trouble(request: Ask, status: int) -> Page:
    """A page instead of an error."""
    known = status if status in (403, 404, 429) else 500
    return page(request, "trouble", status=status, message=f"trouble.{known}")


@get("/")
async def home(request: Ask) -> Redirect:
    caller = caller_of(request.scope)
    where = "/password" if caller.must_change else HOME.get(caller.actor.role, "/login")
    return Redirect(where, status_code=303)


@get("/login")
async def login(request: Ask) -> Page:
    return page(request, "login")


@get("/password")
async def password(request: Ask) -> Page:
    return page(request, "password", first=caller_of(request.scope).must_change)


@get("/console")
async def console(request: Ask) -> Page:
    """The console of ``?window=``; without it, the windows to choose from."""
    web, actor, language = web_of(request), caller_of(request.scope).actor, language_of(request)
    window = request.query_params.get("window")
    if window is None:
        mine = [
            w
            for w in web.server.hall_view().windows
            if w.callable and (actor.windows is None or w.id in actor.windows)
        ]
        clerks = {w.id: web.server.day.windows[w.id].clerk for w in mine}
        return page(request, "choose", windows=mine, clerks=clerks, zones=web.hall.zone_by_id)
    check_window(actor, window)
    spec = found(web.hall.window_by_id.get(window))
    if not spec.callable:
        raise WebError(404)
    setup = console_setup(web.hall, spec, actor, language)
    label = word("console.window", language).format(n=spec.number)
    return page(request, "console", setup=setup, label=label, rules=web.hall.rules)


@get("/board/{area:str}")
async def board(request: Ask, area: FromPath[str]) -> Page:
    web = web_of(request)
    shown = found(web.hall.area_by_id.get(area))
    setup = {"area": area, "zone": web.hall.timezone, "languages": web.hall.languages}
    return page(request, "board", setup=setup, area=shown)


@get("/t/{token:str}")
async def ticket(request: Ask, token: FromPath[str]) -> Page:
    web = web_of(request)
    check_visitor(web, request)
    view = web.server.ticket_view(token)
    if view is None:
        return page(request, "ticket", status=404, view=None, setup=None)
    setup = {"token": token, "zone": web.hall.timezone, "view": view}
    return page(request, "ticket", setup=setup, view=view)


@get("/desk")
async def desk(request: Ask) -> Page:
    web, language = web_of(request), language_of(request)
    return page(request, "desk", setup=desk_setup(web.hall, language))


@get("/desk/slip/{ref:str}")
async def slip(request: Ask, ref: FromPath[str]) -> Page:
    """A slip for the desk's own printer, by the browser."""
    web = web_of(request)
    day = web.server.day
    shown = found(desk_.find(day, ref))
    address = f"{request.base_url}t/{day.tickets[shown.ticket].token}"
    code = segno.make(address, error="m").svg_data_uri(scale=4, border=0)
    taken = datetime.fromtimestamp(shown.issued, ZoneInfo(web.hall.timezone))
    return page(request, "slip", ticket=shown, code=code, taken=taken.strftime("%Y-%m-%d %H:%M"))


@get("/manage")
async def manage(request: Ask) -> Page:
    web, actor = web_of(request), caller_of(request.scope).actor
    setup = {"zone": web.hall.timezone}
    return page(request, "manage", setup=setup, may_post=actor.role is not Role.SUPERVISOR)


@get("/palette.css")
async def palette(request: Ask) -> Response[str]:
    colours = msgspec.structs.asdict(web_of(request).hall.palette)
    lines = "".join(f"  --{name}: {value};\n" for name, value in colours.items())
    return Response(
        f":root {{\n{lines}}}\n",
        media_type="text/css",
        headers={"cache-control": "public, max-age=300"},
    )


@get("/static/{name:str}")
async def static(name: FromPath[str]) -> Response[bytes]:
    """One of our own files; names are looked up, never joined to a path."""
    body, kind, version = found(assets().get(name))
    headers = {"cache-control": f"public, max-age={MONTH}", "etag": f'"{version}"'}
    return Response(body, media_type=kind, headers=headers)


@get("/fonts/{name:str}")
async def font(name: FromPath[str]) -> File:
    if name != FONT:
        raise WebError(404)
    return File(
        pylopdf_fonts_zh_cn.sans_path(),
        media_type="font/otf",
        content_disposition_type="inline",
        headers={"cache-control": f"public, max-age={12 * MONTH}, immutable"},
    )


HANDLERS = (
    home,
    login,
    password,
    console,
    board,
    ticket,
    desk,
    slip,
    manage,
    palette,
    static,
    font,
)
