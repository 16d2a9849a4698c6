"""Twenty secrets that can be recognised wherever they come out: in the settings, in accounts, and typed by people."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pymupdf
import pytest
from streamlit.testing.v1 import AppTest

_MADE_UP = {name: hashlib.sha256(name.encode()).hexdigest() for name in map(str, range(20))}
_NAMES = (
    *("kunci kuki", "kunci Google", "nomor kunci Google", "klien OIDC", "kuki OIDC", "sandi di secrets"),
    *("sandi PostgreSQL", "sandi di alamat", "PGPASSWORD", "sandi akun", "sandi baru", "sandi lemah", "sandi tak sama"),
    *("sandi salah", "sandi sebagai nama", "sandi sekarang salah", "sesi orang lain", "tanda peramban", "sesi Google"),
    "kunci sandi pertama",
)
CANARY = dict(zip(_NAMES, _MADE_UP.values(), strict=True))
"""What each one is -> its text. ``plant`` puts those of the settings into place; a test types or keeps the others."""

SETTINGS = """
[monev]
kunci_kuki = "{0[kunci kuki]}"

[gcp_service_account]
private_key = "{0[kunci Google]}"
private_key_id = "{0[nomor kunci Google]}"
client_email = "a@b.c"

[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "{0[kuki OIDC]}"
client_id = "x"
client_secret = "{0[klien OIDC]}"
server_metadata_url = "http://localhost:1/openid-configuration"

[pengguna]
"tamu" = {{ nama = "Tamu", peran = "pimpinan", sandi = "sha256:{0[sandi di secrets]}" }}
"""
AWAY = "postgresql+psycopg://monev:{0[sandi PostgreSQL]}@127.0.0.1:1/x?password={0[sandi di alamat]}"


def plant(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the application read settings with secrets, from this folder."""
    (folder / ".streamlit").mkdir(parents=True, exist_ok=True)
    (folder / ".streamlit" / "secrets.toml").write_text(SETTINGS.format(CANARY), "utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PGPASSWORD", CANARY["PGPASSWORD"])


def found_in(said: str | bytes | Iterable[str]) -> list[str]:
    """Which of the secrets stand there."""
    if isinstance(said, bytes):
        said = said.decode("latin-1")
    text = said if isinstance(said, str) else "\n".join(said)
    return [name for name, secret in CANARY.items() if secret in text or quote(secret) in text]


def shown(app: AppTest) -> str:
    """All that is sent to the browser."""
    blocks, sent = [app.main, app.sidebar], []
    while blocks:
        block = blocks.pop()
        blocks += getattr(block, "children", {}).values()
        sent.append(str(getattr(block, "proto", "")))
    return "\n".join(sent)


def kept(app: AppTest) -> Iterator[str]:
    """Every text anywhere in the session, also within objects and of fields without a key."""
    state = app.session_state._state._state
    yield from _texts([app.session_state.to_dict(), state._old_state, state._new_session_state], set())


def _texts(value: object, seen: set[int]) -> Iterator[str]:
    if isinstance(value, bytes):
        yield value.decode("latin-1")
    elif isinstance(value, str | int | float | type(None)):
        yield str(value)
    elif id(value) not in seen:
        seen.add(id(value))
        yield repr(value)
        for part in _parts(value):
            yield from _texts(part, seen)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    if is_dataclass(value):
        yield from (getattr(value, field.name) for field in fields(value))
    yield from getattr(value, "__dict__", {}).values()


def contents(data: bytes, name: str = "") -> Iterator[bytes]:
    """A file as it is, and all that is packed in it: members of a ZIP, text, streams and attachments of a PDF."""
    yield name.encode() + data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield from contents(archive.read(member), member.filename)
    elif data.startswith(b"%PDF"):
        yield "\n".join(page.get_text() for page in pymupdf.open(stream=data, filetype="pdf")).encode()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for thing in pdf.objects:
                yield str(thing).encode() if not isinstance(thing, pikepdf.Stream) else thing.read_bytes()
