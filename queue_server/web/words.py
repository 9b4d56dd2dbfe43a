"""What our pages say, from ``words.toml``: Chinese first, English second."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")


@cache
def _words() -> dict[str, list[str]]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)


def word(key: str, language: str) -> str:
    """The wording of `key`."""
    return _words()[key][LANGUAGES.index(language)]


def words(language: str, *prefixes: str) -> dict[str, str]:
    """All wordings whose keys begin with one of `prefixes`: what a page's script may say."""
    at = LANGUAGES.index(language)
    return {k: v[at] for k, v in _words().items() if k.split(".")[0] in prefixes}


def named(kind: str, ids: Iterable[str], language: str) -> dict[str, str]:
    """Names of a hall's own short words (outcomes, reasons), the word itself when we have none."""
    at = LANGUAGES.index(language)
    return {id: _words().get(f"{kind}.{id}", [id, id])[at] for id in ids}
