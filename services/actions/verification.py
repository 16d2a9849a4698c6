"""Step 11: agreeing to figures or returning them, and handing the draft on or back. Nobody verifies own figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.actions.base import Context, Denied, Refused, authorise, commit, one_line
from services.actions.drafts import correction_row
from services.actions.steps import current_step, move_step, return_draft
from services.domain.indicators import Period
from services.domain.numbers import clean
from services.domain.process import Phase
from services.domain.roles import Action
from services.domain.sop import VERIFYING, Event
from services.store import schema
from services.store.store import DuplicateRow, HistoryQuery, Insert, Receipt, Value
from services.views.drafts import RESULTS, VERIFICATION, WHOLE, round_of
from services.views.verification import AGREE, FIGURES, RETURN, Verdict, returned, verdicts

_SHOWN, _ALL_LINES = 5, 10**9
_NOTHING = "Tidak ada yang disimpan."


def judge(
    context: Context, period: Period, seen: Sequence[Verdict], verdict: str, reason: str = "", transaction_id: str = ""
) -> Receipt:
    """Agree to these figures as this person saw them, or return them with a reason: all of them or none.

    Raises Denied (also for figures that this person gave), Refused (also where a figure has changed since), or what
    the store raises.
    """
    authorise(context, Action.VERIFY, period)
    _require_verifying(context, period)
    if not seen:
        raise Refused("Pilih dahulu angka yang dimaksud.")
    if verdict == RETURN and not clean(reason):
        raise Refused("Tulis alasan angka ini dikembalikan.")
    _require_foreign(context, seen)
    _require_not_entered(context, seen)
    _require_unchanged(context, period, seen)
    rows = (_row(context, period, each, verdict, reason) for each in seen)
    try:
        return commit(context, Action.VERIFY, tuple(Insert(schema.VERIFICATION, row) for row in rows), transaction_id)
    except DuplicateRow as exc:
        raise Refused("Orang lain baru saja memutuskan angka ini. Muat ulang halaman.") from exc


def may_judge(context: Context, verdict: Verdict) -> bool:
    """Whether somebody else gave the figure."""
    return context.actor.username not in verdict.givers


def hand_on(context: Context, period: Period, note: str = "", transaction_id: str = "") -> Receipt:
    """Give the verified draft to the Camat. Raises Refused while a figure is not agreed to."""
    return move_step(context, period, Event.VERIFIED, note, transaction_id=transaction_id)


def approve(context: Context, period: Period, note: str = "", transaction_id: str = "") -> Receipt:
    """The Camat approves the draft, which finishes step 11. Raises Refused where a verified figure has changed."""
    if current_step(context, period).step.no != VERIFYING:
        raise Refused(f"Draf disetujui pada langkah {VERIFYING}.")
    return move_step(context, period, Event.FINISHED, note, transaction_id=transaction_id)


def send_back(context: Context, period: Period, reason: str, transaction_id: str = "") -> Receipt:
    """Return the draft to step 10: the reason, and every returned figure with its own, become corrections to answer."""
    of_round = f"{period.key}-{round_of(context.office, period)}"
    figures = (
        correction_row(
            context, period, f"koreksi-{of_round}-{v.measure.indicator.id}", VERIFICATION, RESULTS, *_said(v)
        )
        for v in returned(context.office, period)
    )
    whole = correction_row(context, period, f"koreksi-{of_round}", VERIFICATION, WHOLE, reason)
    rows = [whole, *figures] if clean(reason) else []
    return return_draft(context, period, reason, [Insert(schema.CORRECTION, row) for row in rows], transaction_id)


def _said(verdict: Verdict) -> tuple[str, str]:
    return verdict.reason, verdict.measure.indicator.id


def _require_verifying(context: Context, period: Period) -> None:
    current = current_step(context, period)
    if current.step.no != VERIFYING or current.phase is not Phase.RUNNING:
        raise Refused(f"Angka diperiksa selama langkah {VERIFYING} berjalan. Tidak ada yang disimpan.")


def _require_foreign(context: Context, seen: Iterable[Verdict]) -> None:
    own = [v for v in seen if not may_judge(context, v)]
    if own:
        raise Denied(
            f"Anda tidak dapat memverifikasi angka yang Anda isi atau kirim sendiri: {_names(own)}. {_NOTHING}"
        )


def _require_not_entered(context: Context, seen: Iterable[Verdict]) -> None:
    """The row names only who changed it last; the log knows whoever typed its figures before, in another capacity."""
    lines = context.store.history(HistoryQuery(by=context.actor.username, table=schema.ENTRY.name, limit=_ALL_LINES))
    typed = {line["row_id"] for line in lines if line["column"] in FIGURES}
    own = [v for v in seen if v.measure.entry and v.measure.entry.id in typed]
    if own:
        raise Denied(f"Anda pernah mengisi angka ini, jadi orang lain yang memverifikasinya: {_names(own)}. {_NOTHING}")


def _require_unchanged(context: Context, period: Period, seen: Iterable[Verdict]) -> None:
    present = {v.measure.indicator.id: v for v in verdicts(context.office, period)}
    changed = [v for v in seen if _differs(v, present.get(v.measure.indicator.id))]
    if changed:
        raise Refused(
            f"Angka ini berubah sejak Anda membukanya: {_names(changed)}. Muat ulang halaman, lalu periksa lagi."
        )


def _differs(seen: Verdict, present: Verdict | None) -> bool:
    """Another figure counts, or somebody else has judged it meanwhile."""
    return present is None or (present.now, present.at) != (seen.now, seen.at)


def _names(found: Sequence[Verdict]) -> str:
    more = f", dan {len(found) - _SHOWN} lainnya" if len(found) > _SHOWN else ""
    return ", ".join(v.measure.indicator.name for v in found[:_SHOWN]) + more


def _row(context: Context, period: Period, seen: Verdict, verdict: str, reason: str) -> dict[str, Value]:
    # The same id for whoever judges the same figure after the same verdict: two people at once make one.
    before = seen.at.isoformat() if seen.at else "awal"
    return {
        "id": f"verifikasi-{period.key}-{round_of(context.office, period)}-{seen.measure.indicator.id}-{before}",
        "year": period.year,
        "quarter": period.quarter,
        "round": round_of(context.office, period),
        "indicator_id": seen.measure.indicator.id,
        **{name: seen.now[name] for name in FIGURES},
        "verdict": RETURN if verdict == RETURN else AGREE,
        "reason": one_line(reason),
        "at": context.now,
        "by": context.actor.username,
    }
