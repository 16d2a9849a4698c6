"""docs/hak.md from the tables of rights, moves and accounts: ``python -m tools.hak`` writes it, a test compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from services.auth.management import DUTIES
from services.cli import root
from services.domain.roles import CycleState, Role
from services.domain.sop import SOP_2024
from services.domain.stand_in import LONGEST_DAYS, STAND_IN_ROLES
from services.views.rights import TWO_PEOPLE, moves, rights

PAGE = Path(__file__).parents[1] / "docs" / "hak.md"
_HEAD = """# Hak akses

Halaman ini dibuat dari tabel hak di `services/domain/roles.py`, tabel perpindahan di `services/domain/process.py`, dan
aturan akun di `services/auth/management.py`; jangan disunting dengan tangan. Sesudah salah satunya berubah, jalankan
`python -m tools.hak`. Di aplikasi, tabel yang sama ada di halaman **Hak akses**.

Yang tidak ada dalam tabel ditolak, oleh tindakannya sendiri dan bukan hanya oleh halamannya.
"""
_RIGHTS = f"""`ya`: untuk data semua seksi, dan yang bukan milik seksi. `seksi sendiri`: hanya data seksinya. `–`:
ditolak. Di luar keadaan yang disebut, ditolak bagi semua peran. Keadaannya:
{", ".join(state.value for state in CycleState)}.
"""
_MOVES = """Di antara yang berhak, pemegang langkah menurut SOP 2024; kantor dapat mengubahnya pada versi SOP
berikutnya. Syaratnya ada di [alur triwulan](alur.md).
"""
_STAND_IN = f"""Admin menunjuk Plh. bagi {", ".join(role.label for role in STAND_IN_ROLES)}, paling lama
{LONGEST_DAYS} hari, satu orang setiap jabatan. Selama ia memilih bertindak sebagai Plh., haknya persis hak peran yang
digantikan, dan Riwayat mencatatnya sebagai Plh. Admin sendiri tidak dapat menjadi Plh.
"""
_ACCOUNTS = """Hanya Admin, di halaman Pengguna, atau yang menjalankan perintah di peladen. Semuanya tercatat di catatan
masuk.
"""
_COMMANDS = """Perintah ini melewati halaman dan haknya, jadi meminta alasan dengan `--alasan` bila mengubah sesuatu:
`contoh` hanya dengan `--kosongkan`, `impor` hanya dengan `--terapkan`. Pelaku dan alasannya tercatat.
"""


def document() -> str:
    """The whole page, in Indonesian."""
    duties = ((duty.what, duty.reason or "–") for duty in DUTIES.values())
    parts = [
        _HEAD,
        "## Peran, tindakan, dan keadaan triwulan\n",
        _RIGHTS,
        _table(("Tindakan", "Keadaan triwulan", *(role.label for role in Role)), _rights()),
        "## Memindahkan langkah\n",
        _MOVES,
        _table(("Langkah", "Kejadian", "Yang berhak"), ((m.step, m.event, m.who) for m in moves(SOP_2024))),
        "## Dua orang\n",
        *(f"- {sentence}" for sentence in TWO_PEOPLE),
        "\n## Pelaksana harian (Plh.)\n",
        _STAND_IN,
        "## Akun\n",
        _ACCOUNTS,
        _table(("Tindakan", "Alasan wajib"), duties),
        "## Perintah dengan alasan\n",
        _COMMANDS,
        *(f"- `{words}`" for words in _commands(root, click.Context(root))),
    ]
    return "\n".join(parts) + "\n"


def _rights() -> Iterator[Sequence[str]]:
    for right in rights():
        yield right.action.value, right.when, *(right.cell(role) for role in Role)


def _commands(command: click.Command, context: click.Context, words: str = "") -> Iterator[str]:
    """Every command that takes a reason."""
    if any(option.name == "reason" for option in command.params):
        yield words.strip()
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _commands(child, context, f"{words} {name}")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(document(), "utf-8")
