"""Passwords of people: what is accepted, and how it is kept (argon2id)."""

import secrets
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 128

_hasher = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)

_WORDS = """
password password1 password12 password123 passw0rd123 p@ssw0rd p@ssword123 admin12345
admin123456 administrator administrator1 root123456 letmein123 welcome123 qwertyuiop
qwerty12345 qwerty123456 asdfghjkl1 asdfghjkl; zxcvbnm123 1qaz2wsx3edc 1q2w3e4r5t
1q2w3e4r5t6y qazwsxedcrfv q1w2e3r4t5 abc1234567 abcd123456 abcdefghij a123456789 aa123456789
woaini1314 woaini520 woaini1314520 5201314520 wang123456 zhang123456 zhongguo123 china12345
iloveyou123 changeme123 default123 yichuang123 yichuang1234 dating12345 chuangkou123
zhengwu123 zhengwu12345 government1 computer123 test123456 guest123456 user123456
"""
_COMMON = frozenset(_WORDS.split())


class BadPasswordError(ValueError):
    """A password that is not accepted; `code` is ``short``, ``long``, ``common`` or ``name``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_new(password: str, name: str) -> None:
    """Refuse a password that somebody else would try.

    Raises:
        BadPasswordError: too short, too long, commonly used, or made of the account's name.
    """
    if len(password) < SHORTEST:
        raise BadPasswordError("short")
    if len(password) > LONGEST:
        raise BadPasswordError("long")
    plain = password.casefold()
    if plain in _COMMON or len(set(plain)) < 4 or _is_run(plain):
        raise BadPasswordError("common")
    if name.casefold() in plain and len(plain.replace(name.casefold(), "")) < 6:
        raise BadPasswordError("name")


def _is_run(text: str) -> bool:
    """Whether it only counts, such as 0123456789 or abcdefghij."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}


def hash_of(password: str) -> str:
    """The argon2id hash to keep. Takes some 50 ms and 46 MiB, on purpose."""
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    return hash_of(secrets.token_urlsafe())


def is_right(password: str, known: str | None) -> bool:
    """Whether `password` has this hash. Without a hash it takes the same time and is never right,
    so that nobody learns which accounts there are."""
    try:
        _hasher.verify(known or _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def is_outdated(known: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(known)
