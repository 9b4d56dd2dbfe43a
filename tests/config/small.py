"""A hall file of a page, to break, and a writer of TOML to break it with."""

import datetime as dt
import json

SMALL = """\
# A hall of two windows.
[hall]
id = "small"
name = { zh = "小厅", en = "Small hall" }

[rules]
hours = ["09:00-12:00", "13:00-17:00"]

[rules.dispatch]
band = 4

[palette]
primary = "#0b5cad"

[calendar]
closed = ["2026-12-24"]

[walk.south]
north = 4

[[sites]]
id = "county"
name = { zh = "县" }
level = "county"

[[sites]]
id = "south"
name = { zh = "南厅" }
parent = "county"

[[sites]]
id = "north"
name = { zh = "北厅" }
parent = "county"

[[areas]]
id = "south"
name = { zh = "等候区" }
site = "south"

[[zones]]
id = "general"
name = { zh = "综合区" }
site = "south"
areas = ["south"]

[[zones]]
id = "entrance"
name = { zh = "取号区" }
site = "south"
kind = "take-number"
queue = false

[[departments]]
id = "civil"
name = { zh = "民政局" }

[[series]]
id = "a"
prefix = "A"
last = 499

[[series]]
id = "b"
prefix = "B"

[[services]]
id = "social"
name = { zh = "社会事务" }
zone = "general"
series = "a"
mean = 9
departments = ["civil"]
catch_all = true
pickup = "collect"

[[services]]
id = "collect"
name = { zh = "出件" }
zone = "general"
series = "b"
stage = "pickup"

[[items]]
code = "MZ01"
name = { zh = "结婚登记" }
department = "civil"
service = "social"
promised_days = 5
statutory_days = 20

[[windows]]
id = "W1"
number = "1"
zone = "general"
services = ["social", "collect"]
slow = { collect = 1.1 }

[[windows.roster]]
days = [1, 2]
hours = ["09:00-11:00"]
services = ["social"]

[[windows]]
id = "W2"
number = "2"
zone = "general"
kind = "comprehensive-any"

[[kiosks]]
id = "K1"
zone = "entrance"
printer = "printer"

[[boards]]
id = "B1"
areas = ["south"]

[[voices]]
id = "V1"
area = "south"

[[devices]]
id = "printer"
driver = "escpos"
kiosk = "K1"

[[priorities]]
id = "elderly"
name = { zh = "老年人" }
"""


def toml(doc: dict[str, object]) -> str:
    """`doc` as TOML, tables of the first level with headers and all below them inline."""
    parts = []
    for key, value in doc.items():
        if isinstance(value, dict):
            parts.append(_table(f"[{_key(key)}]", value))
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            parts += [_table(f"[[{_key(key)}]]", one) for one in value]
        else:
            parts.insert(0, f"{_key(key)} = {_value(value)}\n")
    return "\n".join(parts)


def _table(header: str, rows: dict[str, object]) -> str:
    return "\n".join([header, *(f"{_key(k)} = {_value(v)}" for k, v in rows.items())]) + "\n"


def _key(key: str) -> str:
    return json.dumps(key).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case dt.date() | int() | float():
            return str(value)
    raise TypeError(value)
