"""Rows that belong to a place in a quarter, such as the monev of a section: made when the first thing is saved."""

from __future__ import annotations

from collections.abc import Mapping

from services.domain.indicators import Period
from services.store.schema import Kind, Table
from services.store.store import Change, Insert, Row, Update, Value


def put(
    table: Table,
    row_id: str,
    period: Period,
    stored: Row | None,
    place: Mapping[str, Value],
    old: Mapping[str, Value],
    new: Mapping[str, Value],
) -> Change:
    """New values of the one row that belongs to a place in a quarter: changed where it is, made where it is not.

    ``row_id`` is made from the place, so that two people who make the row at once make one.
    """
    if stored is not None:
        return Update(table, str(stored["id"]), old, new)
    blank: dict[str, Value] = {c.name: "" if c.kind is Kind.TEXT else None for c in table.columns}
    return Insert(table, {**blank, "id": row_id, "year": period.year, "quarter": period.quarter, **place, **new})
