"""Runs ``python -m services laporan`` of the sample on another day: python -m … DAYS OUTPUT, in an environment."""

from __future__ import annotations

import locale
import sys
import time
from datetime import datetime, timedelta

from services.cli import App, main
from services.domain.clock import WIB


def on_another_day(days: int, output: str) -> int:
    locale.setlocale(locale.LC_ALL, "")
    time.tzset()
    App.now = lambda _app: datetime.now(WIB) + timedelta(days=days)  # type: ignore[method-assign]
    return main(["laporan", "--tahun", "2026", "--triwulan", "3", "--keluaran", output])


if __name__ == "__main__":
    sys.exit(on_another_day(int(sys.argv[1]), sys.argv[2]))
