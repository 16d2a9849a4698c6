"""The same data give the same bytes in another process, time zone, language and order of hashing, on another day."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from services.report.document import build_report
from services.views.office import Office
from tests.report.test_document import NOW, PERIOD, many, sample_snapshot

ROOT = Path(__file__).parents[2]


def made_elsewhere(target: Path, **environment: str) -> bytes:
    command = [sys.executable, "-m", "tests.report.same_bytes_child", str(target)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True)
    return target.read_bytes()


def test_two_processes_with_other_zone_language_and_hashing_write_the_same_bytes(tmp_path: Path) -> None:
    here = made_elsewhere(tmp_path / "a.pdf", TZ="Asia/Jakarta", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    there = made_elsewhere(
        tmp_path / "b.pdf", TZ="America/St_Johns", LC_ALL="C", PYTHONHASHSEED="4711", LANG="de_DE.UTF-8", HOME="/"
    )
    assert here == there


def test_a_second_report_in_the_same_process_does_not_remember_the_first() -> None:
    first = build_report(Office(sample_snapshot()), PERIOD, NOW, draft=True).pdf
    build_report(many(3), PERIOD, NOW, draft=False)
    assert build_report(Office(sample_snapshot()), PERIOD, NOW, draft=True).pdf == first
