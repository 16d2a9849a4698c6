"""The rows of a file into a table: what each would do, shown first, and doing it all in one transaction or not at all.

A row is recognised by its id; without one, by the columns that no two rows share; without such columns, by being wholly
the same. A blank cell empties the value, a column that the file does not have leaves it. Rows that the file does not
have stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.actions.base import TEXT_LIMIT, ActionError, Context, Denied, Refused, Unreadable, commit
from services.actions.imports import Verdict
from services.actions.table_rules import Rule, Values, rule_for
from services.domain.numbers import clean
from services.domain.roles import RIGHTS, Actor
from services.store import schema
from services.store.schema import Column, Kind, Table
from services.store.sheets_cells import Unusable, blank
from services.store.store import Change, DuplicateRow, Insert, Receipt, Row, Update, Value, new_id
from services.tabular.grids import TypedCell, cell_text
from services.tabular.upload import Upload, UploadRow
from services.tabular.values import from_cell, same, shown, tidy, to_cell
from services.views.settings_effect import Effect, effects, sentences, with_values

_SHOWN = 60
_MOST_NAMED = 12
_NAMES = ("name", "label", "title")
_LIMITS = {"year": range(2000, 2101), "quarter": range(1, 5)}
_ANY = range(-(10**9), 10**9)


@dataclass(frozen=True, slots=True)
class TableRow:
    """What one row of the file would do. ``detail`` says old and new, or where the mistake is and what to write.

    ``row_id`` is "" for a new row to which the file gives none.
    """

    line: int
    row_id: str
    name: str
    verdict: Verdict
    detail: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do. ``untouched``: rows of the table that the file does not have.

    ``effects``: what becomes of the figures of each quarter, where the settings or the rating scale change them.
    """

    upload: Upload
    rows: tuple[TableRow, ...]
    untouched: int
    effects: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows got each verdict, in the order of the verdicts."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def writes(self) -> bool:
        """Whether there is something to write and nothing in the way."""
        return not self.counts[Verdict.REFUSED] and any(row.changes for row in self.rows)

    def says_the_same(self, other: Preview) -> bool:
        """Whether a person who saw the one has seen the other."""
        return [_gist(row) for row in self.rows] == [_gist(row) for row in other.rows]


def _gist(row: TableRow) -> tuple[object, ...]:
    """What a row says and rests on; ids of new rows and stamps are others each time."""
    return row.line, row.verdict, row.detail, [change.old for change in row.changes if isinstance(change, Update)]


class _Unfit(Exception):
    """Why a row is refused."""


def authorise_import(actor: Actor, table: Table) -> None:
    """Raise Denied or Refused where this person may not import this table at all, in no state and for no section."""
    action = rule_for(table).action
    if actor.role not in RIGHTS[action][1]:
        raise Denied(f"{actor.title} tidak berwenang {action.value}, jadi tidak dapat mengimpor tabel {table.name}.")


def preview(context: Context, upload: Upload) -> Preview:
    """The verdict on each row; nothing is written. Raises Denied or Refused where the table is not this person's."""
    authorise_import(context.actor, upload.table)
    return _Judge(context, upload).preview()


def carry_out(context: Context, seen: Preview, transaction_id: str = "") -> Receipt | None:
    """Write what the person saw in the preview; None when every row is the same already.

    Raises Denied, Refused (a row is refused, or the data have changed since the preview), Conflict or what else the
    store raises; then nothing was written.
    """
    now = preview(context, seen.upload)
    if not now.says_the_same(seen):
        raise Refused("Data sudah berubah sejak pratinjau ini. Periksa pratinjau yang baru, lalu terapkan lagi.")
    if refused := now.counts[Verdict.REFUSED]:
        raise Refused(f"{refused} baris ditolak, jadi tidak ada yang disimpan. Perbaiki baris itu, lalu ulangi.")
    changes = tuple(change for row in now.rows for change in row.changes)
    if not changes:
        return None
    try:
        return commit(context, rule_for(seen.upload.table).action, changes, transaction_id)
    except DuplicateRow as error:
        raise Refused(f"{error} Lihat pratinjau lagi.") from error


class _Judge:
    """Judges the rows of one file against one snapshot."""

    def __init__(self, context: Context, upload: Upload) -> None:
        self._context, self._upload = context, upload
        self._table, self._form = upload.table, upload.form
        self._rule: Rule = rule_for(upload.table)
        self._stored: dict[str, Row] = {str(r["id"]): r for r in context.office.snapshot.rows(upload.table)}
        self._written = {to_cell(upload.table.column("id"), i, upload.form).value: i for i in self._stored}
        self._ids = {str(tidy(row_id)): row_id for row_id in self._stored}
        self._indexes: dict[tuple[str, ...], dict[tuple[Value, ...], str]] = {}
        self._by_key = {self._key(row): row_id for row_id, row in self._stored.items()} if upload.table.unique else {}
        self._known: dict[str, list[str]] = {}  # ids of the tables that are referred to
        self._lines: dict[str, list[int]] = {}  # lines of the file for each id
        self._keys: dict[tuple[Value, ...], int] = {}  # first line of the file for each unique key
        self._result: dict[str, Row] = dict(self._stored)

    def preview(self) -> Preview:
        ids = [self._id(row) for row in self._upload.rows]
        for row, row_id in zip(self._upload.rows, ids, strict=True):
            if row_id:
                self._lines.setdefault(row_id, []).append(row.line)
        rows = tuple(self._judged(row, row_id) for row, row_id in zip(self._upload.rows, ids, strict=True))
        untouched = len(set(self._stored) - set(ids))
        checked = self._checked_as_a_whole(rows)
        return Preview(self._upload, checked, untouched, tuple(sentences(self._effects(checked))))

    def _effects(self, rows: tuple[TableRow, ...]) -> tuple[Effect, ...]:
        refused = any(row.verdict is Verdict.REFUSED for row in rows)
        if refused or self._table not in (schema.PROFILE, schema.RATING) or self._result == self._stored:
            return ()
        office = self._context.office
        return effects(office, with_values(office, self._table, self._result))

    def _judged(self, row: UploadRow, row_id: str) -> TableRow:
        old = self._stored.get(row_id)
        try:
            return self._verdict(row, row_id, old)
        except Unreadable as error:
            detail = " ".join(self._at(row, column, problem) for column, problem in error.problems.items())
        except (_Unfit, ActionError) as error:
            detail = str(error)
        return TableRow(row.line, row_id, self._name(row, old), Verdict.REFUSED, detail)

    def _verdict(self, row: UploadRow, row_id: str, old: Row | None) -> TableRow:
        self._refuse_row(row, row_id)
        changed = self._changed(row, old)
        if old and not changed:
            return TableRow(row.line, row_id, self._name(row, old), Verdict.SAME, "")
        wanted = self._complete(row_id or new_id(), old, changed)
        self._refuse_columns(wanted, old)
        values = self._rule.understand(self._context, wanted, old, changed if old else dict(wanted))
        final: Row = {**wanted, **values}
        self._refuse_taken_key(row, final)
        return self._outcome(row, row_id, final, old, values)

    def _outcome(self, row: UploadRow, row_id: str, final: Row, old: Row | None, values: Values) -> TableRow:
        """``row_id`` is "" where the id was made just now."""
        name, along = self._name(row, final), tuple(self._rule.along(self._context, final, old))
        if old is None:
            self._result[str(final["id"])] = final
            changes = (Insert(self._table, final), *along)
            return TableRow(row.line, row_id, name, Verdict.NEW, _described(self._table, final), changes)
        new = {n: v for n, v in values.items() if v != old[n]}
        if not new:
            return TableRow(row.line, row_id, name, Verdict.SAME, "")
        self._result[row_id] = final
        detail = _compared(self._table, old, new)
        update = Update(self._table, row_id, {n: old[n] for n in new}, new | self._stamp())
        return TableRow(row.line, row_id, name, Verdict.CHANGED, detail, (update, *along))

    def _stamp(self) -> Values:
        stamp: Values = {"entered_by": self._context.actor.username, "entered_at": self._context.now}
        return {name: value for name, value in stamp.items() if name in self._rule.stamped}

    # --- which row it is ------------------------------------------------------------------------------------------

    def _id(self, row: UploadRow) -> str:
        """The id that the file gives, or that of the row it means; "" for a row that is new."""
        cell = row.cells.get("id", TypedCell())
        if isinstance(cell.value, str) and cell.value in self._written:
            return self._written[cell.value]
        try:
            given = str(tidy(from_cell(self._table.column("id"), cell, self._form)) or "")
        except Unusable:
            return ""
        return self._ids.get(given, given) if given else self._meant(row)

    def _meant(self, row: UploadRow) -> str:
        names = self._table.unique or tuple(c.name for c in self._read() if c.name in row.cells)
        if names not in self._indexes:
            stored = self._stored.items()
            self._indexes[names] = {tuple(self._settled(old, name) for name in names): i for i, old in stored}
        return self._indexes[names].get(tuple(self._value_or_none(row, name) for name in names), "")

    def _settled(self, old: Row, name: str) -> Value:
        """A stored value as it would be read back from a file."""
        column = self._table.column(name)
        try:
            return tidy(from_cell(column, to_cell(column, old[name], self._form), self._form))
        except Unusable:
            return old[name]

    def _value_or_none(self, row: UploadRow, name: str) -> Value:
        try:
            return tidy(from_cell(self._table.column(name), row.cells.get(name, TypedCell()), self._form))
        except Unusable:
            return None

    # --- what it says ---------------------------------------------------------------------------------------------

    def _read(self) -> Iterator[Column]:
        return (c for c in self._table.columns if c.name != "id" and c.name not in self._rule.stamped)

    def _changed(self, row: UploadRow, old: Row | None) -> Values:
        """The values that differ from the stored ones; for a new row, all that the file gives."""
        values: Values = {}
        problems: dict[str, str] = {}
        for column in (c for c in self._read() if c.name in row.cells):
            cell = row.cells[column.name]
            if old is not None and same(column, cell, old[column.name], self._form):
                continue
            try:
                values[column.name] = self._value(column, cell, old)
            except Unusable as error:
                problems[column.name] = f"Tertulis “{_short(cell_text(cell))}”: {error.why}. {error.suggestion}"
        if problems:
            raise Unreadable(problems)
        return values

    def _value(self, column: Column, cell: TypedCell, old: Row | None) -> Value:
        if old is not None and column.name in self._rule.fixed:
            stored = shown(column, old[column.name])
            raise Unusable("nilai ini tidak dapat diubah dengan impor", f"Tulis kembali {_short(stored)}.")
        value = tidy(from_cell(column, cell, self._form))
        if isinstance(value, str) and len(value) > TEXT_LIMIT:
            raise Unusable(f"terlalu panjang, {len(value)} huruf", f"Ringkas menjadi paling banyak {TEXT_LIMIT} huruf.")
        if column.kind is Kind.FLAG and cell.blank and old is None:
            return self._rule.defaults.get(column.name, False)
        return value

    def _complete(self, row_id: str, old: Row | None, changed: Values) -> Row:
        if old is not None:
            return {**old, **changed}
        empty = {column.name: blank(column) for column in self._table.columns}
        given = {name: value for name, value in changed.items() if value not in (None, "")}
        return {**empty, **self._rule.defaults, **given, "id": row_id}

    # --- what is wrong --------------------------------------------------------------------------------------------

    def _refuse_row(self, row: UploadRow, row_id: str) -> None:
        if row.problem:
            raise _Unfit(row.problem)
        cell = row.cells.get("id", TypedCell())
        if not row_id and not cell.blank:
            raise Unreadable({"id": f"Tertulis “{_short(cell_text(cell))}”: tidak terbaca sebagai teks. Tulis ulang."})
        if not row_id and self._rule.named:
            raise Unreadable({"id": "Kosong. Tulis ID-nya, sebab tabel lain menyebutnya."})
        others = [str(line) for line in self._lines.get(row_id, ()) if line != row.line]
        if others:
            raise _Unfit(f"Baris yang sama juga ditulis di baris {_short(', '.join(others))}. Sisakan satu.")

    def _refuse_columns(self, wanted: Row, old: Row | None) -> None:
        problems = {c.name: p for c in self._table.columns if (p := self._column_problem(c, wanted[c.name], old))}
        if problems:
            raise Unreadable(problems)

    def _column_problem(self, column: Column, value: Value, old: Row | None) -> str:
        if old is not None and old[column.name] == value:
            return ""
        if column.required and value in (None, ""):
            return "Wajib diisi."
        if column.references and value and not self._exists(column.references, str(value)):
            return f"Tidak ada baris dengan ID “{_short(str(value))}” di tabel {column.references}.{self._some(column)}"
        limits = _LIMITS.get(column.name, _ANY)
        if column.kind is Kind.INTEGER and isinstance(value, int) and value not in limits:
            return f"Tulis {limits.start} sampai {limits.stop - 1}."
        return ""

    def _exists(self, table: str, row_id: str) -> bool:
        if table not in self._known:
            self._known[table] = [str(row["id"]) for row in self._context.office.snapshot.rows(schema.BY_NAME[table])]
        return row_id in self._known[table]

    def _some(self, column: Column) -> str:
        """The ids there are, where they are few enough to be named."""
        ids = self._known[column.references]
        return f" Yang ada: {', '.join(ids)}." if 0 < len(ids) <= _MOST_NAMED else ""

    def _key(self, row: Row) -> tuple[Value, ...]:
        return tuple(row[name] for name in self._table.unique)

    def _refuse_taken_key(self, row: UploadRow, final: Row) -> None:
        if not self._table.unique:
            return
        key, names = self._key(final), ", ".join(self._table.column(name).header for name in self._table.unique)
        owner = self._by_key.get(key, final["id"])
        if owner != final["id"]:
            raise _Unfit(
                f"{names} ini sudah dipakai baris dengan ID {_short(str(owner))}. Pakai ID itu, atau ubah nilainya."
            )
        first = self._keys.setdefault(key, row.line)
        if first != row.line:
            raise _Unfit(f"{names} ini juga ditulis di baris {first}. Sisakan satu.")

    def _checked_as_a_whole(self, rows: tuple[TableRow, ...]) -> tuple[TableRow, ...]:
        """Where the rows are right one by one but not together, all that change something are refused."""
        problem = (
            "" if any(r.verdict is Verdict.REFUSED for r in rows) else self._rule.whole(tuple(self._result.values()))
        )
        if not problem:
            return rows
        return tuple(
            TableRow(r.line, r.row_id, r.name, Verdict.REFUSED, problem) if r.verdict.writes else r for r in rows
        )

    # --- words ----------------------------------------------------------------------------------------------------

    def _at(self, row: UploadRow, column: str, problem: str) -> str:
        return f"{self._upload.place(row, column)}: {problem}"

    def _name(self, row: UploadRow, values: Row | None) -> str:
        """A few words that tell the row from others: its name, or its first text."""
        columns = [c.name for c in self._table.columns if c.kind is Kind.TEXT and c.name != "id" and not c.references]
        columns.sort(key=lambda name: name not in _NAMES)
        texts = [str(values[n]) if values else cell_text(row.cells.get(n, TypedCell())) for n in columns]
        return next((_short(text) for text in texts if text.strip()), "")


def _described(table: Table, row: Row) -> str:
    """A new row with all that is in it."""
    filled = (c for c in table.columns if c.name != "id" and row[c.name] not in (None, ""))
    return "; ".join(f"{column.header}: {_short(shown(column, row[column.name]))}" for column in filled)


def _compared(table: Table, old: Row, new: Mapping[str, Value]) -> str:
    return "; ".join(_change(table.column(name), old[name], value) for name, value in new.items())


def _change(column: Column, old: Value, new: Value) -> str:
    before, after = (_short(shown(column, value)) or "kosong" for value in (old, new))
    return f"{column.header}: {before} → {after}"


def _short(text: str) -> str:
    line = clean(text)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
