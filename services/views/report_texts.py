"""What a person wrote for the report: the office's own standard texts, and own words for one quarter."""

from __future__ import annotations

from collections.abc import Iterable

from services.domain.indicators import Period
from services.domain.numbers import official_period, period_range
from services.domain.passages import STANDARD, Part, fill
from services.store import schema
from services.store.store import Row
from services.views.analysis import all_measures
from services.views.office import Office


def row_of(office: Office, part: Part, period: Period | None) -> Row | None:
    """The stored text of a part: for every quarter (``period`` None), or the own words for one."""
    place = (period.year, period.quarter) if period else (None, None)
    rows = office.snapshot.rows(schema.REPORT_TEXT)
    return next((r for r in rows if r["name"] == part.value and (r["year"], r["quarter"]) == place), None)


def stored(office: Office, part: Part, period: Period | None) -> str:
    """What was written, "" where nothing was."""
    row = row_of(office, part, period)
    return str(row["text"] or "") if row else ""


def own_words(office: Office, part: Part, period: Period) -> str:
    """What a person wrote in place of what the report would say by itself, filled in; "" where nothing was."""
    written = stored(office, part, None if part.is_standard else period)
    return fill(written, placeholder_values(office, period)).strip()


def standard_text(office: Office, part: Part, period: Period) -> str:
    """The text of a standard part: the office's own template or the one that comes with the product, filled in."""
    return own_words(office, part, period) or fill(STANDARD[part], placeholder_values(office, period))


def placeholder_values(office: Office, period: Period) -> dict[str, str]:
    """What is put for each placeholder in the report of a quarter."""
    profile, items = office.profile, all_measures(office, period)
    cycle = office.cycles.get(period)
    head = office.head(cycle.sop_version if cycle else office.sop_in_force)
    return {
        "kantor": profile.title,
        "kecamatan": profile.district,
        "kabupaten": profile.regency,
        "provinsi": profile.province,
        "triwulan": official_period(period),
        "periode": period_range(period),
        "tahun": str(period.year),
        "nomor_sop": head.number,
        "judul_sop": head.title,
        "jumlah_indikator": str(len(items)),
        "jumlah_seksi": str(len({m.indicator.section_id for m in items})),
    }


def texts_in_report(office: Office, period: Period) -> Iterable[Row]:
    """The rows that the report of a quarter uses: the standard ones, and the own words of this quarter."""
    for part in Part:
        row = row_of(office, part, None if part.is_standard else period)
        if row and str(row["text"] or "").strip():
            yield row
