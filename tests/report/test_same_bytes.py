"""The same data give the same bytes in another process, time zone, language and order of hashing, on another day."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from services.domain.sop import VERIFYING
from services.report.document import build_report
from services.report.issue import Issue
from services.store import schema
from services.store.store import Transaction, Update
from services.views.office import Office
from services.views.past import office_at
from services.views.report_data import data_moment
from tests.report.test_document import NOW, PERIOD, many, sample_snapshot
from tests.report.test_fingerprint import changed
from tests.unit.quarter_play import finish_up_to
from tests.unit.sample_store import OFFICE, office_in, sample_store

ROOT = Path(__file__).parents[2]


def made_elsewhere(store: Path, name: str, days: int, **environment: str) -> bytes:
    """By the command, in a process of its own that believes it runs so many days later."""
    target = store / name
    command = [sys.executable, "-m", "tests.report.same_bytes_child", str(days), str(target)]
    place = {"MONEV_STORE": f"sqlite:///{store}/monev.db", "MONEV_KODE_KECAMATAN": OFFICE}
    subprocess.run(command, cwd=ROOT, env={**os.environ, **place, **environment}, check=True, capture_output=True)
    return target.read_bytes()


def test_the_command_writes_the_same_bytes_with_another_zone_language_and_hashing_a_month_later(tmp_path: Path) -> None:
    sample_store(tmp_path).close()
    here = made_elsewhere(tmp_path, "a.pdf", 0, TZ="Asia/Jakarta", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    there = made_elsewhere(
        tmp_path, "b.pdf", 31, TZ="America/St_Johns", LC_ALL="C", PYTHONHASHSEED="4711", LANG="de_DE.UTF-8", HOME="/"
    )
    assert here == there


def test_an_issued_report_can_be_made_again_later_from_the_data_of_its_day(tmp_path: Path) -> None:
    store = sample_store(tmp_path)
    verified = finish_up_to(store, VERIFYING)
    issue = Issue("800/12/Silaut/2026", verified.date(), "Silaut", "Camat", "Nama (contoh)", "")
    first = build_report(office_in(store), PERIOD, draft=False, issue=issue)
    renamed = Update(schema.PROFILE, "nama_kecamatan", {}, {"value": "Silaut Baru"})
    store.commit(Transaction(verified + timedelta(days=40), "pkp", "pkp", "setelan", "Uji", (renamed,)))
    assert build_report(office_in(store), PERIOD, draft=False, issue=issue).pdf != first.pdf
    again = office_at(store, office_in(store), verified)
    assert build_report(again, PERIOD, draft=False, issue=issue).pdf == first.pdf
    store.close()


def test_a_second_report_in_the_same_process_does_not_remember_the_first() -> None:
    first = build_report(Office(sample_snapshot()), PERIOD, NOW, draft=True).pdf
    build_report(many(3), PERIOD, NOW, draft=False)
    assert build_report(Office(sample_snapshot()), PERIOD, NOW, draft=True).pdf == first


def test_what_the_report_does_not_show_changes_no_byte_of_it() -> None:
    sample, period = Office(sample_snapshot()), PERIOD.previous()
    elsewhere = changed(sample, schema.PROFILE, "jam_buka", {"note": "lain"})
    elsewhere = changed(elsewhere, schema.DRAFT, f"draf-{period.key}-1", {"note": "lain", "at": NOW})
    later = replace(elsewhere.snapshot, revision=77, read_at=NOW + timedelta(days=400))
    assert build_report(Office(later), period, draft=True).pdf == build_report(sample, period, draft=True).pdf


def test_the_moment_of_the_data_is_the_newest_that_is_shown() -> None:
    sample = Office(sample_snapshot())
    entry = next(iter(sample.entries_of(PERIOD)))
    before, later = data_moment(sample, PERIOD), NOW + timedelta(days=3)
    assert before < later
    touched = changed(sample, schema.ENTRY, str(entry["id"]), {"entered_at": later})
    assert data_moment(touched, PERIOD) == later
    assert data_moment(touched, PERIOD.previous()) == data_moment(sample, PERIOD.previous()) < before
