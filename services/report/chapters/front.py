"""Front matter: what stands before the summary."""

from __future__ import annotations

from services.report.paper import Paper


def contents(paper: Paper) -> None:
    paper.new_page("portrait", "roman")
    paper.title("Daftar isi", outline=False)
    paper.table_of_contents(deepest=2)
    paper.new_page()
    paper.title("Daftar tabel dan gambar", outline=False)
    paper.list_of_tables()
    paper.list_of_figures()
