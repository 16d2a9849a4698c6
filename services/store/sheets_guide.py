"""The tab that tells people how to fill in the spreadsheet, what to write, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

from services.domain.roles import Role
from services.store.schema import OFFICIAL, PROFILE
from services.store.sheets_look import Change, Office, freeze, protection, whole_tab, width
from services.store.sheets_state import GUIDE, Book, Draft, Request, TabState

_WIDTH = 760
_ROWS = 60


def guide(book: Book, office: Office, draft: Draft) -> None:
    """Plan the tab as it should be; cells in which the text is right stay as they are."""
    tab = book.tabs.get(GUIDE)
    if tab is None:
        tab = _new_tab(book, draft)
    found = [
        Change("petunjuk", _texts(tab, lines(office))),
        Change("lebar kolom", [] if tab.has_own_width(0) else [width(tab, 0, _WIDTH)]),
        Change("baris judul dibekukan", freeze(tab, 1, 0)),
        Change("perlindungan sel", protection(tab, [whole_tab(tab, office)])),
    ]
    for change in found:
        if change.requests:
            draft.do(f"{GUIDE}: {change.said}.", *change.requests)


def lines(office: Office) -> list[str]:
    settings = {str(row["id"]): str(row["value"]) for row in office.rows(PROFILE)}
    name = settings.get("nama_kecamatan", "")
    return [
        f"Pemantauan capaian kinerja internal Kecamatan {name}".strip(),
        "",
        "Cara mengisi",
        "1. Buka tab Isian. Pilih Data > Tampilan filter, lalu pilih seksi Anda, agar hanya barisnya yang tampak.",
        "2. Isi hanya kolom berjudul kuning: Realisasi, Realisasi anggaran, Faktor pendorong, Faktor penghambat, "
        "Tindak lanjut, dan Tautan bukti dukung. Sel lain dilindungi.",
        "3. Arahkan penunjuk ke judul kolom untuk membaca apa yang harus ditulis di sana.",
        "4. Setelah selesai, kirim data seksi lewat halaman Isian di aplikasi. Mengetik di sini saja belum mengirim.",
        "",
        "Yang ditulis",
        "Realisasi: angka saja, misalnya 83,33. Tulis NA bila belum terukur. Sel kosong berarti belum diisi, "
        "bukan nol.",
        "Realisasi anggaran: rupiah sejak awal tahun sampai akhir triwulan, misalnya 12.450.000.",
        "Faktor dan tindak lanjut: kalimat singkat. Tautan bukti dukung: alamat berkas, misalnya di Google Drive.",
        "",
        "Warna sel",
        "Kuning pucat: wajib diisi dan masih kosong.",
        "Merah pucat: isinya tidak terbaca sebagai angka, atau rumusnya galat.",
        "Abu-abu: triwulan sudah dikunci. Perubahan sesudah itu akan tampak di aplikasi dan tidak mengubah laporan.",
        "",
        "Yang sebaiknya tidak dilakukan",
        "Jangan mengganti nama tab atau judul kolom, menggabungkan sel, menghapus baris, atau menyalin baris beserta "
        "ID-nya.",
        "Mengurutkan, menyaring, memindahkan kolom, dan menambah kolom sendiri di kanan boleh.",
        "Bila terlanjur rusak: pulihkan lewat File > Riwayat versi, atau minta admin menjalankan sheet siapkan.",
        "",
        "Bertanya kepada",
        *_contacts(office),
    ]


def _contacts(office: Office) -> list[str]:
    asked = [row for row in office.rows(OFFICIAL) if row["role"] in (Role.PKP, Role.ADMIN)]
    named = [f"{row['post']}: {row['name']}" if row["name"] else str(row["post"]) for row in asked]
    return named or [f"{Role.PKP.label} atau admin aplikasi."]


def _new_tab(book: Book, draft: Draft) -> TabState:
    gid = book.free_gid(GUIDE)
    grid = {"rowCount": _ROWS, "columnCount": 2}
    properties = {"sheetId": gid, "title": GUIDE, "index": 0, "gridProperties": grid}
    draft.do(f"Tab {GUIDE} dibuat.", {"addSheet": {"properties": properties}})
    return TabState(gid, GUIDE, _ROWS, 2, [])


def _texts(tab: TabState, wanted: Sequence[str]) -> list[Request]:
    there = [str(row[0]) if row and row[0] is not None else "" for row in tab.grid]
    there += [""] * (len(wanted) - len(there))
    requests: list[Request] = []
    if len(wanted) > tab.rows:
        length = len(wanted) - tab.rows
        requests.append({"appendDimension": {"sheetId": tab.gid, "dimension": "ROWS", "length": length}})
    for row, text in enumerate(wanted):
        if there[row] != text:
            start = {"sheetId": tab.gid, "rowIndex": row, "columnIndex": 0}
            cell = {"userEnteredValue": {"stringValue": text}} if text else {}
            wrapped = {**cell, "userEnteredFormat": {"wrapStrategy": "WRAP"}}
            fields = "userEnteredValue,userEnteredFormat.wrapStrategy"
            requests.append({"updateCells": {"start": start, "rows": [{"values": [wrapped]}], "fields": fields}})
    return requests
