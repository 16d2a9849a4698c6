"""Isian as each role sees and uses it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from services.actions.base import Context
from services.actions.entries import save_entry
from services.actions.quarters import grant_exception
from services.domain.indicators import Period
from services.domain.roles import Actor, Role
from services.store import schema
from services.store.store import Insert, Transaction
from services.ui import session
from services.ui.entry_state import texts_of
from services.views.office import Entry, Office
from tests.pages.conftest import TIMEOUT, sign_in
from tests.sample_folder import ROOT
from tests.unit.sample_store import acting

KASI, PKP = "kasi.kesos", "pkp"
PERIOD = Period(2026, 3)
READERS = ("camat", "sekretaris", "pimpinan", "admin")
FILLERS = {KASI: "Kesejahteraan Sosial", "kasi.yanum": "Pelayanan Umum", "umum": "Subbag Umum"}


def office() -> Office:
    return Office(session.runtime().store.read())


def entry(number: int = 4) -> Entry:
    """The entry as it stands there now, given in or not."""
    found = office().working(PERIOD).entry(f"ind-kesos-0{number}", PERIOD)
    assert found is not None
    return found


def save_as(username: str, role: Role, number: int = 4, **typed: str) -> None:
    """Somebody else saves meanwhile, without this page."""
    context = Context(session.runtime().store, office(), Actor(username, username, role), session.now(), "Uji")
    save_entry(context, entry(number).id, texts_of(entry(number)), typed)
    session.runtime().shared.invalidate()


def text(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def button(app: AppTest, label: str):
    return next(b for b in app.button if label in b.label)


def labels(app: AppTest) -> list[str]:
    return [b.label for b in app.button]


def field(app: AppTest, label: str):
    return next(f for f in (*app.text_input, *app.text_area) if f.label.startswith(label))


def go_to(app: AppTest, number: int) -> AppTest:
    next(b for b in app.button if b.label[2:].startswith(f"{number} ")).click()
    return app.run()


@pytest.fixture
def form(open_page) -> AppTest:
    """The form of the fourth indicator of Kesejahteraan Sosial, in which nothing stands yet."""
    return go_to(open_page("isian", KASI), 4)


# --- who sees what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", FILLERS)
def test_who_fills_in_a_section_sees_that_one_only_and_no_choice_of_quarter(open_page, username: str) -> None:
    app = open_page("isian", username)
    assert f">Isian {FILLERS[username]}</h1>" in text(app)
    assert list(app.selectbox) == []


def test_a_link_to_another_quarter_does_not_lead_a_kasi_astray(open_page) -> None:
    app = open_page("isian", KASI, tahun="2026", triwulan="2")
    assert "Triwulan III 2026" in text(app)


def test_the_kasubag_pkp_chooses_among_all_sections_with_their_state(open_page) -> None:
    app = open_page("isian", PKP)
    choice = app.selectbox(key="mv-isian-seksi-kotak")
    assert "Kesejahteraan Sosial · 3 dari 6 · terlambat" in choice.options
    assert len(choice.options) == 7
    choice.select_index(choice.options.index("Kesejahteraan Sosial · 3 dari 6 · terlambat")).run()
    assert "Persentase usulan DTSEN" in text(app)
    assert field(app, "Realisasi").disabled is False


@pytest.mark.parametrize("username", READERS)
def test_all_others_read_the_same_without_inputs(open_page, username: str) -> None:
    app = open_page("isian", username)
    assert (list(app.text_input), list(app.text_area), "Kirim ke Kasubag PKP" in labels(app)) == ([], [], False)
    assert "Realisasi TW III" in text(app)


def test_a_locked_quarter_is_read_only_and_says_why(open_page) -> None:
    app = open_page("isian", PKP, tahun="2026", triwulan="2")
    assert list(app.text_input) == []
    assert "Laporan triwulan ini sudah diarsipkan; isiannya hanya dapat dibaca." in text(app)


def test_a_section_that_the_lock_closed_may_only_be_read_and_says_whom_to_ask(open_page) -> None:
    app = open_page("isian", "kasi.pem")
    assert list(app.text_input) == []
    assert "Isian triwulan ini dikunci 19 Oktober 2026 13.50 dan hanya dapat dibaca." in text(app)
    assert "mintalah pengecualian kepada Kasubag PKP" in text(app)


def test_a_section_with_an_exception_sees_until_when_it_is_open(form: AppTest) -> None:
    shown = text(form)
    assert "terlambat 21 hari kerja" in shown
    assert "bagi seksi ini dibuka sampai <strong>Rabu, 4 November 2026</strong>" in shown


# --- typing ------------------------------------------------------------------------------------------------------


def test_the_form_names_target_and_earlier_values(form: AppTest) -> None:
    shown = text(form)
    assert "Jumlah pembinaan lembaga sosial" in shown
    for label in ("Target TW III", "TW I<", "TW II<", "TW III 2025"):
        assert f"<dt>{label}" in shown


def test_capaian_class_and_formula_follow_the_typing(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("5").run()
    assert "112,50\u00a0%" in text(form)
    assert "Sangat Tinggi" in text(form)
    assert "9 / 8 × 100" in text(form)
    assert "Belum disimpan" in text(form)


def test_an_empty_field_is_missing_and_not_zero(form: AppTest) -> None:
    shown = text(form)
    assert "belum ada realisasi" in shown
    assert "0,00\u00a0%" not in shown


def test_typed_money_shows_the_absorption(form: AppTest) -> None:
    field(form, "Realisasi anggaran").set_value("Rp 20.000.000,-").run()
    assert "Serapan 50,0\u00a0% dari pagu Rp\u00a040.000.000." in text(form)


def test_what_cannot_be_read_stays_and_the_message_says_what_to_write(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("1.250").run()
    button(form, "Simpan dan lanjut").click().run()
    assert field(form, "Realisasi TW III").value == "1.250"
    assert "Tulis 1250 bila maksudnya seribu dua ratus lima puluh, atau 1,25" in text(form)
    assert [e.value for e in form.error]
    assert "! Belum tersimpan" in text(form)
    assert entry().actual.missing


def test_a_link_that_is_none_is_refused_beside_its_field(form: AppTest) -> None:
    field(form, "Tautan bukti").set_value("drive saya").run()
    assert "Tautan bukti dukung harus diawali https://" in text(form)


def test_saving_goes_on_to_the_next_indicator_and_tells_the_time(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("2")
    button(form, "Simpan dan lanjut").click().run()
    assert entry().actual.value == 2
    assert "Indikator 5 dari 6" in text(form)
    assert "Isian 4 tersimpan 10." in text(form)


def test_what_people_typed_is_shown_as_text_and_never_run(form: AppTest) -> None:
    field(form, "Faktor penghambat").set_value("<script>alert(1)</script> **tebal**")
    field(form, "Realisasi TW III").set_value("<img src=x onerror=alert(1)>").run()
    assert "<img" not in text(form)
    assert "&lt;img" in text(form)


# --- drafts ------------------------------------------------------------------------------------------------------


def new_session(app: AppTest, username: str) -> AppTest:
    """The same person after a lost connection: another session of the same office."""
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT).run()
    sign_in(again, username)
    again.switch_page("pages/isian.py").run()
    return again


def test_a_draft_survives_a_new_session_and_can_be_discarded(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("2")
    field(form, "Faktor penghambat").set_value("Hujan.").run()
    again = go_to(new_session(form, KASI), 4)
    assert (field(again, "Realisasi TW III").value, field(again, "Faktor penghambat").value) == ("2", "Hujan.")
    assert "dipulihkan" in text(again)
    assert "Draf dari 10." in text(again)
    button(again, "Buang draf").click().run()
    assert field(again, "Realisasi TW III").value == ""
    assert "dipulihkan" not in text(again)


def test_going_to_another_indicator_and_back_loses_nothing(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("2").run()
    go_to(form, 6)
    assert "● 4 Jumlah pembinaan lembaga sosial: **belum disimpan**" in "\n".join(labels(form))
    go_to(form, 4)
    assert field(form, "Realisasi TW III").value == "2"


def test_a_field_emptied_on_the_way_to_another_indicator_stays_empty(open_page) -> None:
    app = open_page("isian", KASI)
    field(app, "Faktor penghambat").set_value("")
    app.button_group(key="mv-nav").set_value("ind-kesos-04").run()
    assert field(go_to(app, 3), "Faktor penghambat").value == ""


def test_fields_that_all_send_nothing_at_once_blank_no_text(open_page) -> None:
    app = open_page("isian", KASI)
    for name in ("Realisasi TW III", "Faktor penghambat", "Tindak lanjut"):
        field(app, name).set_value("")
    app.button_group(key="mv-nav").set_value("ind-kesos-04").run()
    assert [b.label for b in app.button if "belum disimpan" in b.label] == []
    assert field(go_to(app, 3), "Faktor penghambat").value


def test_a_draft_of_another_person_is_not_shown(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("2").run()
    other = new_session(form, PKP)
    choice = other.selectbox(key="mv-isian-seksi-kotak")
    choice.select_index(next(n for n, o in enumerate(choice.options) if o.startswith("Kesejahteraan"))).run()
    assert field(go_to(other, 4), "Realisasi TW III").value == ""


# --- two people --------------------------------------------------------------------------------------------------


def clash(form: AppTest) -> AppTest:
    field(form, "Realisasi TW III").set_value("2").run()
    save_as(PKP, Role.PKP, actual="1")
    return button(form, "Simpan dan lanjut").click().run()


def test_a_clash_shows_three_values_and_two_buttons_and_saves_nothing(form: AppTest) -> None:
    shown = text(clash(form))
    assert "Nilai berubah sementara Anda mengisi" in shown
    for name, value in (("Yang Anda lihat", "kosong"), ("Isian Anda", "2"), ("Sekarang", "1")):
        assert f"<dt>{name}" in shown
        assert f"<dd>{value}</dd>" in shown
    assert {"Pakai isian saya", "Pakai nilai sekarang"} <= set(labels(form))
    assert field(form, "Realisasi TW III").value == "2"
    assert entry().actual.value == 1


@pytest.mark.parametrize(("answer", "value"), [("Pakai isian saya", 2), ("Pakai nilai sekarang", 1)])
def test_the_answer_decides_which_value_stands(form: AppTest, answer: str, value: int) -> None:
    button(clash(form), answer).click().run()
    assert entry().actual.value == value
    assert "Pakai isian saya" not in labels(form)
    assert field(form, "Realisasi TW III").value == str(value)


def test_a_form_without_changes_shows_what_somebody_else_saved(form: AppTest) -> None:
    save_as(PKP, Role.PKP, actual="1")
    form.run()
    assert field(form, "Realisasi TW III").value == "1"


# --- sending -----------------------------------------------------------------------------------------------------


def test_every_gap_is_named_and_its_button_leads_to_it(open_page) -> None:
    app = open_page("isian", KASI)
    gaps = [label for label in labels(app) if label[:1] in "○?!"]
    assert gaps == [
        "? 3 Persentase usulan DTSEN yang diproses: **realisasi tidak terbaca**",
        "○ 4 Jumlah pembinaan lembaga sosial: **realisasi kosong**, realisasi anggaran kosong",
        "○ 6 Persentase posyandu aktif: **realisasi ditulis tidak ada**",
        "! 5 Waktu tindak lanjut laporan orang terlantar: bukti dukung belum ada",
    ]
    assert "Indikator 6 dari 6" in text(go_to(app, 6))


def test_sending_with_gaps_asks_for_a_reason_and_keeps_it(form: AppTest) -> None:
    button(form, "Kirim ke Kasubag PKP").click().run()
    assert "tulis alasan" in form.error[0].value
    field(form, "Alasan").set_value("Data nagari belum masuk.")
    button(form, "Kirim ke Kasubag PKP").click().run()
    assert not form.error
    assert "Data Kesejahteraan Sosial diterima 3 November 2026 10." in text(form)
    assert "terlambat 21 hari kerja. Alasan: Data nagari belum masuk." in text(form)
    assert office().submissions(PERIOD)["kesos"].by == KASI


def test_sending_saves_what_is_open_first(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("2")
    field(form, "Alasan").set_value("Menunggu posyandu.")
    button(form, "Kirim ke Kasubag PKP").click().run()
    assert entry().actual.value == 2
    assert "kesos" in office().submissions(PERIOD)


def test_nothing_is_sent_while_another_indicator_is_not_saved(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("2").run()
    go_to(form, 6)
    field(form, "Alasan").set_value("Alasan.")
    button(form, "Kirim ke Kasubag PKP").click().run()
    assert "Isian 4 belum disimpan" in form.error[0].value
    assert "kesos" not in office().submissions(PERIOD)


def test_after_sending_a_change_can_be_sent_again(open_page, office_folder: Path) -> None:
    opened = session.runtime()
    granting = acting(opened.store, PKP, opened.now())
    grant_exception(granting, PERIOD, "pem", opened.now().date(), "Faktor penghambat belum lengkap")
    opened.shared.invalidate()
    app = open_page("isian", "kasi.pem")
    assert "Kirim ulang" not in labels(app)
    field(app, "Faktor penghambat").set_value("Perubahan APB Nagari menunggu evaluasi.")
    button(app, "Simpan dan lanjut").click().run()
    button(app, "Kirim ulang").click().run()
    assert not app.error
    assert "Kirim ulang" not in labels(app)


# --- a quarter that is not open ----------------------------------------------------------------------------------


def test_a_quarter_that_is_not_open_leads_the_kasubag_pkp_to_where_it_is_opened(open_page) -> None:
    app = open_page("isian", PKP, tahun="2026", triwulan="4")
    assert "Triwulan IV 2026 belum dibuka" in text(app)
    assert [link.proto.page for link in app.get("page_link")] == ["buka"]


def test_nobody_else_is_led_there(open_page) -> None:
    app = open_page("isian", "camat", tahun="2026", triwulan="4")
    assert "Triwulan IV 2026 belum dibuka" in text(app)
    assert not app.get("page_link")


# --- the table ---------------------------------------------------------------------------------------------------


@pytest.fixture
def table(open_page) -> AppTest:
    app = open_page("isian", KASI)
    app.session_state["mv-isian-cara"] = "Tabel"
    return app.run()


def edit(app: AppTest, row: int, **cells: str) -> AppTest:
    """What the editor reports: the number of the row and its new cells."""
    key = app.session_state["mv-isian-tabel"].key
    app.session_state[key] = {"edited_rows": {row: cells}, "added_rows": [], "deleted_rows": []}
    return app.run()


def test_the_table_shows_one_row_per_indicator_as_typed(table: AppTest) -> None:
    frame = table.dataframe[0].value
    assert list(frame["actual"]) == ["85", "3", "#DIV/0!", "", "4,7", "NA"]


def test_changes_are_listed_before_saving(table: AppTest) -> None:
    edit(table, 3, actual="2")
    assert "Simpan 1 perubahan" in labels(table)
    assert "realisasi kosong → <b>2</b>" in text(table)
    assert entry().actual.missing


def test_each_row_is_saved_on_its_own_and_says_what_became_of_it(table: AppTest) -> None:
    key = table.session_state["mv-isian-tabel"].key
    rows = {3: {"actual": "2"}, 5: {"actual": "1.250"}}
    table.session_state[key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    button(table.run(), "Simpan 2 perubahan").click().run()
    assert entry(4).actual.value == 2
    assert entry(6).row["actual"] == "NA"
    assert "1 isian tersimpan: nomor 4." in [s.value.replace("\\", "") for s in table.success]
    assert "Isian 6 Persentase posyandu aktif belum tersimpan." in text(table)
    assert "Simpan 1 perubahan" in labels(table)


def test_batalkan_forgets_the_changes(table: AppTest) -> None:
    edit(table, 3, actual="2")
    button(table, "Batalkan").click().run()
    assert "Simpan" in labels(table)
    assert entry().actual.missing
    assert session.runtime().drafts.for_user(KASI) == ()


def test_a_row_that_somebody_inserts_above_does_not_move_an_edit(table: AppTest) -> None:
    edit(table, 3, actual="2")
    insert_indicator_above()
    table.run()
    button(table, "Simpan 1 perubahan").click().run()
    assert entry(4).actual.value == 2
    assert office().entry("ind-baru", PERIOD).actual.missing
    assert office().entry("ind-kesos-03", PERIOD).row["actual"] == "#DIV/0!"


def insert_indicator_above() -> None:
    """A new indicator with its entry, first in the section."""
    runtime, old = session.runtime(), office().indicator_by_id["ind-kesos-01"]
    source = next(r for r in runtime.store.read().rows(schema.INDICATOR) if r["id"] == old.id)
    blank = dict(entry(4).row) | {"id": "isi-baru", "indicator_id": "ind-baru", "actual": None, "spent": None}
    changes = (
        Insert(schema.INDICATOR, {**source, "id": "ind-baru", "name": "Indikator baru", "order": 0}),
        Insert(schema.ENTRY, blank),
    )
    runtime.store.commit(Transaction(runtime.now(), PKP, "pkp", "uji", "Uji", changes))
    runtime.shared.invalidate()


def test_a_clash_in_the_table_is_settled_for_its_row(table: AppTest) -> None:
    edit(table, 3, actual="2")
    save_as(PKP, Role.PKP, actual="1")
    button(table, "Simpan 1 perubahan").click().run()
    assert entry().actual.value == 1
    button(table, "Pakai isian saya").click().run()
    assert entry().actual.value == Decimal(2)
    assert "Pakai isian saya" not in labels(table)


def switch_to(app: AppTest, mode: str) -> AppTest:
    return app.button_group(key="mv-cara-isi").set_value(mode).run()


def test_form_and_table_show_what_was_typed_into_the_other(form: AppTest) -> None:
    field(form, "Realisasi TW III").set_value("2").run()
    switch_to(form, "Tabel")
    assert form.dataframe[0].value["actual"].iloc[3] == "2"
    assert "Simpan 1 perubahan" in labels(form)
    edit(form, 3, actual="3")
    switch_to(form, "Formulir")
    assert field(form, "Realisasi TW III").value == "3"
    assert entry().actual.missing
