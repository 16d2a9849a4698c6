"""Whether what people write fits the figures: pure rules that keep to what is certain.

A text is doubted where it is blank under a missed target, names a figure or a rating that the data do not have,
claims what every figure denies, or gives a link that nobody else can open. Dates, quarters, years, regulations, codes
and plain counts ("3 nagari") are no figures.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from urllib.parse import urlsplit

from services.domain.numbers import MONTHS, clean, round_half_up


class Doubt(StrEnum):
    """What does not fit; the value is what a person reads."""

    UNEXPLAINED = "Belum dijelaskan"
    UNKNOWN_NUMBER = "Angka tidak ada di data"
    UNKNOWN_RATING = "Kategori tidak sesuai"
    CONTRADICTION = "Berlawanan dengan capaian"
    DEAD_LINK = "Tautan tidak dapat dibuka"


@dataclass(frozen=True, slots=True)
class Remark:
    """``quote`` is the doubtful part of the text ("" where it is blank), ``message`` says why and what to do."""

    kind: Doubt
    quote: str
    message: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the data say of the subject of a text.

    ``missed`` and ``reached`` count its indicators by capaian; ``figures`` are all numbers that may be named,
    ``labels`` the names of the ratings and ``ratings`` those that occur.
    """

    missed: int = 0
    reached: int = 0
    figures: frozenset[Decimal] = frozenset()
    labels: tuple[str, ...] = ()
    ratings: frozenset[str] = frozenset()

    @property
    def all_missed(self) -> bool:
        return self.missed > 0 and self.reached == 0

    @property
    def all_reached(self) -> bool:
        return self.reached > 0 and self.missed == 0


_SAYS_NOTHING = frozenset(
    {"", "nihil", "na", "n/a", "tidak ada", "belum ada", "tidak ada kendala", "tidak ada hambatan"}
)


def says_nothing(text: str) -> bool:
    """Blank, "-", "nihil" and the like."""
    return clean(text).casefold().strip(" -–—.,_/") in _SAYS_NOTHING


def explanation(text: str, facts: Facts) -> Iterator[Remark]:
    """A missed target needs an explanation."""
    if facts.missed and says_nothing(text):
        quote = clean(text)
        yield Remark(
            Doubt.UNEXPLAINED, quote, "Target tidak tercapai, tetapi penghambatnya belum dijelaskan. Tulis sebabnya."
        )


def wording(text: str, facts: Facts) -> Iterator[Remark]:
    """Figures and ratings that the data do not have, and claims that all figures deny."""
    yield from _unknown_numbers(text, facts.figures)
    yield from _unknown_ratings(text, facts)
    yield from _contradictions(text, facts)


# --- figures in a text -------------------------------------------------------------------------------------------

_MONTH = "|".join(f"{m}|{m[:3]}" for m in MONTHS)
_DAYS = r"(?:[0-9]{1,2} ?(?:[-–]|s\.d\.|sampai(?: dengan)?|dan) ?)?[0-9]{1,2}"
_NO_FIGURES = re.compile(
    "|".join(
        (
            r"\b(?:https?://|www\.)\S+",
            rf"\b{_DAYS} (?:{_MONTH})\b(?: [0-9]{{4}})?",
            rf"\b(?:{_MONTH}) [0-9]{{4}}\b",
            r"\b[0-9]{1,4}[/-][0-9]{1,2}(?:[/-][0-9]{2,4})?\b",
            r"\b(?:nomor|no\.?|pasal|ayat|lampiran|bab|tabel|gambar|hal(?:aman)?\.?) ?\(?[0-9][0-9./]*\)?",
            r"\b(?:uu|pp|perpres|permen\S*|perda|perbup|kepmen\S*|sop) (?:nomor |no\.? )?[0-9][0-9./]*",
            r"\b(?:tahun|ta\.?|tw|triwulan|semester|tahap|ke-|langkah|pukul|jam) ?[0-9][0-9.:]*",
            r"\b[0-9]{1,2}[.:][0-9]{2} ?wib\b",
            r"\b[0-9]{1,2}(?:\.(?![0-9]{3}\b)[0-9]{1,4}){3,}\b",
            r"\b(?:19|20)[0-9]{2}\b(?![.,]?[0-9])",
        )
    ),
    re.IGNORECASE,
)
_ROUGHLY = (
    r"(?:lebih dari|kurang dari|di atas|di bawah|sekitar|kira-kira|hampir|minimal|maksimal|paling (?:sedikit|banyak|"
    r"rendah|tinggi)|sedikitnya|sampai|hingga|antara)"
)
_SCALES = {"ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "triliun": 12}
_FINEST = 6
"""Decimals beyond which no figure is compared."""
_DIGITS = r"[0-9](?:[0-9.,]*[0-9])?"
_MONEY = rf"rp\.? ?(?P<money>{_DIGITS})(?: ?(?P<scale>{'|'.join(_SCALES)})\b)?"
_SHARE = rf"(?P<share>{_DIGITS}) ?(?:%|persen\b|poin\b)"
_NAMED = (
    r"\b(?:capaian|realisasi|target|rata-rata|serapan|pagu)(?: (?:kinerja|anggaran|tahunan|triwulan ini))?"
    rf"(?: ?:| (?:sebesar|sebanyak|adalah|hanya|baru|mencapai))* (?P<named>{_DIGITS})"
)
_DECIMAL = r"(?<![0-9.,])(?P<decimal>[0-9]+,[0-9]+)(?![0-9.,]*[0-9])"
_FIGURE = re.compile(rf"(?:\b(?P<rough>{_ROUGHLY}) )?(?:{_MONEY}|{_SHARE}|{_NAMED}|{_DECIMAL})", re.IGNORECASE)


def _unknown_numbers(text: str, known: Iterable[Decimal]) -> Iterator[Remark]:
    figures = {abs(value) for value in known}
    for match in _FIGURE.finditer(_without_dates(text)):
        digits = match["money"] or match["share"] or match["named"] or match["decimal"]
        exponent = _SCALES[match["scale"].casefold()] if match["scale"] else 0
        readings = tuple(_readings(digits, money=bool(match["money"])))
        if match["rough"] or not readings or any(_is_known(value, exponent, figures) for value in readings):
            continue
        quote = match[0].strip()
        message = f"“{quote}” tidak ditemukan pada data triwulan ini. Periksa angkanya."
        yield Remark(Doubt.UNKNOWN_NUMBER, quote, message)


def _without_dates(text: str) -> str:
    """The text with everything blanked out that has digits and is no figure."""
    return _NO_FIGURES.sub(lambda match: " " * len(match[0]), text.replace("\u00a0", " "))


def _readings(digits: str, *, money: bool) -> Iterator[Decimal]:
    """What the digits may mean, as written (its number of decimals says how exactly); none where they are no number."""
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", digits):
        yield Decimal(digits.replace(".", "").replace(",", "."))
        if money or digits.count(".") > 1 or "," in digits:
            return
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?", digits):
        yield Decimal(digits.replace(",", "."))


def _is_known(value: Decimal, exponent: int, figures: Iterable[Decimal]) -> bool:
    places = min(max(0, -int(value.as_tuple().exponent)), _FINEST)
    step = Decimal(1).scaleb(-places)
    for figure in figures:
        scaled = figure.scaleb(-exponent)
        if value in (round_half_up(scaled, places), scaled.quantize(step, rounding=ROUND_DOWN)):
            return True
    return False


# --- ratings and claims ------------------------------------------------------------------------------------------


def _unknown_ratings(text: str, facts: Facts) -> Iterator[Remark]:
    if not facts.labels:
        return
    names = "|".join(re.escape(label) for label in sorted(facts.labels, key=len, reverse=True))
    known = {label.casefold() for label in facts.ratings}
    for match in re.finditer(rf"\bkategori (?:“|\")?({names})\b", text, re.IGNORECASE):
        if match[1].casefold() not in known and not _CONDITIONAL.search(_before(text, match.start())):
            message = f"Tidak ada capaian berkategori {match[1]} pada data yang ditulis di sini. Periksa kategorinya."
            yield Remark(Doubt.UNKNOWN_RATING, match[0], message)


_REACHED = re.compile(
    r"\b(?:seluruh |semua )?target (?:\w+ ){0,2}?(?:tercapai|terpenuhi|terlampaui)|\b(?:melampaui|melebihi) target"
    r"|\bberhasil (?:mencapai|memenuhi) (?:seluruh |semua )?target|\bcapaian (?:\w+ ){0,2}?sangat memuaskan",
    re.IGNORECASE,
)
_NOT_REACHED = re.compile(
    r"\btarget (?:\w+ ){0,2}?(?:tidak|belum) (?:dapat )?(?:tercapai|terpenuhi)"
    r"|\b(?:tidak|belum) (?:dapat )?(?:mencapai|memenuhi) target",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:tidak|belum|bukan|kurang|gagal|agar|supaya|untuk|akan|dapat|bila|apabila|jika|guna|sehingga|semoga|demi)\b",
    re.IGNORECASE,
)
_ANOTHER_TIME = re.compile(r"\b(?:lalu|sebelumnya|berikutnya|mendatang|tahun)\b", re.IGNORECASE)


def _contradictions(text: str, facts: Facts) -> Iterator[Remark]:
    """Only where not a single figure agrees: of a mixed subject the sentence may mean the others."""
    if facts.all_missed:
        yield from _claims(text, _REACHED, "semua capaian terukurnya di bawah 100 %")
    if facts.all_reached:
        yield from _claims(text, _NOT_REACHED, "semua capaian terukurnya sudah 100 % atau lebih")


def _claims(text: str, claim: re.Pattern[str], truth: str) -> Iterator[Remark]:
    for match in claim.finditer(text):
        before, after = _before(text, match.start()), _after(text, match.end())
        inside = match[0] if claim is _REACHED else ""  # the other claim is a denial itself
        if not _CONDITIONAL.search(f"{before} {inside} {after}") and not _ANOTHER_TIME.search(
            before + match[0] + after
        ):
            message = f"Teks menyebut “{match[0]}”, padahal {truth}. Sesuaikan teksnya atau periksa angkanya."
            yield Remark(Doubt.CONTRADICTION, match[0], message)


def _before(text: str, end: int) -> str:
    """The clause up to a place."""
    return re.split(r"[.;,\n]", text[:end])[-1]


def _after(text: str, start: int) -> str:
    return re.split(r"[.;,\n]", text[start:])[0]


# --- links -------------------------------------------------------------------------------------------------------

_PRIVATE_PAGES = re.compile(
    r"//(?:drive\.google\.com/(?:drive/)?(?:u/[0-9]+/)?(?:my-drive|home|recent|shared-with-me|starred)\b"
    r"|mail\.google\.com\b|web\.whatsapp\.com\b|docs\.google\.com/(?:document|spreadsheets)/u/[0-9]+/?$)",
    re.IGNORECASE,
)
_PLACEHOLDERS = ("example.com", "example.org", "contoh.com")


def link(address: str) -> Iterator[Remark]:
    """A link that looks as if nobody else can open it. Nothing is fetched."""
    if address and (why := _dead(address.strip())):
        yield Remark(Doubt.DEAD_LINK, address, f"{why} Salin alamat lengkap berkasnya setelah dibagikan.")


def _dead(address: str) -> str:
    """Why the address looks dead; "" where it does not."""
    if any(c.isspace() for c in address):
        return "Tautan berisi spasi, jadi terpotong saat dibuka."
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return "Tautan ini bukan alamat web yang sah."
    if parts.scheme not in ("http", "https"):
        return "Tautan tidak diawali https:// atau http://."
    if "…" in address or "..." in address or host in _PLACEHOLDERS:
        return "Tautan ini hanya contoh atau terpotong."
    if _is_local(host):
        return "Tautan ini hanya dapat dibuka di komputer atau jaringan pembuatnya."
    if _PRIVATE_PAGES.search(address):
        return "Tautan ini membuka halaman akun pembuatnya sendiri, bukan satu berkas."
    return ""


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".localhost"))
