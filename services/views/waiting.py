"""Transactions of the outbox in words: what each would change."""

from __future__ import annotations

from collections.abc import Iterator

from services.store.changes import LogLine, inserted, log_rows, updated
from services.store.store import Insert, Transaction
from services.views.history import HistoryLine, history_lines
from services.views.office import Office


def changes_in_words(office: Office, transaction: Transaction) -> tuple[HistoryLine, ...]:
    """The lines that the transaction would leave in the log, with what the person saw as the old value."""
    return history_lines(office, log_rows(transaction, tuple(_lines(transaction))))


def _lines(transaction: Transaction) -> Iterator[LogLine]:
    for change in transaction.changes:
        if isinstance(change, Insert):
            yield inserted(change.table, change.row)
            continue
        for name in change.new:
            yield updated(change, name, change.old.get(name))
