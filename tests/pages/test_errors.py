"""Wherever something fails, people read in Indonesian what to do and a reference, and nothing of the error itself."""

from __future__ import annotations

import ast
import asyncio
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from services import log
from services.auth.gate import Gate
from services.store.store import InvalidChange, StoreUnavailable
from services.ui import downloads, frame, guard, navigation, session
from services.ui.navigation import ENTRIES
from tests import canaries
from tests.pages.conftest import Opener
from tests.sample_folder import ROOT

SECRET = "rahasia dapur\n2026-11-03 10:20:00,000 ERROR palsu \x1b[2J"
CODE = re.compile(r"Kode \*{0,2}([0-9A-F]{6})\*{0,2}\.")
SOURCES = sorted([*(ROOT / "services" / "ui").glob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])
CALLING = ("on_click", "on_change", "on_select")
TREES = {file: ast.parse(file.read_text("utf-8")) for file in SOURCES}


def fail(*_: object, **__: object) -> Any:
    raise RuntimeError(SECRET)


def away(*_: object, **__: object) -> Any:
    raise StoreUnavailable("Basis data tidak menjawab.")


def code_of(app: AppTest, folder: Path) -> str:
    """The reference of the one message, after looking that nothing but it is shown and that the log explains it."""
    [message] = [*app.error, *app.warning]
    found = CODE.search(message.value)
    assert found, message.value
    assert not app.exception
    shown = canaries.shown(app)
    assert not any(word in shown for word in ("dapur", "Traceback", "RuntimeError", "streamlit"))
    entries = [line for line in (folder / "galat.log").read_text("utf-8").splitlines() if not line.startswith("    | ")]
    assert [line for line in entries if f"Galat {found[1]}: " in line]
    return found[1]


# --- pages -------------------------------------------------------------------------------------------------------


def at_last(monkeypatch: pytest.MonkeyPatch, app: AppTest) -> None:
    """Let the last question for the time in a run of this page fail, which lies deep within its own work."""
    asked, real = 0, session.now

    def counted() -> object:
        nonlocal asked
        asked += 1
        return real()

    monkeypatch.setattr(session, "now", counted)
    app.run()
    last, asked = asked, 0

    def breaking() -> object:
        counted()
        return fail() if asked >= last else real()

    monkeypatch.setattr(session, "now", breaking)


@pytest.mark.parametrize("page", [entry.name for entry in ENTRIES])
def test_a_page_that_fails_shows_a_reference_and_no_trace(
    open_page: Opener, page: str, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(page, "admin" if page == "pengguna" else "pkp")
    with monkeypatch.context() as patch:
        at_last(patch, app)
        late = code_of(app.run(), office_folder)
    place, name = (guard, "require_invitation") if page == "pasang" else (frame, "header")
    monkeypatch.setattr(place, name, fail)
    assert code_of(app.run(), office_folder) != late
    assert app.sidebar.button(key="mv-keluar")


@pytest.mark.parametrize(
    ("place", "name"), [(navigation, "choose"), (navigation, "sidebar"), (session, "draw_cookie_job")]
)
def test_what_fails_around_the_page_is_no_different(
    open_page: Opener, office_folder: Path, monkeypatch: pytest.MonkeyPatch, place: object, name: str
) -> None:
    app = open_page("dasbor", "camat")
    monkeypatch.setattr(place, name, fail)
    code_of(app.run(), office_folder)


def test_the_sign_in_page_is_no_different(app: AppTest, office_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ui.signin._cover", fail)
    code_of(app.run(), office_folder)


def test_what_cannot_even_be_imported_is_no_different(
    app: AppTest, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything of ours has run, and so before anything has opened galat.log."""
    opened: list[logging.Handler] = []
    for name in log.OWN:
        monkeypatch.setattr(logging.getLogger(name), "handlers", opened)
    monkeypatch.setitem(sys.modules, "services.ui.main", None)
    code_of(app.run(), office_folder)
    assert app.title[0].value == "Monev Silaut"
    for handler in opened:
        handler.close()


def test_a_store_that_is_away_has_a_reference_too(
    open_page: Opener, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("riwayat", "camat")
    monkeypatch.setattr(frame, "header", away)
    code_of(app.run(), office_folder)
    assert app.warning[0].proto.title == "Penyimpanan data tidak dapat dihubungi."
    assert "Basis data tidak menjawab" in app.warning[0].value


def test_a_change_that_no_store_takes_is_our_defect_and_is_not_explained(
    open_page: Opener, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("riwayat", "camat")

    def broken(*_: object, **__: object) -> None:
        raise InvalidChange("dapur: kolom tidak ada")

    monkeypatch.setattr(frame, "header", broken)
    code_of(app.run(), office_folder)


def test_a_wrong_setting_has_a_reference_too(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MONEV_STORE", "oracle://ani:rahasia-dapur@di-sana")
    app.run()
    found = CODE.search(app.error[0].value)
    assert found
    assert found[1] in caplog.text
    assert "rahasia-dapur" not in canaries.shown(app) + caplog.text


# --- presses -----------------------------------------------------------------------------------------------------


def test_a_press_that_fails_is_said_and_the_page_stays(
    open_page: Opener, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("dasbor", "camat")
    monkeypatch.setattr(Gate, "leave", fail)
    app.sidebar.button(key="mv-keluar").click().run()
    code_of(app, office_folder)
    assert app.error[0].proto.title == "Tindakan terakhir tidak selesai."
    assert app.selectbox(key="mv-pilih-triwulan").value == 3
    assert not app.run().error


def test_a_sign_in_that_fails_keeps_the_form(
    app: AppTest, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.run()
    monkeypatch.setattr(Gate, "enter", fail)
    app.text_input(key="masuk-nama").set_value("budi")
    app.text_input(key="masuk-sandi").set_value("sepeda biru naik bukit")
    next(button for button in app.button if button.label == "Masuk").click().run()
    code_of(app, office_folder)
    assert app.text_input(key="masuk-nama").value == "budi"


def test_a_press_while_the_store_is_away_says_so(
    open_page: Opener, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("dasbor", "camat")
    monkeypatch.setattr(Gate, "leave", away)
    app.sidebar.button(key="mv-keluar").click().run()
    code_of(app, office_folder)
    assert "tidak dijalankan" in app.warning[0].value


def given_to_widgets() -> Iterator[tuple[Path, ast.expr]]:
    """Every function that a widget calls."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            for keyword in node.keywords if isinstance(node, ast.Call) else ():
                if keyword.arg in CALLING and not isinstance(keyword.value, ast.Constant):
                    yield file, keyword.value


def decorators(file: Path, function: str) -> list[str]:
    found = [node for node in TREES[file].body if isinstance(node, ast.FunctionDef) and node.name == function]
    return [ast.unparse(decorator) for node in found for decorator in node.decorator_list]


def is_caught(file: Path, given: ast.expr) -> bool:
    if isinstance(given, ast.Call):
        return ast.unparse(given.func) == "errors.pressed"
    module, _, name = ast.unparse(given).rpartition(".")
    module = module or imported_from(file).get(name, file.stem)
    return "errors.pressed" in decorators(ROOT / "services" / "ui" / f"{module}.py", name)


def imported_from(file: Path) -> dict[str, str]:
    """Name -> module of services/ui that it comes from."""
    nodes = (node for node in TREES[file].body if isinstance(node, ast.ImportFrom) and node.module)
    return {alias.name: str(node.module).rpartition(".")[2] for node in nodes for alias in node.names}


def test_whatever_a_widget_calls_is_caught() -> None:
    """Decorate what a button or field calls with ``errors.pressed``."""
    given = list(given_to_widgets())
    assert len(given) > 50
    assert [f"{file.name}: {ast.unparse(what)}" for file, what in given if not is_caught(file, what)] == []


def test_every_part_that_is_drawn_alone_is_caught() -> None:
    """``@errors.shielded`` stands right below ``@st.fragment``, since app.py is not there when it runs alone."""
    parts = [
        (file, node) for file, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    ]
    names = [(f"{f.name}: {n.name}", [ast.unparse(d).partition("(")[0] for d in n.decorator_list]) for f, n in parts]
    fragments = [(name, found) for name, found in names if "st.fragment" in found]
    assert len(fragments) > 5
    assert [name for name, found in fragments if found != ["st.fragment", "errors.shielded"]] == []


def test_what_is_drawn_from_time_to_time_does_not_pass_for_somebody_at_work() -> None:
    """It asks for ``session.actor(watching=True)``: a page left open would keep the session from ending."""
    parts = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    timed = [node for node in parts if any("run_every" in ast.unparse(d) for d in node.decorator_list)]
    assert len(timed) > 3
    assert [node.name for node in timed if "session.actor()" in ast.unparse(node)] == []
    assert sum("session.actor(watching=True)" in ast.unparse(node) for node in timed) >= 3


# --- files made at the press -------------------------------------------------------------------------------------


def test_no_file_is_made_at_the_press_without_being_caught() -> None:
    """Give a download button ``downloads.later(make)``, not the function that makes the file."""
    given = [
        (file, argument)
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("download_button")
        for argument in (*node.args[1:2], *(k.value for k in node.keywords if k.arg == "data"))
    ]
    assert len(given) > 8
    assert [f"{file.name}: {ast.unparse(what)}" for file, what in given if makes_later(file, what)] == []


def makes_later(file: Path, given: ast.expr) -> bool:
    """Whether this is a function that Streamlit would call itself."""
    if not isinstance(given, ast.Call):
        return isinstance(given, ast.Lambda)
    name = ast.unparse(given.func)
    defined = [n for n in TREES[file].body if isinstance(n, ast.FunctionDef) and n.name == name and n.returns]
    return name in ("partial", "functools.partial") or any(
        "Callable" in ast.unparse(n.returns) for n in defined if n.returns
    )


@pytest.fixture
def later(open_page: Opener) -> Callable[..., Callable[[], bytes]]:
    """``downloads.later`` for somebody who is signed in."""
    app = open_page("tugas", "camat")

    def made_later(make: Callable[[], bytes]) -> Callable[[], bytes]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(session.sign_in(), "ticket", lambda: app.session_state["mv-masuk"])
            return downloads.later(make)

    return made_later


@pytest.fixture
def ask(later: Callable[..., Callable[[], bytes]]) -> Callable[..., str]:
    """``ask(make)``: what the browser is told when somebody presses a button whose file is made by ``make``."""

    async def handle(_: object, make_it: Callable[[], bytes]) -> SimpleNamespace:
        try:
            await asyncio.to_thread(make_it)
        except Exception:
            return SimpleNamespace(error_msg="Failed to generate file for download")
        return SimpleNamespace(error_msg="")

    return lambda make: str(asyncio.run(downloads._saying_why(handle)(None, later(make))).error_msg)


def test_a_file_that_cannot_be_made_is_said_with_its_reference(
    ask: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    said = ask(fail)
    found = CODE.search(said)
    assert found
    assert "dapur" not in said
    assert f"Galat {found[1]}" in caplog.text
    assert ask(lambda: b"isi") == ""


def test_nobody_gets_a_file_after_his_sign_in_has_ended(ask: Callable[..., str]) -> None:
    session.runtime().accounts.sessions.end_all("camat", "uji")
    assert ask(fail) == downloads.SIGNED_OUT


def test_a_file_is_not_made_while_the_store_is_away(ask: Callable[..., str]) -> None:
    assert ask(away).startswith("Basis data tidak menjawab. Berkas tidak dapat dibuat.")


def test_an_error_of_streamlit_itself_is_told_in_indonesian() -> None:
    async def handle(_: object) -> SimpleNamespace:
        return SimpleNamespace(error_msg="Failed to generate file for download")

    assert asyncio.run(downloads._saying_why(handle)(None)).error_msg == downloads.GONE


def test_what_streamlit_logs_about_such_a_file_has_nothing_of_the_error(
    later: Callable[..., Callable[[], bytes]],
) -> None:
    with pytest.raises(downloads.NotMade) as raised:
        later(fail)()
    assert CODE.search(str(raised.value))
    assert "dapur" not in logging.Formatter().formatException((type(raised.value), raised.value, raised.tb))
