"""Whether a store can be used, tried out step by step: each step says what it found, or what is to be done.

The steps come one by one, as they are done; the first that fails is the last. What a store holds is never changed here,
but for the tabs of a spreadsheet, which are made ready.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from services.config import ConfigError, check_store_url
from services.setup.state import Found, district_in, found_in
from services.store.open import BadAddress, open_store
from services.store.schema import BY_NAME
from services.store.sheets_access import Patience, address_of, spreadsheet_id
from services.store.store import Snapshot, Store, StoreError, StoreUnavailable

PATIENCE = Patience(timeout=(5.0, 30.0), tries=2, longest_wait=2.0)
"""Somebody is waiting in front of the page."""
LONGEST_KEY = 20_000
_MOST_NAMED = 3
_KEY_HINT = "Unduh ulang berkas JSON-nya di Google Cloud, menu IAM & Admin > Service Accounts > Keys."


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried. ``found``: what the store holds, at the last step alone."""

    what: str
    right: bool
    said: str = ""
    found: Found | None = None


class KeyProblem(Exception):
    """What is wrong with the file of a service account, in Indonesian; nothing of its content."""


def read_key(text: str, endpoint: str) -> dict[str, str]:
    """The service account in Google's JSON file. Raises KeyProblem."""
    if not text.strip():
        raise KeyProblem("Unggah berkas JSON kunci akun layanan, atau tempel isinya.")
    if len(text) > LONGEST_KEY:
        raise KeyProblem(f"Berkas ini terlalu besar untuk sebuah kunci. {_KEY_HINT}")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        # Not "from" the cause, which quotes the key.
        raise KeyProblem(f"Isinya bukan JSON yang utuh. {_KEY_HINT}") from None
    if not isinstance(found, dict) or found.get("type") != "service_account":
        raise KeyProblem(f"Ini bukan kunci akun layanan. {_KEY_HINT}")
    missing = [n for n in ("client_email", "private_key", "token_uri") if not isinstance(found.get(n), str)]
    if missing:
        raise KeyProblem(f"Isian {', '.join(missing)} tidak ada. {_KEY_HINT}")
    if not _is_googles(found["token_uri"], endpoint):
        raise KeyProblem(f"Alamat token_uri di dalamnya bukan alamat Google. {_KEY_HINT}")
    return {name: value for name, value in found.items() if isinstance(value, str)}


def check_database(url: str, office: str, now: Callable[[], datetime], *, lasts: bool) -> Iterator[Step]:
    """``lasts``: whether a file written here is still there after a restart."""
    is_file = url.startswith("sqlite")
    try:
        check_store_url(url, "Alamat")
        yield Step("Alamat terbaca", True)
        if is_file and not lasts:
            advice = "Isi disk di layanan ini hilang saat aplikasi dimulai ulang. Pilih Google Sheets atau PostgreSQL."
            yield Step("Isi disk bertahan", False, advice)
            return
        store = open_store(url, office, now)
        yield Step("Basis data dapat dibuka dan ditulisi", True, store.address)
        yield _content(store.read())
    except (ConfigError, BadAddress) as error:
        yield Step("Alamat terbaca", False, str(error))
    except StoreError as error:
        hint = "" if is_file else " Periksa nama peladen, basis data, pengguna, dan kata sandinya."
        yield Step("Basis data dapat dibuka dan ditulisi", False, f"{error}{hint}")


def check_sheet(
    address: str,
    key: str,
    office: str,
    now: Callable[[], datetime],
    endpoint: str,
    patience: Patience = PATIENCE,
) -> Iterator[Step]:
    """``key``: the text of Google's JSON file."""
    try:
        account = read_key(key, endpoint)
    except KeyProblem as error:
        yield Step("Berkas kunci terbaca", False, str(error))
        return
    yield Step("Berkas kunci terbaca", True, f"akun layanan {account['client_email']}")
    spreadsheet = spreadsheet_id(address)
    if spreadsheet is None:
        advice = "Salin alamat spreadsheet dari peramban, seperti https://docs.google.com/spreadsheets/d/ID/edit."
        yield Step("Alamat spreadsheet terbaca", False, advice)
        return
    yield Step("Alamat spreadsheet terbaca", True)
    yield from _check_google(spreadsheet, account, office, now, endpoint, patience)


def _check_google(
    spreadsheet: str,
    account: Mapping[str, str],
    office: str,
    now: Callable[[], datetime],
    endpoint: str,
    patience: Patience,
) -> Iterator[Step]:
    from services.store.sheets import SheetsStore  # gspread takes long to import
    from services.store.sheets_client import KeyUnreadable
    from services.store.sheets_errors import Failure, KeyDenied

    what = "Kunci pribadi utuh"
    try:
        store = SheetsStore(spreadsheet, office, now, account, endpoint, patience)
        yield Step(what, True)
        what = "Google menerima kunci"
        store.client.sign_in()
        yield Step(what, True)
        what = "Spreadsheet ditemukan"
        properties = store.client.metadata("properties(title,timeZone)")["properties"]
        yield Step(what, True, f"“{properties.get('title', '')}”")
        what = "Akun layanan boleh menulis"
        store.client.write(_nothing_new(properties), "spreadsheetId")
        yield Step(what, True)
        what = "Spreadsheet kosong atau milik aplikasi"
        strangers = _strangers(store)
        if strangers:
            yield Step(what, False, f"Sudah ada isi lain di tab {strangers}. Pakai spreadsheet baru yang kosong.")
            return
        yield Step(what, True)
        what = "Tab aplikasi siap"
        yield from _made_ready(store)
    except KeyUnreadable:
        yield Step(what, False, f"Isi private_key terpotong atau rusak. {_KEY_HINT}")
    except KeyDenied:
        hint = f"Periksa jam komputer ini; bila benar, buat kunci JSON baru untuk {account['client_email']}."
        yield Step(what, False, f"Google menolak kunci ini. {hint}")
    except StoreUnavailable as error:
        yield Step(what, False, str(error))
    except Failure as failure:
        yield Step(what, False, str(store.client.explained(failure)))


def _made_ready(store: Store) -> Iterator[Step]:
    from services.store.sheets import SheetsStore
    from services.store.sheets_setup import prepare

    assert isinstance(store, SheetsStore)
    outcome = prepare(store)
    snapshot = store.read()
    left = [*outcome.left, *(f"{p.tab}!{p.cell}: {p.why}." for p in snapshot.problems if p.blocks)]
    if left:
        more = f" Dan {len(left) - _MOST_NAMED} hal lain." if len(left) > _MOST_NAMED else ""
        yield Step("Tab aplikasi siap", False, " ".join(left[:_MOST_NAMED]) + more)
        return
    yield Step("Tab aplikasi siap", True, "sudah siap sebelumnya" if not outcome.done else "disiapkan")
    yield _content(snapshot)


def _content(snapshot: Snapshot) -> Step:
    found = found_in(snapshot)
    said = {
        Found.EMPTY: "masih kosong",
        Found.SAMPLE: "data contoh, yang akan dihapus",
        Found.OFFICE: f"data kantor {_named(snapshot)}, yang dipakai seperti adanya",
    }
    return Step("Isi penyimpanan diperiksa", True, said[found], found)


def _named(snapshot: Snapshot) -> str:
    district = district_in(snapshot)
    return f"Kecamatan {district}" if district else "yang sudah ada"


def _nothing_new(properties: Mapping[str, str]) -> dict[str, object]:
    """A write that changes nothing: the time zone as it is."""
    change = {"properties": {"timeZone": properties.get("timeZone", "Etc/GMT")}, "fields": "timeZone"}
    return {"requests": [{"updateSpreadsheetProperties": change}]}


def _strangers(store: Store) -> str:
    """Tabs of a spreadsheet that serves something else; "" where it is blank, or has tabs of ours."""
    from services.store.sheets import SheetsStore
    from services.store.sheets_reading import quoted

    assert isinstance(store, SheetsStore)
    titles = list(store.tabs())
    if set(titles) & set(BY_NAME):
        return ""
    grids = store.client.values([quoted(title) for title in titles]) if titles else []
    filled = [title for title, grid in zip(titles, grids, strict=True) if any(any(row) for row in grid)]
    return ", ".join(f"“{title}”" for title in filled[:_MOST_NAMED])


def _is_googles(address: str, endpoint: str) -> bool:
    """Where a signed request for a token may go: nowhere but to Google, or the stand-in that the settings name."""
    host = urlsplit(address).hostname or ""
    at_google = address.startswith("https://") and (host == "googleapis.com" or host.endswith(".googleapis.com"))
    return at_google or address.startswith(f"{endpoint}/")


def plain_address(address: str) -> str:
    """The address of a spreadsheet without what the browser added; any other address as it is."""
    spreadsheet = spreadsheet_id(address)
    return address_of(spreadsheet) if spreadsheet else address.strip()
