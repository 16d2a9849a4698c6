"""No NIP comes into a shared sheet that the office has not opened for it, whichever way the data come."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services import cli
from services.actions.base import Context, Unreadable
from services.actions.office_tables import OFFICIAL_FIELDS, official_texts, save_official
from services.actions.settings import save_settings, shown
from services.actions.table_imports import carry_out, preview
from services.domain.findings import FindingKind
from services.domain.indicators import Period
from services.domain.roles import Actor, Role
from services.domain.settings import NIP_IN_SHEET
from services.sample import reference
from services.setup import beginning
from services.store import backup, schema
from services.store.outbox import State
from services.store.privacy import NOT_LOGGED
from services.store.replica import Replica
from services.store.seals import verify
from services.store.sheets import SheetsStore
from services.store.sheets_reading import quoted
from services.store.sql import SqlStore
from services.store.store import HistoryQuery, Insert, NipWithheld, Row, Store, Transaction, Update, Withheld
from services.tabular.upload import read_upload
from services.views.findings import findings_of
from services.views.office import Office
from services.views.past import snapshot_at
from tests.sheets_server.control import Edit, Server
from tests.store.helpers import NOW, action, everything, now, row
from tests.store.replica_helpers import Clock, look
from tests.store.sheets import Book, new_book

CAMAT = "pejabat-camat"
NIP, OTHER = "197206051993031005", "198001012005011002"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def book(google: Server) -> Book:
    google.control.reset()
    return new_book(google)


@pytest.fixture
def sheet(book: Book) -> Iterator[SheetsStore]:
    """The sample's officials and settings, without indicators, in a spreadsheet."""
    store = book.open()
    store.load(office())
    yield store
    store.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqlStore]:
    """The same in a database, where the NIP stands in the table of officials and in the log."""
    store = SqlStore(f"sqlite:///{tmp_path}/asal.db", "silaut", now)
    store.load(office())
    store.commit(action(Insert(schema.OFFICIAL, official("baru", OTHER))))
    store.commit(action(Update(schema.OFFICIAL, "baru", {"nip": OTHER}, {"nip": ""})))
    store.commit(action(Update(schema.OFFICIAL, "baru", {"nip": ""}, {"nip": OTHER})))
    yield store
    store.close()


def office() -> dict[str, tuple[Row, ...]]:
    return dict(reference.tables())


def official(row_id: str, nip: str) -> Row:
    return row(schema.OFFICIAL, row_id, post="Kasi Baru", name="Rina Wati", nip=nip, role="pimpinan")


def cells(book: Book) -> list[str]:
    """Everything that stands in any cell of any tab."""
    store = book.open()
    grids = store.client.values([quoted(title) for title in store.tabs()])
    store.close()
    return [str(cell) for grid in grids for line in grid for cell in line]


def nips(book: Book) -> list[str]:
    """Cells with one of the NIPs in them, grouped or not."""
    return [cell for cell in cells(book) if any(nip in "".join(cell.split()) for nip in (NIP, OTHER))]


def acting(store: Store) -> Context:
    return Context(store, Office(store.read()), Actor("pkp", "PKP", Role.PKP), NOW, "Uji")


def allow(store: Store, value: str = "ya", *, blank_nips: bool = False) -> None:
    context = acting(store)
    save_settings(context, shown(context.office), {NIP_IN_SHEET: value}, blank_nips=blank_nips)


def write_nip(store: Store, nip: str = NIP) -> None:
    context = acting(store)
    seen = official_texts(context.office, CAMAT)
    save_official(context, CAMAT, seen, {**seen, "nip": nip})


def run(monkeypatch: pytest.MonkeyPatch, book: Book, folder: Path, *arguments: str) -> int:
    """A command on this spreadsheet."""
    key = folder / "kunci.json"
    key.write_text(json.dumps(book.server.key))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setenv("MONEV_SHEETS_API_ENDPOINT", book.server.base)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(folder))
    monkeypatch.setenv("MONEV_KODE_KECAMATAN", "silaut")
    return cli.main(list(arguments))


def url(book: Book) -> str:
    return f"https://docs.google.com/spreadsheets/d/{book.id}"


# --- every way in ------------------------------------------------------------------------------------------------


def by_page(store: Store, _folder: Path) -> None:
    with pytest.raises(Unreadable, match="belum mengizinkan NIP"):
        write_nip(store)


def by_page_new(store: Store, _folder: Path) -> None:
    typed = {
        **dict.fromkeys(OFFICIAL_FIELDS, ""),
        "post": "Kasi Baru",
        "role": "pimpinan",
        "nip": "19720605 199303 1 005",
    }
    with pytest.raises(Unreadable, match="belum mengizinkan NIP"):
        save_official(acting(store), "", dict.fromkeys(OFFICIAL_FIELDS, ""), typed)


def by_file(store: Store, folder: Path) -> None:
    lines = f"ID;NIP\n{CAMAT};{NIP}\n"
    seen = preview(acting(store), read_upload("a.csv", lines.encode(), schema.OFFICIAL))
    assert "belum mengizinkan NIP" in seen.rows[0].detail
    with pytest.raises(Exception, match="1 baris ditolak"):
        carry_out(acting(store), seen)


def by_update(store: Store, _folder: Path) -> None:
    with pytest.raises(NipWithheld):
        store.commit(action(Update(schema.OFFICIAL, CAMAT, {"nip": ""}, {"nip": NIP})))


def by_insert(store: Store, _folder: Path) -> None:
    with pytest.raises(NipWithheld):
        store.commit(action(Insert(schema.OFFICIAL, official("o1", NIP))))


def through_the_queue(store: Store, folder: Path) -> None:
    replica = Replica(store, "silaut", folder / "replika", Clock())
    look(replica)
    with pytest.raises(NipWithheld):
        replica.commit(action(Insert(schema.OFFICIAL, official("o1", NIP))))
    assert replica.outbox.queue() == ()


def by_load(store: Store, _folder: Path) -> None:
    assert store.load(office()) == Withheld(officials=1)


def by_load_through_the_queue(store: Store, folder: Path) -> None:
    replica = Replica(store, "silaut", folder / "replika", Clock())
    look(replica)
    assert replica.load(office()) == Withheld(officials=1)


def by_a_new_office(store: Store, _folder: Path) -> None:
    settings = {"nama_kecamatan": "Lunang", "kabupaten": "Pesisir Selatan"}
    new = beginning.NewOffice(settings, beginning.usual_sections(), {beginning.CAMAT: "AFLIZEN, S. Sos."})
    assert store.load(beginning.tables(new, "admin", NOW)) == Withheld()
    by_page(store, _folder)


def by_turning_it_off_again(store: Store, _folder: Path) -> None:
    allow(store)
    write_nip(store)
    allow(store, "tidak", blank_nips=True)


WAYS = (
    by_page,
    by_page_new,
    by_file,
    by_update,
    by_insert,
    through_the_queue,
    by_load,
    by_load_through_the_queue,
    by_a_new_office,
    by_turning_it_off_again,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_brings_a_nip_into_the_sheet(
    book: Book, sheet: SheetsStore, tmp_path: Path, way: Callable[[Store, Path], None]
) -> None:
    way(sheet, tmp_path)
    assert "AFLIZEN, S. Sos." in cells(book)
    assert nips(book) == []
    assert not verify(sheet.log()).faults


def test_the_sample_leaves_it_blank_and_says_so(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, book, tmp_path, "--store", url(book), "contoh") == 0
    assert "1 NIP di tabel Pejabat dikosongkan" in capsys.readouterr().out
    assert "AFLIZEN, S. Sos." in cells(book)
    assert nips(book) == []
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "Silaut")
    book.human(Edit.type("Pejabat", column_of_camat(book), f"'{NIP}"))
    assert run(monkeypatch, book, tmp_path, "--store", url(book), "contoh", "--kosongkan", "--alasan", "uji") == 0
    assert "1 NIP di tabel Pejabat dikosongkan" in capsys.readouterr().out
    assert nips(book) == []


def test_a_move_leaves_it_blank_everywhere_says_so_and_compares_all_the_rest(
    book: Book,
    database: SqlStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, book, tmp_path, "pindah", "--dari", database.address, "--ke", url(book)) == 0
    said = capsys.readouterr().out
    assert "2 NIP di tabel Pejabat dikosongkan" in said
    assert "3 baris Riwayat ditulis tanpa NIP" in said
    assert "setiap nilai lain sama" in said
    assert nips(book) == []
    moved, before = everything(book.open()), everything(database)
    assert [r["name"] for r in moved["Pejabat"]] == [r["name"] for r in before["Pejabat"]]
    logged = {(r["column"], r["old"], r["new"]) for r in moved["Riwayat"] if r["row_id"] == "baru"}
    assert ("nip", NOT_LOGGED, None) in logged
    assert ("nip", None, NOT_LOGGED) in logged
    assert not verify(book.open().log()).faults


def test_a_restored_backup_leaves_it_blank_and_says_so(
    book: Book,
    database: SqlStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    backup.make(database, tmp_path / "c.zip", NOW)
    book.open().load({})
    arguments = ("--store", url(book), "cadangan", "pulihkan", str(tmp_path / "c.zip"), "--ya", "--alasan", "uji")
    assert run(monkeypatch, book, tmp_path, *arguments) == 0
    assert "2 NIP di tabel Pejabat dikosongkan" in capsys.readouterr().out
    assert "Rina Wati" in cells(book)
    assert nips(book) == []


def test_there_is_no_way_into_a_store_that_is_not_tried_here() -> None:
    """Whoever adds one must add it above."""
    pattern = re.compile(r"\b(?:store|target|inner|_remote)\.(?:load|commit)\(")
    files = {
        str(file.relative_to(ROOT)) for file in (ROOT / "services").rglob("*.py") if pattern.search(file.read_text())
    }
    assert files == {
        "services/actions/base.py",  # by_page, by_file
        "services/sample/office.py",  # the sample
        "services/setup/installation.py",  # by_a_new_office
        "services/runtime.py",  # hands on
        "services/store/replica.py",  # through_the_queue, by_load_through_the_queue
        "services/store/sender.py",  # what was queued before
        "services/store/moving.py",  # a move
        "services/store/backup.py",  # a restored backup
    }


# --- what was decided otherwise ----------------------------------------------------------------------------------


def test_an_office_that_allows_it_keeps_its_nips_but_never_in_the_log(book: Book, sheet: SheetsStore) -> None:
    allow(sheet)
    write_nip(sheet)
    assert official_texts(Office(sheet.read()), CAMAT)["nip"] == "19720605 199303 1 005"
    assert nips(book) == [NIP]
    (line,) = [line for line in sheet.history(HistoryQuery(row_ids=(CAMAT,))) if line["column"] == "nip"]
    assert (line["old"], line["new"]) == (None, NOT_LOGGED)
    assert not verify(sheet.log()).faults


def test_permission_and_nip_may_come_in_one_transaction(book: Book, sheet: SheetsStore) -> None:
    setting = Insert(schema.PROFILE, row(schema.PROFILE, NIP_IN_SHEET, value="ya"))
    sheet.commit(action(setting, Update(schema.OFFICIAL, CAMAT, {"nip": ""}, {"nip": NIP})))
    assert nips(book) == [NIP]
    withdrawn = Update(schema.PROFILE, NIP_IN_SHEET, {"value": "ya"}, {"value": "tidak"})
    with pytest.raises(NipWithheld):
        sheet.commit(action(withdrawn, Update(schema.OFFICIAL, CAMAT, {}, {"nip": OTHER})))


def test_what_was_queued_while_it_was_allowed_is_not_sent_once_it_is_not(
    book: Book, sheet: SheetsStore, tmp_path: Path
) -> None:
    allow(sheet)
    clock = Clock()
    replica = Replica(sheet, "silaut", tmp_path / "replika", clock)
    look(replica)
    replica.commit(action(Update(schema.OFFICIAL, CAMAT, {"nip": ""}, {"nip": NIP})))
    allow(sheet, "tidak")
    clock.forward(10)
    look(replica)
    (item,) = replica.outbox.queue()
    assert (item.state, item.reason) == (State.CONFLICT, str(NipWithheld()))
    assert nips(book) == []


def test_a_move_of_an_office_that_allows_it_brings_the_nips_along(book: Book, database: SqlStore) -> None:
    allow(database)
    tables = {table.name: rows for table, rows in database.dump()}
    assert book.open().load(tables) == Withheld(lines=3)
    assert sorted(nips(book)) == [NIP, OTHER]


def test_a_database_takes_everything(database: SqlStore, tmp_path: Path) -> None:
    other = SqlStore(f"sqlite:///{tmp_path}/lain.db", "silaut", now)
    tables = {table.name: rows for table, rows in database.dump()}
    assert other.load(tables) == Withheld()
    assert everything(other) == everything(database)
    write_nip(other, OTHER)
    assert official_texts(Office(other.read()), CAMAT)["nip"] == "19800101 200501 1 002"


def test_a_log_that_was_tampered_with_stays_so_when_it_moves(book: Book, database: SqlStore) -> None:
    tables = {table.name: rows for table, rows in database.dump()}
    log = tables["Riwayat"]
    tables["Riwayat"] = ({**log[0], "by": "orang-lain"}, *log[1:])
    book.open().load(tables)
    (fault,) = verify(book.open().log()).faults
    assert fault.number == 1


def test_the_past_of_a_sheet_shows_no_nip_where_none_was_logged(sheet: SheetsStore) -> None:
    allow(sheet)
    write_nip(sheet)
    later = Transaction(
        NOW.replace(hour=11), "pkp", "pkp", "uji", "Uji", (Update(schema.OFFICIAL, CAMAT, {}, {"nip": OTHER}),)
    )
    sheet.commit(later)
    past = snapshot_at(sheet.read(), sheet.history(HistoryQuery(limit=100)), NOW)
    assert next(r for r in past.rows(schema.OFFICIAL) if r["id"] == CAMAT)["nip"] == ""


# --- typed by hand -----------------------------------------------------------------------------------------------


def column_of_camat(book: Book) -> str:
    """Where the NIP of the Camat stands."""
    return book.open().read().places["Pejabat"].cell(CAMAT, "nip")


@pytest.mark.parametrize("typed", [f"'{NIP}", NIP, "'19720605 199303 1 005", "'rahasia"])
def test_a_nip_typed_into_the_sheet_is_a_finding_with_its_cell_and_what_to_do(
    book: Book, sheet: SheetsStore, typed: str
) -> None:
    cell = column_of_camat(book)
    book.human(Edit.type("Pejabat", cell, typed))
    found = [f for f in findings_of(Office(sheet.read()), Period(2026, 3)) if f.finding.kind is FindingKind.NIP]
    assert [(f.place, f.cell) for f in found] == [(f"Pejabat!{cell}", cell)]
    assert "Kosongkan sel ini" in found[0].finding.suggestion
    assert not re.search(r"1972|rahasia", str(found))
    assert not found[0].finding.kind.acceptable


def test_an_allowed_nip_is_no_finding(sheet: SheetsStore) -> None:
    allow(sheet)
    write_nip(sheet)
    assert not [f for f in findings_of(Office(sheet.read()), Period(2026, 3)) if f.finding.kind is FindingKind.NIP]
