"""Zigbee buttons as zigbee2mqtt reports them: JSON on ``zigbee2mqtt/NAME``."""

from dataclasses import dataclass

import msgspec

from firmware_bridge.codecs.stream import ProtocolError

LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Action:
    """A button was used: single, double or hold, and whatever else a maker thinks of."""

    name: str
    battery: int | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    online: bool


class _Report(msgspec.Struct):
    action: str | None = None
    battery: float | None = None
    state: str | None = None


_decoder = msgspec.json.Decoder(_Report)


def decode(payload: bytes) -> Action | Availability | None:
    """What a message says; None for one that says nothing of a press (old releases send an empty
    action after every press; state reports have none).

    Raises:
        ProtocolError: not JSON of that kind.
    """
    if payload in (b"online", b"offline"):
        return Availability(payload == b"online")
    if len(payload) > LONGEST:
        raise ProtocolError("too long")
    try:
        report = _decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise ProtocolError("no report of a button") from None
    if report.action:
        battery = None if report.battery is None else round(min(max(report.battery, 0), 100))
        return Action(report.action[:40], battery)
    if report.state in ("online", "offline"):
        return Availability(report.state == "online")
    return None
