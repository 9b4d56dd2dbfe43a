"""Button boxes and lamps on a Modbus-RTU line.

Inputs are polled about twelve times a second; an input counts when two polls in a row agree. Which
input is which key is the hall file's: ``{ "input.1" = "call", "input.2" = "recall" }`` (inputs are
counted from 1, as printed on the box). A Light or Beep order switches output 1.
"""

import asyncio
from collections.abc import Sequence

from config.wire.devices import Health
from firmware_bridge.codecs import modbus
from firmware_bridge.codecs.modbus import Answer, Bits, Refused, Request
from firmware_bridge.codecs.stream import Stream
from firmware_bridge.desk import Desk
from firmware_bridge.links.link import Link, LinkError
from firmware_bridge.words import Beep, Light, Pressed

POLL_SECONDS = 0.08
ANSWER_SECONDS = 0.3
SILENCES = 5
INPUTS = 8
BEEP_SECONDS = 0.2


class Box:
    """One unit on the line."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.unit = desk.device.address or 1
        self.silences = 0
        self._before = self._steady = 0
        self._keys = {
            number: str(
                desk.device.options.get(f"input.{number + 1}", "call" if not number else "")
            )
            for number in range(INPUTS)
        }

    def looked(self, bits: Bits) -> list[str]:
        """Keys that went down, by two polls that agree."""
        now = bits.data[0]
        agreed = now if now == self._before else self._steady
        self._before = now
        fresh, self._steady = agreed & ~self._steady, agreed
        return [name for n, name in self._keys.items() if fresh >> n & 1 and name]


class Line:
    """The wire: one question at a time."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._stream: Stream[Answer] = Stream(modbus.parse, limit=128)

    async def ask(self, request: Request, desk: Desk) -> Answer | None:
        """The answer of that unit to that question, or None."""
        self._stream.idle()
        self._stream.faults.clear()
        await self._link.write(modbus.encode(request))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while True:
                    for answer in self._stream.feed(await self._link.read()):
                        if answer.unit == request.unit:
                            return answer
        except TimeoutError:
            return None
        finally:
            desk.count(self._stream.faults)


async def drive(link: Link, desks: Sequence[Desk]) -> None:
    """Serve all boxes of one line (see `drivers.registry`)."""
    line, boxes = Line(link), [Box(desk) for desk in desks]
    while True:
        for box in boxes:
            await _serve(line, box)
        if all(box.silences >= SILENCES for box in boxes):
            raise LinkError("no Modbus box answers: check power, A and B, and the unit numbers")
        await asyncio.sleep(POLL_SECONDS)


async def _serve(line: Line, box: Box) -> None:
    answer = await line.ask(modbus.read_inputs(box.unit, INPUTS), box.desk)
    if isinstance(answer, Bits) and answer.data:
        box.silences = 0
        box.desk.report(Health.OK, "")
        for name in box.looked(answer):
            await box.desk.say(Pressed(name))
    elif isinstance(answer, Refused):
        box.desk.report(Health.DEGRADED, f"the box refuses: {modbus.refusal(answer)}")
    else:
        box.silences += 1
        box.desk.counters["no answer"] += 1
        if box.silences == SILENCES:
            box.desk.report(Health.OFFLINE, f"unit {box.unit} does not answer")
    while await box.desk.ordered_within(0):
        order = await box.desk.next_order()
        if isinstance(order, Light):
            await line.ask(modbus.write_coil(box.unit, 0, on=order.on), box.desk)
        elif isinstance(order, Beep):
            await line.ask(modbus.write_coil(box.unit, 0, on=True), box.desk)
            await asyncio.sleep(BEEP_SECONDS)
            await line.ask(modbus.write_coil(box.unit, 0, on=False), box.desk)
