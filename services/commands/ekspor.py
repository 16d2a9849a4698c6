"""``ekspor``: tables of the store as XLSX or CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click

from services.cli import App
from services.commands.errors import Refused, Unusable, file_error
from services.commands.files import write_atomically
from services.domain.numbers import format_number
from services.store import schema
from services.store.schema import Table
from services.store.store import Row, Store
from services.tabular.export import export_table, export_workbook, restricted
from services.tabular.grids import BadFile
from services.tabular.values import Form

ENDINGS = tuple(f".{form.value}" for form in Form)
FIRST_YEAR, LAST_YEAR = 2000, 2100

_ON_DEMAND = ", ".join(table.name for table in schema.TABLES if table.on_demand)


@click.command(
    help="Menulis satu tabel, atau semuanya, ke berkas yang dibuka dengan lembar kerja.\n\n"
    "Akhiran .xlsx menghasilkan buku kerja; .csv menghasilkan CSV untuk Excel Indonesia (titik koma, koma desimal). "
    "Dengan --semua, .xlsx berisi satu lembar untuk setiap tabel, sedangkan nama tanpa akhiran menjadi folder berisi "
    "satu CSV untuk setiap tabel. Berkas yang sudah ada diganti.\n\n"
    "Teks tetap teks: yang dapat dijalankan sebagai rumus atau berubah menjadi angka diberi tanda petik tunggal di "
    "CSV, dan tanda itu hilang lagi bila berkasnya dibaca oleh impor."
)
@click.option(
    "--tabel",
    "name",
    type=click.Choice([table.name for table in schema.TABLES], case_sensitive=False),
    metavar="NAMA",
    help="Nama tabel, misalnya HariLibur.",
)
@click.option(
    "--semua",
    "everything",
    is_flag=True,
    help=f"Semua tabel, kecuali yang hanya ditulis bila disebut: {_ON_DEMAND}.",
)
@click.option(
    "--keluaran",
    "target",
    type=click.Path(path_type=Path),
    metavar="BERKAS",
    required=True,
    help="Berkas hasil, .xlsx atau .csv; dengan --semua, .xlsx atau folder.",
)
@click.option(
    "--tahun",
    "year",
    type=click.IntRange(FIRST_YEAR, LAST_YEAR),
    metavar="TAHUN",
    help="Hanya baris tahun ini, pada tabel yang bertahun.",
)
@click.option("--triwulan", "quarter", type=click.IntRange(1, 4), metavar="1-4", help="Bersama --tahun.")
@click.pass_obj
def ekspor(
    app: App, name: str | None, target: Path, year: int | None, quarter: int | None, *, everything: bool
) -> None:
    if (name is None) == (not everything):
        raise click.UsageError("Sebut salah satu: --tabel NAMA atau --semua.")
    if quarter is not None and year is None:
        raise click.UsageError("Sebut --tahun bersama --triwulan.")
    _check_target(target, everything)
    tables = schema.SNAPSHOT_TABLES if everything else (schema.BY_NAME[str(name)],)
    found = _read(app.store(), tables)
    chosen = {table: restricted(table, rows, year, quarter) for table, rows in found.items()}
    try:
        _write(chosen, target)
    except BadFile as error:
        raise Refused(str(error)) from error
    count = format_number(Decimal(sum(map(len, chosen.values()))))
    what = f"{len(chosen)} tabel" if everything else f"Tabel {name}"
    click.echo(f"{what} ditulis ke {target}: {count} baris.")


def _check_target(target: Path, everything: bool) -> None:
    ending = target.suffix.lower()
    if not everything and ending not in ENDINGS:
        raise click.BadParameter("akhiran berkas harus .xlsx atau .csv.", param_hint="'--keluaran'")
    if everything and ending not in ("", f".{Form.XLSX.value}"):
        raise click.BadParameter(
            "untuk semua tabel, sebut berkas .xlsx atau folder (nama tanpa akhiran).", param_hint="'--keluaran'"
        )


def _read(store: Store, tables: Sequence[Table]) -> dict[Table, tuple[Row, ...]]:
    if any(table.on_demand for table in tables):
        return {table: rows for table, rows in store.dump() if table in tables}
    snapshot = store.read()
    if snapshot.problems:
        click.echo(
            f"{len(snapshot.problems)} sel di spreadsheet tidak terbaca; baris yang tidak dapat dipakai tidak ikut "
            "ditulis. Lihat: python -m services periksa",
            err=True,
        )
    return {table: snapshot.rows(table) for table in tables}


def _write(tables: dict[Table, list[Row]], target: Path) -> None:
    if target.suffix:
        form = Form(target.suffix.lower().removeprefix("."))
        data = export_workbook(tables) if form is Form.XLSX else export_table(*next(iter(tables.items())), form)
        write_atomically(target, data)
        return
    try:
        target.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise Unusable(f"{target} adalah berkas, bukan folder. Sebut nama lain di --keluaran.") from error
    except OSError as error:
        raise file_error(error) from error
    for table, rows in tables.items():
        write_atomically(target / f"{table.name}.{Form.CSV.value}", export_table(table, rows, Form.CSV))
