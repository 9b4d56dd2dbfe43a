"""What devices and processes say of themselves on the bus."""

from enum import StrEnum

import msgspec


class Health(StrEnum):
    """How a device is. UNKNOWN is never shown as fine."""

    OK = "ok"
    DEGRADED = "degraded"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class DeviceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Retained: how a device is, why, since when, in words a technician understands."""

    device: str
    health: Health
    reason: str = ""
    since: float = 0.0
    counters: dict[str, int] = {}


class DeviceOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a device should do now; not retained."""

    action: str
    text: str = ""
    number: str = ""


class DeviceIn(msgspec.Struct, frozen=True, kw_only=True):
    """What a device said that is no command: an acknowledgement, an odd key."""

    what: str
    detail: str = ""
    call: int | None = None


class ProcessStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Retained: a process is alive, or (by the broker's last will) gone."""

    process: str
    alive: bool
    since: float = 0.0
    version: str = ""
