"""The HTTP door put together, and served inside our own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import structlog
import uvicorn
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from config.wire.devices import DeviceStatus
from queue_server.server import Server
from queue_server.simulate.figures import Figures
from queue_server.store.accounts import Accounts
from queue_server.web import api, pages, signin
from queue_server.web.errors import CODES, WebError
from queue_server.web.front import front
from queue_server.web.guard import permit
from queue_server.web.headers import secure
from queue_server.web.web import Web

log = structlog.get_logger()

Ask = Request[Any, Any, State]


def make_app(
    server: Server,
    accounts: Accounts,
    *,
    devices: Callable[[], Sequence[DeviceStatus]] = tuple,
    last_day: Callable[[], Figures | None] = lambda: None,
) -> Litestar:
    """All that is behind the `front`. `devices` tells the manager's page how devices are,
    `last_day` what the last day was."""
    return Litestar(
        [*api.HANDLERS, *signin.HANDLERS, *pages.HANDLERS],
        guards=[permit],
        before_send=[secure],
        exception_handlers={WebError: refuse, HTTPException: refuse_http, 500: fail},
        openapi_config=None,
        logging_config=None,
        debug=False,
        request_max_body_size=65_536,
        state=State({"web": Web(server, accounts, devices, last_day, clock=server.clock)}),
    )


def refuse(request: Ask, error: WebError) -> Response[Any]:
    """A person gets a page, a program a Reply."""
    wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if wants_page and error.status == 401:
        return Redirect("/login", status_code=303)
    if wants_page and error.code == "change-password":
        return Redirect("/password", status_code=303)
    if wants_page:
        return pages.trouble(request, error.status)
    headers = {"cache-control": "no-store"}
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(error.reply, status_code=error.status, headers=headers)


def refuse_http(request: Ask, error: HTTPException) -> Response[Any]:
    """What the framework itself refuses: no such address, wrong method, a bad header."""
    status = error.status_code if error.status_code in CODES else 400
    return refuse(request, WebError(status))


def fail(request: Ask, error: Exception) -> Response[Any]:
    """A fault of ours: it costs this request, is in the log, and tells the outside nothing."""
    log.error("web", path=request.scope.get("path_template", ""), exc_info=error)
    return refuse(request, WebError(500, "internal"))


class _InOurLoop(uvicorn.Server):
    """uvicorn without its own signal handlers: whoever runs the loop stops it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving_http(
    app: Litestar, host: str = "127.0.0.1", port: int = 0, *, behind_proxy: bool = False
) -> AsyncIterator[str]:
    """Serve `app` behind its `front` while the context is open; gives its address. Live pages are
    let go first, so that stopping takes no longer than the requests under way.

    `behind_proxy` believes a proxy on this machine about who a client is.

    Raises:
        OSError: the address is taken or not ours.
    """
    listening = _listen(host, port)
    web: Web = app.state.web
    settings = uvicorn.Config(
        front(web, app),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
    )
    server = _InOurLoop(settings)
    task = asyncio.create_task(server.serve([listening]), name="http")
    shown = f"[{host}]" if ":" in host else host
    try:
        yield f"http://{shown}:{listening.getsockname()[1]}"
    finally:
        web.stopping.set()
        server.should_exit = True
        await task


async def serve(app: Litestar, host: str, port: int, *, behind_proxy: bool = False) -> None:
    """Serve `app` until cancelled."""
    async with serving_http(app, host, port, behind_proxy=behind_proxy) as address:
        log.info("http", address=address)
        await asyncio.get_running_loop().create_future()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, or asyncio leaves Nagle on for what it accepts: 44 ms an answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening
