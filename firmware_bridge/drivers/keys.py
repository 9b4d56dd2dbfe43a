"""Buttons that were never made for halls: USB number pads and Zigbee buttons.

A USB number pad: digits, then a key. Enter calls, + recalls, - pauses, * asks for a rating,
/ transfers (to the window typed before), . is the function key. Digits are forgotten after five
seconds, so that a lone Enter means "next" whatever somebody leaned on before.
"""

import asyncio
from collections.abc import Sequence

from config.wire.devices import Health
from firmware_bridge.codecs import keypad, zigbee
from firmware_bridge.codecs.keypad import Event
from firmware_bridge.codecs.stream import ProtocolError, Stream
from firmware_bridge.desk import Desk
from firmware_bridge.links.link import Link
from firmware_bridge.words import Heard, Pressed

FORGET_SECONDS = 5.0
MOST_DIGITS = 6
_KEYS = {
    "enter": "call", "plus": "recall", "minus": "pause", "asterisk": "wait", "slash": "transfer",
    "dot": "function",
}  # fmt: skip
_ACTIONS = {"single": "call", "double": "recall", "hold": "pause"}


class Typing:
    """Digits and keys in the order they go down (pure; times in seconds)."""

    def __init__(self) -> None:
        self._digits = ""
        self._at = 0.0

    def down(self, key: str, now: float) -> Pressed | None:
        """A key went down; answers the press it completes."""
        if now - self._at > FORGET_SECONDS:
            self._digits = ""
        self._at = now
        if key.isdecimal():
            self._digits = (self._digits + key)[-MOST_DIGITS:]
            return None
        digits, self._digits = self._digits, ""
        name = _KEYS.get(key)
        return None if name is None else Pressed(name, digits)


async def drive(link: Link, desks: Sequence[Desk]) -> None:
    """Serve one USB number pad (see `drivers.registry`)."""
    (desk, *_), typing = desks, Typing()
    stream: Stream[Event] = Stream(keypad.parse)
    desk.report(Health.OK, "")
    while True:
        for event in stream.feed(await link.read()):
            pressed = (
                typing.down(event.pressed, asyncio.get_running_loop().time())
                if event.pressed
                else None
            )
            if pressed is not None:
                await desk.say(pressed)
        desk.count(stream.faults)
        stream.faults.clear()


async def drive_zigbee(link: Link, desks: Sequence[Desk]) -> None:
    """Serve one Zigbee button; keys other than single, double and hold keep the maker's name."""
    desk = desks[0]
    desk.report(Health.UNKNOWN, "waiting for its first message")
    while True:
        try:
            said = zigbee.decode(await link.read())
        except ProtocolError as error:
            desk.counters[str(error)] += 1
            continue
        match said:
            case zigbee.Availability(online):
                away = "the button is out of radio reach or its battery is empty"
                desk.report(Health.OK if online else Health.OFFLINE, "" if online else away)
            case zigbee.Action(name, battery):
                low = battery is not None and battery < 15
                desk.report(
                    Health.DEGRADED if low else Health.OK, f"battery {battery} %" if low else ""
                )
                await desk.say(Pressed(_ACTIONS.get(name, name)))
            case None:
                await desk.say(Heard("report"))
