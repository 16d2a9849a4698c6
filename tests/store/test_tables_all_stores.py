"""Tables out of every store and into it again; into a Google Sheet that is away, all rows wait as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services import cli
from services.actions.base import Context
from services.actions.table_imports import carry_out, preview
from services.actions.table_rules import RULES
from services.domain.roles import Actor, Role
from services.sample import reference
from services.store import schema
from services.store.people import Account, AccountTable
from services.store.privacy import withholds_nip
from services.store.store import HistoryQuery, Row, Store
from services.tabular.export import export_table
from services.tabular.upload import read_upload
from services.tabular.values import Form
from services.views.office import Office
from tests.store.helpers import NOW, Openable
from tests.store.replica_helpers import Clock, Remote


def settings() -> dict[str, tuple[Row, ...]]:
    """What a real office starts with."""
    return {name: tuple(row for row in rows if row["id"] != "contoh") for name, rows in reference.tables().items()}


SETTINGS = (schema.PROFILE, schema.RATING, schema.SECTION, schema.OFFICIAL, schema.HOLIDAY)


def acting(store: Store) -> Context:
    return Context(store, Office(store.read()), Actor("pkp", "PKP", Role.PKP), NOW, "Impor")


@pytest.mark.parametrize("form", Form)
def test_an_empty_office_gets_its_settings_by_files_and_gives_them_back(empty: Openable, form: Form) -> None:
    rows = {table: settings()[table.name] for table in SETTINGS}
    if withholds_nip(empty.read()):
        rows[schema.OFFICIAL] = tuple({**row, "nip": ""} for row in rows[schema.OFFICIAL])
    for table in SETTINGS:
        upload = read_upload(table.name, export_table(table, rows[table], form), table)
        carry_out(acting(empty), preview(acting(empty), upload))
    snapshot = empty.read()
    assert {table: snapshot.rows(table) for table in SETTINGS} == rows


def test_what_any_store_gives_changes_nothing_when_it_comes_back(empty: Openable) -> None:
    empty.load(reference.tables())
    for name in RULES:
        table = schema.BY_NAME[name]
        for form in Form:
            data = export_table(table, empty.read().rows(table), form)
            assert carry_out(acting(empty), preview(acting(empty), read_upload(name, data, table))) is None


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    """An office on a spreadsheet, with an account."""
    monkeypatch.setenv("MONEV_STORE", "https://docs.google.com/spreadsheets/d/contoh-contoh")
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    people = AccountTable(f"sqlite:///{tmp_path / 'data/monev.db'}")
    people.insert(Account("pkp", "Kasubag PKP", "pkp", "", "-", True, NOW))
    made = Remote(tmp_path / "data" / "jauh.db", Clock())
    made.load(settings())
    monkeypatch.setattr(cli.App, "store", lambda self: made)
    return made


def imported(capsys: Any, folder: Path, *days: str) -> tuple[int, list[str], str]:
    """Exit code, the word for each row, and what is said beside the table."""
    file = folder / "libur.csv"
    lines = ("Tanggal;Jenis;Dasar hukum", *(f"{day};libur nasional;SKB" for day in days))
    file.write_text("\n".join(lines), "utf-8")
    code = cli.main(
        ["impor", "tabel", str(file), "--tabel", "HariLibur", "--sebagai", "pkp", "--terapkan", "--alasan", "Uji"]
    )
    out, err = capsys.readouterr()
    words = ("tersimpan", "sama", "menunggu terkirim", "ditolak")
    return code, [next(word for word in words if word in line) for line in out.splitlines()[1:]], err


def test_rows_for_a_sheet_that_is_away_wait_as_one_and_are_sent_once(
    capsys: Any, remote: Remote, tmp_path: Path
) -> None:
    days = ("2027-01-01", "2027-08-17")
    before = len(remote.store.read().rows(schema.HOLIDAY))
    assert imported(capsys, tmp_path, "2026-08-17")[:2] == (0, ["tersimpan"])
    remote.away = True
    code, words, err = imported(capsys, tmp_path, *days)
    assert (code, words) == (0, ["menunggu terkirim"] * 2), err
    assert "python -m services kirim" in err
    assert len(remote.store.read().rows(schema.HOLIDAY)) == before
    remote.away = False
    assert imported(capsys, tmp_path, *days)[:2] == (0, ["sama", "sama"])
    assert len(remote.store.read().rows(schema.HOLIDAY)) == before + len(days)
    assert len({line["transaction_id"] for line in remote.store.history(HistoryQuery())}) == 2
