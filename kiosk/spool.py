"""Requests whose end is not known, kept on disk (fsync) until the person has the number.

One line of JSON for each change, appended and synced before anything is sent, printed or shown.
After a power cut the open requests are asked again with the same ids: the server answers the same
ticket, so nobody loses a number and nobody gets two. Nothing personal is kept: no card, no
priority class, no token.
"""

import os
from pathlib import Path

import msgspec

MOST = 64
"""Open requests kept; more cannot be the work of people."""


class Open(msgspec.Struct, frozen=True, kw_only=True, tag="open", omit_defaults=True):
    """A request that has not come to its end."""

    id: str
    service: str
    language: str
    at: float
    """Time of day when it was asked for, seconds since the epoch."""
    item: str | None = None
    answered: bool = False
    """The answer was known; slip or screen may have shown the number."""


class _Gone(msgspec.Struct, frozen=True, kw_only=True, tag="gone"):
    id: str


_decoder: msgspec.json.Decoder[Open | _Gone] = msgspec.json.Decoder(Open | _Gone)


def still_open(path: Path) -> tuple[Open, ...]:
    """What the file `path` leaves open, oldest first. A torn or damaged line is skipped: its
    change had not been promised yet."""
    found: dict[str, Open] = {}
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        try:
            entry = _decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        if isinstance(entry, Open):
            found[entry.id] = entry
        else:
            found.pop(entry.id, None)
    return tuple(found.values())


class Spool:
    """The open requests of one kiosk, in the file `path`.

    Every method that changes it returns when the change is on the disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open = {request.id: request for request in still_open(path)}
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self._rewrite()

    @property
    def open(self) -> tuple[Open, ...]:
        """What is open, oldest first."""
        return tuple(self._open.values())

    def asked(self, request: Open) -> None:
        """Before it is sent. The oldest makes room when there are too many."""
        while len(self._open) >= MOST:
            self._open.pop(next(iter(self._open)))
        self._open[request.id] = request
        self._append(request)

    def answered(self, id: str) -> None:
        """Before the number is printed or shown."""
        if id in self._open and not self._open[id].answered:
            self._open[id] = msgspec.structs.replace(self._open[id], answered=True)
            self._append(self._open[id])

    def settled(self, id: str) -> None:
        """The person has it, or the ticket is no more."""
        if self._open.pop(id, None) is not None:
            self._append(_Gone(id=id))
            if not self._open:
                os.ftruncate(self._file, 0)

    def close(self) -> None:
        os.close(self._file)

    def _append(self, entry: Open | _Gone) -> None:
        # A line of its own even after one that a full disk cut short.
        os.write(self._file, b"\n" + msgspec.json.encode(entry) + b"\n")
        os.fdatasync(self._file)

    def _rewrite(self) -> None:
        """Begin with a file that holds what is open and nothing else."""
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            for entry in self._open.values():
                file.write(msgspec.json.encode(entry) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        os.close(self._file)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
