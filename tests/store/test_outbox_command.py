"""``python -m services kirim``: sends what waits and says what became of each."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from services import cli
from services.store.replica import outbox_in, replica_folder
from services.store.store import Transaction
from tests.store.helpers import NOW, action, change, fill, found
from tests.store.replica_helpers import AWAY, Clock, Remote

URL = "https://docs.google.com/spreadsheets/d/contoh-contoh"


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    found = Remote(tmp_path / "jauh.db", Clock())
    fill(found.store)
    monkeypatch.setenv("MONEV_STORE", URL)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(cli.App, "store", lambda self: found)
    return found


def wait(tmp_path: Path, *transactions: Transaction) -> None:
    outbox = outbox_in(replica_folder(tmp_path / "data", URL, "silaut"))
    for transaction in transactions:
        outbox.add(transaction, NOW, 0, lambda live: None)


def save(value: int, column: str = "actual") -> Transaction:
    return action(change({column: None}, {column: Decimal(value)}))


def test_with_nothing_waiting_it_says_so(remote: Remote, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kirim"]) == 0
    assert capsys.readouterr().out == "Tidak ada yang menunggu terkirim.\n"


def test_each_transaction_has_its_line_and_the_exit_code_tells_of_what_is_left(
    remote: Remote, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wait(tmp_path, save(80), save(70), save(5, "spent"))
    assert cli.main(["kirim"]) == 1
    said = capsys.readouterr()
    first, second, third = said.out.splitlines()
    assert first.endswith("simpan isian (1 baris)\tterkirim")
    assert "bentrok: Nilai ini sudah diubah orang lain" in second
    assert "masih menunggu: Menunggu perubahan sebelumnya" in third
    assert said.err == "2 belum terkirim. Yang bentrok diputuskan di halaman Bentrok.\n"
    assert found(remote.store)["actual"] == Decimal(80)


def test_while_the_sheet_is_away_everything_stays_with_the_reason(
    remote: Remote, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wait(tmp_path, save(80), save(5, "spent"))
    remote.away = True
    assert cli.main(["kirim"]) == 1
    assert capsys.readouterr().out.count(f"masih menunggu: {AWAY}") == 2
    assert remote.writes == 1
    remote.away = False
    assert cli.main(["kirim"]) == 0
    assert capsys.readouterr().out.count("terkirim\n") == 2


def test_another_spreadsheet_never_gets_what_was_meant_for_this_one(tmp_path: Path) -> None:
    here = replica_folder(tmp_path, URL, "silaut")
    assert here == replica_folder(tmp_path, f"{URL}/edit?gid=0#gid=0", "silaut")
    assert len({here, replica_folder(tmp_path, URL + "-lain", "silaut"), replica_folder(tmp_path, URL, "lunang")}) == 3
