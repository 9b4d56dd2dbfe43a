"""Every path on the bus, each bound to the type of what it carries."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from config.wire.commands import Reply
from config.wire.devices import DeviceIn, DeviceOut, DeviceStatus, ProcessStatus
from config.wire.events import Happening
from config.wire.views import BoardView, KioskView, WindowView

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Topic(Generic[M]):
    """A path and the type of its messages. ``+`` stands for any one word when subscribing.

    `kind` is `msgspec.Raw` where the reader decodes by itself (commands: a bad one is answered,
    not dropped).
    """

    path: str
    kind: type[M]
    retained: bool = False

    def __post_init__(self) -> None:
        words = self.path.split("/")
        if not all(words) or "#" in self.path or any("+" in w and w != "+" for w in words):
            raise ValueError(f"not a topic of ours: {self.path!r}")
        if not self.path.isascii() or len(self.path) > 200:
            raise ValueError(f"topics are short ASCII words: {self.path!r}")

    def matches(self, path: str) -> bool:
        """Whether `path` is one of those this topic stands for."""
        mine, theirs = self.path.split("/"), path.split("/")
        return len(mine) == len(theirs) and all(
            a in ("+", b) for a, b in zip(mine, theirs, strict=True)
        )


ANY = "+"


def command(hall: str) -> Topic[msgspec.Raw]:
    """Anybody's commands; who sent one is only what it says itself, so it is trusted little."""
    return Topic(f"hall/{hall}/command", msgspec.Raw)


def own_command(hall: str, client: str) -> Topic[msgspec.Raw]:
    """The commands of one client, which the broker lets nobody else write."""
    return Topic(f"hall/{hall}/command/{client}", msgspec.Raw)


def reply(hall: str, client: str) -> Topic[Reply]:
    return Topic(f"hall/{hall}/reply/{client}", Reply)


def event(hall: str) -> Topic[Happening]:
    return Topic(f"hall/{hall}/event", Happening)


def board(hall: str, area: str) -> Topic[BoardView]:
    return Topic(f"hall/{hall}/board/{area}", BoardView, retained=True)


def window(hall: str, window: str) -> Topic[WindowView]:
    return Topic(f"hall/{hall}/window/{window}", WindowView, retained=True)


def kiosk(hall: str) -> Topic[KioskView]:
    return Topic(f"hall/{hall}/kiosk", KioskView, retained=True)


def device_out(hall: str, device: str) -> Topic[DeviceOut]:
    return Topic(f"hall/{hall}/device/{device}/out", DeviceOut)


def device_in(hall: str, device: str) -> Topic[DeviceIn]:
    return Topic(f"hall/{hall}/device/{device}/in", DeviceIn)


def device_status(hall: str, device: str) -> Topic[DeviceStatus]:
    return Topic(f"hall/{hall}/device/{device}/status", DeviceStatus, retained=True)


def process(hall: str, process: str) -> Topic[ProcessStatus]:
    return Topic(f"hall/{hall}/process/{process}", ProcessStatus, retained=True)
