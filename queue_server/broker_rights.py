"""Who may say and hear what on the bus: the accounts of the broker, as Mosquitto's files.

Default deny: a topic that no line of `RIGHTS` grants is neither delivered nor accepted. Mosquitto
acknowledges a forbidden publish and a forbidden subscription all the same and then drops the
messages, so nobody learns from the answer what exists.

The table holds for topics. That a clerk's program may not do what only a manager may is decided
where commands are decided (`engine.roles`).
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

ITERATIONS = 101
"""Mosquitto's own default. Enough for random tokens of 256 bits, which nobody can guess at any
speed; too few for words that people think up, so no person has an account here."""

_NAME = re.compile(r"[A-Za-z0-9_.:@-]{1,64}")

_EVERYONE = ("read process/server", "write process/{me}")
_ASKS = ("write command", "write command/{me}", "read reply/{me}")
_OWN_DEVICES = (
    "read device/{device}/out",
    "write device/{device}/in",
    "write device/{device}/status",
)
_SHOWS = ("read event", "read board/+", "read window/+")
_OVERSEES = ("read device/+/status", "read process/+")

RIGHTS: dict[str, tuple[str, ...]] = {
    "server": ("readwrite #",),
    "kiosk": (*_EVERYONE, *_ASKS, *_OWN_DEVICES, "read kiosk"),
    "display": (*_EVERYONE, *_OWN_DEVICES, *_SHOWS),
    "bridge": (
        *_EVERYONE,
        *_ASKS,
        *_SHOWS,
        "read device/+/out",
        "write device/+/in",
        "write device/+/status",
        "read pad/+/up",
        "write pad/+/down",
        "read /zigbee2mqtt/#",
    ),
    "pad": ("write pad/{me}/up", "read pad/{me}/down"),
    "zigbee": ("readwrite /zigbee2mqtt/#",),
    "clerk": (*_EVERYONE, *_ASKS, *_SHOWS, "read kiosk"),
    "guide": (*_EVERYONE, *_ASKS, *_SHOWS, "read kiosk"),
    "supervisor": (*_EVERYONE, *_ASKS, *_SHOWS, "read kiosk", *_OVERSEES),
    "manager": (*_EVERYONE, *_ASKS, *_SHOWS, "read kiosk", *_OVERSEES),
    "admin": (*_EVERYONE, *_ASKS, *_SHOWS, "read kiosk", *_OVERSEES),
}
"""Role -> what it may read and write below ``hall/{hall}/``, or (with ``/`` in front) anywhere.
``{me}`` is the account's name, and a line with ``{device}`` is granted for each device the account
speaks for."""


@dataclass(frozen=True, slots=True)
class BrokerAccount:
    """One way into the broker. Its name is also its client id, whatever the client says."""

    name: str
    role: str
    password_hash: str = field(repr=False)
    devices: frozenset[str] = frozenset()
    """Devices it speaks for besides one of its own name: a kiosk's printer and reader."""

    def __post_init__(self) -> None:
        for word in (self.name, *self.devices):
            if not _NAME.fullmatch(word):
                raise ValueError(f"not a name for the broker: {word!r}")
        if ":" in self.name:
            raise ValueError(f"the broker splits its password file at colons: {self.name!r}")
        if self.role not in RIGHTS:
            raise ValueError(f"no role {self.role!r} on the bus; there are {', '.join(RIGHTS)}")
        if not re.fullmatch(r"\$[67]\$[A-Za-z0-9+/=$]+", self.password_hash):
            raise ValueError(f"the password of {self.name} is not hashed as Mosquitto does it")


def hash_password(password: str) -> str:
    """`password` as a Mosquitto password file holds it: ``$7$``, PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(12)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${_base64(salt)}${_base64(key)}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def rights_of(hall_id: str, account: BrokerAccount) -> list[str]:
    """What `account` may do: "read" or "write" and a whole path, every hole filled."""
    lines: list[str] = []
    for right in RIGHTS[account.role]:
        access, path = right.split(" ")
        whole = path[1:] if path.startswith("/") else f"hall/{hall_id}/{path}"
        devices = account.devices | {account.name} if "{device}" in path else {""}
        lines.extend(
            f"{access} {whole.format(me=account.name, device=device)}" for device in sorted(devices)
        )
    return lines


def password_file(accounts: Iterable[BrokerAccount]) -> str:
    return "".join(f"{account.name}:{account.password_hash}\n" for account in accounts)


def acl_file(hall_id: str, accounts: Iterable[BrokerAccount]) -> str:
    """Everybody's rights. There are no lines before the first ``user``: those would be for all."""
    return "\n".join(
        f"user {account.name}\n"
        + "".join(f"topic {right}\n" for right in rights_of(hall_id, account))
        for account in accounts
    )
