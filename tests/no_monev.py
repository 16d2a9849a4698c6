"""A quarter of the sample before anybody planned or carried out its monev."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from services.domain.indicators import Period


def forget_monev(database: Path, period: Period) -> None:
    """Take the monev of one quarter out of a SQLite file that nobody has open."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("monev", "cekmonev"):
            connection.execute(f"DELETE FROM {table} WHERE year = ? AND quarter = ?", (period.year, period.quarter))
