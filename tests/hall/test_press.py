"""One press through the whole hall: pad bytes to board, sign, pad display and loudspeaker."""

import asyncio
import contextlib
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.hall import Device
from config.load import load_hall, shipped
from config.wire import topics
from config.wire.ask import Asker, new_id
from config.wire.bus import Bus
from config.wire.commands import IssueTicket, OpenWindow
from config.wire.views import BoardView, WindowView
from display.run import run_voice
from display.voice.player import FilePlayer
from firmware_bridge.emulators.led_bx import BxEmulator
from firmware_bridge.emulators.pads import PadEmulator
from firmware_bridge.run import run as run_bridge
from queue_server.embedded import Running, hall_server
from queue_server.engine.roles import Role
from tests.helpers import take_until, wait_until


@dataclass
class Live:
    """A demo hall with its devices and loudspeaker."""

    running: Running
    bus: Bus
    ask: Asker
    heard: Path
    devices: dict[str, object] = field(default_factory=dict)


@contextlib.asynccontextmanager
async def live(tmp_path: Path, mqtt: str) -> AsyncIterator[Live]:
    hall = load_hall(shipped("demo"))
    heard = tmp_path / "heard.wav"
    async with contextlib.AsyncExitStack() as stack:
        running = await stack.enter_async_context(hall_server(hall, tmp_path / "data", mqtt))
        ends = {
            name: await stack.enter_async_context(await running.lines.attach(name, role))
            for name, role in (
                ("test", Role.ADMIN),
                ("bridge", Role.BRIDGE),
                ("V1", Role.DISPLAY),
            )
        }
        ask = await stack.enter_async_context(Asker(ends["test"], hall.id))
        made = Live(running, ends["test"], ask, heard)

        def plug(device: Device, emulator: object) -> None:
            made.devices[device.id] = emulator

        parts = [
            asyncio.create_task(run_bridge(hall, ends["bridge"], emulators=plug)),
            asyncio.create_task(
                run_voice(
                    hall, ends["V1"], "V1", data=tmp_path, player=FilePlayer(heard, paced=False)
                )
            ),
        ]
        yield made
        for part in parts:
            part.cancel()
        await asyncio.wait(parts)


@pytest.mark.parametrize("mqtt", ["none", "embedded"])
async def test_a_press_on_a_pad_reaches_everybody(tmp_path: Path, mqtt: str) -> None:
    async with live(tmp_path, mqtt) as hall:
        id = hall.running.server.hall.id
        await hall.ask(IssueTicket(id=new_id(), service="social"))
        await hall.ask(OpenWindow(id=new_id(), window="N1"))
        await wait_until(lambda: {"pad-n1", "sign-n1"} <= hall.devices.keys(), "the devices")
        pad, sign = hall.devices["pad-n1"], hall.devices["sign-n1"]
        assert isinstance(pad, PadEmulator)
        assert isinstance(sign, BxEmulator)
        async with (
            hall.bus.subscribe(topics.board(id, "hall")) as boards,
            hall.bus.subscribe(topics.window(id, "N1")) as signs,
        ):
            assert await pad.press("call")
            shown = await take_until(boards, lambda d: d.message.rows)
            told = await take_until(signs, lambda d: d.message.number)
        board: BoardView = shown.message
        window: WindowView = told.message
        assert [(r.number, r.label, r.state) for r in board.rows] == [("S001", "1", "called")]
        assert (window.number, window.state) == ("S001", "called")
        await wait_until(lambda: "001" in pad.display, "the pad's display")
        await wait_until(lambda: "S001" in sign.text, "the sign")
        await wait_until(
            lambda: hall.heard.exists() and _seconds(hall.heard) > 3, "the voice", within=30
        )


def _seconds(path: Path) -> float:
    with contextlib.suppress(EOFError, wave.Error), wave.open(str(path)) as sound:
        return float(sound.getnframes() / sound.getframerate())
    return 0.0
