"""``make audit``: weaknesses of the pins by OSV's service or its data; not to know is never taken for none."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tools import audit

PINS = "Paket_Satu==1.2.0 \\\n    --hash=sha256:aa\npaket-dua==3.0 ; python_version < '4' \\\n    --hash=sha256:bb\n"


@pytest.fixture
def pins(tmp_path: Path) -> str:
    (tmp_path / "pins.txt").write_text(PINS, "utf-8")
    return str(tmp_path / "pins.txt")


@contextmanager
def osv(answer: object, status: int = 200) -> Iterator[tuple[str, list[Any]]]:
    """A stand-in of the service, and what it was asked."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_service_is_asked_for_names_and_versions_only(pins: str, capsys: pytest.CaptureFixture[str]) -> None:
    with osv({"results": [{}, {"vulns": [{"id": "PYSEC-2"}, {"id": "GHSA-1"}]}]}) as (address, asked):
        assert audit.main(["--service", address, pins]) == 1
    package = {"name": "paket-satu", "ecosystem": "PyPI"}
    assert asked[0]["queries"][0] == {"package": package, "version": "1.2.0"}
    out = capsys.readouterr().out
    assert "paket-dua 3.0: https://osv.dev/vulnerability/GHSA-1, https://osv.dev/vulnerability/PYSEC-2" in out
    assert "1 of 2 pinned versions" in out


def test_none_known_is_a_success(pins: str) -> None:
    with osv({"results": [{}, {}]}) as (address, _):
        assert audit.main(["--service", address, pins]) == 0


@pytest.mark.parametrize(("answer", "status"), [({"results": [{}]}, 200), ({"x": 1}, 200), ("x", 200), ({}, 500)])
def test_half_an_answer_is_no_answer(
    pins: str, answer: object, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with osv(answer, status) as (address, _):
        assert audit.main(["--service", address, pins]) == 2
    assert capsys.readouterr().err.startswith("Not found out: ")


def test_without_internet_it_says_so_and_what_to_do(pins: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(["--service", "http://127.0.0.1:1/", pins]) == 2
    assert "use --data all.zip" in capsys.readouterr().err


def record(name: str, **affected: object) -> dict[str, object]:
    return {"id": f"X-{name}", "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **affected}]}


def events(*pairs: tuple[str, str]) -> dict[str, object]:
    return {"ranges": [{"type": "ECOSYSTEM", "events": [{kind: at} for kind, at in pairs]}]}


@pytest.mark.parametrize(
    ("affected", "weak"),
    [
        ({"versions": ["1.1.0", "1.2.0"]}, True),
        ({"versions": ["1.2.1"]}, False),
        (events(("introduced", "0")), True),
        (events(("introduced", "0"), ("fixed", "1.2.0")), False),
        (events(("introduced", "1.2.0"), ("fixed", "1.3")), True),
        (events(("introduced", "0"), ("last_affected", "1.2.0")), True),
        (events(("introduced", "0"), ("last_affected", "1.1")), False),
        (events(("introduced", "0"), ("fixed", "1.0"), ("introduced", "1.1"), ("fixed", "2.0")), True),
        ({"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}, False),
    ],
)
def test_the_data_in_a_file_say_the_same(pins: str, tmp_path: Path, affected: dict[str, object], weak: bool) -> None:
    data = tmp_path / "all.zip"
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.json", json.dumps(record("paket.satu", **affected)))
        archive.writestr("b.json", json.dumps(record("paket-dua", versions=["3.0"]) | {"withdrawn": "2026-01-01"}))
        archive.writestr("c.json", json.dumps(record("lain", versions=["3.0"])))
    assert audit.main(["--data", str(data), pins]) == int(weak)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"<html>"])
def test_a_file_without_data_is_not_taken_for_none_known(pins: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "all.zip").write_bytes(content)
    assert audit.main(["--data", str(tmp_path / "all.zip"), pins]) == 2


def test_all_pins_of_the_application_are_asked_about() -> None:
    pinned = audit.pins(audit.PINS)
    assert {"streamlit", "sqlalchemy", "fpdf2", "pytest"} <= set(pinned)
    assert len(pinned) > 100
