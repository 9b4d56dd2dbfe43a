"""Commands that look into a hall: test vectors, measurements, what a day would be like."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from queue_server.cli.common import DataFolder, HallFile, app, fail, read_hall

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


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


@app.command()
def clips(
    data: DataFolder = Path("data"),
    languages: Annotated[str, typer.Option(help="如 zh,en;不填全部。Default: all")] = "",
) -> None:
    """生成一套起步语音片段,已有的录音不动。Render a starter set of voice clips; keeps yours."""
    import asyncio

    from display.voice.clips import CLIPS
    from display.voice.starter import render

    wanted = [name.strip() for name in languages.split(",") if name.strip()] or sorted(CLIPS)
    if unknown := set(wanted) - set(CLIPS):
        fail(f"没有这些语言。There is no {', '.join(sorted(unknown))}; only {', '.join(CLIPS)}")
    new = asyncio.run(render(data / "clips", wanted))
    typer.echo(f"{data / 'clips'}: {new} 个新片段 new clips")


@app.command()
def simulate(
    hall: Annotated[
        str, typer.Argument(help="厅文件、自带大厅或情景文件。Hall, shipped hall or scenario.json")
    ] = "demo",
    policy: Annotated[
        list[str] | None, typer.Option(help="规则,可多次。fairband, fcfs, fairscale")
    ] = None,
    days: Annotated[int, typer.Option(help="天数。Days")] = 10,
    load: Annotated[float, typer.Option(help="窗口忙的比例。Share of windows' time")] = 0.75,
    seed: Annotated[int, typer.Option(help="同一种子同一结果。Same seed, same numbers")] = 1,
    chart: Annotated[Path | None, typer.Option(help="最后一天的图,SVG。Chart of a day")] = None,
) -> None:
    """在虚拟时间里过若干天。Play made-up days of a hall under one rule or another."""
    from rich.console import Console
    from rich.progress import Progress

    from queue_server.simulate import FIRST_DAY, scenario_file
    from queue_server.simulate import simulate as play
    from queue_server.simulate.chart import chart as draw
    from queue_server.simulate.scenario import of_hall
    from queue_server.simulate.table import by_service, compare

    try:
        scenario = (
            scenario_file.read(Path(hall))
            if hall.endswith(".json")
            else of_hall(read_hall(hall), FIRST_DAY, load=load, seed=seed)
        )
    except (ValueError, OSError) as error:
        fail(f"{hall}: {error}")
    console, found = Console(), {}
    with Progress(console=console, transient=True) as progress:
        for name in policy or [scenario.hall.rules.dispatch.policy]:
            task = progress.add_task(name, total=days)
            played = play(
                scenario,
                policy=name,
                days=days,
                progress=partial(_advance, progress, task),
            )
            found[name] = [figures for figures, _ in played]
            last = played[-1]
    console.print(compare(found))
    console.print(by_service(scenario.hall, found[name]))
    if chart is not None:
        chart.write_text(draw(scenario.hall, *last), encoding="utf-8")


def _advance(progress: "Progress", task: "TaskID", done: int, _: int) -> None:
    progress.update(task, completed=done)


@app.command()
def replay(
    day: Annotated[str, typer.Argument(help="哪一天,如 2026-11-23。Which day")],
    hall: HallFile = "demo",
    data: DataFolder = Path("data"),
    policy: Annotated[str, typer.Option(help="换规则。Another rule")] = "",
    band: Annotated[float | None, typer.Option(help="换公平带,分钟。Another band")] = None,
    windows: Annotated[int, typer.Option(help="多开几个窗口。That many more windows")] = 0,
    closed: Annotated[str, typer.Option(help="不开这些窗口,逗号分开。Without these")] = "",
) -> None:
    """昨天要是换个办法会怎样。What a day that was would have been, otherwise run."""
    from rich.console import Console

    from queue_server.simulate.replay import replay_day
    from queue_server.simulate.table import compare
    from queue_server.store.log import rows_of
    from queue_server.store.schema import StoreError

    try:
        again = replay_day(
            rows_of(data, day),
            read_hall(hall),
            policy=policy or None,
            band=band,
            more_windows=windows,
            closed=tuple(w.strip() for w in closed.split(",") if w.strip()),
        )
    except (ValueError, StoreError) as error:
        fail(f"{day}: {error}")
    shown = {"原样 as it was": [again.was], "重放 replayed": [again.same]}
    Console().print(compare({**shown, "改后 changed": [again.changed]}))


@app.command()
def report(
    day: Annotated[str, typer.Argument(help="哪一天,如 2026-11-23。Which day")],
    hall: HallFile = "demo",
    data: DataFolder = Path("data"),
    chart: Annotated[Path | None, typer.Option(help="当天的图,SVG。Chart of the day")] = None,
) -> None:
    """一天的报告:等候、公平、预计误差。What a day was: waits, fairness, errors of prediction."""
    from rich.console import Console

    from queue_server.simulate.chart import chart as draw
    from queue_server.simulate.figures import figures
    from queue_server.simulate.record import read
    from queue_server.simulate.table import by_service, compare
    from queue_server.store.log import rows_of
    from queue_server.store.schema import StoreError

    try:
        rows = rows_of(data, day)
        if not rows:
            fail(f"{day}: 没有这一天的记录。Nothing is on record for that day")
        record = read(rows)
        found = figures(record)
    except (ValueError, StoreError) as error:
        fail(f"{day}: {error}")
    console, definition = Console(), read_hall(hall)
    console.print(compare({day: [found]}))
    console.print(by_service(definition, [found]))
    if chart is not None:
        chart.write_text(draw(definition, found, record), encoding="utf-8")
