"""Buka triwulan: what is checked and planned before, who may open, and the dates and forms afterwards."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.quarters import move_dates, open_quarter
from services.domain.indicators import Period
from services.store import schema
from services.store.store import Transaction, Update
from services.ui import session
from services.ui.blanks import all_forms, form_name
from services.views.office import Cycle, Office
from tests.pages.conftest import Opener
from tests.pages.looking import labels, press, text
from tests.unit.sample_store import acting, office_in

NEXT = Period(2026, 4)
ADDRESS = {"tahun": "2026", "triwulan": "4"}
OPEN = "Buka Triwulan IV 2026"
EVERYBODY = ["admin", "pkp", "kasi.kesos", "umum", "sekretaris", "camat", "pimpinan"]


def office() -> Office:
    return office_in(session.runtime().store)


def cycle() -> Cycle:
    return office().cycles[NEXT]


def opened_next() -> None:
    opened = session.runtime()
    open_quarter(acting(opened.store, "pkp", opened.now()), NEXT)
    opened.shared.invalidate()


def moved(app: AppTest, due: date, lock: date, reason: str) -> AppTest:
    app.date_input[0].set_value(due)
    app.date_input[1].set_value(lock)
    app.text_input[0].set_value(reason)
    return press(app, "Geser tanggal")


# --- before ------------------------------------------------------------------------------------------------------


def test_the_preview_says_rows_dates_and_every_planned_step(open_page: Opener) -> None:
    page = open_page("buka", "pkp", **ADDRESS)
    assert not page.exception
    seen = text(page)
    assert "46 baris isian kosong untuk 7 seksi dan subbagian" in seen
    assert "Tenggat data Kamis, 5 November 2026 , kunci Senin, 16 November 2026" in seen
    assert "Menyimpan dokumen monitoring evaluasi kinerja Kecamatan Silaut 15 menit" in seen


def test_what_is_doubtful_is_said_before_anybody_opens(open_page: Opener, office_folder: object) -> None:
    opened, blank = session.runtime(), dict.fromkeys(("annual", "q1", "q2", "q3", "q4"))
    targets = [r for r in office().snapshot.rows(schema.TARGET) if r["indicator_id"] == "ind-pem-01"]
    changes = tuple(Update(schema.TARGET, str(row["id"]), {}, blank) for row in targets)
    opened.store.commit(Transaction(opened.now(), "lembar", "", "mengetik", "Lembar kerja", changes))
    seen = text(open_page("buka", "pkp", **ADDRESS))
    assert "Target triwulan ini ! Perlu dibetulkan" in seen
    assert "Akhir triwulan ? Perlu diketahui Triwulan ini baru berakhir 31 Desember 2026" in seen
    assert "✓ Hari libur" in seen


def test_the_kasubag_pkp_opens_the_quarter(open_page: Opener) -> None:
    page = press(open_page("buka", "pkp", **ADDRESS), OPEN)
    assert page.success[0].value.startswith("Triwulan IV 2026 dibuka")
    assert NEXT in office().cycles
    assert "Selesaikan langkah 1" in labels(page)


@pytest.mark.parametrize("username", [u for u in EVERYBODY if u != "pkp"])
def test_all_others_only_see_the_preview(open_page: Opener, username: str) -> None:
    page = open_page("buka", username, **ADDRESS)
    assert not page.exception
    assert OPEN not in labels(page)
    assert "Triwulan dibuka oleh Kasubag PKP" in text(page)


def test_a_quarter_that_somebody_else_has_just_opened_is_not_opened_again(open_page: Opener) -> None:
    page = open_page("buka", "pkp", **ADDRESS)
    opened_next()
    press(page, OPEN)
    assert not page.exception
    assert len([r for r in office().snapshot.rows(schema.CYCLE) if (r["year"], r["quarter"]) == (2026, 4)]) == 1


# --- after -------------------------------------------------------------------------------------------------------


def test_an_opened_quarter_shows_who_opened_it_and_plan_beside_reality(open_page: Opener) -> None:
    page = open_page("buka", "camat")
    seen = text(page)
    assert "Triwulan III 2026 dibuka 1 Oktober 2026 08.10 oleh pkp" in seen
    assert "isian dikunci 19 Oktober 2026 13.50" in seen
    assert "Geser tanggal" not in labels(page)


def test_both_dates_are_moved_with_a_reason(open_page: Opener, office_folder: object) -> None:
    opened_next()
    page = moved(open_page("buka", "pkp", **ADDRESS), date(2026, 11, 10), date(2026, 11, 20), "Libur bersama")
    assert page.success[0].value.startswith("Tanggal digeser")
    assert (cycle().due_on, cycle().locks_on) == (date(2026, 11, 10), date(2026, 11, 20))


def test_moving_without_a_reason_is_refused(open_page: Opener, office_folder: object) -> None:
    opened_next()
    page = moved(open_page("buka", "pkp", **ADDRESS), date(2026, 11, 10), date(2026, 11, 20), " ")
    assert "Tulis alasan" in page.error[0].value


def test_a_tenggat_behind_the_kunci_is_refused_with_the_reason(open_page: Opener, office_folder: object) -> None:
    opened_next()
    page = open_page("buka", "pkp", **ADDRESS)
    page.date_input[0].set_value(date(2026, 11, 30)).run()
    assert not page.exception
    page.text_input[0].set_value("Libur bersama")
    press(page, "Geser tanggal")
    assert "Tanggal kunci tidak boleh mendahului tenggat 30 November 2026" in page.error[0].value


def test_dates_that_somebody_else_moved_meanwhile_are_shown_and_kept(open_page: Opener, office_folder: object) -> None:
    opened_next()
    page, opened = open_page("buka", "pkp", **ADDRESS), session.runtime()
    other = date(2026, 11, 12)
    move_dates(acting(opened.store, "pkp", opened.now()), NEXT, other, date(2026, 11, 19), "lebih dahulu")
    moved(page, date(2026, 11, 10), date(2026, 11, 20), "Libur bersama")
    assert "baru saja digeser orang lain (12 November 2026 dan 19 November 2026)" in page.warning[0].value
    assert cycle().due_on == other


def test_only_pkp_moves_dates(open_page: Opener, office_folder: object) -> None:
    opened_next()
    assert "Geser tanggal" not in labels(open_page("buka", "sekretaris", **ADDRESS))


def test_the_forms_of_all_sections_come_in_one_file_that_is_always_the_same(office_folder: object) -> None:
    now = session.runtime().now()
    packed = all_forms(office(), NEXT, now)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == [form_name(NEXT, s.id) for s in office().sections]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert packed == all_forms(office(), NEXT, now)


def test_everybody_can_download_the_forms(open_page: Opener) -> None:
    page = open_page("buka", "kasi.kesos")
    assert "Unduh blangko" in [button.label for button in page.get("download_button")]
