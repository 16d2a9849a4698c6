"""``impor isian|tabel FILE``: the rows of a file into entries or another table, shown first, written on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import click

from services.actions.base import ActionError, Context
from services.actions.imports import (
    LABELS,
    Fate,
    ImportRow,
    Judged,
    Settle,
    Verdict,
    at_once,
    carry_out,
    clash_text,
    count,
    judge,
)
from services.actions.table_imports import Preview, TableRow, preview
from services.actions.table_imports import carry_out as carry_out_table
from services.actions.table_rules import RULES
from services.cli import App
from services.commands.errors import REFUSED, Refused, Unusable
from services.commands.files import read_bytes, read_grid
from services.commands.operator import operator
from services.commands.reasons import REASON, note_override, require_reason
from services.domain.numbers import clean, format_number
from services.domain.roles import Actor, Role
from services.sample.clock import present
from services.store import schema
from services.store.outbox import State
from services.store.replica import Replica, replica_folder
from services.store.sheets_access import spreadsheet_id
from services.store.store import Receipt, Store
from services.tabular.grids import SLIPPED, BadFile, Grid, Line, TypedCell, cell_text, header_key, slipped
from services.tabular.upload import read_upload
from services.views.office import Office

PLACE = {"code": "kode", "name": "indikator", "year": "tahun", "quarter": "triwulan"}
NEEDED = ("code", "year", "quarter")
_NAMES = PLACE | LABELS
_SHEET_HEADERS = {
    header_key(schema.INDICATOR.column("name").header): "name",
    **{header_key(schema.ENTRY.column(field).header): field for field in LABELS},
}
_KNOWN = {header_key(name): field for field, name in _NAMES.items()} | _SHEET_HEADERS
_HEADINGS = ("Baris", "Kode", "Triwulan", "Hasil", "Keterangan")
_TABLE_HEADINGS = ("Baris", "ID", "Isi", "Hasil", "Keterangan")
_NOT_YET = "Belum ada yang disimpan. Jalankan lagi dengan --terapkan dan --alasan untuk menyimpan."
_WAITING = "Yang menunggu dikirim oleh aplikasi, atau dengan: python -m services kirim"
_WIDEST = 28
_SOURCE_LENGTH = 80
_PATIENCE = 30.0  # seconds to wait for the application's own sending to end


@dataclass(frozen=True, slots=True)
class _Listing:
    """The lines of the answer, written one after the other with the same widths."""

    headings: tuple[str, ...]
    widths: tuple[int, ...]

    @classmethod
    def wide_enough_for(
        cls, headings: tuple[str, ...], places: Iterable[Sequence[str]], words: Iterable[str]
    ) -> _Listing:
        lines = [headings[:4], *((*place, "") for place in places), *(("", "", "", word) for word in words)]
        return cls(headings, tuple(max(len(line[n]) for line in lines) for n in range(4)))

    def heading(self) -> None:
        click.echo(self._line(self.headings))

    def row(self, place: Sequence[str], word: str, detail: str) -> None:
        click.echo(self._line((*place, word, detail)))

    def _line(self, cells: Sequence[str]) -> str:
        number, *others = cells
        padded = [cell.ljust(width) for cell, width in zip(others, self.widths[1:], strict=False)]
        return "  ".join([number.rjust(self.widths[0]), *padded, cells[-1]]).rstrip()


def _place(row: ImportRow) -> tuple[str, str, str]:
    return str(row.line), clean(row.code)[:_WIDEST], clean(f"{row.quarter} {row.year}")[:_WIDEST]


def _table_place(row: TableRow) -> tuple[str, str, str]:
    return str(row.line), clean(row.row_id)[:_WIDEST], clean(row.name)[:_WIDEST]


@click.group(help="Memasukkan data kantor dari berkas.")
def impor() -> None:
    pass


@impor.command(
    help="Memperlihatkan apa yang akan dilakukan setiap baris BERKAS (CSV atau XLSX): baru, berubah, sama, atau "
    "ditolak beserta sebabnya. Dengan --terapkan, baris yang baru dan berubah disimpan satu per satu atas nama "
    "pengguna yang disebut, menurut haknya.\n\n"
    "Kolom, dalam urutan dan huruf apa pun: kode, tahun, triwulan, dan paling sedikit satu dari realisasi, anggaran "
    "(realisasi anggaran sampai triwulan itu), pendorong, penghambat, tindak lanjut, bukti. Bila satu kode dipakai "
    "beberapa indikator, kolom indikator berisi namanya. Sel yang kosong tidak mengubah nilai yang sudah tersimpan; "
    "tulis NA untuk menyatakan belum terukur.\n\n"
    "Perintah ini dapat diulang: yang sudah tersimpan terbaca sama. Yang belum dapat dikirim ke Google Sheets menunggu "
    "di antrean dan dikirim kemudian. Kode keluar 1 bila ada baris yang tidak diterima."
)
@click.argument("source", metavar="BERKAS", type=click.Path(path_type=Path))
@click.option(
    "--sebagai", "username", metavar="NAMA_PENGGUNA", required=True, help="Akun aktif yang menyimpan isian ini."
)
@click.option("--terapkan", "write", is_flag=True, help="Menyimpan, dengan alasan; tanpa ini hanya pratinjau.")
@REASON
@click.pass_context
def isian(ctx: click.Context, source: Path, username: str, *, write: bool, reason: str) -> None:
    grid = read_grid(source, _NAMES.values())
    rows = _read_rows(grid, _find_columns(grid, source))
    for note in (*grid.notes, *_notes_on_headers(grid)):
        click.echo(note, err=True)
    app = ctx.ensure_object(App)
    actor = _actor(app, username)
    through = _through(app, source, actor, reason, write=write)
    store, settle = _open(app, sending=write)
    context = Context(store, Office(store.read()), actor, present(store, app.now()), through)
    judged = judge(context, rows)
    fine = _carry_out(context, judged, settle) if write else _show(judged)
    if not fine:
        ctx.exit(REFUSED)


def _show(judged: Sequence[Judged]) -> bool:
    """Print the preview; whether every row can be taken."""
    counts = count(judged)
    listing = _Listing.wide_enough_for(_HEADINGS, (_place(j.row) for j in judged), counts)
    listing.heading()
    for item in judged:
        listing.row(_place(item.row), item.verdict.value, item.detail)
    _summary({verdict.value: n for verdict, n in counts.items()})
    if any(item.verdict.writes for item in judged):
        click.echo(_NOT_YET, err=True)
    return not any(item.verdict is item.verdict.REFUSED for item in judged)


def _carry_out(context: Context, judged: Sequence[Judged], settle: Settle) -> bool:
    """Write the rows and print what became of each as it happens; whether nothing more has to be done about any."""
    counts = dict.fromkeys(Fate, 0)
    listing = _Listing.wide_enough_for(_HEADINGS, (_place(j.row) for j in judged), counts)
    listing.heading()
    for outcome in carry_out(context, judged, settle):
        counts[outcome.fate] += 1
        listing.row(_place(outcome.judged.row), outcome.fate.value, outcome.detail)
    _summary({fate.value: n for fate, n in counts.items()})
    if counts[Fate.WAITING]:
        click.echo(_WAITING, err=True)
    return all(fate.done for fate, n in counts.items() if n)


def _summary(counts: Mapping[str, int]) -> None:
    parts = ", ".join(f"{format_number(Decimal(n))} {word}" for word, n in counts.items() if n)
    total = format_number(Decimal(sum(counts.values())))
    click.echo(f"{total} baris: {parts}." if parts else "Tidak ada baris di bawah judul kolom.", err=True)


@impor.command(
    help="Memperlihatkan apa yang akan dilakukan setiap baris BERKAS (CSV atau XLSX) pada satu tabel: baru, berubah, "
    "sama, atau ditolak beserta sel dan yang sebaiknya ditulis. Dengan --terapkan, semuanya disimpan sekaligus; bila "
    "ada baris yang ditolak, tidak satu pun disimpan.\n\n"
    "Judul kolom dan lembar seperti hasil perintah ekspor. Baris dikenali dari ID-nya; tanpa ID, dari nilai yang tidak "
    "boleh kembar, misalnya tanggal libur. Sel kosong mengosongkan nilai; kolom yang tidak ada di berkas tidak "
    "mengubah apa pun; baris yang tidak ada di berkas tetap.\n\n"
    f"Tabel: {', '.join(RULES)}. Catatan dan hasil langkah SOP tidak dapat diimpor."
)
@click.argument("source", metavar="BERKAS", type=click.Path(path_type=Path))
@click.option(
    "--tabel",
    "name",
    type=click.Choice([table.name for table in schema.TABLES], case_sensitive=False),
    metavar="NAMA",
    required=True,
    help="Nama tabel, misalnya HariLibur.",
)
@click.option("--sebagai", "username", metavar="NAMA_PENGGUNA", required=True, help="Akun aktif yang mengimpor.")
@click.option("--terapkan", "write", is_flag=True, help="Menyimpan, dengan alasan; tanpa ini hanya pratinjau.")
@REASON
@click.pass_context
def tabel(ctx: click.Context, source: Path, name: str, username: str, *, write: bool, reason: str) -> None:
    app = ctx.ensure_object(App)
    actor = _actor(app, username)
    try:
        upload = read_upload(str(source), read_bytes(source), schema.BY_NAME[name])
    except BadFile as error:
        raise Unusable(str(error)) from error
    for note in upload.notes:
        click.echo(note, err=True)
    through = _through(app, source, actor, reason, write=write)
    store, settle = _open(app, sending=write)
    context = Context(store, Office(store.read()), actor, present(store, app.now()), through)
    try:
        seen = preview(context, upload)
        fine = _carry_out_table(context, seen, settle) if write and seen.writes else _show_table(seen, write=write)
    except ActionError as error:
        raise Refused(str(error)) from error
    if not fine:
        ctx.exit(REFUSED)


def _show_table(seen: Preview, *, write: bool) -> bool:
    """Print what the rows would do; whether every row can be taken."""
    _print_rows(seen, {verdict: verdict.value for verdict in Verdict})
    refused = seen.counts[Verdict.REFUSED]
    _summary({verdict.value: n for verdict, n in seen.counts.items()})
    if seen.untouched:
        click.echo(f"{seen.untouched} baris lain di tabel ini tidak ada di berkas dan tetap.", err=True)
    for line in seen.effects:
        click.echo(line, err=True)
    if refused and write:
        click.echo(f"Tidak ada yang disimpan karena {refused} baris ditolak.", err=True)
    elif seen.writes:
        click.echo(_NOT_YET, err=True)
    return not refused


def _carry_out_table(context: Context, seen: Preview, settle: Settle) -> bool:
    """Write all rows at once and say what became of them; whether nothing more has to be done."""
    receipt = carry_out_table(context, seen)
    fate, said = settle(receipt) if receipt else (Fate.SAME, "")
    words = {verdict: fate.value if verdict.writes else verdict.value for verdict in Verdict}
    _print_rows(seen, words)
    saved = sum(n for verdict, n in seen.counts.items() if verdict.writes)
    _summary({fate.value: saved, Verdict.SAME.value: seen.counts[Verdict.SAME]})
    for line in filter(None, (said, _WAITING if fate is Fate.WAITING else "")):
        click.echo(line, err=True)
    return fate.done


def _print_rows(seen: Preview, words: Mapping[Verdict, str]) -> None:
    listing = _Listing.wide_enough_for(_TABLE_HEADINGS, map(_table_place, seen.rows), words.values())
    listing.heading()
    for row in seen.rows:
        listing.row(_table_place(row), words[row.verdict], row.detail)


# --- who, and where to -------------------------------------------------------------------------------------------


def _actor(app: App, username: str) -> Actor:
    """Raises Refused where there is no such account, or it may not sign in."""
    account = app.accounts().get(username.strip().lower())
    if account is None or not account.active or account.role not in list(Role):
        raise Refused(f"Akun {clean(username)} tidak ada atau nonaktif. Lihat: python -m services pengguna daftar")
    return Actor(account.username, account.name, Role(account.role), account.section_id)


def _through(app: App, source: Path, actor: Actor, reason: str, *, write: bool) -> str:
    """What Riwayat says about the way: whoever runs this writes in another's name, so it says who and why.

    Raises UsageError where a reason is missing.
    """
    name = f"Impor {clean(source.name)[:_SOURCE_LENGTH]}"
    if not write:
        return name
    reason = require_reason(reason, f"Alasan mengimpor atas nama {actor.username}")
    note_override(app, f"{name} atas nama {actor.username}", reason)
    return f"{name}, {operator()}: {reason}"


def _open(app: App, *, sending: bool) -> tuple[Store, Settle]:
    """The store and the way to learn what became of a row: a spreadsheet may be away, so that rows go by the outbox.

    ``sending``: first send what waits there.
    """
    settings = app.settings
    if spreadsheet_id(settings.store) is None:
        return app.store(), at_once
    folder = replica_folder(settings.data_folder, settings.store, settings.office)
    replica = Replica(app.store(), settings.office, folder, app.now)
    if sending and (outcomes := replica.sender.round(_PATIENCE)):
        sent = sum(outcome.state is State.SENT for outcome in outcomes)
        click.echo(f"{sent} dari {len(outcomes)} perubahan yang menunggu sejak sebelumnya terkirim.", err=True)
    replica.refresh()
    if replica.trouble and replica.ready:
        click.echo(f"{replica.trouble} Dibandingkan dengan data terakhir yang tersimpan di sini.", err=True)
    return replica, _Delivery(replica)


class _Delivery:
    """Sends each row from the outbox as soon as it is there, until one has to wait: then the rest waits too."""

    def __init__(self, replica: Replica) -> None:
        self._replica, self._waiting = replica, False

    def __call__(self, receipt: Receipt) -> tuple[Fate, str]:
        outcomes = () if self._waiting else self._replica.sender.round(_PATIENCE) or ()
        item = self._replica.outbox.find(receipt.transaction_id)
        if item is None or item.state is State.SENT:
            return Fate.SAVED, ""
        if item.state is State.WAITING:
            self._waiting = True
            return Fate.WAITING, next((o.reason for o in outcomes if o.transaction.id == item.transaction.id), "")
        return Fate.CLASHED, f"{clash_text(item.clashes) if item.clashes else item.reason} Putuskan di halaman Bentrok."


# --- the file ----------------------------------------------------------------------------------------------------


def _find_columns(grid: Grid, source: Path) -> dict[str, int]:
    """Place of each known column. Raises Unusable when a needed one is missing or one stands there twice."""
    if not grid.lines:
        raise Unusable(f"Berkas {source} kosong. Isi baris pertama dengan judul kolom: {', '.join(_NAMES.values())}.")
    fields = [_KNOWN.get(header_key(cell_text(cell)), "") for cell in grid.lines[0]]
    missing = [PLACE[field] for field in NEEDED if field not in fields]
    if not missing and not set(fields) & set(LABELS):
        missing = [f"nilai ({', '.join(LABELS.values())})"]
    if missing:
        found = ", ".join(clean(cell_text(cell)) for cell in grid.lines[0] if not cell.blank)[:300]
        raise Unusable(
            f"Berkas {source} tidak memuat kolom {', '.join(missing)}; kolom yang ada: {found}. "
            "Perbaiki judul kolom di baris pertama."
        )
    doubled = [name for field, name in _NAMES.items() if fields.count(field) > 1]
    if doubled:
        raise Unusable(f"Berkas {source} memuat kolom {', '.join(doubled)} lebih dari sekali. Sisakan satu.")
    return {field: fields.index(field) for field in _NAMES if field in fields}


def _notes_on_headers(grid: Grid) -> Iterator[str]:
    names = [clean(cell_text(cell)) for cell in grid.lines[0]]
    unknown = [name for name in names if name and header_key(name) not in _KNOWN]
    if unknown:
        yield f"Kolom yang tidak dikenal dan tidak dibaca: {', '.join(unknown)[:300]}."


def _read_rows(grid: Grid, columns: Mapping[str, int]) -> tuple[ImportRow, ...]:
    """The lines under the header that are not blank."""
    numbered = enumerate(grid.lines[1:], start=grid.first + 1)
    return tuple(
        _row(n, line, columns, grid.header_width) for n, line in numbered if any(not cell.blank for cell in line)
    )


def _row(number: int, line: Line, columns: Mapping[str, int], width: int | None) -> ImportRow:
    cells = {field: line[place] for field, place in columns.items()}
    texts = {field: cell_text(cell).replace("\r\n", "\n").strip() for field, cell in cells.items()}
    return ImportRow(
        line=number,
        code=texts["code"],
        name=texts.get("name", ""),
        year=texts["year"],
        quarter=texts["quarter"],
        typed={field: texts[field] for field in LABELS if texts.get(field)},
        problem=SLIPPED if slipped(line, width) else _code_problem(cells["code"]),
    )


def _code_problem(cell: TypedCell) -> str:
    """A spreadsheet makes a number of "7.10" and a date of "7.01.06": the code that was meant is lost."""
    if isinstance(cell.value, str | int | None) and not isinstance(cell.value, bool):
        return ""
    what = "angka" if isinstance(cell.value, float) else "tanggal atau nilai lain"
    return f"Kode “{cell_text(cell)}” terbaca sebagai {what}. Ubah format kolom kode menjadi teks, lalu tulis kodenya."
