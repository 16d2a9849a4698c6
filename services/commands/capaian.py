"""``capaian FILE``: the rows of a file with capaian, kategori and keterangan, whatever its rows hold."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from services.commands.errors import Refused, Unusable
from services.commands.files import ENDINGS, read_grid, write_atomically, write_grid
from services.commands.terminal import bare
from services.domain.attainment import DEFAULT_SCALE, UNRATED, Attainment, DownFormula, Outcome, attain
from services.domain.indicators import Polarity
from services.domain.numbers import clean, format_number, read_number, read_target
from services.tabular.grids import SLIPPED, Grid, Line, TypedCell, cell_text, csv_text, header_key, slipped

INPUT = ("indikator", "satuan", "target", "realisasi", "arah")
OUTPUT = ("capaian", "kategori", "keterangan")
PLACES = 2
SHOW_PROGRESS_FROM = 2000

_FORMULA_TEXTS = {
    DownFormula.TWICE_TARGET_MINUS_ACTUAL: "(2T − R) / T × 100",
    DownFormula.TARGET_OVER_ACTUAL: "T / R × 100",
}
_WHAT_TO_WRITE = {
    Outcome.NO_POLARITY: "tulis naik atau turun",
    Outcome.NO_TARGET: "tulis targetnya bila ada",
    Outcome.NOT_MEASURED: "tulis realisasinya bila sudah diukur",
    Outcome.BAD_TARGET: "tulis target 0 atau lebih",
    Outcome.NO_QUOTIENT: "periksa realisasinya, atau pakai rumus 2t-r bila itu yang berlaku",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What one row gets. ``remark`` is empty where a percentage was computed."""

    attainment: Attainment | None
    remark: str

    @property
    def computed(self) -> bool:
        return self.attainment is not None and self.attainment.value is not None

    def cells(self) -> Line:
        value = self.attainment.value if self.attainment else None
        rating = DEFAULT_SCALE.rate(value)
        number = "" if value is None else format_number(value, PLACES)
        return [TypedCell(text) for text in (number, rating.label if rating else UNRATED, self.remark)]


@click.command(
    help="Menghitung capaian setiap baris BERKAS (CSV atau XLSX) dan menulis baris yang sama dengan kolom capaian, "
    "kategori, dan keterangan di kanan.\n\n"
    "Kolom yang diperlukan, dalam urutan dan huruf apa pun: indikator, satuan, target, realisasi, arah (naik atau "
    "turun). Kolom lain disalin apa adanya. Baris yang tidak dapat dihitung diberi keterangan sebabnya.\n\n"
    "Angka ditulis seperti 87,72. Teks yang dapat dijalankan lembar kerja sebagai rumus (diawali = + - @ dan bukan "
    "angka) tetap teks: di CSV diberi tanda petik tunggal di depan. CSV keluaran memakai pemisah kolom yang sama "
    "dengan masukannya; dari XLSX, titik koma."
)
@click.argument("source", metavar="BERKAS", type=click.Path(path_type=Path))
@click.option(
    "--rumus-turun",
    "formula",
    type=click.Choice([f.value for f in DownFormula], case_sensitive=False),
    default=DownFormula.TWICE_TARGET_MINUS_ACTUAL.value,
    show_default=True,
    help="Rumus untuk arah turun: 2t-r = (2T − R) / T × 100, t/r = T / R × 100.",
)
@click.option(
    "--keluaran",
    "target",
    metavar="BERKAS",
    type=click.Path(path_type=Path),
    help="Berkas hasil, .csv atau .xlsx; bila tidak disebut, CSV ke keluaran standar.",
)
def capaian(source: Path, formula: str, target: Path | None) -> None:
    if target is not None:
        _check_target(source, target)
    down = DownFormula(formula)
    grid = read_grid(source, INPUT)
    columns = find_columns(grid, source)
    for note in (*grid.notes, *_notes_on_headers(grid)):
        click.echo(note, err=True)
    results = [compute(line, columns, down, grid.header_width) for line in _with_progress(grid.lines[1:])]
    _write([grid.lines[0] + [TypedCell(name) for name in OUTPUT], *_joined(grid.lines[1:], results)], grid, target)
    click.echo(_summary([r for r in results if r is not None], down), err=True)


def _summary(rows: list[Result], down: DownFormula) -> str:
    computed, total = (format_number(Decimal(n)) for n in (sum(r.computed for r in rows), len(rows)))
    return f"{computed} dari {total} baris terhitung (rumus arah turun: {_FORMULA_TEXTS[down]})."


def _check_target(source: Path, target: Path) -> None:
    if target.suffix.lower() not in ENDINGS:
        raise click.BadParameter("akhiran berkas harus .csv atau .xlsx.", param_hint="'--keluaran'")
    if target.exists() and source.exists() and target.samefile(source):
        raise Refused("Berkas hasil sama dengan berkas masukan. Sebut nama lain di --keluaran agar masukan tetap utuh.")


def find_columns(grid: Grid, source: Path) -> dict[str, int]:
    """Place of each needed column. Raises Unusable when one is missing or stands there twice."""
    if not grid.lines:
        raise Unusable(f"Berkas {source} kosong. Isi baris pertama dengan judul kolom: {', '.join(INPUT)}.")
    keys = [header_key(cell_text(cell)) for cell in grid.lines[0]]
    missing = [name for name in INPUT if name not in keys]
    if missing:
        found = ", ".join(clean(cell_text(cell)) for cell in grid.lines[0] if not cell.blank)[:300]
        raise Unusable(
            f"Berkas {source} tidak memuat kolom {', '.join(missing)}; kolom yang ada: {found}. "
            "Perbaiki judul kolom di baris pertama."
        )
    doubled = [name for name in INPUT if keys.count(name) > 1]
    if doubled:
        raise Unusable(f"Berkas {source} memuat kolom {', '.join(doubled)} lebih dari sekali. Sisakan satu.")
    return {name: keys.index(name) for name in INPUT}


def _notes_on_headers(grid: Grid) -> Iterable[str]:
    keys = {header_key(cell_text(cell)) for cell in grid.lines[0]}
    for name in OUTPUT:
        if name in keys:
            yield f"Kolom {name} sudah ada di masukan dan dibiarkan; hasil ditulis di kolom {name} paling kanan."


def compute(line: Line, columns: dict[str, int], down: DownFormula, width: int | None = None) -> Result | None:
    """Capaian of one row, or why there is none; None for a blank line. For ``width`` see ``Grid.header_width``."""
    if all(cell.blank for cell in line):
        return None
    if slipped(line, width):
        return Result(None, SLIPPED)
    cells = {name: line[place] for name, place in columns.items()}
    unit = clean(cell_text(cells["satuan"]))
    target = read_target(cells["target"].value, unit, percent_format=cells["target"].is_percent)
    actual = read_number(
        cells["realisasi"].value, unit, percent_format=cells["realisasi"].is_percent, target=target.value
    )
    polarity, remark = read_polarity(cells["arah"].value)
    problems = [
        f"{name}: {p.message()}" for name, p in (("Target", target.problem), ("Realisasi", actual.problem)) if p
    ]
    if remark:
        problems.append(remark)
    if problems:
        return Result(None, " ".join(problems))
    attainment = attain(target.value, actual.value, polarity, down)
    return Result(attainment, _remark(attainment.outcome))


def read_polarity(cell: Any) -> tuple[Polarity | None, str]:
    """The arah, or what is wrong with it; neither where nothing stands."""
    text = clean(cell_text(TypedCell(cell)))
    if text in ("", "-"):
        return None, ""
    try:
        return Polarity(text.casefold()), ""
    except ValueError:
        why = "arah hanya dapat naik atau turun."
        return None, f"Arah: Tertulis “{text[:60]}”: {why} Tulis naik bila makin besar makin baik, selain itu turun."


def _remark(outcome: Outcome) -> str:
    if outcome is Outcome.MEASURED:
        return ""
    advice = _WHAT_TO_WRITE.get(outcome)
    return f"{outcome.value}; {advice}" if advice else outcome.value


def _joined(lines: list[Line], results: list[Result | None]) -> list[Line]:
    blank = [TypedCell("")] * len(OUTPUT)
    return [line + (result.cells() if result else blank) for line, result in zip(lines, results, strict=True)]


def _with_progress(lines: list[Line]) -> Iterator[Line]:
    hidden = len(lines) < SHOW_PROGRESS_FROM or not sys.stderr.isatty()
    with click.progressbar(
        lines, label="Menghitung", file=bare(sys.stderr), hidden=hidden, update_min_steps=100
    ) as rows:
        yield from rows


def _write(lines: list[Line], grid: Grid, target: Path | None) -> None:
    if target is None:
        sys.stdout.buffer.write(csv_text(lines, grid.delimiter).encode())
        sys.stdout.buffer.flush()
    else:
        write_atomically(target, write_grid(lines, target.suffix.lower(), grid.delimiter, "Capaian"))
