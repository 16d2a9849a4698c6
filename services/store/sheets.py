"""The store on one shared Google Sheet: people type into it, the application reads all of it in one call.

One user action is one ``spreadsheets.batchUpdate``, atomic over all tabs, with its lines in the log. Rows are found by
their ids just before the write, under one lock for the whole process, and the answer of the write proves that the right
rows were hit. After a failure of which nobody knows whether it landed, the transaction's id is looked up in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.domain.clock import WIB
from services.store.changes import check, check_rows, log_rows
from services.store.files import joined
from services.store.privacy import refuse_nip, unlogged, without_nip
from services.store.schema import BY_NAME, FILE, HISTORY, PROFILE, SNAPSHOT_TABLES, TABLES, Table
from services.store.seals import head_of, read_head
from services.store.sheets_access import GOOGLE, Patience, address_of
from services.store.sheets_cells import raw
from services.store.sheets_changes import apply
from services.store.sheets_client import SheetsClient
from services.store.sheets_errors import Refused, Unclear
from services.store.sheets_formats import FIELDS, Formats
from services.store.sheets_journal import Journal
from services.store.sheets_reading import (
    PREPARE,
    Sheet,
    Tab,
    check_references,
    damaged,
    every_row,
    fingerprint,
    ids_only,
    letter,
    missing_tab,
    quoted,
    read_sheet,
)
from services.store.sheets_token import FIELDS as TOKEN_FIELDS
from services.store.sheets_token import desk_of, is_replaced, keep_log_head, log_head_in, new_token, swap, token_in
from services.store.sheets_writing import ANSWER_FIELDS, Plan, Request, in_place, plan, replace_rows, strayed, undo
from services.store.store import (
    HistoryQuery,
    Insert,
    Log,
    Receipt,
    Row,
    SheetProblem,
    Snapshot,
    StoreError,
    StoreUnavailable,
    Transaction,
    Value,
    Withheld,
)

_LOG = logging.getLogger(__name__)
_TABS = "sheets(properties(sheetId,title,gridProperties(rowCount)),merges)"
_HISTORY_CHUNK = 1000  # lines read at a time, from the end of the log


@dataclass(frozen=True, slots=True)
class Book:
    """All that one read brought; ``missing``: tabs that are not there.

    ``token`` and ``log_head`` were known before anything was read; as long as the one holds, the other does.
    """

    sheets: Mapping[str, Sheet]
    missing: tuple[SheetProblem, ...]
    token: str
    log_head: str | None

    @property
    def problems(self) -> tuple[SheetProblem, ...]:
        return (*self.missing, *(problem for sheet in self.sheets.values() for problem in sheet.problems))

    def sheet(self, table: Table) -> Sheet:
        """Raises StoreDamaged where the tab is not there."""
        if table.name not in self.sheets:
            raise damaged(missing_tab(table))
        return self.sheets[table.name]


@dataclass(slots=True)
class _Sending:
    """The tries of one transaction: the last plan; whether one of them may still arrive; whether one was refused."""

    made: Plan | None = None
    unclear: bool = False
    refused: bool = False


class SheetsStore:
    """The data of one office in one spreadsheet. Opening it reaches nobody yet.

    ``account`` is the service account's key as Google's JSON file has it; ``api_endpoint`` another server that speaks
    Google's API. Raises StoreUnavailable when the key cannot be read, and from each method when Google cannot be
    reached, refuses the account, or has no such spreadsheet; the message says what to do.
    """

    def __init__(
        self,
        spreadsheet_id: str,
        office: str,
        now: Callable[[], datetime],
        account: Mapping[str, object],
        api_endpoint: str = GOOGLE,
        patience: Patience | None = None,
    ) -> None:
        self.office = office
        self._now = now
        self.client = SheetsClient(spreadsheet_id, account, api_endpoint, patience or Patience())
        self._desk = desk_of(api_endpoint, spreadsheet_id)
        self._tabs: Mapping[str, Tab] | None = None
        self._journal = Journal()
        self._formats = Formats()

    @property
    def address(self) -> str:
        return address_of(self.client.spreadsheet)

    def read(self) -> Snapshot:
        book = self._book(SNAPSHOT_TABLES)
        tables = {t.name: book.sheets[t.name].rows if t.name in book.sheets else () for t in SNAPSHOT_TABLES}
        places = {name: sheet.places() for name, sheet in book.sheets.items()}
        return Snapshot(self.office, _revision(book), self._now(), tables, book.problems, places)

    def revision(self) -> int:
        return _revision(self._book(SNAPSHOT_TABLES))

    def commit(self, transaction: Transaction) -> Receipt:
        for change in transaction.changes:
            check(change)
        with self._desk.lock:
            return self._commit(transaction)

    def history(self, query: HistoryQuery) -> tuple[Row, ...]:
        with self._desk.lock:
            self._read_journal()
            if query.transaction_id:
                rows = self._journal.rows_of(query.transaction_id)
                lines = self._log_lines(min(rows), max(rows)) if rows else []
            else:
                lines = self._newest_lines(query)
        return _newest_first([line for line in lines if _fits(line, query)])[: max(query.limit, 0)]

    def log(self) -> Log:
        with self._desk.lock:
            for number in range(self.client.tries):
                self.client.pause(number)
                self._tabs = None  # the head comes with the tabs
                sheet = self._book((HISTORY,)).sheet(HISTORY)
                token, self._tabs = self._desk.token, self.tabs()
                if self._desk.token == token:
                    return Log(_whole_log(sheet), self._desk.log_head)
        raise StoreUnavailable("Riwayat sedang bertambah. Coba lagi sebentar lagi.")

    def file(self, file_id: str) -> bytes:
        """Only the rows of this file are read: the tab holds every document that was ever issued."""
        try:
            try:
                return joined(file_id, self._rows_of_file(file_id))
            except StoreUnavailable:
                raise
            except StoreError:  # somebody may have sorted the tab between its reads
                return joined(file_id, self._rows_of_file(file_id))
        except Refused:
            raise damaged(missing_tab(FILE)) from None

    def dump(self) -> Iterator[tuple[Table, tuple[Row, ...]]]:
        book = self._book(TABLES)
        for table in TABLES:
            yield table, book.sheet(table).rows

    def load(self, tables: Mapping[str, tuple[Row, ...]]) -> Withheld:
        check_rows(tables)
        tables, withheld = without_nip(tables)
        with self._desk.lock:
            self._tabs = None
            sheets = {name: _layout_only(sheet) for name, sheet in self._book(TABLES).sheets.items()}
            apply(sheets, [Insert(BY_NAME[name], row) for name, rows in tables.items() for row in rows])
            requests = [r for t in TABLES for r in replace_rows(_required(sheets, t), tables.get(t.name, ()))]
            head = str(head_of(tables.get(HISTORY.name, ())))
            log = _required(sheets, HISTORY)
            self._write_surely(log, lambda kept: [*requests, keep_log_head(head, kept is not None)])
            self._journal.forget()
            self._tabs = None
            for name, rows in tables.items():
                self._formats.plain_rows(BY_NAME[name], rows)
        return withheld

    def close(self) -> None:
        """Let go of all connections; the store opens new ones when it is used again."""
        self.client.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other writers of this process out, and forget the layout and the token afterwards."""
        with self._desk.lock:
            try:
                yield
            finally:
                self._desk.token = self._tabs = None
                self._journal.forget()

    def tabs(self) -> Mapping[str, Tab]:
        """The tabs by title, as they are now."""
        answer = self.client.metadata(f"{_TABS},{TOKEN_FIELDS}")
        self._desk.token, self._desk.log_head = token_in(answer), log_head_in(answer)
        return {tab.title: tab for tab in map(_tab, answer.get("sheets", ()))}

    # --- reading --------------------------------------------------------------------------------------------------

    def _book(self, tables: Sequence[Table], journal: Journal | None = None) -> Book:
        """These tables in one read; the tabs themselves are read once, and again when something looks wrong."""
        book = self._try_book(tables, journal)
        if book is None or (book.problems and any(problem.blocks for problem in book.problems)):
            self._tabs = None
            book = self._try_book(tables, journal)
        if book is None:
            raise StoreUnavailable("Susunan spreadsheet sedang berubah. Coba lagi sebentar lagi.")
        if not book.sheets:
            raise StoreUnavailable(f"Spreadsheet ini belum berisi tab aplikasi. Jalankan {PREPARE}.")
        return self._with_formats(book)

    def _try_book(self, tables: Sequence[Table], journal: Journal | None) -> Book | None:
        """None where the tabs are no longer what they were.

        To write, which is to read with a journal, of a table that grows without end only the ids are read.
        """
        known = self._tabs if self._tabs is not None else self.tabs()
        token, log_head = self._desk.token or "", self._desk.log_head
        here = [table for table in tables if table.name in known]
        grown = [table for table in here if table.on_demand] if journal is not None else []
        whole = [table for table in here if table not in grown]
        tail = journal.ranges() if journal is not None and HISTORY.name in known else []
        try:
            places = [self._place_of_ids(table) for table in grown]
            ranges = [*(quoted(t.name) for t in whole), *(r for place in places for r in place), *tail]
            grids = self.client.values(ranges) if ranges else []
        except Refused as refused:
            _LOG.warning("the tabs have changed: %s", refused.text)
            self._journal.forget()
            return None
        if tail and journal is not None and not journal.take(*grids[-2:]):
            return self._try_book(tables, journal)
        self._tabs = known
        sheets = {t.name: self._sheet(t, known[t.name], grid) for t, grid in zip(whole, grids, strict=False)}
        narrow = {}
        for n, table in enumerate(grown):
            header, ids = grids[len(whole) + 2 * n : len(whole) + 2 * n + 2]
            narrow[table.name] = ids_only(table, known[table.name], header, ids)
            if _ids_in(narrow[table.name]) != places[n]:
                return None  # somebody moved the columns meanwhile
        if tail and HISTORY.name not in sheets:
            sheets[HISTORY.name] = self._sheet(HISTORY, known[HISTORY.name], grids[-2])
        missing = tuple(missing_tab(t) for t in tables if t.name not in known)
        return Book({**check_references(sheets), **narrow}, missing, token, log_head)

    def _place_of_ids(self, table: Table) -> tuple[str, str]:
        """The ranges of headers and ids, as the headers are now. Raises Refused where the tab is not there."""
        [header] = self.client.values([f"{quoted(table.name)}!1:1"])
        return _ids_in(read_sheet(table, Tab(0, table.name, 0), header, _as_it_is))

    def _sheet(self, table: Table, tab: Tab, grid: Sequence[Sequence[Any]]) -> Sheet:
        return read_sheet(table, tab, grid, self._formats.as_typed if table is not HISTORY else _as_it_is)

    def _with_formats(self, book: Book) -> Book:
        ranges = self._formats.ranges(book.sheets)
        if not ranges:
            return book
        self._formats.take(book.sheets, self.client.metadata(FIELDS, ranges))
        again = {name: self._sheet(s.table, s.tab, s.grid) for name, s in book.sheets.items()}
        return replace(book, sheets=check_references(again))

    def _rows_of_file(self, file_id: str) -> tuple[Row, ...]:
        """Where the rows are is read out of one narrow column first. Raises Refused where the tab is not there."""
        title, tab = quoted(FILE.name), Tab(0, FILE.name, 0)
        [header] = self.client.values([f"{title}!1:1"])
        layout = read_sheet(FILE, tab, header, _as_it_is)
        layout.refuse_if_damaged()
        column = letter(layout.columns["file_id"])
        [names] = self.client.values([f"{title}!{column}:{column}"])
        places = [number for number, cells in enumerate(names, 1) if cells[:1] == [file_id]]
        if not places:
            return ()
        [grid] = self.client.values([f"{title}!A{places[0]}:{letter(layout.width - 1)}{places[-1]}"])
        return read_sheet(FILE, tab, [*header, *grid], _as_it_is).rows

    # --- writing --------------------------------------------------------------------------------------------------

    def _commit(self, transaction: Transaction) -> Receipt:
        sending = _Sending()
        touched = {change.table.name: change.table for change in transaction.changes}.values()
        needed = (*SNAPSHOT_TABLES, *(table for table in touched if table.on_demand))
        for number in range(self.client.tries):
            self.client.pause(number if sending.unclear else 0)
            if self._desk.token is None:
                self._tabs = None  # the token comes with the tabs, and before the data that it vouches for
            book = self._book(needed, self._journal)
            if self._journal.has(transaction.id):
                if not (sending.made and strayed(sending.made, book.sheets)):
                    return Receipt(transaction.id, _revision(book), repeated=sending.made is None)
                self._take_back(sending.made)
                continue
            try:
                made = self._plan(book, transaction)
            except StoreError:
                if not sending.unclear or self._cannot_arrive(book, sending):
                    raise
                continue
            if not made.lines or self._send(made, book.token, sending):
                return Receipt(transaction.id, _fingerprint(made.after()), repeated=False)
        raise StoreUnavailable(
            "Google Sheets belum memastikan bahwa perubahan ini tersimpan. Coba lagi nanti; yang sudah masuk tidak "
            "akan tertulis dua kali."
        )

    def _plan(self, book: Book, transaction: Transaction) -> Plan:
        for table in {change.table.name: change.table for change in transaction.changes}.values():
            book.sheet(table).refuse_if_damaged()
        log = book.sheet(HISTORY)
        log.refuse_if_damaged()
        sheets = {name: sheet for name, sheet in book.sheets.items() if name != HISTORY.name}
        refuse_nip(sheets[PROFILE.name].rows if PROFILE.name in sheets else (), transaction.changes)
        applied = apply(sheets, transaction.changes)
        base = read_head(book.log_head) or head_of(self._lines_so_far())
        keeps = book.log_head is not None
        return plan(sheets, log, applied, log_rows(transaction, unlogged(applied.lines)), base, keeps)

    def _lines_so_far(self) -> Sequence[Row]:
        """The whole log, where its head was never written down: in a spreadsheet of a version without seals."""
        return _whole_log(self._book((HISTORY,)).sheet(HISTORY)) if self._journal.last_row > 1 else ()

    def _send(self, made: Plan, token: str, sending: _Sending) -> bool:
        """Whether it surely landed, in the right place. If it landed elsewhere, it is taken back."""
        sending.made = made
        answer = self._swap(token, made.log, made.body, sending)
        proven = in_place(made, answer) if answer is not None else None
        if proven:
            self._desk.log_head = made.head
            self._note_written(made)
        elif proven is False:
            self._take_back(made)
        elif answer is not None:
            sending.unclear = True
        return bool(proven)

    def _cannot_arrive(self, book: Book, sending: _Sending) -> bool:
        """Whether earlier tries are surely lost: with another token they would be refused."""
        answer = self._swap(book.token, book.sheet(HISTORY), lambda first: {"requests": first}, sending)
        return answer is not None

    def _swap(
        self, token: str, log: Sheet, body: Callable[[list[Request]], Request], sending: _Sending
    ) -> Mapping[str, Any] | None:
        """Send this body with a change of the token before it; None where it was refused or is unclear."""
        self._desk.token = None
        try:
            answer = self.client.write(body(swap(token, log.tab.gid)), ANSWER_FIELDS)
        except Unclear:
            sending.unclear = True
            return None
        except Refused as refused:
            self._tabs = None
            self._journal.forget()
            if not is_replaced(refused):
                if sending.refused:
                    raise self.client.explained(refused) from None
                sending.refused = True
            return None
        self._desk.token = new_token(answer)
        return answer

    def _take_back(self, made: Plan) -> None:
        """Undo a transaction that hit other rows than it should have; what cannot be known is raised."""
        self._tabs = None
        sheets = self._book(TABLES).sheets
        repair = undo(made, sheets)
        self._write_surely(sheets[HISTORY.name], lambda kept: [*repair.requests, *_former_head(made, kept)])
        self._journal.forget()
        if repair.unknown:
            raise damaged(repair.unknown[0])

    def _write_surely(self, log: Sheet, requests: Callable[[str | None], Sequence[Request]]) -> None:
        """Send requests that may safely be sent twice, made for the head of the log that is written down.

        They take the token away, so that no other process goes on with a head that is no more.
        """
        for number in range(self.client.tries):
            self.client.pause(number)
            if number or self._desk.token is None:
                self.tabs()
            guard, self._desk.token = swap(self._desk.token or "", log.tab.gid), None
            try:
                self.client.write({"requests": [*guard, *requests(self._desk.log_head)]}, "spreadsheetId")
                return
            except Unclear as unclear:
                failure: Unclear | Refused = unclear
            except Refused as refused:
                if not is_replaced(refused):
                    raise self.client.explained(refused) from None
                failure = refused
        raise self.client.explained(failure)

    def _note_written(self, made: Plan) -> None:
        for write in made.writes:
            self._formats.plain(write.table, write.row_id, write.column, raw(write.new))
        for name, rows in made.inserts.items():
            self._formats.plain_rows(BY_NAME[name], rows)

    # --- the log --------------------------------------------------------------------------------------------------

    def _read_journal(self) -> None:
        self._book((), self._journal)

    def _newest_lines(self, query: HistoryQuery) -> list[Row]:
        """Lines from the end of the log until there are enough that fit, or no more."""
        last, lines = self._journal.last_row, list[Row]()
        while last > 1:
            first = max(last - _HISTORY_CHUNK + 1, 2)
            lines = [*self._log_lines(first, last), *lines]
            if sum(_fits(line, query) for line in lines) >= query.limit:
                break
            last = first - 1
        return lines

    def _log_lines(self, first: int, last: int) -> list[Row]:
        """The lines in these rows, from 1."""
        title = quoted(HISTORY.name)
        header, *_ = grids = self.client.values([f"{title}!1:1", f"{title}!A{first}:{letter(51)}{last}"])
        tab = Tab(0, HISTORY.name, 0)
        return list(read_sheet(HISTORY, tab, [*header[:1], *grids[1]], _as_it_is).rows)


def _revision(book: Book) -> int:
    return _fingerprint(book.sheets)


def _fingerprint(sheets: Mapping[str, Sheet]) -> int:
    """Of the tables of a snapshot; those on demand are not always read."""
    return fingerprint({name: sheet for name, sheet in sheets.items() if not BY_NAME[name].on_demand})


def _as_it_is(_table: str, _row_id: str, _column: str, number: Any) -> Any:
    return number


def _tab(sheet: Mapping[str, Any]) -> Tab:
    properties = sheet["properties"]
    rows = properties.get("gridProperties", {}).get("rowCount", 0)
    return Tab(properties.get("sheetId", 0), properties["title"], rows, tuple(map(_bounds, sheet.get("merges", ()))))


def _bounds(merge: Mapping[str, int]) -> Mapping[str, int]:
    return {
        "startRowIndex": merge.get("startRowIndex", 0),
        "startColumnIndex": merge.get("startColumnIndex", 0),
        "endRowIndex": merge.get("endRowIndex", 1),
        "endColumnIndex": merge.get("endColumnIndex", 1),
    }


def _ids_in(sheet: Sheet) -> tuple[str, str]:
    """The ranges of its headers and of its ids; of the first column where no header says "ID"."""
    title, column = quoted(sheet.table.name), letter(sheet.columns.get("id", 0))
    return f"{title}!1:1", f"{title}!{column}:{column}"


def _whole_log(sheet: Sheet) -> tuple[Row, ...]:
    """Every line, whatever people did to it. Raises StoreDamaged where columns are gone."""
    for problem in sheet.layout:
        raise damaged(problem)
    return every_row(sheet)


def _former_head(made: Plan, kept: str | None) -> list[Request]:
    """Back to the head before a transaction, unless another one has landed upon it."""
    return [keep_log_head(str(made.base), is_there=True)] if made.lines and kept == made.head else []


def _layout_only(sheet: Sheet) -> Sheet:
    """The sheet without its rows: they are about to be replaced, whatever is wrong with them."""
    return Sheet(sheet.table, sheet.tab, sheet.grid, sheet.columns, layout=sheet.layout)


def _required(sheets: Mapping[str, Sheet], table: Table) -> Sheet:
    if table.name not in sheets:
        raise damaged(missing_tab(table))
    sheets[table.name].refuse_if_damaged()
    return sheets[table.name]


def _newest_first(lines: Sequence[Row]) -> tuple[Row, ...]:
    """By time; of the same time, the later line first."""
    numbered = sorted(enumerate(lines), key=lambda item: (_moment(item[1]["at"]), item[0]), reverse=True)
    return tuple(line for _, line in numbered)


def _moment(value: Value) -> datetime:
    return value if isinstance(value, datetime) else datetime.min.replace(tzinfo=WIB)


def _fits(line: Row, query: HistoryQuery) -> bool:
    equal = {"by": query.by, "table": query.table, "transaction_id": query.transaction_id}
    if any(wanted and line[name] != wanted for name, wanted in equal.items()):
        return False
    if query.row_ids and line["row_id"] not in query.row_ids:
        return False
    day = _moment(line["at"]).astimezone(WIB).date()
    return (query.since is None or day >= query.since) and (query.until is None or day <= query.until)
