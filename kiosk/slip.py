"""The slip (号单): a ticket -> the parts that a receipt printer prints (pure).

The layout is data: `LAYOUT`, one row after another, each a sentence of the language tables with
its size, or a rule, or the QR code. A sentence whose facts are missing is left out: a wait that
nobody can honestly foretell is not printed.

No name, no identity number, no item (an item may tell a life): the number, where to go, how many
are ahead. The QR code holds the address of the citizen's page and its token, nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from config.hall import Hall, Kiosk, text
from firmware_bridge.codecs.escpos import QR, Align, Cut, Feed, Paper, Part, Rule, Text
from firmware_bridge.codecs.gb import columns
from kiosk.lines import wrap
from kiosk.state import Ticket
from kiosk.words import Words, words

LONGEST_MM = 110.0
DOTS_PER_MM = 8.0
LINE_DOTS = 34
"""One line with its spacing at the 1/6 inch that printers start with."""
CHARACTER_DOTS = 24
CUTTER_DOTS = 104
"""From the print head to the cutter, fed before every cut."""
QR_MM = 28.0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the sentence ``slip.<key>``; `size` multiplies the font."""

    key: str
    size: int = 1
    bold: bool = False
    centred: bool = True


RULE = Row("rule")
QR_CODE = Row("qr")
GAP = Row("gap")

LAYOUT: tuple[Row, ...] = (
    Row("hall", bold=True),
    Row("site"),
    Row("number", size=4, bold=True),
    Row("marks", bold=True),
    RULE,
    Row("service", bold=True, centred=False),
    Row("place", centred=False),
    Row("ahead", centred=False),
    Row("wait", centred=False),
    Row("taken", centred=False),
    QR_CODE,
    Row("scan"),
    Row("listen"),
    Row("phone"),
)


def slip(
    hall: Hall,
    kiosk: Kiosk,
    ticket: Ticket,
    paper: Paper,
    *,
    page_url: str = "",
    reprint: bool = False,
    offline: bool = False,
    layout: tuple[Row, ...] = LAYOUT,
) -> tuple[Part, ...]:
    """The parts of a slip for `paper`, at most `LONGEST_MM` long."""
    say = words(ticket.language)
    facts = _facts(hall, kiosk, ticket, say, reprint=reprint, offline=offline)
    parts: list[Part] = []
    for row in layout:
        match row:
            case Row(key="rule"):
                parts.append(Rule())
            case Row(key="gap"):
                parts.append(Feed(1))
            case Row(key="qr"):
                address = citizen_page(page_url, ticket)
                if address:
                    parts.append(QR(address, module=_module(address)))
            case Row(key="scan") if not citizen_page(page_url, ticket):
                continue
            case _ if facts.get(row.key):
                parts += _lines(row, facts[row.key], paper)
    return (*parts, Cut())


def citizen_page(page_url: str, ticket: Ticket) -> str:
    """Address of the citizen's page; empty when the hall has none."""
    return f"{page_url.rstrip('/')}/t/{ticket.token}" if page_url and ticket.token else ""


def place(hall: Hall, zone_id: str, say: Words) -> str:
    """Where a zone is, in words: building, floor, side."""
    zone = hall.zone_by_id[zone_id]
    where = say("place.floor", floor=zone.floor)
    parts = [text(hall.site_by_id[zone.site].name, say.language), where]
    if zone.side:
        parts.append(text(zone.side, say.language))
    return say("place.join").join(parts)


def length_mm(parts: tuple[Part, ...]) -> float:
    """Length of the paper from the first line to the cut."""
    return sum(_dots(part) for part in parts) / DOTS_PER_MM


def _facts(
    hall: Hall, kiosk: Kiosk, ticket: Ticket, say: Words, *, reprint: bool, offline: bool
) -> dict[str, str]:
    """Every sentence a layout may name; an empty one is not printed."""
    service = hall.service_by_id[ticket.service]
    zone = hall.zone_by_id[service.zone]
    wait = say.wait(ticket.low, ticket.high)
    taken = datetime.fromtimestamp(ticket.issued, ZoneInfo(hall.timezone))
    marks = [say("slip.reprint")] if reprint else []
    marks += [say("slip.offline")] if offline else []
    return {
        "hall": text(hall.name, say.language),
        "site": text(zone.name, say.language),
        "number": ticket.number,
        "marks": "  ".join(marks),
        "service": text(service.name, say.language),
        "place": say("slip.place", place=place(hall, zone.id, say)),
        "ahead": "" if ticket.ahead is None else say("slip.ahead", ahead=ticket.ahead),
        "wait": wait and say("slip.wait", wait=wait),
        "taken": say("slip.taken", time=taken.strftime("%Y-%m-%d %H:%M"), kiosk=kiosk.id),
        "scan": say("slip.scan"),
        "listen": say("slip.listen"),
        "phone": hall.phone and say("slip.phone", phone=hall.phone),
    }


def _lines(row: Row, sentence: str, paper: Paper) -> list[Part]:
    """A row as lines that fit the paper; a number too long for its size is printed smaller."""
    size = row.size
    while size > 1 and columns(sentence) * size > paper.columns:
        size -= 1
    align = Align.CENTRE if row.centred else Align.LEFT
    return [
        Text(line, align=align, width=size, height=size, bold=row.bold)
        for line in wrap(sentence, paper.columns // size, columns)
    ]


def _module(address: str) -> int:
    """Dots per square so that the code is about `QR_MM` wide; `address` decides how many squares
    there are (level M)."""
    capacity = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213)
    version = next((v for v, most in enumerate(capacity, 1) if len(address) <= most), 12)
    squares = 17 + 4 * version
    return max(3, min(8, int(QR_MM * DOTS_PER_MM / squares)))


def _dots(part: Part) -> float:
    match part:
        case Text(height=height):
            return max(LINE_DOTS, height * CHARACTER_DOTS + LINE_DOTS - CHARACTER_DOTS)
        case Rule():
            return LINE_DOTS
        case Feed(lines=lines):
            return lines * LINE_DOTS
        case QR():
            return QR_MM * DOTS_PER_MM
        case Cut():
            return CUTTER_DOTS
    return 0
