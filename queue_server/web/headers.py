"""The security headers: one set for pages, one for replies, on every answer there is."""

from litestar.types import Message, Scope

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)

REPLY_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
)
"""For JSON: nothing in it may be shown or run. The rest of `HEADERS` is about pages, and the hot
route pays for every header."""


async def secure(message: Message, _: Scope) -> None:
    """Put them on an answer of the framework."""
    if message["type"] == "http.response.start":
        message["headers"] = [*message.get("headers", ()), *HEADERS]
