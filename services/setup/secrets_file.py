"""The office's configuration in ``.streamlit/secrets.toml``: written beside all that stands there already.

The file is edited line by line, so that comments and other people's sections stay. The result is read again before it
takes the place of the old file; where it would not say exactly what it should, nothing is written.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path

from services.config import ACCOUNT_SECTION, OFFICE, SECTION, STORE, ConfigError, load
from services.hosting import disk_lasts
from services.setup.private import write_private

Values = Mapping[str, str]
Sections = Mapping[str, Values]
"""What each section is to say; other keys of a section stay, except in that of the service account."""

_HEADER = re.compile(r"\s*\[")


class Unwritable(Exception):
    """The file was left as it was; the message says why, in Indonesian, and names no secret."""


def sections_for(store: str, office: str, account: Mapping[str, object] | None) -> dict[str, dict[str, str]]:
    """The configuration of an office; ``account``: the service account's key, None where none is to be written."""
    found = {SECTION: {STORE.name: store, OFFICE.name: office}}
    if account:
        found[ACCOUNT_SECTION] = {name: value for name, value in account.items() if isinstance(value, str)}
    return found


def lines_of(sections: Sections) -> str:
    """The configuration as lines to paste."""
    return "\n".join("".join((f"[{name}]\n", *map(_line, values.items()))) for name, values in sections.items())


def can_keep(path: Path, env: Mapping[str, str]) -> bool:
    """Whether the file may be written, and will be there after a restart, as far as it can be known."""
    folder = next(each for each in (path.absolute().parent, *path.absolute().parents) if each.exists())
    is_file = not path.exists() or path.is_file()
    return folder.is_dir() and is_file and os.access(folder, os.W_OK) and disk_lasts(folder, env)


def write(path: Path, sections: Sections, env: Mapping[str, str]) -> None:
    """Let the file say this besides what it says already, readable by its owner alone. Raises Unwritable."""
    if not can_keep(path, env):
        raise Unwritable(f"Berkas {path} tidak dapat ditulis, atau isi disknya tidak bertahan.")
    candidate = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        old = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(candidate, merged(old, sections))
        load(env, candidate)
        candidate.replace(path)
    except ConfigError as error:
        raise Unwritable(str(error).replace(str(candidate), str(path))) from None
    except (OSError, ValueError):
        # Not "from" the cause: the text of a file that cannot be encoded would stand in it.
        raise Unwritable(f"Berkas {path} tidak dapat ditulis. Periksa hak akses dan medianya.") from None
    finally:
        with contextlib.suppress(OSError):
            candidate.unlink()


def merged(text: str, sections: Sections) -> str:
    """The text of the file with these values. Raises Unwritable where they cannot be put in safely."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    for name, values in sections.items():
        lines = _with_values(lines, name, values)
    new = "".join(lines)
    try:
        wanted = _expected(tomllib.loads(text), sections)
        right = tomllib.loads(new) == wanted
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        raise Unwritable("Susunan berkas secrets.toml yang ada tidak dapat diubah dengan aman.")
    return new


def _expected(document: Mapping[str, object], sections: Sections) -> dict[str, object]:
    found = dict(document)
    for name, values in sections.items():
        section = document.get(name, {})
        kept = section if isinstance(section, dict) and name != ACCOUNT_SECTION else {}
        found[name] = {**kept, **values}
    return found


def _with_values(lines: list[str], name: str, values: Values) -> list[str]:
    header = re.compile(rf"\s*\[\s*{re.escape(name)}\s*\]\s*(?:#.*)?$")
    start = next((n for n, line in enumerate(lines, 1) if header.match(line.rstrip())), 0)
    if not start:
        gap = ["\n"] if lines else []
        return [*lines, *gap, f"[{name}]\n", *map(_line, values.items())]
    end = next((n for n, line in enumerate(lines[start:], start) if _HEADER.match(line)), len(lines))
    return [*lines[:start], *_changed(lines[start:end], values, alone=name == ACCOUNT_SECTION), *lines[end:]]


def _changed(lines: list[str], values: Values, *, alone: bool) -> list[str]:
    """The lines of one section; ``alone``: without any other key."""
    left, found = dict(values), []
    for line in lines:
        key = _key_in(line)
        if key in left:
            found.append(_line((key, left.pop(key))))
        elif not (alone and key):
            found.append(line)
    return [*map(_line, left.items()), *found]


def _key_in(line: str) -> str:
    match = re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)
    return match[1] if match else ""


def _line(item: tuple[str, str]) -> str:
    """TOML takes the texts of JSON, except for one character."""
    key, text = item
    name = key if re.fullmatch(r"[\w-]+", key, re.ASCII) else json.dumps(key)
    return f"{name} = {json.dumps(text, ensure_ascii=False)}\n".replace("\x7f", "\\u007f")
