"""What must be said to Kivy before any of it is imported."""

import os
from pathlib import Path


def prepare(home: Path, width: int, height: int, *, full: bool = False) -> None:
    """Set Kivy up for one window of `width` by `height` pixels; `full` fills the screen and hides
    the pointer.

    Nothing a person can press leaves the program: Escape does nothing, a second mouse button is
    no second finger, and Kivy reads neither our arguments nor anybody's settings.
    """
    home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_LOG_MODE", "PYTHON")
    os.environ.setdefault("KIVY_NO_FILELOG", "1")
    os.environ.setdefault("KIVY_NO_CONFIG", "1")
    os.environ.setdefault("KIVY_HOME", str(home))

    from kivy.config import Config

    settings: dict[str, dict[str, object]] = {
        "graphics": {
            "width": width,
            "height": height,
            "fullscreen": "auto" if full else 0,
            "borderless": int(full),
            "resizable": 0,
            "show_cursor": int(not full),
            "multisamples": 0,
            "maxfps": 60,
        },
        "kivy": {
            "exit_on_escape": 0,
            "pause_on_minimize": 0,
            "keyboard_mode": "",
            "desktop": 0,
        },
        "input": {"mouse": "mouse,disable_multitouch"},
    }
    for section, values in settings.items():
        for key, value in values.items():
            Config.set(section, key, value)
