"""A hall in a dozen lines, for the manager who has to say that it is so."""

from collections import Counter
from collections.abc import Iterable

from config.bounds import Text
from config.faults import both
from config.hall import Hall, WindowKind, text

_KINDS: dict[WindowKind, Text] = {
    WindowKind.CONSULT: both("consultation", "咨询"),
    WindowKind.COMPREHENSIVE_FIELD: both("comprehensive by field", "分领域综合"),
    WindowKind.COMPREHENSIVE_ANY: both("comprehensive for all", "无差别综合"),
    WindowKind.DEPARTMENT_INSTANT: both("department, instant", "部门即办"),
    WindowKind.PICKUP: both("collection", "出件"),
    WindowKind.BACK_OFFICE: both("back office", "后台"),
    WindowKind.ROTA: both("rota", "轮值"),
    WindowKind.EMERGENCY: both("emergency", "应急"),
    WindowKind.ACCESSIBLE: both("accessible", "无障碍"),
    WindowKind.PROBLEM_DESK: both("problem desk", "办不成事反映"),
}


def summary(hall: Hall, language: str) -> list[str]:
    """What stands in the hall file, in words."""

    def say(en: str, zh: str) -> str:
        return text(both(en, zh), "zh" if language.startswith("zh") else "en")

    def names(rows: Iterable[Text]) -> str:
        return " · ".join(dict.fromkeys(text(row, language) for row in rows))

    offered = [service for service in hall.services if not service.hidden]
    real = sum(device.link != "emulator" for device in hall.devices)
    kinds = Counter(text(_KINDS[window.kind], language) for window in hall.windows)
    letters = {s.id: s.prefix for s in hall.series}
    rows: list[tuple[str, int | None, str]] = [
        (say("Sites", "场所"), len(hall.sites), names(s.name for s in hall.sites)),
        (say("Areas", "等候区"), len(hall.areas), names(a.name for a in hall.areas)),
        (say("Zones", "分区"), len(hall.zones), names(z.name for z in hall.zones)),
        (
            say("Windows", "窗口"),
            len(hall.windows),
            " · ".join(f"{kind} {times}" for kind, times in kinds.items()),
        ),
        (
            say("Services", "业务"),
            len(offered),
            " · ".join(f"{letters[s.series]} {text(s.name, language)}" for s in offered),
        ),
        (say("Items", "事项"), len(hall.items), say("made up", "模拟") if hall.synthetic else ""),
        (say("Departments", "部门"), len(hall.departments), ""),
        (say("Priority", "优先"), len(hall.priorities), names(p.name for p in hall.priorities)),
        (say("Hours", "时间"), None, " · ".join(hall.rules.hours)),
        (say("Kiosks", "取号机"), len(hall.kiosks), ""),
        (say("Boards", "大屏"), len(hall.boards), ""),
        (say("Voices", "语音"), len(hall.voices), ""),
        (say("Devices", "设备"), len(hall.devices), say(f"{real} real", f"真实 {real}")),
    ]
    wide = max(_wide(head) for head, _, _ in rows)
    lines = [f"{text(hall.name, language)} ({hall.id})"]
    for head, number, words in rows:
        first = head + " " * (wide - _wide(head))
        lines.append(f"  {first}  {'' if number is None else number:>4}  {words}".rstrip())
    return lines


def _wide(word: str) -> int:
    """Columns of a terminal that `word` takes; a Chinese character takes two."""
    return sum(1 if letter.isascii() else 2 for letter in word)
