"""Click's own words in Indonesian.

Click takes each text through gettext, whose language comes from the caller's locale and from compiled catalogues. Here
the texts never depend on the machine: the lookup that click's modules hold is replaced by the table below, and by
nothing else in the process. A test reads click's source and fails when the table lacks a text or a placeholder.
"""

from __future__ import annotations

import gettext
import importlib
from types import ModuleType
from typing import Any

import click
from click import types

MODULES = (
    "_termui_impl",
    "core",
    "decorators",
    "exceptions",
    "formatting",
    "parser",
    "shell_completion",
    "termui",
    "types",
    "utils",
)

TEXTS = {
    "Usage:": "Pemakaian:",
    "Options": "Pilihan",
    "Commands": "Perintah",
    "Positional arguments": "Argumen",
    "Show this message and exit.": "Menampilkan keterangan ini.",
    "Show the version and exit.": "Menampilkan versi.",
    "%(prog)s, version %(version)s": "%(prog)s, versi %(version)s",
    "Confirm the action without prompting.": "Menyetujui tanpa ditanya.",
    "Do you want to continue?": "Lanjutkan?",
    "Repeat for confirmation": "Ulangi untuk memastikan",
    "Press any key to continue...": "Tekan sembarang tombol untuk melanjutkan …",
    "Aborted!": "Dibatalkan.",
    "Error: {message}": "Galat: {message}",
    "Error: invalid input": "Galat: masukan tidak dikenal",
    "Error: The two entered values do not match.": "Galat: kedua isian tidak sama.",
    "Try '{command} {option}' for help.": "Lihat keterangan: {command} {option}",
    "default: {default}": "bawaan: {default}",
    "env var: {var}": "variabel lingkungan: {var}",
    "required": "wajib",
    "(dynamic)": "(ditentukan saat berjalan)",
    "deprecated": "tidak dipakai lagi",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": (
        "Peringatan: perintah {name!r} tidak dipakai lagi.{extra_message}"
    ),
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": (
        "Peringatan: {param_type} {name!r} tidak dipakai lagi.{extra_message}"
    ),
    "file": "berkas",
    "directory": "folder",
    "path": "lokasi",
    "d": "h",
    "Missing command.": "Perintah belum disebutkan.",
    "Missing argument": "Belum diisi: argumen",
    "Missing option": "Belum diisi: pilihan",
    "Missing parameter": "Belum diisi: parameter",
    "Missing {param_type}": "Belum diisi: {param_type}",
    "Missing parameter: {param_name}": "Belum diisi: {param_name}",
    "No such option {name!r}.": "Tidak ada pilihan {name!r}.",
    "No such command {name!r}.": "Tidak ada perintah {name!r}.",
    "Did you mean {possibility}?": "Mungkin maksudnya {possibility}?",
    "(Did you mean one of: {possibilities}?)": "Mungkin maksudnya salah satu dari {possibilities}?",
    "Invalid value: {message}": "Nilai tidak dapat dipakai: {message}",
    "Invalid value for {param_hint}: {message}": "Nilai untuk {param_hint} tidak dapat dipakai: {message}",
    "Choose from:\n\t{choices}": "Pilih salah satu: {choices}",
    "Choice({choices})": "Pilihan({choices})",
    "{value!r} is not {choice}.": "{value!r} bukan {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} bukan salah satu dari {choices}.",
    "{value!r} does not match the format {format}.": "{value!r} tidak sesuai bentuk {format}.",
    "{value!r} does not match the formats {formats}.": "{value!r} tidak sesuai salah satu bentuk {formats}.",
    "{value!r} is not a valid {number_type}.": "{value!r} bukan {number_type}.",
    "{value} is not in the range {range}.": "{value} di luar batas {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} bukan ya atau tidak. Pilihan: {states}",
    "{value!r} is not a valid UUID.": "{value!r} bukan UUID.",
    "{name} {filename!r} does not exist.": "{name} {filename!r} tidak ada.",
    "{name} {filename!r} is a file.": "{name} {filename!r} adalah berkas.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} adalah folder.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} tidak dapat dibaca.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} tidak dapat ditulisi.",
    "{name} {filename!r} is not executable.": "{name} {filename!r} tidak dapat dijalankan.",
    "Could not open file {filename!r}: {message}": "Berkas {filename!r} tidak dapat dibuka: {message}",
    "unknown error": "sebab tidak diketahui",
    "Got unexpected extra argument ({args})": "Argumen berlebih: {args}.",
    "Got unexpected extra arguments ({args})": "Argumen berlebih: {args}.",
    "Takes {nargs} values but 1 was given.": "Perlu {nargs} nilai, hanya diberi 1.",
    "Takes {nargs} values but {len} were given.": "Perlu {nargs} nilai, diberi {len}.",
    "{len_type} values are required, but {len_value} was given.": "Perlu {len_type} nilai, diberi {len_value}.",
    "{len_type} values are required, but {len_value} were given.": "Perlu {len_type} nilai, diberi {len_value}.",
    "Value must be an iterable.": "Nilai harus berupa daftar.",
    "Argument {name!r} takes {nargs} values.": "Argumen {name!r} memerlukan {nargs} nilai.",
    "Option {name!r} does not take a value.": "Pilihan {name!r} tidak memakai nilai.",
    "Option {name!r} requires an argument.": "Pilihan {name!r} memerlukan nilai.",
    "Option {name!r} requires {nargs} arguments.": "Pilihan {name!r} memerlukan {nargs} nilai.",
    "{editor}: Editing failed": "{editor}: penyuntingan gagal",
    "{editor}: Editing failed: {e}": "{editor}: penyuntingan gagal: {e}",
}

TYPE_NAMES: dict[type[click.ParamType[Any]], str] = {
    types.StringParamType: "teks",
    types.UnprocessedParamType: "teks",
    types.IntParamType: "bilangan bulat",
    types.IntRange: "bilangan bulat",
    types.FloatParamType: "angka",
    types.FloatRange: "angka",
    types.BoolParamType: "ya atau tidak",
    types.DateTime: "tanggal",
    types.UUIDParameterType: "UUID",
    types.File: "berkas",
}


def install() -> None:
    """Put the table into click's modules; harmless when called again."""
    for name in MODULES:
        _translate(importlib.import_module(f"click.{name}"))
    for kind, text in TYPE_NAMES.items():
        kind.name = text


def localise(command: click.Command) -> click.Command:
    """The same command with Indonesian placeholders, and its first sentence uncut where commands are listed."""
    command.options_metavar = "[PILIHAN]"
    command.short_help = command.short_help or f"{(command.help or '').partition('. ')[0].rstrip('.')}."
    if isinstance(command, click.Group):
        command.subcommand_metavar = "PERINTAH …"
        for child in command.commands.values():
            localise(child)
    return command


def _translate(module: ModuleType) -> None:
    replacements = {gettext.gettext: _one, gettext.ngettext: _by_number}
    for name in ("_", "ngettext"):
        held = getattr(module, name, None)
        if held in replacements:
            setattr(module, name, replacements[held])


def _one(text: str) -> str:
    return TEXTS.get(text, text)


def _by_number(singular: str, plural: str, number: int) -> str:
    return _one(singular if number == 1 else plural)
