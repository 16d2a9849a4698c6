"""``make audit``: which pinned versions have published weaknesses, by the open database OSV (https://osv.dev).

Asks the service of OSV, which learns only names and versions of the pins; or reads its data from a file, for a machine
without internet: https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip, fetched elsewhere.
Exit code 0: none known; 1: some are; 2: it could not be found out, which is not the same as none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

SERVICE = "https://api.osv.dev/v1/querybatch"
PINS = (Path("requirements.txt"), Path("requirements-dev.txt"))
SECONDS = 30
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


class NotFoundOut(Exception):
    """The message says why and what to do."""


def pins(files: Iterable[Path]) -> dict[str, str]:
    """Name -> version of everything that is installed."""
    return {normal(name): version for file in files for name, version in _PIN.findall(file.read_text("utf-8"))}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- the service -------------------------------------------------------------------------------------------------


def ask(pinned: Mapping[str, str], service: str) -> dict[str, list[str]]:
    """Name -> ids of the weaknesses of its pinned version, by the service. Raises NotFoundOut."""
    queries = [{"package": {"name": n, "ecosystem": "PyPI"}, "version": v} for n, v in pinned.items()]
    body = json.dumps({"queries": queries}).encode()
    try:
        request = urllib.request.Request(service, body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            results = json.load(answer)["results"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotFoundOut(f"{service} gives no answer: {error}. Without internet, use --data all.zip.") from error
    if len(results) != len(queries):
        raise NotFoundOut(f"{service} answered {len(results)} of {len(queries)} questions.")
    found = zip(pinned, results, strict=True)
    return {name: sorted(v["id"] for v in result["vulns"]) for name, result in found if result.get("vulns")}


# --- a file of its data ------------------------------------------------------------------------------------------


def look_up(pinned: Mapping[str, str], data: Path) -> dict[str, list[str]]:
    """The same from the data in a file. Raises NotFoundOut."""
    found: dict[str, list[str]] = {}
    seen = 0
    for record in records(data):
        seen += 1
        for name in set(concerned(record, pinned)):
            found.setdefault(name, []).append(str(record["id"]))
    if not seen:
        raise NotFoundOut(f"{data} holds no data of OSV.")
    return {name: sorted(ids) for name, ids in found.items()}


def records(data: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with zipfile.ZipFile(data) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise NotFoundOut(f"{data} cannot be read: {error}.") from error


def concerned(record: Mapping[str, Any], pinned: Mapping[str, str]) -> Iterator[str]:
    """Which of the pins a record is about, unless it was withdrawn."""
    for affected in record.get("affected", ()) if not record.get("withdrawn") else ():
        package = affected.get("package", {})
        name = normal(str(package.get("name", "")))
        if package.get("ecosystem") == "PyPI" and name in pinned and is_affected(pinned[name], affected):
            yield name


def is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """By the list of versions, or by ranges from where it was introduced to where it was fixed."""
    if version in affected.get("versions", ()):
        return True
    ranges = (r["events"] for r in affected.get("ranges", ()) if r.get("type") == "ECOSYSTEM")
    return any(within(Version(version), events) for events in ranges)


def within(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    """Whether the last event at or before the version leaves it weak."""
    weak = False
    for event in events:
        for kind, at in event.items():
            if kind == "introduced" and (at == "0" or version >= parsed(at)):
                weak = True
            elif (kind == "fixed" and version >= parsed(at)) or (kind == "last_affected" and version > parsed(at)):
                weak = False
    return weak


def parsed(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion as error:
        raise NotFoundOut(f"The data name a version that cannot be understood: {text}.") from error


# --- the command -------------------------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="all.zip of OSV, instead of asking its service")
    parser.add_argument("--service", default=SERVICE, help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, default=PINS, help="files of pins")
    chosen = parser.parse_args(arguments)
    try:
        pinned = pins(chosen.files)
        found = look_up(pinned, chosen.data) if chosen.data else ask(pinned, chosen.service)
    except (NotFoundOut, OSError) as error:
        print(f"Not found out: {error}", file=sys.stderr)
        return 2
    for name, ids in found.items():
        print(f"{name} {pinned[name]}: {', '.join(f'https://osv.dev/vulnerability/{each}' for each in ids)}")
    print(f"{len(found)} of {len(pinned)} pinned versions have a published weakness.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
