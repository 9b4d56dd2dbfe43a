"""Thirty-two kiosks at once at the real program: every number once, none left out."""

import asyncio
from pathlib import Path

import msgspec

from benchmarks.load import Connection
from benchmarks.program import Program, started

KIOSKS = 32
EACH = 50


async def test_1600_tickets_are_1600_consecutive_numbers(tmp_path: Path) -> None:
    with started(Program(tmp_path)) as program:
        found = await asyncio.gather(*(_kiosk(program, k) for k in range(KIOSKS)))
        again = await _ask(program, [_issue("same")] * 5)
    numbers = [number for numbers in found for number in numbers]
    assert sorted(numbers, key=lambda n: int(n[1:])) == [
        f"S{n:03d}" for n in range(1, KIOSKS * EACH + 1)
    ]
    assert again == [f"S{KIOSKS * EACH + 1}"] * 5


async def _kiosk(program: Program, k: int) -> list[str]:
    return await _ask(program, [_issue(f"kiosk{k}.{n}") for n in range(EACH)])


def _issue(id: str) -> bytes:
    return msgspec.json.encode({"kind": "IssueTicket", "id": id, "service": "social"})


async def _ask(program: Program, commands: list[bytes]) -> list[str]:
    async with Connection(program.port, "/api/v1/commands", program.token) as connection:
        replies = [msgspec.json.decode(await connection.post(command)) for command in commands]
    return [reply["result"]["number"] for reply in replies]
