"""Makes a catalogue of 864 powers and 204 public services of 30 departments, for scale tests.

    python examples/catalogue/make.py

prints the ``[[departments]]`` and ``[[items]]`` of config/halls/dianjiang.toml. The counts are the
county's; every item is made up from the subjects in departments.txt and what one does with them.
The same input gives the same output.
"""

import json
import sys
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

POWERS, PUBLIC = 864, 204
RELEASED = "2021-11-01"
"""Trial start: the day from which any comprehensive window takes the simple ones."""
CENTRE = ("tax", "realty", "construction", "police", "transport", "market", "marriage", "general")
POPULAR = (
    "不动产登记资料",
    "居民身份证办理",
    "结婚登记办理",
    "企业设立许可",
    "社会保障卡",
    "机动车驾驶证办理",
)

ACTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "permit": (
        ("许可(新办)", "new permit"),
        ("许可(变更)", "change of permit"),
        ("许可(延续)", "renewal of permit"),
        ("许可(补证)", "replacement of permit"),
        ("许可(注销)", "end of permit"),
    ),
    "confirmation": (
        ("办理", "application"),
        ("变更", "change"),
        ("补办", "replacement"),
        ("注销", "cancellation"),
    ),
    "payment": (
        ("申领", "claim"),
        ("变更", "change"),
        ("复核", "review"),
        ("停发", "end"),
    ),
    "levy": (
        ("申报", "return"),
        ("减免", "relief"),
        ("退还", "refund"),
        ("更正申报", "corrected return"),
    ),
    "other": (
        ("备案", "filing"),
        ("变更备案", "change of filing"),
        ("注销备案", "end of filing"),
    ),
    "public": (
        ("信息查询", "information"),
        ("预约办理", "by appointment"),
    ),
}
PAPERS = {
    "permit": ("营业执照", "场所证明", "安全管理制度", "人员资质证明", "设备清单"),
    "confirmation": ("居民身份证", "户口簿", "近期照片", "权属证明"),
    "payment": ("居民身份证", "银行卡", "收入证明", "费用票据"),
    "levy": ("办税人员身份证", "合同或发票", "权属证明"),
    "other": ("营业执照", "合同文本", "项目说明"),
    "public": ("居民身份证",),
}


class Department(NamedTuple):
    id: str
    name: str
    english: str
    letters: str
    service: str
    subjects: list[tuple[str, str, str, str]]
    """Kind, name, English name, service."""


class Item(NamedTuple):
    department: Department
    kind: str
    name: str
    english: str
    service: str
    rank: int
    """How common the action is; rarer ones are left out first."""
    place: int


def read(text: str) -> list[Department]:
    """The departments in departments.txt."""
    departments: list[Department] = []
    for line in text.splitlines():
        if "|" in line and not line.startswith("#"):
            words = [word.strip() for word in line.split("|")]
            departments.append(Department(words[0], words[1], words[2], words[3], words[4], []))
        elif ":" in line and not line.startswith("#"):
            kind, _, subjects = line.partition(":")
            for subject in subjects.split(";"):
                name, _, english = (word.strip() for word in subject.partition("="))
                name, _, service = (word.strip() for word in name.partition("@"))
                department = departments[-1]
                where = service or department.service
                department.subjects.append((kind, name, english, where))
    return departments


def items(departments: list[Department], public: bool, count: int) -> list[Item]:
    """`count` items, the common ones of every department first; sorted by department."""
    every = [
        Item(d, kind, _named(name, action), f"{english}: {said}", service, rank, place)
        for d in departments
        for place, (kind, name, english, service) in enumerate(d.subjects)
        if (kind == "public") is public
        for rank, (action, said) in enumerate(ACTIONS[kind])
    ]
    order = {d.id: n for n, d in enumerate(departments)}
    chosen = sorted(every, key=lambda i: (i.rank, i.place, order[i.department.id]))[:count]
    return sorted(chosen, key=lambda i: (order[i.department.id], i.place, i.rank))


def _named(name: str, action: str) -> str:
    if action.startswith("许可") and name.endswith(("登记", "资质", "资格")):
        return name + action.removeprefix("许可")
    return name + action


def make(text: str) -> str:
    """The TOML of the whole catalogue."""
    departments = read(text)
    chosen = items(departments, False, POWERS) + items(departments, True, PUBLIC)
    parts = [
        _table("departments", {"id": d.id, "name": {"zh": d.name, "en": d.english}})
        for d in departments
    ]
    numbers: dict[str, Iterator[int]] = {}
    for item in chosen:
        letters = item.department.letters
        code = f"{letters}{next(numbers.setdefault(letters, iter(range(1, 1000)))):03}"
        parts.append(_table("items", _row(item, code)))
    return "\n".join(parts)


def _row(item: Item, code: str) -> dict[str, object]:
    dice = zlib.crc32(code.encode())
    row: dict[str, object] = {
        "code": code,
        "name": {"zh": item.name, "en": item.english},
        "department": item.department.id,
        "service": item.service,
    }
    instant = item.kind in ("public", "levy") or (item.rank >= 2 and dice % 3 == 0)
    if instant:
        row["kind"] = "instant"
    if item.kind != "permit":
        row["category"] = "public-service" if item.kind == "public" else item.kind
    if not instant:
        legal = (15, 20, 20, 30, 45, 60)[dice % 6]
        row["promised_days"] = max(1, legal * (dice // 7 % 3 + 1) // 6)
        row["statutory_days"] = legal
        row["steps"] = 2 + dice // 11 % 3
    if item.service in CENTRE and (instant or dice % 5 == 0):
        row["released"] = RELEASED
    if item.kind == "public":
        row["online"] = True
    if item.name.startswith(POPULAR):
        row["popular"] = True
    papers = PAPERS[item.kind]
    count = 1 + dice // 13 % min(3, len(papers))
    row["materials"] = list(islice(papers, count))
    return row


def _table(name: str, row: dict[str, object]) -> str:
    lines = [f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in row.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(make(Path(__file__).with_name("departments.txt").read_text("utf-8")))
