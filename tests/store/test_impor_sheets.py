"""``impor isian`` on every store; into a Google Sheet rows go by the outbox, and nothing is lost while it is away."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services import cli
from services.actions.base import Context
from services.actions.imports import Fate, ImportRow, carry_out, judge
from services.domain.roles import Actor, Role
from services.store.people import Account, AccountTable
from services.store.replica import outbox_in, replica_folder
from services.store.schema import CYCLE, ENTRY, INDICATOR, SECTION
from services.store.store import HistoryQuery, Row
from services.views.office import Office
from tests.sheets_server.control import Effect, Server
from tests.store.helpers import NOW, Openable, change, entry, found, indicator, row, section
from tests.store.replica_helpers import AWAY, Clock, Remote
from tests.store.sheets import new_book

ID = "contoh-contoh"
URL = f"https://docs.google.com/spreadsheets/d/{ID}"


def office() -> dict[str, tuple[Row, ...]]:
    """Two indicators with codes 7.1 and 7.2 in a quarter that is open."""
    opened: dict[str, Any] = {"opened_at": NOW, "due_on": date(2026, 11, 9), "sop_version": "1"}
    return {
        SECTION.name: (section(),),
        INDICATOR.name: tuple({**indicator(f"i{n}"), "code": f"7.{n}"} for n in (1, 2)),
        ENTRY.name: tuple(entry(f"e{n}", f"i{n}") for n in (1, 2)),
        CYCLE.name: (row(CYCLE, "s1", year=2026, quarter=3, **opened),),
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an office on a spreadsheet, with an account."""
    monkeypatch.setenv("MONEV_STORE", URL)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    people = AccountTable(f"sqlite:///{tmp_path / 'data/monev.db'}")
    people.insert(Account("pkp", "Kasubag PKP", "pkp", "", "-", True, NOW))
    return tmp_path / "data"


@pytest.fixture
def remote(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    made = Remote(folder / "jauh.db", Clock())
    made.load(office())
    monkeypatch.setattr(cli.App, "store", lambda self: made)
    return made


def imported(capsys: Any, folder: Path, *lines: str) -> tuple[int, list[str], str]:
    """Exit code, the words for each row, and what is said beside the table."""
    file = folder / "isian.csv"
    file.write_text("\n".join(("kode;tahun;triwulan;realisasi", *lines)) + "\n", "utf-8")
    code = cli.main(["impor", "isian", str(file), "--sebagai", "pkp", "--terapkan", "--alasan", "Uji"])
    out, err = capsys.readouterr()
    return code, [line[line.index("2026") + 4 :].strip() for line in out.splitlines()[1:]], err


BOTH = ("7.1;2026;3;80", "7.2;2026;3;70")


def test_rows_are_sent_one_by_one_while_the_sheet_answers(capsys: Any, remote: Remote, folder: Path) -> None:
    code, words, err = imported(capsys, folder, *BOTH)
    assert (code, [word.split()[0] for word in words], err) == (0, ["tersimpan"] * 2, "2 baris: 2 tersimpan.\n")
    assert [found(remote.store, ENTRY, name)["actual"] for name in ("e1", "e2")] == [80, 70]
    assert len({line["transaction_id"] for line in remote.store.history(HistoryQuery())}) == 2


def test_what_cannot_be_sent_waits_and_the_next_run_sends_it_once(capsys: Any, remote: Remote, folder: Path) -> None:
    imported(capsys, folder)
    remote.away = True
    tried = remote.writes
    code, words, err = imported(capsys, folder, *BOTH)
    assert (code, all(word.startswith("menunggu terkirim") for word in words)) == (0, True)
    assert AWAY in words[0]
    assert remote.writes == tried + 1, "after the first failure the others are not tried"
    assert "Dibandingkan dengan data terakhir" in err
    assert "python -m services kirim" in err
    remote.away = False
    code, words, err = imported(capsys, folder, *BOTH)
    assert (code, words) == (0, ["sama", "sama"])
    assert err.startswith("2 dari 2 perubahan yang menunggu sejak sebelumnya terkirim.\n")
    assert [found(remote.store, ENTRY, name)["actual"] for name in ("e1", "e2")] == [80, 70]
    assert len({line["transaction_id"] for line in remote.store.history(HistoryQuery())}) == 2


def test_rows_are_judged_and_written_alike_on_every_store(empty: Openable) -> None:
    empty.load(office())
    rows = [ImportRow(n, f"7.{n}", "", "2026", "3", {"actual": text}) for n, text in ((1, "83,33"), (2, "1.250"))]
    for fates in ([Fate.SAVED, Fate.REFUSED], [Fate.SAME, Fate.REFUSED]):
        context = Context(empty, Office(empty.read()), Actor("pkp", "PKP", Role.PKP), NOW, "Impor")
        assert [outcome.fate for outcome in carry_out(context, judge(context, rows))] == fates
    assert found(empty)["actual"] == Decimal("83.33")
    assert found(empty, ENTRY, "e2")["actual"] is None


def test_a_sheet_that_was_never_reached_is_exit_code_2(capsys: Any, remote: Remote, folder: Path) -> None:
    remote.away = True
    code, words, err = imported(capsys, folder, *BOTH)
    assert (code, words, err) == (2, [], f"Galat: {AWAY}\n")


def test_a_clash_found_while_sending_is_said_and_kept_for_a_person(
    capsys: Any, remote: Remote, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = remote.commit

    def somebody_is_faster(transaction: Any) -> Any:
        if transaction.changes[0].row_id == "e1":
            theirs = change({"actual": None}, {"actual": Decimal(50)}, "e1")
            remote.store.commit(type(transaction)(NOW, "kasi", "kasi", "simpan", "Isian", (theirs,)))
        return commit(transaction)

    monkeypatch.setattr(remote, "commit", somebody_is_faster)
    code, words, err = imported(capsys, folder, *BOTH)
    assert (code, err) == (1, "2 baris: 1 tersimpan, 1 bentrok.\n")
    assert "realisasi: tadinya kosong, sekarang 50, di berkas 80. Putuskan di halaman Bentrok." in words[0]
    assert found(remote.store)["actual"] == 50
    assert len(outbox_in(replica_folder(folder, URL, "silaut")).queue()) == 1


def test_a_damaged_tab_keeps_rows_waiting_with_the_reason(capsys: Any, remote: Remote, folder: Path) -> None:
    remote.damaged.add(ENTRY.name)
    code, words, _ = imported(capsys, folder, *BOTH)
    assert code == 0
    assert "menunggu terkirim" in words[0]
    assert "Judul kolom C1 berubah." in words[0]


def test_over_http_through_failures_each_row_lands_once(
    capsys: Any, google: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.control.heal()
    book = new_book(google)
    store = book.open()
    store.load(office())
    key = folder / "kunci.json"
    key.write_text(json.dumps(google.key))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setenv("MONEV_SHEETS_API_ENDPOINT", google.base)
    monkeypatch.setenv("MONEV_STORE", store.address)
    google.control.fault("batchUpdate", Effect.UNAVAILABLE_AFTER, times=1)
    code, words, _ = imported(capsys, folder, *BOTH)
    assert (code, [word.split()[0] for word in words]) == (0, ["tersimpan", "tersimpan"])
    assert [found(store, ENTRY, name)["actual"] for name in ("e1", "e2")] == [80, 70]
    assert len({line["transaction_id"] for line in store.history(HistoryQuery())}) == 2
    store.close()
