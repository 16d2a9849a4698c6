"""The first office in a spreadsheet: what is left where Google refuses, and on a host where nothing can be kept."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import bcrypt
import pytest

from services.auth.accounts import Accounts
from services.auth.passwords import matches
from services.auth.sessions import Visitor
from services.config import load
from services.runtime import Runtime
from services.sample.office import fill, is_sample
from services.sample.quarters import PRESENT
from services.setup.beginning import NewOffice, usual_sections
from services.setup.checks import check_sheet
from services.setup.door import SetupDoor
from services.setup.installation import Installed, Place, Site, Wish, administrator, install
from services.setup.keys import SetupKeys
from services.setup.state import waits_for_office
from services.store.sheets import SheetsStore
from services.store.store import StoreUnavailable
from services.views.office import office_of
from tests.sheets_server.control import Server
from tests.store.sheets import Book, patient

PASSWORD = "sepeda biru naik bukit"
OFFICE = NewOffice({"nama_kecamatan": "Lunang", "kabupaten": "Pesisir Selatan"}, usual_sections(), {})


@pytest.fixture(autouse=True)
def quick_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr("bcrypt.gensalt", lambda: salt)


@pytest.fixture(autouse=True)
def nobody_waits() -> Iterator[None]:
    """Stores that are opened by their address wait for nobody either."""
    original = SheetsStore.__init__

    def quick(self: SheetsStore, *args: object) -> None:
        original(self, *args[:5], patient(tries=2))  # type: ignore[arg-type]

    with mock.patch.object(SheetsStore, "__init__", quick):
        yield


@dataclass
class Machine:
    """An installation, and a spreadsheet that has passed all checks."""

    folder: Path
    book: Book
    env: dict[str, str]
    runtime: Runtime
    key: str = ""

    @property
    def address(self) -> str:
        return f"https://docs.google.com/spreadsheets/d/{self.book.id}/edit"

    def site(self) -> Site:
        opened = self.runtime
        keys = SetupKeys(opened.settings.data_folder, opened.accounts.now)
        self.key = self.key or keys.make()
        door = SetupDoor(keys, opened.accounts, lambda: waits_for_office(opened.store.read()))
        secrets = self.folder / ".streamlit" / "secrets.toml"
        return Site(opened.settings, opened.store, opened.accounts, door, self.env, secrets)

    def press(self) -> Installed:
        site = self.site()
        place = Place("lunang", self.address, self.book.server.key)
        return install(
            Wish(OFFICE, place, administrator("ani", "Ani", PASSWORD, PASSWORD, OFFICE)), self.key, Visitor(), site
        )


@pytest.fixture
def machine(google: Server, tmp_path: Path) -> Machine:
    """Its local store is empty, which is as much without an office as the sample is."""
    google.control.reset()
    book = Book(google, google.control.create("Monev Lunang"))
    env = {"MONEV_FOLDER_DATA": str(tmp_path / "data"), "MONEV_SHEETS_API_ENDPOINT": google.base}
    made = Machine(tmp_path, book, env, Runtime(load(env, tmp_path / "tidak-ada.toml")))
    key = json.dumps(google.key)
    assert all(s.right for s in check_sheet(made.address, key, "lunang", made.runtime.now, google.base, patient()))
    return made


def test_the_office_is_in_the_sheet_with_its_choices_and_a_restart_finds_it(machine: Machine) -> None:
    done = machine.press()
    assert done.lines == ""
    assert not [text for text in done.left if "sheet siapkan" in text]
    settings = load(machine.env, machine.folder / ".streamlit" / "secrets.toml")
    assert settings == done.settings
    again = Runtime(settings)
    assert office_of(again.store.read()).profile.district == "Lunang"
    assert [account.username for account in again.accounts.all()] == ["ani"]
    assert any("Pemerintahan" in title for title in filter_views(machine.book)), "made ready again with its sections"


def filter_views(book: Book) -> list[str]:
    sheets = book.open().client.metadata("sheets(filterViews(title))")["sheets"]
    return [str(view["title"]) for sheet in sheets for view in sheet.get("filterViews", ())]


def test_a_spreadsheet_that_is_taken_away_meanwhile_leaves_everything_as_it_was(machine: Machine) -> None:
    fill(machine.runtime.store, machine.runtime.accounts, PRESENT)
    machine.book.control.share(machine.book.id, "reader")
    with pytest.raises(StoreUnavailable, match="pastikan perannya Editor"):
        machine.press()
    assert is_sample(machine.runtime.store.read())
    assert machine.site().door.still_lets_in(machine.key)
    machine.book.control.share(machine.book.id, "writer")
    machine.press()
    assert office_of(machine.book.open().read()).profile.district == "Lunang"
    assert machine.runtime.accounts.get("camat") is None


def test_an_empty_spreadsheet_that_is_configured_already_takes_the_office_at_once(machine: Machine) -> None:
    secrets = machine.folder / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    account = "\n".join(f"{name} = {json.dumps(value)}" for name, value in machine.book.server.key.items())
    text = f'[monev]\nstore = "{machine.address}"\nkode_kecamatan = "lunang"\n[gcp_service_account]\n{account}\n'
    secrets.write_text(text)
    machine.runtime = Runtime(load(machine.env, secrets))
    assert machine.runtime.replica is not None
    assert waits_for_office(machine.runtime.store.read())
    machine.press()
    assert office_of(machine.runtime.shared.current()).profile.district == "Lunang"


def test_where_nothing_lasts_the_lines_alone_bring_office_and_account_back(machine: Machine, tmp_path: Path) -> None:
    machine.env["RENDER"] = "true"
    lines = machine.press().lines
    found = tomllib.loads(lines)
    assert set(found) == {"monev", "gcp_service_account", "pengguna"}
    elsewhere = tmp_path / "peladen-baru"
    (elsewhere / ".streamlit").mkdir(parents=True)
    (elsewhere / ".streamlit" / "secrets.toml").write_text(lines)
    env = {**machine.env, "MONEV_FOLDER_DATA": str(elsewhere / "data")}
    again = Runtime(load(env, elsewhere / ".streamlit" / "secrets.toml"))
    assert office_of(again.store.read()).profile.district == "Lunang"
    account = again.accounts.get("ani")
    assert account is not None
    assert matches(PASSWORD, account.password_hash)
    assert again.cookie_key == found["monev"]["kunci_kuki"]


def test_no_account_goes_into_the_spreadsheet(machine: Machine) -> None:
    machine.press()
    values = machine.book.open().client.values([f"'{title}'" for title in machine.book.open().tabs()])
    accounts = Accounts(f"sqlite:///{machine.folder}/data/monev.db")
    assert [account.username for account in accounts.all()] == ["ani"]
    assert "sha256:" not in repr(values)
    assert "PRIVATE KEY" not in repr(values)
