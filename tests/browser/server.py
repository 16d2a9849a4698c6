"""A server of our own for a browser test: free port, own data folder, output in a file."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.sample_folder import ROOT, environment

START_SECONDS = 60


@contextmanager
def running(
    folder: Path, application: Path = ROOT, settings: Mapping[str, str] | None = None, port: int = 0
) -> Iterator[str]:
    """The address of a fresh server with these data and further settings, in which nothing has run yet."""
    port, log = port or free_port(), folder / "server.log"
    options = ("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true")
    command = (sys.executable, "-m", "streamlit", "run", "app.py", *options, "--server.fileWatcherType", "none")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MONEV_")}
    chosen = environment(folder) | dict(settings or {})
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=application, env=inherited | chosen, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-3000:]}")
