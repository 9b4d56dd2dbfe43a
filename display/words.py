"""The fixed words of the screens: Chinese first, English second, plain and polite."""

from config.hall import Text

NUMBER: Text = {"zh": "号码", "en": "Ticket"}
WINDOW: Text = {"zh": "窗口", "en": "Window"}
SERVICE: Text = {"zh": "业务", "en": "Service"}
PLACE: Text = {"zh": "位置", "en": "Where"}
WAITING: Text = {"zh": "等候情况", "en": "Waiting"}
MISSED: Text = {"zh": "过号", "en": "Missed"}
MISSED_HINT: Text = {"zh": "请到咨询台", "en": "Please see the desk"}
LATE: Text = {"zh": "刚才已呼叫", "en": "Called earlier"}
PICKUP: Text = {"zh": "请取件", "en": "Ready for pickup"}
QUIET: Text = {"zh": "请留意叫号", "en": "Please watch for your number"}
CONNECTING: Text = {
    "zh": "正在连接,请留意窗口屏",
    "en": "Connecting, please watch the window signs",
}
LOOK_AT_WINDOWS: Text = {"zh": "请留意窗口屏", "en": "Please watch the windows"}

IDLE: Text = {"zh": "空闲", "en": "Available"}
SERVING: Text = {"zh": "正在办理", "en": "Now serving"}
PAUSED: Text = {"zh": "暂停服务", "en": "Paused"}
CLOSED: Text = {"zh": "下班", "en": "Closed"}
COME: Text = {"zh": "请 {number} 到本窗口", "en": "{number}, please come to this window"}
EMERGENCY: Text = {"zh": "应急窗口", "en": "Extra window"}
UNTIL: Text = {"zh": "至 {time}", "en": "until {time}"}
UNKNOWN: Text = {"zh": "请稍候", "en": "One moment, please"}

PAUSE_REASONS: dict[str, Text] = {
    "meal": {"zh": "用餐", "en": "Meal break"},
    "meeting": {"zh": "会议", "en": "Meeting"},
    "system": {"zh": "系统维护", "en": "System maintenance"},
    "rest": {"zh": "短暂休息", "en": "Short break"},
}
"""Reasons the engine knows by code; any other is shown as the clerk wrote it."""

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def both(words: Text, **fields: str) -> Text:
    """`words` with its places filled in, in every language."""
    return {language: wording.format(**fields) for language, wording in words.items()}


def window_name(label: str) -> Text:
    """What a window is called: ``3`` is "3 号窗口"; a label that is a name stays one."""
    if any(c.isascii() and c.isalnum() for c in label) and label.isascii():
        return {"zh": f"{label} 号窗口", "en": f"Window {label}"}
    return {"zh": label, "en": label}


def wait(waiting: int, open_windows: int, low: int | None, high: int | None) -> Text:
    """The expected wait of a zone in words; empty when nothing honest can be said."""
    if open_windows == 0:
        return {"zh": "窗口未开", "en": "No window open"}
    if waiting == 0:
        return {"zh": "随到随办", "en": "No wait"}
    if high is None:
        return {"zh": "", "en": ""}
    if not low:
        return {"zh": f"约 {max(high, 1)} 分钟内", "en": f"Under {max(high, 1)} min"}
    if low >= high:
        return {"zh": f"约 {high} 分钟", "en": f"About {high} min"}
    return {"zh": f"约 {low}–{high} 分钟", "en": f"About {low}–{high} min"}


def age(seconds: float) -> Text:
    """How old what is shown is."""
    if seconds < 60:
        return {"zh": f"{int(seconds)} 秒前的信息", "en": f"As of {int(seconds)} s ago"}
    return {
        "zh": f"{int(seconds // 60)} 分钟前的信息",
        "en": f"As of {int(seconds // 60)} min ago",
    }
