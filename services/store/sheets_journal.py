"""Which transactions have landed: the column of transaction ids in the log, read once and then only from its end on."""

from __future__ import annotations

from collections.abc import Sequence

from services.store.schema import HISTORY
from services.store.sheets_reading import Grid, letter, normal_header, quoted

_COLUMN = "transaction_id"


class Journal:
    """The ids that one process has seen. Its owner keeps it under a lock."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Read everything again next time."""
        self._column = HISTORY.names.index(_COLUMN)
        self._ids: list[str] = []  # by row, the header's row first
        self._known: set[str] = set()

    def has(self, transaction_id: str) -> bool:
        return transaction_id in self._known

    @property
    def last_row(self) -> int:
        """Number of the last row with an id, from 1; 1 is the header's."""
        return max(len(self._ids), 1)

    def rows_of(self, transaction_id: str) -> list[int]:
        """Row numbers, from 1, of the lines of a transaction."""
        return [number for number, found in enumerate(self._ids, 1) if found == transaction_id]

    def ranges(self) -> list[str]:
        """What to read: the headers, and the ids from the last known one on."""
        title, column = quoted(HISTORY.name), letter(self._column)
        return [f"{title}!1:1", f"{title}!{column}{self.last_row}:{column}"]

    def take(self, header: Grid, tail: Grid) -> bool:
        """Learn from what was read. False: the log has been rearranged, all of it must be read again."""
        headers = [normal_header(cell) for cell in (header[0] if header else ())]
        wanted = normal_header(HISTORY.column(_COLUMN).header)
        if wanted in headers and headers.index(wanted) != self._column:
            self.forget()
            self._column = headers.index(wanted)
            return False
        ids = [_text(row) for row in tail]
        if self._ids and ids[:1] != self._ids[-1:]:
            self.forget()
            return False
        self._ids = self._ids[:-1] + ids
        self._known.update(filter(None, ids[0 if self.last_row > len(ids) else 1 :]))
        return True


def _text(row: Sequence[object]) -> str:
    return str(row[0]) if row and row[0] is not None else ""
