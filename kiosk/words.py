"""What the kiosk says to people, in their language.

One TOML file a language in `kiosk/languages`; a language is added by adding a file. A sentence
that a file lacks is taken from Chinese, sentence by sentence.
"""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent / "languages"
ORIGINAL = "zh"


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language, by key such as ``home.title``."""

    language: str
    table: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence, filled in.

        Raises:
            KeyError: no language has such a sentence.
        """
        return self.table[key].format(**values)

    def date(self, wall: float, timezone: str) -> str:
        """The day as a header shows it, with the weekday."""
        day = datetime.fromtimestamp(wall, ZoneInfo(timezone))
        return self(
            "date.day",
            year=day.year,
            month=day.month,
            day=day.day,
            weekday=self(f"date.weekday{day.isoweekday()}"),
            month_name=self(f"date.month{day.month}"),
        )

    def wait(self, low: int | None, high: int | None) -> str:
        """An honest figure, or nothing when there is none."""
        if low is None or high is None:
            return ""
        return self("wait.range", low=low, high=high) if low > 0 else self("wait.under", high=high)


def clock(wall: float, timezone: str) -> str:
    return datetime.fromtimestamp(wall, ZoneInfo(timezone)).strftime("%H:%M")


@cache
def words(language: str) -> Words:
    """The sentences of `language`; what it lacks is Chinese."""
    table = _read(ORIGINAL)
    if language in languages():
        table |= _read(language)
    return Words(language, table)


@cache
def languages() -> tuple[str, ...]:
    """Languages there is a file for."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def _read(language: str) -> dict[str, str]:
    tables = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        f"{table}.{key}": sentence
        for table, sentences in tables.items()
        for key, sentence in sentences.items()
    }
