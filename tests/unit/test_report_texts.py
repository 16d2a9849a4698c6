"""The texts of the report: placeholders, who writes them, what stands there otherwise; and the coat of arms."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from services.actions.base import Denied, Unreadable
from services.actions.report_texts import LARGEST_EMBLEM, save_emblem, save_text
from services.domain.indicators import Period
from services.domain.passages import PLACEHOLDERS, STANDARD, Part, fill, unknown_placeholders
from services.report.emblem import LIMIT, UnusableEmblem, prepared
from services.report.passages import passages_of
from services.store import schema
from services.store.sql import SqlStore
from services.store.store import Conflict
from services.views.board import board_of
from services.views.narrative import facts, remarks
from services.views.report_texts import placeholder_values, standard_text, stored
from tests.unit.sample_store import NOW, acting, office_in, sample_store

PERIOD = Period(2026, 3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = sample_store(tmp_path)
    yield store
    store.close()


def write(store: SqlStore, part: Part, text: str, seen: str = "", username: str = "pkp") -> None:
    save_text(acting(store, username), part, PERIOD, seen, text)


def said(store: SqlStore, part: Part, period: Period = PERIOD) -> str:
    office = office_in(store)
    return passages_of(office, board_of(office, period, NOW))[part]


# --- placeholders ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", STANDARD)
def test_the_standard_texts_use_known_placeholders_and_leave_none_open(store: SqlStore, part: Part) -> None:
    assert list(unknown_placeholders(STANDARD[part])) == []
    assert "{" not in standard_text(office_in(store), part, PERIOD)


def test_there_is_a_value_for_every_placeholder(store: SqlStore) -> None:
    values = placeholder_values(office_in(store), PERIOD)
    assert set(values) == set(PLACEHOLDERS)
    assert all(values.values())


@pytest.mark.parametrize("typed", ["a { b", "{", "}", "{}", "{ triwulan }", "{nb}", "{0}", "{{"])
def test_braces_that_enclose_no_placeholder_stay_as_typed(typed: str) -> None:
    assert fill(typed, {"triwulan": "x"}) == typed


def test_an_unknown_placeholder_is_refused_with_the_nearest_known_one(store: SqlStore) -> None:
    with pytest.raises(Unreadable, match=r"\{triwulna\} tidak dikenal. Maksudnya \{triwulan\}\?"):
        write(store, Part.PREFACE, "Laporan {triwulna} {kantor}")
    assert stored(office_in(store), Part.PREFACE, None) == ""


# --- whose words -------------------------------------------------------------------------------------------------


def test_the_offices_own_text_stands_in_every_quarter_until_it_is_emptied(store: SqlStore) -> None:
    write(store, Part.PREFACE, "Kata {kantor} untuk {triwulan}.")
    assert said(store, Part.PREFACE) == "Kata Kecamatan Silaut untuk Triwulan III Tahun 2026."
    assert said(store, Part.PREFACE, Period(2026, 2)) == "Kata Kecamatan Silaut untuk Triwulan II Tahun 2026."
    write(store, Part.PREFACE, "", seen="Kata {kantor} untuk {triwulan}.")
    assert said(store, Part.PREFACE).startswith("Puji syukur")


def test_own_words_about_figures_hold_for_one_quarter(store: SqlStore) -> None:
    usual, before = said(store, Part.SUMMARY), said(store, Part.SUMMARY, Period(2026, 2))
    write(store, Part.SUMMARY, "Kinerja membaik.")
    assert said(store, Part.SUMMARY) == "Kinerja membaik." != usual
    assert said(store, Part.SUMMARY, Period(2026, 2)) == before


def test_own_words_are_held_against_the_figures(store: SqlStore) -> None:
    known = facts(office_in(store), PERIOD, lambda _: True)
    assert list(remarks(Part.SUMMARY.value, "Rata-rata capaian 12,3456 persen.", known))
    assert not list(remarks(Part.SUMMARY.value, said(store, Part.SUMMARY), known))


def test_of_two_who_change_the_same_text_the_second_is_told(store: SqlStore) -> None:
    write(store, Part.CLOSING, "Satu")
    with pytest.raises(Conflict):
        write(store, Part.CLOSING, "Dua")


def test_the_log_says_who_wrote_which_text(store: SqlStore) -> None:
    write(store, Part.CLOSING, "Penutup kami")
    lines = [line for line in store.log().lines if line["table"] == schema.REPORT_TEXT.name]
    assert {line["by"] for line in lines} == {"pkp"}
    assert any("Penutup kami" in str(value) for line in lines for value in line.values())


@pytest.mark.parametrize("username", ["admin", "kasi.pem", "umum", "sekretaris", "camat", "pimpinan"])
def test_nobody_but_the_kasubag_pkp_writes(store: SqlStore, username: str) -> None:
    for part in (Part.PREFACE, Part.SUMMARY):
        with pytest.raises(Denied):
            write(store, part, "x", username=username)


def test_an_archived_quarter_keeps_its_words(store: SqlStore) -> None:
    with pytest.raises(Denied, match="diarsipkan"):
        save_text(acting(store, "pkp"), Part.SUMMARY, Period(2026, 2), "", "x")


# --- the coat of arms --------------------------------------------------------------------------------------------


def picture(kind: str, size: tuple[int, int] = (900, 1200)) -> bytes:
    target = BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(target, kind)
    return target.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="80"><path d="M0 0h60v80H0z" fill="#1E3A5F"/></svg>'


@pytest.mark.parametrize("upload", [picture("PNG"), picture("JPEG"), SVG], ids=["png", "jpeg", "svg"])
def test_a_picture_becomes_a_small_png(upload: bytes) -> None:
    made = prepared(upload)
    assert len(made) <= LIMIT == LARGEST_EMBLEM
    with Image.open(BytesIO(made)) as found:
        assert found.format == "PNG"
        assert max(found.size) <= 480


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"%PDF-1.7",
        picture("GIF", (9, 9)),
        picture("PNG")[:900],
        b"x" * 2_000_001,
        SVG.replace(b"<path", b"<script>alert(1)</script><path"),
        SVG.replace(b"<path", b'<image href="file:///etc/passwd"/><path'),
        SVG.replace(b"<path", b'<path onload="x()"'),
        SVG.replace(b'fill="#1E3A5F"', b'style="fill:url(http://contoh.id/a)"'),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG,
        SVG[:40],
    ],
    ids=["empty", "pdf", "gif", "cut", "large", "script", "file", "handler", "address", "entity", "broken"],
)
def test_what_is_no_plain_picture_is_refused_in_words(upload: bytes) -> None:
    with pytest.raises(UnusableEmblem, match=r"\. \w"):
        prepared(upload)


def test_the_coat_of_arms_is_kept_shown_and_taken_away(store: SqlStore) -> None:
    made = prepared(SVG)
    save_emblem(acting(store, "admin"), made)
    assert office_in(store).profile.emblem == made
    assert save_emblem(acting(store, "admin"), made) is None
    save_emblem(acting(store, "pkp"), None)
    assert office_in(store).profile.emblem is None


def test_only_who_may_change_the_office_changes_its_coat_of_arms(store: SqlStore) -> None:
    with pytest.raises(Denied):
        save_emblem(acting(store, "kasi.pem"), prepared(SVG))
