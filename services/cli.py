"""The commands of the application: ``python -m services``.

Each command is a module in services/commands with a Click command of the same name, imported only when it is called.
Exit codes: 0 done, 1 refused, 2 wrong call or broken environment. An error is one line on stderr that says what to do.
"""

from __future__ import annotations

import importlib
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from services import log
from services.commands import terminal, texts
from services.commands.errors import REFUSED, WRONG_CALL, file_error
from services.config import (
    DATA_FOLDER,
    ERROR_LOG,
    SECRETS_PATH,
    ConfigError,
    Settings,
    accounts_url,
    check_store_url,
    google_access,
    load,
    secrets_of,
)
from services.domain.clock import WIB

if TYPE_CHECKING:
    from services.auth.accounts import Accounts
    from services.store.store import Store

PROGRAM = "python -m services"
TRACE_VARIABLE = "MONEV_RUNUT"

COMMANDS = {
    "arsip": "Menampilkan, mengambil, dan memeriksa laporan yang diarsipkan.",
    "blangko": "Membuat blangko, jadwal, dokumen SOP, dan Ringkasan Camat sebagai PDF.",
    "bundel": "Membuat bundel audit satu triwulan sebagai ZIP.",
    "cadangan": "Membuat atau memulihkan cadangan seluruh data.",
    "capaian": "Menghitung capaian dari berkas CSV atau XLSX.",
    "contoh": "Mengisi data contoh, atau mengakhirinya.",
    "ekspor": "Menulis tabel ke berkas CSV atau XLSX.",
    "impor": "Memasukkan isian atau tabel lain dari berkas CSV atau XLSX.",
    "kirim": "Mengirim perubahan yang menunggu ke Google Sheets.",
    "laporan": "Membuat laporan PDF satu triwulan.",
    "pasang": "Mencetak alamat untuk menyiapkan kantor lewat peramban.",
    "periksa": "Memeriksa data: sel yang meragukan, sebabnya, dan apa yang ditulis.",
    "pengguna": "Mengelola akun pengguna.",
    "pindah": "Memindahkan seluruh data ke penyimpanan lain.",
    "siklus": "Menampilkan keadaan ke-13 langkah satu triwulan, atau rencana tanggalnya.",
    "riwayat": "Memeriksa bahwa riwayat tidak diubah orang.",
    "sheet": "Menyiapkan spreadsheet kantor di Google Sheets.",
}
WITHOUT_STORE = frozenset({"capaian", "pindah"})


@dataclass
class App:
    """What commands share: settings, the open store, the accounts and the clock; each made when first asked for."""

    store_url: str | None = None

    @cached_property
    def settings(self) -> Settings:
        """Raises ConfigError."""
        settings = load(os.environ, SECRETS_PATH)
        if self.store_url is None:
            return settings
        check_store_url(self.store_url, "--store")
        return replace(settings, store=self.store_url, origins={**settings.origins, "store": "--store"})

    def store(self) -> Store:
        """The configured store, opened once. Raises ConfigError or StoreError."""
        return self._store

    def accounts(self) -> Accounts:
        return self._accounts

    def now(self) -> datetime:
        return datetime.now(WIB)

    @cached_property
    def _store(self) -> Store:
        from services.store.open import open_store

        return open_store(self.settings.store, self.settings.office, self.now, google_access(self.settings))

    @cached_property
    def _accounts(self) -> Accounts:
        from services.auth.accounts import Accounts

        return Accounts(accounts_url(self.settings))


class LazyGroup(click.Group):
    """Knows its commands by name and short help; imports a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"services.commands.{cmd_name}"), cmd_name)
        if cmd_name not in WITHOUT_STORE:
            _accept_store(command)
        return texts.localise(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section(texts.TEXTS["Commands"]):
            formatter.write_dl(sorted(COMMANDS.items()))


def _store_option() -> click.Option:
    return click.Option(
        ["--store"],
        metavar="ALAMAT",
        expose_value=False,
        callback=_choose_store,
        help="Alamat penyimpanan data: sqlite:///data/monev.db, postgresql+psycopg://…, atau alamat spreadsheet "
        "Google; bila tidak disebut, menurut konfigurasi.",
    )


def _choose_store(ctx: click.Context, _option: click.Parameter, url: str | None) -> None:
    if url is not None:
        ctx.ensure_object(App).store_url = url


def _accept_store(command: click.Command) -> None:
    """Let ``--store`` stand after the command as well as before it."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _accept_store(child)
    does_something = not isinstance(command, click.Group) or command.invoke_without_command
    if does_something and not any(option.name == "store" for option in command.params):
        command.params.append(_store_option())


@click.group(
    cls=LazyGroup,
    help="Pemantauan capaian kinerja internal kecamatan: perintah tanpa peramban.",
    epilog=f"Keterangan satu perintah: {PROGRAM} PERINTAH --help. "
    "Kode keluar: 0 berhasil, 1 ditolak, 2 salah panggil atau lingkungan bermasalah.",
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
@click.pass_context
def root(ctx: click.Context) -> None:
    ctx.ensure_object(App)


root.params.append(_store_option())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    texts.localise(root)
    with terminal.guarded():
        _route_log_lines()
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = root.main(arguments, PROGRAM, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except Exception as error:
        return _report(error)
    return code if isinstance(code, int) else 0


def _route_log_lines() -> None:
    """Log lines of libraries and layers below are technical: on stderr only where a trace is asked for."""
    if logging.getLogger().handlers:
        return
    handler = logging.StreamHandler() if _wants_trace() else logging.NullHandler()
    handler.setFormatter(log.Entries(_secrets()))
    logging.getLogger().addHandler(handler)


def _wants_trace() -> bool:
    return os.environ.get(TRACE_VARIABLE) == "1"


def _report(error: Exception) -> int:
    """Say the error in one line and return its exit code."""
    line, code = _expected(error) or _unexpected(error)
    if _wants_trace():
        click.echo("\n".join(log.Entries(_secrets()).trace(error)), err=True)
    click.echo(f"Galat: {' '.join(line.split())}" if line else texts.TEXTS["Aborted!"], err=True)
    return code


def _expected(error: Exception) -> tuple[str, int] | None:
    """Line and exit code of an error that can happen to a careful person; None: a defect of ours."""
    from services.store.store import InvalidChange, StoreError, StoreUnavailable

    match error:
        case click.Abort():
            return "", REFUSED
        case click.UsageError():
            return f"{error.format_message()} {_help_hint(error.ctx)}", error.exit_code
        case click.ClickException():
            return error.format_message(), error.exit_code
        case ConfigError() | StoreUnavailable():
            return str(error), WRONG_CALL
        case StoreError() if not isinstance(error, InvalidChange):
            return str(error), _store_error_code(error)
        case OSError():
            return file_error(error).message, WRONG_CALL
    return None


def _store_error_code(error: Exception) -> int:
    from services.store.open import BadAddress

    return WRONG_CALL if isinstance(error, BadAddress) else REFUSED


def _help_hint(ctx: click.Context | None) -> str:
    return f"Lihat: {ctx.command_path if ctx else PROGRAM} --help"


def _unexpected(error: Exception) -> tuple[str, int]:
    reference = secrets.token_hex(4)
    path = _write_log(error, reference)
    where = f"Rinciannya di {path}" if path else "Rinciannya tidak dapat dicatat"
    again = f"jalankan lagi dengan {TRACE_VARIABLE}=1 untuk melihat runutannya"
    return f"Terjadi galat yang tidak terduga, rujukan {reference}. {where}; {again}.", WRONG_CALL


def _secrets() -> tuple[str, ...]:
    """What may not stand in a trace; nothing where the configuration itself cannot be read."""
    try:
        return secrets_of(load(os.environ, SECRETS_PATH))
    except ConfigError:
        return ()


def _write_log(error: Exception, reference: str) -> Path | None:
    """Append the trace to the log file, which only its owner can read; None when that fails too."""
    try:
        folder = load(os.environ, SECRETS_PATH).data_folder
    except ConfigError:
        folder = Path(DATA_FOLDER.default)
    path = folder / ERROR_LOG
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
            entry = f"{datetime.now(WIB).isoformat(timespec='seconds')} {reference} {' '.join(sys.argv[1:2])}"
            file.writelines(f"{line}\n" for line in (log.visible(entry), *log.Entries(_secrets()).trace(error)))
    except OSError:
        return None
    return path
