"""What tests of all folders share: a real PostgreSQL server, and an event loop of nobody else.

The server has its own data folder and a Unix socket only, and is stopped afterwards.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from asyncio import events
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

_BROWSER_TESTS = Path(__file__).parent / "browser"
_SETTINGS = "-c listen_addresses='' -c fsync=off -c max_connections=60 -c unix_socket_directories={folder}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    yield from _without_the_browsers_loop(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    yield from _without_the_browsers_loop(item)


def _without_the_browsers_loop(item: pytest.Item) -> Generator[None]:
    """Between its tests Playwright leaves its event loop marked as running; ``asyncio.run`` would refuse to start.

    Not told by the fixtures of a test: some browser tests ask for their page only while they run.
    """
    loop = events._get_running_loop()
    if loop is None or item.path.is_relative_to(_BROWSER_TESTS):
        return (yield)
    events._set_running_loop(None)
    try:
        return (yield)
    finally:
        events._set_running_loop(loop)


def _binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        pytest.fail(f"PostgreSQL ({name}) is not installed. Install it: apt-get install postgresql", pytrace=False)
    return path


def _server_user() -> str | None:
    """initdb refuses root, so root runs the server as Debian's user of that name."""
    return "postgres" if os.geteuid() == 0 else None


def _run(*command: str) -> None:
    done = subprocess.run(command, user=_server_user(), group=_server_user(), cwd="/", capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"{command[0]} failed: {done.stderr or done.stdout}", pytrace=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """URL of the maintenance database of a fresh server."""
    initdb, control = _binary("initdb"), _binary("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="monev-pg-", dir="/tmp"))  # a socket's path must be short
    if (user := _server_user()) is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = str(folder / "data")
    try:
        _run(initdb, "-D", data, "-U", "monev", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        _run(control, "-D", data, "-w", "-l", str(folder / "log"), "-o", _SETTINGS.format(folder=folder), "start")
        try:
            yield URL.create("postgresql+psycopg", "monev", "rahasia", database="postgres", query={"host": str(folder)})
        finally:
            _run(control, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: URL, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own for one test."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
