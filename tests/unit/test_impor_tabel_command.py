"""``impor tabel``: what is printed, what is written, the exit code; in the name of an account."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services import cli, config
from services.commands.operator import operator
from services.store import schema
from services.store.people import Account, AccountTable
from services.store.sql import SqlStore
from services.store.store import HistoryQuery
from tests.unit.offices import NOW
from tests.unit.sample_store import OFFICE, sample_store

HOLIDAY = "Tanggal;Jenis;Keterangan;Dasar hukum"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """The sample office as the configured store, with three accounts."""
    for name in [n for n in os.environ if n.startswith(config.ENV_PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    store = sample_store(tmp_path)
    url = f"sqlite:///{tmp_path / 'monev.db'}"
    monkeypatch.setenv("MONEV_STORE", url)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    people = AccountTable(url)
    for username, role, active in (("pkp", "pkp", True), ("camat", "camat", True), ("lama", "pkp", False)):
        people.insert(Account(username, username.title(), role, "", "-", active, NOW))
    yield store
    store.close()


WRITE = ("--terapkan", "--alasan", "SKB baru terbit")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(table: str, *options: str, by: str = "pkp", file: str = "a.csv") -> tuple[int, str, str]:
        code = cli.main(["impor", "tabel", file, "--tabel", table, "--sebagai", by, *options])
        return code, *capsys.readouterr()

    return call


def given(*lines: str, header: str = HOLIDAY) -> None:
    Path("a.csv").write_text("\n".join((header, *lines)) + "\n", "utf-8")


NEW, CHANGED = "20/12/2027;cuti bersama;Hari;SKB", "17/08/2026;libur nasional;Merdeka;SKB"


def test_the_preview_says_each_verdict_and_writes_nothing(run: Any, store: SqlStore) -> None:
    given(NEW, CHANGED)
    before = store.revision()
    code, out, err = run("harilibur")
    heading, new, changed = out.splitlines()
    assert re.fullmatch(r"Baris  ID +Isi +Hasil +Keterangan", heading)
    assert re.fullmatch(r" +2 +Hari +baru +Tanggal: 20/12/2027; Jenis: cuti bersama; .+", new)
    assert re.fullmatch(r" +3  libur-2026-08-17 +Merdeka +berubah +Keterangan: .+ → Merdeka; .+", changed)
    assert err.splitlines() == [
        "2 baris: 1 baru, 1 berubah.",
        f"{len(store.read().rows(schema.HOLIDAY)) - 1} baris lain di tabel ini tidak ada di berkas dan tetap.",
        "Belum ada yang disimpan. Jalankan lagi dengan --terapkan dan --alasan untuk menyimpan.",
    ]
    assert (code, store.revision()) == (0, before)


def test_all_rows_are_written_in_one_transaction_of_the_person(run: Any, store: SqlStore) -> None:
    given(NEW, CHANGED)
    before = store.revision()
    code, out, err = run("HariLibur", *WRITE)
    assert (code, store.revision()) == (0, before + 1)
    assert out.count("tersimpan") == 2
    assert "2 baris: 2 tersimpan." in err
    line = store.history(HistoryQuery(limit=1))[0]
    source = f"Impor a.csv, {operator()}: SKB baru terbit"
    assert (line["by"], line["source"], line["table"]) == ("pkp", source, "HariLibur")
    assert run("HariLibur", *WRITE)[2].splitlines()[0] == "2 baris: 2 sama."
    assert store.revision() == before + 1


def test_a_refused_row_keeps_all_back_and_is_exit_code_1(run: Any, store: SqlStore) -> None:
    given(NEW, "hari ini;libur nasional;;SKB")
    before = store.revision()
    code, out, err = run("HariLibur", *WRITE)
    assert (code, store.revision()) == (1, before)
    assert "kolom Tanggal: Tertulis “hari ini”: bukan tanggal. Tulis tanggal, misalnya 2026-10-09." in out
    assert "Tidak ada yang disimpan karena 1 baris ditolak." in err


@pytest.mark.parametrize("table", ["Profil", "Pejabat", "Seksi", "HariLibur", "Kategori"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_ekspor_wrote_is_all_the_same(run: Any, capsys: Any, table: str, ending: str) -> None:
    cli.main(["ekspor", "--tabel", table, "--keluaran", f"a.{ending}"])
    capsys.readouterr()
    code, _, err = run(table, file=f"a.{ending}")
    assert code == 0
    assert set(re.findall(r"baru|berubah|ditolak|sama", err)) == {"sama"}


@pytest.mark.parametrize(
    ("table", "by", "code", "says"),
    [
        ("HariLibur", "lama", 1, "tidak ada atau nonaktif"),
        ("HariLibur", "camat", 1, "Camat tidak berwenang"),
        ("Riwayat", "pkp", 1, "tidak dapat diimpor"),
        ("Siklus", "pkp", 1, "tidak dapat diimpor"),
        ("Akun", "pkp", 2, "bukan salah satu dari"),
    ],
)
def test_who_and_what_may_not_is_said_in_one_line(run: Any, table: str, by: str, code: int, says: str) -> None:
    columns = [c.header for c in schema.BY_NAME[table].columns] if table in schema.BY_NAME else ["ID", "Nilai"]
    given(";".join("x" for _ in columns), header=";".join(columns))
    found, out, err = run(table, by=by)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert says in err


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "kosong"), (b"PK\x03\x04", "rusak"), (b"a;b\n1;2\n", "tidak memuat kolom tabel HariLibur")],
)
def test_a_file_that_is_no_such_table_is_exit_code_2(run: Any, content: bytes, says: str) -> None:
    Path("a.csv").write_bytes(content)
    code, out, err = run("HariLibur")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert run("HariLibur", file="tidak-ada.csv")[0] == 2


def test_nothing_is_written_in_anothers_name_without_a_reason_and_the_door_knows_who(run: Any, store: SqlStore) -> None:
    given(NEW)
    before = store.revision()
    code, _, err = run("HariLibur", "--terapkan")
    assert (code, store.revision()) == (2, before)
    assert "--alasan" in err
    assert run("HariLibur", *WRITE)[0] == 0
    entry = cli.App().accounts().trail.latest(1)[0]
    assert (entry.event, entry.by) == ("data kantor diubah dengan perintah", operator())
    assert entry.detail == "Impor a.csv atas nama pkp: SKB baru terbit"
