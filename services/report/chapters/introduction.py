"""Chapter I: why, on which basis and what about."""

from __future__ import annotations

from services.domain.passages import Part
from services.domain.sop import SopHead
from services.report.paper import Paper
from services.report.passages import Passages


def introduction(paper: Paper, words: Passages, head: SopHead) -> None:
    paper.new_page("portrait", "arabic")
    paper.chapter("BAB I", "Pendahuluan", new_page=False)
    paper.heading(1, "1.1 Latar Belakang")
    paper.paragraphs(words[Part.BACKGROUND])
    paper.heading(1, "1.2 Dasar Hukum")
    paper.numbered([f"{basis.rstrip('.')}." for basis in head.legal_bases])
    paper.heading(1, "1.3 Maksud dan Tujuan")
    paper.paragraphs(words[Part.PURPOSE])
    paper.heading(1, "1.4 Ruang Lingkup")
    paper.paragraphs(words[Part.SCOPE])
    paper.heading(1, "1.5 Sistematika")
    paper.paragraphs(words[Part.STRUCTURE])
