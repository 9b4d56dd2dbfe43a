"""Chinese characters for devices with a font of their own.

A printer draws what GB18030 writes in one or two bytes; a sign's font is usually the 6,763
characters of GB2312. Anything else is a blank on the device, so it is found here, replaced or
drawn as a picture, and reported.
"""

import unicodedata

LOST = "〓"
"""Printed for a character that cannot be: GB2312's own mark for that."""

_NEAR = {"·": "・", "•": "・", "–": "—", "〇": "○", "€": "元", "\u00a0": " ", "\u3000": "  "}


def printable(character: str, font: str) -> bool:
    """Whether a device whose font is `font` (gb2312, gbk, gb18030) draws `character`."""
    if character < " " or "\x7f" <= character < "\xa0":
        return False
    try:
        return len(character.encode(font)) <= 2
    except UnicodeEncodeError:
        return False


def missing(text: str, font: str = "gb18030") -> tuple[str, ...]:
    """Characters of `text` that the font lacks, each once, in order."""
    return tuple(dict.fromkeys(c for c in text if not printable(c, font)))


def replace(text: str, font: str) -> tuple[str, tuple[str, ...]]:
    """`text` with only characters the font has, and those that were replaced by `LOST`.

    Spaces, dots and full-width letters have near relatives that say the same; they are not
    reported.
    """
    out: list[str] = []
    lost: list[str] = []
    for character in text:
        near = _NEAR.get(character, unicodedata.normalize("NFKC", character))
        if printable(character, font):
            out.append(character)
        elif near and all(printable(c, font) for c in near):
            out.append(near)
        elif unicodedata.category(character) in ("Cc", "Cf", "Mn"):
            continue
        else:
            out.append(LOST)
            lost.append(character)
    return "".join(out), tuple(dict.fromkeys(lost))


def columns(text: str) -> int:
    """Width in half-width columns: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
