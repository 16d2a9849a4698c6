"""Moving an office from one store into another, empty one, and proving that every value has arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services.store.privacy import without_nip
from services.store.schema import TABLES, Column, Table
from services.store.sheets_cells import Unusable, settled
from services.store.store import Row, Snapshot, Store, StoreError, Value, Withheld

Tables = Mapping[str, tuple[Row, ...]]
_MOST_NAMED = 10


class NotMoved(StoreError):
    """The move was refused, and nothing was written; the message says why."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is another one after the move; ``column`` "" where the whole row is missing or too much."""

    table: str
    row_id: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.table}, baris {self.row_id}" + (f", kolom {self.column}" if self.column else "")


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows per table there were before and after, and every value that differs.

    ``withheld``: what a shared sheet does not take, which is no difference.
    """

    before: Mapping[str, int]
    after: Mapping[str, int]
    differences: tuple[Difference, ...]
    withheld: Withheld


def move(source: Store, target: Store, say: Callable[[str], None]) -> Moved:
    """Copy everything but accounts; the source stays as it is. ``say`` is told each stage.

    Raises NotMoved, StoreDamaged or StoreUnavailable.
    """
    say("Membaca data asal …")
    _refuse_unreadable(source.read())
    tables = {table.name: rows for table, rows in source.dump()}
    if not any(tables.values()):
        raise NotMoved("Penyimpanan asal tidak berisi data kecamatan ini; tidak ada yang dipindahkan.")
    say("Memeriksa bahwa tujuan masih kosong …")
    _refuse_filled({table.name: rows for table, rows in target.dump()})
    say("Menulis ke tujuan …")
    withheld = target.load(tables)
    say("Memeriksa setiap nilai di tujuan …")
    arrived = {table.name: rows for table, rows in target.dump()}
    expected = without_nip(tables)[0] if withheld else tables
    return Moved(_counts(tables), _counts(arrived), tuple(differences(expected, arrived)), withheld)


def differences(before: Tables, after: Tables) -> Iterator[Difference]:
    """Values that are not the same. 83.30 and 83.3 are, and so are an entry without text and one without anything."""
    for table in TABLES:
        old, new = _by_id(before.get(table.name, ())), _by_id(after.get(table.name, ()))
        yield from (Difference(table.name, row_id) for row_id in sorted(old.keys() ^ new.keys()))
        for row_id in old.keys() & new.keys():
            yield from _differing(table, row_id, old[row_id], new[row_id])


def _differing(table: Table, row_id: str, old: Row, new: Row) -> Iterator[Difference]:
    for column in table.columns:
        if not _same(column, old[column.name], new[column.name]):
            yield Difference(table.name, row_id, column.header)


def _same(column: Column, old: Value, new: Value) -> bool:
    if old == new:
        return True
    try:
        return settled(column, old) == settled(column, new)
    except (Unusable, StoreError):
        return False  # no sheet can hold it, so no sheet has rounded it


def _by_id(rows: tuple[Row, ...]) -> dict[str, Row]:
    return {str(row["id"]): row for row in rows}


def _counts(tables: Tables) -> dict[str, int]:
    return {table.name: len(tables.get(table.name, ())) for table in TABLES}


def _refuse_unreadable(snapshot: Snapshot) -> None:
    """Rows that cannot be read would stay behind unnoticed."""
    if not snapshot.problems:
        return
    places = [f"{p.tab}!{p.cell}" if p.cell else p.tab for p in snapshot.problems]
    more = f", dan {len(places) - _MOST_NAMED} lagi" if len(places) > _MOST_NAMED else ""
    raise NotMoved(
        f"Ada isi yang tidak terbaca di penyimpanan asal: {', '.join(places[:_MOST_NAMED])}{more}. Betulkan dahulu; "
        "tidak ada yang dipindahkan."
    )


def _refuse_filled(tables: Tables) -> None:
    filled = [f"{name} {len(rows)} baris" for name, rows in tables.items() if rows]
    if filled:
        raise NotMoved(f"Tujuan sudah berisi data kecamatan ini ({', '.join(filled)}); tidak ada yang dipindahkan.")
