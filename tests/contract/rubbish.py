"""Malformed messages, made from good shapes and from nothing, always the same ones."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

ODD: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"0",
    b'"text"',
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e400",
    b'{"seq": NaN}',
    b'{"at": 1e400}',
    b'{"seq": ' + b"9" * 5000 + b"}",
    b"[" * 20_000,
    b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    b'"\\ud800"',
    b'{"epoch": "\\ud800"}',
    b"\xff\xfe\x00",
    b'{"epoch": "\xff"}',
    b"\x00" * 100,
    b"\xef\xbb\xbf{}",
    b'{"epoch":"e","epoch":"f"}',
    b"x" * 60_000,
]


def rubbish(kind: type[Any], count: int) -> Iterator[bytes]:
    """`count` messages that are none of `kind`."""
    dice = random.Random(kind.__name__)
    made = 0
    while made < count:
        body = ODD[made] if made < len(ODD) else dice.choice(_WAYS)(dice, kind)
        if not _good(kind, body):
            made += 1
            yield body
        elif made < len(ODD):
            raise AssertionError(f"{body[:40]!r} is a good {kind.__name__}")


def _good(kind: type[Any], body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _noise(dice: random.Random, kind: type[Any]) -> bytes:
    return dice.randbytes(dice.randrange(200))


def _wrong_field(dice: random.Random, kind: type[Any]) -> bytes:
    """An object with the right keys and wrong values, some left out, some made up."""
    keys = [field.encode_name for field in msgspec.structs.fields(kind)]
    chosen = dice.sample(keys, dice.randrange(len(keys) + 1)) + dice.choices(["x", "", "kind"])
    return msgspec.json.encode({key: _value(dice, 3) for key in chosen})


def _torn(dice: random.Random, kind: type[Any]) -> bytes:
    body = bytearray(_wrong_field(dice, kind))
    for _ in range(dice.randrange(1, 4)):
        body[dice.randrange(len(body))] = dice.randrange(256)
    return bytes(body[: dice.randrange(1, len(body) + 1)])


def _value(dice: random.Random, depth: int) -> Any:
    simple: list[Any] = [None, True, -1, 2**63, 1e308, "", "窗口", "\x00", "[size=999]", "' OR 1=1"]
    match dice.randrange(4 if depth else 2):
        case 0 | 1:
            return dice.choice(simple)
        case 2:
            return [_value(dice, depth - 1) for _ in range(dice.randrange(4))]
        case _:
            return {str(n): _value(dice, depth - 1) for n in range(dice.randrange(4))}


_WAYS: list[Callable[[random.Random, type[Any]], bytes]] = [_noise, _wrong_field, _torn]
