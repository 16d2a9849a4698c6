"""Making a real office in one press: what is there afterwards, what a failure leaves, and who may not press."""

from __future__ import annotations

import stat
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import bcrypt
import pytest

from services.actions.base import Denied, Refused, Unreadable
from services.auth.accounts import AccountError, Accounts
from services.auth.passwords import WeakPassword, matches
from services.auth.sessions import Visitor
from services.auth.trail import Event
from services.config import ConfigError, accounts_url, load
from services.domain.roles import Role
from services.runtime import Runtime, start
from services.sample.office import fill, is_sample
from services.sample.quarters import PRESENT
from services.setup.beginning import NewOffice, NewSection, check_sections, usual_sections
from services.setup.door import SetupDoor
from services.setup.installation import Administrator, Installed, Place, Site, Wish, administrator, install, try_sample
from services.setup.keys import SetupKeys
from services.setup.state import Found, found_in, waits_for_office
from services.store import schema
from services.store.open import open_store
from services.store.store import HistoryQuery, StoreUnavailable
from services.views.office import office_of
from tests import sample_folder
from tests.attacks import ATTACKS, TOO_LONG

PASSWORD = "sepeda biru naik bukit"
VISITOR = Visitor("192.0.2.7", "Firefox di Linux")
SETTINGS = {
    "nama_kecamatan": "Lunang",
    "kabupaten": "Pesisir Selatan",
    "provinsi": "Sumatera Barat",
    "alamat": "Jalan Raya 1",
}
OFFICE = NewOffice(
    SETTINGS, (*usual_sections(), NewSection("baru", "Seksi Kebersihan", "Rina")), {"camat": "Budi, S.Sos."}
)


@pytest.fixture(autouse=True)
def quick_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr("bcrypt.gensalt", lambda: salt)


@dataclass
class Machine:
    """An installation that runs, as ``make run`` leaves an empty one, and a key to set it up."""

    folder: Path
    runtime: Runtime
    key: str
    env: dict[str, str]

    @property
    def secrets(self) -> Path:
        return self.folder / ".streamlit" / "secrets.toml"

    @property
    def door(self) -> SetupDoor:
        accounts = self.runtime.accounts
        keys = SetupKeys(self.runtime.settings.data_folder, accounts.now)
        return SetupDoor(keys, accounts, lambda: waits_for_office(self.runtime.store.read()))

    @property
    def site(self) -> Site:
        opened = self.runtime
        return Site(opened.settings, opened.store, opened.accounts, self.door, self.env, self.secrets)

    def wish(self, store: str = "", code: str = "silaut", office: NewOffice = OFFICE) -> Wish:
        url = store or self.runtime.settings.store
        return Wish(office, Place(code, url), administrator("ani", "Ani Wijaya", PASSWORD, PASSWORD, office))

    def press(self, wish: Wish | None = None, key: str | None = None) -> Installed:
        return install(wish or self.wish(), self.key if key is None else key, VISITOR, self.site)

    def restarted(self) -> Runtime:
        return start(load(self.env, self.secrets))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_folder.build(tmp_path_factory.mktemp("contoh"))


@pytest.fixture
def machine(template: Path, tmp_path: Path) -> Machine:
    env = {"MONEV_FOLDER_DATA": str(sample_folder.copy(template, tmp_path / "data"))}
    runtime = start(load(env, tmp_path / "tidak-ada.toml"))
    made = Machine(tmp_path, runtime, "", env)
    made.key = made.door.keys.make()
    return made


def everything(machine: Machine) -> object:
    """All that a failed press must leave as it was: the data and the accounts of the sample."""
    return machine.runtime.store.read().tables


# --- done ---------------------------------------------------------------------------------------------------------


def test_one_press_makes_the_office_with_all_that_was_asked_for(machine: Machine) -> None:
    done = machine.press()
    office = office_of(machine.runtime.store.read())
    assert done.lines == ""
    assert [text.partition(".")[0] for text in done.left] == [
        "Nomor dan isi SOP masih milik Kecamatan Silaut tahun 2024"
    ]
    assert (office.profile.title, office.profile.regency, office.profile.address) == (
        "Kecamatan Lunang",
        "Pesisir Selatan",
        "Jalan Raya 1",
    )
    assert not office.profile.sample
    assert [section.id for section in office.sections] == [*(s.id for s in usual_sections()), "baru"]
    assert office.section("baru").short == "Kebersihan"
    assert [(o.post, o.name, o.role) for o in office.officials] == [
        ("Camat", "Budi, S.Sos.", Role.CAMAT),
        ("Kepala Seksi Kebersihan", "Rina", Role.KASI),
    ]
    assert not office.cycles
    assert not office.all_indicators
    assert len(office.steps_in(office.sop_in_force)) == 13
    assert len(office.calendar.holidays) > 40
    assert "contoh" not in str(machine.runtime.store.read().tables).casefold()


def test_the_office_whose_sop_it_is_has_nothing_left_to_do(machine: Machine) -> None:
    own = replace(OFFICE, settings={**SETTINGS, "nama_kecamatan": "silaut"})
    assert machine.press(machine.wish(office=own)).left == ()


def test_the_administrator_is_the_only_account_and_gets_in_with_his_password(machine: Machine) -> None:
    machine.press()
    (account,) = machine.runtime.accounts.all()
    assert (account.username, account.name, account.role, account.sample) == ("ani", "Ani Wijaya", "admin", False)
    assert matches(PASSWORD, account.password_hash)
    assert account.first_until is None, "he chose it himself"


def test_a_restart_opens_the_same_office(machine: Machine) -> None:
    done = machine.press()
    again = machine.restarted()
    assert again.settings == done.settings
    assert again.settings.origins["store"].startswith(str(machine.secrets))
    assert office_of(again.store.read()).profile.district == "Lunang"
    assert stat.S_IMODE(machine.secrets.stat().st_mode) == 0o600


def test_it_stands_in_both_logs_without_key_and_password(machine: Machine) -> None:
    machine.press()
    lines = machine.runtime.store.history(HistoryQuery())
    assert [(line["action"], line["by"], line["source"]) for line in lines] == [
        ("menyiapkan kantor", "ani", "Siapkan kantor")
    ]
    entries = machine.runtime.accounts.trail.whole()[0]
    assert [(e.event, e.username, e.address) for e in entries] == [
        (Event.ADDED, "ani", VISITOR.address),
        (Event.SET_UP, "ani", VISITOR.address),
    ]
    assert machine.runtime.accounts.trail.check() is None
    kept = b"".join(file.read_bytes() for file in machine.folder.rglob("*") if file.is_file())
    assert PASSWORD.encode() not in kept
    assert machine.key.encode() not in kept


def test_another_code_makes_another_office_and_the_sample_is_gone(machine: Machine) -> None:
    done = machine.press(machine.wish(code="lunang"))
    assert office_of(machine.restarted().store.read()).profile.district == "Lunang"
    assert done.settings.office == "lunang"
    assert found_in(machine.runtime.store.read()) is Found.EMPTY


def test_another_database_takes_the_office_and_its_accounts(machine: Machine, postgres_url: str) -> None:
    machine.press(machine.wish(postgres_url))
    again = machine.restarted()
    assert again.settings.store == postgres_url
    assert office_of(again.store.read()).profile.district == "Lunang"
    assert [account.username for account in again.accounts.all()] == ["ani"]
    assert found_in(machine.runtime.store.read()) is Found.EMPTY
    assert machine.runtime.accounts.all() == ()


def test_an_office_that_is_there_already_is_taken_over_as_it_is(machine: Machine, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/kantor.db"
    first = replace(machine.site, door=mock.Mock())
    install(machine.wish(other), "", VISITOR, first)
    before = open_store(other, "silaut", machine.runtime.now).read().tables
    fill(machine.runtime.store, machine.runtime.accounts, PRESENT)
    wish = replace(machine.wish(other), administrator=administrator("rudi", "Rudi", PASSWORD, PASSWORD, OFFICE))
    machine.press(wish)
    assert open_store(other, "silaut", machine.runtime.now).read().tables == before
    assert [a.username for a in Accounts(other).all()] == ["ani", "rudi"]
    with pytest.raises(AccountError, match="sudah dipakai"):
        install(machine.wish(other), "", VISITOR, first)


# --- who may not --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "salah", "0" * 43])
def test_nobody_makes_anything_without_the_key(machine: Machine, key: str) -> None:
    before = everything(machine)
    with pytest.raises(Denied):
        machine.press(key=key)
    with pytest.raises(Denied):
        try_sample(key, VISITOR, machine.site)
    assert everything(machine) == before
    assert machine.runtime.accounts.get("ani") is None
    assert not machine.secrets.exists()


def test_the_key_is_good_for_one_office(machine: Machine) -> None:
    machine.press()
    before = everything(machine)
    again = replace(machine.wish(), administrator=administrator("rudi", "Rudi", PASSWORD, PASSWORD, OFFICE))
    with pytest.raises(Denied):
        machine.press(again)
    fresh = machine.door.keys.make()
    with pytest.raises(Denied):
        machine.press(again, fresh)
    assert everything(machine) == before
    assert machine.runtime.accounts.get("rudi") is None


def test_the_sample_is_brought_into_an_empty_store_and_the_key_stays_good(machine: Machine) -> None:
    machine.runtime.store.load({})
    machine.runtime.accounts.remove_samples()
    try_sample(machine.key, VISITOR, machine.site)
    assert is_sample(machine.runtime.store.read())
    before = everything(machine)
    try_sample(machine.key, VISITOR, machine.site)
    assert everything(machine) == before
    machine.press()
    assert not is_sample(machine.runtime.store.read())


# --- what cannot be made ------------------------------------------------------------------------------------------


def test_a_failure_at_any_point_leaves_the_sample_and_the_same_press_succeeds(machine: Machine) -> None:
    before = everything(machine)
    points = ("auth.accounts.Accounts.replace", "setup.installation._configured", "store.sql._load")
    for point in (f"services.{name}" for name in points):
        with mock.patch(point, side_effect=StoreUnavailable("putus")), pytest.raises(StoreUnavailable):
            machine.press()
        assert everything(machine) == before, point
        assert machine.door.still_lets_in(machine.key), point
    machine.press()
    assert [account.username for account in machine.runtime.accounts.all()] == ["ani"]
    assert office_of(machine.restarted().store.read()).profile.district == "Lunang"


def test_a_restart_between_configuration_and_data_still_waits_for_the_office(machine: Machine) -> None:
    wish = machine.wish(code="lunang")
    with mock.patch("services.store.sql._load", side_effect=StoreUnavailable("putus")), pytest.raises(StoreUnavailable):
        machine.press(wish)
    machine.runtime = machine.restarted()
    assert machine.runtime.settings.office == "lunang"
    machine.press(wish)
    assert office_of(machine.restarted().store.read()).profile.district == "Lunang"


def test_what_fails_after_the_office_was_made_takes_nothing_back(machine: Machine) -> None:
    with mock.patch.object(SetupKeys, "forget", side_effect=StoreUnavailable("putus")):
        machine.press()
    assert office_of(machine.runtime.store.read()).profile.district == "Lunang"
    with pytest.raises(Denied):
        machine.press()


def test_where_the_configuration_cannot_be_written_it_is_shown_to_paste(machine: Machine, postgres_url: str) -> None:
    machine.secrets.parent.write_text("berkas di tempat foldernya")
    done = machine.press(machine.wish(postgres_url))
    assert tomllib.loads(done.lines)["monev"] == {"store": postgres_url, "kode_kecamatan": "silaut"}
    assert office_of(Runtime(done.settings).store.read()).profile.district == "Lunang"
    assert is_sample(machine.runtime.store.read()), "it is opened again until the lines are pasted"
    assert postgres_url not in repr(done).replace(repr(done.settings), "")


def test_on_a_disk_that_does_not_last_the_lines_hold_account_and_cookie_key_too(
    machine: Machine, postgres_url: str
) -> None:
    machine.env["RENDER"] = "true"
    with pytest.raises(Refused, match="Pilih Google Sheets atau PostgreSQL"):
        machine.press()
    lines = tomllib.loads(machine.press(machine.wish(postgres_url)).lines)
    assert len(lines["monev"]["kunci_kuki"]) == 64
    assert "pengguna" not in lines, "the accounts are in PostgreSQL, which lasts"
    assert not machine.secrets.exists()


def test_what_the_environment_says_is_not_said_otherwise(machine: Machine, tmp_path: Path) -> None:
    machine.env["MONEV_STORE"] = machine.runtime.settings.store
    machine.env["MONEV_KODE_KECAMATAN"] = "silaut"
    for wish in (machine.wish(f"sqlite:///{tmp_path}/lain.db"), machine.wish(code="lunang")):
        with pytest.raises(Refused, match="sudah ditetapkan oleh variabel lingkungan"):
            machine.press(wish)
    machine.press()
    assert tomllib.loads(machine.secrets.read_text())["monev"] == {}


@pytest.mark.parametrize(
    ("store", "code"), [("mysql://x/y", "silaut"), ("", "Kode Salah"), ("sqlite:///", "silaut"), ("", "../x")]
)
def test_a_place_that_cannot_be_is_refused(machine: Machine, store: str, code: str) -> None:
    before = everything(machine)
    with pytest.raises(ConfigError):
        machine.press(machine.wish(store, code))
    assert everything(machine) == before


# --- what was typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("office", "fields"),
    [
        (replace(OFFICE, settings={**SETTINGS, "nama_kecamatan": " "}), {"nama_kecamatan"}),
        (replace(OFFICE, settings={**SETTINGS, "kabupaten": "Kabupaten X"}), {"kabupaten"}),
        (replace(OFFICE, sections=(NewSection("pkp", ""), NewSection("umum", "U"), NewSection("a", "A"))), {"pkp"}),
        (replace(OFFICE, sections=(NewSection("pkp", "P"), NewSection("umum", "U"))), {"pkp"}),
        (replace(OFFICE, sections=(*OFFICE.sections, NewSection("z", "", "Rudi"))), {"z"}),
        (replace(OFFICE, sections=(*OFFICE.sections, NewSection("z", "seksi kebersihan"))), {"z"}),
        (replace(OFFICE, leaders={"camat": "x" * 10_001}), {"camat"}),
    ],
)
def test_an_office_that_cannot_be_is_refused_at_its_fields(
    machine: Machine, office: NewOffice, fields: set[str]
) -> None:
    before = everything(machine)
    with pytest.raises(Unreadable) as refused:
        machine.press(replace(machine.wish(), office=office))
    assert set(refused.value.problems) == fields
    assert everything(machine) == before


@pytest.mark.parametrize(
    ("username", "name", "password", "again", "error"),
    [
        ("a", "Ani", PASSWORD, PASSWORD, AccountError),
        ("ani wijaya", "Ani", PASSWORD, PASSWORD, AccountError),
        ("ani", " ", PASSWORD, PASSWORD, AccountError),
        ("ani", "Ani", PASSWORD, PASSWORD + "x", Refused),
        ("ani", "Ani", "pendek", "pendek", WeakPassword),
        ("ani", "Ani", "lunang lunang 2026", "lunang lunang 2026", WeakPassword),
        ("ani", "A\ud800", PASSWORD, PASSWORD, Refused),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    username: str, name: str, password: str, again: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        administrator(username, name, password, again, OFFICE)


def test_the_account_is_checked_again_at_the_press(machine: Machine) -> None:
    with pytest.raises(AccountError):
        machine.press(replace(machine.wish(), administrator=Administrator("../x", "X", "sha256:x")))


def test_malicious_texts_are_kept_as_typed_or_refused(machine: Machine) -> None:
    heads = [NewSection(f"s{n}", f"Seksi {n}", attack) for n, attack in enumerate(ATTACKS)]
    refused = [section for section in heads if is_refused(section)]
    assert [section.head for section in refused] == ["a\0b", TOO_LONG]
    taken = tuple(section for section in heads if section not in refused)
    machine.press(machine.wish(office=replace(OFFICE, sections=(*usual_sections(), *taken))))
    kept = {str(row["id"]): row["name"] for row in machine.runtime.store.read().rows(schema.OFFICIAL)}
    assert {section.id: kept[f"pejabat-{section.id}"] for section in taken} == {s.id: s.head for s in taken}


def is_refused(section: NewSection) -> bool:
    try:
        check_sections((*usual_sections(), section), {})
    except (Refused, Unreadable):
        return True
    return False


def test_the_accounts_never_go_into_the_spreadsheet() -> None:
    settings = replace(load({}, Path("tidak-ada.toml")), store="https://docs.google.com/spreadsheets/d/1AbC-dEf_GhIj")
    assert accounts_url(settings).startswith("sqlite:")
