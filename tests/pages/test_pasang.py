"""Siapkan kantor: nothing without the key from the terminal; with it, the whole way, and nothing lost on it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import bcrypt
import pytest
from streamlit.testing.v1 import AppTest

from services.setup.keys import SetupKeys
from services.setup.state import Found, found_in
from services.ui import invitation, session
from services.views.office import office_of
from tests.attacks import ATTACKS
from tests.pages.conftest import TIMEOUT, forget_runtime, sign_in
from tests.pages.looking import labels, markup, press, text
from tests.pages.test_signin import enter, signed_in
from tests.sample_folder import ROOT
from tests.sheets_server.control import Server, running_sheets_server

PASSWORD = "sepeda biru naik bukit"


@pytest.fixture(autouse=True)
def quick_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr("bcrypt.gensalt", lambda: salt)


@pytest.fixture(autouse=True)
def own_machine(office_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder of an installation, whose configuration a test may write."""
    folder = office_folder.parent
    (folder / "pages").symlink_to(ROOT / "pages")
    monkeypatch.chdir(folder)
    forget_invitation()
    yield folder
    forget_invitation()


def forget_invitation() -> None:
    forget_runtime()
    session.go_on_with(None)
    for each in (invitation.door, invitation._announced, invitation._drafts):
        each.clear()


@pytest.fixture
def printed(app: AppTest, capsys: pytest.CaptureFixture[str]) -> str:
    """The key as it stands on the terminal after the first visit."""
    app.run()
    found = re.findall(
        r"Kantor belum disiapkan\. .*: http://localhost:\d+/pasang\?kunci=(\S+)\n", capsys.readouterr().out
    )
    assert len(found) == 1
    return str(found[0])


def visit(key: str) -> AppTest:
    """A new session of somebody who opens the address."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
    app.run()
    app.switch_page("pages/pasang.py")
    if key:
        app.query_params["kunci"] = key
    return app.run()


def fill(app: AppTest, **texts: str) -> AppTest:
    for name, value in texts.items():
        app.text_input(key=f"pasang-{name.replace('_', '-')}").set_value(value)
    return app


def go(app: AppTest) -> AppTest:
    return press(app, "Lanjut")


def profile(app: AppTest, district: str = "Lunang") -> AppTest:
    press(app, "Siapkan kantor kami")
    app.text_input(key="pasang-nama_kecamatan").set_value(district)
    app.text_input(key="pasang-kabupaten").set_value("Pesisir Selatan")
    return go(app)


def to_the_store(app: AppTest, district: str = "Lunang") -> AppTest:
    return go(fill(profile(app, district), seksi_nama_seksi_1="Seksi Kebersihan", camat="Budi, S.Sos."))


def to_the_account(app: AppTest) -> AppTest:
    return go(press(to_the_store(app), "Periksa penyimpanan"))


def to_the_press(app: AppTest) -> AppTest:
    return go(fill(to_the_account(app), nama="Ani Wijaya", akun="ani", sandi=PASSWORD, ulang=PASSWORD))


def heading(app: AppTest) -> str:
    return (re.findall(r"<h1[^>]*>([^<]*)<", markup(app)) or [""])[0]


def errors(app: AppTest) -> str:
    return " ".join(error.value for error in app.error) + " ".join(re.findall(r'role="alert">([^<]*)<', markup(app)))


# --- who gets in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "salah", "0" * 43])
def test_without_the_key_the_page_is_not_there(printed: str, key: str) -> None:
    app = visit(key)
    assert heading(app) == "Masuk"
    assert "Lanjut" not in labels(app)
    assert "Siapkan kantor kami" not in labels(app)
    assert printed not in text(app)


@pytest.mark.parametrize("username", ["admin", "camat"])
def test_whoever_is_signed_in_needs_the_key_all_the_same(printed: str, username: str) -> None:
    app = visit("salah")
    sign_in(app, username)
    assert heading(app.run()) == "Halaman ini tidak tersedia"
    assert "Siapkan kantor kami" not in labels(app)


@pytest.mark.cold
def test_the_page_run_alone_on_a_cold_server_shows_nothing_of_itself(printed: str) -> None:
    app = visit("")
    assert heading(app) == "Masuk"
    assert "Siapkan kantor kami" not in labels(app)


def test_the_key_opens_the_page_for_whoever_is_not_signed_in(printed: str) -> None:
    app = visit(printed)
    assert heading(app) == "Siapkan kantor"
    assert "Siapkan kantor kami" in labels(app)


def test_the_address_is_printed_once_and_not_kept_in_any_log(printed: str, capsys, office_folder: Path) -> None:
    visit(printed)
    visit("salah")
    assert "kunci=" not in capsys.readouterr().out
    kept = b"".join(file.read_bytes() for file in office_folder.rglob("*") if file.is_file())
    assert printed.encode() not in kept


def test_a_press_after_the_key_became_void_does_nothing(printed: str) -> None:
    app = to_the_press(visit(printed))
    before = session.runtime().store.read().tables
    invitation.door().close()
    press(app, "Buat kantor")
    assert heading(app) == "Masuk"
    assert session.runtime().store.read().tables == before
    assert session.runtime().accounts.get("ani") is None


def test_guessing_is_slowed_down_and_drawn_again_is_no_new_guess(printed: str) -> None:
    app = visit("tebakan")
    for _ in range(8):
        app.run()
    assert heading(visit(printed)) == "Siapkan kantor"
    for n in range(8):
        visit(f"tebakan {n}")
    assert heading(visit(printed)) == "Masuk"


# --- the whole way ------------------------------------------------------------------------------------------------


def test_an_office_is_made_and_its_admin_signs_in_without_a_restart(printed: str, own_machine: Path) -> None:
    app = to_the_press(visit(printed))
    summary = text(app)
    for said in ("Lunang", "Seksi Kebersihan", "Budi, S.Sos.", "Ani Wijaya (ani)", "Data dan akun contoh dihapus."):
        assert said in summary
    press(app, "Buat kantor")
    assert heading(app) == "Kantor siap"
    assert (
        tomllib.loads((own_machine / ".streamlit" / "secrets.toml").read_text())["monev"]["kode_kecamatan"] == "lunang"
    )
    press(app, "Masuk")
    assert heading(app) == "Masuk"
    assert "Kecamatan Lunang" in text(app)
    assert "Coba tanpa kata sandi" not in text(app)
    assert "pasang" not in text(app)
    enter(app, "ani", PASSWORD)
    assert signed_in(app)
    assert heading(visit(printed)) == "Masuk", "the key was good for one office"


def test_a_lost_connection_loses_no_step(printed: str) -> None:
    to_the_account(visit(printed))
    app = visit(printed)
    assert app.text_input(key="pasang-akun").value == "admin"
    press(app, "Kembali")
    assert "berhasil" in text(app)
    press(app, "Kembali")
    assert app.text_input(key="pasang-seksi-nama-seksi-1").value == "Seksi Kebersihan"
    press(app, "Kembali")
    assert app.text_input(key="pasang-nama_kecamatan").value == "Lunang"


def test_nothing_of_the_draft_is_on_the_disk(printed: str, own_machine: Path) -> None:
    to_the_press(visit(printed))
    kept = b"".join(
        file.read_bytes() for file in own_machine.rglob("*") if file.is_file() and ROOT not in file.resolve().parents
    )
    assert b"Kebersihan" not in kept
    assert PASSWORD.encode() not in kept
    assert PASSWORD not in repr(invitation._drafts())


def test_each_step_says_what_is_wrong_and_stays(printed: str) -> None:
    app = profile(visit(printed), "Kecamatan Lunang")
    assert "tanpa kata Kecamatan" in errors(app)
    app.text_input(key="pasang-nama_kecamatan").set_value("Lunang")
    app.text_input(key="pasang-kode").set_value("Kode Salah")
    assert "huruf kecil" in errors(go(app))
    app.text_input(key="pasang-kode").set_value("")
    go(app)
    fill(app, seksi_nama_pkp="")
    assert "diperlukan oleh SOP" in errors(go(app))
    go(fill(app, seksi_nama_pkp="Subbagian Perencanaan"))
    go(press(app, "Periksa penyimpanan"))
    go(fill(app, nama="Ani", akun="ani", sandi="lunang lunang 2026", ulang="lunang lunang 2026"))
    assert "mudah ditebak" in errors(app)
    go(fill(app, sandi=PASSWORD, ulang="lain"))
    assert "tidak sama" in errors(app)
    assert "Buat kantor" not in labels(app)


def test_the_store_must_be_tried_before_one_goes_on_and_again_when_it_changes(
    printed: str, office_folder: Path
) -> None:
    app = to_the_store(visit(printed))
    assert next(button for button in app.button if button.label == "Lanjut").disabled
    press(app, "Periksa penyimpanan")
    assert not next(button for button in app.button if button.label == "Lanjut").disabled
    app.radio(key="pasang-jenis").set_value("postgresql").run()
    assert next(button for button in app.button if button.label == "Lanjut").disabled
    app.text_input(key="pasang-alamat-simpan").set_value("postgresql+psycopg://u:kenari@127.0.0.1:1/x")
    press(app, "Periksa penyimpanan")
    assert "belum berhasil" in text(app)
    assert "kenari" not in text(app)
    kept = b"".join(file.read_bytes() for file in office_folder.rglob("*") if file.is_file())
    assert b"kenari" not in kept


def test_the_sample_is_one_press_away_and_the_key_stays_good(printed: str) -> None:
    app = press(visit(printed), "Coba dengan data contoh")
    assert "Coba tanpa kata sandi" in text(app)
    assert heading(visit(printed)) == "Siapkan kantor"


def test_an_empty_store_says_where_the_address_is_and_takes_the_sample(printed: str, app: AppTest) -> None:
    session.runtime().store.load({})
    session.runtime().accounts.remove_samples()
    app.run()
    assert heading(app) == "Kantor belum disiapkan"
    assert "tercetak di terminal" in text(app)
    assert [field.label for field in app.text_input] == []
    press(visit(printed), "Coba dengan data contoh")
    assert found_in(session.runtime().store.read()) is Found.SAMPLE


def test_where_nothing_can_be_written_the_lines_are_shown_to_paste(printed: str, own_machine: Path) -> None:
    (own_machine / ".streamlit").write_text("bukan folder")
    app = to_the_press(visit(printed))
    assert "tidak dapat ditulis di sini" in text(app)
    press(app, "Buat kantor")
    assert tomllib.loads(app.code[0].value)["monev"]["kode_kecamatan"] == "lunang"
    assert office_of(session.runtime().store.read()).profile.district == "Lunang"
    enter(press(app, "Masuk"), "ani", PASSWORD)
    assert signed_in(app)


def test_a_failure_is_said_and_the_same_press_succeeds(printed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.store.store import StoreUnavailable

    app = to_the_press(visit(printed))
    with monkeypatch.context() as patch:

        def fails(*_: object) -> None:
            raise StoreUnavailable("Basis data sedang putus.")

        patch.setattr("services.store.sql._load", fails)
        press(app, "Buat kantor")
    assert "Kantor belum dibuat" in errors(app)
    assert heading(press(app, "Buat kantor")) == "Kantor siap"


def test_what_was_typed_is_never_markup(printed: str) -> None:
    attack = "<img src=x onerror=alert(1)>"
    assert attack in ATTACKS
    app = profile(visit(printed), attack)
    go(fill(app, seksi_nama_seksi_1=attack, camat=attack))
    go(press(app, "Periksa penyimpanan"))
    go(fill(app, nama=attack, akun="ani", sandi=PASSWORD, ulang=PASSWORD))
    assert "&lt;img" in markup(app)
    assert "<img src=x" not in markup(app)


# --- a spreadsheet ------------------------------------------------------------------------------------------------


@pytest.fixture
def google() -> Iterator[Server]:
    with running_sheets_server() as server:
        yield server


def test_a_key_that_is_configured_already_need_not_be_given_again(
    printed: str, google: Server, own_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_machine / "kunci.json").write_text(json.dumps(google.key))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(own_machine / "kunci.json"))
    monkeypatch.setenv("MONEV_SHEETS_API_ENDPOINT", google.base)
    forget_runtime()
    invitation.door.clear()
    app = to_the_store(visit(printed))
    app.radio(key="pasang-jenis").set_value("google").run()
    assert [area.label for area in app.text_area] == []
    press(app, "Periksa penyimpanan")
    assert "akun layanan monev@" in text(app)
    assert "Salin alamat spreadsheet dari peramban" in text(app)


def test_an_office_is_made_in_a_spreadsheet(
    printed: str, google: Server, own_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONEV_SHEETS_API_ENDPOINT", google.base)
    forget_runtime()
    invitation.door.clear()
    book = google.control.create("Monev Lunang")
    app = to_the_store(visit(printed))
    app.radio(key="pasang-jenis").set_value("google").run()
    app.text_input(key="pasang-alamat-simpan").set_value(f"https://docs.google.com/spreadsheets/d/{book}/edit#gid=0")
    app.text_area(key="pasang-kunci-tempel").set_value(json.dumps(google.key))
    go(press(app, "Periksa penyimpanan"))
    go(fill(app, nama="Ani", akun="ani", sandi=PASSWORD, ulang=PASSWORD))
    assert book in text(app)
    press(app, "Buat kantor")
    assert heading(app) == "Kantor siap", errors(app)
    assert "PRIVATE KEY" not in text(app)
    opened = session.runtime()
    assert opened.settings.store.endswith(f"{book}/edit")
    assert office_of(opened.store.read()).profile.district == "Lunang"
    assert (own_machine / ".streamlit" / "secrets.toml").stat().st_mode & 0o777 == 0o600
    assert SetupKeys(opened.settings.data_folder, opened.accounts.now).knows(printed) is False
    enter(press(app, "Masuk"), "ani", PASSWORD)
    assert signed_in(app)


def test_a_page_that_another_browser_has_left_behind_changes_nothing(printed: str) -> None:
    old = press(visit(printed), "Siapkan kantor kami")
    new = visit(printed)
    new.text_input(key="pasang-nama_kecamatan").set_value("Lunang")
    new.text_input(key="pasang-kabupaten").set_value("Pesisir Selatan")
    go(new)
    old.text_input(key="pasang-nama_kecamatan").set_value("Tapan")
    go(old)
    assert "Seksi 1" in [field.label for field in old.text_input], "it shows where the set-up stands now"
    (draft,) = invitation._drafts().values()
    assert (draft.step, draft.settings["nama_kecamatan"]) == (2, "Lunang")
