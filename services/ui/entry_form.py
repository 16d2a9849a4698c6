"""The form of Isian: one indicator at a time, its capaian while typing, drafts, conflicts, and sending the section."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from services.actions.base import ActionError, Refused
from services.actions.entries import read_field, submit_section, text_problem
from services.charts.history_bars import history_bars, history_table
from services.domain.indicators import Aggregation, Period
from services.domain.numbers import format_datetime, format_period
from services.domain.roles import Role
from services.store import schema
from services.store.store import Conflict, StoreError, new_id
from services.ui import charts, entry_state, errors, frame, session
from services.ui import entry_parts as parts
from services.ui.entry_state import Opened
from services.ui.html import md, process_chip
from services.views.entries import Item, SectionForm, preview
from services.views.measures import Measure
from services.views.office import Entry

_WORKS, _GENERATION, _SAVED, _SEND = "mv-isian-kerja", "mv-isian-ke", "mv-isian-tersimpan", "mv-isian-kirim"
_WHOLE = "mv-isian-seluruhnya"
_NAVIGATOR, _REASON = "mv-nav", "mv-isian-alasan"
_PLACEHOLDERS = {
    "obstacle": "Apa yang menghambat, di mana, sejak kapan",
    "follow_up": "Apa yang dikerjakan, oleh siapa, sampai kapan",
    "evidence": "https://drive.google.com/…",
    "driver": "Apa yang membantu tercapainya target",
}


@dataclass(slots=True)
class _Work:
    """One entry that this person has open. ``generation`` makes new fields that begin with the texts in ``start``.

    The texts are the fields' defaults and not set through the session: what is set there reaches the browser once, and
    a run that is cut short takes it along, so that the fields would be blank.
    """

    opened: Opened
    generation: int = 0
    start: dict[str, str] = field(default_factory=dict)
    error: ActionError | StoreError | None = None
    undrafted: str = ""


def draw(form: SectionForm, *, editable: bool) -> None:
    """The form of the chosen indicator with its neighbours; without inputs where this person may not write."""
    st.session_state.pop(_WHOLE, None)
    item = _current(form)
    with st.container(key="mv-isian", horizontal=True):
        with st.container(gap="medium"):
            _card(form, item, editable=editable)
        with st.container(gap="small"):
            _side(form, item, editable=editable)


def navigator(form: SectionForm) -> None:
    """Progress and navigation in one: a segment for each indicator."""
    current = _current(form)
    st.session_state[_NAVIGATOR] = current.measure.indicator.id
    marks = {i.measure.indicator.id: parts.symbol(form, i) for i in form.items} | {current.measure.indicator.id: "●"}
    numbers = {i.measure.indicator.id: i.number for i in form.items}
    st.segmented_control(
        "Pilih indikator (✓ terisi, ! ada yang kurang, ? perlu diperbaiki, ○ kosong, thn diukur tahunan)",
        list(numbers),
        required=True,
        format_func=lambda key: f"{marks[key]} {numbers[key]}",
        key=_NAVIGATOR,
        label_visibility="collapsed",
        on_change=_navigated,
        args=(form.section.id, form.period),
    )


# --- which indicator ---------------------------------------------------------------------------------------------


def _choice_key(section_id: str, period: Period) -> str:
    return f"mv-isian-pilih-{section_id}-{period.key}"


def _current(form: SectionForm) -> Item:
    """The chosen indicator, else the first that keeps the section from sending, else the first."""
    chosen = st.session_state.get(_choice_key(form.section.id, form.period))
    found = next((i for i in form.items if i.measure.indicator.id == chosen), None)
    if found is None:
        found = form.items[form.blocking[0].number - 1 if form.blocking else 0]
        _go(form.section.id, form.period, found.measure.indicator.id)
    return found


def _go(section_id: str, period: Period, indicator_id: str) -> None:
    redraw()
    st.session_state[_choice_key(section_id, period)] = indicator_id


@errors.pressed
def _navigated(section_id: str, period: Period) -> None:
    st.session_state.pop(_SAVED, None)
    _go(section_id, period, st.session_state[_NAVIGATOR])


# --- the card ----------------------------------------------------------------------------------------------------


def _card(form: SectionForm, item: Item, *, editable: bool) -> None:
    entry = item.measure.entry
    with st.container(border=True, key="mv-isian-kartu"):
        st.html(parts.head(form, item))
        if entry is None or not editable:
            st.html(parts.read_only(item.measure))
            return
        work = _work(entry)
        _notices(item, entry, work)
        with st.bottom, st.container(key="mv-simpan", horizontal=True, horizontal_alignment="distribute"):
            status = _bar(form, item, entry)
        _fields(entry.id, status)


def _notices(item: Item, entry: Entry, work: _Work) -> None:
    """What is above the fields: a clash to decide, why nothing was saved, a draft that was restored."""
    if isinstance(work.error, Conflict):
        _decide(item, entry, work, work.error)
    elif work.error is not None:
        frame.error(work.error)
    elif work.opened.draft_at and work.opened.changed:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            at = parts.moment(work.opened.draft_at, session.now())
            st.html(process_chip("now", f"Draf dari {at} dipulihkan"), width="content")
            st.button("Buang draf", key="mv-buang-draf", type="tertiary", on_click=_discard, args=(entry.id,))


def _decide(item: Item, entry: Entry, work: _Work, clash: Conflict) -> None:
    by = f", diubah {entry.entered_by}" if entry.entered_by else ""
    at = f" {parts.moment(entry.entered_at, session.now())}" if entry.entered_at else ""
    title = f"{item.measure.indicator.name}, {format_period(entry.period)}{by}{at}"
    answer = frame.conflict(clash, parts.LABELS, title=title)
    if answer:
        entry_state.settle(work.opened, entry, [c.column for c in clash.clashes], answer)
        work.error = None
        _renew(work)
        _store(entry.id, item.number)
        st.rerun()


@st.fragment
@errors.shielded
def _fields(entry_id: str, status: st.delta_generator.DeltaGenerator) -> None:
    """The inputs. Only this part runs again while somebody types."""
    if st.session_state.get(_WHOLE) or session.actor() is None:
        st.rerun()
    office = session.office()
    entry, work = office.entry_by_id(entry_id), _works().get(entry_id)
    result = preview(office, entry, work.opened.typed) if entry and work else None
    if entry is None or work is None or result is None:
        st.html(parts.wrong("Isian ini sudah tidak ada. Muat ulang halaman untuk melihat keadaan terbaru."))
        return
    _number_field(entry, work, "actual", parts.actual_label(result, md), _actual_help(result))
    st.html(parts.attainment(result))
    if result.budget or work.opened.typed["spent"]:
        _number_field(entry, work, "spent", parts.spent_label(result), _SPENT_HELP)
        st.html(parts.note(parts.absorption(result)))
    _text_area(work, "obstacle", "Faktor penghambat", "Wajib diisi bila capaian di bawah 100 %.")
    _text_area(work, "follow_up", "Tindak lanjut")
    _evidence(work)
    with st.expander("Faktor pendorong (boleh kosong)"):
        _text_area(work, "driver", "Faktor pendorong")
    if work.undrafted:
        st.html(parts.wrong(work.undrafted))
    status.html(_status(entry, work))


_SPENT_HELP = "Jumlah sejak awal tahun sampai akhir triwulan ini, misalnya 12.450.000. Kosong bukan nol."


def _actual_help(m: Measure) -> str:
    total = "Nilai triwulan ini saja, bukan jumlah sejak awal tahun. " if _is_sum(m) else ""
    return (
        f"{total}Tulis angka dengan koma untuk desimal, misalnya 83,33. Tulis NA bila tidak diukur. Kosong bukan nol."
    )


def _is_sum(m: Measure) -> bool:
    return m.indicator.aggregation is Aggregation.SUM


def _key(work: _Work, name: str) -> str:
    return f"isian-{name}-{work.generation}"


def _number_field(entry: Entry, work: _Work, name: str, label: str, explanation: str) -> None:
    st.text_input(
        label,
        work.start[name],
        key=_key(work, name),
        help=explanation,
        live=True,
        autocomplete="off",
        on_change=_changed,
        args=(entry.id,),
    )
    problem = read_field(session.office(), entry, name, work.opened.typed[name]).problem
    if problem:
        st.html(parts.wrong(problem.message()))


def _text_area(work: _Work, name: str, label: str, explanation: str | None = None) -> None:
    st.text_area(
        label,
        work.start[name],
        key=_key(work, name),
        help=explanation,
        placeholder=_PLACEHOLDERS[name],
        height=88,
        label_visibility="collapsed" if name == "driver" else "visible",
        on_change=_changed,
        args=(work.opened.entry_id,),
    )
    _text_note(work, name)


def _evidence(work: _Work) -> None:
    st.text_input(
        "Tautan bukti dukung",
        work.start["evidence"],
        key=_key(work, "evidence"),
        placeholder=_PLACEHOLDERS["evidence"],
        icon=":material/link:",
        autocomplete="off",
        on_change=_changed,
        args=(work.opened.entry_id,),
    )
    _text_note(work, "evidence")


def _text_note(work: _Work, name: str) -> None:
    problem = text_problem(name, work.opened.typed[name].strip())
    if problem:
        st.html(parts.wrong(problem))


# --- the bar under the thumb -------------------------------------------------------------------------------------


def _bar(form: SectionForm, item: Item, entry: Entry) -> st.delta_generator.DeltaGenerator:
    """Back, the state of saving, save; returns the place of the state."""
    before = form.items[item.number - 2].measure.indicator.id if item.number > 1 else ""
    after = form.items[item.number].measure.indicator.id if item.number < len(form.items) else ""
    where = (form.section.id, form.period)
    st.button(
        "Sebelumnya",
        key="mv-sebelumnya",
        icon=":material/chevron_left:",
        disabled=not before,
        on_click=_back,
        args=(*where, before),
    )
    status = st.empty()
    st.button(
        "Simpan dan lanjut" if after else "Simpan",
        key="mv-simpan-lanjut",
        type="primary",
        icon=":material/chevron_right:" if after else None,
        icon_position="right",
        on_click=_save,
        args=(*where, entry.id, item.number, after),
    )
    return status


def _status(entry: Entry, work: _Work) -> str:
    if work.error is not None:
        return '<p class="mv-is-status mv-wrong" role="status">! Belum tersimpan</p>'
    if work.opened.changed:
        return '<p class="mv-is-status" role="status">● Belum disimpan</p>'
    saved = st.session_state.get(_SAVED)
    if not saved and entry.entered_at:
        saved = f"Tersimpan {parts.moment(entry.entered_at, session.now())}"
    waits = ", menunggu terkirim" if saved and _waits(entry) else ""
    return f'<p class="mv-is-status" role="status">{f"✓ {saved}{waits}" if saved else "Belum diisi"}</p>'


def _waits(entry: Entry) -> bool:
    """Whether anything of this entry is saved here only and not in the shared sheet yet."""
    pending = session.office().snapshot.pending
    return any(table == schema.ENTRY.name and row_id == entry.id for table, row_id, _ in pending)


# --- what the buttons and fields do ------------------------------------------------------------------------------


def redraw() -> None:
    """Ask for a run of the whole page: every callback outside the fields calls this.

    Leaving a field and pressing a button are one message of the browser, which then runs the fields only; Streamlit's
    browser side takes the fragment of the first change for all.
    """
    st.session_state[_WHOLE] = True


def close() -> None:
    """Let go of the open entries, whose drafts are kept; one that could not be kept stays open."""
    st.session_state[_WORKS] = {entry_id: work for entry_id, work in _works().items() if work.undrafted}


def _works() -> dict[str, _Work]:
    found: dict[str, _Work] = st.session_state.setdefault(_WORKS, {})
    return found


def _renew(work: _Work) -> None:
    """New fields with the texts as they are now."""
    work.generation = st.session_state.get(_GENERATION, 0) + 1
    st.session_state[_GENERATION] = work.generation
    work.start = dict(work.opened.typed)


def _work(entry: Entry) -> _Work:
    """The open entry. What was seen stays as it was while there are changes; otherwise it follows the store."""
    work = _works().get(entry.id)
    if work is None or (not work.opened.changed and work.opened.seen != entry_state.texts_of(entry)):
        draft = entry_state.draft_of(session.runtime().drafts, _username(), entry)
        work = _Work(entry_state.open_entry(entry, draft))
        _works()[entry.id] = work
        _renew(work)
    elif _key(work, "actual") not in st.session_state:  # the fields were away, behind another page or indicator
        _renew(work)
    return work


def _username() -> str:
    actor = session.actor()
    return actor.username if actor else ""


def _collect(work: _Work) -> None:
    """Take over what stands in the fields, and keep it as a draft."""
    work.opened.typed |= _believable(work.opened.typed, _in_fields(work))
    try:
        entry_state.keep(session.runtime().drafts, _username(), work.opened, session.now())
        work.undrafted = ""
    except StoreError as exc:
        work.undrafted = str(exc)


def _in_fields(work: _Work) -> dict[str, str]:
    keys = {name: _key(work, name) for name in work.opened.typed}
    return {name: st.session_state[key] or "" for name, key in keys.items() if key in st.session_state}


def _believable(before: Mapping[str, str], now: dict[str, str]) -> dict[str, str]:
    """The texts without blanks that nobody typed: a person empties one field at a time.

    Fields that a run replaces by those of another indicator were seen to send empty texts, several at once.
    """
    emptied = {name for name, text in now.items() if before[name] and not text}
    return now if len(emptied) <= 1 else {name: text for name, text in now.items() if name not in emptied}


@errors.pressed
def _changed(entry_id: str) -> None:
    work = _works().get(entry_id)
    if work is not None:
        st.session_state.pop(_SAVED, None)
        work.error = None
        _collect(work)


@errors.pressed
def _save(section_id: str, period: Period, entry_id: str, number: int, after: str) -> None:
    redraw()
    work = _works().get(entry_id)
    if work is None:
        return
    _collect(work)
    if _store(entry_id, number) and after:
        _go(section_id, period, after)


def _store(entry_id: str, number: int) -> bool:
    """Save the open entry; what was typed stays whenever that fails."""
    work = _works()[entry_id]
    try:
        saved = entry_state.save(session.context(parts.SOURCE), session.runtime().drafts, work.opened)
    except (ActionError, StoreError) as exc:
        work.error = exc
        return False
    except PermissionError:  # the sign-in has ended: its form comes up, and the draft waits behind it
        return False
    finally:
        session.runtime().shared.invalidate()
    _works().pop(entry_id)
    if saved:
        st.session_state[_SAVED] = f"Isian {number} tersimpan {parts.moment(session.now(), session.now())}"
    return True


@errors.pressed
def _discard(entry_id: str) -> None:
    redraw()
    entry_state.forget(session.runtime().drafts, _username(), entry_id)
    _works().pop(entry_id, None)


@errors.pressed
def _back(section_id: str, period: Period, indicator_id: str) -> None:
    st.session_state.pop(_SAVED, None)
    _go(section_id, period, indicator_id)


# --- beside the form ---------------------------------------------------------------------------------------------


def _side(form: SectionForm, item: Item, *, editable: bool) -> None:
    with st.container(border=True, gap="xsmall"):
        st.html('<p class="mv-h3">Capaian triwulan lalu <span class="mv-meta">% dari target</span></p>')
        shown = (*item.past, item.measure)
        key = ("history_bars", item.measure.indicator.id, form.period.key)
        charts.put(key, session.office(), lambda colours: history_bars(shown, colours))
        st.html(charts.figures(history_table(shown), "Capaian triwulan lalu"))
    with st.expander("Arti indikator dan rumus"):
        st.html(parts.meaning(item.measure))
    with st.container(border=True, key="mv-celah"):
        _before_sending(form, editable=editable)


def _before_sending(form: SectionForm, *, editable: bool) -> None:
    sent = form.submission is not None
    st.html(f'<h2 class="mv-h3">{"Sesudah dikirim" if sent else "Sebelum dikirim"}</h2>')
    if form.submission:
        text = f"Diterima {format_datetime(form.submission.at)}"
        st.html(process_chip("late" if form.late else "done", text))
    unsaved = _unsaved(form) if editable else []
    for item, gaps in parts.gaps_by_item(form):
        words = ["**belum disimpan**"] if item.number in unsaved else []
        words += [f"**{gap.kind.value}**" if gap.kind.blocks else gap.kind.value for gap in gaps]
        if words:
            mark = "●" if item.number in unsaved else parts.gap_symbol(gaps)
            _jump(form, item.number, f"{mark} {item.number} {md(item.measure.indicator.name)}: {', '.join(words)}")
    if not form.gaps and not unsaved:
        st.html('<p class="mv-meta">✓ Semua isian lengkap.</p>')
    if editable and (not sent or form.changed_since):
        _send_button(form)


def _jump(form: SectionForm, number: int, label: str) -> None:
    indicator_id = form.items[number - 1].measure.indicator.id
    key = f"mv-celah-{number}"
    where = (form.section.id, form.period, indicator_id)
    st.button(label, key=key, type="tertiary", wrap=True, width="stretch", on_click=_back, args=where)


def _send_button(form: SectionForm) -> None:
    blocked = bool(form.blocking)
    if blocked:
        st.text_input(
            "Alasan mengirim sebelum lengkap", key=_REASON, placeholder="Misalnya: data dari nagari belum masuk"
        )
    problem = st.session_state.pop(_SEND, None)
    if problem is not None:
        st.error(md(problem), title="Belum terkirim.", icon=":material/error:")
    actor = session.actor()
    label = "Kirim atas nama seksi" if actor and actor.role is Role.PKP else "Kirim ke Kasubag PKP"
    st.button(
        "Kirim ulang" if form.submission else label,
        key="mv-kirim",
        icon=":material/send:",
        type="secondary" if blocked else "primary",
        width="stretch",
        on_click=_send,
        args=(form,),
    )
    if blocked:
        st.caption("Lengkapi dahulu, atau kirim dengan alasan.")


def _unsaved(form: SectionForm) -> list[int]:
    """Numbers of the indicators with a draft of this person's that was not saved."""
    return [item.number for item in form.items if item.measure.entry and _has_changes(item.measure.entry)]


def _has_changes(entry: Entry) -> bool:
    work = _works().get(entry.id)
    if work is not None:
        return bool(work.opened.changed)
    return entry_state.draft_of(session.runtime().drafts, _username(), entry) is not None


@errors.pressed
def _send(form: SectionForm) -> None:
    """Save what is open, then give the section's data in; what stands in the way is named."""
    redraw()
    item = _current(form)
    entry = item.measure.entry
    if entry and entry.id in _works():
        _collect(_works()[entry.id])
        if not _store(entry.id, item.number):
            st.session_state[_SEND] = Refused(f"Isian {item.number} belum dapat disimpan. Perbaiki dahulu isiannya.")
            return
    others = [str(number) for number in _unsaved(form)]
    if others:
        st.session_state[_SEND] = Refused(
            f"Isian {', '.join(others)} belum disimpan. Simpan atau buang drafnya dahulu."
        )
        return
    _submit(form)


def _submit(form: SectionForm) -> None:
    reason = st.session_state.get(_REASON) or ""
    try:
        submit_section(
            session.context(parts.SOURCE), form.section.id, form.period, reason, _submission_id(form, reason)
        )
    except (ActionError, StoreError) as exc:
        st.session_state[_SEND] = exc
    except PermissionError:
        return
    finally:
        session.runtime().shared.invalidate()


def _submission_id(form: SectionForm, reason: str) -> str:
    """The same for a second press of the same button; another once the section has been sent."""
    nonce = st.session_state.setdefault("mv-isian-kirim-tanda", new_id())
    last = form.submission.at.isoformat() if form.submission else ""
    return hashlib.sha256(f"{nonce}|{form.section.id}|{form.period.key}|{last}|{reason}".encode()).hexdigest()[:32]
