"""The office's coat of arms as it is uploaded: checked, and made into a small PNG that every report can hold."""

from __future__ import annotations

import re
from io import BytesIO

import vl_convert
from PIL import Image, UnidentifiedImageError

LARGEST_UPLOAD = 2_000_000
LARGEST_SIDE = 6000
LIMIT = 36_000
"""Bytes of the finished picture, see ``services.actions.report_texts``."""
_SIDES = (480, 400, 320, 260, 200, 150, 100)
_FORMATS = ("PNG", "JPEG")
_FORBIDDEN = re.compile(
    rb"<!\s*(?:doctype|entity)|<\s*(?:script|foreignobject|iframe|image|use\b[^>]*href\s*=\s*[\"'](?!#))|@import"
    rb"|\bon[a-z]+\s*=|(?:href|src)\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)",
    re.I,
)
"""What a drawing of a coat of arms does not need: scripts, entities, and anything from another file or address."""


class UnusableEmblem(ValueError):
    """The message says why the file cannot be the coat of arms, and what to upload."""


def prepared(data: bytes) -> bytes:
    """A PNG of at most ``LIMIT`` bytes on white, out of an uploaded PNG, JPEG or SVG.

    Only what is seen stays: no metadata, no scripts, no second file inside. Raises UnusableEmblem.
    """
    if not data or len(data) > LARGEST_UPLOAD:
        raise UnusableEmblem("Berkas lambang kosong atau lebih besar dari 2 MB. Unggah gambar yang lebih kecil.")
    if _is_svg(data):
        data = _drawn(data)
    picture = _opened(data)
    for side in _SIDES:
        small = picture.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        found = _png(small)
        if len(found) <= LIMIT:
            return found
    raise UnusableEmblem("Gambar lambang terlalu rumit untuk dikecilkan. Unggah gambar yang lebih sederhana.")


def _is_svg(data: bytes) -> bool:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype"))


def _drawn(data: bytes) -> bytes:
    if _FORBIDDEN.search(data):
        raise UnusableEmblem(
            "SVG ini memuat skrip atau merujuk ke berkas lain. Simpan ulang sebagai SVG biasa atau PNG, lalu unggah."
        )
    try:
        return bytes(vl_convert.svg_to_png(data.decode("utf-8"), scale=2))
    except (ValueError, RuntimeError) as exc:
        raise UnusableEmblem("SVG ini tidak dapat dibaca. Simpan ulang sebagai SVG biasa atau PNG.") from exc


def _opened(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as found:
            if max(found.size) > LARGEST_SIDE or min(found.size) < 1:
                raise UnusableEmblem(f"Sisi gambar paling panjang {LARGEST_SIDE} piksel. Kecilkan lebih dahulu.")
            found.load()
            return _on_white(found)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as exc:
        raise UnusableEmblem("Berkas ini bukan gambar PNG, JPEG, atau SVG yang utuh. Unggah berkas lain.") from exc


def _on_white(picture: Image.Image) -> Image.Image:
    coloured = picture.convert("RGBA")
    page = Image.new("RGBA", coloured.size, "white")
    page.alpha_composite(coloured)
    return page.convert("RGB")


def _png(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.quantize(128).save(target, "PNG", optimize=True)
    return target.getvalue()
