"""Foreign programs and libraries that not every machine can have: named in the report, never
silent."""

import importlib.util
import os
import shutil

EMUPOS = os.environ.get("EMUPOS") or shutil.which("emupos")
PIOMATTER = importlib.util.find_spec("adafruit_blinka_raspberry_pi5_piomatter") is not None
collect_ignore = [
    *([] if EMUPOS else ["test_emupos.py"]),
    *([] if PIOMATTER else ["test_piomatter.py"]),
]


def pytest_report_header() -> list[str]:
    """Whether slips are judged by a printer that somebody else wrote, and panels by the library
    of the board that drives them."""
    printer = EMUPOS or "not here (needs Python 3.13); our own emulator judges our slips"
    panels = "here" if PIOMATTER else "not here (for a Raspberry Pi 5); our own emulator shows"
    return [f"foreign printer emupos: {printer}", f"HUB75 library Piomatter: {panels}"]
