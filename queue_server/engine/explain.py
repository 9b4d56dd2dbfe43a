"""Why B012 and not A005? One of five sentences, from the record stored with the call.

Every number in a sentence stands in the record or is the difference of two that do. The names
(ticket numbers, services, what a privilege is called) are the hall's words and come with `Named`.

Another citizen must not learn from a sentence why a ticket is privileged. A ticket that is named
`discreet` goes "by the priority rules", and no number is told that gives its head start away.
"""

from collections.abc import Mapping

import msgspec

from queue_server.engine.choice import Choice, Head, Reason, Waiter

Text = dict[str, str]


class Named(msgspec.Struct, frozen=True):
    """What people call a ticket."""

    number: str
    service: Text
    privilege: Text = {}
    """Why it is privileged (老年人, 预约 10:00); empty for an ordinary ticket."""
    discreet: bool = False
    """It is privileged, and whoever asks must not learn how."""


class Why(msgspec.Struct, frozen=True):
    """The answer: which of the five reasons, and the sentence in each language."""

    reason: int
    text: Text


def clock(minutes: float) -> str:
    """Minutes since midnight as ``10:02``."""
    whole = int(minutes)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def why(choice: Choice, other: Waiter, names: Mapping[str, Named], window: str = "") -> Why:
    """Say why `choice` was called and not `other`, who was waiting too (or came later).

    `names` knows both tickets by id; `window` is what the sign over the window says (left out, its
    id). `other` need not have been the first of its line: it is compared as if it had been, which
    is how far it could have got at best.
    """
    mine, theirs = names[choice.waiter.id], names[other.id]
    if other.ready > choice.at:
        return Why(int(Reason.ORDER), _later(choice, other, mine.number, theirs.number))
    head = _as_head(choice, other)
    choice = msgspec.structs.replace(choice, window=window or choice.window)
    if head is None:
        return Why(int(Reason.ABILITY), _ability(choice, theirs))
    reason = choice.against(head)
    return Why(int(reason), _SENTENCES[reason](choice, head, mine, theirs))


def _as_head(choice: Choice, other: Waiter) -> Head | None:
    """`other` as the window would have seen it first in its line; None if it cannot take it."""
    if other.window not in (None, choice.window):
        return None
    bound = other.window is not None
    for head in choice.considered:
        if head.service == other.service and head.bound == bound:
            return msgspec.structs.replace(
                head,
                ticket=other.id,
                order=other.order,
                effective=other.order + choice.kappa * head.extra,
                ready=other.ready,
                seq=other.seq,
                priority=other.priority,
            )
    return None


def _later(choice: Choice, other: Waiter, mine: str, theirs: str) -> Text:
    called, came = clock(choice.at), clock(other.ready)
    return {
        "zh": f"{mine} {called} 已被叫号，{theirs} {came} 才开始等候",
        "en": f"{mine} was called at {called}; {theirs} began to wait only at {came}",
    }


def _ability(choice: Choice, theirs: Named) -> Text:
    return {
        "zh": f"{choice.window} 号窗口不能办理{_zh(theirs.service)}，"
        f"{theirs.number} 由其他窗口叫号",
        "en": f"Window {choice.window} does not handle {_en(theirs.service)}; "
        f"another window calls {theirs.number}",
    }


def _privilege(choice: Choice, head: Head, mine: Named, theirs: Named) -> Text:
    chosen = choice.head
    if choice.limit == "in-row":
        waited = int(choice.at - chosen.ready)
        return {
            "zh": f"{choice.window} 号窗口已连续叫了优先号，"
            f"普通号 {mine.number} 已等候 {waited} 分钟，轮到普通号",
            "en": f"Window {choice.window} has called privileged tickets in a row; "
            f"{mine.number} has waited {waited} minutes without privilege and has its turn",
        }
    if mine.discreet:
        return {
            "zh": f"{mine.number} 按优先规定排在 {theirs.number} 之前",
            "en": f"{mine.number} goes before {theirs.number} by the priority rules",
        }
    minutes = round(chosen.ready - chosen.order)
    name_zh, name_en = _zh(mine.privilege) or "优先", _en(mine.privilege) or "privileged"
    return {
        "zh": f"{mine.number} 有 {minutes} 分钟优先（{name_zh}），次序按 {clock(chosen.order)} 计，"
        f"{theirs.number} 按 {clock(head.order)} 计",
        "en": f"{mine.number} has a head start of {minutes} minutes ({name_en}) and counts from "
        f"{clock(chosen.order)}, {theirs.number} from {clock(head.order)}",
    }


def _order(choice: Choice, head: Head, mine: Named, theirs: Named) -> Text:
    chosen = choice.head
    one, two, since_zh, counts = clock(chosen.order), clock(head.order), "次序时间", "counts"
    if mine.discreet:
        one, two, since_zh, counts = clock(chosen.ready), clock(head.ready), "等候始于", "waits"
    if one == two:
        return {
            "zh": f"{mine.number} 与 {theirs.number} {since_zh}同为 {one}，{mine.number} 在前",
            "en": f"{mine.number} and {theirs.number} are both there from {one}; the first of the "
            f"two numbers is {mine.number}",
        }
    return {
        "zh": f"{mine.number} {since_zh} {one}，早于 {theirs.number} 的 {two}",
        "en": f"{mine.number} {counts} from {one}, before {theirs.number} at {two}",
    }


def _balance(choice: Choice, head: Head, mine: Named, theirs: Named) -> Text:
    chosen = choice.head
    apart = chosen.effective - head.effective
    apart_zh = "相近" if mine.discreet else f"相差 {_minutes(apart)} 分钟"
    apart_en = "close" if mine.discreet else f"{_minutes(apart)} minutes apart"
    return {
        "zh": f"{theirs.number} 与 {mine.number} 次序{apart_zh}"
        f"（不超过 {choice.band:g} 分钟公平带）；{_zh(mine.service)}等候 {chosen.waiting} 人、"
        f"每件约 {_minutes(chosen.minutes)} 分钟，{_zh(theirs.service)}等候 {head.waiting} 人、"
        f"每件约 {_minutes(head.minutes)} 分钟，{choice.window} 号窗口先帮{_zh(mine.service)}",
        "en": f"{theirs.number} and {mine.number} are {apart_en} (band "
        f"{choice.band:g} minutes); {chosen.waiting} wait for {_en(mine.service)} at about "
        f"{_minutes(chosen.minutes)} minutes each, {head.waiting} for {_en(theirs.service)} at "
        f"about {_minutes(head.minutes)}, so window {choice.window} helps "
        f"{_en(mine.service)} first",
    }


def _distance(choice: Choice, head: Head, mine: Named, theirs: Named) -> Text:
    extra, counted = _minutes(head.extra), _minutes(choice.kappa * head.extra)
    return {
        "zh": f"{theirs.number} 到 {choice.window} 号窗口要多花 {extra} 分钟"
        f"（路程或办理，按 {counted} 分钟计入次序），其他窗口更快，故先叫 {mine.number}",
        "en": f"Coming to window {choice.window} costs {theirs.number} {extra} minutes more "
        f"(way or handling, counted as {counted} minutes of order); another window is better for "
        f"it, so {mine.number} was called",
    }


_SENTENCES = {
    Reason.PRIVILEGE: _privilege,
    Reason.ORDER: _order,
    Reason.BALANCE: _balance,
    Reason.DISTANCE: _distance,
}


def _minutes(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _zh(text: Text) -> str:
    return text.get("zh", "")


def _en(text: Text) -> str:
    return text.get("en") or text.get("zh", "")
