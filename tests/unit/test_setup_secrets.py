"""Writing the configuration: what stands there stays, nobody else reads it, and what cannot be written is said."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from services.config import load
from services.setup.secrets_file import Unwritable, can_keep, lines_of, merged, sections_for, write

SECRET = "kenari-rahasia-4711"
ACCOUNT = {
    "type": "service_account",
    "client_email": "monev@x.iam.gserviceaccount.com",
    "private_key": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n",
}
SHEET = "https://docs.google.com/spreadsheets/d/1AbC-dEf_GhIj/edit"
COOKIE = "9f2c7be4d1a805638e0b5d7f4c6a1932"
FULL = f"""# catatan kantor
top = 1
[monev] # milik kami
# sebelum
kunci_kuki = "{COOKIE}"
store = "sqlite:///lama.db" # yang lama

[auth]
redirect_uri = "https://x/oauth2callback"
cookie_secret = "{COOKIE}"
client_id = "a"
client_secret = "b"
server_metadata_url = "https://x/y"
[gcp_service_account]
type = "service_account"
universe_domain = "lama"
private_key = "lama"
[pengguna]
"budi" = {{ nama = "Budi", peran = "pkp", sandi = "sha256:x" }}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".streamlit" / "secrets.toml"


def written(path: Path, text: str | None, account: dict[str, str] | None = None, store: str = SHEET) -> str:
    if text is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    write(path, sections_for(store, "lunang", account), {})
    return path.read_text("utf-8")


def test_a_file_that_was_not_there_is_made_for_its_owner_alone(path: Path) -> None:
    written(path, None, ACCOUNT)
    settings = load({}, path)
    assert (settings.store, settings.office, settings.google_key) == (SHEET, "lunang", ACCOUNT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_stands_there_stays_to_the_last_comment(path: Path) -> None:
    before = tomllib.loads(FULL)
    text = written(path, FULL, ACCOUNT)
    after = tomllib.loads(text)
    assert {name: after[name] for name in ("top", "auth", "pengguna")} == {
        name: before[name] for name in ("top", "auth", "pengguna")
    }
    assert after["monev"] == {"kunci_kuki": COOKIE, "store": SHEET, "kode_kecamatan": "lunang"}
    assert after["gcp_service_account"] == ACCOUNT, "nothing of the old key is left"
    assert "# catatan kantor" in text
    assert "# sebelum" in text


def test_without_a_new_account_the_one_that_stands_there_stays(path: Path) -> None:
    after = tomllib.loads(written(path, FULL, None, "sqlite:///data/monev.db"))
    assert after["gcp_service_account"]["universe_domain"] == "lama"


@pytest.mark.parametrize(
    "text", ["\ufeff[monev]\r\n# x\r\nkode_kecamatan = 'a'\r\n", "[monev]", 'x = "1"', "# apa saja\n"]
)
def test_files_of_any_editor_are_taken(path: Path, text: str) -> None:
    written(path, text)
    assert load({}, path).office == "lunang"


def test_writing_twice_is_the_same_as_once(path: Path) -> None:
    once = written(path, FULL, ACCOUNT)
    assert written(path, None, ACCOUNT) == once


def test_a_file_that_was_open_to_others_is_open_to_its_owner_alone_afterwards(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("")
    path.chmod(0o644)
    written(path, None, ACCOUNT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    [
        'monev = { store = "x" }\n',
        'monev.store = "x"\n',
        "[monev]\nstore = '''\nx\n'''\n",
        '[gcp_service_account]\nprivate_key = """a\nb\n"""\n',
        "[[monev]]\nstore = 'x'\n",
        "tidak = = terbaca\n",
    ],
)
def test_a_file_that_cannot_be_changed_safely_is_left_as_it_is(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(Unwritable) as refused:
        write(path, sections_for(SHEET, "lunang", ACCOUNT), {})
    assert path.read_text() == text
    assert SECRET not in str(refused.value)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_configuration_with_which_the_application_would_not_start_is_not_put_in_place(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("[monev]\nkunci_kuki = 'pendek'\n")
    with pytest.raises(Unwritable, match="kunci_kuki") as refused:
        write(path, sections_for(SHEET, "lunang", ACCOUNT), {})
    assert "pendek'" not in str(refused.value)
    assert path.read_text() == "[monev]\nkunci_kuki = 'pendek'\n"


def test_a_folder_that_is_none_is_said(path: Path) -> None:
    path.parent.write_text("berkas, bukan folder")
    assert not can_keep(path, {})
    with pytest.raises(Unwritable):
        write(path, sections_for(SHEET, "lunang", ACCOUNT), {})


def test_a_place_that_is_a_folder_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    assert not can_keep(path, {})
    with pytest.raises(Unwritable):
        write(path, sections_for(SHEET, "lunang", ACCOUNT), {})


def test_a_disk_that_does_not_last_is_not_written_to(path: Path) -> None:
    host = {"RENDER": "true"}
    assert can_keep(path, {})
    assert not can_keep(path, host)
    with pytest.raises(Unwritable):
        write(path, sections_for(SHEET, "lunang", ACCOUNT), host)
    assert not path.exists()


def test_the_lines_to_paste_say_the_same(path: Path) -> None:
    sections = sections_for(SHEET, "lunang", ACCOUNT)
    assert tomllib.loads(lines_of(sections)) == sections


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\x7fb", "a\nb", "]\n[auth]", "x = 1", "😀"])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    new = merged("[z]\nq = 1\n", {"gcp_service_account": {"private_key": text}})
    assert tomllib.loads(new) == {"z": {"q": 1}, "gcp_service_account": {"private_key": text}}
