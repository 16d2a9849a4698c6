"""What a person in front of Chromium waits for: a visit, and a click until its last element."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from services.domain.roles import Role
from tests.bench.servers import Server
from tests.browser.conftest import CHROMIUM_NAMES, FLAGS, INDONESIA
from tests.browser.driver import DESKTOP, PATIENCE_MS, settled, sign_in
from tests.sample_folder import ROOT

Cookies = list[Any]

QUIET_MS = 300
"""A page without any change for so long is at rest."""

# Times are taken in the page itself, at the change that shows the text, so that the test's own speed is left out.
_VISIT = """(() => {
    const conditions = {%s};
    const seen = window.benchSeen = {};
    new MutationObserver(() => {
        for (const [name, there] of Object.entries(conditions))
            if (!(name in seen) && there()) seen[name] = performance.now();
    }).observe(document, {subtree: true, childList: true, characterData: true});
})()"""

# The clock starts at the event itself. ``ended`` is true once the run that it began is over.
_WATCH = (
    """([press, there]) => {
    const app = document.querySelector('[data-testid=stApp]');
    const arrived = new Function('ended', 'return ' + there);
    let started = null, shown = null, last = null, ran = false;
    const begin = () => { started ??= performance.now(); };
    for (const kind of ['click', 'keydown']) document.addEventListener(kind, begin, {capture: true, once: true});
    const observer = new MutationObserver(() => {
        const over = app.dataset.testScriptState === 'notRunning';
        ran ||= !over;
        last = performance.now();
        if (shown === null && arrived(ran && over)) shown = last;
    });
    observer.observe(app, {subtree: true, childList: true, characterData: true, attributeFilter: [STATE]});
    window.benchRun = new Promise((resolve, reject) => {
        const from = performance.now(), end = (finish, value) => {
            clearInterval(timer); observer.disconnect(); finish(value);
        };
        const timer = setInterval(() => {
            const now = performance.now(), over = app.dataset.testScriptState === 'notRunning';
            if (shown !== null && over && now - last > QUIET)
                end(resolve, {text: shown - started, rest: last - started});
            else if (now - from > PATIENCE) end(reject, new Error('nothing came of ' + (press || 'the key')));
        }, 20);
    });
    if (press) document.querySelector(press).click();
}""".replace("STATE", "'data-test-script-state'")
    .replace("QUIET", str(QUIET_MS))
    .replace("PATIENCE", str(PATIENCE_MS))
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A page as the benchmark knows it. Conditions are JavaScript expressions; ``drawn`` also waits for the charts."""

    text: str
    drawn: str


EMPTY = Subject("document.querySelector('[data-testid=stMarkdown] p')", "true")
DASHBOARD = Subject(
    "document.querySelector('.mv-heat td')",
    "document.querySelectorAll('[data-testid=stVegaLiteChart] :is(canvas, svg)').length >= 3",
)


@dataclass(frozen=True, slots=True)
class Waited:
    """Milliseconds until the last text stood there, and until everything was drawn and at rest."""

    text: float
    rest: float


@contextmanager
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        raise SystemExit("Chromium is not installed. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def signed_in(browser: Browser, server: Server, role: Role = Role.PKP) -> Cookies:
    """Cookies of a real sign-in, good on every server with the same data folder."""
    with _context(browser, []) as context:
        page = context.new_page()
        page.goto(server.address)
        sign_in(page, role)
        return list(context.cookies())


def visit(browser: Browser, server: Server, subject: Subject, cookies: Cookies) -> Waited:
    """From navigation, with nothing in the browser's cache."""
    with _context(browser, cookies) as context:
        page = context.new_page()
        return _visited(page, server, subject)


def visit_all(browser: Browser, server: Server, cookies: Cookies) -> None:
    """Open every page once."""
    names = sorted(file.stem for file in (ROOT / "pages").glob("*.py"))
    with _context(browser, cookies) as context:
        page = context.new_page()
        for name in names:
            page.goto(f"{server.address}/{name}")
            settled(page)


@contextmanager
def tab(browser: Browser, server: Server, subject: Subject, cookies: Cookies) -> Iterator[Page]:
    """A page that has been opened and is at rest."""
    with _context(browser, cookies) as context:
        page = context.new_page()
        _visited(page, server, subject)
        yield page


def count_up(page: Page) -> Waited:
    """The empty page: its only button changes its only text."""
    before = page.locator("[data-testid=stMarkdown] p").inner_text()
    text = "document.querySelector('[data-testid=stMarkdown] p')"
    return _timed(page, f"{text} && {text}.textContent !== {json.dumps(before)}", "[data-testid=stButton] button")


def filter_heat_map(page: Page) -> Waited:
    """The dashboard: the button beside the heat map shows all its rows, or only some again."""
    rows = "document.querySelectorAll('.mv-heat tr').length"
    other = ".st-key-dasbor-saringan [role=radio][aria-checked=false]"
    return _timed(page, f"{rows} > 0 && {rows} !== {page.evaluate(rows)}", other)


def choose_quarter(page: Page) -> Waited:
    """The dashboard: the box of the quarter, from TW III to TW II or back; everything is drawn anew."""
    caption = "document.querySelector('.mv-heat caption')"
    wanted = "Triwulan II" if "Triwulan III " in page.evaluate(f"{caption}.textContent") else "Triwulan III"
    page.locator(".st-key-mv-pilih-triwulan input").click()
    page.get_by_role("option", name=wanted, exact=True).evaluate("option => option.setAttribute('data-bench', '')")
    return _timed(page, f"{caption} && {caption}.textContent.includes({json.dumps(wanted + ' ')})", "[data-bench]")


def run_again(page: Page) -> Waited:
    """Any page: Streamlit's key for a rerun; the whole page runs, and nothing in it changes."""
    return _timed(page, "ended", key="r")


@dataclass(frozen=True, slots=True)
class Rerun:
    """The same kind of rerun on both pages; on the empty one, whatever is drawn anew is one text."""

    what: str
    on_dashboard: Callable[[Page], Waited]
    on_empty: Callable[[Page], Waited]


RERUNS = (
    Rerun("rerun of the whole page, same data", run_again, run_again),
    Rerun("click, heat map filter", filter_heat_map, count_up),
    Rerun("click, other quarter", choose_quarter, count_up),
)


@contextmanager
def _context(browser: Browser, cookies: Cookies) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, **INDONESIA)
    try:
        context.add_cookies(cookies)
        yield context
    finally:
        context.close()


def _visited(page: Page, server: Server, subject: Subject) -> Waited:
    page.add_init_script(_VISIT % f"text: () => {subject.text}, rest: () => {subject.text} && {subject.drawn}")
    page.goto(server.address)
    page.wait_for_function("'text' in window.benchSeen && 'rest' in window.benchSeen", timeout=PATIENCE_MS)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=PATIENCE_MS)
    return Waited(**page.evaluate("({text: benchSeen.text, rest: benchSeen.rest})"))


def _timed(page: Page, there: str, press: str | None = None, key: str = "") -> Waited:
    page.evaluate(_WATCH, [press, there])
    if key:
        page.keyboard.press(key)
    return Waited(**page.evaluate("window.benchRun"))
