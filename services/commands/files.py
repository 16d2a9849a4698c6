"""Tabular files of the command line: read from and written to the disk, atomically."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from services.commands.errors import Unusable, file_error
from services.tabular.grids import BOM, BadFile, Grid, Line, csv_text
from services.tabular.grids import read_grid as grid_of
from services.tabular.workbook import Sheet, workbook

ENDINGS = (".csv", ".xlsx")


def read_bytes(path: Path, at_most: int = -1) -> bytes:
    """The content, or only its first ``at_most`` bytes. Raises Unusable."""
    try:
        with path.open("rb") as file:
            return file.read(at_most)
    except OSError as error:
        raise file_error(error) from error


def read_grid(path: Path, wanted: Iterable[str]) -> Grid:
    """A CSV or XLSX file; see ``tabular.grids.read_grid``. Raises Unusable."""
    try:
        return grid_of(read_bytes(path), str(path), wanted)
    except BadFile as error:
        raise Unusable(str(error)) from error


def write_grid(lines: Sequence[Line], ending: str, delimiter: str, title: str) -> bytes:
    """The content of a file with this ending, one of ``ENDINGS``. Raises Unusable."""
    try:
        return workbook([Sheet(title, lines)]) if ending == ".xlsx" else BOM + csv_text(lines, delimiter).encode()
    except BadFile as error:
        raise Unusable(str(error)) from error


def write_atomically(path: Path, data: bytes) -> None:
    """The whole file or none: written beside its place, then renamed. Raises Unusable."""
    target = path.resolve()
    temporary = target.with_name(f".{target.name[:80]}.{secrets.token_hex(6)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        error.filename = path
        raise file_error(error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
