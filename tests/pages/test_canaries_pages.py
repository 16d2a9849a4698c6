"""Twenty secrets, planted and typed: none is on a page, in a session, in the log or in a file of the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import bcrypt
import pytest
from streamlit.testing.v1 import AppTest

from services.auth.accounts import hash_password
from services.auth.sessions import Visitor
from services.domain.roles import Role
from services.ui import frame, navigation, session
from tests import canaries
from tests.canaries import CANARY
from tests.pages.conftest import Opener
from tests.pages.looking import press


@pytest.fixture(autouse=True)
def planted(office_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sample office with secrets in its settings and two real people, one of them an admin."""
    canaries.plant(tmp_path, monkeypatch)
    salt = bcrypt.gensalt(4)
    with mock.patch("bcrypt.gensalt", return_value=salt):
        accounts = session.runtime().accounts
        accounts.add("ani", "Ani Wijaya", Role.PKP.value, CANARY["sandi akun"], accounts.now())
        accounts.add("kepala", "Kepala", Role.ADMIN.value, CANARY["sandi akun"] + "x", accounts.now())
        stranger = accounts.get("kepala")
        assert stranger is not None
        for name in ("sesi orang lain", "sesi Google"):
            accounts.sessions.start(stranger, Visitor(), CANARY[name])
        yield office_folder


def enter(app: AppTest, username: str, password: str) -> None:
    app.text_input(key="masuk-nama").set_value(username)
    app.text_input(key="masuk-sandi").set_value(password)
    press(app, "Masuk")


def leaks(app: AppTest) -> list[str]:
    """On the page, and in the session behind it."""
    assert not app.exception
    return canaries.found_in(canaries.shown(app)) + canaries.found_in(canaries.kept(app))


def lying_in(folder: Path) -> dict[str, list[str]]:
    """File -> the secrets in it, of all files there are but the settings themselves."""
    files = {file: canaries.found_in(file.read_bytes()) for file in folder.rglob("*") if file.is_file()}
    return {file.name: found for file, found in files.items() if found and file.name != "secrets.toml"}


def change(app: AppTest, current: str, new: str, again: str) -> AppTest:
    labels = ("Kata sandi sekarang", "Kata sandi baru", "Ulangi kata sandi baru")
    for label, text in zip(labels, (current, new, again), strict=True):
        next(field for field in app.text_input if field.label == label).set_value(text)
    return press(app, "Ganti kata sandi")


def test_what_people_type_at_the_door_stays_nowhere(app: AppTest, planted: Path) -> None:
    app.run()
    enter(app, "ani", CANARY["sandi salah"])
    assert app.error[0].value.startswith("Nama pengguna atau kata sandi tidak cocok")
    assert leaks(app) == []
    enter(app, CANARY["sandi sebagai nama"], CANARY["sandi salah"])
    enter(app, "ani", CANARY["sandi akun"])
    app.switch_page("pages/akun.py").run()
    assert "Ani Wijaya" in canaries.shown(app)
    assert leaks(app) == []

    change(app, CANARY["sandi sekarang salah"], CANARY["sandi baru"], CANARY["sandi baru"])
    assert app.error[0].value == "Kata sandi sekarang tidak cocok."
    assert leaks(app) == []
    change(app, CANARY["sandi akun"], CANARY["sandi baru"], CANARY["sandi tak sama"])
    assert "tidak sama" in app.error[0].value
    assert leaks(app) == []
    weak = f"aniwijaya{CANARY['sandi lemah'][:2]}"
    change(app, CANARY["sandi akun"], weak, weak)
    assert "kata sandi" in app.error[0].value.lower()
    assert weak not in canaries.shown(app) + "\n".join(canaries.kept(app))
    change(app, CANARY["sandi akun"], CANARY["sandi baru"], CANARY["sandi baru"])
    assert "Kata sandi diganti" in app.success[0].value
    assert leaks(app) == []
    assert {*lying_in(planted.parent)} <= {"monev.db", "monev.db-wal"}
    typed = [name for names in lying_in(planted.parent).values() for name in names if name != "sandi di secrets"]
    assert typed == []


def test_a_first_password_is_shown_once_and_kept_nowhere(open_page: Opener, planted: Path) -> None:
    app = open_page("pengguna", "kepala")
    monkey = mock.patch("services.auth.accounts.random_password", return_value=CANARY["kunci sandi pertama"])
    with monkey:
        app.selectbox(key="pengguna-dipilih").set_value("ani").run()
        app.text_input(key="pengguna-ani-sebab").set_value("Lupa sandi")
        press(app, "Beri sandi baru")
    assert [block.value for block in app.code] == [CANARY["kunci sandi pertama"]]
    app.run()
    assert leaks(app) == []
    assert "kunci sandi pertama" not in str(lying_in(planted.parent))


def test_an_error_that_names_every_secret_shows_and_logs_none(
    open_page: Opener, planted: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    app = open_page("dasbor", "camat")
    said = f"{canaries.SETTINGS.format(CANARY)}{CANARY['PGPASSWORD']}"
    assert len(canaries.found_in(said)) == 7

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(frame, "header", fail)
    app.run()
    monkeypatch.setattr(navigation, "choose", fail)
    app.run()
    assert app.error
    assert leaks(app) == []
    log = (planted / "galat.log").read_text("utf-8")
    assert log.count("RuntimeError: ") == 2
    assert canaries.found_in(log + "".join(capfd.readouterr())) == []


def test_a_database_that_is_away_gives_nothing_of_its_address_away(
    app: AppTest, planted: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    session.runtime.clear()
    monkeypatch.setenv("MONEV_STORE", canaries.AWAY.format(CANARY))
    app.run()
    assert len([*app.error, *app.warning]) == 1
    assert leaks(app) == []
    log = "".join(file.read_text("utf-8") for file in planted.glob("galat.log"))
    assert canaries.found_in(log + "".join(capfd.readouterr())) == []


def test_the_secrets_are_twenty_and_this_test_sees_them(app: AppTest) -> None:
    assert len(set(CANARY.values())) == 20
    settings = session.runtime().settings
    assert settings.cookie_key == CANARY["kunci kuki"]
    assert settings.google_sign_in
    app.run()
    app.session_state["x"] = [{"y": ({hash_password: CANARY["sandi baru"]},)}]
    app.session_state["z"] = Visitor(device=CANARY["tanda peramban"])
    assert sorted(canaries.found_in(canaries.kept(app))) == ["sandi baru", "tanda peramban"]
