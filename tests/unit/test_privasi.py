"""docs/privasi.md names every place where the application keeps something about a person, and how it is given out and
deleted.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import Table

from services.auth.accounts import Accounts
from services.auth.sessions import Visitor
from services.cli import main
from services.domain.clock import WIB
from services.store import access, people, schema
from services.store.drafts import DRAFTS_FILE, Drafts
from tests.unit.test_pengguna_command import accounts, add, own_configuration, run  # noqa: F401

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "privasi.md").read_text("utf-8")
WHO = re.compile(r"by|.*_by|username|user|officer|attendees|who|nip|signatory|name")
"""Columns about persons, in the data as well as in accounts."""
NO_PERSON = {"Indikator", "Seksi", "HariLibur", "Teks"}
"""Tables whose ``name`` is that of a thing."""


def account_tables() -> list[Table]:
    found = [t for module in (access, people) for t in vars(module).values() if isinstance(t, Table)]
    return [table for table in found if {column.name for column in table.columns} - {"id", "number", "seal"}]


@pytest.mark.parametrize("table", account_tables(), ids=lambda table: table.name)
def test_every_table_about_accounts_is_named(table: Table) -> None:
    assert f"`{table.name}`" in TEXT


@pytest.mark.parametrize("name", [DRAFTS_FILE, "galat.log", "monev_masuk", "monev_kenal_", "Antrean", "Kolom pelaku"])
def test_every_other_place_is_named(name: str) -> None:
    assert name in TEXT


def test_every_table_of_the_data_with_names_of_persons_is_named() -> None:
    about = {
        table.name
        for table in schema.TABLES
        for column in table.columns
        if WHO.fullmatch(column.name) and not column.name.endswith("by") and table.name not in NO_PERSON
    }
    assert {"Pejabat", "Monev", "Pembahasan", "TindakLanjut"} <= about
    assert [name for name in sorted(about) if name not in TEXT] == []


@pytest.mark.parametrize("article", ["Pasal 5", "Pasal 6", "Pasal 7", "Pasal 8", "Pasal 13", "Pasal 20", "Pasal 46"])
def test_rights_and_duties_stand_with_their_article(article: str) -> None:
    assert article in TEXT


def test_what_is_kept_about_a_person_is_given_out_and_deleted(
    capsys: pytest.CaptureFixture[str],
    accounts: Accounts,  # noqa: F811
    tmp_path: Path,
) -> None:
    add(capsys, "sekretaris")
    person = accounts.get("budi")
    assert person is not None
    accounts.sessions.start(person, Visitor("10.0.0.7", "Firefox di Linux"))
    drafts = Drafts(tmp_path / "data" / DRAFTS_FILE)
    for user in ("budi", "ani"):
        drafts.put(user, "isian", {"actual": "12"}, accounts.now().astimezone(WIB))
    today = accounts.now().astimezone(WIB).date().isoformat()
    appointed = ["--peran", "camat", "--mulai", today, "--sampai", today, "--dasar", "SP 1"]
    assert main(["pengguna", "plh", "tunjuk", "budi", *appointed]) == 0

    assert run(capsys, "data", "budi", "--keluaran", str(tmp_path / "budi.json"))[0] == 0
    found = json.loads((tmp_path / "budi.json").read_text("utf-8"))
    assert {name for name, content in found.items() if content} == {"akun", "sesi", "plh", "draf", "catatan_masuk"}
    assert (found["plh"][0]["role"], found["plh"][0]["first"], found["plh"][0]["basis"]) == ("camat", today, "SP 1")
    assert found["draf"][0]["fields"] == {"actual": "12"}
    assert found["sesi"][0]["address"] == "10.0.0.7"

    run(capsys, "nonaktif", "budi")
    assert run(capsys, "hapus", "budi")[0] == 0
    assert accounts.get("budi") is None
    assert accounts.access.sessions("budi") == accounts.access.stand_ins("budi") == ()
    assert drafts.for_user("budi") == ()
    assert len(drafts.for_user("ani")) == 1
