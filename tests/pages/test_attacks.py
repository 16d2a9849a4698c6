"""Whatever stands in the office's texts, no page runs it or shows it as markup."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from itertools import count

import pytest

from services.store import schema
from services.store.schema import Kind, Table
from services.store.store import Row, Value
from services.ui import session
from services.ui.navigation import ENTRIES
from tests.pages.conftest import Opener
from tests.pages.looking import markup

ATTACKS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    '=HYPERLINK("http://x.example")',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "<iframe src=//x.example></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "</style><script>alert(1)</script>",
    "&lt;script&gt;",
    "[x](javascript:alert(1))",
    "![x](http://x.example/x.png)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "$\\href{javascript:alert(1)}{x}$",
    ":material/delete: :red[x]",
    "`x` **x** # x",
    "\u202egnp.exe",
    "a\u200bb\u2060c",
    "baris\nINFO palsu",
    "baris\r\nSet-Cookie: a=b",
    "{nb} {0} %s %n",
    'a;b\tc,"d"',
    "../../etc/passwd",
    "x" * 4_001,
)
LIVE_LINK = re.compile(r"(?<!\\)\]\((?:javascript:|http://x)")
FORBIDDEN_TAGS = {"script", "iframe", "object", "embed", "base", "form", "link", "meta"}
FREE = {
    schema.ENTRY: ("driver", "obstacle", "follow_up"),
    schema.INDICATOR: ("name", "definition", "formula", "source", "objective", "programme"),
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
    schema.OFFICIAL: ("name", "rank"),
}


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
            if tag == "img" and name == "src" and not link.startswith("data:image/"):
                self.dangers.append(f"<img src={value}>")


def dangers(markup_text: str) -> list[str]:
    reader = _Reader()
    reader.feed(markup_text)
    return reader.dangers


def test_the_reader_of_this_test_sees_what_a_browser_would_run() -> None:
    assert all(dangers(text) for text in ATTACKS if text.startswith(("<script", "<img", "<svg", "<iframe", "<a", "</")))
    assert len(ATTACKS) == 30


@pytest.fixture
def poisoned(office_folder: object) -> None:
    """Every free text of the office is one of the attacks; what its own rules let be a key stays."""
    store = session.runtime().store
    number = count()
    tables = {table.name: tuple(_poisoned(table, row, number) for row in rows) for table, rows in store.dump()}
    store.load(tables)


def _poisoned(table: Table, row: Row, number: count[int]) -> Row:
    changed: dict[str, Value] = {}
    for name in FREE.get(table, ()):
        if table.column(name).kind is Kind.TEXT or isinstance(row[name], str):
            changed[name] = ATTACKS[next(number) % len(ATTACKS)]
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


@pytest.mark.usefixtures("poisoned")
def test_what_people_typed_comes_back_as_they_typed_it(open_page: Opener) -> None:
    shown = html.unescape(markup(open_page("indikator", "pkp")))
    assert sum(text in shown for text in ATTACKS) > 5
