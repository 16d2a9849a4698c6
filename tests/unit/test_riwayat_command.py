"""`python -m services riwayat periksa` names what somebody did to the log; its exit code says whether anybody did."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest

from services.auth.accounts import Accounts
from services.auth.trail import Event, sealed
from services.cli import main
from services.store.access import TrailEntry, TrailHead
from services.store.schema import HISTORY, HOLIDAY
from services.store.store import Insert, Row, Transaction
from tests.unit.sample_store import NOW, OFFICE, sample_store


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sample_store(tmp_path).close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", OFFICE)
    monkeypatch.setenv("MONEV_STORE", f"sqlite:///{tmp_path}/monev.db")
    return tmp_path / "monev.db"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["riwayat", "periksa", *arguments])
    return code, capsys.readouterr().out


def tamper(database: Path, statement: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(statement)


def numbered(database: Path, number: int) -> str:
    """Condition on the line of this number."""
    with sqlite3.connect(database) as connection:
        (seq,) = connection.execute("SELECT seq FROM riwayat ORDER BY seq LIMIT 1 OFFSET ?", (number - 1,)).fetchone()
    return f"seq = {seq}"


def test_the_log_of_the_sample_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys)
    assert code == 0
    assert "Riwayat data: utuh;" in out
    assert "Catatan masuk: utuh; 0 entri." in out
    assert "tanpa segel" not in out


def test_an_altered_entry_is_named_with_when_who_and_what(capsys: pytest.CaptureFixture[str], database: Path) -> None:
    tamper(database, f"UPDATE riwayat SET \"by\" = 'orang\nlain' WHERE {numbered(database, 12)}")
    code, out = run(capsys)
    assert code == 1
    assert "Riwayat data: 1 kerusakan;" in out
    assert "Entri 12 diubah sesudah dicatat" in out
    assert " · orang lain · " in out


@pytest.mark.parametrize("column", [name for name in HISTORY.names if name != "seal"])
def test_an_entry_altered_into_what_is_no_value_is_named_too(
    capsys: pytest.CaptureFixture[str], database: Path, column: str
) -> None:
    tamper(database, f"UPDATE riwayat SET \"{column}\" = 'bukan {{ nilai' WHERE {numbered(database, 12)}")
    code, out = run(capsys, "--format", "json")
    assert code == 1
    assert [(fault["jenis"], fault["nomor"]) for fault in json.loads(out)[0]["kerusakan"]] == [("diubah", 12)]


def test_a_deleted_entry_and_the_last_ones_are_named(capsys: pytest.CaptureFixture[str], database: Path) -> None:
    count = json.loads(run(capsys, "--format", "json")[1])[0]["entri"]
    tamper(database, f"DELETE FROM riwayat WHERE {numbered(database, 30)}")
    tamper(database, "DELETE FROM riwayat WHERE seq = (SELECT MAX(seq) FROM riwayat)")
    code, out = run(capsys, "--format", "json")
    faults = json.loads(out)[0]["kerusakan"]
    assert code == 1
    assert [(fault["jenis"], fault["nomor"]) for fault in faults] == [("hilang", 30), ("hilang", count)]


def test_a_changed_log_of_the_door_is_named(capsys: pytest.CaptureFixture[str], database: Path) -> None:
    main(["pengguna", "tambah", "wali", "--nama", "Wali", "--peran", "pkp"])
    main(["pengguna", "nonaktif", "wali"])
    tamper(database, "UPDATE akun_jejak SET username = 'lain' WHERE number = 1")
    capsys.readouterr()
    code, out = run(capsys)
    assert code == 1
    assert "Entri 1 diubah" in out


# --- ten thousand entries ----------------------------------------------------------------------------------------

MANY = 10_000
PLACE = 6_543
"""Where somebody lays hands on the log, in its middle."""


@dataclass(frozen=True)
class Kept:
    """A log as its table keeps it: the column that orders it, and one that holds a text."""

    table: str
    order: str
    text: str


LOGS = (Kept("riwayat", "seq", "new"), Kept("akun_jejak", "number", "detail"))
Line = dict[str, object]


def altered(lines: list[Line], log: Kept) -> list[Line]:
    changed = lines[PLACE - 1] | {log.text: "lain"}
    return [*lines[: PLACE - 1], changed, *lines[PLACE:]]


def deleted(lines: list[Line], _: Kept) -> list[Line]:
    return [*lines[: PLACE - 1], *lines[PLACE:]]


def inserted(lines: list[Line], log: Kept) -> list[Line]:
    made_up = lines[PLACE - 1] | {log.text: "disisipkan"} | ({"id": "lain"} if "id" in lines[0] else {})
    return [*lines[: PLACE - 1], made_up, *lines[PLACE - 1 :]]


def moved(lines: list[Line], _: Kept) -> list[Line]:
    rest = deleted(lines, _)
    return [*rest[:99], lines[PLACE - 1], *rest[99:]]


@pytest.fixture(scope="module")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose log of the data and whose log of the door have ten thousand entries each."""
    folder = tmp_path_factory.mktemp("banyak")
    store = sample_store(folder)
    numbers = count()
    while len(store.log().lines) < MANY:
        rows = tuple(Insert(HOLIDAY, holiday(next(numbers))) for _ in range(400))
        store.commit(Transaction(NOW, "pkp", "pkp", "menambah", "Uji", rows))
    store.close()
    Accounts(f"sqlite:///{folder}/monev.db", lambda: NOW).trail.record(Event.ENTERED, "ani")
    entries, head = [], TrailHead(0, "")
    for n in range(MANY):
        entries.append(sealed(TrailEntry(0, NOW.isoformat(), "masuk", "ani", "ani", "10.0.0.1", str(n), ""), head))
        head = TrailHead(entries[-1].number, entries[-1].seal)
    with sqlite3.connect(folder / "monev.db") as connection:
        write(connection, LOGS[1], [asdict(entry) for entry in entries])
        connection.execute("UPDATE akun_jejak_ujung SET number = ?, seal = ?", (head.number, head.seal))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder / "monev.db"


def holiday(number: int) -> Row:
    day = date(2000, 1, 1) + timedelta(number)
    return {"id": f"libur-{number}", "day": day, "kind": "libur nasional", "name": f"Libur {number}", "basis": "Uji"}


def read(connection: sqlite3.Connection, log: Kept) -> list[Line]:
    found = connection.execute(f"SELECT * FROM {log.table} ORDER BY {log.order}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, values, strict=True)) for values in found]


def write(connection: sqlite3.Connection, log: Kept, lines: list[Line]) -> None:
    """The whole log anew, numbered in this order."""
    connection.execute(f"DELETE FROM {log.table}")
    names = ", ".join(f'"{name}"' for name in lines[0])
    marks = ", ".join("?" * len(lines[0]))
    numbered = [tuple((line | {log.order: n}).values()) for n, line in enumerate(lines, 1)]
    connection.executemany(f"INSERT INTO {log.table} ({names}) VALUES ({marks})", numbered)


@pytest.fixture
def lived_in(ten_thousand: Path, database: Path) -> Path:
    shutil.copyfile(ten_thousand, database)
    return database


def test_ten_thousand_untouched_entries_are_whole(capsys: pytest.CaptureFixture[str], lived_in: Path) -> None:
    code, out = run(capsys, "--format", "json")
    assert code == 0
    assert all(report["entri"] >= MANY and report["kerusakan"] == [] for report in json.loads(out))


@pytest.mark.parametrize(
    ("deed", "kind", "number", "first"),
    [
        (altered, "diubah", PLACE, PLACE),
        (deleted, "hilang", PLACE, PLACE),
        (inserted, "disisipkan", PLACE - 1, PLACE),
        (moved, "dipindahkan", PLACE, 100),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_among_ten_thousand_entries_what_somebody_did_is_found_and_named(
    capsys: pytest.CaptureFixture[str],
    lived_in: Path,
    deed: Callable[[list[Line], Kept], list[Line]],
    kind: str,
    number: int,
    first: int,
) -> None:
    """In the log of the data what was done to which entry; in that of the door the first place that does not hold."""
    with sqlite3.connect(lived_in) as connection:
        for log in LOGS:
            write(connection, log, deed(read(connection, log), log))
    connection.close()
    code, out = run(capsys, "--format", "json")
    data, door = (report["kerusakan"] for report in json.loads(out))
    assert code == 1
    assert [(fault["jenis"], fault["nomor"]) for fault in data] == [(kind, number)]
    assert [(fault["jenis"], fault["nomor"]) for fault in door] == [("rusak", first)]
