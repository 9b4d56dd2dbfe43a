"""Citizen and permit numbers (GB 11643): checked by our own rule, never refused for a region.

Hong Kong, Macau and Taiwan residence permits begin with 81, 82 and 83, the foreigner card of 2023
with 9, the one of 2017 is three letters and twelve digits. Libraries that know only mainland
regions turn all of these people away.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_OLDEST_YEARS = 130


class NumberKind(StrEnum):
    RESIDENT = "resident"
    PERMIT = "permit"
    """Hong Kong, Macau and Taiwan residence permit."""
    FOREIGNER_2023 = "foreigner-2023"
    FOREIGNER_2017 = "foreigner-2017"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """What can be said of a number without asking anybody."""

    kind: NumberKind
    check_digit: bool
    """Right check digit; the numbers of 2017 have one too, by a rule that is not public, so for
    them the shape is all that is looked at."""
    born: bool
    """The birth date in it is a date, and of somebody who may be alive."""


def check(number: str, today: date) -> Check:
    """Look at `number` as typed or read; a small x counts as X."""
    number = number.strip().upper()
    if len(number) == 15 and number.isascii() and number[:3].isalpha() and number[3:].isdecimal():
        return Check(NumberKind.FOREIGNER_2017, check_digit=True, born=True)
    if not is_shaped(number):
        return Check(NumberKind.UNKNOWN, check_digit=False, born=False)
    kind = NumberKind.RESIDENT
    if number[0] == "9" and number[:6] != "999999":
        kind = NumberKind.FOREIGNER_2023
    elif number[:2] in ("81", "82", "83"):
        kind = NumberKind.PERMIT
    return Check(
        kind, check_digit(number[:17]) == number[17], birth_date(number, today) is not None
    )


def is_shaped(number: str) -> bool:
    """Whether `number` is 17 digits and a digit or X."""
    return (
        len(number) == 18
        and number.isascii()
        and number[:17].isdecimal()
        and (number[17].isdecimal() or number[17] == "X")
    )


def check_digit(first: str) -> str:
    """The eighteenth character of a number whose first seventeen are `first` (MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def birth_date(number: str, today: date) -> date | None:
    """The date of birth in an 18-character number, if it is a plausible one."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if today.year - _OLDEST_YEARS <= born.year and born <= today else None
