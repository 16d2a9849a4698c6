"""The live checks of a store: each step that fails is the last one, and says what to do, without any secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.setup.checks import Step, check_database, check_sheet
from services.setup.state import Found
from services.store.schema import PROFILE, SECTION
from services.store.sheets_access import Patience
from services.store.sql import SqlStore
from services.store.store import Insert
from tests.sheets_server.control import Edit, Effect, Server, private_key
from tests.store.helpers import action, now, row, section
from tests.store.sheets import Book, patient

EMAIL = "monev@proyek-uji.iam.gserviceaccount.com"
Check = Callable[..., list[Step]]


@pytest.fixture
def book(google: Server) -> Book:
    """An empty spreadsheet as a person makes and shares it."""
    google.control.reset()
    return Book(google, google.control.create("Monev Lunang", locale="en_US"))


@pytest.fixture
def check(book: Book) -> Check:
    def checked(address: str = "", key: object = None, waits: Patience | None = None) -> list[Step]:
        url = address or f"https://docs.google.com/spreadsheets/d/{book.id}/edit#gid=0"
        text = key if isinstance(key, str) else json.dumps(book.server.key if key is None else key)
        steps = list(check_sheet(url, text, "lunang", now, book.server.base, waits or patient(tries=2)))
        assert all(step.right for step in steps[:-1])
        assert "PRIVATE KEY" not in repr(steps)
        assert private_key()[60:100] not in repr(steps)
        return steps

    return checked


def test_an_empty_spreadsheet_passes_every_step_and_is_ready_afterwards(book: Book, check: Check) -> None:
    steps = check()
    assert [step.what for step in steps] == [
        "Berkas kunci terbaca",
        "Alamat spreadsheet terbaca",
        "Kunci pribadi utuh",
        "Google menerima kunci",
        "Spreadsheet ditemukan",
        "Akun layanan boleh menulis",
        "Spreadsheet kosong atau milik aplikasi",
        "Tab aplikasi siap",
        "Isi penyimpanan diperiksa",
    ]
    assert all(step.right for step in steps)
    assert EMAIL in steps[0].said
    assert steps[4].said == "“Monev Lunang”"
    assert steps[-1].found is Found.EMPTY
    assert book.open().read().problems == ()


def test_a_second_check_changes_nothing(book: Book, check: Check) -> None:
    check()
    assert check()[-2].said == "sudah siap sebelumnya"


def changed(key: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {**key, **fields}


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("", "Unggah berkas JSON"),
        ("{", "bukan JSON yang utuh"),
        ("[" * 19_000, "bukan JSON yang utuh"),
        ("[1]", "bukan kunci akun layanan"),
        ('{"type": "authorized_user"}', "bukan kunci akun layanan"),
        ('{"type": "service_account", "client_email": "a@b"}', "private_key, token_uri tidak ada"),
        ("x" * 30_000, "terlalu besar"),
    ],
)
def test_a_file_that_is_no_key_is_said(check: Check, key: str, says: str) -> None:
    (step,) = check(key=key)
    assert not step.right
    assert says in step.said


def test_a_key_that_would_send_its_signature_elsewhere_is_refused(book: Book, check: Check) -> None:
    for place in ("http://127.0.0.1:1/token", "https://oauth2.googleapis.com.example/token", "file:///etc/passwd"):
        (step,) = check(key=changed(book.server.key, token_uri=place))
        assert "bukan alamat Google" in step.said
    assert len(check(key=changed(book.server.key, token_uri="https://oauth2.googleapis.com/token"))) > 2


@pytest.mark.parametrize("address", ["x", "https://docs.google.com/document/d/1AbC-dEf_GhIj", "sqlite:///x.db"])
def test_an_address_of_no_spreadsheet_is_said(check: Check, address: str) -> None:
    assert last(check(address)) == ("Alamat spreadsheet terbaca", "Salin alamat spreadsheet dari peramban")


def last(steps: list[Step], letters: int = 38) -> tuple[str, str]:
    assert not steps[-1].right
    return steps[-1].what, steps[-1].said[:letters]


def test_a_private_key_that_was_cut_off_is_said(book: Book, check: Check) -> None:
    broken = changed(book.server.key, private_key=str(book.server.key["private_key"])[:200])
    assert last(check(key=broken), 15) == ("Kunci pribadi utuh", "Isi private_key")


def test_a_key_that_google_refuses_is_said(book: Book, check: Check) -> None:
    book.control.fault("token", Effect.BAD_KEY, times=None)
    steps = check()
    assert last(steps, 26) == ("Google menerima kunci", "Google menolak kunci ini. ")
    assert "Periksa jam komputer" in steps[-1].said
    assert EMAIL in steps[-1].said


def test_a_google_that_is_away_is_said_soon(book: Book, check: Check) -> None:
    waits: list[float] = []
    book.control.fault("get", Effect.UNAVAILABLE, times=None)
    what, said = last(check(waits=patient(tries=2, sleep=waits.append)), 200)
    assert (what, "Coba lagi nanti" in said) == ("Spreadsheet ditemukan", True)
    assert sum(waits) < 5


def test_an_api_that_is_switched_off_is_said(book: Book, check: Check) -> None:
    book.control.disable_api()
    what, said = last(check(), 200)
    assert (what, "aktifkan Google Sheets API" in said) == ("Spreadsheet ditemukan", True)


def test_a_spreadsheet_that_is_not_there_is_said(check: Check) -> None:
    found = last(check("https://docs.google.com/spreadsheets/d/tidak-ada-sama-sekali"), 28)
    assert found == ("Spreadsheet ditemukan", "Spreadsheet tidak ditemukan.")


def test_a_spreadsheet_that_was_not_shared_is_said_with_whom_to_share_it(book: Book, check: Check) -> None:
    book.control.share(book.id, "none")
    what, said = last(check(), 300)
    assert what == "Spreadsheet ditemukan"
    assert f"tambahkan {EMAIL} sebagai Editor" in said


def test_a_share_for_reading_only_is_said(book: Book, check: Check) -> None:
    book.control.share(book.id, "reader")
    what, said = last(check(), 300)
    assert (what, "pastikan perannya Editor" in said) == ("Akun layanan boleh menulis", True)


def test_an_excel_file_is_said(book: Book, check: Check) -> None:
    book.control.make_xlsx(book.id)
    what, said = last(check(), 200)
    assert (what, "masih berupa berkas Excel" in said) == ("Spreadsheet ditemukan", True)


def test_a_spreadsheet_that_serves_something_else_is_left_alone(book: Book, check: Check) -> None:
    book.human(Edit.type("Sheet1", "B2", "Daftar hadir"))
    titles = list(book.open().tabs())
    what, said = last(check(), 200)
    assert what == "Spreadsheet kosong atau milik aplikasi"
    assert "“Sheet1”" in said
    assert list(book.open().tabs()) == titles


def test_what_people_must_put_right_is_said(book: Book, check: Check) -> None:
    check()
    book.open().load({SECTION.name: (section("pem"), section("pmn"))})
    book.human(Edit.type("Seksi", "A3", "pem"))
    what, said = last(check(), 300)
    assert (what, "Seksi!A" in said) == ("Tab aplikasi siap", True)


def test_the_sample_and_an_office_are_told_apart(book: Book, check: Check) -> None:
    check()
    store = book.open()
    name = row(PROFILE, "nama_kecamatan", value="Lunang")
    store.load({PROFILE.name: (name, row(PROFILE, "contoh", value="ya"))})
    assert check()[-1].found is Found.SAMPLE
    store.load({PROFILE.name: (name,)})
    assert (check()[-1].found, check()[-1].said) == (
        Found.OFFICE,
        "data kantor Kecamatan Lunang, yang dipakai seperti adanya",
    )


def test_rows_that_nobody_can_name_count_as_an_office(book: Book, check: Check) -> None:
    check()
    book.open().load({SECTION.name: (section(),)})
    assert check()[-1].found is Found.OFFICE


# --- databases ---------------------------------------------------------------------------------------------------


def test_a_database_is_opened_and_looked_into(url: str) -> None:
    steps = list(check_database(url, "lunang", now, lasts=True))
    assert [step.right for step in steps] == [True] * 3
    assert steps[-1].found is Found.EMPTY
    assert "sandi" not in repr(steps)
    SqlStore(url, "lunang", now).commit(action(Insert(SECTION, section())))
    assert list(check_database(url, "lunang", now, lasts=True))[-1].found is Found.OFFICE
    assert list(check_database(url, "tapan", now, lasts=True))[-1].found is Found.EMPTY


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://u:kenari@h/x", "bukan alamat yang didukung"),
        ("postgresql+psycopg://", "tidak lengkap"),
        ("postgresql+psycopg://u:kenari@h:port/x", "tidak dapat dibaca"),
        ("postgresql+psycopg://u:kenari@127.0.0.1:1/x", "Periksa nama peladen, basis data, pengguna, dan kata sandi"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_without_its_password(address: str, says: str) -> None:
    steps = list(check_database(address, "lunang", now, lasts=True))
    assert not steps[-1].right
    assert says in steps[-1].said
    assert "kenari" not in repr(steps)


def test_a_file_on_a_disk_that_does_not_last_is_refused(tmp_path: Path) -> None:
    steps = list(check_database(f"sqlite:///{tmp_path}/x.db", "lunang", now, lasts=False))
    assert last(steps, 30) == ("Isi disk bertahan", "Isi disk di layanan ini hilang")
    assert not (tmp_path / "x.db").exists()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("bukan basis data, hanya sebuah berkas teks biasa yang agak panjang")
    steps = list(check_database(f"sqlite:///{tmp_path}/x.db", "lunang", now, lasts=True))
    assert last(steps, 10) == ("Basis data dapat dibuka dan ditulisi", "Basis data")
