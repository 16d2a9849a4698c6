"""Pages run by AppTest in this process, through app.py, on a copy of the sample office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from services.auth.signin import SESSION_KEY
from services.ui import session
from tests import sample_folder

TIMEOUT = 30
Opener = Callable[..., AppTest]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cold: every run is the first one of a fresh server")


@pytest.fixture(scope="session", autouse=True)
def installed_components_are_looked_up_once() -> Iterator[None]:
    """Each AppTest reads the metadata of every installed package anew, which took most of a page test's time."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda max_workers=None: found)
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_folder.build(tmp_path_factory.mktemp("contoh"))


@pytest.fixture
def office_folder(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sample office of this test alone; ``session.runtime()`` is its runtime."""
    folder = sample_folder.copy(template, tmp_path / "data")
    for name, value in sample_folder.environment(folder).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MONEV_STORE", raising=False)
    forget_runtime()
    yield folder
    forget_runtime()


def forget_runtime() -> None:
    session.runtime.clear()
    session.sign_in.clear()


@pytest.fixture(autouse=True)
def warm_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest makes every run a first run on a cold server; here it is a warm one, unless marked ``cold``."""
    if request.node.get_closest_marker("cold"):
        return
    original = PagesManager.__init__

    def initialise(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", initialise)


@pytest.fixture
def app(office_folder: Path) -> AppTest:
    """The application, nobody signed in, not run yet."""
    return AppTest.from_file(str(sample_folder.ROOT / "app.py"), default_timeout=TIMEOUT)


@pytest.fixture
def open_page(app: AppTest) -> Opener:
    """``open_page("dasbor", "camat", tahun="2026")``: the page as this person sees it, already run."""

    def opened(page: str, username: str, **address: str) -> AppTest:
        app.run()
        sign_in(app, username)
        app.switch_page(f"pages/{page}.py")
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return opened


def sign_in(app: AppTest, username: str) -> None:
    """Put a valid sign-in into the session (AppTest has no cookies)."""
    account = session.runtime().accounts.get(username)
    assert account is not None, username
    app.session_state[SESSION_KEY] = session.sign_in().issue(account)
