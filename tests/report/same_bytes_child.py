"""Makes the sample's report in a process of its own and prints the SHA-256 of the file: python -m … OUTPUT."""

from __future__ import annotations

import hashlib
import locale
import sys
import time
from pathlib import Path

from services.report.document import build_report
from tests.report.test_document import NOW, PERIOD, real_office
from tests.report.test_standards import ISSUE


def main() -> None:
    locale.setlocale(locale.LC_ALL, "")
    time.tzset()
    pdf = build_report(real_office(), PERIOD, NOW, draft=False, issue=ISSUE).pdf
    Path(sys.argv[1]).write_bytes(pdf)
    print(hashlib.sha256(pdf).hexdigest())


if __name__ == "__main__":
    main()
