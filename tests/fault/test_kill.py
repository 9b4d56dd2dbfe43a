"""F01: kill -9 of the server at any moment loses nothing that was acknowledged."""

import random
import threading
import uuid
from pathlib import Path

import httpx
import pytest

from benchmarks.program import Program, ask, started

ROUNDS = 20
CLIENTS = 4
AT_LEAST = 30
"""Acknowledged commands in a round before the axe may fall."""


class Load:
    """Kiosks that ask again with the same id until they are answered, and two clerks."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.numbers: dict[str, str] = {}
        """Command id -> number acknowledged."""
        self.calls: dict[str, str] = {}
        self.enough = threading.Event()
        self.stop = threading.Event()
        self._lock = threading.Lock()
        self.threads = [threading.Thread(target=self._kiosk) for _ in range(CLIENTS)]
        self.threads += [threading.Thread(target=self._clerk, args=(w,)) for w in ("N1", "N2")]

    def _kiosk(self) -> None:
        self._insist("IssueTicket", self.numbers, service="social")

    def _clerk(self, window: str) -> None:
        self._insist("CallNext", self.calls, window=window)

    def _insist(self, kind: str, known: dict[str, str], **fields: str) -> None:
        with self.program.client(timeout=2.0) as client:
            while not self.stop.is_set():
                id = uuid.uuid4().hex
                for _ in range(2):  # the second time after a lost answer, or for good measure
                    try:
                        reply = ask(client, kind, id, **fields)
                    except httpx.HTTPError:
                        if self.stop.wait(0.01):
                            break
                        continue
                    if reply.result is not None and reply.result.number is not None:
                        self._note(known, id, reply.result.number)

    def _note(self, known: dict[str, str], id: str, number: str) -> None:
        with self._lock:
            assert known.setdefault(id, number) == number
            if len(self.numbers) + len(self.calls) >= AT_LEAST:
                self.enough.set()

    def run_until(self, axe: float) -> None:
        for thread in self.threads:
            thread.start()
        assert self.enough.wait(30)
        threading.Event().wait(axe)
        self.program.kill()
        self.stop.set()
        for thread in self.threads:
            thread.join()


@pytest.mark.fault
def test_twenty_kills_under_load_lose_nothing_acknowledged(tmp_path: Path) -> None:
    dice = random.Random(1)
    numbers: dict[str, str] = {}
    calls: dict[str, str] = {}
    with started(Program(tmp_path)) as program:
        with program.client() as client:
            for window in ("N1", "N2"):
                ask(client, "OpenWindow", f"open{window}", window=window)
        for _ in range(ROUNDS):
            load = Load(program)
            load.run_until(dice.uniform(0.0, 0.1))
            numbers |= load.numbers
            calls |= load.calls
            program.start()
        with program.client() as client:
            kept = {id: ask(client, "IssueTicket", id, service="social") for id in numbers}
            called = {id: ask(client, "CallNext", id, window="N1") for id in calls}
            total = ask(client, "IssueTicket", "last", service="social")
    assert len(numbers) > ROUNDS * 10
    assert {id: r.result and r.result.number for id, r in kept.items()} == numbers
    assert {id: r.result and r.result.number for id, r in called.items()} == calls
    assert len({*numbers.values()}) == len(numbers), "a number was given out twice"
    assert len({*calls.values()}) == len(calls), "a ticket was called twice"
    assert total.result is not None
    assert total.result.number is not None
    assert int(total.result.number[1:]) > len(numbers)
