"""Whatever stands in the office's texts, no page runs it or shows it as markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import count

import pytest
from streamlit.testing.v1 import AppTest

from services.auth.sessions import Visitor
from services.auth.trail import Event
from services.store import schema
from services.store.schema import Kind, Table
from services.store.store import Row, Store, Value
from services.ui import session
from services.ui.navigation import ENTRIES
from tests.attacks import ATTACKS, EVIL_LINKS
from tests.pages.conftest import Opener
from tests.pages.looking import markup

SAFE_LINK = re.compile(r"https?://[a-z0-9]|(?![a-z][a-z0-9+.-]*:|//|\\\\)[^\x00-\x20]")
"""To the web, or to a place of the application itself."""
LIVE_LINK = re.compile(r"(?<!\\)\]\((?:javascript:|http://x)")
STORABLE = tuple(text for text in ATTACKS if "\0" not in text)
"""No action sends a NUL to the store."""
FORBIDDEN_TAGS = {"script", "iframe", "object", "embed", "base", "form", "link", "meta"}
FREE = {
    schema.ENTRY: ("driver", "obstacle", "follow_up"),
    schema.INDICATOR: ("name", "code", "unit", "definition", "formula", "source", "objective", "programme"),
    schema.SECTION: ("name", "short"),
    schema.STEP_EVENT: ("note",),
    schema.EXCEPTION: ("reason",),
    schema.TARGET: ("legal_basis",),
    schema.SOP_STEP: ("procedure", "requirement", "output"),
    schema.ANSWER: ("reason", "typed"),
    schema.MONEV: ("officer", "place", "focus", "attendees", "findings", "recommendation"),
    schema.MONEV_CHECK: ("note",),
    schema.ANALYSIS: ("drivers", "obstacles", "comparison", "recommendation"),
    schema.FOLLOW_UP: ("what", "who", "note"),
    schema.DRAFT: ("note",),
    schema.MEETING: ("place", "attendees", "minutes", "decisions"),
    schema.CORRECTION: ("text", "answer", "chapter"),
    schema.VERIFICATION: ("reason",),
    schema.HISTORY: ("action", "old", "new"),
    schema.HOLIDAY: ("name", "basis"),
    schema.OFFICIAL: ("post", "name", "nip", "rank"),
    schema.RATING: ("label",),
    schema.PROFILE: ("value", "note"),
    schema.SOP_VERSION: (
        *("number", "title", "ratified_by", "legal_bases", "qualifications", "related", "equipment"),
        *("warning", "recording"),
    ),
    schema.DOCUMENT: ("number", "place", "signatory"),
    schema.ARCHIVE: ("register", "location", "note"),
    schema.REPORT_TEXT: ("text",),
}
KEYS = {"by", "role", "source", "seal", "sop_version", "event", "kind", "table", "column", "level", "polarity"}
KEYS |= {
    "aggregation",
    "status",
    "origin",
    "verdict",
    "scope",
    "subject",
    "version",
    "sha256",
    "fingerprint",
    "content",
}
KEYS |= {"executor", "involved", "planned_at", "evidence"}
CHOSEN = {(schema.ANSWER, "answer"), (schema.MONEV_CHECK, "answer"), (schema.REPORT_TEXT, "name")}
CHOSEN |= {(schema.SOP_STEP, "unit")}
"""Texts that are keys, or stand in a list, or have a form of their own, like links and hours."""
SETTINGS = {"contoh", "lambang"}
"""Settings of the office that are no text for people."""
LIVE = ("**x**", "![x](", "[x](", "$\\href", ":red[", ":material/delete: ")
"""What would be Markdown of its own where a text stands unescaped in a label."""


class _Reader(HTMLParser):
    """Gathers what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.dangers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.dangers += [f"<{tag}>"] if tag in FORBIDDEN_TAGS else []
        for name, value in attrs:
            link = (value or "").strip().casefold()
            runs = name.startswith("on") or link.startswith(("javascript:", "data:text")) or "x.example" in link
            if runs and name not in ("title", "aria-label", "alt"):
                self.dangers.append(f"<{tag} {name}={value}>")
            if name in ("href", "action", "formaction", "xlink:href") and not SAFE_LINK.match(link):
                self.dangers.append(f"<{tag} {name}={value}>")
            if tag == "img" and name == "src" and not link.startswith("data:image/"):
                self.dangers.append(f"<img src={value}>")


def dangers(markup_text: str) -> list[str]:
    reader = _Reader()
    reader.feed(markup_text)
    return reader.dangers


def test_the_reader_of_this_test_sees_what_a_browser_would_run() -> None:
    assert all(dangers(text) for text in ATTACKS if text.startswith(("<script", "<img", "<svg", "<iframe", "<a", "</")))
    assert len(ATTACKS) == 30


def test_every_text_that_a_person_may_write_is_poisoned_here() -> None:
    texts = {(t, c.name) for t in schema.TABLES for c in t.columns if c.kind is Kind.TEXT and not c.references}
    keys = {(t, name) for t, name in texts if name in KEYS or name == "id" or name.endswith(("_id", "_by"))}
    free = {(t, name) for t, names in FREE.items() for name in names}
    assert texts - keys - CHOSEN - free == set()


@pytest.fixture
def poisoned(office_folder: object) -> None:
    """Every free text of the office is one of the attacks; what its own rules let be a key stays."""
    poison(session.runtime().store, STORABLE)
    accounts = session.runtime().accounts
    for n, account in enumerate(accounts.all()):
        accounts.describe(account.username, name=STORABLE[n % len(STORABLE)][:200], email=STORABLE[n - 1][:200])
        accounts.sessions.start(account, Visitor(STORABLE[n][:45], STORABLE[-n][:200]))
        accounts.trail.record(Event.DENIED, account.username, address=STORABLE[n][:45], detail=STORABLE[-n][:200])


def poison(store: Store, attacks: Sequence[str]) -> None:
    number = count()
    tables = {t.name: tuple(_poisoned(t, row, attacks, number) for row in rows) for t, rows in store.dump()}
    store.load(tables)


def _poisoned(table: Table, row: Row, attacks: Sequence[str], number: count[int]) -> Row:
    changed: dict[str, Value] = {}
    if table is schema.PROFILE and row["id"] in SETTINGS:
        return row
    for name in FREE.get(table, ()):
        if table.column(name).kind is Kind.TEXT or isinstance(row[name], str):
            changed[name] = attacks[next(number) % len(attacks)]
    if "evidence" in row:
        changed["evidence"] = EVIL_LINKS[next(number) % len(EVIL_LINKS)]
    return {**row, **changed}


@pytest.mark.parametrize("page", [entry.name for entry in ENTRIES])
@pytest.mark.usefixtures("poisoned")
def test_no_page_runs_what_people_typed(open_page: Opener, page: str) -> None:
    app = open_page(page, "admin" if page == "pengguna" else "pkp")
    assert dangers(markup(app)) == []
    assert not app.exception
    for kind in ("markdown", "caption", "info", "warning", "error", "success"):
        for element in getattr(app, kind):
            assert not LIVE_LINK.search(element.value), element.value
            if kind == "markdown" and element.proto.allow_html:
                assert dangers(element.value) == []
    assert [label for label in labels(app) if any(mark in label for mark in LIVE)] == []


def labels(app: AppTest) -> Iterator[str]:
    """Every label and help text of the page, with those of tabs, expanders and choices, which are all Markdown."""
    blocks = [app.main, app.sidebar]
    while blocks:
        block = blocks.pop()
        blocks += getattr(block, "children", {}).values()
        proto = getattr(block, "proto", None)
        for holder in (proto, getattr(proto, "expandable", None), getattr(proto, "tab", None)):
            yield from (str(getattr(holder, name)) for name in ("label", "help") if getattr(holder, name, ""))
        if block.type in ("radio", "button_group"):
            yield from map(str, block.options)


@pytest.mark.usefixtures("poisoned")
def test_what_people_typed_comes_back_as_they_typed_it(open_page: Opener) -> None:
    shown = html.unescape(markup(open_page("indikator", "pkp")))
    assert sum(text in shown for text in ATTACKS) > 5
