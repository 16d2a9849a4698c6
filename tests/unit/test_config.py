"""Configuration: order of the sources, defaults, and one clear sentence for each mistake."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from services.config import (
    KEY_LENGTH,
    SETTINGS,
    ConfigError,
    Settings,
    accounts_url,
    check_store_url,
    cookie_key,
    docs_table,
    google_access,
    load,
)

KEY = "9f2c7be4d1a805638e0b5d7f4c6a1932"
PASSWORD = "r4hasia-sekali"


@pytest.fixture
def secrets_path(tmp_path: Path) -> Path:
    return tmp_path / "secrets.toml"


def _load(path: Path, text: str, **env: str) -> Settings:
    path.write_text(text, "utf-8")
    return load(env, path)


def _error(path: Path, text: str, **env: str) -> str:
    with pytest.raises(ConfigError) as caught:
        _load(path, text, **env)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith((".", "]."))
    assert PASSWORD not in message
    return message


def test_without_any_source_the_defaults_hold(secrets_path: Path) -> None:
    settings = load({}, secrets_path)
    assert settings.store == "sqlite:///data/monev.db"
    assert (settings.office, settings.data_folder, settings.cookie_key) == ("silaut", Path("data"), None)
    assert set(settings.origins.values()) == {"bawaan"}


def test_the_file_replaces_the_defaults(secrets_path: Path) -> None:
    text = f'[monev]\nstore = "postgresql://u:{PASSWORD}@h/d"\nkode_kecamatan = "lunang"\nkunci_kuki = "{KEY}"\n'
    settings = _load(secrets_path, text)
    assert (settings.store, settings.office, settings.cookie_key) == (f"postgresql://u:{PASSWORD}@h/d", "lunang", KEY)
    assert settings.origins["kode_kecamatan"] == f"{secrets_path} baris 3"


def test_the_environment_replaces_the_file(secrets_path: Path) -> None:
    settings = _load(secrets_path, '[monev]\nkode_kecamatan = "lunang"\n', MONEV_KODE_KECAMATAN="tapan")
    assert (settings.office, settings.origins["kode_kecamatan"]) == ("tapan", "MONEV_KODE_KECAMATAN")


def test_a_blank_environment_variable_counts_as_not_set(secrets_path: Path) -> None:
    assert _load(secrets_path, '[monev]\nkode_kecamatan = "lunang"\n', MONEV_KODE_KECAMATAN=" ").office == "lunang"


def test_the_default_store_lies_in_the_data_folder(secrets_path: Path, tmp_path: Path) -> None:
    settings = load({"MONEV_FOLDER_DATA": str(tmp_path / "d")}, secrets_path)
    assert settings.store == f"sqlite:///{tmp_path.as_posix()}/d/monev.db"


def test_sections_of_others_and_a_byte_order_mark_are_accepted(secrets_path: Path) -> None:
    text = '\ufeff[connections.gsheets]\nstore = "x"\n[lain]\nkunci = 1\n[monev]\nkode_kecamatan = "lunang"\n'
    assert _load(secrets_path, text).office == "lunang"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[monev]\n\nkode_kecamtan = "x"\n', 3, "Tulis kode_kecamatan."),
        ('[monev]\nsandi = "x"\n', 2, "Kunci yang ada: store, kode_kecamatan, folder_data, kunci_kuki, api_endpoint,"),
        ("[monev]\nkode_kecamatan = 5\n", 2, "harus teks di antara tanda kutip"),
        ('[monev]\nkode_kecamatan = ""\n', 2, "kosong"),
        ('[monev]\nkode_kecamatan = "Kec. Silaut"\n', 2, "“Kec. Silaut” bukan kode kecamatan"),
        (f'[monev]\nkunci_kuki = "{PASSWORD}"\n', 2, "hanya 14 karakter"),
        (f'[monev]\nstore = "mysql://u:{PASSWORD}@h/d"\n', 2, "“mysql://…” bukan alamat yang didukung"),
        (f'[monev]\nstore = "postgres:/u:{PASSWORD}@h/d"\n', 2, "alamat itu bukan alamat yang didukung"),
        ('[monev]\nstore = "data/monev.db"\n', 2, "sqlite:///data/monev.db"),
        ('[monev]\nstore = "sqlite://monev.db"\n', 2, "tiga garis miring"),
        ('[monev]\nstore = "postgresql://"\n', 2, "tidak lengkap"),
        ('kode_kecamatan = "x"\n[monev]\n', 1, "pindahkan “kode_kecamatan” ke bawah baris [monev]"),
        ('\n[Monev]\nstore = "x"\n', 2, "Tulis [monev]."),
        ("monev = 1\n", 1, "Tulis [monev] pada baris sendiri."),
        ("[monev]\nkode_kecamatan = silaut\n", 2, "“kode_kecamatan = …” tidak terbaca sebagai TOML"),
        (f'[monev]\nkunci_kuki = "{PASSWORD}\n', 2, "“kunci_kuki = …” tidak terbaca sebagai TOML"),
        ("[monev\n", 1, "“[monev” tidak terbaca sebagai TOML"),
    ],
)
def test_each_mistake_in_the_file_names_its_line_and_the_cure(
    secrets_path: Path, text: str, line: int, says: str
) -> None:
    message = _error(secrets_path, text)
    assert message.startswith(f"{secrets_path} baris {line}: ")
    assert says in message


def test_a_mistake_in_the_environment_names_the_variable(secrets_path: Path) -> None:
    message = _error(secrets_path, "", MONEV_STORE=f"oracle://u:{PASSWORD}@h/d")
    assert message.startswith("MONEV_STORE: ")


def test_a_misspelled_variable_is_not_ignored(secrets_path: Path) -> None:
    assert "Tulis MONEV_STORE" in _error(secrets_path, "", MONEV_STOER="sqlite:///x.db")


def test_other_variables_with_the_same_prefix_are_left_alone(secrets_path: Path) -> None:
    assert load({"MONEV_RUNUT": "1"}, secrets_path).office == "silaut"


def test_a_data_folder_that_is_a_file_is_refused(secrets_path: Path, tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    assert "bukan folder" in _error(secrets_path, "", MONEV_FOLDER_DATA=str(tmp_path / "berkas"))


def test_a_file_that_is_not_utf8_is_said(secrets_path: Path) -> None:
    secrets_path.write_bytes(b'[monev]\nkode_kecamatan = "\xe9"\n')
    with pytest.raises(ConfigError, match="bukan teks UTF-8"):
        load({}, secrets_path)


def test_a_folder_in_the_place_of_the_file_is_said(secrets_path: Path) -> None:
    secrets_path.mkdir()
    with pytest.raises(ConfigError, match="tidak dapat dibaca"):
        load({}, secrets_path)


def test_an_address_given_by_hand_is_checked_the_same_way() -> None:
    check_store_url("postgres://h/d", "--store")
    with pytest.raises(ConfigError, match=r"^--store: nilai store tidak dapat dipakai"):
        check_store_url("ftp://h/d", "--store")


def test_the_cookie_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = load({"MONEV_FOLDER_DATA": str(tmp_path / "d")}, tmp_path / "none.toml")
    key = cookie_key(settings)
    assert len(bytes.fromhex(key)) >= KEY_LENGTH
    assert cookie_key(settings) == key
    assert stat.S_IMODE((tmp_path / "d" / "kunci-kuki").stat().st_mode) == 0o600
    assert [p.name for p in (tmp_path / "d").iterdir()] == ["kunci-kuki"]


def test_many_threads_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    settings = load({"MONEV_FOLDER_DATA": str(tmp_path / "d")}, tmp_path / "none.toml")
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(cookie_key(settings))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1


def test_a_configured_key_makes_no_file(secrets_path: Path, tmp_path: Path) -> None:
    settings = _load(secrets_path, "", MONEV_KUNCI_KUKI=KEY, MONEV_FOLDER_DATA=str(tmp_path / "d"))
    assert cookie_key(settings) == KEY
    assert not (tmp_path / "d").exists()


def test_a_damaged_key_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "kunci-kuki").write_text("pendek")
    with pytest.raises(ConfigError, match="terlalu pendek"):
        cookie_key(load({"MONEV_FOLDER_DATA": str(tmp_path)}, tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("x" * 31, "hanya 31 karakter"),
        ("k" * 64, "berulang"),
        ("k3y-" * 10, "berulang"),
        ("some_signature_key_1234567890xyzw", "memuat “some_signature_key”"),
        ("0123456789abcdef0123456789abcdef", "memuat “0123456789”"),
        ("Kunci-rahasia-Kantor-Kecamatan-26", "memuat “rahasia”"),
    ],
)
def test_a_key_that_could_be_guessed_is_refused_wherever_it_stands(tmp_path: Path, key: str, says: str) -> None:
    assert says in _error(tmp_path / "secrets.toml", f'[monev]\nkunci_kuki = "{key}"\n')
    (tmp_path / "kunci-kuki").write_text(key)
    with pytest.raises(ConfigError, match="Hapus berkas itu") as caught:
        cookie_key(load({"MONEV_FOLDER_DATA": str(tmp_path)}, tmp_path / "none.toml"))
    assert says in str(caught.value)


GOOGLE = {
    "redirect_uri": "https://monev.contoh.go.id/oauth2callback",
    "cookie_secret": KEY,
    "client_id": "1.apps.googleusercontent.com",
    "client_secret": PASSWORD,
    "server_metadata_url": "https://accounts.google.com/.well-known/openid-configuration",
}


def google_section(**changed: str) -> str:
    return "[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in (GOOGLE | changed).items() if value)


def test_signing_in_with_google_is_off_until_its_section_is_filled_in(secrets_path: Path) -> None:
    assert not _load(secrets_path, "").google_sign_in
    assert _load(secrets_path, google_section()).google_sign_in


@pytest.mark.parametrize("name", GOOGLE)
def test_a_section_of_google_half_filled_in_names_what_is_missing(secrets_path: Path, name: str) -> None:
    assert f"isi juga {name}" in _error(secrets_path, google_section(**{name: ""}))


def test_the_secret_of_googles_cookie_must_not_be_guessed_either(secrets_path: Path) -> None:
    assert "cookie_secret terlalu pendek" in _error(secrets_path, google_section(cookie_secret="pendek"))


def test_the_documented_table_is_the_table_of_the_code() -> None:
    document = (Path(__file__).parents[2] / "docs/konfigurasi.md").read_text("utf-8")
    assert docs_table() in document
    assert all(s.meaning and s.expected and s.default for s in SETTINGS)


SHEET = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOp/edit#gid=0"
KEY_SECTION = '[gcp_service_account]\nclient_email = "monev@proyek.iam.gserviceaccount.com"\n'


def test_a_spreadsheet_takes_its_key_from_the_secrets_and_keeps_accounts_out_of_it(secrets_path: Path) -> None:
    settings = _load(secrets_path, f'[monev]\nstore = "{SHEET}"\n{KEY_SECTION}')
    access = google_access(settings)
    assert access is not None
    assert access.account["client_email"] == "monev@proyek.iam.gserviceaccount.com"
    assert access.api_endpoint == "https://sheets.googleapis.com"
    assert accounts_url(settings) == "sqlite:///data/monev.db"


def test_googles_own_file_goes_before_the_secrets(secrets_path: Path, tmp_path: Path) -> None:
    key = tmp_path / "kunci.json"
    key.write_text('{"client_email": "lain@proyek.iam.gserviceaccount.com"}')
    text = f'[monev]\nstore = "{SHEET}"\napi_endpoint = "http://127.0.0.1:8600/"\n{KEY_SECTION}'
    access = google_access(_load(secrets_path, text, GOOGLE_APPLICATION_CREDENTIALS=str(key)))
    assert access is not None
    assert access.account["client_email"] == "lain@proyek.iam.gserviceaccount.com"
    assert access.api_endpoint == "http://127.0.0.1:8600"


def test_a_database_needs_no_key_of_google_and_keeps_the_accounts(secrets_path: Path) -> None:
    settings = load({"MONEV_STORE": "postgresql://h/d"}, secrets_path)
    assert google_access(settings) is None
    assert accounts_url(settings) == "postgresql://h/d"


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({}, "memerlukan kunci akun layanan. Isi bagian [gcp_service_account]"),
        ({"GOOGLE_APPLICATION_CREDENTIALS": "tidak-ada.json"}, "berkas tidak-ada.json tidak dapat dibaca"),
        ({"GOOGLE_APPLICATION_CREDENTIALS": "README.md"}, "README.md bukan berkas JSON"),
    ],
)
def test_a_spreadsheet_without_a_key_says_where_it_belongs(secrets_path: Path, env: dict[str, str], says: str) -> None:
    settings = load({"MONEV_STORE": SHEET, **env}, secrets_path)
    with pytest.raises(ConfigError) as caught:
        google_access(settings)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('store = "https://docs.google.com/document/d/1AbCdEfGhIjKlMnOp"', "bukan alamat sebuah spreadsheet Google"),
        ('api_endpoint = "localhost:8600"', "“localhost:8600” bukan alamat peladen"),
    ],
)
def test_another_address_than_a_spreadsheets_is_refused(secrets_path: Path, text: str, says: str) -> None:
    assert says in _error(secrets_path, f"[monev]\n{text}\n")


def test_no_secret_is_shown_when_settings_are_printed(secrets_path: Path) -> None:
    settings = _load(
        secrets_path, f'[monev]\nkunci_kuki = "{KEY}"\n[gcp_service_account]\nprivate_key = "{PASSWORD}"\n'
    )
    assert KEY not in repr(settings)
    assert PASSWORD not in repr(settings)
