"""A shared sheet that is slow or away: what pages say, and how a conflict found while sending is decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from services import hosting, runtime
from services.actions.entries import save_entry
from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.roles import Actor, Role
from services.store.outbox import State
from services.store.replica import Replica
from services.store.schema import ENTRY, EXCEPTION
from services.store.store import Insert, Update
from services.ui import session
from services.views.office import Office
from tests.pages.conftest import Opener, forget_runtime
from tests.store.helpers import action
from tests.store.replica_helpers import AWAY, Remote, look, value_in

PERIOD = Period(2026, 3)
USER = "kasi.kesos"


@pytest.fixture
def remote(office_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    """The sample office as if it were in a Google Sheet; nothing happens in the background."""
    key = tmp_path / "kunci.json"
    key.write_text('{"client_email": "contoh"}')
    found = Remote(office_folder / "monev.db", session.now)  # type: ignore[arg-type]
    monkeypatch.setenv("MONEV_STORE", "https://docs.google.com/spreadsheets/d/contoh-contoh")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    monkeypatch.setattr(runtime, "open_store", lambda *_: found)
    monkeypatch.setattr(Replica, "start", lambda self: None)
    forget_runtime()
    yield found
    found.store.close()


def replica() -> Replica:
    found = session.runtime().replica
    assert found is not None
    return found


def entry_of(office: Office) -> str:
    indicator = next(i for i in office.indicators if i.section_id == "kesos")
    entry = office.entry(indicator.id, PERIOD)
    assert entry is not None
    return entry.id


def save_here(value: str) -> str:
    """The kasi saves a value through the replica; the id of the entry."""
    from services.actions.base import Context

    opened = session.runtime()
    look(replica())
    office = Office(replica().current())
    entry_id = entry_of(office)
    entry = office.entry_by_id(entry_id)
    assert entry is not None
    seen = {"actual": str(entry.row["actual"] or "")}
    actor = Actor(USER, "Kasi", Role.KASI, "kesos")
    save_entry(Context(opened.store, office, actor, opened.now(), "Isian"), entry_id, seen, {"actual": value})
    return entry_id


def change_there(remote: Remote, entry_id: str, value: Decimal) -> None:
    """Somebody types another value into the sheet."""
    remote.store.commit(action(Update(ENTRY, entry_id, {}, {"actual": value}), by="orang lain"))


def send() -> None:
    replica().sender.round()
    replica().refresh()


def text_of(app: AppTest) -> str:
    html = [element.proto.body for element in app.get("html")]
    return " ".join(
        [*html, *(str(e.value) for kind in ("warning", "info", "success", "error", "markdown") for e in app.get(kind))]
    )


def test_what_waits_is_counted_under_the_title_and_gone_once_it_is_sent(remote: Remote, open_page: Opener) -> None:
    remote_value = save_here("12")
    app = open_page("dasbor", USER)
    assert not app.exception
    assert "1 menunggu terkirim" in text_of(app)
    send()
    assert "menunggu terkirim" not in text_of(app.run())
    assert value_in(remote.store.read(), ENTRY, remote_value, "actual") == Decimal(12)


def test_the_form_says_which_entry_waits(remote: Remote, open_page: Opener) -> None:
    save_here("12")
    app = open_page("isian", USER)
    app.segmented_control(key="mv-nav").set_value(first_indicator()).run()
    assert ", menunggu terkirim" in text_of(app)
    send()
    assert ", menunggu terkirim" not in text_of(app.run())


def first_indicator() -> str:
    return next(i.id for i in session.office().indicators if i.section_id == "kesos")


def test_when_the_sheet_is_away_every_page_opens_and_says_since_when_and_that_nothing_is_lost(
    remote: Remote, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_here("12")
    opened = session.runtime()
    remote.away = True
    opened.set_clock(opened.now() + timedelta(hours=1))
    replica().refresh()
    for page in ("dasbor", "isian", "laporan", "indikator", "bentrok"):
        app = open_page(page, USER)
        assert not app.exception
        shown = text_of(app)
        assert "Tidak tersambung ke penyimpanan sejak pukul 11.20" in shown
        assert "data pukul 10.20" in shown
        assert "1 perubahan aman di antrean" in shown
        assert AWAY.rstrip(".") in shown.replace("\\", "")


def test_after_a_night_without_viewers_the_page_says_that_it_is_being_refreshed(
    remote: Remote, open_page: Opener
) -> None:
    look(replica())
    opened = session.runtime()
    opened.set_clock(opened.now() + timedelta(hours=14))
    shown = text_of(open_page("dasbor", USER))
    assert "sedang diperbarui" in shown
    assert "Tidak tersambung" not in shown


def test_on_a_host_without_a_lasting_disk_the_page_warns_while_something_waits(
    remote: Remote, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACE_ID", "kecamatan/monev")
    look(replica())
    assert "disk tetap" not in text_of(open_page("dasbor", USER))
    save_here("12")
    assert "tanpa disk tetap" in text_of(open_page("dasbor", USER))


def conflict(remote: Remote) -> str:
    entry_id = save_here("12")
    change_there(remote, entry_id, Decimal(34))
    send()
    assert [item.state for item in replica().outbox.queue()] == [State.CONFLICT]
    return entry_id


def test_whoever_wrote_it_is_led_to_the_page_that_shows_three_values(remote: Remote, open_page: Opener) -> None:
    conflict(remote)
    assert "1 perubahan bentrok" in text_of(open_page("dasbor", USER))
    shown = text_of(open_page("bentrok", USER))
    assert all(f"<dd>{value}</dd>" in shown for value in ("12", "34"))
    assert "Realisasi" in shown


def test_nobody_else_is_asked(remote: Remote, open_page: Opener) -> None:
    conflict(remote)
    assert "perubahan bentrok" not in text_of(open_page("dasbor", "pkp"))
    assert "Tidak ada yang bentrok" in text_of(open_page("bentrok", "pkp"))


def test_without_the_writer_the_kasubag_pkp_decides(remote: Remote, open_page: Opener) -> None:
    conflict(remote)
    session.runtime().accounts.deactivate(USER)
    assert "1 perubahan bentrok" in text_of(open_page("dasbor", "pkp"))


def test_my_value_is_sent_over_the_one_that_is_there(remote: Remote, open_page: Opener) -> None:
    entry_id = conflict(remote)
    app = open_page("bentrok", USER)
    app.button(key="mv-bentrok-1-saya").click().run()
    assert not app.exception
    assert "Dikirim ulang" in text_of(app)
    send()
    assert value_in(remote.store.read(), ENTRY, entry_id, "actual") == Decimal(12)
    assert "Tidak ada yang bentrok" in text_of(app.run())


def test_their_value_stays_and_mine_remains_in_the_list_of_decisions(remote: Remote, open_page: Opener) -> None:
    entry_id = conflict(remote)
    app = open_page("bentrok", USER)
    app.button(key="mv-bentrok-1-sekarang").click().run()
    send()
    assert value_in(remote.store.read(), ENTRY, entry_id, "actual") == Decimal(34)
    assert "Sudah diputuskan" in " ".join(e.label for e in app.expander)
    assert [item.decided_by for item in replica().outbox.decided()] == [USER]


def test_when_the_exception_has_ended_meanwhile_nobody_insists(remote: Remote, open_page: Opener) -> None:
    conflict(remote)
    granted = next(r for r in remote.store.read().rows(EXCEPTION) if r["section_id"] == "kesos")
    over = session.now().astimezone(WIB).date() - timedelta(days=1)
    ended = {**granted, "id": "kecuali-berakhir", "until": over, "at": session.now()}
    remote.store.commit(action(Insert(EXCEPTION, ended)))
    replica().refresh()
    app = open_page("bentrok", USER)
    app.button(key="mv-bentrok-1-saya").click().run()
    assert "tidak berwenang" in text_of(app)
    assert [item.state for item in replica().outbox.queue()] == [State.CONFLICT]


def test_what_has_no_values_to_choose_from_can_be_sent_again_or_let_go(remote: Remote, open_page: Opener) -> None:
    entry_id = save_here("12")
    rows = {table.name: found for table, found in remote.store.dump()}
    gone = {**rows, ENTRY.name: tuple(r for r in rows[ENTRY.name] if r["id"] != entry_id)}
    remote.store.load(gone)
    send()
    app = open_page("bentrok", USER)
    assert "ditolak saat dikirim" in text_of(app)
    remote.store.load(rows)
    app.button(key="mv-lagi-1").click().run()
    send()
    assert value_in(remote.store.read(), ENTRY, entry_id, "actual") == Decimal(12)


def test_the_menu_lists_the_page_only_for_whoever_has_something_there(remote: Remote) -> None:
    from services.ui import conflicts

    look(replica())
    kasi = Actor(USER, "Kasi", Role.KASI, "kesos")
    assert not conflicts.any_for(kasi)
    conflict(remote)
    assert conflicts.any_for(kasi)
    assert not conflicts.any_for(Actor("camat", "Camat", Role.CAMAT))


@pytest.mark.parametrize(
    ("folder", "env", "mounts", "code", "lasts"),
    [
        ("/srv/monev/data", {}, (), "/srv/monev/services/hosting.py", True),
        ("/mount/src/monev/data", {}, ("/mount/src",), "/mount/src/monev/services/hosting.py", False),
        ("/app/data", {"RENDER": "true"}, (), "/app/services/hosting.py", False),
        ("/var/data/monev", {"RENDER": "true"}, ("/var/data",), "/app/services/hosting.py", True),
    ],
)
def test_a_disk_that_does_not_last_is_recognised(
    folder: str, env: dict[str, str], mounts: tuple[str, ...], code: str, lasts: bool
) -> None:
    assert hosting.disk_lasts(Path(folder), env, lambda place: str(place) in mounts, Path(code)) == lasts
