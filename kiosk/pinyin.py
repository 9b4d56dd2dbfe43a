"""Pinyin of names. The one home of `pypinyin`, imported when the first index is built."""

import re
from functools import cache

PHRASES: dict[str, list[list[str]]] = {
    "参保": [["cān"], ["bǎo"]],
    "调解": [["tiáo"], ["jiě"]],
    "调档": [["diào"], ["dàng"]],
    "行业": [["háng"], ["yè"]],
    "长者": [["zhǎng"], ["zhě"]],
    "校验": [["jiào"], ["yàn"]],
    "曾用名": [["céng"], ["yòng"], ["míng"]],
    "公积金贷款": [["gōng"], ["jī"], ["jīn"], ["dài"], ["kuǎn"]],
    "荥阳": [["xíng"], ["yáng"]],
}
"""Words of the hall trade that a dictionary of ordinary Chinese reads wrongly or not at all."""

RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\U00020000-\U0003ffff]+")


@cache
def _prepare() -> None:
    from pypinyin import load_phrases_dict

    load_phrases_dict(PHRASES)


def pinyin(text: str) -> list[str]:
    """Toneless syllables, one a Chinese character; other words and figures as they are; the rest
    left out."""
    from pypinyin import lazy_pinyin

    _prepare()
    syllables: list[str] = []
    for run in RUN.findall(text.lower()):
        syllables += [run] if run.isascii() else lazy_pinyin(run)
    return syllables
