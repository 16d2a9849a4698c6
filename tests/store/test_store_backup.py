"""A backup brings everything back, and a damaged one changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from services.store import backup
from services.store.backup import BackupError
from services.store.schema import INDICATOR
from services.store.sql import SqlStore
from tests.store.helpers import NOW, action, change, everything, exact, large_office, now


@pytest.fixture
def file(store: SqlStore, tmp_path: Path) -> Path:
    """A backup of a small office, whose store has gone on since."""
    store.load(large_office(5))
    backup.make(store, tmp_path / "kantor.zip", NOW)
    store.commit(action(change({}, {"name": "Sesudah cadangan"}, "i1", INDICATOR)))
    return tmp_path / "kantor.zip"


@pytest.fixture
def small(tmp_path: Path) -> tuple[SqlStore, Path]:
    """The same on SQLite alone, for the tests that look at many damaged files."""
    store = SqlStore(f"sqlite:///{tmp_path}/monev.db", "silaut", now)
    store.load(large_office(2))
    backup.make(store, tmp_path / "kantor.zip", NOW)
    return store, tmp_path / "kantor.zip"


def test_a_restored_backup_brings_everything_back(store: SqlStore, file: Path) -> None:
    store.load(large_office(3))
    before = store.revision()
    summary, _ = backup.restore(store, file)
    assert {name: rows for name, rows in everything(store).items() if rows} == large_office(5)
    assert store.revision() != before
    assert (summary.office, summary.made_at, summary.counts["Isian"]) == ("silaut", NOW, 40)
    assert summary == backup.inspect(file)


def test_a_backup_fits_every_kind_of_database(store: SqlStore, file: Path, tmp_path: Path) -> None:
    backup.make(store, file, NOW)
    other = SqlStore(f"sqlite:///{tmp_path}/other.db", "silaut", now)
    backup.restore(other, file)
    assert exact(everything(other)) == exact(everything(store))


def test_every_truncation_is_refused_and_changes_nothing(small: tuple[SqlStore, Path]) -> None:
    store, file = small
    whole, before = file.read_bytes(), exact(everything(store))
    lengths = {0, 1, 4, 63, 64, 65, len(whole) - 1, len(whole) - 64, *range(0, len(whole), 97)}
    for length in sorted(lengths):
        file.write_bytes(whole[:length])
        with pytest.raises(BackupError):
            backup.restore(store, file)
    assert exact(everything(store)) == before


def test_every_altered_byte_is_refused_and_changes_nothing(small: tuple[SqlStore, Path]) -> None:
    store, file = small
    whole, before, chance = file.read_bytes(), exact(everything(store)), random.Random(2026)
    places = {0, 1, 10, len(whole) - 1, len(whole) - 64, len(whole) - 65, *chance.sample(range(len(whole)), 300)}
    for place in sorted(places):
        altered = bytearray(whole)
        altered[place] ^= 1 << chance.randrange(8)
        file.write_bytes(altered)
        with pytest.raises(BackupError):
            backup.restore(store, file)
    assert exact(everything(store)) == before
    assert store.revision() == 1


@pytest.mark.parametrize("tail", [b"\n", b"0" * 64])
def test_an_extended_file_is_refused(small: tuple[SqlStore, Path], tail: bytes) -> None:
    store, file = small
    file.write_bytes(file.read_bytes() + tail)
    with pytest.raises(BackupError, match="terpotong"):
        backup.restore(store, file)


def test_a_foreign_file_is_refused_with_the_reason(small: tuple[SqlStore, Path], tmp_path: Path) -> None:
    store, _ = small
    (tmp_path / "laporan.pdf").write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(BackupError, match="bukan berkas cadangan"):
        backup.restore(store, tmp_path / "laporan.pdf")


def test_the_backup_of_another_office_is_refused_with_both_codes(small: tuple[SqlStore, Path]) -> None:
    store, file = small
    other = SqlStore(store.address, "lunang", now)
    with pytest.raises(BackupError, match=r"kode silaut, bukan lunang.*tidak diubah"):
        backup.restore(other, file)


def rewrite(
    file: Path, manifest: Callable[[dict[str, object]], object], members: dict[str, bytes] | None = None
) -> None:
    """A file that is sealed correctly although somebody changed what is in it."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | (members or {})
    described = json.loads(parts["manifest.json"])
    manifest(described)
    parts["manifest.json"] = json.dumps(described).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = b"0" * 64
    body = buffer.getvalue()[:-64]
    file.write_bytes(body + hashlib.sha256(body).hexdigest().encode())


@pytest.mark.parametrize(
    ("manifest", "members", "reason"),
    [
        (lambda m: m.update(skema=99), {}, "skema versi 99"),
        (lambda m: m.update(format="lain"), {}, "bukan berkas cadangan"),
        (lambda m: m["tabel"].pop("Isian"), {}, "skema"),
        (lambda m: m["tabel"]["Isian"].update(baris=1), {}, "Tabel Isian"),
        (lambda m: None, {"Isian.jsonl": b""}, "Tabel Isian"),
        (lambda m: None, {"Isian.jsonl": b"[]\n"}, "tidak dapat dibaca"),
        (lambda m: m.pop("dibuat"), {}, "tidak dapat dibaca"),
    ],
)
def test_a_sealed_file_that_does_not_fit_is_refused_with_the_reason(
    small: tuple[SqlStore, Path],
    manifest: Callable[[dict[str, object]], object],
    members: dict[str, bytes],
    reason: str,
) -> None:
    store, file = small
    before = exact(everything(store))
    rewrite(file, manifest, members)
    with pytest.raises(BackupError, match=reason):
        backup.restore(store, file)
    assert exact(everything(store)) == before


def test_a_backup_that_fails_leaves_the_old_file_and_no_rest(
    small: tuple[SqlStore, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, file = small
    before = file.read_bytes()
    monkeypatch.setattr(store, "dump", lambda: iter([(INDICATOR, ({"id": "broken"},))]))
    with pytest.raises(KeyError):
        backup.make(store, file, NOW)
    assert file.read_bytes() == before
    assert not list(file.parent.glob(".*tmp"))
