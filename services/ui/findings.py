"""Periksa data: a card for each finding, and the three answers with what they would change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from services.actions.answers import accept, can_correct, correct, may_accept, may_correct, may_judge, send_back
from services.actions.base import Context
from services.actions.entries import NUMBER_FIELDS, as_typed, read_field
from services.charts.palette import rating_symbol
from services.domain.findings import Finding, FindingKind, Severity, choices
from services.domain.indicators import Period
from services.domain.numbers import clean, format_datetime, format_number, format_percent, format_period, unambiguous
from services.domain.roles import RIGHTS, Action, Actor, Scope
from services.domain.sop import PROCESSING
from services.store import schema
from services.store.store import Receipt
from services.ui import errors, frame, processing_parts, session, sop_says, step_action
from services.ui.html import ProcessKind, esc, process_chip
from services.ui.press import once
from services.ui.reference import INDICATOR
from services.views.findings import RETURNED, Checked, effect, findings_of, kinds_of
from services.views.office import Entry, Office
from services.views.processing import answered, recalculated
from services.views.steps import steps_of

SOURCE = "Halaman Periksa data"
MOST_CARDS, LONGEST = 40, 300
_SHEET_HOST = "https://docs.google.com/"
_OPEN, _ANSWERED, _ALL = "terbuka", "dijawab", "semua"
_OPENED, _PROBLEM = "mv-temuan-terbuka", "mv-temuan-galat"
_EVERY = ""
_CLOSED = "Isian seksi ini dikunci. Bila nilainya harus diubah, beri pengecualian di halaman Pengumpulan data."
_CHIPS: dict[Severity, ProcessKind] = {Severity.WRONG: "late", Severity.DOUBTFUL: "doubt", Severity.MISSING: "open"}


def draw(actor: Actor) -> None:
    """The whole page."""
    st.html(Path(__file__).with_name("findings.css"))
    asked = frame.asked_period()
    period = frame.header("Periksa data", (f"Temuan pada isian {format_period(asked)}",), period_choice=True)
    office = session.office()
    sop_says.draw(office, period, PROCESSING)
    if period in office.cycles:
        _processing(office, actor, period)
    found = findings_of(office, period)
    if not found:
        frame.empty_state(
            "Tidak ada temuan", f"Semua isian {format_period(period)} dan kamus indikator terbaca dan masuk akal."
        )
        return
    shown = _filtered(office, actor, found)
    for checked in shown[:MOST_CARDS]:
        _card(office, actor, checked, period)
    if not shown:
        frame.empty_state("Tidak ada temuan yang cocok", "Pilih keadaan, seksi, atau jenis yang lain.")
    if len(shown) > MOST_CARDS:
        rest = len(shown) - MOST_CARDS
        st.html(f'<p class="mv-pd-more">{rest} temuan lagi; saring menurut seksi atau jenis untuk melihatnya.</p>')


def _processing(office: Office, actor: Actor, period: Period) -> None:
    """How far step 3 is, the lock that ends it, and what the corrections changed."""
    parts = (
        processing_parts.progress(answered(office, period)),
        processing_parts.lock(office, period, session.now()),
        processing_parts.means(recalculated(office, period)),
    )
    st.html("".join(parts))
    current = steps_of(office, period, session.now()).current
    if current and current.step.no == PROCESSING:
        step_action.draw(office, actor, period, at="periksa")


# --- filter ------------------------------------------------------------------------------------------------------


def _filtered(office: Office, actor: Actor, found: Sequence[Checked]) -> list[Checked]:
    names = {section.id: section.name for section in office.sections}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        state = _state_choice(found)
        with st.container(horizontal=True, width="content", gap="xsmall"):
            section = _box("Seksi", ["", *names], lambda s: names.get(s, "Semua seksi"), _own_section(actor, names))
            kinds = {kind.name: _capital(kind.value) for kind in kinds_of(found)}
            kind = _box("Jenis temuan", ["", *kinds], lambda k: kinds.get(k, "Semua jenis"), _EVERY)
    return [
        checked
        for checked in found
        if (state == _ALL or checked.open is (state == _OPEN))
        and section in (_EVERY, checked.finding.section_id)
        and kind in (_EVERY, checked.finding.kind.name)
    ]


def _state_choice(found: Sequence[Checked]) -> str:
    waiting = sum(checked.open for checked in found)
    labels = {
        _OPEN: f"Terbuka {waiting}",
        _ANSWERED: f"Diterima {len(found) - waiting}",
        _ALL: f"Semua {len(found)}",
    }
    chosen: str = st.segmented_control(
        "Keadaan temuan",
        tuple(labels),
        default=_OPEN,
        required=True,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        key="mv-temuan-keadaan",
    )
    return chosen


def _box(label: str, options: list[str], said: Callable[[str], str], first: str) -> str:
    chosen: str = st.selectbox(
        label,
        options,
        index=options.index(first),
        format_func=said,
        label_visibility="collapsed",
        key=f"mv-temuan-{label}",
        width=220,
    )
    return chosen


def _own_section(actor: Actor, names: dict[str, str]) -> str:
    """Whoever fills in one section only sees that one first."""
    own = RIGHTS[Action.SAVE_ENTRY][1].get(actor.role) is Scope.OWN
    return actor.section_id if own and actor.section_id in names else _EVERY


# --- one finding -------------------------------------------------------------------------------------------------


def _card(office: Office, actor: Actor, checked: Checked, period: Period) -> None:
    key = _key(checked, period)
    opened = st.session_state.get(_OPENED) == key
    context = Context(session.runtime().store, office, actor, session.now(), SOURCE)
    with st.container(border=True, key=f"mv-kartu-{key}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"mv-temuan-{key}"):
            st.html(card(office, checked, session.runtime().store.address))
            answers = checked.open and (
                may_correct(context, checked.finding, period) or may_judge(context, checked.finding, period)
            )
            if answers and not opened:
                st.button("Jawab", key=f"mv-jawab-{key}", on_click=_open, args=(key,))
        if answers and opened:
            _answering(context, checked, period, key)


def card(office: Office, checked: Checked, address: str) -> str:
    """Kind, indicator and place | what stands there | why, and what to write; then the last answer."""
    finding = checked.finding
    section = office.section(finding.section_id).name if finding.section_id else ""
    whose = checked.indicator.name if checked.indicator else finding.indicator_id or f"Tab {finding.table}"
    typed = finding.typed if len(finding.typed) <= LONGEST else f"{finding.typed[:LONGEST]}…"
    place = " · ".join(filter(None, (esc(section), _place(checked, address))))
    return (
        f'<div class="mv-pd"><div>{process_chip(_CHIPS[finding.severity], _capital(finding.kind.value))}'
        f'<p class="mv-pd-name">{esc(whose)}</p><p class="mv-pd-place">{place}</p></div>'
        f'<div><small>Tertulis</small><p class="mv-pd-typed">{esc(typed)}</p></div>'
        f"<div><small>Saran</small><p>{esc(finding.suggestion)}</p>"
        f"<small>{esc(_capital(finding.why))}</small>{_last_answer(checked)}</div></div>"
    )


def _place(checked: Checked, address: str) -> str:
    """The cell; a link that opens it where the data live in a shared sheet, or the page of the indicator."""
    link = cell_address(checked, address)
    if link:
        return f'<a href="{esc(link)}" target="_blank" rel="noopener noreferrer">{esc(checked.place)}</a>'
    of_dictionary = checked.finding.table in (schema.INDICATOR.name, schema.TARGET.name)
    if checked.indicator and of_dictionary:
        page = f"indikator?{urlencode({INDICATOR: checked.indicator.id})}"
        return f'{esc(checked.place)} · <a href="{esc(page)}">Buka di Kamus indikator</a>'
    if checked.finding.table in (schema.PROFILE.name, schema.RATING.name):
        return f'{esc(checked.place)} · <a href="kantor">Buka di Kantor</a>'
    return esc(checked.place)


def cell_address(checked: Checked, address: str) -> str:
    """Address that opens this very cell in Google Sheets; "" where the data live elsewhere."""
    if checked.gid is None or not address.startswith(_SHEET_HOST):
        return ""
    cell = f"&range={checked.cell}" if checked.cell else ""
    return f"{address.split('#')[0].removesuffix('/edit').rstrip('/')}/edit#gid={checked.gid}{cell}"


def _last_answer(checked: Checked) -> str:
    answer = checked.answer
    if answer is None:
        return ""
    word = "Dikembalikan ke seksi" if answer.answer == RETURNED else _capital(answer.answer)
    reason = f": {answer.reason}" if answer.reason else ""
    return f"<small>{esc(f'{word} {format_datetime(answer.at)} oleh {answer.by}{reason}')}</small>"


# --- answering ---------------------------------------------------------------------------------------------------


def _answering(context: Context, checked: Checked, period: Period, key: str) -> None:
    finding = checked.finding
    entry = context.office.entry_by_id(finding.row_id) if can_correct(finding) else None
    corrects, judges = may_correct(context, finding, period), may_judge(context, finding, period)
    if entry and corrects:
        _input(context.office, finding, entry, key)
    if entry and not corrects and judges:
        st.html(f'<p class="mv-pd-more">{_CLOSED}</p>')
    if judges:
        st.text_input("Alasan atau pesan untuk seksi", key=f"mv-alasan-{key}", width=480)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if entry and corrects:
            _answer_button("Betulkan", _correct, finding, period, key, primary=True)
        if may_accept(context, finding, period):
            _answer_button("Terima dengan alasan", _accept, finding, period, key)
        if judges and finding.section_id:
            _answer_button("Kembalikan ke seksi", _send_back, finding, period, key)
        st.button("Tutup", key=f"mv-tutup-{key}", type="tertiary", on_click=_open, args=("",))
        if entry and corrects and finding.column == "actual":
            st.html(_effect(context.office, entry, finding, st.session_state[_text_key(key)]))
    problem = st.session_state.pop(f"{_PROBLEM}-{key}", None)
    if problem is not None:
        frame.error(problem)


def _input(office: Office, finding: Finding, entry: Entry, key: str) -> None:
    st.session_state.setdefault(_text_key(key), _start(office, finding, entry))
    readings = choices(finding.typed) if finding.kind is FindingKind.AMBIGUOUS else ()
    if readings:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.html('<p class="mv-pd-more">Maksudnya</p>', width="content")
            for text in readings:
                st.button(text, key=f"mv-pilih-{text}-{key}", on_click=_choose, args=(key, text))
    st.text_input(_label(office, finding, entry), key=_text_key(key), width=320, live=True)


def _label(office: Office, finding: Finding, entry: Entry) -> str:
    if finding.column not in NUMBER_FIELDS:
        return schema.ENTRY.column(finding.column).header
    indicator = office.indicator_by_id.get(entry.indicator_id)
    unit = "Rp" if finding.column == "spent" else clean(indicator.unit) if indicator else ""
    return f"Nilai yang benar ({unit})"


def _start(office: Office, finding: Finding, entry: Entry) -> str:
    """What the field begins with: what stands there, or what was given in where it was changed afterwards."""
    if finding.kind is not FindingKind.CHANGED:
        return as_typed(entry, finding.column)
    reported = office.entry(entry.indicator_id, entry.period)
    value = (reported.actual if finding.column == "actual" else reported.spent).value if reported else None
    return unambiguous(value) if value is not None else ""


def _effect(office: Office, entry: Entry, finding: Finding, text: str) -> str:
    """What this value would change: capaian, and the mean of the section before and after."""
    reading = read_field(office, entry, finding.column, text)
    if reading.problem:
        return f'<p class="mv-pd-more">Belum terbaca: {esc(reading.problem.why)}</p>'
    result = effect(office, entry, finding.column, clean(text))
    if result is None:
        return ""
    value = result.measure.to_date.value
    symbol = rating_symbol(result.measure.rating.rank if result.measure.rating else None)
    figure = f"{format_percent(value, 2)} {symbol}" if value is not None else result.measure.to_date.outcome.value
    before, after = (_mean(mean.value) for mean in (result.before, result.after))
    section = office.section(entry.section_id).short
    return f'<p class="mv-pd-more">Capaian {esc(f"{figure} · rata-rata {section} {before} → {after}")}</p>'


def _mean(value: Decimal | None) -> str:
    return "belum ada" if value is None else format_number(value, 1)


Answering = Callable[[Context, Finding, Period, str, str], Receipt]


def _answer_button(
    label: str, act: Answering, finding: Finding, period: Period, key: str, *, primary: bool = False
) -> None:
    st.button(
        label,
        key=f"{act.__name__}-{key}",
        type="primary" if primary else "secondary",
        on_click=_press,
        args=(act, finding, period, key),
    )


def _correct(context: Context, finding: Finding, period: Period, key: str, transaction_id: str) -> Receipt:
    return correct(context, finding, period, st.session_state.get(_text_key(key), ""), transaction_id)


def _accept(context: Context, finding: Finding, period: Period, key: str, transaction_id: str) -> Receipt:
    return accept(context, finding, period, st.session_state.get(f"mv-alasan-{key}", ""), transaction_id)


def _send_back(context: Context, finding: Finding, period: Period, key: str, transaction_id: str) -> Receipt:
    return send_back(context, finding, period, st.session_state.get(f"mv-alasan-{key}", ""), transaction_id)


_DONE = {
    _correct.__name__: "Nilai dibetulkan.",
    _accept.__name__: "Nilai diterima.",
    _send_back.__name__: "Temuan dikembalikan ke seksi.",
}


@errors.pressed
def _press(act: Answering, finding: Finding, period: Period, key: str) -> None:
    """One press, one transaction: sent again after an interruption, it lands once."""
    ticket = f"mv-temuan-tiket-{act.__name__}-{key}"
    answered = once(
        lambda context, id_: act(context, finding, period, key, id_),
        source=SOURCE,
        ticket=ticket,
        done=_DONE[act.__name__],
        problem=f"{_PROBLEM}-{key}",
    )
    if answered:
        st.session_state.pop(_OPENED, None)


@errors.pressed
def _open(key: str) -> None:
    st.session_state[_OPENED] = key


@errors.pressed
def _choose(key: str, text: str) -> None:
    st.session_state[_text_key(key)] = text


def _text_key(key: str) -> str:
    return f"mv-nilai-{key}"


def _key(checked: Checked, period: Period) -> str:
    """Changes with what stands there, so that no answer moves on to another value."""
    text = f"{period.key}|{checked.key}"
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
