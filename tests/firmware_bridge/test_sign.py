"""What a window sign says, for every state and for signs from small to large."""

import pytest

from config.hall import Text
from config.wire.views import WindowView
from firmware_bridge.codecs.gb import columns
from firmware_bridge.sign import Strip, sign


def view(state: str, number: str | None = None, label: str = "3", **more: object) -> WindowView:
    names: tuple[Text, ...] = ({"zh": "社会事务"}, {"zh": "不动产登记"})
    return WindowView(
        epoch="e", seq=1, at=0, day="2026-11-23", window="W3", label=label, state=state,
        number=number, call=7, services=names, **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("width", "state", "number", "wanted"),
    [
        (128, "called", "A012", "请A012到3号窗口"),
        (96, "called", "A012", "请A012"),
        (128, "called", "A1012", "请A1012到3号窗口"),
        (160, "called", "A012", "请A012号到3号窗口"),
        (64, "called", "A012", "请A012"),
        (32, "called", "A012", "A012"),
        (128, "serving", "A012", "正在办理 A012"),
        (96, "serving", "A012", "办理 A012"),
        (128, "paused", None, "3号窗口暂停服务"),
        (64, "paused", None, "暂停服务"),
        (128, "closed", None, "3号窗口已下班"),
        (128, "idle", None, "3号窗口 空闲"),
        (48, "idle", None, "空闲"),
    ],
)
def test_one_row(width: int, state: str, number: str | None, wanted: str) -> None:
    said = sign(view(state, number), Strip(width))
    assert [line.text for line in said.lines] == [wanted]


@pytest.mark.parametrize(
    ("width", "head"),
    [
        (256, "3号窗口 社会事务·不动产登记"),
        (160, "3号窗口 社会事务"),
        (96, "3 社会事务"),
        (64, "3号窗口"),
        (32, "3"),
    ],
)
def test_the_upper_row_is_the_window_and_what_it_serves_now(width: int, head: str) -> None:
    said = sign(view("idle"), Strip(width, 32))
    assert said.lines[0].text == head


@pytest.mark.parametrize("width", range(16, 260, 8))
@pytest.mark.parametrize("state", ["idle", "called", "serving", "paused", "closed", "odd"])
@pytest.mark.parametrize("label", ["3", "12", "108"])
def test_nothing_is_wider_than_the_sign(width: int, state: str, label: str) -> None:
    strip = Strip(width, 32)
    for line in sign(view(state, "A1012", label), strip).lines:
        assert columns(line.text) <= strip.columns


def test_only_a_call_flashes_and_is_to_be_acknowledged() -> None:
    called = sign(view("called", "A012"), Strip())
    assert called.call == 7
    assert called.lines[0].flash
    for state in ("serving", "idle", "paused", "closed"):
        other = sign(view(state, "A012"), Strip())
        assert other.call is None
        assert not any(line.flash for line in other.lines)
