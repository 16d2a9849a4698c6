"""Opening a store by its URL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from services.store.sheets_access import GoogleAccess, spreadsheet_id
from services.store.sql import SqlStore
from services.store.store import Store, StoreError

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_ALLOWED = (
    "Yang dapat dipakai: sqlite:///folder/berkas.db, postgresql+psycopg://pengguna:sandi@server/basisdata, atau "
    "https://docs.google.com/spreadsheets/d/ID."
)
_NO_KEY = "Alamat Google Sheets memerlukan kunci akun layanan: isi bagian [gcp_service_account] di secrets.toml."


class BadAddress(StoreError):
    """The URL names no store that this program knows; the message says which are allowed, without the URL's secrets."""


def open_store(url: str, office: str, now: Callable[[], datetime], google: GoogleAccess | None = None) -> Store:
    """The store at ``url``, for the office with this code. Raises BadAddress or StoreUnavailable.

    ``google`` is how to sign in where the address is that of a spreadsheet.
    """
    spreadsheet = spreadsheet_id(url)
    if spreadsheet is None:
        return SqlStore(normal_url(url), office, now)
    if google is None:
        raise BadAddress(_NO_KEY)
    from services.store.sheets import SheetsStore  # gspread takes long to import, and a database never needs it

    return SheetsStore(spreadsheet, office, now, google.account, google.api_endpoint)


def normal_url(url: str) -> str:
    """The URL with the driver that is installed, e.g. ``postgres://…`` as ``postgresql+psycopg://…``."""
    parsed = _parsed(url)
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise BadAddress(f'Jenis basis data "{parsed.drivername}" tidak dikenal. {_ALLOWED}')
    if driver.startswith("sqlite") and parsed.database in (None, "", ":memory:"):
        raise BadAddress(f"Alamat SQLite harus menyebut sebuah berkas. {_ALLOWED}")
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def _parsed(url: str) -> URL:
    try:
        return make_url(url.strip())
    except (ArgumentError, ValueError):
        # Not "from" the cause: its text repeats the URL with its password.
        raise BadAddress(f"Alamat basis data tidak dapat dibaca. {_ALLOWED}") from None
