"""The office's officials, sections and rating scale: who signs, who owns indicators, and what a capaian is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from services.actions.base import TEXT_LIMIT, Context, Refused, Unreadable, authorise_office, commit, too_long
from services.domain.numbers import NIP_SUGGESTION, clean, format_nip, read_nip
from services.domain.roles import Action, Role
from services.store import schema
from services.store.privacy import NIP, withholds_nip
from services.store.store import Change, DuplicateRow, Insert, NipWithheld, Receipt, Row, Update, Value, new_id
from services.views.office import Office

OFFICIAL_FIELDS = ("post", "name", NIP, "rank", "role", "section_id")
NEW_SECTION = ("id", "name", "short")
TWICE = "Nama ini dipakai dua kali."
UNREAD = "Perubahan ini mengubah angka. Baca dahulu akibatnya, beri tanda setuju, lalu simpan lagi."

_SIGNS_FOR: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((Role.PKP, Role.UMUM, Role.SEKRETARIS, Role.CAMAT), ("role",)),
    Role.KASI: ("role", "section_id"),
}
"""Of whoever is the same in these, there is one official."""
_SECTION_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
_HIGHEST = 200


# --- officials ---------------------------------------------------------------------------------------------------


def official_texts(office: Office, official_id: str) -> dict[str, str]:
    """What the form of an official shows; "" for the one of a new official."""
    if not official_id:
        return dict.fromkeys(OFFICIAL_FIELDS, "")
    row = _row(office, schema.OFFICIAL, official_id)
    return {name: str(row[name] or "") for name in OFFICIAL_FIELDS} | {NIP: format_nip(str(row[NIP] or ""))}


def save_official(
    context: Context, official_id: str, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str = ""
) -> Receipt | None:
    """Change what differs from what the person saw, or add an official (``official_id`` ""); None: nothing differs.

    Raises Denied, Unreadable, Conflict, NipWithheld or what else the store raises.
    """
    authorise_office(context, Action.EDIT_SETTINGS)
    new = {name: text for name in OFFICIAL_FIELDS if (text := clean(typed.get(name, ""))) != clean(seen.get(name, ""))}
    if official_id and not new:
        return None
    wanted = {name: clean(typed.get(name, seen.get(name, ""))) for name in OFFICIAL_FIELDS}
    _require_official(context, official_id, wanted, new)
    values: dict[str, Value] = {**new, **({NIP: read_nip(new[NIP])} if NIP in new else {})}
    if not official_id:
        blank: dict[str, Value] = dict.fromkeys(OFFICIAL_FIELDS, "")
        added = Insert(schema.OFFICIAL, {**blank, **values, "id": new_id()})
        return commit(context, Action.EDIT_SETTINGS, (added,), transaction_id)
    row = _row(context.office, schema.OFFICIAL, official_id)
    old = {name: _as_stored(name, seen[name], row[name]) for name in values}
    return commit(context, Action.EDIT_SETTINGS, (Update(schema.OFFICIAL, official_id, old, values),), transaction_id)


def blanked_nips(office: Office) -> tuple[Update, ...]:
    """What takes every NIP out of the table of officials."""
    rows = office.snapshot.rows(schema.OFFICIAL)
    return tuple(Update(schema.OFFICIAL, str(row["id"]), {NIP: row[NIP]}, {NIP: ""}) for row in rows if row[NIP])


def clear_nips(context: Context, transaction_id: str = "") -> Receipt:
    """Take every NIP out of the table of officials. Raises Denied, Refused, Conflict or what else the store raises."""
    authorise_office(context, Action.EDIT_SETTINGS)
    changes = blanked_nips(context.office)
    if not changes:
        raise Refused("Tidak ada NIP yang perlu dikosongkan.")
    return commit(context, Action.EDIT_SETTINGS, changes, transaction_id)


def _as_stored(name: str, seen: str, stored: Value) -> Value:
    """What the person saw, in the form in which it is kept: a NIP is shown in groups."""
    return stored if name == NIP and format_nip(str(stored or "")) == seen else seen


def _require_official(context: Context, official_id: str, wanted: Mapping[str, str], new: Mapping[str, str]) -> None:
    problems = _too_long(new)
    if not wanted["post"]:
        problems["post"] = "Jabatan wajib diisi."
    if wanted["role"] not in list(Role):
        problems["role"] = "Pilih perannya."
    if wanted["section_id"] not in {"", *(s.id for s in context.office.sections)}:
        problems["section_id"] = "Seksi ini tidak ada."
    if wanted["role"] == Role.KASI and not wanted["section_id"]:
        problems["section_id"] = "Pilih seksi yang dikepalainya."
    if {"role", "section_id"} & set(new) and (other := _same_place(context.office, official_id, wanted)):
        problems.setdefault("role", f"Sudah ada di daftar: {other}. Ubah baris itu.")
    if NIP in new:
        problems |= nip_problem(context.office, new[NIP])
    if problems:
        raise Unreadable(problems)


def nip_problem(office: Office, text: str) -> dict[str, str]:
    """What is wrong with a new NIP: it is none, or the office keeps none where its data are."""
    nip = read_nip(text)
    if nip is None:
        return {NIP: NIP_SUGGESTION}
    return {NIP: str(NipWithheld())} if nip and withholds_nip(office.snapshot) else {}


def _same_place(office: Office, official_id: str, wanted: Mapping[str, str]) -> str:
    """The post of whoever else heads the same: only one of them would sign."""
    place = _place_of(wanted)
    others = (row for row in office.snapshot.rows(schema.OFFICIAL) if place and row["id"] != official_id)
    return next((str(row["post"]) for row in others if _place_of(row) == place), "")


def twice_the_same_post(rows: Iterable[Row]) -> str:
    """What is wrong with all officials together, for a file; "" where nothing is."""
    found: dict[tuple[Value, ...], Value] = {}
    for row in rows:
        place = _place_of(row)
        if place and place in found:
            return (
                f"Peran dan seksi yang sama ada pada {found[place]} dan {row['post']}; hanya satu yang menandatangani."
            )
        found[place] = row["post"]
    return ""


def _place_of(official: Mapping[str, Value]) -> tuple[Value, ...]:
    """What somebody heads; empty for a role of which there may be many."""
    return tuple(official[name] for name in _SIGNS_FOR.get(str(official["role"]), ()))


# --- sections ----------------------------------------------------------------------------------------------------


def section_texts(office: Office) -> dict[str, str]:
    """What the form of all sections shows: name, short name and order of each."""
    rows = office.snapshot.rows(schema.SECTION)
    return {field_of(str(row["id"]), name): str(row[name]) for row in rows for name in ("name", "short", "order")}


def field_of(row_id: str, name: str) -> str:
    return f"{name}.{row_id}"


def save_sections(
    context: Context, seen: Mapping[str, str], typed: Mapping[str, str], transaction_id: str = ""
) -> Receipt | None:
    """Change names and order of the sections; None when nothing differs.

    Raises Denied, Unreadable, Conflict or what else the store raises.
    """
    authorise_office(context, Action.EDIT_SETTINGS)
    wanted = {**section_texts(context.office), **{key: clean(text) for key, text in typed.items()}}
    problems = {key: "Wajib diisi." for key, text in wanted.items() if not text}
    orders = {key: text for key, text in wanted.items() if key.startswith("order.") and text}
    problems |= {key: "Tulis bilangan bulat 1 sampai 99." for key, text in orders.items() if not _whole(text, 1, 99)}
    problems |= _doubled({key: text.lstrip("0") for key, text in orders.items()}, "Urutan ini dipakai dua kali.")
    names = {key: text.casefold() for key, text in wanted.items() if key.startswith("name.") and text}
    problems |= _doubled(names, TWICE)
    return _save_cells(context, schema.SECTION, seen, typed, problems, transaction_id)


def add_section(context: Context, typed: Mapping[str, str], transaction_id: str = "") -> Receipt:
    """A new section after all others. Raises Denied, Unreadable or what the store raises."""
    authorise_office(context, Action.EDIT_SETTINGS)
    wanted = {name: clean(typed.get(name, "")) for name in NEW_SECTION}
    problems = _too_long(wanted) | {name: "Wajib diisi." for name in ("name", "short") if not wanted[name]}
    rows = context.office.snapshot.rows(schema.SECTION)
    if not _SECTION_ID.fullmatch(wanted["id"]):
        problems["id"] = "Tulis kode pendek dengan huruf kecil, angka, tanda - atau _, misalnya pem."
    elif wanted["id"] in {row["id"] for row in rows}:
        problems["id"] = "Kode ini sudah dipakai seksi lain."
    if wanted["name"].casefold() in {str(row["name"]).casefold() for row in rows}:
        problems["name"] = "Nama ini sudah dipakai seksi lain."
    if problems:
        raise Unreadable(problems)
    order = 1 + max((int(str(row["order"])) for row in rows), default=0)
    try:
        change = Insert(schema.SECTION, {**wanted, "order": order})
        return commit(context, Action.EDIT_SETTINGS, (change,), transaction_id)
    except DuplicateRow as error:
        raise Refused("Kode seksi ini baru saja dipakai orang lain. Muat ulang halaman.") from error


# --- rating scale ------------------------------------------------------------------------------------------------


def scale_texts(office: Office) -> dict[str, str]:
    """What the form of the scale shows: name and lower bound of each rating, the best one first."""
    rows = scale_rows(office)
    return {
        field_of(str(row["id"]), name): str("" if row[name] is None else row[name])
        for row in rows
        for name in ("label", "lower")
    }


def scale_rows(office: Office) -> tuple[Row, ...]:
    """The ratings, the best one first; those that count where the office has none of its own."""
    rows = office.snapshot.rows(schema.RATING) or tuple(
        {"id": f"kat-{r.rank}", "rank": r.rank, "label": r.label, "lower": r.lower} for r in office.scale.ratings
    )
    return tuple(sorted(rows, key=lambda row: int(str(row["rank"]))))


def save_scale(
    context: Context,
    seen: Mapping[str, str],
    typed: Mapping[str, str],
    transaction_id: str = "",
    *,
    effect_read: bool = False,
) -> Receipt | None:
    """Change names and bounds of the ratings; None when nothing differs.

    Raises Refused unless the person has read what that does to the figures; Denied, Unreadable, Conflict or what else
    the store raises.
    """
    authorise_office(context, Action.EDIT_SETTINGS)
    problems = scale_problems(context.office, typed)
    changed = any(clean(typed[key]) != clean(seen[key]) for key in typed)
    if changed and not problems and not effect_read:
        raise Refused(UNREAD)
    return _save_cells(context, schema.RATING, seen, typed, problems, transaction_id)


def scale_problems(office: Office, typed: Mapping[str, str]) -> dict[str, str]:
    """Every rating has a name; the bounds are whole and fall, and the last one, open downwards, has none."""
    wanted = {**scale_texts(office), **{key: clean(text) for key, text in typed.items()}}
    rows = [str(row["id"]) for row in scale_rows(office)]
    labels = {field_of(row, "label"): wanted[field_of(row, "label")] for row in rows}
    bounds = {field_of(row, "lower"): wanted[field_of(row, "lower")] for row in rows}
    *upper, last = bounds
    problems = {key: "Nama kategori wajib diisi." for key, text in labels.items() if not text}
    problems |= _doubled({key: text.casefold() for key, text in labels.items() if text}, TWICE)
    wrong = [key for key in upper if not _whole(bounds[key], 1, _HIGHEST)]
    problems |= dict.fromkeys(wrong, f"Tulis bilangan bulat 1 sampai {_HIGHEST}.")
    if bounds[last]:
        problems[last] = "Kosongkan: kategori terendah mencakup semua yang di bawahnya."
    for higher, lower in pairwise(upper):
        if not {higher, lower} & set(problems) and int(bounds[lower]) >= int(bounds[higher]):
            problems[lower] = f"Harus di bawah {bounds[higher]}, batas kategori di atasnya."
    return problems


# --- common ------------------------------------------------------------------------------------------------------


def changed_cells(seen: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The new texts of a form of several rows, by row and column."""
    found: dict[str, dict[str, str]] = {}
    for key, text in typed.items():
        if clean(text) != clean(seen[key]):
            name, _, row_id = key.partition(".")
            found.setdefault(row_id, {})[name] = clean(text)
    return found


def cell_value(table: schema.Table, name: str, text: str) -> Value:
    if table.column(name).kind is not schema.Kind.INTEGER:
        return text
    return int(text) if text else None


def _save_cells(
    context: Context,
    table: schema.Table,
    seen: Mapping[str, str],
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    transaction_id: str,
) -> Receipt | None:
    cells = changed_cells(seen, typed)
    if not cells:
        return None
    found = {**problems, **_too_long(typed)}
    if found:
        raise Unreadable({key: problem for key, problem in found.items() if key in typed} or found)
    kept = {str(row["id"]) for row in context.office.snapshot.rows(table)}
    missing = () if kept or table is not schema.RATING else scale_rows(context.office)
    changes: list[Change] = [Insert(table, row) for row in missing]
    for row_id, texts in cells.items():
        old = {name: cell_value(table, name, clean(seen[field_of(row_id, name)])) for name in texts}
        new = {name: cell_value(table, name, text) for name, text in texts.items()}
        changes.append(Update(table, row_id, old, new))
    return commit(context, Action.EDIT_SETTINGS, tuple(changes), transaction_id)


def _row(office: Office, table: schema.Table, row_id: str) -> Row:
    found = next((row for row in office.snapshot.rows(table) if row["id"] == row_id), None)
    if found is None:
        raise Refused("Baris ini tidak ada lagi. Muat ulang halaman.")
    return found


def _whole(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and least <= int(text) <= most


def _doubled(texts: Mapping[str, str], problem: str) -> dict[str, str]:
    often = {text for text, count in Counter(texts.values()).items() if count > 1}
    return {key: problem for key, text in texts.items() if text in often}


def _too_long(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: too_long(text) for key, text in texts.items() if len(text) > TEXT_LIMIT}
