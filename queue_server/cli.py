"""`yichuang`: every part of a hall, from one command line.

Parts are imported when their command runs: a box that is a board needs no web server.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from config.hall import Hall
from queue_server.engine.roles import Role

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="一窗:政务大厅排队系统。The queue of a government service hall.",
)

HallFile = Annotated[
    str, typer.Argument(help="厅文件,或自带大厅的名字。Hall file, or shipped hall")
]
DataFolder = Annotated[Path, typer.Option("--data", help="数据文件夹。Folder of the database")]
Broker = Annotated[
    str,
    typer.Option("--mqtt", help="embedded, embedded:PORT, none, or mqtt://USER:PASSWORD@HOST:PORT"),
]
BrokerUrl = Annotated[
    str, typer.Option("--mqtt", envvar="YICHUANG_MQTT", help="mqtt://NAME:TOKEN@HOST:PORT")
]


ELSEWHERE = ("alsa", "pulse", "rtp", "listed")
"""Drivers that are not the bridge's: loudspeakers, and devices that are only listed."""


class Given(StrEnum):
    """Roles a token can be given."""

    ADMIN = "admin"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    GUIDE = "guide"
    CLERK = "clerk"
    KIOSK = "kiosk"
    DISPLAY = "display"
    BRIDGE = "bridge"


def main() -> None:
    """Entry point."""
    app()


def fail(message: str) -> NoReturn:
    """Say what is wrong and end with exit code 1."""
    typer.echo(message, err=True)
    raise typer.Exit(1)


def read_hall(file: str) -> Hall:
    """The hall of a file or of a shipped name; every fault is told, a line each."""
    from config.load import HallFileError, load_hall, shipped, shipped_names

    path = shipped(file) if file in shipped_names() else Path(file)
    try:
        return load_hall(path)
    except HallFileError as error:
        fail(str(error))


def until_stopped(work: Coroutine[Any, Any, None], *, quiet: bool = False) -> None:
    """Run `work` until it ends, or until SIGTERM or Ctrl-C asks it to; `quiet` logs warnings
    only."""

    async def run() -> None:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, lambda: task and task.cancel())
        with contextlib.suppress(asyncio.CancelledError):
            await work

    set_up_logs(quiet=quiet)
    import uvloop

    # A commit waits for the disk in a thread of its own; with the usual 5 ms it would then wait
    # for the interpreter as well.
    sys.setswitchinterval(0.0005)

    from queue_server.broker import BrokerError
    from queue_server.store.schema import StoreError

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(run())
        except (StoreError, BrokerError, OSError) as error:
            fail(str(error))


def set_up_logs(*, quiet: bool = False) -> None:
    """Log to standard error: readable on a terminal, JSON for a journal."""
    import logging

    import structlog

    renderer = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if quiet else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


# -- the hall --------------------------------------------------------------------------------------


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


# -- parts that are processes of their own ---------------------------------------------------------


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
    window: Annotated[bool, typer.Option(help="打开屏幕。Open the screen")] = True,
) -> None:
    """运行取号机。Run a kiosk: screen, card reader and printer of one machine."""
    from kiosk.run import run

    run_part(
        hall,
        kiosk,
        mqtt,
        lambda h, bus: run(h, bus, kiosk, data=data, page_url=page_url, window=window),
    )


@app.command()
def board(
    hall: HallFile,
    board: Annotated[str, typer.Argument(help="厅文件里的大屏编号。Board id")],
    mqtt: BrokerUrl,
) -> None:
    """运行大屏。Run a hall board."""
    from display.run import run_board

    run_part(hall, board, mqtt, lambda h, bus: run_board(h, bus, board))


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

    run_part(hall, voice, mqtt, lambda h, bus: run_voice(h, bus, voice, data=data))


# -- looking into it -------------------------------------------------------------------------------


@app.command()
def vectors(
    file: Annotated[Path, typer.Argument(help="测试向量文件。File of test vectors, JSON")],
) -> None:
    """核对设备协议的测试向量。Check device protocols against a file of test vectors."""
    from firmware_bridge.codecs.vectors import run

    try:
        report = run(file)
    except (ValueError, OSError) as error:
        fail(f"{file}: {error}")
    typer.echo(report)
    raise typer.Exit(report.code)


@app.command()
def bench(
    json: Annotated[Path | None, typer.Option(help="另存为 JSON。Also as JSON")] = None,
    quick: Annotated[bool, typer.Option(help="少测一些。Less of everything")] = False,
    only: Annotated[str, typer.Option(help="只测一项。One section")] = "",
) -> None:
    """测量本机。Measure this machine beside the bare thing; needs the source tree."""
    try:
        from benchmarks.run import main as measure
    except ModuleNotFoundError:
        fail("bench 只在源码目录里有。The benchmarks come with the source tree")
    raise typer.Exit(measure(json, quick=quick, only=only or None))


# -- the data folder -------------------------------------------------------------------------------


@app.command()
def token(
    data: DataFolder = Path("data"),
    role: Annotated[Given, typer.Option(help="角色。Role")] = Given.KIOSK,
    name: Annotated[str, typer.Option(help="设备或程序的名字。Default: made up")] = "",
    windows: Annotated[str, typer.Option(help="只限这些窗口,逗号分开。Only these windows")] = "",
    revoke: Annotated[bool, typer.Option(help="作废。Take the token of this name back")] = False,
) -> None:
    """发放或作废令牌。Print a token for a device or program: NAME.SECRET.

    Over HTTP: Authorization: Bearer TOKEN. At the broker: user NAME, password the whole token.
    """
    import secrets

    from queue_server.broker import hash_password
    from queue_server.store.accounts import AccountError, Accounts

    accounts = Accounts(data)
    try:
        if revoke:
            if not accounts.revoke(name):
                fail(f"没有有效的令牌 {name!r}。There is no token of that name in force")
            return
        limit = frozenset(w.strip() for w in windows.split(",") if w.strip()) or None
        typer.echo(
            accounts.add_token(
                name or f"{role}-{secrets.token_hex(3)}",
                Role(role),
                windows=limit,
                broker_hash=hash_password,
            )
        )
    except AccountError as error:
        fail(str(error))
    finally:
        accounts.close()


@app.command()
def person(
    name: Annotated[str, typer.Argument(help="登录名。Name to sign in with")],
    role: Annotated[Given, typer.Option(help="角色。Role")] = Given.CLERK,
    windows: Annotated[str, typer.Option(help="只限这些窗口,逗号分开。Only these windows")] = "",
    data: DataFolder = Path("data"),
    remove: Annotated[bool, typer.Option(help="删除。Remove the account")] = False,
) -> None:
    """新建或删除登录账号。Make an account; its first password is printed once."""
    import secrets

    from queue_server.store.accounts import AccountError, Accounts

    accounts = Accounts(data)
    try:
        if remove:
            if not accounts.remove_person(name):
                fail(f"没有账号 {name!r}。There is no such account")
            return
        limit = frozenset(w.strip() for w in windows.split(",") if w.strip()) or None
        password = secrets.token_urlsafe(9)
        accounts.add_person(name, Role(role), password, windows=limit)
        typer.echo(password)
    except AccountError as error:
        fail(str(error))
    finally:
        accounts.close()


@app.command()
def backup(data: DataFolder = Path("data")) -> None:
    """备份。Copy the database into its backups folder, while the server runs, and check it."""
    from queue_server.store.backup import backup as copy
    from queue_server.store.schema import StoreError

    try:
        typer.echo(copy(data))
    except StoreError as error:
        fail(str(error))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="备份文件。Backup file")],
    data: DataFolder = Path("data"),
) -> None:
    """恢复备份。Put a backup in the place of the database; the present one is kept beside it."""
    from queue_server.store.backup import restore as put_back
    from queue_server.store.log import stopped
    from queue_server.store.schema import StoreError

    try:
        with stopped(data):
            put_back(data, source)
    except StoreError as error:
        fail(str(error))
    typer.echo(f"已恢复 {source}。Restored; start the server again")


if __name__ == "__main__":
    main()
