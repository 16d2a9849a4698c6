"""What still stands in the way of the next move of a quarter, with the names of what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from services.domain.indicators import Period
from services.domain.process import Condition, Transition, missing
from services.views.analysis import SECTION, analyses
from services.views.documents import document
from services.views.drafts import CorrectionStatus, corrections, drafts, meeting
from services.views.findings import open_findings
from services.views.monev import clashes, visits
from services.views.office import Office
from services.views.verification import unverified

_SHOWN = 5


def unmet(office: Office, period: Period, conditions: Iterable[Condition]) -> dict[Condition, str]:
    """Which of the conditions are not met, and what is missing (Indonesian; "" where the condition says it all)."""
    return {c: said for c in conditions if c in _CHECKS and (said := _CHECKS[c](office, period)) is not None}


def obstacles(office: Office, period: Period, move: Transition, reason: str) -> tuple[str, ...]:
    """What stands in the way of a move, one sentence each; a reason waives what may be waived."""
    found = unmet(office, period, move.needs)
    return tuple(_said(c, found.get(c, "")) for c in missing(move, found, reason))


def waivable(office: Office, period: Period, move: Transition) -> tuple[str, ...]:
    """What a reason would waive now."""
    found = unmet(office, period, move.needs)
    return tuple(_said(c, detail) for c, detail in found.items() if c.waivable)


def _said(condition: Condition, detail: str) -> str:
    return f"{condition.value.rstrip('.')}: {detail}." if detail else condition.value


def _names(names: Iterable[str]) -> str | None:
    """None when there are none: the condition is met."""
    found = list(names)
    more = f", dan {len(found) - _SHOWN} lainnya" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more if found else None


def _sections_given(office: Office, period: Period) -> str | None:
    sent = office.submissions(period)
    return _names(s.short for s in office.sections if office.indicators_of(s.id) and s.id not in sent)


def _findings_answered(office: Office, period: Period) -> str | None:
    count = sum(c.answer is None for c in open_findings(office, period))
    return f"{count} temuan" if count else None


def _drafted(office: Office, period: Period) -> str | None:
    return None if drafts(office, period) else ""


def _minuted(office: Office, period: Period) -> str | None:
    found = meeting(office, period)
    return None if found and found.minutes and found.held_on and found.attendees else ""


def _corrected(office: Office, period: Period) -> str | None:
    count = sum(c.status is CorrectionStatus.OPEN for c in corrections(office, period))
    return f"{count} koreksi" if count else None


def _draft_renewed(office: Office, period: Period) -> str | None:
    """A new version is due where something was corrected since the last one."""
    done = [c.answered_at for c in corrections(office, period) if c.status is CorrectionStatus.DONE and c.answered_at]
    versions = drafts(office, period)
    return "" if done and (not versions or versions[-1].at < max(done)) else None


def _unagreed(office: Office, period: Period) -> str | None:
    return _names(v.measure.indicator.name for v in unverified(office, period))


_CHECKS: Mapping[Condition, Callable[[Office, Period], str | None]] = {
    Condition.SECTIONS_GIVEN: _sections_given,
    Condition.FINDINGS_ANSWERED: _findings_answered,
    Condition.MONEV_PLANNED: lambda o, p: _names(v.section.short for v in visits(o, p) if v.planned_on is None),
    Condition.NO_CLASH: lambda o, p: _names(c.message.rstrip(".") for c in clashes(visits(o, p))),
    Condition.MONEV_HELD: lambda o, p: _names(v.section.short for v in visits(o, p) if v.held_on is None),
    Condition.RESULTS_COMPLETE: lambda o, p: _names(v.section.short for v in visits(o, p) if v.gaps),
    Condition.ANALYSIS_WRITTEN: lambda o, p: _names(
        a.title for a in analyses(o, p) if a.scope == SECTION and not a.is_written
    ),
    Condition.DRAFT_MADE: _drafted,
    Condition.MINUTES_KEPT: _minuted,
    Condition.CORRECTIONS_ANSWERED: _corrected,
    Condition.DRAFT_RENEWED: _draft_renewed,
    Condition.FIGURES_VERIFIED: _unagreed,
    Condition.FIGURES_UNCHANGED: _unagreed,
    Condition.DOCUMENT_ISSUED: lambda o, p: None if document(o, p) else "",
}
