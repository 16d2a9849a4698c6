"""The reminder to a section that has not given everything: its text, and links that hand it to a messenger or a mail.

Nothing is sent from here: a person reads the text, may change it, and sends it from the own telephone or mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from services.domain.clock import WIB
from services.domain.numbers import clean, format_day, format_period
from services.domain.roles import CycleState, Role
from services.views.collection import Collected, Collection
from services.views.entries import Gap
from services.views.office import Office

_MAIL_LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Reminder:
    subject: str
    text: str

    @property
    def whatsapp(self) -> str:
        """Opens WhatsApp with the text; whom it goes to is chosen there."""
        return f"https://wa.me/?text={quote(self.text, safe='')}"

    @property
    def mailto(self) -> str:
        """Opens the mail program with subject and text (RFC 6068: lines end with CRLF)."""
        body = self.text.replace("\n", _MAIL_LINE_END)
        return f"mailto:?subject={quote(self.subject, safe='')}&body={quote(body, safe='')}"


def reminder(office: Office, found: Collection, section: Collected, now: datetime) -> Reminder | None:
    """What to write to a section; None where it owes nothing, or nothing can be given any more."""
    if section.is_complete or found.state is CycleState.ARCHIVED:
        return None
    period = format_period(section.form.period)
    mark = "[CONTOH] " if office.profile.sample else ""
    parts = (
        f"{mark}Yth. {addressee(office, section.form.section.id)}.",
        "\n".join((_standing(section, period), *_numbered(section.owed))),
        f"{_until(found, section, now)} Isian ada di Monev Silaut, halaman Isian data. Terima kasih.",
    )
    return Reminder(f"{mark}Data {period} {section.form.section.short} belum lengkap", "\n\n".join(parts))


def addressee(office: Office, section_id: str) -> str:
    """Post of whoever heads the section; its name where nobody is recorded."""
    official = next((o for o in office.officials if o.section_id == section_id and o.post), None)
    return clean(official.post) if official else office.section(section_id).name


def _standing(section: Collected, period: str) -> str:
    form = section.form
    start = f"Data {period} {form.section.name}"
    if not section.owed:
        return f"{start} sudah terisi ({form.given} dari {form.due} indikator), tetapi belum dikirim."
    sent = "sudah dikirim, tetapi " if form.submission else ""
    return f"{start} {sent}belum lengkap: {form.given} dari {form.due} indikator terisi. Yang masih kurang:"


def _numbered(owed: tuple[Gap, ...]) -> Iterator[str]:
    """One line to each indicator, with everything that it lacks."""
    by_number: dict[int, list[Gap]] = {}
    for gap in owed:
        by_number.setdefault(gap.number, []).append(gap)
    for count, gaps in enumerate(by_number.values(), start=1):
        lacking = ", ".join(gap.kind.value for gap in gaps)
        yield f"{count}. {clean(gaps[0].measure.indicator.name)}: {lacking}"


def _until(found: Collection, section: Collected, now: datetime) -> str:
    due, locks = found.cycle.due_on, found.cycle.locks_on
    if section.exception:
        return f"Isian sudah dikunci, tetapi dibuka bagi seksi ini sampai {format_day(section.exception.until)}."
    if not section.is_open:
        return f"Isian sudah dikunci; mohon hubungi {Role.PKP.label} untuk meminta pengecualian."
    if now.astimezone(WIB).date() <= due:
        return f"Mohon dikirim paling lambat {format_day(due)}."
    last = f"; data masih diterima sampai {format_day(locks)}" if locks else ""
    return f"Tenggat {format_day(due)} sudah lewat{last}."
