"""Foreign programs that not every machine can have: named in the report, never silent."""

import os
import shutil

EMUPOS = os.environ.get("EMUPOS") or shutil.which("emupos")
collect_ignore = [] if EMUPOS else ["test_emupos.py"]


def pytest_report_header() -> str:
    """Whether slips are judged by a printer that somebody else wrote."""
    where = EMUPOS or "not here (needs Python 3.13); our slips are judged by our own emulator only"
    return f"foreign printer emupos: {where}"
