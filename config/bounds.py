"""The small types a hall file is made of: words, hours, minutes, each with its bounds.

Bad values are refused where they are read; nothing later has to doubt them.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

Text = dict[str, str]
"""What people read, by language tag: ``{zh = "综合窗口", en = "General service"}``."""

_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"

Id = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$")]
"""A short ASCII word; it becomes part of topics, addresses and file names."""
Language = Annotated[str, Meta(pattern="^[a-z]{2,3}(-[A-Za-z]{2,8})*$")]
Line = Annotated[str, Meta(max_length=80)]
Hours = Annotated[str, Meta(pattern=f"^{_CLOCK}-({_CLOCK}|24:00)$")]
"""A stretch of a day, ``"09:00-11:30"``."""
Clock = Annotated[str, Meta(pattern=f"^{_CLOCK}$")]
Date = Annotated[str, Meta(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Colour = Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]
Code = Annotated[str, Meta(pattern="^[0-9A-Z]{1,40}$")]
"""Catalogue code of an item, as GB/T 39554 has them: digits and capitals, not taken apart."""
Prefix = Annotated[str, Meta(pattern="^[A-Z]{0,2}$")]
"""Letters before a ticket's number."""
Sign = Annotated[str, Meta(pattern="^[A-Z]{0,2}[0-9]{1,4}$")]
"""Number over a window."""
Minutes = Annotated[float, Meta(ge=0, le=1440)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Days = Annotated[int, Meta(ge=0, le=3650)]
Count = Annotated[int, Meta(ge=0, le=100_000)]
Few = Annotated[int, Meta(ge=0, le=100)]
Share = Annotated[float, Meta(ge=0, le=1)]
Pixels = Annotated[int, Meta(ge=16, le=16_384)]
Metres = Annotated[float, Meta(gt=0, le=200)]
Offset = Annotated[int, Meta(ge=-32_768, le=32_767)]
Weekday = Annotated[int, Meta(ge=1, le=7)]
Floor = Annotated[int, Meta(ge=-9, le=99)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Slowness = Annotated[float, Meta(ge=0.2, le=10)]
Mean = Annotated[float, Meta(ge=0.1, le=480)]
Spread = Annotated[float, Meta(ge=0, le=3)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every table of a hall file: read-only, and a key nobody knows is an error."""
