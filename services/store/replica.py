"""In front of a remote store that may be slow, full or away: everybody looks at one snapshot, and writing only waits.

Reading: all share the last snapshot, also kept on the disk; a background thread reads anew every 15 seconds while
somebody looks. Writing: a transaction is checked against what is seen here, put on the disk, and sent by another
thread; until it is read back it is laid over the snapshot.
"""

from __future__ import annotations

import hashlib
import logging
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread

from services.domain.clock import WIB
from services.store import kept as disk
from services.store.files import joined
from services.store.kept import Kept
from services.store.outbox import Item, Outbox, State
from services.store.overlay import overlaid, verify
from services.store.schema import FILE, Table
from services.store.sender import Sender
from services.store.sheets_access import spreadsheet_id
from services.store.store import (
    HistoryQuery,
    Insert,
    Log,
    Receipt,
    Row,
    Snapshot,
    Store,
    StoreError,
    StoreUnavailable,
    Transaction,
    Withheld,
)

_LOG = logging.getLogger("monev.replika")
_EVERY = timedelta(seconds=15)
_NOBODY_LOOKS = timedelta(seconds=60)
_STALE = timedelta(minutes=2)
_FIRST_TRY_EVERY = timedelta(seconds=5)
_REMEMBERED = timedelta(days=90)
"""How long a repeated press of the same button is known here; the store itself knows it for ever."""
_SAVE_EVERY = timedelta(seconds=60)
_POLL_SECONDS = 1.0
_HISTORIES = 64
_OUTBOX, _SNAPSHOT = "antrean.db", "cuplikan.json"
_DEFECT = "Data tidak dapat dibaca karena galat yang tidak terduga; rinciannya di catatan galat."


def replica_folder(data_folder: Path, url: str, office: str) -> Path:
    """Where the replica of this store keeps its files: another store or office never gets what was meant for this."""
    store = spreadsheet_id(url) or url
    return data_folder / "replika" / f"{office}-{hashlib.sha256(f'{store} {office}'.encode()).hexdigest()[:12]}"


def outbox_in(folder: Path) -> Outbox:
    return Outbox(folder / _OUTBOX)


class Replica:
    """A store, and what all viewers share of it. Nothing runs in the background before ``start``.

    ``stale_after`` is the age from which pages say plainly that the data are old.
    """

    def __init__(
        self,
        remote: Store,
        office: str,
        folder: Path,
        now: Callable[[], datetime],
        *,
        stale_after: timedelta = _STALE,
    ) -> None:
        """Raises StoreUnavailable when the folder cannot be used."""
        self._remote, self._now, self._stale_after = remote, now, stale_after
        self.outbox = outbox_in(folder)
        self.sender = Sender(remote, self.outbox, now)
        self._path = folder / _SNAPSHOT
        self._base = disk.load(self._path, office)
        self._saved = self._base
        self._refreshing, self._laying = Lock(), Lock()
        self._laid: tuple[object, Snapshot] | None = None
        self._looked_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._tries = 0
        self._away_since: datetime | None = None
        self._trouble = ""
        self._histories: dict[HistoryQuery, tuple[datetime, tuple[Row, ...]]] = {}
        self._look, self._send = Event(), Event()
        self.outbox.forget_sent(now() - _REMEMBERED)

    # --- what viewers share --------------------------------------------------------------------------------------

    def current(self) -> Snapshot:
        """The last snapshot with what waits laid over it, at once; only the very first one is waited for.

        Raises StoreUnavailable when there has never been one.
        """
        base = self._first()
        live = self.outbox.live(base.covered)
        key = (base.snapshot, *((item.transaction.id, item.state) for item in live))
        with self._laying:
            if self._laid is None or self._laid[0] != key:
                self._laid = key, _overlaid(base, live)
            return self._laid[1]

    def touch(self) -> None:
        """Somebody looks: go on refreshing."""
        self._looked_at = self._now()
        if self._due():
            self._look.set()

    def invalidate(self) -> None:
        """Nothing to do: whoever saved sees it at once, because it is laid over the snapshot."""

    @property
    def ready(self) -> bool:
        """Whether ``current`` answers without waiting."""
        return self._base is not None

    @property
    def stale(self) -> bool:
        """Whether the data are older than the limit."""
        return self._base is None or self.age(self._now()) > self._stale_after

    @property
    def away_since(self) -> datetime | None:
        """Since when every try to read has failed; None while the store answers."""
        return self._away_since

    @property
    def trouble(self) -> str:
        """Why the last try to read failed, for people; "" when it did not."""
        return self._trouble

    def age(self, now: datetime) -> timedelta:
        """How long ago the data were last known to be current."""
        return max(now - self._base.checked_at, timedelta()) if self._base else timedelta()

    # --- the store -----------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        return self._remote.address

    def read(self) -> Snapshot:
        return self.current()

    def revision(self) -> int:
        return self.current().revision

    def commit(self, transaction: Transaction) -> Receipt:
        """Check against what is seen here, put on the disk, and return; it is sent afterwards.

        Raises Conflict, DuplicateRow, InvalidChange, or StoreUnavailable when there never was a snapshot.
        """
        base = self._first()

        def check(live: Sequence[Item]) -> None:
            verify(_overlaid(base, live), transaction)

        added = self.outbox.add(transaction, self._now(), base.covered, check)
        self.wake()
        return Receipt(transaction.id, self.current().revision, repeated=not added)

    def wake(self) -> None:
        """Something was put into the outbox, or decided: send it soon."""
        self._send.set()

    def history(self, query: HistoryQuery) -> tuple[Row, ...]:
        """What is in the remote log. While the store is away, the answer to the same question that was given last."""
        now = self._now()
        found = self._histories.get(query)
        if found and (self._away_since or abs(now - found[0]) < _EVERY):
            return found[1]
        if self._away_since:
            raise StoreUnavailable("Riwayat tidak dapat diambil selama penyimpanan tidak tersambung.")
        rows = self._remote.history(query)
        while len(self._histories) >= _HISTORIES:
            self._histories.pop(next(iter(self._histories)), None)
        self._histories[query] = now, rows
        return rows

    def log(self) -> Log:
        return self._remote.log()

    def file(self, file_id: str) -> bytes:
        """A kept file; one that was saved here a moment ago and still waits to be sent as well."""
        changes = (change for item in self.outbox.queue() for change in item.transaction.changes)
        waiting = [c.row for c in changes if isinstance(c, Insert) and c.table is FILE and c.row["file_id"] == file_id]
        if waiting:
            return joined(file_id, waiting)
        return self._remote.file(file_id)

    def dump(self) -> Iterator[tuple[Table, tuple[Row, ...]]]:
        return self._remote.dump()

    def load(self, tables: Mapping[str, tuple[Row, ...]]) -> Withheld:
        if self.outbox.queue():
            raise StoreError(
                "Masih ada perubahan yang menunggu terkirim atau bentrok; selesaikan dahulu agar tidak hilang."
            )
        withheld = self._remote.load(tables)
        self.outbox.forget_sent(datetime.max.replace(tzinfo=WIB))  # what has landed is no longer there
        with self._refreshing:
            self._read_remote()
        return withheld

    # --- in the background ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin refreshing and sending; both end when nobody holds this replica any more."""
        _repeat(self, Replica.tick, self._look)
        _repeat(self, _send, self._send)

    def tick(self) -> None:
        """Refresh when it is due: somebody looked within a minute, and the last try is 15 seconds ago."""
        looked = self._looked_at
        if looked and abs(self._now() - looked) < _NOBODY_LOOKS and self._due():
            self.refresh()

    def refresh(self) -> None:
        """Read the remote store now; whoever comes while another one reads waits for that."""
        tries = self._tries
        with self._refreshing:
            if self._tries == tries:
                self._read_remote()

    def _first(self) -> Kept:
        if self._base is None and self._due(_FIRST_TRY_EVERY):
            self.refresh()
        if self._base is None:
            raise StoreUnavailable(self._trouble or _DEFECT)
        return self._base

    def _due(self, every: timedelta = _EVERY) -> bool:
        return self._tried_at is None or abs(self._now() - self._tried_at) >= every

    def _read_remote(self) -> None:
        covered, began = self.outbox.sent_count(), self._now()
        try:
            fresh = self._remote.read()
        except StoreError as error:
            self._failed(began, str(error))
        except Exception:
            _LOG.exception("Membaca %s", self._remote.address)
            self._failed(began, _DEFECT)
        else:
            self._base = Kept(_same_or(fresh, self._base), began, covered)
            self._away_since, self._trouble = None, ""
            self._save()
        self._tried_at, self._tries = self._now(), self._tries + 1

    def _failed(self, at: datetime, why: str) -> None:
        self._away_since, self._trouble = self._away_since or at, why

    def _save(self) -> None:
        """On the disk whenever something changed, else once a minute for the age."""
        base, saved = self._base, self._saved
        assert base is not None
        same = saved is not None and (saved.snapshot, saved.covered) == (base.snapshot, base.covered)
        if saved and same and base.checked_at - saved.checked_at < _SAVE_EVERY:
            return
        try:
            disk.save(self._path, base)
            self._saved = base
        except OSError:
            _LOG.exception("Cuplikan tidak dapat disimpan")


def _overlaid(base: Kept, live: Sequence[Item]) -> Snapshot:
    landed = [item.transaction for item in live if item.state is State.SENT]
    waiting = [item.transaction for item in live if item.state is State.WAITING]
    return overlaid(base.snapshot, landed, waiting)


def _same_or(fresh: Snapshot, last: Kept | None) -> Snapshot:
    """The very object that is there, where nothing changed: what was made from it stays good."""
    if last is None:
        return fresh
    old = last.snapshot
    same = (old.revision, old.problems, old.places) == (fresh.revision, fresh.problems, fresh.places)
    return old if same else fresh


def _send(replica: Replica) -> None:
    replica.sender.tick()


def _repeat(replica: Replica, work: Callable[[Replica], None], wake: Event) -> None:
    """Do the work every second and whenever woken, in a thread of its own that does not keep the replica alive."""
    reference = weakref.ref(replica)

    def run() -> None:
        while True:
            wake.wait(_POLL_SECONDS)
            wake.clear()
            alive = reference()
            if alive is None:
                return
            try:
                work(alive)
            except Exception:
                _LOG.exception("Kerja latar")
            del alive

    Thread(target=run, name=f"monev-{work.__name__}", daemon=True).start()
