"""A hall file, read: TOML in, a `Hall` out, or every fault in it at once.

A hall file is one TOML file in UTF-8: a table ``[hall]`` with the name and the like, one
``[[services]]``, ``[[windows]]`` ... for each thing there is, and ``[rules]``, ``[palette]``,
``[calendar]``, ``[walk.SITE]`` for the rest. docs/hall-file.md walks through it.
"""

import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from config.faults import Fault as Fault
from config.faults import Found, both, quoted
from config.faults import HallFileError as HallFileError
from config.faults import Path as Place
from config.hall import Hall, Text
from config.lines import find_lines, line_of
from config.links import find_broken_links
from config.shape import Draft, id_of, read_tables

LARGEST = 4 * 1024 * 1024
"""Bytes of the largest hall file that is read; a thousand items take a tenth of it."""
LONGEST = 500
"""Characters of the longest text."""
DEEPEST = 8
"""Tables within tables."""

_HALLS = Path(__file__).parent / "halls"
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")


def load_hall(path: str | os.PathLike[str]) -> Hall:
    """The hall in the file at `path`. Raises `HallFileError` with everything wrong with it."""
    file = Path(path)
    return read_hall(read_bytes(file), file.name)


def read_hall(data: bytes, file: str = "hall.toml") -> Hall:
    """The hall in `data`, the content of a hall file; `file` is what faults call it."""
    draft, faults, _ = examine(data, file)
    if faults:
        raise HallFileError(faults)
    return draft.hall


def shipped(name: str) -> Path:
    """Path of a hall file that comes with the program: ``demo``, ``boai`` ..."""
    return _HALLS / f"{name}.toml"


def shipped_names() -> tuple[str, ...]:
    """Names of the hall files that come with the program."""
    return tuple(sorted(file.stem for file in _HALLS.glob("*.toml")))


def examine(data: bytes, file: str) -> tuple[Draft, tuple[Fault, ...], "Locator"]:
    """As much of the hall as can be read, its faults in file order, and who finds their lines.

    Raises `HallFileError` when the file is no TOML at all.
    """
    text, raw = parse_toml(data, file)
    locate = Locator(file, text, raw)
    found = list(_bad_texts(raw, ()))
    plain = _plain(raw)
    draft, wrong = read_tables(plain)
    found += wrong
    found += find_broken_links(draft)
    return draft, locate.all(found), locate


class Locator:
    """Turns what was found into faults with a file, a line and a table people recognise."""

    def __init__(self, file: str, text: str, raw: Mapping[str, object]) -> None:
        self._file, self._text, self._raw = file, text, raw
        self._lines: dict[Place, int] | None = None

    def all(self, found: list[Found]) -> tuple[Fault, ...]:
        """The faults in the order of their lines, each once."""
        unique = {(f.path, f.key, f.wrong["en"]): f for f in found}
        return tuple(sorted(map(self, unique.values()), key=lambda fault: fault.line))

    def __call__(self, found: Found) -> Fault:
        if self._lines is None:
            self._lines = find_lines(self._text)
        return Fault(
            file=self._file,
            table=self._table(found.path),
            key=found.key[:48],
            wrong=found.wrong,
            nearest=found.nearest,
            line=line_of(self._lines, found.path, found.key),
        )

    def _table(self, path: Place) -> str:
        """``("services", 3)`` as ``services.social``, by the id of the row."""
        words = ""
        here: object = self._raw
        for step in path:
            here = _step(here, step)
            if isinstance(step, int):
                name = id_of(here)
                words += f".{name[:32]}" if name else f"[{step + 1}]"
            else:
                words += f".{step[:32]}" if words else step[:32]
        return words


def _step(here: object, step: str | int) -> object:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def read_bytes(file: Path) -> bytes:
    """The content of a hall file. Refuses what is no plain file, and what is far too large."""
    try:
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as open_:
            if not stat.S_ISREG(os.fstat(open_.fileno()).st_mode):
                raise _whole(file.name, "is not a plain file", "不是普通文件")
            data = open_.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _whole(file.name, f"cannot be read: {reason}", f"无法读取:{reason}") from None
    if len(data) > LARGEST:
        size = LARGEST // 1024 // 1024
        raise _whole(file.name, f"is larger than {size} MB", f"超过 {size} MB")
    return data


def parse_toml(data: bytes, file: str) -> tuple[str, dict[str, object]]:
    """A TOML file in UTF-8, as text and as data. Raises `HallFileError` with line and column."""
    text = _decode(data, file)
    return text, _parse(text, file)


def _decode(data: bytes, file: str) -> str:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _whole(
            file,
            "starts with a byte-order mark; save it as UTF-8 without BOM",
            "开头有 BOM 标记;请另存为“UTF-8(无 BOM)”",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        chinese = "; it looks like GBK" if _is_gbk(data) else ""
        raise _whole(
            file,
            f"is not UTF-8{chinese}; save it as UTF-8",
            f"不是 UTF-8 编码{',看起来是 GBK' if chinese else ''};请另存为 UTF-8",
            line,
            column,
        ) from None
    if not text.strip():
        raise _whole(file, "is empty", "是空文件")
    return text


def _is_gbk(data: bytes) -> bool:
    try:
        return any("\u4e00" <= letter <= "\u9fff" for letter in data.decode("gbk"))
    except UnicodeDecodeError:
        return False


def _parse(text: str, file: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, _, place = str(error).partition(" (at ")
        numbers = [int(n) for n in re.findall(r"\d+", place)]
        line, column = numbers if len(numbers) == 2 else (text.count("\n") + 1, 0)
        raise _whole(file, f"TOML: {words}", f"TOML 语法错误:{words}", line, column) from None
    except RecursionError:
        raise _whole(file, "is nested too deeply", "嵌套太深") from None
    except ValueError:
        raise _whole(file, "holds a number with too many digits", "有位数过多的数字") from None


def _whole(file: str, en: str, zh: str, line: int = 0, column: int = 0) -> HallFileError:
    fault = Fault(file, "", "", both(en, zh), line=line, column=column)
    return HallFileError([fault])


def _bad_texts(raw: object, path: Place, key: str = "") -> Iterator[Found]:
    """Texts that no screen, printer or log should be given, and tables that never end."""
    if len(path) > DEEPEST:
        yield Found(path[:DEEPEST], "", both("is nested too deeply", "嵌套太深"))
    elif isinstance(raw, dict):
        for name, value in raw.items():
            yield from _bad_texts(name, path, name)
            yield from _bad_texts(value, (*path, key) if key else path, name)
    elif isinstance(raw, list):
        inner: Place = (*path, key) if key else path
        for n, value in enumerate(raw):
            if isinstance(value, dict):
                yield from _bad_texts(value, (*inner, n))
            else:
                yield from _bad_texts(value, path, key)
    elif isinstance(raw, str) and (wrong := _bad_text(raw)):
        yield Found(path, key, wrong)


def _bad_text(words: str) -> Text | None:
    if hidden := _INVISIBLE.search(words):
        code = f"U+{ord(hidden[0]):04X}"
        return both(f"holds the invisible character {code}", f"含有不可见字符 {code}")
    if len(words) > LONGEST:
        return both(
            f"{quoted(words)} is longer than {LONGEST} characters",
            f"{quoted(words)} 超过 {LONGEST} 个字",
        )
    return None


def _plain(raw: object) -> dict[str, object]:
    """The data with TOML's own dates as the texts ``2026-10-01`` that the tables hold."""
    plain = _dates_as_text(raw)
    return plain if isinstance(plain, dict) else {}


def _dates_as_text(raw: object) -> object:
    match raw:
        case dict():
            return {key: _dates_as_text(value) for key, value in raw.items()}
        case list():
            return [_dates_as_text(value) for value in raw]
        case date() if not isinstance(raw, datetime):
            return raw.isoformat()
    return raw
