"""Days side by side in a terminal."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from rich.table import Table

from config.hall import Hall
from queue_server.simulate.figures import Figures, Line

Days = Sequence[Figures]


def compare(days: Mapping[str, Days], title: str = "") -> Table:
    """One column for each way of running the hall, means over its days; the first is the measure
    of the others."""
    table = Table(title=title or None, title_justify="left")
    table.add_column("每日平均 / mean of the days")
    for name in days:
        table.add_column(name, justify="right")
    first = next(iter(days.values()))
    for label, value in _ROWS.items():
        if any(value(d) is None for found in days.values() for d in found):
            continue
        base = fmean(value(d) or 0.0 for d in first)
        cells = []
        for found in days.values():
            here = fmean(value(d) or 0.0 for d in found)
            change = f" ({here / base - 1:+.0%})" if found is not first and base else ""
            cells.append(f"{here:.0%}" if label in _SHARES else f"{here:.1f}{change}")
        table.add_row(label, *cells)
    return table


def by_service(hall: Hall, days: Days) -> Table:
    """Waits of every service, people of all days together."""
    table = Table()
    table.add_column("业务 / service")
    for name in ("人次 / calls", "平均 / mean", "95%", "最长 / longest"):
        table.add_column(name, justify="right")
    for service in hall.services:
        lines = [d.services[service.id] for d in days if service.id in d.services]
        count = sum(line.count for line in lines)
        if count:
            table.add_row(
                service.name.get("zh", service.id),
                f"{count}",
                f"{_weighted(lines, count):.1f}",
                f"{max(line.p95 for line in lines):.0f}",
                f"{max(line.longest for line in lines):.0f}",
            )
    return table


def _weighted(lines: Sequence[Line], count: int) -> float:
    return sum(line.mean * line.count for line in lines) / count


_ROWS: Mapping[str, Callable[[Figures], float | None]] = {
    "叫号人次 / calls": lambda d: float(d.all.count),
    "平均等候 / mean wait, min": lambda d: d.all.mean,
    "95% 等候 / 95th percentile": lambda d: d.all.p95,
    "最长等候 / longest": lambda d: d.all.longest,
    "超过 20 分钟 / over 20 min": lambda d: d.over_20,
    "普通 / ordinary, mean": lambda d: d.ordinary,
    "优先 / privileged, mean": lambda d: d.privileged,
    "被后来者先叫 / passed over": lambda d: d.skipped,
    "后来多少分钟 / by minutes": lambda d: d.skipped_by,
    "业务间差距 / worst over best": lambda d: d.unevenness,
    "预计误差 / error of the wait shown": lambda d: d.error,
    "在预计范围内 / within the wait shown": lambda d: d.inside,
    "最后一人离开 / last one out, min": lambda d: d.last,
}
_SHARES = {
    "超过 20 分钟 / over 20 min",
    "被后来者先叫 / passed over",
    "在预计范围内 / within the wait shown",
}
