"""The page Verifikasi: step 11. Sekretaris agrees to every figure or returns it, then the Camat approves the draft."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from services.actions import verification as actions
from services.actions.base import ActionError, Context
from services.actions.entries import is_link
from services.actions.steps import ANOTHER_APPROVES, may_move_on
from services.domain.indicators import Period
from services.domain.numbers import format_bounds, format_datetime, format_percent, format_period
from services.domain.process import Phase, Progress, transition
from services.domain.roles import RIGHTS, Action, Actor, allows
from services.domain.sop import CORRECTING, STEP_COUNT, VERIFYING, Event
from services.store import schema
from services.store.store import Receipt, StoreError, Value, new_id
from services.ui import charts, draft_talk, errors, frame, past, provenance, session, sop_says
from services.ui.draft_page import STYLE
from services.ui.html import ProcessKind, esc, md, process_chip, rating_chip
from services.ui.reference import STYLE as LISTS
from services.ui.reference import Column, facts, heading, listing
from services.views import history
from services.views.conditions import obstacles
from services.views.drafts import corrections, drafts, round_of
from services.views.office import Office
from services.views.steps import steps_of
from services.views.verification import (
    AGREE,
    FIGURES,
    RETURN,
    Decision,
    Verdict,
    VerdictState,
    changed_from,
    decisions,
    is_second_person,
    unchanged,
    verdicts,
)

SOURCE = "Verifikasi"
_TO_DECIDE, _CHANGED, _EVERY = "perlu", "berubah", ""
_CHIPS: Mapping[VerdictState, ProcessKind] = {
    VerdictState.OPEN: "open",
    VerdictState.AGREED: "done",
    VerdictState.RETURNED: "late",
    VerdictState.CHANGED: "doubt",
}
_LOG_COLUMNS = (
    Column("Waktu", width="11rem"),
    Column("Putaran", named=True, width="5rem"),
    Column("Oleh", named=True, width="12rem"),
    Column("Keputusan"),
)
_MOVES = {
    Event.VERIFIED: "Diteruskan ke Camat",
    Event.RETURNED: f"Draf dikembalikan ke langkah {CORRECTING}",
    Event.FINISHED: "Draf disetujui Camat",
}
_VERDICTS = {AGREE: "angka disetujui", RETURN: "angka dikembalikan"}
_NAMED = 8
_TWO = ":material/group:"
_REASON = "mv-verif-kembali-alasan"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies before the person: the figures, what they are compared with, and whether there is something to do."""

    context: Context
    period: Period
    current: Progress | None
    found: tuple[Verdict, ...]
    drafted: Office | None
    names: Mapping[str, str]

    @property
    def office(self) -> Office:
        return self.context.office

    @property
    def judging(self) -> bool:
        """Whether this person may agree to figures now."""
        state = self.office.state(self.period, self.context.now)
        return self.at_work(Phase.RUNNING) and allows(self.context.actor, Action.VERIFY, state)

    def at_work(self, *phases: Phase) -> bool:
        current = self.current
        return current is not None and current.step.no == VERIFYING and current.phase in phases

    def is_changed(self, verdict: Verdict) -> bool:
        return changed_from(verdict, self.drafted) is not None

    def name(self, username: str) -> str:
        return self.names.get(username, username)


def draw(actor: Actor) -> None:
    st.html(LISTS)
    st.html(STYLE)
    asked = frame.asked_period()
    period = frame.header("Verifikasi", (f"Angka laporan {format_period(asked)}",), period_choice=True)
    _content(actor, period)


@errors.shielded
def _content(actor: Actor, period: Period) -> None:
    office = session.office()
    if period not in office.cycles:
        frame.empty_state(
            f"{format_period(period)} belum dibuka",
            "Kasubag PKP membuka triwulan di halaman Buka triwulan. Angkanya diverifikasi pada langkah 11.",
        )
        return
    context = Context(session.runtime().store, office, actor, session.now(), SOURCE)
    current = steps_of(office, period, context.now).current
    desk = _Desk(context, period, current, verdicts(office, period), _drafted(office, period), draft_talk.names())
    sop_says.draw(office, period, VERIFYING)
    st.html(_standing(desk) + _summary(desk))
    _moves(desk)
    parts = (_figures, _log) if desk.judging else (_log, _figures)  # whoever decides comes to the figures first
    for part in parts:
        part(desk)


def _drafted(office: Office, period: Period) -> Office | None:
    found = drafts(office, period)
    return past.office_at(office, found[-1].at) if found else None


# --- where the verification stands -------------------------------------------------------------------------------


def _standing(desk: _Desk) -> str:
    """One sentence: whose turn it is."""
    current = desk.current
    if desk.at_work(Phase.VERIFIED):
        at = current.verified_at if current else None
        text = f"Diverifikasi Sekretaris {format_datetime(at)}; menunggu keputusan Camat." if at else ""
    elif desk.at_work(Phase.RUNNING):
        text = "Sekretaris memeriksa setiap angka, lalu meneruskan draf ke Camat."
    elif desk.at_work(Phase.PAUSED):
        text = "Langkah 11 dijeda."
    elif current is None or current.step.no > VERIFYING:
        text = "Verifikasi triwulan ini sudah selesai."
    else:
        text = f"Verifikasi berjalan pada langkah {VERIFYING}; sekarang langkah {current.step.no} dari {STEP_COUNT}."
    return f'<div class="mv-say">{esc(text)}</div>'


def _summary(desk: _Desk) -> str:
    board = charts.current_board(desk.office, desk.period, desk.context.now)
    counts = {state: sum(v.state is state for v in desk.found) for state in VerdictState}
    mean = "–" if board.mean.value is None else format_percent(board.mean.value)
    versions, noted = drafts(desk.office, desk.period), corrections(desk.office, desk.period)
    return facts(
        (
            ("Disetujui", f"{counts[VerdictState.AGREED]} dari {len(desk.found)} angka"),
            ("Dikembalikan", f"{counts[VerdictState.RETURNED]} angka"),
            ("Berubah sesudah diperiksa", f"{counts[VerdictState.CHANGED]} angka"),
            ("Rata-rata capaian", f"{mean}, {board.mean.measured} dari {board.mean.expected} indikator terukur"),
            ("Putaran", str(round_of(desk.office, desk.period))),
            ("Draf", f"{versions[-1].label}, {len(noted)} koreksi" if versions else "belum disusun"),
        )
    )


def _log(desk: _Desk) -> None:
    rows = [_log_row(desk, each) for each in decisions(desk.office, desk.period)]
    if rows:
        st.html(heading("Catatan keputusan") + listing(_LOG_COLUMNS, rows, "Catatan keputusan"))


def _log_row(desk: _Desk, found: Decision) -> tuple[str, ...]:
    said = _MOVES[found.event] if found.event else f"{len(found.indicator_ids)} {_VERDICTS[found.verdict]}"
    names = ""
    if found.verdict == RETURN and not found.event:
        names = f'<p class="mv-quiet">{esc(_some(desk.office, found.indicator_ids))}</p>'
    reason = f'<p class="mv-note-text">{esc(found.reason)}</p>' if found.reason else ""
    who = esc(desk.name(found.by))
    return esc(format_datetime(found.at)), str(found.round), who, f"<strong>{esc(said)}</strong>{names}{reason}"


def _some(office: Office, ids: Sequence[str]) -> str:
    known = (office.indicator_by_id.get(i) for i in ids[:_NAMED])
    more = f", dan {len(ids) - _NAMED} lainnya" if len(ids) > _NAMED else ""
    return ", ".join(i.name for i in known if i) + more


# --- handing the draft on or back --------------------------------------------------------------------------------


def _moves(desk: _Desk) -> None:
    """The buttons of whoever has to decide on the draft as a whole."""
    context, period = desk.context, desk.period
    if desk.current is None or desk.current.step.no != VERIFYING:
        return
    approval = transition(VERIFYING, Event.FINISHED, desk.current.phase)
    approves = approval is not None and context.actor.role in RIGHTS[approval.action][1]
    if approval and approves and not is_second_person(desk.office, period, approval, context.actor.username):
        st.info(ANOTHER_APPROVES, icon=_TWO)
    with st.container(horizontal=True, gap="small"):
        if may_move_on(context, period, Event.VERIFIED):
            _move(desk, Event.VERIFIED, "Teruskan ke Camat", "Catatan (boleh kosong)", actions.hand_on, primary=True)
        if may_move_on(context, period, Event.FINISHED):
            _move(desk, Event.FINISHED, "Setujui draf", "Catatan (boleh kosong)", actions.approve, primary=True)
        if may_move_on(context, period, Event.RETURNED):
            _move(desk, Event.RETURNED, "Kembalikan draf", "Alasan", actions.send_back)


Move = Callable[[Context, Period, str, str], Receipt]


def _move(desk: _Desk, event: Event, label: str, field: str, act: Move, *, primary: bool = False) -> None:
    current = desk.current
    assert current is not None
    key = f"mv-verif-{event.value}-{current.rounds}-{current.phase.value}"
    move = transition(VERIFYING, event, current.phase)
    blocking = obstacles(desk.office, desk.period, move, "-") if move else ()
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    with st.popover(label, type=kind, key=f"{key}-buka"):
        for sentence in blocking:
            st.markdown(f"- {md(sentence)}")
        if event is Event.RETURNED:
            returned = sum(v.state is VerdictState.RETURNED for v in desk.found)
            st.markdown(f"Draf kembali ke langkah {CORRECTING}. {returned} angka yang dikembalikan menjadi koreksi.")
        st.text_area(field, key=f"{key}-alasan", height=100)
        st.button(
            label, type=kind, key=key, disabled=bool(blocking), on_click=_moved, args=(act, desk.period, key, event)
        )


@errors.pressed
def _moved(act: Move, period: Period, key: str, event: Event) -> None:
    ticket = st.session_state.setdefault(f"{key}-tiket", new_id())
    _press(
        lambda context: act(context, period, st.session_state.get(f"{key}-alasan") or "", ticket), f"{_MOVES[event]}."
    )


def _press(act: Callable[[Context], object], done: str) -> bool:
    """Whether it worked."""
    try:
        act(session.context(SOURCE))
    except (ActionError, StoreError) as exc:
        frame.error(exc)
        return False
    finally:
        session.runtime().shared.invalidate()
    frame.saved(done, later=True)
    return True


# --- figures -----------------------------------------------------------------------------------------------------


def _figures(desk: _Desk) -> None:
    st.html(heading("Angka"))
    shown = _filtered(desk)
    if desk.judging:
        _bulk(desk, shown)
    for verdict in shown:
        _figure(desk, verdict)
    if not shown:
        st.html('<p class="mv-quiet">Tidak ada angka yang cocok dengan pilihan ini.</p>')


def _filtered(desk: _Desk) -> list[Verdict]:
    tests: dict[str, Callable[[Verdict], bool]] = {
        _TO_DECIDE: lambda v: v.state is not VerdictState.AGREED,
        _CHANGED: desk.is_changed,
        VerdictState.AGREED.value: lambda v: v.state is VerdictState.AGREED,
        VerdictState.RETURNED.value: lambda v: v.state is VerdictState.RETURNED,
        _EVERY: lambda _: True,
    }
    words = {_TO_DECIDE: "Perlu diputuskan", _CHANGED: "Berubah", _EVERY: "Semua"}
    counts = {name: sum(map(test, desk.found)) for name, test in tests.items()}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        chosen = st.segmented_control(
            "Angka yang ditampilkan",
            tuple(tests),
            default=_TO_DECIDE if desk.judging and counts[_TO_DECIDE] else _EVERY,
            required=True,
            format_func=lambda name: f"{words.get(name, name.capitalize())} {counts[name]}",
            label_visibility="collapsed",
            key="mv-verif-saringan",
        )
        section = _section(desk.office)
    return [v for v in desk.found if tests[chosen](v) and section in (_EVERY, v.measure.indicator.section_id)]


def _section(office: Office) -> str:
    names = {s.id: s.name for s in office.sections}
    chosen: str = st.selectbox(
        "Seksi",
        (_EVERY, *names),
        format_func=lambda section_id: names.get(section_id, "Semua seksi"),
        label_visibility="collapsed",
        key="mv-verif-seksi",
        width=240,
    )
    return chosen


def _bulk(desk: _Desk, shown: Sequence[Verdict]) -> None:
    """Many figures in one decision, which is one transaction."""
    same = tuple(v for v in unchanged(desk.found, desk.drafted) if actions.may_judge(desk.context, v))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="mv-verif-sekaligus"):
        if same and desk.drafted:
            st.button(
                f"Setujui semua yang tidak berubah ({len(same)})",
                key="mv-verif-semua",
                help="Angka yang terbaca, belum diperiksa, sama dengan draf terakhir, dan bukan Anda yang mengisinya.",
                on_click=_judge,
                args=(desk.period, same, AGREE),
            )
        st.button(
            "Setujui yang dipilih", key="mv-verif-pilihan", on_click=_judge_chosen, args=(desk.period, shown, AGREE)
        )
        with st.popover("Kembalikan yang dipilih", key="mv-verif-kembali-buka"):
            st.text_area("Alasan", key=_REASON, height=100)
            st.button(
                "Kembalikan angka", key="mv-verif-kembali", on_click=_judge_chosen, args=(desk.period, shown, RETURN)
            )


def _figure(desk: _Desk, verdict: Verdict) -> None:
    indicator = verdict.measure.indicator
    own = not actions.may_judge(desk.context, verdict)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"mv-angka-{indicator.id}"):
        if desk.judging and not own:
            st.checkbox(md(f"Pilih {indicator.name}"), key=_box(verdict), label_visibility="collapsed", width="content")
        st.html(figure(desk, verdict, own=desk.judging and own))
        if st.button("Asal angka", key=f"mv-asal-{indicator.id}", type="tertiary"):
            _origin(desk.office, verdict)


def _box(verdict: Verdict) -> str:
    """Another box after every decision, so that no choice outlives the figure that was chosen."""
    return f"mv-pilih-{verdict.measure.indicator.id}-{verdict.at.timestamp() if verdict.at else 0}"


def figure(desk: _Desk, verdict: Verdict, *, own: bool) -> str:
    """Name and who gave it | what was given, target, evidence, what changed | capaian and the verdict."""
    m = verdict.measure
    section = desk.office.section(m.indicator.section_id).short
    givers = ", ".join(desk.name(each) for each in sorted(verdict.givers))
    whose = f"{section} · dari {givers}" if givers else f"{section} · belum ada yang mengisi"
    target = f"dari target {format_bounds(m.target, m.indicator.unit)}" if m.target else "tanpa target"
    note = "<small>Anda yang mengisi atau mengirimnya, jadi orang lain yang memverifikasi.</small>" if own else ""
    return (
        f'<div class="mv-fig-row"><div><p><strong>{esc(m.indicator.name)}</strong></p>'
        f"<small>{esc(whose)}</small>{note}</div>"
        f"<div><p>{esc(_shown('actual', verdict.now['actual']))} "
        f'<span class="mv-quiet">{esc(target)}</span></p>'
        f"<small>Anggaran {esc(_shown('spent', verdict.now['spent']))} · {_evidence(verdict)}</small>"
        f"{_change(desk, verdict)}</div>"
        f"<div><p>{_capaian(verdict)}</p>{_decided(desk, verdict)}</div></div>"
    )


def _shown(name: str, value: Value) -> str:
    return history.shown(value, schema.ENTRY.column(name))


def _evidence(verdict: Verdict) -> str:
    entry = verdict.measure.entry
    link = entry.text("evidence").strip() if entry else ""
    if not is_link(link):
        return "tanpa bukti dukung"
    return f'<a href="{esc(link)}" target="_blank" rel="noopener noreferrer">bukti dukung</a>'


def _change(desk: _Desk, verdict: Verdict) -> str:
    before = changed_from(verdict, desk.drafted)
    if before is None:
        return ""
    since = "sejak diperiksa" if verdict.before is not None else "sejak draf terakhir"
    moved = [name for name in FIGURES if before[name] != verdict.now[name]]
    words = "; ".join(
        f"{schema.ENTRY.column(name).header} {_shown(name, before[name])} → {_shown(name, verdict.now[name])}"
        for name in moved
    )
    return f"<p>{process_chip('doubt', f'Berubah {since}: {words}')}</p>"


def _capaian(verdict: Verdict) -> str:
    m = verdict.measure
    value = m.to_date.value
    if value is None:
        return esc(m.to_date.outcome.value.capitalize())
    return f"<strong>{esc(format_percent(value))}</strong> {rating_chip(m.rating)}"


def _decided(desk: _Desk, verdict: Verdict) -> str:
    chip = process_chip(_CHIPS[verdict.state], verdict.state.capitalize())
    if verdict.at is None:
        return f"<p>{chip}</p>"
    reason = f": {verdict.reason}" if verdict.reason else ""
    line = f"{desk.name(verdict.by)}, {format_datetime(verdict.at)}{reason}"
    return f"<p>{chip}</p><small>{esc(line)}</small>"


@st.dialog("Asal angka", width="large")
def _origin(office: Office, verdict: Verdict) -> None:
    found = history.provenance(office, verdict.measure.indicator, verdict.measure.period)
    st.html(LISTS)
    st.html(provenance.figure(found, office) + provenance.working(found, office) + provenance.sources(found))


@errors.pressed
def _judge_chosen(period: Period, shown: Sequence[Verdict], verdict: str) -> None:
    _judge(period, tuple(v for v in shown if st.session_state.get(_box(v))), verdict)


@errors.pressed
def _judge(period: Period, seen: Sequence[Verdict], verdict: str) -> None:
    reason = (st.session_state.get(_REASON) or "") if verdict == RETURN else ""
    ticket = _ticket(seen, verdict, reason)
    done = f"{len(seen)} {_VERDICTS[verdict]}."
    if _press(lambda context: actions.judge(context, period, seen, verdict, reason, ticket), done):
        st.session_state[_REASON] = ""


def _ticket(seen: Sequence[Verdict], verdict: str, reason: str) -> str:
    """The same for a second press of the same decision."""
    nonce = st.session_state.setdefault("mv-verif-tanda", new_id())
    text = "|".join([nonce, verdict, reason, *map(_box, seen)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
