"""Commands about a whole hall: check, serve, demo."""

from pathlib import Path
from typing import Annotated

import typer

from queue_server.cli.common import Broker, DataFolder, HallFile, app, read_hall, until_stopped

ELSEWHERE = ("alsa", "pulse", "rtp", "listed")
"""Drivers that are not the bridge's: loudspeakers, and devices that are only listed."""


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="厅文件。Hall files or shipped names")],
    language: Annotated[str, typer.Option(help="zh 或 en")] = "",
) -> None:
    """检查厅文件。Say what is wrong with a hall file, a line a fault, or what it describes."""
    from config.check import report
    from config.load import shipped, shipped_names
    from firmware_bridge.drivers.registry import DRIVERS

    good = True
    for file in files:
        path = shipped(file) if file in shipped_names() else Path(file)
        lines, ok = report(path, language=language or None, drivers=[*DRIVERS, *ELSEWHERE])
        typer.echo("\n".join(lines))
        good = good and ok
    if not good:
        raise typer.Exit(1)


@app.command()
def serve(
    hall: HallFile = "demo",
    data: DataFolder = Path("data"),
    http: Annotated[str, typer.Option(help="HOST:PORT")] = "127.0.0.1:8080",
    mqtt: Broker = "embedded",
    behind_proxy: Annotated[bool, typer.Option(help="代理提供 HTTPS。A proxy does HTTPS")] = False,
) -> None:
    """运行排队服务器。Run the queue server of a hall: commands, console, boards, broker."""
    from queue_server.serve import serve as run

    until_stopped(run(read_hall(hall), data, http, mqtt, behind_proxy=behind_proxy))


@app.command()
def demo(
    hall: Annotated[str, typer.Option(help="厅文件或自带大厅。Hall file or shipped hall")] = "boai",
    speed: Annotated[float, typer.Option(help="人们的快慢。How fast people are")] = 10.0,
    citizens: Annotated[bool, typer.Option(help="模拟群众和窗口人员。Simulated people")] = True,
    screens: Annotated[bool, typer.Option(help="打开取号机和大屏。Kiosk and board windows")] = True,
    http: Annotated[str, typer.Option(help="HOST:PORT")] = "127.0.0.1:8080",
    data: Annotated[Path | None, typer.Option(help="默认用临时文件夹。Default: a new one")] = None,
    seconds: Annotated[float, typer.Option(help="到时停止。Stop after; 0 goes on")] = 0.0,
) -> None:
    """演示整个大厅。Run a whole hall with citizens and clerks, and print where to look."""
    from queue_server.demo import Demo

    plan = Demo(
        read_hall(hall),
        speed=speed,
        citizens=citizens,
        screens=screens,
        http=http,
        data=data,
        file=hall,
    )
    until_stopped(plan.run(seconds or None), quiet=True)
