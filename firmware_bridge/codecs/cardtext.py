"""The 256 bytes of text on an identity card, in all four layouts.

UTF-16LE at fixed offsets, padded with spaces. The character at byte 248 tells the layout: blank
is a resident, J a Hong Kong, Macau or Taiwan residence permit, I a foreigner's card of 2017, Y one
of 2023. Names may hold a middle dot, Latin letters, and characters outside the basic plane.

Nothing of a card is ever shown by ``repr``: these objects may end up in a traceback.
"""

from dataclasses import dataclass
from enum import StrEnum

from firmware_bridge.codecs.stream import ProtocolError

SIZE = 256

NATIONS = tuple(
    name
    for line in (
        "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳",
        "佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯",
        "阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲",
        "门巴 珞巴 基诺",
    )
    for name in line.split()
)
"""Names of the codes 01 to 56, in order."""
_MORE_NATIONS = {"97": "其他", "98": "外国血统中国籍人士"}
SEXES = {"0": "未知", "1": "男", "2": "女", "9": "未说明"}


class Layout(StrEnum):
    RESIDENT = " "
    PERMIT = "J"
    FOREIGNER_2017 = "I"
    FOREIGNER_2023 = "Y"


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """What a card says. Fields that a layout lacks are empty."""

    layout: Layout
    name: str
    number: str
    sex: str = ""
    nation: str = ""
    born: str = ""
    """yyyymmdd"""
    address: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_until: str = ""
    """yyyymmdd or 长期"""
    latin_name: str = ""
    nationality: str = ""
    pass_number: str = ""
    issue_count: str = ""
    doubtful: bool = False
    """A character could not be read: compare with the card by eye."""

    def __repr__(self) -> str:
        return f"Card({self.layout.name})"


_FIELDS: dict[Layout, dict[str, tuple[tuple[int, int], ...]]] = {
    Layout.RESIDENT: {
        "name": ((0, 30),), "sex": ((30, 2),), "nation": ((32, 4),), "born": ((36, 16),),
        "address": ((52, 70),), "number": ((122, 36),), "issuer": ((158, 30),),
        "valid_from": ((188, 16),), "valid_until": ((204, 16),),
    },
    Layout.PERMIT: {
        "name": ((0, 30),), "sex": ((30, 2),), "born": ((36, 16),), "address": ((52, 70),),
        "number": ((122, 36),), "issuer": ((158, 30),), "valid_from": ((188, 16),),
        "valid_until": ((204, 16),), "pass_number": ((220, 18),), "issue_count": ((238, 4),),
    },
    Layout.FOREIGNER_2017: {
        "latin_name": ((0, 120),), "sex": ((120, 2),), "number": ((122, 30),),
        "nationality": ((152, 6),), "name": ((158, 30),), "valid_from": ((188, 16),),
        "valid_until": ((204, 16),), "born": ((220, 16),), "issuer": ((240, 8),),
    },
    Layout.FOREIGNER_2023: {
        "name": ((0, 30),), "sex": ((30, 2),), "issue_count": ((32, 4),), "born": ((36, 16),),
        "latin_name": ((52, 70), (220, 22)), "number": ((122, 36),), "valid_from": ((188, 16),),
        "valid_until": ((204, 16),), "nationality": ((242, 6),),
    },
}  # fmt: skip


def decode(text: bytes) -> Card:
    """Read a text record.

    Raises:
        ProtocolError: not 256 bytes, a layout nobody knows, or no number in it.
    """
    if len(text) != SIZE:
        raise ProtocolError("text record is not 256 bytes")
    try:
        layout = Layout(text[248:250].decode("utf-16-le", "replace").replace("\0", " "))
    except ValueError:
        raise ProtocolError("unknown card layout") from None
    fields = {name: _read(text, pieces) for name, pieces in _FIELDS[layout].items()}
    fields["sex"] = SEXES.get(fields["sex"], "")
    fields["nation"] = _nation(fields.get("nation", ""))
    if not fields["number"]:
        raise ProtocolError("text record without a number")
    return Card(layout, doubtful=any("\ufffd" in value for value in fields.values()), **fields)


def _read(text: bytes, pieces: tuple[tuple[int, int], ...]) -> str:
    whole = b"".join(text[at : at + size] for at, size in pieces)
    return whole.decode("utf-16-le", "replace").rstrip(" \0\u3000")


def _nation(code: str) -> str:
    if code in _MORE_NATIONS:
        return _MORE_NATIONS[code]
    return NATIONS[int(code) - 1] if code.isdecimal() and 1 <= int(code) <= 56 else ""


def encode(card: Card) -> bytes:
    """The text record of `card`, for emulators and examples.

    Raises:
        ProtocolError: a field is longer than its place.
    """
    out = bytearray(" ".encode("utf-16-le") * (SIZE // 2))
    for name, pieces in _FIELDS[card.layout].items():
        value = getattr(card, name)
        if name == "sex":
            value = next((code for code, word in SEXES.items() if word == value), " ")
        elif name == "nation":
            value = _nation_code(value)
        data = value.encode("utf-16-le")
        for at, size in pieces:
            out[at : at + len(data[:size])] = data[:size]
            data = data[size:]
        if data:
            raise ProtocolError(f"{name} is too long for the card")
    out[248:250] = card.layout.value.encode("utf-16-le")
    return bytes(out)


def _nation_code(name: str) -> str:
    if name in NATIONS:
        return f"{NATIONS.index(name) + 1:02}"
    return next((code for code, word in _MORE_NATIONS.items() if word == name), "")
