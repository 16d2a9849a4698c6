"""Front matter: approval, preface, and the lists of what is where."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from services.domain.clock import WIB
from services.domain.indicators import Period
from services.domain.numbers import format_date
from services.domain.passages import Part
from services.domain.sop import Event
from services.report.paper import Paper, Signed
from services.report.passages import Passages
from services.views.office import Office
from services.views.verification import decisions

APPROVED, NOT_YET = "Disetujui Camat", "belum"


def approval(paper: Paper, office: Office, identity: Sequence[tuple[str, str]], signed: Signed, *, draft: bool) -> None:
    """Lembar Pengesahan: what the document is and who signs it. It has no page number, like the cover."""
    paper.new_page("portrait", "none")
    _letterhead(paper, office)
    paper.title("Lembar Pengesahan", outline=False)
    paper.definitions(identity, label_width=42)
    if draft:
        paper.paragraph("Dokumen ini masih draf: belum disahkan, belum bernomor, dan angkanya masih dapat berubah.")
    elif dict(identity)[APPROVED] == NOT_YET:
        paper.paragraph(
            "Laporan ini disusun dari data yang disampaikan seksi dan subbagian. Persetujuan atas laporan ini belum "
            "tercatat."
        )
    else:
        paper.paragraph(
            "Laporan ini disusun dari data yang disampaikan seksi dan subbagian, telah diverifikasi, dan disahkan "
            "sebagai laporan monitoring dan evaluasi kinerja triwulan tersebut di atas."
        )
    paper.signature_block(signed)


def decided(office: Office, period: Period) -> list[tuple[str, str]]:
    """When step 11 was last decided: by the verification of the draft and by the approval of the Camat."""
    moves = [d for d in decisions(office, period) if d.event]
    standing = list(takewhile(lambda d: d.event is not Event.RETURNED, moves))

    def when(event: Event) -> str:
        return next((format_date(d.at.astimezone(WIB).date()) for d in standing if d.event is event), NOT_YET)

    return [
        ("Diverifikasi", when(Event.VERIFIED)),
        (APPROVED, when(Event.FINISHED)),
    ]


def preface(paper: Paper, office: Office, words: Passages, signed: Signed) -> None:
    """Kata Pengantar, page i."""
    paper.new_page("portrait", "roman")
    _letterhead(paper, office)
    paper.title("Kata Pengantar")
    paper.paragraphs(words[Part.PREFACE], below=paper.signature_height(signed))
    paper.signature_block(signed)


def contents(paper: Paper) -> None:
    paper.new_page("portrait")
    paper.title("Daftar Isi")
    paper.table_of_contents(deepest=2)
    paper.new_page()
    paper.title("Daftar Tabel")
    paper.list_of_tables()
    paper.space(5.0)
    paper.title("Daftar Gambar")
    paper.list_of_figures()


def _letterhead(paper: Paper, office: Office) -> None:
    profile = office.profile
    paper.letterhead([f"Pemerintah Kabupaten {profile.regency}", profile.title], profile.address)
