"""Data: tables out of the store, and files into it after everybody has seen what they would do."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from services.domain.roles import Actor
from services.sample.people import BY_USERNAME
from services.store import schema
from services.store.store import Insert, Row, Transaction, Update
from services.tabular.export import export_table
from services.tabular.values import Form
from services.ui import session
from services.ui.data_exchange import _content
from tests.pages.conftest import TIMEOUT, sign_in
from tests.pages.looking import labels, press, text


def _page() -> None:
    from services.ui import data_exchange, session

    actor = session.sign_in().current()
    assert actor is not None
    data_exchange.draw(actor)


def person(username: str) -> Actor:
    found = BY_USERNAME[username]
    return Actor(found.username, found.name, found.role, found.section_id)


@pytest.fixture
def page(office_folder: Path) -> AppTest:
    """The page as the Kasubag PKP sees it, not run yet."""
    app = AppTest.from_function(_page, default_timeout=TIMEOUT)
    sign_in(app, "pkp")
    return app


def rows() -> tuple[Row, ...]:
    return session.runtime().store.read().rows(schema.HOLIDAY)


def changed(**values: str) -> bytes:
    """The holidays with other values in the first row."""
    first, *others = rows()
    return export_table(schema.HOLIDAY, [{**first, **values}, *others], Form.XLSX)


def upload(app: AppTest, data: bytes, name: str = "libur.xlsx") -> AppTest:
    return app.run().file_uploader[0].upload(name, data).run()


def test_a_file_is_shown_first_and_written_when_it_is_applied(page: AppTest) -> None:
    upload(page, changed(name="Tahun baru"))
    assert f"Pratinjau 1 berubah, {len(rows()) - 1} sama" in text(page)
    assert "→ Tahun baru" in text(page)
    assert rows()[0]["name"] != "Tahun baru"
    press(page, "Terapkan")
    assert [message.value for message in page.success] == ["Tabel HariLibur: 1 baris disimpan\\."]
    assert rows()[0]["name"] == "Tahun baru"
    assert "Terapkan" not in labels(page)


def test_a_refused_row_leaves_no_button(page: AppTest) -> None:
    upload(page, changed(kind="libur"))
    assert "Tulis salah satu dari: libur nasional, cuti bersama, dicabut." in text(page)
    assert "perbaiki 1 baris yang ditolak" in page.warning[0].value
    assert "Terapkan" not in labels(page)


def test_data_changed_meanwhile_are_not_overwritten(page: AppTest) -> None:
    upload(page, changed(name="Tahun baru"))
    opened, row = session.runtime(), rows()[0]
    update = Update(schema.HOLIDAY, str(row["id"]), {}, {"name": "Dari orang lain"})
    opened.store.commit(Transaction(opened.now(), "x", "pkp", "uji", "Uji", (update,)))
    press(page, "Terapkan")
    assert "sudah berubah sejak pratinjau" in page.error[0].value
    assert rows()[0]["name"] == "Dari orang lain"


def test_a_file_that_is_no_table_is_named(page: AppTest) -> None:
    upload(page, b"PK\x03\x04rusak")
    assert "rusak atau bukan XLSX" in page.error[0].value


def test_what_stands_in_a_file_is_shown_as_text(page: AppTest) -> None:
    upload(page, changed(name="<img src=x onerror=alert(1)>"))
    assert "<img src=x onerror=alert(1)>" in text(page)


def test_who_may_not_import_is_told_so_and_may_still_download(office_folder: Path) -> None:
    app = AppTest.from_function(_page, default_timeout=TIMEOUT)
    sign_in(app, "camat")
    app.run()
    assert not app.file_uploader
    assert "Camat tidak berwenang" in app.info[0].value
    assert [button.label for button in app.get("download_button")] == ["Unduh XLSX", "Unduh CSV"]


def test_every_table_can_be_chosen(page: AppTest) -> None:
    page.run()
    for table in schema.TABLES:
        page.selectbox[0].set_value(table.name).run()
        assert not page.exception


def test_a_download_is_the_table_as_it_is(page: AppTest) -> None:
    page.run()
    data = _content(person("pkp"), schema.HOLIDAY, rows(), Form.XLSX)()
    assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].max_row == len(rows()) + 1
    assert _content(person("pkp"), schema.HISTORY, (), Form.CSV)().count(b"\r\n") > 100


NIP, OTHER = "197206051993031005", "198001012005011002"


@pytest.mark.parametrize("username", BY_USERNAME)
def test_a_nip_goes_into_files_for_those_alone_who_keep_them(page: AppTest, username: str) -> None:
    page.run()
    store = session.runtime().store
    new = {**store.read().rows(schema.OFFICIAL)[0], "id": "baru", "role": "pimpinan", "nip": OTHER}
    given = Update(schema.OFFICIAL, "pejabat-pem", {}, {"nip": OTHER})
    store.commit(Transaction(session.now(), "pkp", "pkp", "uji", "Uji", (Insert(schema.OFFICIAL, new), given)))
    tables = {table: store.read().rows(table) for table in (schema.OFFICIAL,)} | {schema.HISTORY: ()}
    found = b"".join(_content(person(username), table, found, Form.CSV)() for table, found in tables.items())
    keeps = username in ("pkp", "admin")
    assert [found.count(nip.encode()) for nip in (NIP, OTHER)] == ([1, 4] if keeps else [0, 0])
    assert ("disembunyikan" in found.decode()) is not keeps


def test_the_right_is_checked_when_it_is_written(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(page, changed(name="Tahun baru"))
    context = session.context

    def demoted(source: str) -> object:
        found = context(source)
        return type(found)(
            found.store, found.office, Actor("x", "X", type(found.actor.role)("camat")), found.now, source
        )

    monkeypatch.setattr(session, "context", demoted)
    press(page, "Terapkan")
    assert "tidak berwenang" in page.error[0].value
    assert rows()[0]["name"] != "Tahun baru"
