"""The last good snapshot on the disk, so that a restart without the remote store still shows the data.

One JSON file, in the forms of the codec. One that cannot be read, or was written under another schema, counts as none.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.domain.clock import WIB
from services.store import codec
from services.store.backup import replacing
from services.store.schema import SNAPSHOT_TABLES, VERSION, Table
from services.store.store import Places, Row, SheetProblem, Snapshot

_LOG = logging.getLogger("monev.cuplikan")
_FORMAT = "cuplikan-monev-silaut"


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A snapshot, when it was last known to be current, and up to which sent transaction it contains all of ours."""

    snapshot: Snapshot
    checked_at: datetime
    covered: int


def save(path: Path, kept: Kept) -> None:
    """Write the file anew, or leave it as it is. Raises OSError."""
    snapshot = kept.snapshot
    content = {
        "format": _FORMAT,
        "skema": VERSION,
        "kode_kecamatan": snapshot.office,
        "revisi": snapshot.revision,
        "dibaca": snapshot.read_at.isoformat(),
        "diperiksa": kept.checked_at.isoformat(),
        "terkirim": kept.covered,
        "tabel": {table.name: _stored(table, snapshot.rows(table)) for table in SNAPSHOT_TABLES},
        "masalah": [asdict(problem) for problem in snapshot.problems],
        "letak": {name: asdict(places) for name, places in snapshot.places.items()},
    }
    with replacing(path) as file:
        file.write(json.dumps(content, ensure_ascii=False).encode())


def load(path: Path, office: str) -> Kept | None:
    """What was saved for this office; None where nothing usable is there."""
    try:
        return _kept(json.loads(path.read_bytes()), office)
    except FileNotFoundError:
        return None
    except (OSError, LookupError, ValueError, TypeError, ArithmeticError) as error:
        _LOG.warning("%s tidak dipakai: %s", path, error)
        return None


def _kept(content: Mapping[str, Any], office: str) -> Kept:
    if (content["format"], content["skema"], content["kode_kecamatan"]) != (_FORMAT, VERSION, office):
        raise ValueError("other format, schema or office")
    decoder = codec.Decoder()
    tables = {table.name: decoder.rows(table, content["tabel"][table.name]) for table in SNAPSHOT_TABLES}
    problems = tuple(SheetProblem(**problem) for problem in content["masalah"])
    places = {name: Places(**found) for name, found in content["letak"].items()}
    snapshot = Snapshot(office, content["revisi"], _moment(content["dibaca"]), tables, problems, places)
    return Kept(snapshot, _moment(content["diperiksa"]), content["terkirim"])


def _stored(table: Table, rows: Iterable[Row]) -> list[list[codec.Stored]]:
    return [[codec.encode(column, row[column.name]) for column in table.columns] for row in rows]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(WIB)
