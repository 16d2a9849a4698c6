"""The table of Isian: all indicators of a section at once, for a wide screen.

What Streamlit's editor says about edits is by position; here the rows behind the positions are frozen while anybody
edits, and every edit is kept under the id of its entry with the text that was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from services.actions.base import ActionError, Refused
from services.charts.palette import Palette
from services.domain.numbers import format_bounds, format_number, short_period
from services.store.store import Conflict, StoreError, new_id
from services.ui import entry_parts as parts
from services.ui import entry_state, errors, frame, session, theme
from services.ui.entry_state import Opened
from services.ui.html import esc
from services.views.entries import Item, SectionForm
from services.views.office import Entry

_BASE = "mv-isian-tabel"
EDITED = ("actual", "spent", "obstacle", "follow_up", "evidence", "driver")
_ROW_HEIGHT, _HEADER_HEIGHT = 40, 38


@dataclass(slots=True)
class _Result:
    """What became of one row: saved, or why not."""

    number: int
    name: str
    error: ActionError | StoreError | None = None


@dataclass(slots=True)
class _Base:
    """The rows as they were when the table was opened: what the editor's positions stand for."""

    place: str
    rows: dict[str, Opened]
    start: dict[str, dict[str, str]]
    results: list[_Result] = field(default_factory=list)
    undrafted: bool = False
    nonce: str = field(default_factory=new_id)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.rows)

    @property
    def key(self) -> str:
        """Key of the editor, new for each frozen state: edits of other rows or texts never land on these."""
        return f"{_BASE}-{self.nonce}"

    @property
    def changes(self) -> int:
        return sum(len(opened.changed) for opened in self.rows.values())


def draw(form: SectionForm) -> None:
    """The table, the list of changes and what became of the last ones."""
    items = {item.measure.entry.id: item for item in form.items if item.measure.entry}
    base = _base(form, items)
    _results(base)
    with st.container(key="mv-tabel"):
        _editor(base, items, form)
    _foot(base, items)


def close() -> None:
    """Let go of the frozen rows, whose drafts are kept; they stay if one could not be kept."""
    base: _Base | None = st.session_state.get(_BASE)
    if base is not None:
        _take(base)
        if not base.undrafted:
            del st.session_state[_BASE]


def _base(form: SectionForm, items: dict[str, Item]) -> _Base:
    """The frozen rows; new ones for another section or quarter, or when there is nothing to lose."""
    place = f"{form.section.id}-{form.period.key}"
    base: _Base | None = st.session_state.get(_BASE)
    if base is not None:
        _take(base)
    if base is None or base.place != place or (not base.changes and not _is_current(base, items)):
        results = base.results if base is not None and base.place == place else []
        rows = {entry_id: _opened(item) for entry_id, item in items.items()}
        base = _Base(place, rows, {entry_id: dict(row.typed) for entry_id, row in rows.items()}, results)
        st.session_state[_BASE] = base
    return base


def _opened(item: Item) -> Opened:
    entry = _entry(item)
    return entry_state.open_entry(entry, entry_state.draft_of(session.runtime().drafts, _username(), entry))


def _is_current(base: _Base, items: dict[str, Item]) -> bool:
    return {i: row.seen for i, row in base.rows.items()} == {
        i: entry_state.texts_of(_entry(item)) for i, item in items.items()
    }


def _entry(item: Item) -> Entry:
    assert item.measure.entry is not None
    return item.measure.entry


def _username() -> str:
    actor = session.actor()
    return actor.username if actor else ""


# --- the editor --------------------------------------------------------------------------------------------------


def _editor(base: _Base, items: dict[str, Item], form: SectionForm) -> None:
    fixed = [_fixed_cells(items[i], form) if i in items else dict.fromkeys(_fixed_names(form), "") for i in base.ids]
    records = [{**cells, **base.start[i]} for i, cells in zip(base.ids, fixed, strict=True)]
    columns = [*_fixed_names(form)[:5], "actual", _fixed_names(form)[5], *EDITED[1:]]
    data = pd.DataFrame(records, index=list(base.ids), columns=columns, dtype="string")
    st.data_editor(
        _shaded(data, _fixed_names(form), theme.palette()),
        key=base.key,
        hide_index=True,
        width="stretch",
        height=_ROW_HEIGHT * len(data) + _HEADER_HEIGHT,
        row_height=_ROW_HEIGHT,
        column_config=_column_config(form),
        placeholder="",
        num_rows="fixed",
        alt=f"Tabel isian {form.section.short}, satu baris per indikator",
    )


def _fixed_names(form: SectionForm) -> tuple[str, ...]:
    return (" ", "Indikator", "Satuan", "Target", short_period(form.period.previous()), "Capaian %")


def _fixed_cells(item: Item, form: SectionForm) -> dict[str, str]:
    m = item.measure
    before = next((p.actual for p in item.past if p.period == form.period.previous()), None)
    values = (
        f"{parts.symbol(form, item)} {item.number}",
        m.indicator.name,
        parts.unit_of(m),
        format_bounds(m.target) if m.target else "",
        "" if before is None else format_number(before),
        "" if m.to_date.value is None else format_number(m.to_date.value, 2),
    )
    return dict(zip(_fixed_names(form), values, strict=True))


def _shaded(data: pd.DataFrame, fixed: tuple[str, ...], palette: Palette) -> pd.io.formats.style.Styler:
    """Read-only columns shaded, so that the white ones are those to fill in."""
    return data.style.set_properties(subset=list(fixed), **{"background-color": palette.panel, "color": palette.text})


def _column_config(form: SectionForm) -> dict[str, ColumnConfig]:
    name, text = _fixed_names(form), st.column_config.TextColumn
    period = short_period(form.period)
    return {
        name[0]: text(width=56, disabled=True),
        name[1]: text(width=250, disabled=True),
        name[2]: text(width=84, disabled=True),
        name[3]: text(width=72, disabled=True, alignment="right"),
        name[4]: text(width=72, disabled=True, alignment="right"),
        name[5]: text(width=88, disabled=True, alignment="right"),
        "actual": text(f"Realisasi {period}", width=138, alignment="right"),
        "spent": text("Anggaran Rp", width=120, alignment="right"),
        "obstacle": text("Penghambat", width=180),
        "follow_up": text("Tindak lanjut", width=180),
        "evidence": text("Bukti", width=140),
        "driver": text("Pendorong", width=140),
    }


def _take(base: _Base) -> None:
    """Take over what stands in the editor, before anything else happens to the rows; new texts become drafts."""
    before = {entry_id: dict(row.typed) for entry_id, row in base.rows.items()}
    if base.key in st.session_state:
        take_over(base.rows, base.start, st.session_state[base.key]["edited_rows"])
    for entry_id, opened in base.rows.items():
        if opened.typed != before[entry_id]:
            base.results = []
            base.undrafted |= not _keep(opened)


def take_over(
    rows: Mapping[str, Opened], start: Mapping[str, Mapping[str, str]], edited: Mapping[int, Mapping[str, str | None]]
) -> None:
    """Turn edits by position into texts by entry id; a cell without an edit has the text with which it began."""
    for position, (entry_id, opened) in enumerate(rows.items()):
        cells = edited.get(position, {})
        for name in EDITED:
            opened.typed[name] = cells.get(name, start[entry_id][name]) or ""


def _keep(opened: Opened) -> bool:
    """Whether the draft could be kept; if not, the table itself still holds what was typed."""
    try:
        entry_state.keep(session.runtime().drafts, _username(), opened, session.now())
    except StoreError:
        return False
    return True


# --- below the table ---------------------------------------------------------------------------------------------


def _foot(base: _Base, items: dict[str, Item]) -> None:
    count = base.changes
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            f"Simpan {count} perubahan" if count else "Simpan",
            key="mv-tabel-simpan",
            type="primary",
            disabled=not count,
            on_click=_save_all,
            args=({i: (item.number, item.measure.indicator.name) for i, item in items.items()},),
        )
        st.button("Batalkan", key="mv-tabel-batal", type="tertiary", disabled=not count, on_click=_cancel)
    if count:
        lines = [_change(items, opened, name) for opened in base.rows.values() for name in opened.changed]
        st.html(f'<ul class="mv-is-changes">{"".join(lines)}</ul>')


def _change(items: dict[str, Item], opened: Opened, name: str) -> str:
    item = items.get(opened.entry_id)
    who = item.measure.indicator.name if item else opened.entry_id
    old, new = opened.seen[name] or "kosong", opened.typed[name] or "kosong"
    return f"<li>{esc(who)}: {parts.LABELS[name]} {esc(old)} → <b>{esc(new)}</b></li>"


@errors.pressed
def _save_all(names: dict[str, tuple[int, str]]) -> None:
    base: _Base = st.session_state[_BASE]
    _take(base)
    base.results = []
    for entry_id in [i for i, row in base.rows.items() if row.changed]:
        number, name = names.get(entry_id, (0, entry_id))
        base.results.append(_Result(number, name, _save_row(base.rows[entry_id])))
    _freeze_again(base)


def _save_row(opened: Opened) -> ActionError | StoreError | None:
    try:
        entry_state.save(session.context(parts.SOURCE), session.runtime().drafts, opened)
    except (ActionError, StoreError) as exc:
        return exc
    except PermissionError as exc:  # the sign-in has ended; the draft waits behind its form
        return Refused(str(exc))
    finally:
        session.runtime().shared.invalidate()
    opened.seen, opened.typed = dict(opened.typed), dict(opened.typed)
    return None


def _freeze_again(base: _Base) -> None:
    """Saved rows show what is stored now; the others keep what was seen and what was typed."""
    office = session.office()
    for entry_id, opened in base.rows.items():
        entry = office.entry_by_id(entry_id)
        if entry is not None and not opened.changed:
            base.rows[entry_id] = entry_state.open_entry(entry)
        base.start[entry_id] = dict(base.rows[entry_id].typed)
    base.nonce = new_id()


@errors.pressed
def _cancel() -> None:
    base: _Base = st.session_state.pop(_BASE)
    for entry_id in base.ids:
        entry_state.forget(session.runtime().drafts, _username(), entry_id)


def _results(base: _Base) -> None:
    saved = [r for r in base.results if r.error is None]
    if saved:
        frame.saved(f"{len(saved)} isian tersimpan: nomor {', '.join(str(r.number) for r in saved)}.")
    for result in base.results:
        if isinstance(result.error, Conflict):
            _decide(base, result, result.error)
        elif result.error is not None:
            st.html(parts.wrong(f"Isian {result.number} {result.name} belum tersimpan. {result.error}"))


def _decide(base: _Base, result: _Result, clash: Conflict) -> None:
    entry_id = clash.clashes[0].row_id
    answer = frame.conflict(clash, parts.LABELS, title=result.name, key=f"mv-bentrok-{entry_id}")
    entry = session.office().entry_by_id(entry_id)
    if answer is None or entry is None:
        return
    entry_state.settle(base.rows[entry_id], entry, [c.column for c in clash.clashes], answer)
    result.error = _save_row(base.rows[entry_id])
    _freeze_again(base)
    st.rerun()
