"""What all commands of the shell share: the program, its arguments, its way to run and to fail."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from config.hall import Hall

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

    faults: list[str] = []
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(run())
        except* (StoreError, BrokerError, OSError) as group:
            faults += map(str, _single(group))
    if faults:
        fail("\n".join(faults))


def _single(group: BaseExceptionGroup[Any]) -> Iterator[BaseException]:
    """The errors in a group: each part of a hall runs in a group of tasks."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _single(error)
        else:
            yield error


def set_up_logs(*, quiet: bool = False) -> None:
    """Log to standard error: readable on a terminal, JSON for a journal."""
    import logging

    import structlog

    # Plain tracebacks: a pretty one prints local variables, and one of them may be a token.
    if sys.stderr.isatty():
        last: list[Any] = [
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        ]
    else:
        plain = structlog.processors.format_exc_info
        last = [plain, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if quiet else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
