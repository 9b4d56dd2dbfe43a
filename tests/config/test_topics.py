"""Paths: what they may look like, and what they match."""

import msgspec
import pytest

from config.wire import topics
from config.wire.commands import BadCommandError, read_command
from config.wire.topics import ANY, Topic


def test_the_paths_of_a_hall() -> None:
    assert [
        topic.path
        for topic in (
            topics.command("boai"),
            topics.own_command("boai", "kiosk-1"),
            topics.reply("boai", "kiosk-1"),
            topics.event("boai"),
            topics.board("boai", "a1"),
            topics.window("boai", "W3"),
            topics.kiosk("boai"),
            topics.device_out("boai", "led-1"),
            topics.device_in("boai", "pad-1"),
            topics.device_status("boai", "led-1"),
            topics.process("boai", "server"),
        )
    ] == [
        "hall/boai/command",
        "hall/boai/command/kiosk-1",
        "hall/boai/reply/kiosk-1",
        "hall/boai/event",
        "hall/boai/board/a1",
        "hall/boai/window/W3",
        "hall/boai/kiosk",
        "hall/boai/device/led-1/out",
        "hall/boai/device/pad-1/in",
        "hall/boai/device/led-1/status",
        "hall/boai/process/server",
    ]


def test_states_are_retained_and_happenings_are_not() -> None:
    states = (
        topics.board("h", "a"),
        topics.window("h", "w"),
        topics.kiosk("h"),
        topics.device_status("h", "d"),
        topics.process("h", "p"),
    )
    happenings = (
        topics.command("h"),
        topics.own_command("h", "c"),
        topics.reply("h", "c"),
        topics.event("h"),
        topics.device_out("h", "d"),
        topics.device_in("h", "d"),
    )
    assert all(topic.retained for topic in states)
    assert not any(topic.retained for topic in happenings)


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("hall/h/window/W1", True),
        ("hall/h/window/W12", True),
        ("hall/h/window", False),
        ("hall/h/window/W1/x", False),
        ("hall/other/window/W1", False),
        ("hall/h/board/W1", False),
    ],
)
def test_any_stands_for_one_word(path: str, matches: bool) -> None:
    assert topics.window("h", ANY).matches(path) is matches


@pytest.mark.parametrize(
    "path", ["", "/", "hall//x", "hall/#", "#", "hall/a+b", "hall/窗口", "x" * 201, "hall/x/"]
)
def test_odd_paths_are_refused_at_birth(path: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        Topic(path, str)


@pytest.mark.parametrize("word", ["a/b", "#", "a+", "", "大厅", "+"])
def test_a_command_cannot_ask_for_its_answer_on_another_path(word: str) -> None:
    body = msgspec.json.encode({"kind": "CallNext", "id": "1", "window": "W1", "client": word})
    with pytest.raises(BadCommandError):
        read_command(body)
