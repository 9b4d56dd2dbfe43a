"""The front of the HTTP door: commands go straight to the hall, all else to the framework.

A command passes the same guard with the same table as everything else. What it does not pass are
the framework's routing and layers, which cost many times what a ticket costs.
"""

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from queue_server.web.commands import PATH, answer, commands
from queue_server.web.errors import WebError
from queue_server.web.guard import admit
from queue_server.web.web import Web

log = structlog.get_logger()


def front(web: Web, others: ASGIApp) -> ASGIApp:
    """The whole door as one ASGI application: `PATH` is served here, the rest by `others`."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != PATH or scope["type"] != ScopeType.HTTP:
            await others(scope, receive, send)
            return
        try:
            admit(web, scope, PATH)
            status, reply = await commands(web, scope, receive)
        except WebError as error:
            status, reply = error.status, error.reply
        except Exception:
            # A fault of ours: it costs this request, is in the log, and tells the outside nothing.
            log.exception("web", path=PATH)
            status, reply = 500, WebError(500, "internal").reply
        await answer(send, status, reply)

    return door
