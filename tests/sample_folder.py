"""The sample office on disk, made once per test run and copied for whoever needs it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from unittest import mock

import bcrypt

from services import runtime
from services.config import load

ROOT = Path(__file__).parents[1]
TODAY = "2026-11-03T10:20"
"""Tuesday, the moment of the sample's story: step 7 of the third quarter runs, two sections are late."""


def environment(folder: Path) -> dict[str, str]:
    """Settings of an application whose data are in this folder."""
    return {"MONEV_FOLDER_DATA": str(folder), runtime.CLOCK_ENV: TODAY}


def build(folder: Path) -> Path:
    """A data folder with the sample, made by the same start as on an empty machine."""
    quick = bcrypt.gensalt(4)
    with mock.patch("bcrypt.gensalt", return_value=quick), mock.patch.dict("os.environ", environment(folder)):
        runtime.start(load(environment(folder)))
    with sqlite3.connect(folder / "monev.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder


def copy(template: Path, folder: Path) -> Path:
    for name in ("monev.db", "kunci-kuki"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(template / name, folder / name)
    return folder
