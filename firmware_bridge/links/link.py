"""What a line to a device is, whatever it is made of."""

from typing import Protocol


class LinkError(Exception):
    """A line that cannot be opened or has broken; the text is for a technician."""


class Link(Protocol):
    """Bytes out, bytes in. Any method may raise `LinkError`; after that the line is dead."""

    async def read(self) -> bytes:
        """The next bytes, at least one; waits for them."""

    async def write(self, data: bytes) -> None:
        """Hand over all of `data`; waits while the line is full."""

    async def close(self) -> None:
        """Let go of the line; harmless when it is already gone."""
