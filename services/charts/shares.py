"""How many indicators have which rating."""

from __future__ import annotations

from services.charts.palette import Fill, Palette, rating_symbol
from services.charts.pixels import PAPER_WIDTH, box_record, in_pixels, text_record
from services.charts.style import Record, Spec
from services.domain.attainment import UNRATED
from services.domain.numbers import format_period
from services.views.board import Board, Share

_ROW, _BAR = 26, 16
_NAMES, _COUNTS = 150, 40
_BAND, _LEGEND, _PER_LINE = 18, 19, 3


def rating_shares(board: Board, palette: Palette, width: int = PAPER_WIDTH) -> Spec:
    """One bar per class, best first, and one for the indicators that have none; for paper."""
    longest = max((share.count for share in board.shares), default=0) or 1
    records: list[Record] = []
    for n, share in enumerate(board.shares):
        end = _NAMES + (width - _NAMES - _COUNTS) * share.count / longest
        records += _bar(share, (n + 0.5) * _ROW, end, palette)
    return in_pixels(records, palette, rating_shares_alt(board), width, len(board.shares) * _ROW)


def rating_band(board: Board, palette: Palette, width: int = PAPER_WIDTH) -> Spec:
    """All indicators that are due as one band, parted by class, with symbol, name and count under it; for paper."""
    total = sum(share.count for share in board.shares) or 1
    records: list[Record] = []
    start = 0.0
    for n, share in enumerate(board.shares):
        end = start + width * share.count / total
        fill = _fill(share, palette)
        if share.count:
            dashed = share.rating is None
            records.append(
                box_record(start, end - (2 if end < width - 1 else 0), 0, _BAND, fill.background, dashed=dashed)
            )
        records += _legend(share, n, fill, width / _PER_LINE, palette)
        start = end
    lines = -(-len(board.shares) // _PER_LINE)
    return in_pixels(records, palette, rating_shares_alt(board), width, _BAND + 6 + lines * _LEGEND)


def _legend(share: Share, n: int, fill: Fill, step: float, palette: Palette) -> list[Record]:
    x, middle = n % _PER_LINE * step, _BAND + 6 + (n // _PER_LINE + 0.5) * _LEGEND
    rank = share.rating.rank if share.rating else None
    swatch = box_record(x, x + 11, middle - 5.5, middle + 5.5, fill.background, dashed=rank is None)
    label = text_record(x + 17, middle, f"{rating_symbol(rank)} {_label(share)}", palette.text)
    count = text_record(x + step - 24, middle, str(share.count), palette.text, "right", bold=True)
    return [swatch, label, count]


def rating_shares_alt(board: Board) -> str:
    parts = [f"{_label(share)} {share.count}" for share in board.shares]
    return f"Sebaran kategori {format_period(board.period)}: {', '.join(parts)}, diukur tahunan {board.annual_only}."


def _label(share: Share) -> str:
    return share.rating.label if share.rating else UNRATED


def _fill(share: Share, palette: Palette) -> Fill:
    return palette.ratings[share.rating.rank] if share.rating else Fill("transparent", palette.unrated)


def _bar(share: Share, middle: float, end: float, palette: Palette) -> list[Record]:
    rank, fill = share.rating.rank if share.rating else None, _fill(share, palette)
    name = text_record(0, middle, f"{rating_symbol(rank)} {_label(share)}", palette.text)
    count = text_record(end + 8, middle, str(share.count), palette.text, bold=True)
    top, bottom = middle - _BAR / 2, middle + _BAR / 2
    bar = box_record(_NAMES, end, top, bottom, fill.background, dashed=rank is None)
    return [name, count, bar] if share.count else [name, count]
