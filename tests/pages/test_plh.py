"""Pelaksana harian: the choice in the sidebar, what follows from it, and its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from services.auth.accounts import Accounts
from services.auth.management import Management
from services.auth.signin import ACTING_KEY, SESSION_KEY
from services.domain.indicators import Period
from services.domain.roles import Actor, Role
from services.domain.stand_in import StandIn
from services.store import schema
from services.store.store import HistoryQuery
from services.ui import session
from tests.pages.conftest import Opener
from tests.pages.looking import labels, press, text
from tests.pages.test_verifikasi import step, verified

PERIOD = Period(2026, 3)
BOX = "mv-bertindak-sebagai"
SECTIONS = ("pem", "kesos", "pkp", "umum")
SP = "SP 800/12/2026"


@pytest.fixture
def accounts(app: AppTest) -> Accounts:
    return session.runtime().accounts


@pytest.fixture
def management(accounts: Accounts) -> Management:
    return Management(accounts, SECTIONS, Actor("admin", "Admin", Role.ADMIN))


def appoint(management: Management, username: str, role: Role, section_id: str = "", days: int = 6) -> StandIn:
    today = session.today()
    return management.appoint(username, role, section_id, today, today + timedelta(days), SP, today)


def said(app: AppTest) -> str:
    return " ".join(str(part.value) for kind in ("error", "info", "warning", "success") for part in app.get(kind))


def act_as(app: AppTest, stand_in: StandIn | None) -> AppTest:
    return app.selectbox(key=BOX).set_value(stand_in.id if stand_in else "").run()


def has_choice(app: AppTest) -> bool:
    return any(box.key == BOX for box in app.selectbox)


def test_nobody_but_a_stand_in_has_a_choice(open_page: Opener, management: Management) -> None:
    appoint(management, "sekretaris", Role.CAMAT)
    assert not has_choice(open_page("tugas", "umum"))
    app = open_page("tugas", "sekretaris")
    assert app.selectbox(key=BOX).options == ["Sekretaris", "Plh. Camat"]
    assert app.selectbox(key=BOX).value == ""


def test_a_run_asks_once_who_stands_in(
    open_page: Opener, management: Management, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By his own role; as stand-in each check asks anew, since the appointment may end at any moment."""
    appoint(management, "sekretaris", Role.CAMAT)
    app = open_page("tugas", "sekretaris")
    asked: list[str] = []
    real = accounts.access.stand_ins

    def counted(username: str = "") -> tuple[StandIn, ...]:
        asked.append(username)
        return real(username)

    monkeypatch.setattr(accounts.access, "stand_ins", counted)
    assert has_choice(app.run())
    assert asked == ["sekretaris"]


def test_rights_pages_and_tasks_follow_from_the_capacity(open_page: Opener, management: Management) -> None:
    verified()
    plh = appoint(management, "umum", Role.CAMAT)
    app = open_page("verifikasi", "umum")
    assert "Setujui draf" not in labels(app)
    act_as(app, plh)
    assert "Plh. Camat" in text(app)
    assert "Setujui draf" in labels(app)
    app.switch_page("pages/tugas.py").run()
    assert "Setujui atau kembalikan draf laporan" in text(app)
    act_as(app, None)
    assert "Setujui atau kembalikan draf laporan" not in text(app)


def test_a_stand_in_of_a_section_fills_in_its_data_and_not_his_own(open_page: Opener, management: Management) -> None:
    plh = appoint(management, "kasi.pem", Role.KASI, "kesos")
    app = act_as(open_page("akun", "kasi.pem"), plh)
    assert "Plh. Kasi" in text(app)
    own = text(app.switch_page("pages/isian.py").run())
    assert "Seksi Kesejahteraan Sosial" in own
    assert "Seksi Pemerintahan" not in own


def test_what_a_stand_in_does_stands_under_his_capacity(
    open_page: Opener, management: Management, accounts: Accounts
) -> None:
    verified()
    plh = appoint(management, "umum", Role.CAMAT)
    app = act_as(open_page("verifikasi", "umum"), plh)
    press(app, "Setujui draf")
    assert step() == 12
    newest = session.runtime().store.history(HistoryQuery(table=schema.STEP_EVENT.name, limit=1))[0]
    assert (newest["by"], newest["role"]) == ("umum", "camat (Plh.)")
    assert "Plh. Camat" in text(app.switch_page("pages/riwayat.py").run())
    acted = [entry for entry in accounts.trail.latest(20) if entry.event == "bertindak sebagai"]
    assert [(entry.username, entry.detail) for entry in acted] == [("umum", "Plh. Camat")]


def test_one_that_ended_meanwhile_does_nothing_at_the_press(open_page: Opener, management: Management) -> None:
    """Not in the old capacity, nor in the person's own."""
    verified()
    plh = appoint(management, "umum", Role.CAMAT)
    app = act_as(open_page("verifikasi", "umum"), plh)
    before = session.runtime().store.revision()
    management.end_stand_in(plh, "Camat kembali", session.today())
    press(app, "Setujui draf")
    assert not app.exception
    assert "sudah berakhir" in said(app)
    assert session.runtime().store.revision() == before
    assert "Setujui draf" not in labels(app)
    assert not has_choice(app)


def test_what_the_own_role_allows_is_not_done_instead(open_page: Opener, management: Management) -> None:
    plh = appoint(management, "sekretaris", Role.PKP)
    app = act_as(open_page("pengumpulan", "sekretaris"), plh)
    box = next(each for each in app.text_input if each.label == "Alasan" and "kesos" in str(each.key))
    box.set_value("Data baru masuk")
    button = next(each for each in app.button if each.label == "Perpanjang")
    management.end_stand_in(plh, "Kasubag kembali", session.today())
    before = session.runtime().store.revision()
    button.click().run()
    assert "sudah berakhir" in said(app)
    assert session.runtime().store.revision() == before
    assert app.session_state[ACTING_KEY] == ""
    assert "sudah berakhir" not in said(app.run())


def test_whoever_verified_is_not_offered_to_approve_as_stand_in(open_page: Opener, management: Management) -> None:
    verified()
    plh = appoint(management, "sekretaris", Role.CAMAT)
    app = act_as(open_page("verifikasi", "sekretaris"), plh)
    assert "Anda sendiri yang memverifikasi draf ini" in said(app)
    assert "Setujui draf" not in labels(app)
    assert "Kembalikan draf" in labels(app)


def test_it_ends_by_itself_after_its_last_day(open_page: Opener, management: Management) -> None:
    plh = appoint(management, "umum", Role.CAMAT, days=0)
    app = act_as(open_page("tugas", "umum"), plh)
    assert "Plh. Camat" in text(app)
    session.runtime().set_clock(session.now() + timedelta(days=1))
    assert "sudah berakhir" in said(app.run())


def test_a_page_that_is_loaded_anew_stays_in_the_capacity_and_a_new_sign_in_does_not(
    open_page: Opener, app: AppTest, management: Management, accounts: Accounts
) -> None:
    plh = appoint(management, "umum", Role.CAMAT)
    act_as(open_page("tugas", "umum"), plh)
    del app.session_state[ACTING_KEY]  # what is left after a reload is the cookie
    assert app.run().selectbox(key=BOX).value == plh.id
    del app.session_state[ACTING_KEY]
    account = accounts.get("umum")
    assert account is not None
    app.session_state[SESSION_KEY] = session.sign_in().issue(account)
    assert app.run().selectbox(key=BOX).value == ""


def test_nobody_acts_in_a_capacity_of_somebody_else(open_page: Opener, management: Management) -> None:
    plh = appoint(management, "sekretaris", Role.CAMAT)
    app = open_page("tugas", "umum")
    app.session_state[ACTING_KEY] = plh.id
    app.run()
    assert "sudah berakhir" in said(app)
    assert "Plh." not in text(app)


# --- Pengguna ----------------------------------------------------------------------------------------------------


def fill(app: AppTest, username: str, role: Role, basis: str = SP) -> AppTest:
    app.selectbox(key="plh-akun").set_value(username)
    app.selectbox(key="plh-peran").set_value(role)
    app.text_input(key="plh-dasar").set_value(basis)
    return press(app, "Tunjuk Plh.")


def test_the_admin_appoints_and_ends_on_the_page(open_page: Opener, accounts: Accounts) -> None:
    app = open_page("pengguna", "admin")
    fill(app, "sekretaris", Role.CAMAT)
    assert not app.exception
    assert "menjadi Plh" in said(app)
    (made,) = accounts.access.stand_ins()
    assert (made.username, made.role, made.first, made.basis) == ("sekretaris", Role.CAMAT, session.today(), SP)
    assert "Berlaku" in text(app)
    app.selectbox(key="plh-akhiri").set_value(made.id)
    press(app, "Akhiri sekarang")
    assert "Tulis alasannya" in said(app)
    app.text_input(key="plh-alasan").set_value("Camat kembali")
    press(app, "Akhiri sekarang")
    assert accounts.access.stand_ins()[0].ended_on == session.today()
    assert "Berakhir" in text(app)
    assert [e.event for e in accounts.trail.latest(2)] == ["Plh. diakhiri", "Plh. ditunjuk"]


def test_what_is_missing_is_said_and_admins_are_not_offered(open_page: Opener, accounts: Accounts) -> None:
    app = open_page("pengguna", "admin")
    assert not [option for option in app.selectbox(key="plh-akun").options if "(admin)" in option]
    press(app, "Tunjuk Plh.")
    assert "Pilih orang dan perannya" in said(app)
    fill(app, "sekretaris", Role.CAMAT, " ")
    assert "Tulis dasarnya" in said(app)
    assert accounts.access.stand_ins() == ()


def test_whoever_is_no_admin_any_more_appoints_nobody(open_page: Opener, accounts: Accounts) -> None:
    accounts.add("kepala", "Kepala", Role.ADMIN.value, "kopi susu pagi hujan", accounts.now())
    app = open_page("pengguna", "kepala")
    accounts.set_role("kepala", Role.CAMAT.value, "")
    fill(app, "sekretaris", Role.CAMAT)
    assert accounts.access.stand_ins() == ()
