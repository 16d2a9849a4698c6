"""What every store promises. Each test runs on SQLite, on a real PostgreSQL server, and on a Google Sheet over HTTP."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain.clock import WIB
from services.store.files import PIECE, pieces
from services.store.schema import (
    CYCLE,
    ENTRY,
    FILE,
    HISTORY,
    HOLIDAY,
    INDICATOR,
    OFFICIAL,
    SECTION,
    STEP_EVENT,
    Column,
    Table,
)
from services.store.sql import SqlStore
from services.store.store import (
    Clash,
    Conflict,
    DuplicateRow,
    HistoryQuery,
    Insert,
    InvalidChange,
    Row,
    StoreError,
    StoreUnavailable,
    Update,
    Value,
)
from tests.store.helpers import (
    NOW,
    Openable,
    Place,
    action,
    change,
    entry,
    everything,
    exact,
    fill,
    found,
    indicator,
    large_office,
    now,
    row,
    section,
)

LARGE = "Jaringan 🌧 putus\r\n" * 2600  # just fits a cell of a Google Sheet
BAD_CHANGES = {
    "unknown column": Insert(SECTION, {**section("x"), "colour": "red"}),
    "missing column": Insert(SECTION, {"id": "x", "name": "Seksi"}),
    "float": change({"actual": None}, {"actual": 1.5}),  # type: ignore[dict-item]
    "NaN": change({"actual": None}, {"actual": Decimal("NaN")}),
    "text as integer": Insert(SECTION, {**section("x"), "order": "1"}),
    "true as integer": Insert(SECTION, {**section("x"), "order": True}),
    "integer beyond 64 bits": Insert(SECTION, {**section("x"), "order": 2**63}),
    "flag as text": change({"active": True}, {"active": "ya"}, "i1", INDICATOR),
    "no flag": change({"active": True}, {"active": None}, "i1", INDICATOR),
    "moment without time zone": change({"entered_at": None}, {"entered_at": datetime(2026, 1, 1)}),  # noqa: DTZ001
    "moment as day": Insert(HOLIDAY, row(HOLIDAY, "h", day=NOW, kind="libur", basis="SKB")),
    "NUL": change({"driver": ""}, {"driver": "a\0b"}),
    "half a character": change({"actual": None}, {"actual": "\ud83c"}),
    "required and blank": Insert(SECTION, {**section("x"), "name": ""}),
    "unknown row": change({"driver": ""}, {"driver": "x"}, "e-none"),
    "unknown column in an update": change({"colour": ""}, {"colour": "red"}),
    "old without new": change({"driver": ""}, {"obstacle": "x"}),
    "new id": change({"id": "e1"}, {"id": "e2"}),
    "unknown table": Insert(Table("Lain", (Column("id", "ID"),)), {"id": "x"}),
    "the log": Insert(HISTORY, row(HISTORY, "x", at=NOW, by="a", action="b", transaction_id="c")),
    "reference to nothing": Insert(INDICATOR, indicator("i2", section_id="none")),
}
TYPED = (
    *(
        "",
        " ",
        "NA",
        "83,33",
        "0",
        '"',
        '"5"',
        "null",
        '=HYPERLINK("http://x")',
        "+1",
        "👩🏽🌾",
        "a\u2028b\n\tc",
        LARGE,
    ),
    *map(Decimal, ("0", "-0.00", "83.330", "1E+30", "1E-30", "10000000000000000000000000000000000000001")),
    None,
)
CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS, max_size=40)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
_EARLIEST, _LATEST = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001
# No moment that the clocks in Jakarta left out when they were put forward, as on 1 November 1932.
MOMENTS = st.datetimes(_EARLIEST, _LATEST, timezones=st.just(WIB) | st.just(UTC), allow_imaginary=False)


def failing(store: Openable, *changes: Insert | Update, error: type[Exception]) -> None:
    """The transaction is refused with this error and leaves no trace."""
    before, revision = exact(everything(store)), store.revision()
    with pytest.raises(error):
        store.commit(action(*changes))
    assert exact(everything(store)) == before
    assert store.revision() == revision


def test_a_new_office_is_empty_and_at_revision_zero(empty: Openable) -> None:
    snapshot = empty.read()
    assert (snapshot.office, snapshot.revision, snapshot.read_at) == ("silaut", 0, NOW)
    assert not any(snapshot.tables.values())
    assert HISTORY.name not in snapshot.tables


def test_a_commit_is_seen_by_the_next_read_and_changes_the_revision(store: Openable) -> None:
    before = store.revision()
    receipt = store.commit(action(change({"actual": None}, {"actual": "83,33"})))
    assert not receipt.repeated
    assert store.revision() == store.read().revision == receipt.revision != before
    assert found(store)["actual"] == "83,33"


def test_the_revision_of_a_database_counts_its_transactions(url: str) -> None:
    store = SqlStore(url, "silaut", now)
    fill(store)
    assert store.commit(action(change({"driver": ""}, {"driver": "A"}))).revision == store.revision() == 2
    store.close()


def test_a_new_row_and_a_change_of_any_kind_change_the_revision(store: Openable) -> None:
    seen = {store.revision()}
    for each in (
        Insert(SECTION, section("tib")),
        change({"driver": ""}, {"driver": "A"}),
        change({"actual": None}, {"actual": Decimal(5)}),
        change({"actual": Decimal(5)}, {"actual": "5"}),
        change({"active": True}, {"active": False}, "i1", INDICATOR),
        change({"entered_at": None}, {"entered_at": NOW}),
    ):
        store.commit(action(each))
        seen.add(store.revision())
    assert len(seen) == 7


def test_a_transaction_lands_whole_or_not_at_all(store: Openable) -> None:
    good = (Insert(SECTION, section("tib")), change({"driver": ""}, {"driver": "x"}))
    failing(store, *good, change({"obstacle": "seen"}, {"obstacle": "y"}), error=Conflict)
    failing(store, *good, Insert(ENTRY, entry()), error=DuplicateRow)
    failing(store, *good, Insert(INDICATOR, indicator("i2", "none")), error=InvalidChange)


@pytest.mark.parametrize("bad", BAD_CHANGES.values(), ids=BAD_CHANGES)
def test_what_does_not_fit_the_schema_is_refused(store: Openable, bad: Insert | Update) -> None:
    failing(store, Insert(SECTION, section("tib")), bad, error=InvalidChange)


def test_the_order_of_references_within_a_transaction_is_free(empty: Openable) -> None:
    empty.commit(action(Insert(ENTRY, entry()), Insert(INDICATOR, indicator()), Insert(SECTION, section())))
    assert found(empty)["section_id"] == "pem"


def test_a_reference_that_is_not_required_may_be_blank(store: Openable) -> None:
    store.commit(action(Insert(OFFICIAL, row(OFFICIAL, "camat", post="Camat", role="camat"))))
    assert found(store, OFFICIAL, "camat")["section_id"] == ""


def test_all_clashes_are_named_with_three_values_each(store: Openable) -> None:
    store.commit(action(change({"driver": "", "actual": None}, {"driver": "A", "actual": Decimal(5)})))
    late = change({"driver": "", "actual": None, "obstacle": ""}, {"driver": "B", "actual": "6", "obstacle": "C"})
    with pytest.raises(Conflict) as caught:
        store.commit(action(late, change({"name": "Lama"}, {"name": "Baru"}, "i1", INDICATOR)))
    assert caught.value.clashes == (
        Clash("Isian", "e1", "driver", "", "A", "B"),
        Clash("Isian", "e1", "actual", None, Decimal(5), "6"),
        Clash("Indikator", "i1", "name", "Lama", "Cakupan pelayanan", "Baru"),
    )


def test_an_empty_text_and_no_text_are_the_same(store: Openable) -> None:
    store.commit(action(change({"driver": None}, {"driver": "A"})))
    assert found(store)["driver"] == "A"


def test_in_a_database_an_empty_entry_is_not_none_but_in_a_sheet_a_cell_is_just_empty(
    store: Openable, place: Place
) -> None:
    typed = change({"actual": ""}, {"actual": "5"})
    if place.counts:
        failing(store, typed, error=Conflict)
    else:
        store.commit(action(typed))
        assert found(store)["actual"] == "5"


def test_a_typed_number_and_a_number_are_two_values(store: Openable) -> None:
    store.commit(action(change({"actual": None}, {"actual": "83.33"})))
    failing(store, change({"actual": Decimal("83.33")}, {"actual": "5"}), error=Conflict)


def test_a_value_without_old_is_written_whatever_stands_there(store: Openable) -> None:
    store.commit(action(change({}, {"entered_by": "rina"})))
    store.commit(action(change({"driver": ""}, {"driver": "A", "entered_by": "budi"})))
    assert found(store)["entered_by"] == "budi"


def test_of_two_people_on_one_cell_one_wins_and_the_other_gets_the_clash(store: Openable, place: Place) -> None:
    other, start = place.open(), threading.Barrier(2)

    def attempt(which: Openable, text: str) -> str | Clash:
        start.wait()
        try:
            which.commit(action(change({"driver": ""}, {"driver": text})))
        except Conflict as conflict:
            return conflict.clashes[0]
        return text

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(attempt, (store, other), ("A", "B"))
    winner = one if isinstance(one, str) else two
    assert {one, two} == {winner, Clash("Isian", "e1", "driver", "", winner, "B" if winner == "A" else "A")}  # type: ignore[arg-type]
    assert found(store)["driver"] == winner
    other.close()


def test_a_transaction_that_is_sent_again_changes_nothing(store: Openable, place: Place) -> None:
    sent = action(change({"driver": ""}, {"driver": "A"}), id="tx-1")
    first = store.commit(sent)
    store.commit(action(change({"driver": "A"}, {"driver": "B"})))
    before = exact(everything(store))
    again = store.commit(sent)
    assert again == replace(first, repeated=True, revision=first.revision if place.counts else store.revision())
    assert exact(everything(store)) == before


@pytest.mark.parametrize(
    "twin",
    [entry("e1", quarter=4), entry("e2"), entry("e1")],
    ids=["same id", "same key", "same both"],
)
def test_a_row_that_is_there_already_is_refused_by_name(store: Openable, twin: Row) -> None:
    with pytest.raises(DuplicateRow) as caught:
        store.commit(action(Insert(ENTRY, twin)))
    assert (caught.value.table, caught.value.row_id) == ("Isian", twin["id"])


def test_twins_within_one_transaction_are_refused(store: Openable) -> None:
    failing(store, Insert(SECTION, section("a")), Insert(SECTION, section("a")), error=DuplicateRow)


def test_an_update_may_not_take_the_key_of_another_row(store: Openable) -> None:
    store.commit(action(Insert(ENTRY, entry("e2", quarter=4))))
    failing(store, change({"quarter": 4}, {"quarter": 3}, "e2"), error=DuplicateRow)


def test_rows_of_an_append_only_table_are_never_changed(store: Openable) -> None:
    event = row(STEP_EVENT, "l1", year=2026, quarter=3, step=1, event="mulai", at=NOW, by="pkp")
    store.commit(action(Insert(STEP_EVENT, event)))
    failing(store, change({"note": ""}, {"note": "x"}, "l1", STEP_EVENT), error=InvalidChange)


def test_the_log_has_one_line_for_each_changed_column_and_each_new_row(store: Openable) -> None:
    day = row(CYCLE, "s1", year=2026, quarter=3, opened_at=NOW, due_on=date(2026, 10, 9), sop_version="1")
    new = {"actual": Decimal("83.30"), "spent": "12.450.000", "driver": "", "entered_at": NOW}
    sent = action(change(dict.fromkeys(new), new), Insert(CYCLE, day), id="tx-1")
    store.commit(sent)
    head = {"at": NOW, "by": "kasi-pem", "role": "kasi", "action": "simpan isian", "transaction_id": "tx-1"}
    summary = "Tahun: 2026; Triwulan: 3; Dibuka pada: 2026-11-03 10:20:30.123456+07:00; Tenggat data: 2026-10-09; "
    wanted = [
        ("Isian", "e1", "actual", None, Decimal("83.30")),
        ("Isian", "e1", "spent", None, "12.450.000"),
        ("Isian", "e1", "entered_at", None, "2026-11-03 10:20:30.123456+07:00"),
        ("Siklus", "s1", "", None, summary + "Versi SOP: 1"),
    ]
    names = ("table", "row_id", "column", "old", "new")
    lines = [
        {"id": f"tx-1-{n}", **head, **dict(zip(names, line, strict=True)), "source": "Isian"}
        for n, line in enumerate(wanted, 1)
    ]
    found = reversed(store.history(HistoryQuery(transaction_id="tx-1")))
    assert [{name: value for name, value in line.items() if name != "seal"} for line in found] == lines


def test_the_log_shows_integers_and_flags_readably(store: Openable) -> None:
    store.commit(action(change({"order": 1, "active": True}, {"order": 2, "active": False}, "i1", INDICATOR), id="t"))
    lines = {line["column"]: (line["old"], line["new"]) for line in store.history(HistoryQuery(transaction_id="t"))}
    assert lines == {"order": (Decimal(1), Decimal(2)), "active": ("ya", "tidak")}


def test_history_is_newest_first_and_filtered(store: Openable) -> None:
    late = datetime(2026, 11, 5, 0, 30, tzinfo=WIB)  # the evening of 4 November in UTC
    store.commit(action(change({"driver": ""}, {"driver": "A"}), by="rina", at=late, id="a"))
    store.commit(action(change({"name": "Seksi Pemerintahan"}, {"name": "X"}, "pem", SECTION), by="budi", id="b"))

    def ids(**query: object) -> list[Value]:
        return [line["transaction_id"] for line in store.history(HistoryQuery(**query))]  # type: ignore[arg-type]

    assert ids(limit=2) == ["a", "b"]
    assert ids(by="rina") == ids(row_ids=("e1", "x"), since=date(2026, 11, 4)) == ids(transaction_id="a") == ["a"]
    assert ids(since=date(2026, 11, 5), until=date(2026, 11, 5)) == ["a"]
    assert ids(since=date(2026, 11, 4), until=date(2026, 11, 4)) == []
    assert "a" not in ids(until=date(2026, 11, 4))
    assert ids(table="Seksi", limit=1) == ["b"]


@pytest.mark.parametrize("typed", TYPED, ids=lambda value: repr(value)[:12])
def test_what_was_typed_comes_back_exactly(store: Openable, place: Place, typed: Value) -> None:
    store.commit(action(change({"actual": None}, {"actual": typed})))
    wanted = place.exact(typed) if typed != "" or place.counts else None
    assert repr(found(store)["actual"]) == repr(wanted)


def test_moments_come_back_in_the_offices_time_zone(store: Openable) -> None:
    moment = datetime(2026, 12, 31, 23, 59, 59, 1, UTC)
    store.commit(action(change({"entered_at": None}, {"entered_at": moment})))
    assert str(found(store)["entered_at"]) == "2027-01-01 06:59:59.000001+07:00"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    actual=TEXTS | DECIMALS | st.none(), driver=TEXTS, at=MOMENTS | st.none(), order=st.integers(-(2**63), 2**63 - 1)
)
def test_every_value_comes_back_as_it_was(
    store: Openable, place: Place, actual: Value, driver: str, at: datetime | None, order: int
) -> None:
    new = {"actual": actual, "driver": driver, "entered_at": at}
    store.commit(action(change({}, new), change({}, {"order": order}, "i1", INDICATOR)))
    after = found(store)
    assert repr(after["actual"]) == repr(place.exact(actual) if actual != "" or place.counts else None)
    assert (after["driver"], after["entered_at"]) == (driver, at)
    assert found(store, INDICATOR, "i1")["order"] == order


def test_rows_keep_the_order_in_which_they_came(store: Openable) -> None:
    names = ["z", "a", "m", "b"]
    store.commit(action(*(Insert(SECTION, section(name)) for name in names)))
    store.commit(action(change({"short": "Pem"}, {"short": "P"}, "z", SECTION)))
    assert [r["id"] for r in store.read().rows(SECTION)] == ["pem", *names]


def test_two_stores_on_one_database_see_the_same(store: Openable, place: Place) -> None:
    other = place.open()
    other.commit(action(change({"driver": ""}, {"driver": "A"})))
    assert found(store)["driver"] == "A"
    assert store.revision() == other.revision()
    other.close()


def test_two_offices_in_one_database_do_not_see_each_other(store: Openable, place: Place) -> None:
    other = place.open("lunang")
    assert not any(rows for rows in everything(other).values())
    fill(other)  # the same ids and the same keys
    other.commit(action(change({"driver": ""}, {"driver": "Lunang"}), id="same"))
    assert not store.commit(action(change({"driver": ""}, {"driver": "Silaut"}), id="same")).repeated
    assert (found(store)["driver"], found(other)["driver"]) == ("Silaut", "Lunang")
    before = exact(everything(store))
    other.load({})
    assert exact(everything(store)) == before
    other.close()


def test_eight_threads_lose_no_commit(store: Openable, place: Place) -> None:
    stores = [store, place.open()]
    before = store.revision()

    def work(thread: int) -> None:
        for n in range(50):
            name = f"{thread}-{n}"
            stores[thread % 2].commit(action(Insert(SECTION, section(name)), change({}, {"driver": name}), id=name))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    names = {f"{thread}-{n}" for thread in range(8) for n in range(50)}
    assert {r["id"] for r in store.read().rows(SECTION)} == {"pem", *names}
    assert store.revision() == (before + 400 if place.counts else stores[1].revision())
    lines = everything(store)[HISTORY.name]
    assert sum(line["transaction_id"] in names for line in lines) == 800
    chain = [line for line in lines if line["column"] == "driver"]
    assert [line["old"] or "" for line in chain] == ["", *(line["new"] for line in chain[:-1])]
    stores[1].close()


def test_a_read_sees_one_moment_while_others_write(store: Openable, place: Place) -> None:
    writer, done = place.open(), threading.Event()

    def write() -> None:
        for n in range(60):
            writer.commit(action(change({}, {"order": n}, "pem", SECTION), change({}, {"order": n}, "i1", INDICATOR)))
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not done.is_set():
        snapshot = store.read()
        assert snapshot.rows(SECTION)[0]["order"] == snapshot.rows(INDICATOR)[0]["order"]
    thread.join()
    writer.close()


def test_stores_that_open_at_the_same_time_make_one_schema(place: Place) -> None:
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: place.open(), range(6)))
    fill(stores[0])
    assert len({store.revision() for store in stores} | {0}) == 2
    for store in stores:
        store.close()


def test_loading_replaces_everything_and_changes_the_revision(store: Openable, place: Place) -> None:
    office = large_office(5)
    revision = store.revision()
    store.load(office)
    after = everything(store)
    assert {name: rows for name, rows in after.items() if rows} == office
    assert store.revision() == revision + 1 if place.counts else store.revision() != revision


def test_loading_what_was_dumped_changes_nothing_and_landed_transactions_stay_landed(store: Openable) -> None:
    sent = action(change({"driver": ""}, {"driver": "A"}))
    store.commit(sent)
    before = everything(store)
    store.load(before)
    assert exact(everything(store)) == exact(before)
    assert store.commit(sent).repeated


def test_a_transaction_that_the_loaded_data_lack_may_be_sent_again(store: Openable) -> None:
    before, sent = everything(store), action(change({"driver": ""}, {"driver": "A"}))
    store.commit(sent)
    store.load(before)
    assert not store.commit(sent).repeated
    assert found(store)["driver"] == "A"


@pytest.mark.parametrize(
    ("tables", "error"),
    [
        ({"Lain": ()}, InvalidChange),
        ({SECTION.name: ({"id": "x"},)}, InvalidChange),
        ({SECTION.name: (section(), section())}, DuplicateRow),
        ({INDICATOR.name: (indicator(),)}, InvalidChange),
    ],
)
def test_a_load_that_cannot_be_right_changes_nothing(
    store: Openable, tables: dict[str, tuple[Row, ...]], error: type[Exception]
) -> None:
    before = exact(everything(store))
    with pytest.raises(error):
        store.load(tables)
    assert exact(everything(store)) == before


def test_data_move_from_one_kind_of_store_to_the_other_and_back(
    store: Openable, place: Place, tmp_path: object
) -> None:
    store.load(large_office(20))
    store.commit(action(change({}, {"actual": LARGE, "spent": Decimal("1.500")}, "e-i3-2026-3")))
    other = SqlStore(f"sqlite:///{tmp_path}/other.db", "silaut", now)
    other.load(everything(store))
    assert exact(everything(other)) == exact(everything(store))
    back = everything(other)
    store.load({})
    store.load(back)
    assert exact(everything(store)) == exact(back)
    other.close()


def test_a_large_action_is_one_transaction(store: Openable) -> None:
    store.commit(action(*(Insert(INDICATOR, indicator(f"n{n}")) for n in range(1500))))
    assert len(store.history(HistoryQuery(limit=5000))) == 1503
    assert len(store.read().rows(INDICATOR)) == 1501


def test_the_address_hides_the_password(store: Openable) -> None:
    assert "rahasia" not in store.address


def test_time_of_the_clock_is_the_time_of_the_snapshot(place: Place) -> None:
    later = NOW + timedelta(hours=1)
    assert place.open(clock=lambda: later).read().read_at == later


def test_a_server_that_cannot_be_reached_is_unavailable_in_words_for_people() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        SqlStore("postgresql+psycopg://monev:rahasia@127.0.0.1:1/monev", "silaut", now)
    assert str(caught.value).startswith("Basis data postgresql+psycopg://monev:***@127.0.0.1:1/monev tidak dapat")
    assert caught.value.__suppress_context__


def test_a_file_that_is_no_database_is_unavailable(tmp_path: object) -> None:
    path = f"{tmp_path}/monev.db"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"bukan basis data" * 200)
    with pytest.raises(StoreUnavailable):
        SqlStore(f"sqlite:///{path}", "silaut", now)


# --- files -------------------------------------------------------------------------------------------------------


def test_a_file_of_many_pieces_comes_back_byte_for_byte(store: Openable) -> None:
    content = random.Random(7).randbytes(PIECE * 2)
    store.commit(action(*pieces("laporan", content), *pieces("lain", b"x")))
    assert store.file("laporan") == content


def test_a_file_is_no_part_of_the_usual_read_and_leaves_the_log_small(store: Openable) -> None:
    store.commit(action(*pieces("laporan", bytes(PIECE))))
    assert FILE.name not in store.read().tables
    assert all(len(str(line["new"])) < 200 for line in store.history(HistoryQuery(table=FILE.name)))


def test_a_file_that_nobody_kept_is_told(store: Openable) -> None:
    with pytest.raises(StoreError, match="tidak ada"):
        store.file("laporan")


def test_a_file_is_kept_once(store: Openable) -> None:
    store.commit(action(*pieces("laporan", b"satu")))
    with pytest.raises(DuplicateRow):
        store.commit(action(*pieces("laporan", b"dua")))
    assert store.file("laporan") == b"satu"
