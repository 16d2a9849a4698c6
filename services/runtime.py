"""What one process holds open for everybody: the store, its shared snapshot, accounts, drafts and the clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from services import log
from services.auth.accounts import Accounts
from services.auth.pinned import keep_pinned
from services.config import (
    DATA_FOLDER,
    ERROR_LOG,
    STORE,
    ConfigError,
    Settings,
    accounts_url,
    cookie_key,
    google_access,
    secrets_of,
)
from services.domain.clock import WIB
from services.hosting import disk_lasts
from services.sample.clock import present
from services.sample.office import fill
from services.sample.quarters import PRESENT
from services.store import schema
from services.store.drafts import DRAFTS_FILE, Drafts
from services.store.open import open_store
from services.store.replica import Replica, replica_folder
from services.store.schema import Table
from services.store.shared import SharedSnapshot
from services.store.sheets_access import spreadsheet_id
from services.store.store import HistoryQuery, Log, Receipt, Row, Snapshot, Store, StoreError, Transaction, Withheld

CLOCK_ENV = "MONEV_JAM"
"""For pictures and tests: the clock starts at this moment (ISO, WIB) and runs on from there."""


def wib_now() -> datetime:
    """The wall clock, in WIB."""
    return datetime.now(WIB)


@dataclass(frozen=True, slots=True)
class AnnouncingStore:
    """A store that tells the shared snapshot of each write, so that whoever saved sees it at once."""

    inner: Store
    announce: Callable[[], None]

    @property
    def address(self) -> str:
        return self.inner.address

    def read(self) -> Snapshot:
        return self.inner.read()

    def revision(self) -> int:
        return self.inner.revision()

    def commit(self, transaction: Transaction) -> Receipt:
        try:
            return self.inner.commit(transaction)
        finally:
            self.announce()  # after a refusal too: it was refused because of something newer

    def history(self, query: HistoryQuery) -> tuple[Row, ...]:
        return self.inner.history(query)

    def log(self) -> Log:
        return self.inner.log()

    def file(self, file_id: str) -> bytes:
        return self.inner.file(file_id)

    def dump(self) -> Iterator[tuple[Table, tuple[Row, ...]]]:
        return self.inner.dump()

    def load(self, tables: Mapping[str, tuple[Row, ...]]) -> Withheld:
        try:
            return self.inner.load(tables)
        finally:
            self.announce()


class Runtime:
    """Opened once per process; every part is safe to use from several threads."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = wib_now) -> None:
        """Raises ConfigError or StoreError."""
        _prepare_folder(settings)
        self.settings = settings
        self._clock = clock
        self.cookie_key = cookie_key(settings)
        store = open_store(settings.store, settings.office, self.now, google_access(settings))
        self.replica = self._replica(store)
        self.shared: SharedSnapshot | Replica = self.replica or SharedSnapshot(store, self.now)
        self.store: Store = self.replica or AnnouncingStore(store, self.shared.invalidate)
        self.accounts = Accounts(accounts_url(settings))
        keep_pinned(self.accounts, settings.people)
        self.drafts = Drafts(settings.data_folder / DRAFTS_FILE)

    def now(self) -> datetime:
        return self._clock()

    def _replica(self, store: Store) -> Replica | None:
        """What stands in front of a store that may be slow or away; a database is asked directly."""
        if spreadsheet_id(self.settings.store) is None:
            return None
        settings = self.settings
        folder = replica_folder(settings.data_folder, settings.store, settings.office)
        return Replica(store, settings.office, folder, self.now)

    def disk_lasts(self) -> bool:
        """Whether the data folder outlives a restart, as far as it can be known."""
        return disk_lasts(self.settings.data_folder, os.environ)

    def accounts_last(self, username: str) -> bool:
        """Whether a change of this account is still there after a restart without a line in the secrets."""
        beside_code = accounts_url(self.settings).startswith("sqlite")
        return username not in self.settings.people and (not beside_code or self.disk_lasts())

    def set_clock(self, moment: datetime) -> None:
        """Let it be this moment now; time runs on from there."""
        self._clock = _running_from(moment)


def start(settings: Settings) -> Runtime:
    """Open everything. The default store, still empty, becomes the sample office: one command shows all there is."""
    chosen = os.environ.get(CLOCK_ENV, "")
    runtime = Runtime(settings, _clock_from(chosen))
    log.write_to(settings.data_folder / ERROR_LOG, secrets_of(settings, runtime.cookie_key))
    if settings.origins[STORE.name] == "bawaan" and _is_empty(runtime):
        _fill_with_sample(runtime)
    if not chosen:
        runtime.set_clock(present(runtime.store, runtime.now()))
    if runtime.replica:
        runtime.replica.start()
    return runtime


def _is_empty(runtime: Runtime) -> bool:
    return not runtime.store.read().rows(schema.PROFILE)


def _fill_with_sample(runtime: Runtime) -> None:
    try:
        fill(runtime.store, runtime.accounts, PRESENT)
    except StoreError:
        if _is_empty(runtime):  # otherwise another process that started at the same moment has filled it
            raise


def _prepare_folder(settings: Settings) -> None:
    try:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"Folder data {settings.data_folder} tidak dapat dibuat. Tulis {DATA_FOLDER.name}: {DATA_FOLDER.expected}."
        ) from error


def _clock_from(text: str) -> Callable[[], datetime]:
    if not text:
        return wib_now
    try:
        return _running_from(datetime.fromisoformat(text).replace(tzinfo=WIB))
    except ValueError as error:
        raise ConfigError(f"{CLOCK_ENV}: “{text[:60]}” bukan waktu. Tulis seperti 2026-11-03T10:20.") from error


def _running_from(moment: datetime) -> Callable[[], datetime]:
    ahead = moment - wib_now()
    return lambda: wib_now() + ahead
