"""What all pages share: the quarter in the address, messages, text of people shown as typed, errors without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from services.domain.attainment import DEFAULT_SCALE
from services.domain.process import StepState
from services.ui import html
from services.ui.navigation import NO_SUCH_PAGE
from tests.pages.conftest import sign_in

TIMEOUT = 30


@pytest.fixture
def run(office_folder: Path) -> Callable[..., AppTest]:
    """Run a few lines as a page; returns the finished test application."""

    def runner(lines: str, **address: str) -> AppTest:
        app = AppTest.from_string(f"from services.ui import errors, frame, session\n{lines}", default_timeout=TIMEOUT)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return runner


HEADER = "import streamlit as st\nst.text(frame.header('Judul', ('bahan',), period_choice=True).key)"


def chosen(app: AppTest) -> str:
    return app.text[0].value


def test_without_a_choice_the_newest_opened_quarter_is_shown(run) -> None:
    app = run(HEADER)
    assert chosen(app) == "2026-3"
    assert app.query_params == {"tahun": "2026", "triwulan": "3"}


def test_the_quarter_in_the_address_is_shown(run) -> None:
    assert chosen(run(HEADER, tahun="2025", triwulan="2")) == "2025-2"


@pytest.mark.parametrize(
    "address",
    [
        {"tahun": "2025", "triwulan": "5"},
        {"tahun": "dua", "triwulan": "1"},
        {"tahun": "2025"},
        {"tahun": "\u0662\u0660\u0662\u0665", "triwulan": "1"},
    ],
)
def test_an_address_that_names_no_quarter_is_set_right(run, address: dict[str, str]) -> None:
    app = run(HEADER, **address)
    assert chosen(app) == "2026-3"
    assert app.query_params["tahun"] == "2026"


def test_choosing_another_quarter_writes_it_into_the_address(run) -> None:
    app = run(HEADER)
    app.selectbox(key="mv-pilih-triwulan").set_value(1).run()
    assert chosen(app) == "2026-1"
    assert app.query_params["triwulan"] == "1"


def test_a_chosen_quarter_is_kept_on_the_next_page(run) -> None:
    app = run(HEADER, tahun="2025", triwulan="4")
    app.query_params.clear()
    assert chosen(app.run()) == "2025-4"


def test_the_next_year_can_be_chosen_when_its_first_quarter_is_to_be_opened(run) -> None:
    assert app_years(run(HEADER)) == ["2026", "2025"]


def app_years(app: AppTest) -> list[str]:
    return list(app.selectbox(key="mv-pilih-tahun").options)


def test_the_head_says_that_the_data_are_a_sample_and_how_old_they_are(run) -> None:
    line = next(e.proto.body for e in run(HEADER).get("html") if "mv-meta" in e.proto.body)
    assert "CONTOH" in line
    assert "bahan · data baru saja" in line


def test_a_message_for_later_appears_under_the_head_of_the_next_run(run) -> None:
    app = run("frame.saved('Tersimpan.', later=True)\n" + HEADER)
    assert [message.value for message in app.success] == [r"Tersimpan\."]


def test_an_unexpected_error_shows_a_reference_and_no_trace(run, caplog: pytest.LogCaptureFixture) -> None:
    app = run("def page():\n    raise RuntimeError('rahasia dapur')\nerrors.shielded(page)()")
    shown = " ".join(str(error.proto) for error in app.error)
    reference = shown.split("Kode **")[1].split("**")[0]
    assert "rahasia dapur" not in shown
    assert not app.exception
    assert reference in caplog.text
    assert "rahasia dapur" in caplog.text


def test_stopping_and_rerunning_are_no_errors(run) -> None:
    app = run("import streamlit as st\ndef page():\n    st.stop()\nerrors.shielded(page)()")
    assert not app.error


CLASH = """
from decimal import Decimal
from services.store.store import Clash, Conflict
exc = Conflict((Clash("Isian", "x", "actual", None, Decimal("80"), "<b>83,33"),))
import streamlit as st
st.text(frame.conflict(exc, {"actual": "realisasi"}, title="Nama"))
"""


def test_a_conflict_shows_the_three_values_and_preselects_none(run) -> None:
    app = run(CLASH)
    body = " ".join(e.proto.body for e in app.get("html"))
    assert all(text in body for text in ("kosong", "80", "&lt;b&gt;83,33", "realisasi", "Nama"))
    assert chosen(app) == "None"


@pytest.mark.parametrize(("button", "answer"), [("mv-bentrok-saya", "mine"), ("mv-bentrok-sekarang", "theirs")])
def test_a_conflict_is_answered_by_one_press(run, button: str, answer: str) -> None:
    assert chosen(run(CLASH).button(key=button).click().run()) == answer


def test_a_setting_that_is_wrong_is_explained_instead_of_a_trace(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONEV_STORE", "oracle://di-sana")
    app.run()
    assert not app.exception
    assert "MONEV" in app.error[0].value.replace("\\", "")
    assert not app.button


def test_text_of_people_never_becomes_html() -> None:
    assert html.esc("<img src=x onerror='1'>&\"") == "&lt;img src=x onerror=&#x27;1&#x27;&gt;&amp;&quot;"


@pytest.mark.parametrize("text", ["*a*", "_a_", "`a`", "$a$", "[a](b)", "<b>", "# a", "1. a", "~~a~~", "a | b", "\\*"])
def test_marks_of_markdown_are_escaped_one_by_one(text: str) -> None:
    escaped = html.md(text)
    assert [c for n, c in enumerate(escaped) if c in "*_`$[]<>#~|" and escaped[n - 1] != "\\"] == []
    assert escaped.replace("\\", "") == text.replace("\\", "")


@pytest.mark.parametrize("text", [":smile:", ":material/home:", ":red[a]", "www.x.id", "a@b.id", "http://x.id"])
def test_shortcodes_and_bare_links_are_broken_by_an_invisible_joiner(text: str) -> None:
    assert "\u2060" in html.md(text)
    assert html.md(text).replace("\u2060", "").replace("\\", "") == text


def test_a_time_of_day_stays_as_it_is() -> None:
    assert html.md("10:30") == "10:30"


def test_line_breaks_do_not_start_a_new_block() -> None:
    assert html.md("a\n\n    b") == "a b"


def test_every_rating_has_its_own_chip_and_a_missing_one_says_so() -> None:
    chips = {html.chip(rating) for rating in (*DEFAULT_SCALE.ratings, None)}
    assert len(chips) == 6
    assert "Belum dapat dinilai" in html.chip(None)


def test_the_state_of_a_step_is_a_word_and_a_symbol_not_only_a_colour() -> None:
    assert all(html.chip(state).count("mv-sym") == 1 for state in StepState)
    assert all(state.value in html.chip(state) for state in StepState)


def test_a_table_has_a_caption_and_headings_for_screen_readers() -> None:
    table = html.table(("Nama", "Nilai"), [("a", "1")], caption="Isi <tabel>", numeric=(1,))
    assert table.count('scope="col"') == 2
    assert "Isi &lt;tabel&gt;</caption>" in table
    assert table.count("mv-num") == 2


# --- an address without a page ----------------------------------------------------------------------------------


def test_an_address_without_a_page_leads_to_the_start_and_says_so(app: AppTest) -> None:
    """Streamlit would cover the page with a dialog in English."""
    sign_in(app.run(), "camat")
    resolve, asked = PagesManager.set_pages_and_resolve, iter([True])

    def resolved(self: PagesManager, *args: Any, **kwargs: Any) -> Any:
        found = resolve(self, *args, **kwargs)
        return None if next(asked, False) else found

    with mock.patch.object(PagesManager, "set_pages_and_resolve", resolved):
        app.run()
    assert app.warning[0].value.replace("\\", "") == NO_SUCH_PAGE
