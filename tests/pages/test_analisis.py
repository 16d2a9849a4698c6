"""Analisis: texts beside the figures, the register of follow-ups, and texts that do not fit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.analysis import add_follow_up
from services.actions.base import Context
from services.domain.indicators import Period
from services.domain.roles import Actor
from services.sample.people import BY_USERNAME
from services.ui import session
from services.views.analysis import Analysis, FollowUp, analyses, follow_ups_from
from services.views.office import Office
from tests.pages.conftest import Opener
from tests.pages.looking import labels, press, text

PERIOD = Period(2026, 3)


def office() -> Office:
    return Office(session.runtime().store.read())


def stored(subject: str = "kesos") -> Analysis:
    return next(a for a in analyses(office(), PERIOD) if a.subject == subject)


def register() -> list[FollowUp]:
    return [f for f in follow_ups_from(office(), PERIOD) if f.what.startswith("Uji")]


def added(section_id: str = "kesos") -> None:
    opened, person = session.runtime(), BY_USERNAME["pkp"]
    actor = Actor(person.username, person.name, person.role, person.section_id)
    context = Context(opened.store, office(), actor, opened.now(), "Uji")
    add_follow_up(context, PERIOD, "Uji pinjam kendaraan.", "Kasi", date(2026, 11, 20), section_id)
    opened.shared.invalidate()


def box(elements: Any, label: str) -> Any:
    return next(e for e in elements if e.label.startswith(label))


def opened(open_page: Opener, who: str, part: str = "analisis", about: str = "kesos") -> AppTest:
    page = open_page("analisis", who, bagian=part, tentang=about)
    assert not page.exception
    return page


@pytest.mark.parametrize("who", ["pkp", "sekretaris", "kasi.kesos", "umum", "camat", "pimpinan", "admin"])
def test_everybody_may_look(open_page: Opener, who: str) -> None:
    page = opened(open_page, who)
    assert ("Simpan analisis" in labels(page)) is (who == "pkp")
    page.query_params["bagian"] = "periksa"
    assert not page.run().exception
    page.query_params["bagian"] = "tindaklanjut"
    assert ("Tambahkan" in labels(page.run())) is (who in ("pkp", "sekretaris"))
    assert not page.exception


def test_the_figures_stand_beside_those_of_before(open_page: Opener) -> None:
    seen = text(opened(open_page, "camat", about="pem"))
    assert "Triwulan III 2026" in seen
    assert "Triwulan II 2026" in seen
    assert "Triwulan III 2025" in seen
    assert "6 dari 6 terukur · sekarang" in seen


def test_material_is_taken_over_by_a_press_and_then_saved(open_page: Opener) -> None:
    page = opened(open_page, "pkp")
    material = next(label for label in labels(page) if "Kendaraan penjangkauan rusak" in label)
    press(page, material)
    assert "Kendaraan penjangkauan rusak sejak Agustus." in box(page.text_area, "Faktor penghambat").value
    assert material not in labels(page)
    press(page, "Simpan analisis")
    assert "Kendaraan penjangkauan rusak sejak Agustus." in stored().text("obstacles")


def test_the_proposed_comparison_fits_the_figures(open_page: Opener) -> None:
    page = opened(open_page, "pkp", about="pem")
    press(page, next(label for label in labels(page) if label.startswith("Rata\\-rata capaian")))
    assert box(page.text_area, "Perbandingan").value.startswith("Rata-rata capaian Triwulan III 2026")
    assert "tidak ditemukan pada data" not in text(page)


def test_a_text_that_does_not_fit_is_doubted_while_it_is_typed(open_page: Opener) -> None:
    page = opened(open_page, "pkp")
    box(page.text_area, "Perbandingan").set_value("Capaian naik menjadi 97,3 %.").run()
    seen = text(page)
    assert "“97,3 %” tidak ditemukan pada data triwulan ini" in seen
    assert "Target tidak tercapai, tetapi penghambatnya belum dijelaskan" in seen
    press(page, "Simpan analisis")
    assert stored().text("comparison") == "Capaian naik menjadi 97,3 %."


def test_doubtful_texts_are_listed_with_where_they_stand(open_page: Opener) -> None:
    page = opened(open_page, "pkp")
    box(page.text_area, "Perbandingan").set_value("Capaian naik menjadi 97,3 %.").run()
    press(page, "Simpan analisis")
    page.query_params["bagian"] = "periksa"
    page.run()
    assert "Angka tidak ada di data “97,3 %”" in text(page)


def test_a_follow_up_is_added(open_page: Opener) -> None:
    page = opened(open_page, "sekretaris", "tindaklanjut")
    box(page.text_area, "Apa yang dikerjakan").set_value("Uji pinjam kendaraan.")
    box(page.date_input, "Batas waktu").set_value(date(2026, 11, 20))
    press(page, "Tambahkan")
    assert "Tulis siapa yang bertanggung jawab" in text(page)
    who = box(page.selectbox, "Penanggung jawab")
    who.set_value(who.options[0])
    press(page, "Tambahkan")
    assert [(f.what, f.who) for f in register()] == [("Uji pinjam kendaraan.", who.options[0])]
    assert "Uji pinjam kendaraan." in text(page)
    assert box(page.text_area, "Apa yang dikerjakan").value == ""


def test_a_kasi_updates_the_own_follow_ups_only(open_page: Opener) -> None:
    session.runtime()
    added("kesos")
    added("yanum")
    own, other = (next(f for f in register() if f.section_id == section) for section in ("kesos", "yanum"))
    page = opened(open_page, "kasi.kesos", "tindaklanjut")
    assert not [area for area in page.text_area if other.id in str(area.key)]
    next(area for area in page.text_area if own.id in str(area.key)).set_value("Sudah dipinjam.").run()
    page.button(key=f"simpan-tindak-lanjut-{own.id}").click().run()
    assert {f.section_id: f.note for f in register()} == {"kesos": "Sudah dipinjam.", "yanum": ""}


def test_a_quarter_that_is_not_open_says_so(open_page: Opener) -> None:
    page = open_page("analisis", "pkp", tahun="2027", triwulan="1")
    assert "Triwulan I 2027 belum dibuka" in text(page)
