"""The rules of capaian written a second time, straight from the tables of the regulations, in exact fractions.

It shares no code with ``services`` on purpose: where both agree on many random cases, a slip in one of them shows.
Words are those of the tables; a result is a fraction, or the text that the table gives instead of a number.
"""

from __future__ import annotations

from fractions import Fraction

Number = Fraction | None
Range = tuple[Fraction, Fraction] | None

TARGET_NEGATIF = "belum dapat dihitung: target negatif"  # no table speaks of it: left out, like a blank target


def capaian(target: Range, realisasi: Number, arah: str | None, rumus: str) -> Fraction | str:
    """``arah``: naik, turun or None. ``rumus``: "2t-r" or "t/r", for arah turun."""
    if target is None:
        return "belum ada target"
    bawah, atas = target
    if bawah < 0:
        return TARGET_NEGATIF
    if bawah == atas == 0 and arah == "naik":
        return "tidak ditargetkan pada triwulan ini"
    if realisasi is None:
        return "belum ada realisasi"
    if arah is None:
        return "belum dapat dihitung"
    if bawah != atas and bawah <= realisasi <= atas:
        return Fraction(100)
    batas = bawah if abs(realisasi - bawah) < abs(realisasi - atas) else atas
    return _naik(batas, realisasi) if arah == "naik" else _turun(batas, realisasi, rumus)


def _naik(t: Fraction, r: Fraction) -> Fraction | str:
    return r / t * 100 if t else "Tidak tercapai"


def _turun(t: Fraction, r: Fraction, rumus: str) -> Fraction | str:
    if t == 0:
        return "Tidak tercapai" if r > 0 else "Tercapai"
    if rumus == "2t-r":
        return 100 + 100 * (t - r) / t
    return 100 * t / r if r > 0 else "belum dapat dihitung"


def kategori(nilai: Number) -> str:
    """Rounded half up to a whole number, then classified."""
    if nilai is None:
        return "Belum dapat dinilai"
    whole, rest = divmod(abs(nilai), 1)
    whole += rest >= Fraction(1, 2)
    bulat = whole if nilai >= 0 else -whole
    if bulat > 90:
        return "Sangat Tinggi"
    if bulat > 75:
        return "Tinggi"
    if bulat > 65:
        return "Sedang"
    return "Rendah" if bulat > 50 else "Sangat Rendah"


def realisasi_sampai(tipe: str, realisasi: list[Number], target: list[Range]) -> Number:
    """Realisasi up to the last given quarter; None where it is not known, for a missing value is not zero."""
    ada = [r for r in realisasi if r is not None]
    if tipe == "tahunan":
        return realisasi[3] if len(realisasi) > 3 else None
    if not ada:
        return None
    if tipe == "rata-rata":
        return sum(ada, Fraction(0)) / len(ada)
    if tipe == "posisi akhir":
        return ada[-1]
    for r, t in zip(realisasi, target, strict=True):
        if r is None and t is not None and t != (0, 0):
            return None
    return sum(ada, Fraction(0))


def target_sampai(tipe: str, realisasi: list[Number], target: list[Range]) -> Range:
    """Target up to the last given quarter; a mean stands against the targets of the quarters that have a value."""
    if tipe == "tahunan":
        return target[3] if len(target) > 3 else None
    if tipe == "posisi akhir":
        return target[-1]
    pakai = [t for t in target if t is not None]
    if tipe == "rata-rata":
        terukur = [t for t, r in zip(target, realisasi, strict=True) if t is not None and r is not None]
        pakai = terukur or [t for t in target[-1:] if t is not None]
    if not pakai:
        return None
    pembagi = len(pakai) if tipe == "rata-rata" else 1
    return sum((t[0] for t in pakai), Fraction(0)) / pembagi, sum((t[1] for t in pakai), Fraction(0)) / pembagi


def rata_rata(hasil: list[Fraction | str], batas: Number) -> tuple[Number, int, int]:
    """Plain mean, number measured, number that ought to be measured; ``batas`` caps each value in the mean."""
    di_luar = ("belum ada target", TARGET_NEGATIF, "tidak ditargetkan pada triwulan ini", "Tercapai", "Tidak tercapai")
    nilai = [h if batas is None or h < batas else batas for h in hasil if isinstance(h, Fraction)]
    diharapkan = sum(1 for h in hasil if h not in di_luar)
    return (sum(nilai, Fraction(0)) / len(nilai) if nilai else None), len(nilai), diharapkan
