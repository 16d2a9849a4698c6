"""The page Dokumen SOP: the document as it is, its flow chart drawn from the data, and the version that comes next."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from services.actions import sop
from services.charts.flowchart import flowchart_html
from services.domain.clock import TimeUnit
from services.domain.filenames import name_part
from services.domain.numbers import format_date
from services.domain.roles import Action, Actor, CycleState, Role, allows
from services.domain.sop import SopHead, Step
from services.report.forms.sop_paper import sop_pdf
from services.ui import dashboard, downloads, errors, frame, session
from services.ui.html import esc, md, process_chip
from services.ui.press import Act, once
from services.ui.reference import STYLE, facts, heading
from services.views.office import Office

SOURCE = "Dokumen SOP"
_LABELS = {
    "number": "Nomor SOP",
    "title": "Judul",
    "ratified_by": "Disahkan oleh",
    "legal_bases": "Dasar hukum (satu setiap baris)",
    "qualifications": "Kualifikasi pelaksana (satu setiap baris)",
    "related": "Keterkaitan (satu setiap baris)",
    "equipment": "Peralatan/perlengkapan (satu setiap baris)",
    "warning": "Peringatan",
    "recording": "Pencatatan dan pendataan",
}
_LONG = (*sop.LIST_FIELDS, "warning", "recording")


def draw(actor: Actor) -> None:
    st.html(dashboard.STYLE)
    st.html(STYLE)
    office = session.office()
    frame.header("Dokumen SOP", (f"No. {office.head(office.sop_in_force).number}",))
    version = _choose(office)
    head, steps = office.head(version), office.steps_in(version)
    st.html(_state(head) + _head(head))
    _print(office, head, steps)
    st.html(heading("Bagan alir", "lima simbol; jalur menurut pelaksana") + flowchart_html(steps))
    _confirm(actor, version, steps)
    _next(office, actor)


def _choose(office: Office) -> str:
    """The version that is shown; the one in force unless somebody asks for another."""
    known = sorted(office.sop_heads, key=lambda v: (office.head(v).in_force_from is None, v), reverse=True)
    if len(known) < 2:
        return office.sop_in_force
    return st.selectbox(
        "Versi",
        known,
        index=known.index(office.sop_in_force),
        format_func=lambda v: _name(office.head(v)),
        key="sop-versi",
        width=360,
    )


def _name(head: SopHead) -> str:
    state = f"berlaku sejak {format_date(head.in_force_from)}" if head.in_force_from else "sedang disusun"
    return f"{head.number}, {state}"


def _state(head: SopHead) -> str:
    if head.in_force_from is None:
        return process_chip("now", "Sedang disusun")
    return process_chip("done", f"Berlaku sejak {format_date(head.in_force_from)}")


def _head(head: SopHead) -> str:
    items = [
        ("Nomor SOP", head.number),
        ("Judul", head.title),
        ("Disahkan", format_date(head.ratified_on) if head.ratified_on else ""),
        ("Disahkan oleh", head.ratified_by),
        ("Peringatan", head.warning),
        ("Pencatatan dan pendataan", head.recording),
    ]
    lists = (
        ("Dasar hukum", head.legal_bases),
        ("Kualifikasi pelaksana", head.qualifications),
        ("Keterkaitan", head.related),
        ("Peralatan/perlengkapan", head.equipment),
    )
    listed = "".join(
        f"{heading(title)}<ol>{''.join(f'<li>{esc(item)}</li>' for item in texts)}</ol>" for title, texts in lists
    )
    return f"{facts(items)}{listed}"


def _print(office: Office, head: SopHead, steps: tuple[Step, ...]) -> None:
    st.download_button(
        "Unduh SOP (PDF)",
        data=downloads.later(partial(sop_pdf, office, head, steps, session.now())),
        file_name=f"SOP-{name_part(head.version)}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key="sop-unduh",
    )


# --- who does which step -----------------------------------------------------------------------------------------


def _confirm(actor: Actor, version: str, steps: tuple[Step, ...]) -> None:
    """The executors that are still proposals, for those who may confirm them."""
    open_ones = [step for step in steps if not step.confirmed]
    st.html(heading("Pelaksana", f"{len(steps) - len(open_ones)} dari {len(steps)} dikonfirmasi"))
    if not open_ones:
        return
    st.markdown(
        "Tanda pelaksana pada bagan alir SOP tidak terbaca lagi. Pelaksana di sini adalah usulan sampai dikonfirmasi."
    )
    if not allows(actor, Action.CONFIRM_EXECUTOR, CycleState.NONE):
        return
    with st.expander(f"Konfirmasi pelaksana ({len(open_ones)})", key="sop-konfirmasi"):
        for step in open_ones:
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                who = " dan ".join(role.label for role in step.executor) or "belum ditetapkan"
                st.markdown(f"**{step.no}. {md(step.short)}**: {md(who)}")
                st.button(
                    "Konfirmasi",
                    key=f"sop-konfirmasi-{version}-{step.no}",
                    on_click=_do,
                    args=(
                        lambda context, key, no=step.no: sop.confirm_executor(context, version, no, key),
                        f"konfirmasi-{version}-{step.no}",
                        f"Pelaksana langkah {step.no} dikonfirmasi.",
                    ),
                )


# --- the next version --------------------------------------------------------------------------------------------


def _next(office: Office, actor: Actor) -> None:
    if not allows(actor, Action.EDIT_SOP, CycleState.NONE):
        return
    st.html(heading("Versi berikutnya"))
    found = sop.next_version(office)
    if found is None:
        st.markdown("Perubahan SOP disusun sebagai versi baru. Triwulan yang berjalan tetap memakai versi sekarang.")
        st.button(
            "Susun versi berikutnya",
            key="sop-mulai",
            on_click=_do,
            args=(sop.begin_version, "mulai", "Versi berikutnya siap disusun."),
        )
        return
    _edit_head(found)
    for step in office.steps_in(found.version):
        _edit_step(found.version, step)
    _put_in_force(found)


def _edit_head(head: SopHead) -> None:
    seen = sop.shown_head(head)
    with st.expander("Kepala SOP", key="sop-kepala"), st.form("sop-kepala-isian", border=False):
        for name, label in _LABELS.items():
            widget = st.text_area if name in _LONG else st.text_input
            widget(label, seen[name], key=f"sop-{name}")
        st.form_submit_button("Simpan kepala SOP", on_click=_save_head, args=(head.version, seen))


@errors.pressed
def _save_head(version: str, seen: Mapping[str, str]) -> None:
    typed = {name: str(st.session_state[f"sop-{name}"]) for name in _LABELS}
    _do(lambda context, key: sop.save_head(context, version, seen, typed, key), "kepala", "Kepala SOP tersimpan.")


def _edit_step(version: str, step: Step) -> None:
    seen, key = sop.shown(step), f"sop-langkah-{step.no}"
    with st.expander(f"Langkah {step.no}. {md(step.short)}", key=key), st.form(f"{key}-isian", border=False):
        st.text_area("Uraian prosedur", seen["procedure"], key=f"{key}-procedure", height=80)
        st.text_input("Kelengkapan", seen["requirement"], key=f"{key}-requirement")
        with st.container(horizontal=True):
            st.text_input("Waktu baku", seen["amount"], key=f"{key}-amount", width=120)
            st.selectbox(
                "Satuan", list(TimeUnit), list(TimeUnit).index(step.duration.unit), key=f"{key}-unit", width=160
            )
        st.text_input("Output", seen["output"], key=f"{key}-output")
        for name, label, chosen in (("executor", "Pelaksana", step.executor), ("involved", "Terlibat", step.involved)):
            st.multiselect(
                label,
                list(Role),
                list(chosen),
                format_func=lambda role: role.label,
                key=f"{key}-{name}",
                placeholder="Pilih peran",
            )
        st.form_submit_button(f"Simpan langkah {step.no}", on_click=_save_step, args=(version, step.no, seen))


@errors.pressed
def _save_step(version: str, no: int, seen: Mapping[str, str]) -> None:
    state, key = st.session_state, f"sop-langkah-{no}"
    typed = {name: _as_text(state[f"{key}-{name}"]) for name in sop.STEP_FIELDS}
    _do(
        lambda context, id_: sop.save_step(context, version, no, seen, typed, id_),
        f"langkah-{no}",
        f"Langkah {no} tersimpan.",
    )


def _as_text(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _put_in_force(head: SopHead) -> None:
    with st.form("sop-berlakukan"):
        st.markdown("Sesudah diberlakukan, versi ini tidak dapat diubah dan dipakai triwulan yang dibuka sesudahnya.")
        today = session.now().date()
        with st.container(horizontal=True):
            st.date_input("Disahkan pada", today, format="DD/MM/YYYY", key="sop-disahkan")
            st.date_input("Berlaku mulai", today, format="DD/MM/YYYY", key="sop-berlaku")
        st.form_submit_button("Berlakukan", type="primary", on_click=_enforce, args=(head.version,))


@errors.pressed
def _enforce(version: str) -> None:
    ratified, since = st.session_state["sop-disahkan"], st.session_state["sop-berlaku"]
    _do(
        lambda context, key: sop.put_in_force(context, version, ratified, since, key),
        f"berlaku-{version}",
        "Versi SOP ini berlaku.",
    )


@errors.pressed
def _do(act: Act, key: str, done: str) -> None:
    once(act, source=SOURCE, ticket=f"mv-sop-{key}", done=done)
