"""Texts that do not fit the figures are named; texts that may fit are left alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.narrative import Doubt, Facts, explanation, link, says_nothing, wording
from services.domain.numbers import format_money, format_number, format_percent
from services.views.narrative import warnings
from tests.unit.offices import PERIOD, cycle, entry, indicator, office, section, target
from tests.unit.sample_store import office_in, sample_store

LABELS = ("Sangat Tinggi", "Tinggi", "Sedang", "Rendah", "Sangat Rendah")
MISSED = Facts(
    missed=2,
    figures=frozenset(map(Decimal, ("83.33", "95", "87.715789", "12450000", "4.25"))),
    labels=LABELS,
    ratings=frozenset({"Tinggi"}),
)
REACHED = Facts(reached=2)
MIXED = Facts(missed=1, reached=1)


def kinds(text: str, facts: Facts = MISSED) -> list[Doubt]:
    return [remark.kind for remark in wording(text, facts)]


# --- blank under a missed target ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "-", " – ", "Nihil", "n/a", "Tidak ada kendala.", "...", "—"])
def test_a_missed_target_must_be_explained(text: str) -> None:
    (remark,) = explanation(text, MISSED)
    assert remark.kind is Doubt.UNEXPLAINED
    assert not list(explanation(text, REACHED))


@pytest.mark.parametrize("text", ["Hujan", "Tidak ada petugas sejak Agustus", "Belum ada narasumber"])
def test_a_short_explanation_is_one(text: str) -> None:
    assert not says_nothing(text)
    assert not list(explanation(text, MISSED))


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Capaian 91,2 %",
        "capaian baru 60 persen",
        "Realisasi anggaran Rp 13.450.000",
        "terserap Rp13,5 juta",
        "naik 7,1 poin",
        "target sebesar 90",
        "rata-rata kinerja adalah 77",
    ],
)
def test_a_figure_that_the_data_do_not_have_is_named(text: str) -> None:
    assert kinds(text) == [Doubt.UNKNOWN_NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "Capaian 87,72 % dari target 95 %",
        "Capaian 87,7\u00a0% (dibulatkan 88 %)",
        "Capaian 87,71 %",
        "Realisasi anggaran Rp 12.450.000,00 atau Rp12,45 juta",
        "Realisasi anggaran Rp. 12.450.000,-",
        "turun 4,25 poin, atau 4,3 poin",
        "realisasi 83,33",
    ],
)
def test_a_figure_of_the_data_may_be_rounded_and_written_in_any_usual_way(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Rapat 13 Agustus 2024, 6 November, 12-14 Oktober 2026 dan 20/11/2026",
        "Pada TW III 2026, Triwulan 2, tahun 2025, semester 1",
        "Permendagri 86/2017, PP Nomor 12 Tahun 2019, Pasal 5 ayat (2), SOP No. 800/04",
        "Kode rekening 7.01.02.2.01.0003 pukul 09.30 WIB",
        "Ada 3 nagari, 12 orang, dan 2 kali rapat; petugas ke-2",
        "Lebih dari 50 % nagari, sekitar 10,5 km, paling sedikit Rp 5.000.000",
        "https://drive.google.com/drive/folders/77,5-99%",
        "Penjadwalan dua nagari setiap pekan sampai 20 November 2026.",
    ],
)
def test_dates_quarters_rules_codes_and_counts_are_no_figures(text: str) -> None:
    assert kinds(text) == []


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_what_the_application_writes_itself_is_never_doubted(value: Decimal) -> None:
    facts = Facts(missed=1, figures=frozenset({value}))
    for text in (
        format_percent(value),
        format_percent(value, 2),
        format_money(value),
        f"capaian {format_number(value)}",
    ):
        assert kinds(text, facts) == []


def test_absurd_digits_are_only_unknown() -> None:
    assert kinds(f"Capaian 0,{'0' * 40}1 % dan Rp {'9' * 60}") == [Doubt.UNKNOWN_NUMBER] * 2


# --- ratings and claims ------------------------------------------------------------------------------------------


def test_a_rating_that_no_figure_has_is_named() -> None:
    assert kinds("Termasuk kategori Sangat Tinggi.") == [Doubt.UNKNOWN_RATING]
    assert kinds("Termasuk kategori tinggi.") == []
    assert kinds("Agar mencapai kategori Sangat Tinggi.") == []


@pytest.mark.parametrize("text", ["Semua target tercapai.", "Kinerja melampaui target", "Berhasil mencapai target"])
def test_praise_is_doubted_only_where_every_target_was_missed(text: str) -> None:
    assert kinds(text) == [Doubt.CONTRADICTION]
    assert kinds(text, MIXED) == kinds(text, REACHED) == []


@pytest.mark.parametrize(
    "text",
    [
        "Target belum tercapai.",
        "Target tidak tercapai karena hujan",
        "Pendampingan agar target tercapai",
        "Target tahun 2025 tercapai",
        "Pada triwulan lalu target tercapai",
    ],
)
def test_a_denied_hoped_for_or_earlier_success_is_no_praise(text: str) -> None:
    assert kinds(text) == []


def test_a_failure_is_doubted_only_where_every_target_was_reached() -> None:
    assert kinds("Target belum tercapai.", REACHED) == [Doubt.CONTRADICTION]
    assert kinds("Target belum tercapai.", MIXED) == []


# --- links -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("drive.google.com/drive/folders/1a", "tidak diawali"),
        ("https://drive.google.com/drive/folders/1a b", "spasi"),
        ("http://localhost:8501/bukti", "komputer atau jaringan"),
        ("http://192.168.1.20/bukti.pdf", "komputer atau jaringan"),
        ("https://server/bukti.pdf", "komputer atau jaringan"),
        ("https://", "komputer atau jaringan"),
        ("https://drive.google.com/…", "contoh atau terpotong"),
        ("https://drive.google.com/drive/u/0/my-drive", "akun pembuatnya"),
        ("https://mail.google.com/mail/u/0/#inbox/abc", "akun pembuatnya"),
        ("file:///C:/bukti.pdf", "tidak diawali"),
        ("https://[::1", "bukan alamat"),
    ],
)
def test_a_link_that_nobody_else_can_open_is_named(address: str, why: str) -> None:
    (remark,) = link(address)
    assert remark.kind is Doubt.DEAD_LINK
    assert why in remark.message


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://drive.google.com/drive/folders/CONTOH-2026-3-ind-pem-01",
        "https://drive.google.com/drive/u/0/folders/1AbC",
        "https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0",
        "https://silaut.pesisirselatankab.go.id/berita/12",
        "http://8.8.8.8/berkas",
    ],
)
def test_a_shared_link_is_left_alone(address: str) -> None:
    assert not list(link(address))


# --- in an office ------------------------------------------------------------------------------------------------


def test_every_warning_says_where_the_text_stands() -> None:
    found = office(
        section("kesos"),
        indicator("a", "kesos"),
        target("a", 100),
        cycle(),
        entry("a", 80, obstacle="-", follow_up="Capaian 99 %", evidence="http://localhost/a"),
    )
    warned = warnings(found, PERIOD)
    assert [(w.source, w.subject, w.field, w.remark.kind) for w in warned] == [
        ("Isian", "Jumlah a", "Faktor penghambat", Doubt.UNEXPLAINED),
        ("Isian", "Jumlah a", "Tindak lanjut", Doubt.UNKNOWN_NUMBER),
        ("Isian", "Jumlah a", "Tautan bukti dukung", Doubt.DEAD_LINK),
    ]


def test_the_texts_of_the_sample_raise_no_false_alarm(tmp_path: Path) -> None:
    """One indicator of the sample is left unexplained on purpose."""
    found = office_in(sample_store(tmp_path))
    doubted = [w for period in found.cycles for w in warnings(found, period)]
    assert {w.subject for w in doubted} == {"Nilai kematangan inovasi"}
    assert {w.remark.kind for w in doubted} == {Doubt.UNEXPLAINED}
