"""What goes on at the door, in the database of the accounts: sessions, stand-ins, failed attempts, and their log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Row, Text, delete, func, insert, select, update
from sqlalchemy import Table as SqlTable

from services.domain.clock import WIB
from services.domain.roles import Role
from services.domain.stand_in import StandIn
from services.store.codec import encode_moment
from services.store.engine import Database

_METADATA = MetaData()
_SESSIONS = SqlTable(
    "akun_sesi",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False, index=True),
    Column("stamp", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Column("ended_at", Text),
    Column("ended_why", Text, nullable=False),
    Column("acting", Text, nullable=False, server_default=""),
)
_STAND_INS = SqlTable(
    "akun_plh",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("section_id", Text, nullable=False),
    Column("first", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("ended_on", Text),
)
_ATTEMPTS = SqlTable(
    "akun_percobaan",
    _METADATA,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", Text, nullable=False),
)
_TRAIL = SqlTable(
    "akun_jejak",
    _METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("seal", Text, nullable=False),
)
_HEAD = SqlTable(
    "akun_jejak_ujung",
    _METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("seal", Text, nullable=False),
)
_ATTEMPT_LOCK, _TRAIL_LOCK, _STAND_IN_LOCK = 7_301_502, 7_301_503, 7_301_504


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One sign-in. ``id`` is a fingerprint of the ticket, which only the browser has; ``stamp`` one of the account.

    ``acting``: id of the stand-in as which the person acted last, "" for his own role.
    """

    id: str
    username: str
    stamp: str
    started_at: datetime
    seen_at: datetime
    until: datetime
    address: str
    browser: str
    ended_at: datetime | None = None
    ended_why: str = ""
    acting: str = ""


@dataclass(frozen=True, slots=True)
class Failures:
    """How often something failed, and when last."""

    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One line of the log of the door. ``username`` is whom it is about, ``by`` who did it; ``seal`` covers it and,
    through the seal of the entry before, all older ones. ``at`` is kept as text, exactly as it was sealed."""

    number: int
    at: str
    event: str
    username: str
    by: str
    address: str
    detail: str
    seal: str


@dataclass(frozen=True, slots=True)
class TrailHead:
    """Number and seal of the newest entry, kept apart: without it, nobody would miss an entry cut off at the end."""

    number: int
    seal: str


class AccessTables:
    """Sessions, stand-ins, attempts and log. Methods raise StoreUnavailable when the database cannot be reached."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(_METADATA)

    # --- sessions ---

    def add_session(self, session: SessionRow) -> None:
        """Put it in; putting it in twice is the same as once."""

        def work(connection: Connection) -> None:
            if connection.execute(select(_SESSIONS.c.id).where(_SESSIONS.c.id == session.id)).first() is None:
                connection.execute(insert(_SESSIONS).values(_encoded(asdict(session))))

        self._database.write(work)

    def session(self, id_: str) -> SessionRow | None:
        with self._database.reading() as connection:
            row = connection.execute(select(_SESSIONS).where(_SESSIONS.c.id == id_)).first()
        return _session(row) if row else None

    def sessions(self, username: str = "") -> tuple[SessionRow, ...]:
        """Those that nobody has ended, newest first; some may have run out."""
        wanted = select(_SESSIONS).where(_SESSIONS.c.ended_at.is_(None)).order_by(_SESSIONS.c.started_at.desc())
        chosen = wanted.where(_SESSIONS.c.username == username) if username else wanted
        with self._database.reading() as connection:
            return tuple(_session(row) for row in connection.execute(chosen))

    def remove_sessions(self, username: str) -> None:
        """Remove all sessions of a person, ended or not, with their addresses and browsers."""
        wanted = delete(_SESSIONS).where(_SESSIONS.c.username == username)
        self._database.write(lambda connection: connection.execute(wanted))

    def seen(self, id_: str, at: datetime) -> None:
        self._database.write(
            lambda connection: connection.execute(
                update(_SESSIONS).where(_SESSIONS.c.id == id_).values(seen_at=encode_moment(at))
            )
        )

    def end_sessions(self, ids: Iterable[str], at: datetime, why: str) -> int:
        """End those that are not ended yet; how many there were."""
        wanted = (
            update(_SESSIONS)
            .where(_SESSIONS.c.id.in_(tuple(ids)), _SESSIONS.c.ended_at.is_(None))
            .values(ended_at=encode_moment(at), ended_why=why)
        )
        return self._database.write(lambda connection: connection.execute(wanted).rowcount)

    def set_acting(self, id_: str, stand_in: str) -> None:
        wanted = update(_SESSIONS).where(_SESSIONS.c.id == id_).values(acting=stand_in)
        self._database.write(lambda connection: connection.execute(wanted))

    def forget_sessions(self, before: datetime) -> None:
        """Remove what ran out before this moment."""
        wanted = delete(_SESSIONS).where(_SESSIONS.c.until < encode_moment(before))
        self._database.write(lambda connection: connection.execute(wanted))

    # --- stand-ins ---

    def stand_ins(self, username: str = "") -> tuple[StandIn, ...]:
        """Of one person, or of all; the latest first."""
        wanted = select(_STAND_INS).order_by(_STAND_INS.c.first.desc(), _STAND_INS.c.id)
        chosen = wanted.where(_STAND_INS.c.username == username) if username else wanted
        with self._database.reading() as connection:
            return _known(connection.execute(chosen))

    def add_stand_in(self, new: StandIn) -> StandIn | None:
        """Put it in, unless another one overlaps it: then that one is returned and nothing is written."""

        def work(connection: Connection) -> StandIn | None:
            self._database.alone(connection, _STAND_IN_LOCK)
            known = _known(connection.execute(select(_STAND_INS)))
            other = next((each for each in known if each.id != new.id and each.overlaps(new)), None)
            if other is None and all(each.id != new.id for each in known):
                connection.execute(insert(_STAND_INS).values(_encoded(asdict(new))))
            return other

        return self._database.write(work)

    def end_stand_in(self, id_: str, day: date) -> bool:
        """Let it hold no more from this day on; False where it is not there, or was ended already."""
        wanted = (
            update(_STAND_INS)
            .where(_STAND_INS.c.id == id_, _STAND_INS.c.ended_on.is_(None))
            .values(ended_on=day.isoformat())
        )
        return self._database.write(lambda connection: connection.execute(wanted).rowcount == 1)

    def remove_stand_ins(self, username: str) -> None:
        wanted = delete(_STAND_INS).where(_STAND_INS.c.username == username)
        self._database.write(lambda connection: connection.execute(wanted))

    # --- failed attempts ---

    def change_attempts(
        self, keys: Iterable[str], work: Callable[[Mapping[str, Failures]], Mapping[str, Failures | None]]
    ) -> None:
        """Hand what is known of these keys to ``work`` and keep what it returns, None removing; nobody in between.

        ``work`` must be safe to call again.
        """
        chosen = select(_ATTEMPTS).where(_ATTEMPTS.c.key.in_(tuple(keys)))

        def change(connection: Connection) -> None:
            self._database.alone(connection, _ATTEMPT_LOCK)
            rows = connection.execute(chosen).mappings()
            found = {row["key"]: Failures(row["count"], _moment(row["last"])) for row in rows}
            for key, failures in work(found).items():
                connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.key == key))
                if failures is not None:
                    values = {"key": key, "count": failures.count, "last": encode_moment(failures.last)}
                    connection.execute(insert(_ATTEMPTS).values(values))

        self._database.write(change)

    def forget_attempts(self, before: datetime) -> None:
        wanted = delete(_ATTEMPTS).where(_ATTEMPTS.c.last < encode_moment(before))
        self._database.write(lambda connection: connection.execute(wanted))

    # --- log ---

    def append(self, make: Callable[[TrailHead], TrailEntry]) -> TrailEntry:
        """Add the entry that ``make`` builds upon the newest one (number 0 and seal "" for none)."""

        def work(connection: Connection) -> TrailEntry:
            self._database.alone(connection, _TRAIL_LOCK)
            entry = make(_head(connection))
            connection.execute(insert(_TRAIL).values(asdict(entry)))
            connection.execute(delete(_HEAD))
            connection.execute(insert(_HEAD).values(id=1, number=entry.number, seal=entry.seal))
            return entry

        return self._database.write(work)

    def trail(self) -> tuple[tuple[TrailEntry, ...], TrailHead]:
        """Every entry as it lies there, by number, and what the newest one should be."""
        with self._database.reading() as connection:
            rows = connection.execute(select(_TRAIL).order_by(_TRAIL.c.number)).all()
            return tuple(TrailEntry(**row._mapping) for row in rows), _head(connection)

    def latest(self, count: int, username: str = "") -> tuple[TrailEntry, ...]:
        """The newest entries, newest first; those about or by one person if one is named."""
        wanted = select(_TRAIL).order_by(_TRAIL.c.number.desc()).limit(count)
        if username:
            wanted = wanted.where((_TRAIL.c.username == username) | (_TRAIL.c.by == username))
        with self._database.reading() as connection:
            return tuple(TrailEntry(**row._mapping) for row in connection.execute(wanted))


def _head(connection: Connection) -> TrailHead:
    row = connection.execute(select(_HEAD)).first()
    if row is not None:
        return TrailHead(row.number, row.seal)
    # Only where the head itself was removed: numbers go on, and the check will say what is missing.
    return TrailHead(connection.execute(select(func.max(_TRAIL.c.number))).scalar() or 0, "")


def _encoded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _stored(value) for name, value in values.items()}


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return encode_moment(value)
    return value.isoformat() if isinstance(value, date) else value


_SESSION_MOMENTS = tuple(field.name for field in fields(SessionRow) if "datetime" in str(field.type))


def _session(row: Row[Any]) -> SessionRow:
    values = dict(row._mapping)
    return SessionRow(**{**values, **{name: _moment(values[name]) for name in _SESSION_MOMENTS if values[name]}})


def _known(rows: Iterable[Row[Any]]) -> tuple[StandIn, ...]:
    """Without roles that there are no more."""
    return tuple(_stand_in(row) for row in rows if row.role in list(Role))


def _stand_in(row: Row[Any]) -> StandIn:
    values = dict(row._mapping)
    days = {name: date.fromisoformat(values[name]) for name in ("first", "last", "ended_on") if values[name]}
    return StandIn(**{**values, **days, "role": Role(values["role"])})


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).astimezone(WIB)
