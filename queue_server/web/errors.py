"""Answers to requests that never became a command, in the shape of a Reply."""

from config.wire.commands import ERRORS, Refusal, Reply

WEB_ERRORS = {
    "not-signed-in": "sign in first, or send a valid token",
    "wrong-password": "the name or the password is not right",
    "locked": "too many wrong tries; this account is locked here for a while",
    "change-password": "change the password first",
    "bad-password": "this password is not accepted",
    "not-json": "the content type has to be application/json, without compression",
    "not-found": "there is nothing at this address",
    "bad-method": "this address does not know that method",
    "bad-request": "the request is not right",
    "forged": "the request did not come from a page of this hall",
}
"""Codes of answers with an HTTP error status, beside those of `ERRORS`. The set is closed."""

CODES = {
    400: "bad-request",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    405: "bad-method",
    408: "bad-request",
    413: "too-large",
    415: "not-json",
    429: "too-many",
    503: "unavailable",
}


class WebError(Exception):
    """A request that is refused with an HTTP `status`."""

    def __init__(self, status: int, code: str = "", message: str = "") -> None:
        self.status = status
        self.code = code or CODES[status]
        self.message = message or WEB_ERRORS.get(self.code) or ERRORS[self.code]
        super().__init__(self.message)

    @property
    def reply(self) -> Reply:
        return Reply(ok=False, error=Refusal(self.code, self.message))
