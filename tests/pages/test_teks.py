"""Teks laporan: choosing a part, writing it, what the paper will say, and the coat of arms."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from services.domain.passages import Part
from services.ui import session
from services.views.office import Office
from services.views.report_texts import stored
from tests.pages.conftest import Opener
from tests.pages.looking import labels, markup, press, text

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="80"><path d="M0 0h60v80H0z"/></svg>'


def office() -> Office:
    return Office(session.runtime().store.read())


def write(app: AppTest, words: str) -> AppTest:
    app.text_area[0].set_value(words).run()
    return press(app, "Simpan teks")


def test_pkp_writes_the_preface_and_sees_it_as_it_will_be_printed(open_page: Opener) -> None:
    app = write(open_page("teks", "pkp"), "Kata kami untuk {triwulan}.")
    assert any("Teks laporan disimpan" in said.value for said in app.success)
    assert "Kata kami untuk Triwulan III Tahun 2026." in text(app)
    assert stored(office(), Part.PREFACE, None) == "Kata kami untuk {triwulan}."


def test_a_mistyped_placeholder_is_told_at_its_field_and_the_words_stay(open_page: Opener) -> None:
    app = write(open_page("teks", "pkp"), "Laporan {kantorr}")
    assert "Maksudnya {kantor}?" in text(app)
    assert app.text_area[0].value == "Laporan {kantorr}"


def test_own_words_about_figures_begin_with_the_usual_ones_and_are_checked(open_page: Opener) -> None:
    app = press(open_page("teks", "pkp", bagian="ringkasan"), "Mulai dari teks bawaan")
    assert app.text_area[0].value.startswith("Sampai dengan Triwulan III Tahun 2026")
    app.text_area[0].set_value("Rata-rata capaian 12,34 %.").run()
    assert "mv-teks-doubt" in markup(app)


def test_own_words_longer_than_the_page_of_the_summary_are_told_where_they_will_stand(open_page: Opener) -> None:
    app = open_page("teks", "pkp", bagian="ringkasan")
    app.text_area[0].set_value("Kinerja membaik. " * 60).run()
    assert "pada halaman sesudahnya" not in text(app)
    app.text_area[0].set_value("Kinerja membaik. " * 80).run()
    assert "dicetak utuh pada halaman sesudahnya" in text(app)


@pytest.mark.parametrize("username", ["kasi.pem", "camat", "pimpinan"])
def test_others_read_the_texts(open_page: Opener, username: str) -> None:
    app = open_page("teks", username)
    assert not app.text_area
    assert "Puji syukur" in text(app)
    assert "Simpan teks" not in labels(app)


def test_the_coat_of_arms_is_uploaded_looked_at_and_kept(open_page: Opener) -> None:
    app = open_page("teks", "pkp")
    app.file_uploader[0].upload("lambang.svg", SVG, "image/svg+xml").run()
    press(app, "Pakai lambang ini")
    assert any("Lambang disimpan" in said.value for said in app.success)
    assert office().profile.emblem is not None


def test_a_file_that_is_no_picture_is_refused(open_page: Opener) -> None:
    app = open_page("teks", "pkp")
    app.file_uploader[0].upload("lambang.png", b"%PDF-1.7", "image/png").run()
    assert any("bukan gambar" in error.value for error in app.error)
