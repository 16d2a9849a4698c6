"""The texts of the page Laporan: the card of the document, what is still missing in it, and its fingerprint."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from services.domain.indicators import Period
from services.domain.numbers import format_datetime, format_number, official_period
from services.ui.dashboard import missing_list
from services.ui.html import esc, process_chip
from services.ui.reference import heading
from services.views.board import Board

_GROUP = 4


def title(period: Period) -> str:
    return f"Laporan Monev Kinerja {official_period(period)}"


def finished(period: Period, pages: int, size: int, as_of: datetime, *, draft: bool) -> str:
    chip = process_chip("now", "Draf") if draft else process_chip("done", "Tanpa tanda draf")
    return _card(chip, period, f"{pages} halaman · {size_text(size)} · keadaan data {format_datetime(as_of)}")


def not_made(board: Board) -> str:
    step = board.steps.current
    at = f"langkah {step.step.no} dari {len(board.steps.items)} berjalan" if step else "semua langkah selesai"
    facts = f"{board.mean.measured} dari {board.mean.expected} indikator terukur · {at}"
    return _card(process_chip("open", "Belum disusun dari data terbaru"), board.period, facts)


def _card(chip: str, period: Period, line: str) -> str:
    return f'{chip}<h2 class="mv-title">{esc(title(period))}</h2><p class="mv-sub">{esc(line)}</p>'


def warnings(texts: tuple[str, ...]) -> str:
    """What the paper cannot show as it stands in the data."""
    items = "".join(f"<li>{esc(text)}</li>" for text in texts)
    return f'<div class="mv-say"><strong>Perlu diperiksa</strong><ul class="mv-warnings">{items}</ul></div>'


def incomplete(board: Board) -> str:
    """What the report will say is missing."""
    if not board.missing:
        return heading("Kelengkapan data") + missing_list(board)
    note = '<p class="mv-quiet">Laporan menyebut setiap isian yang belum ada; angkanya tidak diisi nol.</p>'
    return heading("Belum dilaporkan") + note + missing_list(board)


def fingerprint(sha256: str) -> str:
    groups = " ".join(sha256[n : n + _GROUP] for n in range(0, len(sha256), _GROUP))
    return (
        f'<div class="mv-hash"><code>{groups}</code><p class="mv-quiet">SHA-256 berkas ini. Berkas yang diterima '
        "orang lain masih asli bila sidiknya sama.</p></div>"
    )


def size_text(size: int) -> str:
    """``412 KB``; ``1,2 MB`` from one megabyte on."""
    kilobytes = Decimal(size) / 1024
    return f"{format_number(kilobytes / 1024, 1)} MB" if kilobytes >= 1024 else f"{format_number(kilobytes, 0)} KB"
