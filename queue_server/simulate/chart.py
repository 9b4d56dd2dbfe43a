"""A day as one picture: who came, how long they waited, what the windows did, how right we were.

Plain SVG, drawn here; it opens in any browser and prints on one sheet.
"""

from collections.abc import Iterable, Sequence
from html import escape

from config.hall import Hall
from queue_server.simulate.figures import Figures
from queue_server.simulate.record import Passage, Record

WIDTH, HEIGHT = 1600, 1130
MARGIN, GUTTER = 56, 56
INK, SOFT, FAINT, PAPER, CARD = "#14202b", "#5b6b79", "#dde4ea", "#f4f7f9", "#ffffff"
COLOURS = (
    "#0b5cad",
    "#e07b00",
    "#2a8f6b",
    "#9a4fb5",
    "#c8433e",
    "#4c7fa6",
    "#8a7a1f",
    "#d1669b",
    "#3d9ab8",
    "#6b8e23",
    "#7a5c43",
    "#5661c9",
)
FONT = "'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"
SLOT = 10
"""Minutes of one bar of arrivals."""
MOST_SERVICES = 14
MOST_WINDOWS = 40


class Canvas:
    """Collects shapes."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str, *, r: float = 0, o: float = 1
    ) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{h:.1f}" '
            f'rx="{r}" fill="{fill}" opacity="{o:g}"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = FAINT) -> None:
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'
        )

    def dot(self, x: float, y: float, r: float, fill: str, o: float = 0.55) -> None:
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{fill}" opacity="{o:g}"/>'
        )

    def curve(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5" '
            'stroke-linejoin="round"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 14,
        fill: str = INK,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        weight = ' font-weight="700"' if bold else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}" '
            f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def svg(self) -> str:
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" font-family="{FONT}">\n'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>\n{body}\n</svg>\n'
        )


class Panel:
    """A card with a heading and a plot area, whose two scales are set by the first call."""

    def __init__(
        self,
        canvas: Canvas,
        box: tuple[float, float, float, float],
        zh: str,
        en: str,
        *,
        left: float,
    ) -> None:
        x, y, w, h = box
        self.canvas = canvas
        canvas.rect(x, y, w, h, CARD, r=14)
        canvas.text(x + 24, y + 38, zh, size=20, bold=True)
        canvas.text(x + 24 + 21 * len(zh) + 10, y + 38, en, size=14, fill=SOFT)
        self.left, self.right = x + left, x + w - 28
        self.top, self.bottom = y + 66, y + h - 40
        self.x0, self.x1, self.y0, self.y1 = 0.0, 1.0, 0.0, 1.0

    def scale(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        (self.x0, self.x1), (self.y0, self.y1) = x, y

    def x(self, value: float) -> float:
        return self.left + (value - self.x0) / (self.x1 - self.x0) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - (value - self.y0) / (self.y1 - self.y0) * (self.bottom - self.top)

    def hours(self) -> None:
        """A clock along the bottom."""
        first, last = int(self.x0 // 60) + 1, int(self.x1 // 60)
        for hour in range(first, last + 1):
            x = self.x(hour * 60)
            self.canvas.line(x, self.top, x, self.bottom)
            self.canvas.text(x, self.bottom + 22, f"{hour}:00", size=13, fill=SOFT, anchor="middle")

    def levels(self, values: Iterable[float]) -> None:
        """Quiet lines across, with their values at the left."""
        for value in values:
            self.canvas.line(self.left, self.y(value), self.right, self.y(value))
            self.canvas.text(
                self.left - 10, self.y(value) + 5, f"{value:g}", size=13, fill=SOFT, anchor="end"
            )


def chart(hall: Hall, day: Figures, record: Record) -> str:
    """Return the picture of a day as SVG."""
    canvas = Canvas()
    called = [p for p in record.passages if p.called is not None]
    services = sorted(day.services, key=lambda s: -day.services[s].count)[:MOST_SERVICES]
    colours = {s: COLOURS[i % len(COLOURS)] for i, s in enumerate(services)}
    span = _span(record)
    half = (WIDTH - 2 * MARGIN - GUTTER / 2) / 2
    right = MARGIN + half + GUTTER / 2
    _heading(canvas, hall, day)
    tall = (HEIGHT - 236 - MARGIN / 2 - GUTTER / 2) / 2
    low = 206 + tall + GUTTER / 2
    _arrivals(canvas, (MARGIN, 206, half, tall), called, span)
    _waits(canvas, (right, 206, half, tall), hall, day, called, colours)
    _windows(canvas, (MARGIN, low, half, tall), hall, day, record, colours, span)
    _foresight(canvas, (right, low, half, tall), called)
    return canvas.svg()


def _span(record: Record) -> tuple[float, float]:
    moments = [p.ready for p in record.passages] + [p.ended for p in record.passages if p.ended]
    if not moments:
        return (8 * 60.0, 18 * 60.0)
    return (min(moments) // 30 * 30, -(-max(moments) // 30) * 30)


def _heading(canvas: Canvas, hall: Hall, day: Figures) -> None:
    zh, en = hall.name.get("zh", hall.id), hall.name.get("en", "")
    canvas.text(MARGIN, 70, f"{zh} · 一日", size=34 if len(zh) < 40 else 26, bold=True)
    canvas.text(MARGIN, 100, f"{en}  {day.day}" if en != zh else day.day, size=16, fill=SOFT)
    facts = [
        (f"{day.all.count}", "人次叫号", "calls"),
        (f"{day.all.mean:.1f}", "平均等候(分)", "mean wait, min"),
        (f"{day.all.p95:.0f}", "95% 不超过(分)", "95th percentile, min"),
        (f"{day.all.longest:.0f}", "最长等候(分)", "longest, min"),
        (f"{day.over_20:.0%}", "等候超过 20 分钟", "over 20 min"),
        (
            f"{day.privileged:.1f} / {day.ordinary:.1f}",
            "优先 / 普通(分)",
            "priority / ordinary, min",
        ),
        (f"{day.skipped:.0%}", "被后来者先叫", "passed over"),
    ]
    if day.inside is not None:
        facts.append((f"{day.inside:.0%}", "在预计范围内", "within the wait shown"))
    step = (WIDTH - 2 * MARGIN) / len(facts)
    for i, (number, name, english) in enumerate(facts):
        x = MARGIN + i * step
        canvas.text(x, 146, number, size=30, bold=True, fill=COLOURS[0])
        canvas.text(x, 170, name, size=15)
        canvas.text(x, 189, english, size=12, fill=SOFT)


Box = tuple[float, float, float, float]


def _arrivals(
    canvas: Canvas, box: Box, called: Sequence[Passage], span: tuple[float, float]
) -> None:
    panel = Panel(
        canvas, box, "到达与等候人数", "Arrivals in ten minutes, and people waiting", left=64
    )
    slots = int((span[1] - span[0]) / SLOT) + 1
    came, waiting = [0] * slots, [0] * slots
    for passage in called:
        came[int((passage.ready - span[0]) / SLOT)] += 1
        for i in range(slots):
            moment = span[0] + i * SLOT
            waiting[i] += passage.ready <= moment < (passage.called or 0.0)
    most = max(*came, *waiting, 10)
    panel.scale(span, (0, _round_up(most)))
    panel.levels(_ticks(panel.y1))
    panel.hours()
    for i, count in enumerate(came):
        x = panel.x(span[0] + i * SLOT)
        wide = panel.x(span[0] + SLOT) - panel.x(span[0])
        top = panel.y(count)
        canvas.rect(x + 1, top, wide - 2, panel.bottom - top, COLOURS[0], r=2, o=0.35)
    points = [(panel.x(span[0] + i * SLOT), panel.y(n)) for i, n in enumerate(waiting)]
    canvas.curve(points, COLOURS[1])
    x = panel.right
    canvas.text(x, box[1] + 38, "等候", size=14, fill=COLOURS[1], anchor="end", bold=True)
    canvas.text(x - 42, box[1] + 38, "到达", size=14, fill="#7fa6cf", anchor="end", bold=True)


def _waits(
    canvas: Canvas,
    box: Box,
    hall: Hall,
    day: Figures,
    called: Sequence[Passage],
    colours: dict[str, str],
) -> None:
    panel = Panel(canvas, box, "各业务等候", "Waits by service, minutes", left=190)
    panel.scale((0, _round_up(max(day.all.longest, 10))), (0, 1))
    height = (panel.bottom - panel.top) / max(1, len(colours))
    for tick in _ticks(panel.x1):
        canvas.line(panel.x(tick), panel.top, panel.x(tick), panel.bottom)
        canvas.text(
            panel.x(tick), panel.bottom + 22, f"{tick:g}", size=13, fill=SOFT, anchor="middle"
        )
    for i, (service, colour) in enumerate(colours.items()):
        middle = panel.top + (i + 0.5) * height
        name = hall.service_by_id[service].name.get("zh", service)
        canvas.text(panel.left - 12, middle + 5, _short(name, 11), size=14, anchor="end")
        for n, passage in enumerate(p for p in called if p.service == service):
            y = middle + ((n * 0.618) % 1 - 0.5) * height * 0.62
            canvas.dot(panel.x(passage.wait), y, 2.6, colour, 0.4)
        found = day.services[service]
        for value, weight in ((found.mean, 5.0), (found.p95, 2.0)):
            canvas.rect(
                panel.x(value) - weight / 2, middle - height * 0.4, weight, height * 0.8, INK, r=1
            )
    canvas.text(panel.right, box[1] + 38, "粗线平均,细线 95%", size=13, fill=SOFT, anchor="end")


def _windows(
    canvas: Canvas,
    box: Box,
    hall: Hall,
    day: Figures,
    record: Record,
    colours: dict[str, str],
    span: tuple[float, float],
) -> None:
    panel = Panel(canvas, box, "窗口工作", "What the windows did", left=84)
    panel.scale(span, (0, 1))
    panel.hours()
    windows = [w for w in record.windows if record.windows[w]][:MOST_WINDOWS]
    height = (panel.bottom - panel.top) / max(1, len(windows))
    bar = min(height * 0.72, 22)
    for i, window in enumerate(windows):
        y = panel.top + (i + 0.5) * height - bar / 2
        known = hall.window_by_id.get(window)
        label = known.number if known else window
        canvas.text(
            panel.left - 10, y + bar * 0.76, _short(label, 8), size=min(13, bar + 2), anchor="end"
        )
        for stretch in record.windows[window]:
            if not stretch.paused:
                left, right = panel.x(stretch.start), panel.x(stretch.end)
                canvas.rect(left, y, right - left, bar, "#eaeff3", r=2)
    row = {w: i for i, w in enumerate(windows)}
    for passage in record.passages:
        if passage.window in row and passage.called is not None and passage.ended is not None:
            y = panel.top + (row[passage.window] + 0.5) * height - bar / 2
            left, right = panel.x(passage.called), panel.x(passage.ended)
            colour = SOFT if passage.missed else colours.get(passage.service, "#9fb0bd")
            canvas.rect(left, y, right - left - 0.6, bar, colour, r=1.5, o=0.85)
    busy = sum(found[1] for found in day.windows.values())
    is_open = sum(found[2] for found in day.windows.values())
    share = busy / is_open if is_open else 0.0
    canvas.text(
        panel.right, box[1] + 38, f"忙碌 {share:.0%}", size=14, fill=SOFT, anchor="end", bold=True
    )


def _foresight(canvas: Canvas, box: Box, called: Sequence[Passage]) -> None:
    panel = Panel(
        canvas, box, "预计与实际", "The wait shown on the slip, and the true one", left=64
    )
    shown = [p for p in called if p.low is not None and p.high is not None and not p.returned]
    most = _round_up(max([p.wait for p in shown] + [float(p.high or 0) for p in shown] + [10]))
    panel.scale((0, most), (0, most))
    panel.levels(_ticks(most))
    for tick in _ticks(most):
        canvas.text(
            panel.x(tick), panel.bottom + 22, f"{tick:g}", size=13, fill=SOFT, anchor="middle"
        )
    canvas.line(panel.x(0), panel.y(0), panel.x(most), panel.y(most), SOFT)
    canvas.text(panel.right, panel.bottom - 8, "预计 →", size=13, fill=SOFT, anchor="end")
    canvas.text(panel.left + 8, panel.top + 14, "↑ 实际", size=13, fill=SOFT)
    for n, passage in enumerate(shown):
        low, high = passage.low or 0, passage.high or 0
        middle = (low + high) / 2 + ((n * 0.618) % 1 - 0.5) * 2.0
        right = low <= passage.wait <= high
        colour = COLOURS[2] if right else COLOURS[4]
        canvas.dot(panel.x(max(0.0, middle)), panel.y(passage.wait), 3.0, colour, 0.5)
    canvas.text(
        panel.right, box[1] + 38, "范围内", size=14, fill=COLOURS[2], anchor="end", bold=True
    )
    canvas.text(
        panel.right - 58, box[1] + 38, "范围外", size=14, fill=COLOURS[4], anchor="end", bold=True
    )


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _round_up(value: float) -> float:
    for step in (5, 10, 20, 50, 100, 200):
        if value <= step * 6:
            return float(-(-value // step) * step)
    return float(-(-value // 500) * 500)


def _ticks(top: float) -> list[float]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if top / s <= 8)
    return [float(t) for t in range(0, int(top) + 1, step)]
