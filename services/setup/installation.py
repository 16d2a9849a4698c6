"""Making a real office: configuration, data and the administrator's account, by whoever has the key to the set-up.

The order is that of a thing that may break off anywhere and be repeated: the account, the configuration, and last the
data, in one transaction of the store. Before that transaction nothing has ended; after it, the key is void.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from services.actions.base import Refused, require_storable
from services.auth.accounts import Account, AccountError, Accounts
from services.auth.management import check_name, check_username
from services.auth.passwords import check_choice, hash_password
from services.auth.pinned import line_of
from services.auth.sessions import Visitor
from services.auth.trail import Event
from services.config import (
    COOKIE_KEY,
    KEY_LENGTH,
    OFFICE,
    PEOPLE_SECTION,
    SECRETS_PATH,
    SECTION,
    STORE,
    Setting,
    Settings,
    accounts_url,
    check_office_code,
    check_store_url,
    google_access,
    load,
)
from services.domain.roles import Role
from services.hosting import disk_lasts
from services.sample.office import fill
from services.sample.quarters import PRESENT
from services.sample.reference import DISTRICT
from services.setup.beginning import SOURCE, NewOffice, brings_foreign_sop, tables, tidy
from services.setup.door import SetupDoor
from services.setup.secrets_file import Unwritable, lines_of, sections_for, write
from services.setup.state import Found, found_in
from services.store.open import open_store
from services.store.sheets_access import spreadsheet_id
from services.store.store import Store, StoreError

_LOG = logging.getLogger(__name__)
_ONE_AT_A_TIME = Lock()
_TAKEN = "Nama pengguna {} sudah dipakai di penyimpanan itu. Pilih nama pengguna lain."
_LOST = "Isi disk di layanan ini hilang saat aplikasi dimulai ulang. Pilih Google Sheets atau PostgreSQL."
_SOP_LATER = (
    f"Nomor dan isi SOP masih milik Kecamatan {DISTRICT} tahun 2024. Sesuaikan di halaman Kantor dan Dokumen SOP "
    "sebelum triwulan pertama dibuka."
)
_SHEET_LATER = "Jalankan python -m services sheet siapkan, agar daftar pilihan sesuai dengan seksi kantor."


@dataclass(frozen=True, slots=True)
class Administrator:
    """The first account, with the fingerprint of its password."""

    username: str
    name: str
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the office is to be: code, address of the store, and the service account of a spreadsheet."""

    code: str
    store: str
    account: Mapping[str, object] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """All that was asked for on the page."""

    office: NewOffice
    place: Place
    administrator: Administrator


@dataclass(frozen=True, slots=True)
class Site:
    """The installation as it runs now. ``env`` and ``secrets_path``: where configuration comes from."""

    settings: Settings
    store: Store
    accounts: Accounts
    door: SetupDoor
    env: Mapping[str, str]
    secrets_path: Path = SECRETS_PATH


@dataclass(frozen=True, slots=True)
class Installed:
    """``settings``: what the application goes on with. ``lines``: configuration to be pasted by hand, "" for none.

    ``left``: what somebody should still do, in Indonesian.
    """

    settings: Settings
    lines: str = field(repr=False)
    left: tuple[str, ...] = ()


def administrator(username: str, name: str, password: str, again: str, office: NewOffice) -> Administrator:
    """The first account as it was typed. Raises Refused, AccountError or WeakPassword."""
    username, name = username.strip().lower(), tidy(name)
    require_storable((username, name, password))
    check_username(username)
    check_name(name)
    if password != again:
        raise Refused("Kedua kata sandi tidak sama. Ketik lagi keduanya.")
    check_choice(password, (username, name, *words_of(office)))
    return Administrator(username, name, hash_password(password))


def words_of(office: NewOffice) -> tuple[str, ...]:
    """Names that whoever guesses a password in this office tries first."""
    return (*office.settings.values(), *(section.name for section in office.sections))


def is_fixed(env: Mapping[str, str], setting: Setting) -> bool:
    """Whether the environment says it, so that no file can say anything else."""
    return bool(env.get(setting.env, "").strip())


def install(wish: Wish, key: str, visitor: Visitor, site: Site) -> Installed:
    """Make the office; pressed again after a failure, it goes on from there.

    Raises Denied, Refused, Unreadable, AccountError, ConfigError or StoreError. Then no office has been made, and what
    was there is as it was.
    """
    with _ONE_AT_A_TIME:
        return _install(wish, key, visitor, site)


def try_sample(key: str, visitor: Visitor, site: Site) -> None:
    """Let the sample be what people see. The key stays good. Raises Denied or StoreError."""
    site.door.require(key, visitor)
    if found_in(site.store.read()) is Found.EMPTY:
        fill(site.store, site.accounts, PRESENT)


def _install(wish: Wish, key: str, visitor: Visitor, site: Site) -> Installed:
    site.door.require(key, visitor)
    person, now = wish.administrator, site.accounts.now()
    check_username(person.username)
    check_name(person.name)
    rows = tables(wish.office, person.username, now)
    settings = _settings(wish.place, site)
    target, accounts = _target(settings, site), Accounts(accounts_url(settings), site.accounts.now)
    found = found_in(target.read())
    _put(person, accounts, found, visitor)
    lines = _configured(wish, accounts, settings, site)
    if found is not Found.OFFICE:
        target.load(rows)
    left = _finished(wish, settings, accounts, site, visitor, keep_old=bool(lines) and target is not site.store)
    if found is not Found.OFFICE and brings_foreign_sop(wish.office):
        left += (_SOP_LATER,)
    return Installed(settings if lines else load(site.env, site.secrets_path), lines, left)


def _settings(place: Place, site: Site) -> Settings:
    """The settings with which the office will run. Raises ConfigError or Refused."""
    check_store_url(place.store, "Penyimpanan")
    check_office_code(place.code, "Kode kecamatan")
    now = site.settings
    for setting, wanted, fixed in ((STORE, place.store, now.store), (OFFICE, place.code, now.office)):
        if is_fixed(site.env, setting) and wanted != fixed:
            raise Refused(f"{setting.name} sudah ditetapkan oleh variabel lingkungan {setting.env}; pakai nilai itu.")
    if place.store.startswith("sqlite") and not disk_lasts(now.data_folder, site.env):
        raise Refused(_LOST)
    found = replace(now, store=place.store, office=place.code, origins={**now.origins, STORE.name: SOURCE})
    if place.account:
        found = replace(found, google_key=place.account, google_key_file=None)
    if not disk_lasts(now.data_folder, site.env) and now.cookie_key is None:
        found = replace(found, cookie_key=secrets.token_hex(KEY_LENGTH))
    return found


def _target(settings: Settings, site: Site) -> Store:
    """The store of the office to be: the running one where it is the same, so that everybody sees it at once."""
    now = site.settings
    if (settings.store, settings.office) == (now.store, now.office):
        return site.store
    return open_store(settings.store, settings.office, site.accounts.now, google_access(settings))


def _put(person: Administrator, accounts: Accounts, found: Found, visitor: Visitor) -> None:
    """The account, made anew where an earlier press or the sample made one of this name. Raises AccountError."""
    there = accounts.get(person.username)
    if there and not there.sample and (found is Found.OFFICE or there.role != Role.ADMIN):
        raise AccountError(_TAKEN.format(person.username))
    role, at = Role.ADMIN.value, accounts.now()
    accounts.replace(Account(person.username, person.name, role, "", person.password_hash, True, at))
    if not there or there.password_hash != person.password_hash:
        accounts.trail.record(Event.ADDED, person.username, address=visitor.address, detail=f"{role}, {SOURCE}")


def _configured(wish: Wish, accounts: Accounts, settings: Settings, site: Site) -> str:
    """Write the configuration; what has to be pasted by hand where that is not possible, else ""."""
    sections = sections_for(wish.place.store, wish.place.code, wish.place.account)
    for setting in (STORE, OFFICE):
        if is_fixed(site.env, setting):
            del sections[SECTION][setting.name]
    if settings.cookie_key and site.settings.cookie_key is None:
        sections[SECTION][COOKIE_KEY.name] = settings.cookie_key
    try:
        write(site.secrets_path, sections, site.env)
    except Unwritable as error:
        _LOG.warning("configuration to be pasted by hand: %s", error)
    else:
        return ""
    lines = lines_of({name: values for name, values in sections.items() if values})
    account = accounts.get(wish.administrator.username)
    in_file = accounts_url(settings).startswith("sqlite")
    if account and in_file and not disk_lasts(settings.data_folder, site.env):
        lines += f"\n[{PEOPLE_SECTION}]\n{line_of(account)}\n"
    return lines


def _finished(
    wish: Wish, settings: Settings, accounts: Accounts, site: Site, visitor: Visitor, *, keep_old: bool
) -> tuple[str, ...]:
    """The office is there: whatever fails now is left over, and nothing is taken back.

    ``keep_old``: the sample stays in its own store, which is opened again as long as the configuration is not pasted.
    """
    by = wish.administrator.username
    _try(lambda: accounts.trail.record(Event.SET_UP, by, address=visitor.address, detail=wish.place.code))
    _try(site.door.close)
    if not keep_old:
        _try(lambda: _end_sample(site))
        _try(accounts.remove_samples)
    return () if _try(lambda: _prepare_again(settings, accounts.now)) else (_SHEET_LATER,)


def _end_sample(site: Site) -> None:
    if found_in(site.store.read()) is Found.SAMPLE:
        site.store.load({})
    site.accounts.remove_samples()


def _prepare_again(settings: Settings, now: Callable[[], datetime]) -> None:
    """Dropdowns and filter views of the office's own sections."""
    if spreadsheet_id(settings.store) is None:
        return
    from services.store.sheets import SheetsStore  # gspread takes long to import
    from services.store.sheets_setup import prepare

    store = open_store(settings.store, settings.office, now, google_access(settings))
    assert isinstance(store, SheetsStore)
    prepare(store)
    store.close()


def _try(work: Callable[[], object]) -> bool:
    try:
        work()
    except (StoreError, OSError):
        _LOG.exception("left over after setting up")
        return False
    return True
