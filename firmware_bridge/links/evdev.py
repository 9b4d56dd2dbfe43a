"""A Linux input device, grabbed: its keys reach us and not the desktop.

Name it by ``/dev/input/by-path/...``: cheap number pads have no serial number, and the USB socket
is what tells one window's pad from another's. Needs no library, only the group ``input``.
"""

import fcntl
import os

from firmware_bridge.links.fd import FdLink
from firmware_bridge.links.link import Link, LinkError

_GRAB = 0x40044590


def open_input(path: str) -> Link:
    """Open and grab an input device.

    Raises:
        LinkError: not there, not allowed, or grabbed by another program.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        hint = "; the user must be in group input" if error.errno == 13 else ""
        raise LinkError(f"{path}: {error.strerror}{hint}") from None
    try:
        fcntl.ioctl(fd, _GRAB, 1)
    except OSError as error:
        os.close(fd)
        raise LinkError(f"{path}: cannot be grabbed ({error.strerror})") from None
    return FdLink(fd, path)
