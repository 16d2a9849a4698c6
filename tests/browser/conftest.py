"""A real server and a real Chromium: the one of the system, without any traffic of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import sample_folder
from tests.browser import server
from tests.browser.driver import DESKTOP, PATIENCE_MS, PHONE

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INDONESIA = {"locale": "id-ID", "timezone_id": "Asia/Jakarta"}

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None:
        pytest.fail("Chromium is not installed. Install it: apt-get install chromium", pytrace=False)
    return {"executable_path": chromium, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": DESKTOP, **INDONESIA}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of 390 px with touch."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, **INDONESIA)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_folder.build(tmp_path_factory.mktemp("contoh"))


@pytest.fixture(scope="session")
def fresh_server(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[str]]:
    """``with fresh_server() as address``: a cold server on its own copy of the sample."""

    def start() -> AbstractContextManager[str]:
        return server.running(sample_folder.copy(template, tmp_path_factory.mktemp("server")))

    return start


@pytest.fixture(scope="module")
def office(fresh_server: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """Address of a server that the tests of one file share."""
    with fresh_server() as address:
        yield address
