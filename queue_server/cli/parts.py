"""Commands that run one part of a hall as a process of its own, and its devices."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from config.hall import Device, Hall
from queue_server.cli.common import (
    BrokerUrl,
    DataFolder,
    HallFile,
    app,
    fail,
    read_hall,
    until_stopped,
)


def run_part(hall: str, name: str, url: str, part: Callable[[Hall, Any], Awaitable[None]]) -> None:
    """Run one part of a hall on the hall's broker."""
    from config.wire import topics
    from config.wire.devices import ProcessStatus
    from queue_server.embedded import part_bus

    async def work() -> None:
        gone = (topics.process(definition.id, name), ProcessStatus(process=name, alive=False))
        async with part_bus(url, name, will=gone) as bus:
            here = ProcessStatus(process=name, alive=True)
            await bus.publish(topics.process(definition.id, name), here)
            await part(definition, bus)

    definition = read_hall(hall)
    until_stopped(work())


@app.command()
def kiosk(
    hall: HallFile,
    kiosk: Annotated[str, typer.Argument(help="厅文件里的取号机编号。Kiosk id")],
    mqtt: BrokerUrl,
    data: DataFolder = Path("data"),
    page_url: Annotated[str, typer.Option(help="号单二维码的网址。Address of the pages")] = "",
    full: Annotated[bool, typer.Option(help="占满屏幕。Fill the screen")] = False,
    scale: Annotated[float, typer.Option(help="缩放,笔记本上看用 0.5。For a laptop")] = 1.0,
    window: Annotated[bool, typer.Option(help="打开屏幕。Open the screen")] = True,
) -> None:
    """运行取号机。Run a kiosk: screen, card reader and printer of one machine."""
    from kiosk.run import run

    run_part(
        hall,
        kiosk,
        mqtt,
        lambda h, bus: run(
            h, bus, kiosk, data=data, page_url=page_url, window=window, full=full, scale=scale
        ),
    )


@app.command()
def board(
    hall: HallFile,
    board: Annotated[str, typer.Argument(help="厅文件里的大屏编号。Board id")],
    mqtt: BrokerUrl,
    size: Annotated[str, typer.Option(help="如 1280x720,不按厅文件。Instead of the file's")] = "",
) -> None:
    """运行大屏。Run a hall board."""
    from display.run import run_board

    seen = parse_size(size) if size else None
    run_part(hall, board, mqtt, lambda h, bus: run_board(h, bus, board, size=seen))


@app.command()
def window(
    hall: HallFile,
    window: Annotated[str, typer.Argument(help="厅文件里的窗口编号。Window id")],
    mqtt: BrokerUrl,
) -> None:
    """运行窗口屏。Run the sign over a window, on a screen."""
    from display.run import run_window

    run_part(hall, f"sign-{window}", mqtt, lambda h, bus: run_window(h, bus, window))


@app.command()
def voice(
    hall: HallFile,
    voice: Annotated[str, typer.Argument(help="厅文件里的语音编号。Voice id")],
    mqtt: BrokerUrl,
    data: DataFolder = Path("data"),
) -> None:
    """运行语音。Run the loudspeaker of a waiting area."""
    from display.run import run_voice
    from queue_server.loudspeaker import network_player

    run_part(
        hall,
        voice,
        mqtt,
        lambda h, bus: run_voice(h, bus, voice, data=data, player=network_player(h, voice)),
    )


@app.command()
def bridge(
    hall: Annotated[str, typer.Argument(help="厅文件或自带大厅。Hall file or shipped hall")] = "",
    mqtt: Annotated[
        str, typer.Option("--mqtt", envvar="YICHUANG_MQTT", help="mqtt://NAME:TOKEN@HOST:PORT")
    ] = "",
    only: Annotated[str, typer.Option(help="只管这些设备,逗号分开。Only these devices")] = "",
    show: Annotated[
        bool, typer.Option("--list", help="列出插着的设备。What is plugged in")
    ] = False,
    attempt: Annotated[str, typer.Option("--try", help="试一台设备。Exercise one device")] = "",
) -> None:
    """运行设备桥:呼叫器、窗口屏、评价器。Run the devices of a hall, or look at them."""
    from firmware_bridge.run import run
    from firmware_bridge.technician import plugged_in, try_device

    if show:
        for found in plugged_in():
            typer.echo(f"{found.where}  {found.what}  {found.write}".rstrip())
        return
    if attempt:
        device = find_device(read_hall(hall), attempt)
        if not asyncio.run(try_device(device, typer.echo)):
            raise typer.Exit(1)
        return
    if not mqtt:
        fail("请用 --mqtt 或 YICHUANG_MQTT 指明总线。Say where the broker is")
    wanted = {d.strip() for d in only.split(",") if d.strip()} or None
    run_part(hall, "bridge", mqtt, lambda h, bus: run(h, bus, only=wanted))


@app.command()
def emulate(
    hall: HallFile,
    device: Annotated[str, typer.Argument(help="厅文件里的设备编号。Device id")],
    tcp: Annotated[str, typer.Option(help="HOST:PORT,不用 pty。Instead of a pty")] = "",
) -> None:
    """模拟一台设备;一行一个动作。Stand in for a device; a line an act: press call, fault silent."""
    from firmware_bridge.technician import emulate as stand_in

    found = find_device(read_hall(hall), device)
    until_stopped(stand_in(found, typer.echo, typed(), tcp=tcp or None), quiet=True)


def parse_size(text: str) -> tuple[int, int]:
    """``1280x720`` as width and height."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        fail(f"{text!r} 不是 宽x高,如 1280x720。Not WIDTHxHEIGHT")
    return int(width), int(height)


def find_device(hall: Hall, name: str) -> Device:
    """The device of this id; an unknown one is an error that names those there are."""
    devices = {device.id: device for device in hall.devices}
    if name not in devices:
        fail(f"厅文件里没有设备 {name!r}。The hall has {', '.join(devices)}")
    return devices[name]


async def typed() -> AsyncIterator[str]:
    """Lines from standard input, until its end."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield line
