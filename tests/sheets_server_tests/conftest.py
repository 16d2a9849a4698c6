"""One server for all tests of this folder; each test has a spreadsheet of its own and a server without faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sheets_server.control import Server, running_sheets_server
from tests.sheets_server_tests.api import Book, token_of


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    with running_sheets_server() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.control.reset()
    return running


@pytest.fixture
def book(server: Server) -> Book:
    """A spreadsheet with the locale en_US, made by a person and shared with everybody."""
    file_id = server.control.create("Monev", locale="en_US")
    return Book(server.base, server.control, file_id, token_of(server.base))


@pytest.fixture
def office(server: Server) -> Book:
    """The same with the locale of Indonesia."""
    return Book(server.base, server.control, server.control.create("Monev"), token_of(server.base))
