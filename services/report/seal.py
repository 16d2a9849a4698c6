"""The box by which a printed report is checked: number, quarter and fingerprint, as text and as QR code."""

from __future__ import annotations

import segno

from services.domain.indicators import Period
from services.domain.numbers import official_period
from services.report.fingerprint import short
from services.report.paper import Paper

TITLE = "Pemeriksaan keaslian dokumen"
NO_NUMBER = "belum diberikan"
_EXPLANATION = (
    "Sidik data dihitung dari data laporan dan versi templatnya: satu angka yang berubah menghasilkan sidik lain. "
    "Cocokkan dengan arsip kantor melalui aplikasi Monev Silaut. Sidik dan kode QR ini bukan tanda tangan elektronik "
    "(TTE)."
)


def panel(paper: Paper, office: str, period: Period, number: str, fingerprint: str) -> None:
    """Draw the box. An empty ``number`` says that none was given yet."""
    where = f"{official_period(period)}, {office}"
    digits = short(fingerprint)
    halves = (digits[: len(digits) // 2].strip(), digits[len(digits) // 2 :].strip())
    paper.panel(
        TITLE,
        [f"Nomor: {number or NO_NUMBER}", where, "Sidik data (SHA-256):", *halves, _EXPLANATION],
        _modules(f"Laporan Monev {where}\nNomor: {number or NO_NUMBER}\nSidik data (SHA-256): {fingerprint}"),
        alt=f"Kode QR berisi nomor, triwulan, dan sidik data yang sama dengan teks di sampingnya: {fingerprint}",
    )


def _modules(text: str) -> tuple[bytearray, ...]:
    """The QR code row by row, 1 for dark; error correction M (15 %)."""
    matrix: tuple[bytearray, ...] = segno.make(text, micro=False, error="m", boost_error=False).matrix
    return matrix
