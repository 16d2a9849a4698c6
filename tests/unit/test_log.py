"""galat.log: an entry is one line whatever a text says, and no secret of the configuration gets into it."""

from __future__ import annotations

import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import log
from services.config import load, secrets_of
from tests.attacks import ATTACKS

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkqhkiG9w0\nBAQEFAASCBKgwggSkAgEAAoIBAQ\n-----END PRIVATE KEY-----\n"
TERMINAL = "\x1b[2J\x1b]0;judul\x07\u202e\u2066\x00\x85\u2028"


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    """The log of an application with one secret; its handlers are taken away again."""
    before = {name: logging.getLogger(name).handlers[:] for name in log.OWN}
    log.write_to(tmp_path / "galat.log", ["kata-sandi-basisdata", KEY, "x"])
    yield tmp_path / "galat.log"
    for name, handlers in before.items():
        logging.getLogger(name).handlers[:] = handlers


def lines(file: Path) -> list[str]:
    return file.read_text("utf-8").split("\n")[:-1]


@pytest.mark.parametrize("logger", ["monev", "monev.antrean", "services.store.engine"])
def test_whatever_stands_in_a_text_is_one_line(written: Path, logger: str) -> None:
    for text in (*ATTACKS, TERMINAL):
        logging.getLogger(logger).error("Galat: %s", text)
    found = lines(written)
    assert len(found) == len(ATTACKS) + 1
    assert all(" ERROR Galat: " in line and line.isprintable() for line in found)


def test_half_a_character_is_written_as_its_number() -> None:
    """Past the loggers: pytest keeps what they are given and could not hand it on between processes."""
    record = logging.LogRecord(log.LOGGER, logging.ERROR, "", 0, "Galat: %s", ("\ud800",), None)
    assert log.Entries([]).format(record).endswith(r"ERROR Galat: \ud800")


def test_a_trace_cannot_look_like_an_entry(written: Path) -> None:
    try:
        raise RuntimeError("satu\n2026-11-03 10:20:00,000 ERROR Galat 000000: palsu\r\nlagi" + TERMINAL)
    except RuntimeError as error:
        logging.getLogger(log.LOGGER).error("Galat A1B2C3", exc_info=error)
    first, *trace = lines(written)
    assert first.endswith(" ERROR Galat A1B2C3")
    assert len(trace) >= 5
    assert all(line.startswith("    | ") and line.isprintable() for line in trace)


def test_standard_error_says_the_same(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger(log.LOGGER).error("a\nb")
    assert capsys.readouterr().err.split("\n")[:-1] == lines(written)


def test_only_its_owner_reads_the_log(written: Path) -> None:
    logging.getLogger(log.LOGGER).error("a")
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_a_secret_is_hidden_in_the_message_in_the_trace_and_in_its_cause(written: Path) -> None:
    try:
        try:
            raise ValueError("postgresql://monev:kata-sandi-basisdata@server")
        except ValueError as cause:
            raise RuntimeError(f"kunci {KEY!r} {KEY}") from cause
    except RuntimeError as error:
        logging.getLogger("services.store").error("Gagal: kata-sandi-basisdata", exc_info=error)
    text = written.read_text("utf-8")
    assert "kata-sandi" not in text
    assert "MIIEvgIBADANBgkqhkiG9w0" not in text
    assert "BAQEFAASCBKgwggSkAgEAAoIBAQ" not in text
    assert text.count(log.HIDDEN) >= 4


def test_a_secret_that_is_hardly_one_does_not_spoil_the_log(written: Path) -> None:
    logging.getLogger(log.LOGGER).error("xax")
    assert lines(written)[0].endswith(" xax")


def test_a_second_start_writes_each_entry_once(written: Path, tmp_path: Path) -> None:
    log.write_to(tmp_path / "lain.log", [])
    logging.getLogger(log.LOGGER).error("sekali")
    assert not written.exists()
    assert len(lines(tmp_path / "lain.log")) == 1


def test_every_secret_of_the_configuration_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "lewat-lingkungan")
    file = tmp_path / "secrets.toml"
    file.write_text(
        '[gcp_service_account]\nprivate_key = "kunci-google"\nprivate_key_id = "nomor-kunci"\n'
        '[auth]\nredirect_uri = "r"\ncookie_secret = "3f9c1e77a0b84d52c6e1908f7ab35d24"\nclient_id = "c"\n'
        'client_secret = "rahasia-klien"\nserver_metadata_url = "u"\n'
        '[pengguna]\n"budi" = { sandi = "sha256:sidik-sandi" }\n',
        "utf-8",
    )
    url = "postgresql+psycopg://monev:p%40ssword@127.0.0.1:1/x?password=kata-lain"
    settings = load({"MONEV_STORE": url}, file)
    assert set(secrets_of(settings, "kunci-kuki-yang-dipakai")) == {
        *("p%40ssword", "p@ssword", "kata-lain", "lewat-lingkungan", "kunci-google", "nomor-kunci", "rahasia-klien"),
        *("3f9c1e77a0b84d52c6e1908f7ab35d24", "sha256:sidik-sandi", "kunci-kuki-yang-dipakai"),
    }
    assert not any(secret in repr(settings) for secret in secrets_of(settings))


def test_without_any_secret_nothing_is_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("monev", logging.ERROR, "", 0, "apa adanya", None, None)
    print(log.Entries().format(record), file=sys.stderr)
    assert capsys.readouterr().err.endswith(" ERROR apa adanya\n")
