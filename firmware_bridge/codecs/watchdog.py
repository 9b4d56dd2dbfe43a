"""Numbers of Linux's /dev/watchdog, computed as linux/watchdog.h and ioctl.h do."""

from firmware_bridge.codecs.stream import ProtocolError

ALIVE, STOP = b"\0", b"V"
"""Any byte keeps it alive; V just before closing stops it, unless the kernel says never."""
_READ, _WRITE = 2, 1
_NAMES = {
    (_READ, 5): "keep alive",
    (_READ | _WRITE, 6): "set timeout",
    (_READ, 7): "get timeout",
    (_READ, 10): "get time left",
}


def ioctl(direction: int, number: int) -> int:
    """The ioctl number: direction, four bytes of argument, group W, number."""
    return direction << 30 | 4 << 16 | ord("W") << 8 | number


NUMBERS = {ioctl(*key): name for key, name in _NAMES.items()}


def decode(data: bytes) -> str:
    """What an ioctl number (four bytes, big-endian) or a written byte does.

    Raises:
        ProtocolError: nothing of the watchdog's.
    """
    if len(data) == 1:
        return "stop" if data == STOP else "keep alive"
    name = NUMBERS.get(int.from_bytes(data, "big")) if len(data) == 4 else None
    if name is None:
        raise ProtocolError("nothing of the watchdog's")
    return name
