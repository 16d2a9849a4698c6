"""The application and an empty Streamlit page, each on a server of its own with the same settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import sample_folder
from tests.bench import process
from tests.browser.server import free_port, wait_until_healthy
from tests.sample_folder import ROOT

EMPTY_PAGE = """\
import streamlit as st

st.session_state.setdefault("count", 0)
if st.button("Tambah"):
    st.session_state["count"] += 1
st.write(f"Hitungan {st.session_state['count']}")
"""


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    pid: int

    @property
    def resident_mb(self) -> float:
        return process.resident_mb(self.pid)

    @property
    def processor_seconds(self) -> float:
        return process.processor_seconds(self.pid)


@dataclass(frozen=True, slots=True)
class Subjects:
    """What is measured: a folder with the empty page, and a data folder with the sample."""

    folder: Path
    empty_folder: Path
    template: Path

    @property
    def environment(self) -> dict[str, str]:
        """Of every measured process: Python's compiled files are kept, as pip leaves them on an ordinary machine."""
        dropped = ("MONEV_", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        return kept | {"PYTHONPYCACHEPREFIX": str(self.folder / "compiled")}

    @contextmanager
    def empty(self) -> Iterator[Server]:
        with _running(self.empty_folder, self.empty_folder / "server.log", self.environment) as server:
            yield server

    @contextmanager
    def office(self) -> Iterator[Server]:
        """A cold server on a fresh copy of the sample."""
        data = self.folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        sample_folder.copy(self.template, data)
        with _running(ROOT, data / "server.log", self.environment | sample_folder.environment(data)) as server:
            yield server


def prepare(folder: Path) -> Subjects:
    empty = folder / "empty"
    (empty / ".streamlit").mkdir(parents=True)
    (empty / "app.py").write_text(EMPTY_PAGE, "utf-8")
    shutil.copy2(ROOT / ".streamlit" / "config.toml", empty / ".streamlit" / "config.toml")
    template = folder / "template"
    template.mkdir()
    return Subjects(folder, empty, sample_folder.build(template))


@contextmanager
def _running(folder: Path, log: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    port = free_port()
    options = ("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true")
    command = (sys.executable, "-m", "streamlit", "run", "app.py", *options, "--server.fileWatcherType", "none")
    with log.open("w") as output:
        started = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address, started, log)
            yield Server(address, started.pid)
        finally:
            started.kill()
            started.wait(timeout=20)
