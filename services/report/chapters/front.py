"""Front matter: approval, preface, and the lists of what is where."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.domain.passages import Part
from services.report.paper import SIGNATURE_HEIGHT, Paper
from services.report.passages import Passages
from services.views.office import Office

Signature = Callable[[Paper], None]


def approval(
    paper: Paper, office: Office, identity: Sequence[tuple[str, str]], signature: Signature, *, draft: bool
) -> None:
    """Lembar Pengesahan: what the document is and who signs it. It has no page number, like the cover."""
    paper.new_page("portrait", "none")
    _letterhead(paper, office)
    paper.title("Lembar Pengesahan", outline=False)
    paper.definitions(identity, label_width=42)
    paper.space(4)
    paper.paragraph(
        "Dokumen ini masih draf: belum disahkan, belum bernomor, dan angkanya masih dapat berubah."
        if draft
        else "Laporan ini disusun dari data yang disampaikan seksi dan subbagian, telah diverifikasi, dan disahkan "
        "sebagai laporan monitoring dan evaluasi kinerja triwulan tersebut di atas."
    )
    signature(paper)


def preface(paper: Paper, office: Office, words: Passages, signature: Signature) -> None:
    """Kata Pengantar, page i."""
    paper.new_page("portrait", "roman")
    _letterhead(paper, office)
    paper.title("Kata Pengantar")
    paper.paragraphs(words[Part.PREFACE], below=SIGNATURE_HEIGHT)
    signature(paper)


def contents(paper: Paper) -> None:
    paper.new_page("portrait")
    paper.title("Daftar Isi")
    paper.table_of_contents(deepest=2)
    paper.new_page()
    paper.title("Daftar Tabel")
    paper.list_of_tables()
    paper.title("Daftar Gambar")
    paper.list_of_figures()


def _letterhead(paper: Paper, office: Office) -> None:
    profile = office.profile
    paper.letterhead([f"Pemerintah Kabupaten {profile.regency}", profile.title], profile.address)
