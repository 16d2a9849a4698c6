"""Configuration: environment over ``.streamlit/secrets.toml`` section [monev] over defaults, checked before the start.

``SETTINGS`` is the one table of settings: the errors here and the table in docs/konfigurasi.md come from it. A wrong
value raises :class:`ConfigError` in one Indonesian sentence with the place and what to write; a secret is never shown.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import secrets
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from services.store.sheets_access import GOOGLE, GoogleAccess, spreadsheet_id

SECTION = "monev"
ACCOUNT_SECTION = "gcp_service_account"
KEY_FILE_ENV = "GOOGLE_APPLICATION_CREDENTIALS"
SECRETS_PATH = Path(".streamlit/secrets.toml")
PEOPLE_SECTION = "pengguna"
GOOGLE_SECTION = "auth"
ENV_PREFIX = "MONEV_"
STORE_SCHEMES = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg", "postgresql", "postgres")
KEY_LENGTH = 32
ERROR_LOG = "galat.log"
"""File in the data folder with the technical trace of unexpected errors, of the application and of the commands."""

PASSWORD_ENV = "PGPASSWORD"  # noqa: S105
"""Where PostgreSQL's own library looks for a password that is not in the address."""

_NEAR = 0.8
_FEWEST_CHARACTERS = 10
_FAMILIAR_KEYS = ("some_key", "some_signature_key", "changeme", "rahasia", "secret", "kunci", "0123456789", "abcdefgh")
_GOOGLE_KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_DATABASE_FILE = "monev.db"
_KEY_FILE = "kunci-kuki"
_OFFICE = re.compile("[a-z0-9][a-z0-9_-]{0,39}")
_HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")


class ConfigError(Exception):
    """A setting that cannot be used; the message is for people, in Indonesian, on one line."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings. ``default`` and ``expected`` (what to write) are texts for people."""

    name: str
    env: str
    default: str
    meaning: str
    expected: str
    secret: bool = False


STORE = Setting(
    "store",
    "MONEV_STORE",
    "berkas SQLite `monev.db` di dalam folder data",
    "Alamat tempat data disimpan: SQLite, PostgreSQL, atau Google Sheets.",
    "sqlite:///data/monev.db, postgresql+psycopg://nama:sandi@server/basisdata, atau "
    "https://docs.google.com/spreadsheets/d/ID",
)
OFFICE = Setting(
    "kode_kecamatan",
    "MONEV_KODE_KECAMATAN",
    "silaut",
    "Kode kecamatan; satu basis data dapat memuat banyak kecamatan.",
    "1 sampai 40 huruf kecil, angka, - atau _, misalnya silaut",
)
DATA_FOLDER = Setting(
    "folder_data",
    "MONEV_FOLDER_DATA",
    "data",
    "Folder berkas lokal: basis data SQLite, draf isian, catatan galat, dan kunci kuki.",
    "nama folder yang dapat ditulisi, misalnya data",
)
COOKIE_KEY = Setting(
    "kunci_kuki",
    "MONEV_KUNCI_KUKI",
    "dibuat acak saat pertama dijalankan, disimpan di berkas `kunci-kuki` di dalam folder data",
    "Rahasia untuk menandatangani kuki masuk; sama untuk semua proses aplikasi.",
    f"sedikitnya {KEY_LENGTH} karakter acak, misalnya hasil perintah: openssl rand -hex 32",
    secret=True,
)
API_ENDPOINT = Setting(
    "api_endpoint",
    "MONEV_SHEETS_API_ENDPOINT",
    GOOGLE,
    "Alamat Google Sheets API; diganti hanya untuk mencoba dengan peladen tiruan.",
    "alamat http atau https, misalnya http://127.0.0.1:8600",
)
ARCHIVE_FOLDER = Setting(
    "folder_arsip",
    "MONEV_FOLDER_ARSIP",
    "tidak dipakai",
    "Folder tempat salinan setiap laporan yang terbit ditaruh, selain di penyimpanan.",
    "nama folder yang dapat ditulisi, misalnya /mnt/arsip/monev",
)
CERTIFICATE_FOLDER = Setting(
    "folder_sertifikat",
    "MONEV_FOLDER_SERTIFIKAT",
    "tidak dipakai",
    "Folder berisi sertifikat induk yang dipercaya saat memeriksa tanda tangan elektronik.",
    "nama folder berisi berkas .pem, .crt, .cer, atau .der, misalnya /etc/monev/sertifikat",
)
SETTINGS = (STORE, OFFICE, DATA_FOLDER, COOKIE_KEY, API_ENDPOINT, ARCHIVE_FOLDER, CERTIFICATE_FOLDER)


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings. ``cookie_key`` None: use :func:`cookie_key`. ``origins`` says where each value was found.

    ``google_key`` is the section [gcp_service_account], ``google_key_file`` Google's JSON file; the file goes first.
    ``google_sign_in``: the section [auth] of Streamlit is filled in. ``people``: the section [pengguna], accounts that
    are kept there because the disk does not last.
    """

    store: str = field(repr=False)
    office: str
    data_folder: Path
    cookie_key: str | None = field(repr=False)
    api_endpoint: str
    google_key: Mapping[str, object] = field(repr=False)
    google_key_file: Path | None
    origins: Mapping[str, str]
    google_sign_in: bool = False
    people: Mapping[str, object] = field(default_factory=dict, repr=False)
    archive_folder: Path | None = None
    certificate_folder: Path | None = None
    google_sign_in_secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class _Found:
    """A value and where it stands."""

    value: object
    place: str


def load(env: Mapping[str, str], secrets_path: Path = SECRETS_PATH) -> Settings:
    """Settings from both sources. Raises ConfigError for whatever is wrong, misspelled or misplaced."""
    _refuse_misspelled_environment(env)
    document = _document(secrets_path)
    found = _from_secrets(secrets_path, document)
    found |= {s.name: _Found(env[s.env].strip(), s.env) for s in SETTINGS if env.get(s.env, "").strip()}
    texts = {s.name: _text(s, found[s.name]) for s in SETTINGS if s.name in found}
    folder = Path(texts.get(DATA_FOLDER.name, DATA_FOLDER.default))
    return Settings(
        store=texts.get(STORE.name, _sqlite_url(folder)),
        office=texts.get(OFFICE.name, OFFICE.default),
        data_folder=folder,
        cookie_key=texts.get(COOKIE_KEY.name),
        api_endpoint=texts.get(API_ENDPOINT.name, GOOGLE).rstrip("/"),
        google_key=_section(document, ACCOUNT_SECTION),
        google_key_file=Path(env[KEY_FILE_ENV].strip()) if env.get(KEY_FILE_ENV, "").strip() else None,
        origins={s.name: found[s.name].place if s.name in found else "bawaan" for s in SETTINGS},
        google_sign_in=_google_sign_in(secrets_path, document),
        people=_section(document, PEOPLE_SECTION),
        archive_folder=_optional_folder(texts, ARCHIVE_FOLDER),
        certificate_folder=_optional_folder(texts, CERTIFICATE_FOLDER),
        google_sign_in_secrets=_texts(_section(document, GOOGLE_SECTION), ("cookie_secret", "client_secret")),
    )


def _optional_folder(texts: Mapping[str, str], setting: Setting) -> Path | None:
    return Path(texts[setting.name]) if setting.name in texts else None


def check_store_url(url: str, place: str) -> None:
    """Raise ConfigError unless the address begins with a known scheme; only the scheme is shown."""
    _check_store(_Found(url, place), url)


def check_office_code(code: str, place: str) -> None:
    """Raise ConfigError unless it can be the code of a kecamatan."""
    _check_office(_Found(code, place), code)


def default_store(settings: Settings) -> str:
    """The SQLite file in the data folder, which is used where no store is configured."""
    return _sqlite_url(settings.data_folder)


def accounts_url(settings: Settings) -> str:
    """Where accounts live: in the same database as the data, but never in a sheet that others can read."""
    if spreadsheet_id(settings.store) is None:
        return settings.store
    return _sqlite_url(settings.data_folder)


def google_access(settings: Settings) -> GoogleAccess | None:
    """The service account for a spreadsheet; None for any other store. Raises ConfigError where there is no key."""
    if spreadsheet_id(settings.store) is None:
        return None
    account = service_account(settings)
    if not account:
        raise ConfigError(
            f"Google Sheets memerlukan kunci akun layanan. Isi bagian [{ACCOUNT_SECTION}] di {SECRETS_PATH}, atau "
            f"tulis nama berkas JSON-nya di {KEY_FILE_ENV}."
        )
    return GoogleAccess(account, settings.api_endpoint)


def service_account(settings: Settings) -> Mapping[str, object]:
    """The key of the service account that is configured; empty where none is. Raises ConfigError."""
    path = settings.google_key_file
    return _key_in(path) if path is not None else settings.google_key


def cookie_key(settings: Settings) -> str:
    """The configured key, else the one in the data folder, made at the first call (readable by its owner only)."""
    if settings.cookie_key is not None:
        return settings.cookie_key
    path = settings.data_folder / _KEY_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_key_file(path)
        key = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Berkas {path} tidak dapat dibuat atau dibaca. {_write(DATA_FOLDER)}") from error
    weakness = _weakness(key)
    if weakness:
        raise ConfigError(f"Kunci di berkas {path} {weakness}. Hapus berkas itu agar dibuat yang baru.")
    return key


def secrets_of(settings: Settings, cookie_key: str = "") -> tuple[str, ...]:
    """Everything that no message and no log may show. ``cookie_key``: the one in use, where it was made by itself."""
    try:
        access = google_access(settings)
    except ConfigError:
        access = None
    people = (person for person in settings.people.values() if isinstance(person, dict))
    found = (
        *_passwords_in(settings.store),
        *(settings.cookie_key or "", cookie_key, os.environ.get(PASSWORD_ENV, "")),
        *_texts(access.account if access else settings.google_key, ("private_key", "private_key_id")),
        *settings.google_sign_in_secrets,
        *(text for person in people for text in _texts(person, ("sandi",))),
    )
    return tuple(text for text in found if text)


def _passwords_in(url: str) -> tuple[str, ...]:
    """The password of the address, as it stands there and as it is sent."""
    try:
        address = urlsplit(url)
    except ValueError:
        return (url,)
    return (*parse_qs(address.query).get("password", ()), address.password or "", unquote(address.password or ""))


def docs_table() -> str:
    """The table of settings for docs/konfigurasi.md."""
    head = ("Kunci di `[monev]`", "Variabel lingkungan", "Bila tidak diisi", "Arti", "Isi yang diterima")
    rows = [(f"`{s.name}`", f"`{s.env}`", s.default, s.meaning, s.expected) for s in SETTINGS]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ("---",) * len(head), *rows])


def _sqlite_url(folder: Path) -> str:
    return f"sqlite:///{(folder / _DATABASE_FILE).as_posix()}"


# --- the sources -------------------------------------------------------------------------------------------------


def _refuse_misspelled_environment(env: Mapping[str, str]) -> None:
    known = {s.env for s in SETTINGS}
    for name in sorted(n for n in env if n.startswith(ENV_PREFIX) and n not in known):
        near = difflib.get_close_matches(name, known, 1, _NEAR)
        if near:
            raise ConfigError(f"Variabel lingkungan {name} tidak dikenal. Tulis {near[0]}, atau hapus variabel itu.")


def _document(path: Path) -> dict[str, object]:
    return _parse(_read(path), path)


def _section(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    section = document.get(name, {})
    return section if isinstance(section, dict) else {}


def _texts(section: Mapping[str, object], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(section[name]) for name in names if name in section)


def _google_sign_in(path: Path, document: Mapping[str, object]) -> bool:
    """Whether people may sign in with Google. What is half filled in would fail for them, in English."""
    section = _section(document, GOOGLE_SECTION)
    missing = [key for key in _GOOGLE_KEYS if not str(section.get(key, "")).strip()]
    if section and missing:
        raise ConfigError(f"{path} bagian [{GOOGLE_SECTION}]: isi juga {', '.join(missing)}, atau hapus bagian itu.")
    weakness = _weakness(str(section["cookie_secret"])) if section else ""
    if weakness:
        raise ConfigError(f"{path} bagian [{GOOGLE_SECTION}]: cookie_secret {weakness}. Tulis {COOKIE_KEY.expected}.")
    return bool(section)


def _key_in(path: Path) -> Mapping[str, object]:
    """The account in Google's JSON file."""
    try:
        account = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"{KEY_FILE_ENV}: berkas {path} tidak dapat dibaca. Periksa nama dan hak aksesnya."
        ) from error
    except ValueError:
        account = None
    if not isinstance(account, dict):
        raise ConfigError(
            f"{KEY_FILE_ENV}: {path} bukan berkas JSON. Unduh ulang kunci akun layanan dari Google Cloud."
        )
    return account


def _from_secrets(path: Path, document: Mapping[str, object]) -> dict[str, _Found]:
    text = _read(path)
    _refuse_misplaced(document, text, path)
    section = document.get(SECTION, {})
    if not isinstance(section, dict):
        raise ConfigError(
            f"{_place(path, text, SECTION)}: {SECTION} harus bagian. Tulis [{SECTION}] pada baris sendiri."
        )
    for key in section:
        if key not in {s.name for s in SETTINGS}:
            raise ConfigError(f"{_place(path, text, key)}: kunci “{key}” tidak dikenal. {_which_name(key)}")
    return {key: _Found(value, _place(path, text, key)) for key, value in section.items()}


def _read(path: Path) -> str:
    """The whole file; a missing one is empty, for every setting has a default."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigError(f"Berkas {path} bukan teks UTF-8. Simpan ulang dengan pengodean UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"Berkas {path} tidak dapat dibaca. Periksa bahwa itu berkas dan boleh dibaca.") from error


def _parse(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        number, line = _broken_line(text, str(error))
        shown = line.partition("=")[0].strip()[:60] + (" = …" if "=" in line else "")
        raise ConfigError(
            f"{path} baris {number}: “{shown}” tidak terbaca sebagai TOML. "
            'Tulis seperti: kode_kecamatan = "silaut" (teks di antara tanda kutip).'
        ) from None


def _broken_line(text: str, message: str) -> tuple[int, str]:
    """Number and text of the line that tomllib complains about; at the end of the document, its last line."""
    lines = text.splitlines()
    match = re.search(r"line (\d+)", message)
    number = int(match[1]) if match else len(lines)
    return number, lines[min(number, len(lines)) - 1]


def _refuse_misplaced(document: Mapping[str, object], text: str, path: Path) -> None:
    """A key of ours outside its section, or a section whose name is nearly ours, would be ignored in silence."""
    for name, value in document.items():
        if name in {s.name for s in SETTINGS}:
            raise ConfigError(f"{_place(path, text, name, '')}: pindahkan “{name}” ke bawah baris [{SECTION}].")
        if name != SECTION and isinstance(value, dict) and difflib.get_close_matches(name.lower(), [SECTION], 1, _NEAR):
            raise ConfigError(f"{_place(path, text, name)}: bagian [{name}] tidak dikenal. Tulis [{SECTION}].")


def _place(path: Path, text: str, key: str, section: str = SECTION) -> str:
    """File and line of a key, or of a section's header."""
    pattern = re.compile(rf"""\s*(?:\[+\s*|{SECTION}\s*\.\s*)?["']?{re.escape(key)}["']?\s*[\]=]""")
    number = next((n for n, here, line in _lines(text) if here in (section, key, "") and pattern.match(line)), 0)
    return f"{path} baris {number}" if number else str(path)


def _lines(text: str) -> Iterable[tuple[int, str, str]]:
    """Number, section and text of each line."""
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            section = header[1].strip("\"' ")
        yield number, section, line


# --- the checks --------------------------------------------------------------------------------------------------


def _text(setting: Setting, found: _Found) -> str:
    """The checked text of a setting."""
    if not isinstance(found.value, str):
        raise _wrong(setting, found, "harus teks di antara tanda kutip")
    text = found.value.strip()
    if not text:
        raise _wrong(setting, found, "kosong")
    _CHECKS[setting.name](found, text)
    return text


def _check_store(found: _Found, text: str) -> None:
    if text.startswith("https://docs.google.com/"):
        if spreadsheet_id(text) is None:
            raise _wrong(STORE, found, "alamat itu bukan alamat sebuah spreadsheet Google")
        return
    scheme, separator, rest = text.partition("://")
    if scheme not in STORE_SCHEMES or not separator:
        shown = f"“{scheme}://…”" if separator and re.fullmatch(r"[\w+.-]{1,40}", scheme) else "alamat itu"
        raise _wrong(STORE, found, f"{shown} bukan alamat yang didukung")
    if not rest.strip("/"):
        raise _wrong(STORE, found, "alamat itu tidak lengkap")
    if scheme.startswith("sqlite") and not rest.startswith("/"):
        raise _wrong(STORE, found, "alamat SQLite memakai tiga garis miring")


def _check_office(found: _Found, text: str) -> None:
    if not _OFFICE.fullmatch(text):
        raise _wrong(OFFICE, found, f"“{text[:60]}” bukan kode kecamatan")


def _check_folder(found: _Found, text: str) -> None:
    if Path(text).exists() and not Path(text).is_dir():
        raise _wrong(DATA_FOLDER, found, f"“{text[:60]}” bukan folder")


def _check_key(found: _Found, text: str) -> None:
    weakness = _weakness(text)
    if weakness:
        raise _wrong(COOKIE_KEY, found, weakness)


def _weakness(key: str) -> str:
    """Why a key could be guessed; "" where it could not. Whoever knows it can make cookies of his own."""
    if len(key) < KEY_LENGTH:
        return f"terlalu pendek: hanya {len(key)} karakter"
    if len(set(key)) < _FEWEST_CHARACTERS:
        return "mudah ditebak: karakter yang sama berulang"
    familiar = next((word for word in _FAMILIAR_KEYS if word in key.casefold()), "")
    return f"mudah ditebak: memuat “{familiar}”" if familiar else ""


def _check_endpoint(found: _Found, text: str) -> None:
    if not re.fullmatch(r"https?://[^/\s]+/?", text):
        raise _wrong(API_ENDPOINT, found, f"“{text[:60]}” bukan alamat peladen")


_CHECKS = {
    STORE.name: _check_store,
    OFFICE.name: _check_office,
    DATA_FOLDER.name: _check_folder,
    COOKIE_KEY.name: _check_key,
    API_ENDPOINT.name: _check_endpoint,
}


def _wrong(setting: Setting, found: _Found, why: str) -> ConfigError:
    return ConfigError(f"{found.place}: nilai {setting.name} tidak dapat dipakai: {why}. {_write(setting)}")


def _write(setting: Setting) -> str:
    return f"Tulis {setting.name}: {setting.expected}."


def _which_name(key: str) -> str:
    names = [s.name for s in SETTINGS]
    near = difflib.get_close_matches(key, names, 1)
    return f"Tulis {near[0]}." if near else f"Kunci yang ada: {', '.join(names)}."


def _make_key_file(path: Path) -> None:
    """Write a new key unless there is one; two processes that start at once end with the same key."""
    if path.exists():
        return
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_LENGTH))
    try:
        os.link(temporary, path)  # unlike a rename it never replaces the key of the faster process
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
