"""The whole office in one file, and back.

A backup is a ZIP file with one JSON-lines file per table and a manifest that names office, schema version, and count
and SHA-256 of each. The ZIP comment, its very last bytes, is the SHA-256 of everything before it: no byte of the file
can change unnoticed. Restoring checks all of this before it touches the store.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from services.domain.clock import WIB
from services.store import codec
from services.store.changes import check_rows
from services.store.schema import ARCHIVE, BY_NAME, DOCUMENT, HISTORY, VERSION, Kind, Table
from services.store.seals import chained, head_of
from services.store.store import DuplicateRow, InvalidChange, Row, Snapshot, Store, StoreError, Value, Withheld, new_id

_FORMAT = "cadangan-monev-silaut"
_MANIFEST = "manifest.json"
_SEAL_LENGTH = 64  # SHA-256 in hexadecimal digits
_ZIP_START = b"PK\x03\x04"
_PIECE = 1 << 20


class BackupError(StoreError):
    """The file cannot be restored; the message says why. The store is as it was."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in a backup: of which office, made when (WIB), and how many rows per table."""

    office: str
    made_at: datetime
    counts: Mapping[str, int]

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def make(store: Store, path: Path, at: datetime) -> Summary:
    """Write a backup of the store to ``path``. A file of that name is replaced only by a complete one.

    Raises StoreUnavailable or OSError.
    """
    summary = Summary(store.read().office, at.astimezone(WIB), {})
    with replacing(path) as file:
        summary = _write(file, store, summary)
        _seal(file)
    return summary


def inspect(path: Path) -> Summary:
    """Verify a backup wholly and say what is in it. Raises BackupError or OSError."""
    return _verified(path)[0]


def restore(store: Store, path: Path, remark: Row | None = None) -> tuple[Summary, Withheld]:
    """Replace everything in the store by the backup, which must hold every document that was issued there.

    What a shared sheet did not take of it is returned. ``remark``: a line that the log gets after those of the backup.

    Raises BackupError, StoreUnavailable or OSError.
    """
    summary, tables = _verified(path)
    present = store.read()
    if summary.office != present.office:
        raise BackupError(
            f"Cadangan ini milik kecamatan dengan kode {summary.office}, bukan {present.office}. {_UNCHANGED}"
        )
    _refuse_to_lose_documents(present, tables)
    try:
        withheld = store.load(_with_remark(tables, remark) if remark else tables)
    except (InvalidChange, DuplicateRow) as error:
        raise BackupError(f"Isi cadangan tidak sesuai aturan data: {error} {_UNCHANGED}") from error
    return summary, withheld


def _with_remark(tables: Mapping[str, tuple[Row, ...]], remark: Row) -> Mapping[str, tuple[Row, ...]]:
    log = tables[HISTORY.name]
    sealed, _ = chained([remark], head_of(log))
    return {**tables, HISTORY.name: (*log, *sealed)}


_UNCHANGED = "Data yang ada tidak diubah."


def _refuse_to_lose_documents(present: Snapshot, tables: Mapping[str, tuple[Row, ...]]) -> None:
    """What was issued and archived stays, also when an older backup comes back."""
    for table, column, what in ((DOCUMENT, "number", "Dokumen nomor"), (ARCHIVE, "register", "Arsip nomor")):
        kept = [_texts(table, row) for row in tables[table.name]]
        for row in present.rows(table):
            if _texts(table, row) not in kept:
                raise BackupError(
                    f"{what} {row[column]} tidak ada atau berbeda di cadangan ini, sehingga akan hilang dari arsip "
                    "bila cadangan ini dipulihkan. Pakai cadangan yang lebih baru, atau pulihkan ke penyimpanan yang "
                    f"kosong. {_UNCHANGED}"
                )


def _texts(table: Table, row: Row) -> list[Value]:
    """What no kind of store writes in another way."""
    return [row[column.name] for column in table.columns if column.kind is Kind.TEXT]


def _write(file: BinaryIO, store: Store, summary: Summary) -> Summary:
    members: dict[str, dict[str, str | int]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in store.dump():
            lines = _lines(table, rows)
            archive.writestr(_member(table.name), lines)
            members[table.name] = {"baris": len(rows), "sha256": _sha256(lines)}
        manifest = {
            "format": _FORMAT,
            "skema": VERSION,
            "kode_kecamatan": summary.office,
            "dibuat": summary.made_at.isoformat(),
            "tabel": members,
        }
        archive.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        archive.comment = b"0" * _SEAL_LENGTH
    return Summary(summary.office, summary.made_at, {name: int(m["baris"]) for name, m in members.items()})


def _lines(table: Table, rows: Iterable[Row]) -> bytes:
    stored = (json.dumps(codec.encode_row(table, row), ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in stored).encode()


def _seal(file: BinaryIO) -> None:
    """Put the SHA-256 of all before it where the comment is."""
    end = file.seek(-_SEAL_LENGTH, os.SEEK_END)
    file.seek(0)
    digest, left = hashlib.sha256(), end
    while left:
        piece = file.read(min(_PIECE, left))
        digest.update(piece)
        left -= len(piece)
    file.seek(end)
    file.write(digest.hexdigest().encode())


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the name ``path`` once it is complete and on the disk, and vanishes otherwise."""
    temporary = path.with_name(f".{path.name}.{new_id()}.tmp")
    try:
        with temporary.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.absolute().parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system lets a folder be opened (Windows does not)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _verified(path: Path) -> tuple[Summary, Mapping[str, tuple[Row, ...]]]:
    content = path.read_bytes()
    if not content.startswith(_ZIP_START):
        raise BackupError(f"Berkas {path.name} bukan berkas cadangan aplikasi ini. {_UNCHANGED}")
    body, seal = content[:-_SEAL_LENGTH], content[-_SEAL_LENGTH:]
    if _sha256(body).encode() != seal:
        raise BackupError(
            f"Berkas {path.name} terpotong, pernah diubah, atau bukan berkas cadangan (sidik SHA-256 tidak cocok). "
            f"{_UNCHANGED}"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _contents(archive)
    except (zipfile.BadZipFile, InvalidChange, LookupError, ValueError, TypeError, ArithmeticError) as error:
        raise BackupError(f"Isi berkas {path.name} tidak dapat dibaca sebagai cadangan. {_UNCHANGED}") from error


def _contents(archive: zipfile.ZipFile) -> tuple[Summary, Mapping[str, tuple[Row, ...]]]:
    manifest = json.loads(archive.read(_MANIFEST))
    _check_manifest(manifest)
    tables = {name: _rows(BY_NAME[name], archive, member) for name, member in manifest["tabel"].items()}
    check_rows(tables)
    made_at = datetime.fromisoformat(manifest["dibuat"])
    return Summary(manifest["kode_kecamatan"], made_at, {name: len(rows) for name, rows in tables.items()}), tables


def _check_manifest(manifest: Any) -> None:
    if manifest["format"] != _FORMAT:
        raise BackupError(f"Berkas ini bukan berkas cadangan aplikasi ini. {_UNCHANGED}")
    if manifest["skema"] != VERSION or set(manifest["tabel"]) != set(BY_NAME):
        raise BackupError(
            f"Cadangan ini memakai skema versi {manifest['skema']}, sedangkan aplikasi ini versi {VERSION}. "
            f"Pulihkan dengan versi aplikasi yang membuatnya. {_UNCHANGED}"
        )


def _rows(table: Table, archive: zipfile.ZipFile, member: Mapping[str, Any]) -> tuple[Row, ...]:
    lines = archive.read(_member(table.name))
    rows = tuple(_row(table, line) for line in lines.decode().split("\n")[:-1])
    if _sha256(lines) != member["sha256"] or len(rows) != member["baris"]:
        raise BackupError(f"Tabel {table.name} di dalam cadangan tidak lengkap atau pernah diubah. {_UNCHANGED}")
    return rows


def _row(table: Table, line: str) -> Row:
    stored = json.loads(line)
    if set(stored) != set(table.names):
        raise ValueError(f"columns of {table.name}")
    return {column.name: codec.decode(column, stored[column.name]) for column in table.columns}


def _member(name: str) -> str:
    return f"{name}.jsonl"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
