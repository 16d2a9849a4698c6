"""docs/alur.md from the table of transitions: ``python -m tools.alur`` writes it, a test compares it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from services.domain.process import TRANSITIONS, Condition, Phase, Transition
from services.domain.sop import SHORT_NAMES, SOP_2024, Event
from services.views.rights import who_moves

PAGE = Path(__file__).parents[1] / "docs" / "alur.md"
_MOVES = (Event.FINISHED, Event.VERIFIED, Event.RETURNED)
"""What leads from step to step; a pause stays inside its step."""
_HEAD = """# Alur triwulan

Halaman ini dibuat dari tabel perpindahan di `services/domain/process.py`; jangan disunting dengan tangan. Sesudah
tabelnya berubah, jalankan `python -m tools.alur`.

Satu triwulan selalu berada pada tepat satu langkah. Yang tidak ada dalam tabel di bawah tidak dapat terjadi.
"""


def document() -> str:
    """The whole page, in Indonesian."""
    parts = [
        _HEAD,
        "## Dari langkah ke langkah\n",
        _mermaid(_quarter()),
        "## Di dalam satu langkah\n",
        _mermaid(_step()),
        "## Tabel perpindahan\n",
        "\n".join(_table()) + "\n",
        "¹ Dapat dilewati dengan alasan; alasannya tercatat.\n",
        "² Hanya pelaksana langkahnya di antara peran yang berhak. Selain itu berlaku [tabel hak akses](hak.md).",
    ]
    return "\n".join(parts) + "\n"


def _mermaid(lines: Iterator[str]) -> str:
    return "\n".join(["```mermaid", "stateDiagram-v2", *(f"    {line}" for line in lines), "```\n"])


def _quarter() -> Iterator[str]:
    """The 13 steps; a step with a phase of its own between running and done is shown with both."""
    for no, name in enumerate(SHORT_NAMES, start=1):
        yield f'state "{no}. {name}" as {_node(no, Phase.RUNNING)}'
    for move in _moves(*_MOVES):
        if move.after is Phase.VERIFIED:
            step = move.steps[0]
            yield f'state "{step}. {SHORT_NAMES[step - 1]} ({move.after.value})" as {_node(step, move.after)}'
    yield f"[*] --> {_node(1, Phase.RUNNING)}: buka"
    for move in _moves(*_MOVES):
        step = move.steps[0]
        yield f"{_node(step, move.before)} --> {_target(move, step)}: {move.event.value}"


def _node(step: int, phase: Phase) -> str:
    return f"L{step}" if phase is Phase.RUNNING else f"L{step}_{phase.value}"


def _target(move: Transition, step: int) -> str:
    if move.starts:
        return _node(step + move.starts, Phase.RUNNING)
    return "[*]" if move.after is Phase.DONE else _node(step, move.after)


def _step() -> Iterator[str]:
    yield f"{Phase.PENDING.value} --> {Phase.RUNNING.value}: langkah sebelumnya selesai"
    yield from dict.fromkeys(f"{m.before.value} --> {m.after.value}: {_event_label(m)}" for m in TRANSITIONS)
    yield f"{Phase.DONE.value} --> {Phase.RUNNING.value}: kembali dari langkah sesudahnya"


def _event_label(move: Transition) -> str:
    is_special = move.before is Phase.VERIFIED or move.event in (Event.VERIFIED, Event.RETURNED)
    return f"{move.event.value} (langkah {_numbers(move)})" if is_special else move.event.value


def _table() -> Iterator[str]:
    yield "| Langkah | Kejadian | Dari | Menjadi | Lalu berjalan | Yang berhak | Syarat |"
    yield "|---|---|---|---|---|---|---|"
    for move in TRANSITIONS:
        then = str(move.steps[0] + move.starts) if move.starts else "–"
        cells = (_numbers(move), move.event.value, move.before.value, move.after.value, then, _who(move), _needs(move))
        yield f"| {' | '.join(cells)} |"


def _numbers(move: Transition) -> str:
    return str(move.steps[0]) if len(move.steps) == 1 else f"{move.steps[0]}–{move.steps[-1]}"


def _who(move: Transition) -> str:
    return who_moves(move, SOP_2024[move.steps[0] - 1].executor) + (" ²" if move.by_executor else "")


def _needs(move: Transition) -> str:
    return " ".join(map(_need, move.needs)) or "–"


def _need(condition: Condition) -> str:
    return _MEANINGS[condition] + (" ¹" if condition.waivable else "") + "."


_MEANINGS = {
    Condition.REASON: "Alasan tertulis",
    Condition.SECTIONS_GIVEN: "Semua seksi sudah mengirim datanya",
    Condition.FINDINGS_ANSWERED: "Semua temuan data sudah dijawab",
    Condition.MONEV_PLANNED: "Semua seksi mempunyai jadwal monev",
    Condition.NO_CLASH: "Tidak ada jadwal yang bertabrakan",
    Condition.MONEV_HELD: "Monev sudah dilaksanakan di semua seksi",
    Condition.RESULTS_COMPLETE: "Hasil monev lengkap",
    Condition.ANALYSIS_WRITTEN: "Analisis semua seksi sudah ditulis",
    Condition.DRAFT_MADE: "Draf sudah disusun",
    Condition.MINUTES_KEPT: "Notulen sudah ditulis",
    Condition.CORRECTIONS_ANSWERED: "Semua koreksi sudah dijawab",
    Condition.DRAFT_RENEWED: "Versi draf baru sudah disusun sesudah perbaikan",
    Condition.FIGURES_VERIFIED: "Semua angka disetujui",
    Condition.FIGURES_UNCHANGED: "Tidak ada angka yang berubah sesudah diverifikasi",
    Condition.DOCUMENT_ISSUED: "Dokumen akhir sudah diterbitkan",
}
"""Each condition as what must be true; the condition itself says what is missing."""


def _moves(*events: Event) -> Iterator[Transition]:
    return (move for move in TRANSITIONS if move.event in events)


if __name__ == "__main__":
    PAGE.write_text(document(), "utf-8")
