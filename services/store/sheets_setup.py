"""Making a spreadsheet ready for an office: what it should be comes from the schema and from the office's data.

One run reads the spreadsheet, plans what differs, and sends that as one batchUpdate under the token that guards all
writes. A second run finds nothing to do. What people typed is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.store.schema import BY_NAME, CYCLE, ENTRY, HISTORY, INDICATOR, Table
from services.store.sheets import SheetsStore
from services.store.sheets_errors import Refused, Unclear
from services.store.sheets_guide import guide
from services.store.sheets_look import Office, changes
from services.store.sheets_reading import Sheet, Tab, check_references, read_sheet
from services.store.sheets_repair import repair
from services.store.sheets_state import Book, Draft, TabState, read_book
from services.store.sheets_token import is_replaced, swap
from services.store.store import StoreUnavailable

LOCALE, TIME_ZONE = "id_ID", "Asia/Jakarta"
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done (or would be, in a trial), and what people must put right themselves; sentences in Indonesian."""

    done: tuple[str, ...]
    left: tuple[str, ...]


def prepare(store: SheetsStore, trial: bool = False) -> Outcome:
    """Make the spreadsheet ready, or only say what would be done. Raises StoreUnavailable."""
    with store.alone():
        return _prepare(store, trial)


def _prepare(store: SheetsStore, trial: bool) -> Outcome:
    sent: Draft | None = None
    for number in range(store.client.tries):
        store.client.pause(number)
        try:
            book = read_book(store)
            draft = planned(book, store.client.email)
            if trial or not draft.requests:
                return Outcome(tuple((sent or draft).done), tuple(draft.left))
            store.client.write({"requests": [*draft.requests, *_guarded(book, draft)]}, "spreadsheetId")
        except Unclear:
            sent = draft  # whether it landed, the next reading shows
        except Refused as refused:
            if not is_replaced(refused):
                raise store.client.explained(refused) from None
        else:
            return Outcome(tuple(draft.done), tuple(draft.left))
    raise StoreUnavailable("Google Sheets belum memastikan bahwa spreadsheet sudah disiapkan. Jalankan lagi nanti.")


def planned(book: Book, account: str) -> Draft:
    """All that differs from what the spreadsheet should be. ``account``: the service account's address."""
    draft = Draft()
    _settings(book, draft)
    tabs = repair(book, draft)
    office = Office(_sheets(tabs), account)
    for name, sheet in office.sheets.items():
        found = changes(sheet.table, tabs[name], office)
        if found:
            said = ", ".join(change.said for change in found)
            draft.do(f"{name}: {said}.", *(request for change in found for request in change.requests))
    guide(book, office, draft)
    draft.left += _problems(office.sheets)
    draft.left += _lost_rows(office)
    return draft


def _guarded(book: Book, draft: Draft) -> list[dict[str, object]]:
    """The token moves in the same request, so that no other process writes by a layout that is no more."""
    added = [request["addSheet"]["properties"] for request in draft.requests if "addSheet" in request]
    gids = {tab.title: tab.gid for tab in book.tabs.values()} | {one["title"]: one["sheetId"] for one in added}
    return swap(book.token, gids[HISTORY.name]) if HISTORY.name in gids else []


def _settings(book: Book, draft: Draft) -> None:
    wanted = {"locale": LOCALE, "timeZone": TIME_ZONE}
    if {name: book.properties.get(name) for name in wanted} != wanted:
        said = f"Setelan spreadsheet: bahasa Indonesia ({LOCALE}) dan zona waktu {TIME_ZONE}."
        draft.do(said, {"updateSpreadsheetProperties": {"properties": wanted, "fields": "locale,timeZone"}})


def _sheets(tabs: Mapping[str, TabState]) -> dict[str, Sheet]:
    """The tables as the application will read them; of the log only its head."""
    read = {name: _sheet(BY_NAME[name], tab) for name, tab in tabs.items()}
    return check_references(read)


def _sheet(table: Table, tab: TabState) -> Sheet:
    return read_sheet(table, Tab(tab.gid, table.name, tab.rows), tab.grid, lambda _t, _r, _c, number: number)


def _problems(sheets: Mapping[str, Sheet]) -> Iterator[str]:
    """Cells that cannot be used, those that keep the application from writing first."""
    found = [p for name, sheet in sheets.items() if name != HISTORY.name for p in sheet.problems]
    found.sort(key=lambda problem: not problem.blocks)
    for problem in found[:_MOST_NAMED]:
        typed = f" (tertulis “{problem.typed}”)" if problem.typed else ""
        yield f"{problem.tab}!{problem.cell}: {problem.why}{typed}. {problem.suggestion}"
    if len(found) > _MOST_NAMED:
        yield f"Masih ada {len(found) - _MOST_NAMED} sel lain yang perlu dibetulkan."


def _lost_rows(office: Office) -> Iterator[str]:
    """Each active indicator has a row in every open quarter, so one that lacks it was deleted by somebody."""
    if not {ENTRY.name, INDICATOR.name, CYCLE.name} <= set(office.sheets):
        return
    there = {(row["year"], row["quarter"], row["indicator_id"]) for row in office.rows(ENTRY)}
    unread = {str(found.row["indicator_id"]) for found in office.sheets[ENTRY.name].found.values()}
    unread -= {str(indicator) for _, _, indicator in there}
    for cycle in office.rows(CYCLE):
        for row in office.rows(INDICATOR):
            key = (cycle["year"], cycle["quarter"], row["id"])
            if cycle["locked_at"] is None and row["active"] and key not in there and row["id"] not in unread:
                yield (
                    f"Isian: baris “{row['name']}” tahun {key[0]} triwulan {key[1]} tidak ada. Bila terhapus, pulihkan "
                    "lewat File > Riwayat versi."
                )
