"""Chapter IV: conclusions and advice."""

from __future__ import annotations

from services.domain.passages import Part
from services.report.paper import Paper, Signed
from services.report.passages import Passages


def closing(paper: Paper, words: Passages, signed: Signed) -> None:
    """Chapter IV with the signature under it."""
    paper.chapter("BAB IV", "Penutup")
    paper.paragraphs(words[Part.CLOSING])
    paper.heading(1, "4.1 Kesimpulan")
    paper.numbered(words.items(Part.CONCLUSIONS))
    paper.heading(1, "4.2 Saran")
    paper.numbered(words.items(Part.ADVICE), below=paper.signature_height(signed))
    paper.signature_block(signed)
