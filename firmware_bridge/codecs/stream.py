"""Bytes from a line into messages: the one loop that every codec shares.

A codec supplies a pure function ``parse(buffer) -> (what, used)``:

* ``(message, n)``: the first ``n`` bytes were a message;
* ``(Noise(why), n)``: the first ``n`` bytes were none, go on behind them;
* ``(None, 0)``: not enough bytes yet to know.

`parse` never raises. After a broken frame it lets go of as little as it can (usually the start
mark alone), so that a good frame hidden in the rubbish is still found. What it has thrown away is
counted by reason, never kept: rubbish on a card reader's line may be somebody's name.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

M = TypeVar("M")


class ProtocolError(ValueError):
    """Bytes that are not what the protocol says. The text never holds the bytes themselves."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are no message; `why` is one of a codec's few fixed words."""

    why: str


Step = tuple[M | Noise | None, int]
Parse = Callable[[bytes], Step[M]]

MORE: tuple[None, int] = (None, 0)
"""Answer of `parse` when it needs more bytes."""


class Stream(Generic[M]):
    """Feeds a line's bytes to `parse`, whatever pieces they come in.

    Memory is bounded by `limit`: a frame that is longer is noise.
    """

    def __init__(self, parse: Parse[M], *, limit: int = 4096) -> None:
        self._parse = parse
        self._limit = limit
        self._rest = b""
        self.faults: Counter[str] = Counter()

    @property
    def waiting(self) -> int:
        """Bytes held back because they may be the beginning of a message."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[M]:
        """Messages completed by `data`, in order."""
        found: list[M] = []
        for start in range(0, len(data), self._limit):
            self._rest += data[start : start + self._limit]
            found += self._scan()
            while len(self._rest) > self._limit:
                found += self._step_over("too long")
        return found

    def idle(self) -> list[M]:
        """The line fell silent: what is held back is no frame; look for one inside it."""
        found: list[M] = []
        while self._rest:
            found += self._step_over("half a frame")
        return found

    def _step_over(self, why: str) -> list[M]:
        self.faults[why] += 1
        self._rest = self._rest[1:]
        return self._scan()

    def _scan(self) -> list[M]:
        found: list[M] = []
        while self._rest:
            what, used = self._parse(self._rest)
            if what is None:
                break
            if isinstance(what, Noise):
                self.faults[what.why] += 1
            else:
                found.append(what)
            self._rest = self._rest[used:]
        return found


def only(parse: Parse[M], data: bytes) -> M:
    """The one message that `data` is, from first byte to last.

    Raises:
        ProtocolError: it is none, or something is left over.
    """
    what, used = parse(data)
    if what is None:
        raise ProtocolError("incomplete")
    if isinstance(what, Noise):
        raise ProtocolError(what.why)
    if used != len(data):
        raise ProtocolError("bytes after the end")
    return what


def hunt(buffer: bytes, mark: bytes) -> int:
    """Where `mark` begins, or where its beginning may hide at the end of `buffer`.

    Everything before that place is certainly not part of a frame.
    """
    at = buffer.find(mark)
    if at >= 0:
        return at
    for keep in range(min(len(mark) - 1, len(buffer)), 0, -1):
        if mark.startswith(buffer[-keep:]):
            return len(buffer) - keep
    return len(buffer)
