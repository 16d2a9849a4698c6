"""The command line: all words in Indonesian, exit codes, one line for each error."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from services import cli, config
from services.commands import capaian as capaian_module
from services.commands import texts
from services.store import open as opening
from services.store.store import Conflict, InvalidChange, StoreUnavailable

ROOT = Path(__file__).parents[2]
FOR_PROGRAMMERS = (  # raised while a command is being defined, on shells' completion, or on Windows consoles only
    "Could not determine name for option",
    "No options defined but a name was passed",
    "Arguments take exactly one parameter",
    "Name '{name}' defined twice",
    "Boolean option {decl!r} cannot use",
    "Invalid start character for option",
    "Couldn't detect Bash version",
    "Shell completion is not supported",
    "Unknown color",
    "Unknown standard stream",
    "Windows error",
)


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the configuration or the data of this machine."""
    for name in [n for n in os.environ if n.startswith(config.ENV_PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MONEV_FOLDER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


Outcome = tuple[int, str, str]


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Outcome:
    """Exit code, standard output and standard error of one call."""
    code = cli.main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def _raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(capaian_module, "read_grid", fail)


# --- words -------------------------------------------------------------------------------------------------------


def _literals_of_click() -> Iterator[str]:
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                used = node.args[:2] if node.func.id == "ngettext" else node.args[:1]
                yield from (a.value for a in used if isinstance(a, ast.Constant) and isinstance(a.value, str))


def test_every_text_of_click_is_in_the_table() -> None:
    missing = [t for t in _literals_of_click() if t not in texts.TEXTS and not t.startswith(FOR_PROGRAMMERS)]
    assert missing == []


def test_the_table_has_no_text_that_click_has_no_more() -> None:
    assert set(texts.TEXTS) - set(_literals_of_click()) <= {"required"}


def test_a_translation_uses_only_the_placeholders_of_its_text() -> None:
    for english, indonesian in texts.TEXTS.items():
        pattern = r"\{\w+(?:!r)?\}|%\(\w+\)s"
        assert set(re.findall(pattern, indonesian)) <= set(re.findall(pattern, english)), english


ENGLISH = re.compile(
    r"\b(usage|options?|commands?|show|message|exit|error|missing|such|did|you|mean|invalid|value|choose|from|required|"
    r"default|aborted|text|integer|float|range|file|filename|path|directory|args|arguments?|try|for|help|not|is|of|one|"
    r"valid|requires?|takes?|unexpected|extra|got|does|exist|no|boolean)\b",
    re.IGNORECASE,
)
TECHNICAL = re.compile(r"--[\w-]+|'[^']*'|“[^”]*”|\S*[/.]\S*|-h\b")
WRONG_CALLS = [
    ["--none"],
    ["--store"],
    ["capain"],
    ["xyz"],
    ["capaian"],
    ["capaian", "a", "b"],
    ["capaian", "a", "b", "c"],
    ["capaian", "--keluaran"],
    ["capaian", "--keluara", "x", "a"],
    ["capaian", "a", "--rumus-turun", "x"],
    ["capaian", "none.csv"],
    ["capaian", "a", "--keluaran", "x.doc"],
    ["laporan"],
    ["laporan", "--tahun", "x"],
    ["laporan", "--tahun", "1"],
    ["laporan", "--tahun", "2026", "--triwulan", "5"],
    ["laporan", "--draf=1"],
    ["pengguna", "tamba"],
    ["pengguna", "tambah"],
    ["pengguna", "tambah", "budi"],
    ["pengguna", "tambah", "budi", "--nama", "B"],
    ["pengguna", "tambah", "budi", "--nama", "B", "--peran", "x"],
    ["pengguna", "tambah", "Budi!", "--nama", "B", "--peran", "camat"],
    ["pengguna", "tambah", "budi", "--nama", "B", "--peran", "kasi"],
    ["cadangan", "buat"],
    ["cadangan", "hapus"],
    ["cadangan", "pulihkan", "."],
    ["contoh", "x"],
]


@pytest.mark.parametrize("arguments", WRONG_CALLS, ids=" ".join)
def test_a_wrong_call_is_one_indonesian_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, out, err = _run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"Galat: .+\n", err)
    assert ENGLISH.findall(TECHNICAL.sub("", err)) == []


def _all_helps() -> list[list[str]]:
    context = click.Context(cli.root)
    helps: list[list[str]] = [[]]
    for name in cli.COMMANDS:
        command = cli.root.get_command(context, name)
        helps += [[name], *([name, child] for child in getattr(command, "commands", ()))]
    return helps


@pytest.mark.parametrize("command", _all_helps(), ids=" ".join)
def test_no_help_holds_a_word_of_click_or_a_cut_sentence(
    capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    code, out, err = _run(capsys, *command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith("Pemakaian: python -m services")
    assert ENGLISH.findall(TECHNICAL.sub("", out)) == []
    assert "..." not in out


def test_a_confirmation_that_is_broken_off_says_so(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    _raising(monkeypatch, click.Abort())
    assert _run(capsys, "capaian", "x") == (1, "", "Dibatalkan.\n")


def test_texts_do_not_depend_on_the_locale_nor_touch_other_modules() -> None:
    script = (
        "import gettext; from services.cli import main; code = main(['xyz']);"
        "assert gettext.gettext('Usage:') == 'Usage:'; raise SystemExit(code)"
    )
    for language in ("C", "de_DE.UTF-8"):
        env = {**os.environ, "LANG": language, "LC_ALL": language, "LANGUAGE": language}
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True)
        assert (done.returncode, done.stderr[:32]) == (2, "Galat: Tidak ada perintah 'xyz'.")


# --- commands ----------------------------------------------------------------------------------------------------


def test_the_help_lists_every_command_and_imports_none(tmp_path: Path) -> None:
    script = (
        "import sys; from services.cli import main; main(['--help']);"
        "heavy = {'sqlalchemy', 'openpyxl', 'streamlit', 'altair', 'fpdf', 'pandas'} & set(sys.modules);"
        "raise SystemExit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"  {name}" in done.stdout for name in cli.COMMANDS)


def test_every_module_of_a_command_is_listed() -> None:
    helpers = {"__init__", "errors", "files", "operator", "plh", "reasons", "terminal", "texts"}
    assert {p.stem for p in (ROOT / "services/commands").glob("*.py")} - helpers == set(cli.COMMANDS)


def test_python_m_services_runs_the_same_program(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "services", "xyz"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Galat: Tidak ada perintah 'xyz'.")


def test_without_arguments_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys)
    assert code == 0
    assert "Perintah:" in out


def test_a_misspelled_command_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Mungkin maksudnya 'pengguna'?" in _run(capsys, "penguna")[2]


# --- store and configuration -------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [True, False])
def test_the_store_may_be_named_before_or_after_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, before: bool
) -> None:
    store = ["--store", f"sqlite:///{tmp_path}/lain.db"]
    call = [*store, "pengguna", "daftar"] if before else ["pengguna", "daftar", *store]
    assert _run(capsys, *call)[0] == 0
    assert (tmp_path / "lain.db").exists()
    assert not (tmp_path / "data").exists()


def test_a_bad_store_address_is_exit_code_2_and_shows_no_password(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "pengguna", "daftar", "--store", "mysql://u:r4hasia@h/d")
    assert code == 2
    assert err.startswith("Galat: --store: nilai store tidak dapat dipakai: “mysql://…”")
    assert "r4hasia" not in err


def test_a_wrong_configuration_is_exit_code_2_with_the_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit/secrets.toml").write_text('[monev]\nstor = "x"\n')
    code, _, err = _run(capsys, "pengguna", "daftar")
    assert code == 2
    assert "baris 2: kunci “stor” tidak dikenal. Tulis store." in err


def test_configuration_and_opening_know_the_same_kinds_of_store() -> None:
    assert set(config.STORE_SCHEMES) == set(opening._DRIVERS)


def test_the_store_is_opened_once() -> None:
    app = cli.App("sqlite:///toko.db")
    assert app.store() is app.store()
    assert app.accounts() is app.accounts()
    assert app.now().utcoffset() is not None


# --- errors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (StoreUnavailable("Basis data tidak dapat dihubungi."), 2, "Galat: Basis data tidak dapat dihubungi.\n"),
        (opening.BadAddress("Alamat tidak dikenal."), 2, "Galat: Alamat tidak dikenal.\n"),
        (Conflict(()), 1, "Galat: Nilai ini sudah diubah orang lain"),
        (PermissionError(13, "Permission denied", "a.csv"), 2, "Galat: Berkas a.csv tidak boleh dibuka; periksa hak"),
        (KeyboardInterrupt(), 1, "\nDibatalkan.\n"),
    ],
)
def test_an_expected_error_is_one_line_with_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, error: BaseException, code: int, says: str
) -> None:
    _raising(monkeypatch, error)
    found, out, err = _run(capsys, "capaian", "x")
    assert (found, out) == (code, "")
    assert err.startswith(says)
    assert err.strip().count("\n") == 0


def test_a_database_that_is_away_is_one_line_and_exit_code_2() -> None:
    call = [sys.executable, "-m", "services", "pengguna", "daftar", "--store", "postgresql://u:r4hasia@localhost:1/d"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"Galat: Basis data .+ tidak dapat dipakai saat ini.+\n", done.stderr)
    assert "r4hasia" not in done.stderr


@pytest.mark.parametrize("error", [RuntimeError("rahasia dalam"), InvalidChange("rahasia dalam")])
def test_an_unexpected_error_is_one_line_with_a_reference_to_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path, error: Exception
) -> None:
    _raising(monkeypatch, error)
    code, out, err = _run(capsys, "capaian", "x")
    assert (code, out) == (2, "")
    match = re.fullmatch(r"Galat: .* rujukan ([0-9a-f]{8})\. Rinciannya di (\S+galat\.log); .*MONEV_RUNUT=1.*\n", err)
    assert match is not None
    log = Path(match[2])
    assert match[1] in log.read_text("utf-8")
    assert "rahasia dalam" in log.read_text("utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_an_unexpected_error_that_cannot_be_logged_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    (tmp_path / "data").touch()
    _raising(monkeypatch, RuntimeError("x"))
    assert "Rinciannya tidak dapat dicatat" in _run(capsys, "capaian", "x")[2]


def test_the_trace_is_shown_on_demand(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv(cli.TRACE_VARIABLE, "1")
    _raising(monkeypatch, RuntimeError("sebabnya"))
    assert "RuntimeError: sebabnya" in _run(capsys, "capaian", "x")[2]


# --- pengguna, laporan -------------------------------------------------------------------------------------------


def test_an_account_is_added_listed_given_a_new_password_and_switched_off(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "pengguna", "tambah", "budi", "--nama", "Budi Santoso", "--peran", "pkp")
    assert code == 0
    assert re.fullmatch(r"Akun budi \(Kasubag PKP\) dibuat\. .* sekali: [a-zA-Z2-9]{20}\n", out)
    first = out.split()[-1]
    assert _run(capsys, "pengguna", "daftar")[1] == "budi\tBudi Santoso\tpkp\t-\taktif\n"
    second = _run(capsys, "pengguna", "sandi", "budi", "--alasan", "Lupa")[1].split()[-1]
    assert first != second
    assert _run(capsys, "pengguna", "nonaktif", "budi")[1] == "Akun budi dinonaktifkan.\n"
    assert _run(capsys, "pengguna", "daftar")[1].endswith("nonaktif\n")


def test_an_account_that_is_taken_or_unknown_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    add = ("pengguna", "tambah", "budi", "--nama", "Budi", "--peran", "camat")
    assert _run(capsys, *add)[0] == 0
    assert _run(capsys, *add)[0] == 1
    assert _run(capsys, "pengguna", "sandi", "ani") == (1, "", "Galat: Pengguna ani tidak ada.\n")


def test_a_kasi_needs_a_section_that_exists(capsys: pytest.CaptureFixture[str]) -> None:
    add = ("pengguna", "tambah", "budi", "--nama", "Budi", "--peran", "kasi")
    assert _run(capsys, *add)[0] == 2
    code, _, err = _run(capsys, *add, "--seksi", "xyz")
    assert code == 1
    assert "Seksi xyz tidak ada." in err
    assert _run(capsys, "pengguna", "daftar")[1] == ""


def test_a_report_of_a_quarter_that_was_never_opened_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, err = _run(capsys, "laporan", "--tahun", 2026, "--triwulan", 3, "--keluaran", tmp_path / "l.pdf")
    assert (code, out) == (1, "")
    assert "Triwulan III Tahun 2026 belum dibuka" in err
    assert not (tmp_path / "l.pdf").exists()


def test_a_report_of_the_sample_is_written_and_described(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _run(capsys, "contoh")[0] == 0
    target = tmp_path / "l.pdf"
    code, out, _ = _run(capsys, "laporan", "--tahun", 2026, "--triwulan", 3, "--keluaran", target)
    assert code == 0
    assert re.fullmatch(rf"Draf laporan Triwulan III 2026 ditulis ke {target}: \d+ halaman, [\d.]+ KB\.\n", out)
    assert target.read_bytes().startswith(b"%PDF-")
