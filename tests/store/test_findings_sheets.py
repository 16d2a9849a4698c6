"""Periksa data on a shared sheet: every cell by its address, and what people type after a submission is noticed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from services.actions.answers import correct
from services.actions.base import Context
from services.actions.entries import submit_section
from services.domain.findings import FindingKind
from services.domain.roles import Actor, Role
from services.store import schema
from services.store.sheets import SheetsStore
from services.views.findings import Checked, open_findings
from services.views.office import Office
from tests.sheets_server.control import Edit, Server
from tests.store.sheets import Book, new_book
from tests.unit import offices
from tests.unit.offices import NOW, PERIOD

LINK = "https://drive.example/bukti"
KASI = Actor("kasi.pem", "Kasi", Role.KASI, "pem")


@pytest.fixture
def book(google: Server) -> Book:
    """An office with two indicators, the second of which says ``1.250``."""
    book = new_book(google)
    texts = {"section_id": "pem", "evidence": LINK}
    placed = offices.snapshot(
        offices.section("pem"),
        offices.indicator("a", "pem", order=1),
        offices.indicator("b", "pem", order=2),
        offices.target("a", annual=Decimal(100)),
        offices.target("b", annual=Decimal(100)),
        offices.cycle(sop_version="1"),
        offices.entry("a", 90, id="e-a", **texts),
        offices.entry("b", "1.250", id="e-b", **texts),
    )
    store = book.open()
    store.load(placed.tables)
    store.close()
    return book


def context(store: SheetsStore, hours: int = 0) -> Context:
    return Context(store, Office(store.read()), KASI, NOW + timedelta(hours=hours), "Uji")


def found(store: SheetsStore) -> tuple[Checked, ...]:
    return open_findings(Office(store.read()), PERIOD)


def test_a_finding_names_tab_and_cell_and_the_answer_lands_in_it(book: Book) -> None:
    store = book.open()
    (checked,) = found(store)
    column = store.read().places["Isian"].columns["actual"]
    assert (checked.finding.kind, checked.place) == (FindingKind.AMBIGUOUS, f"Isian!{column}3")
    correct(context(store), checked.finding, PERIOD, "125")
    assert found(store) == ()
    (answer,) = store.read().rows(schema.ANSWER)
    assert (answer["typed"], answer["by"]) == ("1.250", "kasi.pem")


def test_what_somebody_types_into_the_sheet_after_the_submission_does_not_count(book: Book) -> None:
    store = book.open()
    submit_section(context(store), "pem", PERIOD, "apa adanya")
    column = store.read().places["Isian"].columns["actual"]
    book.human(Edit.type("Isian", f"{column}2", "12"))
    changed = next(c for c in found(store) if c.finding.kind is FindingKind.CHANGED)
    assert (changed.place, changed.finding.typed) == (f"Isian!{column}2", "12")
    counted = Office(store.read()).entry("a", PERIOD)
    assert counted is not None
    assert counted.actual.value == 90
