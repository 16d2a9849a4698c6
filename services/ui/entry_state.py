"""An entry in somebody's hands: what was seen when it was opened, what stands in the fields now, and its draft.

Knows nothing of Streamlit. The form and the table share it, so that what was typed into one is found in the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.actions.base import Context
from services.actions.entries import FIELDS, as_typed, save_entry
from services.store.drafts import Draft, Drafts
from services.store.store import StoreUnavailable, new_id
from services.views.office import Entry

Answer = Literal["mine", "theirs"]

_SEEN = "@dilihat"
"""A draft keeps beside each text the one that was seen, so that it cannot run over somebody else's value later."""


@dataclass(slots=True)
class Opened:
    """``draft_at``: when the draft was kept from which the texts were restored; None without one."""

    entry_id: str
    seen: dict[str, str]
    typed: dict[str, str]
    draft_at: datetime | None = None
    nonce: str = field(default_factory=new_id)

    @property
    def changed(self) -> dict[str, str]:
        """The fields whose text differs from what was seen."""
        return {name: text for name, text in self.typed.items() if text.strip() != self.seen[name].strip()}

    @property
    def transaction_id(self) -> str:
        """The same for the same texts, so that a second press of the button is harmless; another for other texts."""
        content = json.dumps([self.nonce, sorted(self.typed.items())])
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def open_entry(entry: Entry, draft: Draft | None = None) -> Opened:
    """The entry as stored, with the texts of the draft that differ from it."""
    stored = texts_of(entry)
    kept = differing(draft.fields, stored) if draft else {}
    seen = seen_in(draft, kept, stored) if draft else {}
    return Opened(entry.id, stored | seen, stored | kept, draft.at if draft and kept else None)


def texts_of(entry: Entry) -> dict[str, str]:
    return {name: as_typed(entry, name) for name in FIELDS}


def keep(drafts: Drafts, user: str, opened: Opened, now: datetime) -> None:
    """Keep what is typed and not saved; without any change no draft stays. Raises StoreUnavailable, DraftTooLarge."""
    changed = opened.changed
    if not changed:
        drafts.discard(user, opened.entry_id)
        return
    seen = {name + _SEEN: opened.seen[name] for name in changed}
    drafts.put(user, opened.entry_id, changed | seen, now)


def save(context: Context, drafts: Drafts, opened: Opened) -> bool:
    """Save the changed fields; False when there was none. Raises what ``save_entry`` raises; the draft then stays."""
    receipt = save_entry(context, opened.entry_id, opened.seen, opened.changed, opened.transaction_id)
    forget(drafts, context.actor.username, opened.entry_id)
    return receipt is not None


def forget(drafts: Drafts, user: str, entry_id: str) -> None:
    """Discard a draft. One that cannot be reached now disappears when the entry is opened: it equals what is stored."""
    try:
        drafts.discard(user, entry_id)
    except StoreUnavailable:
        return


def draft_of(drafts: Drafts, user: str, entry: Entry) -> Draft | None:
    """The person's draft of an entry. One that says nothing new is discarded; none while drafts cannot be read."""
    try:
        draft = drafts.get(user, entry.id)
        if draft and not differing(draft.fields, texts_of(entry)):
            drafts.discard(user, entry.id)
            return None
    except StoreUnavailable:
        return None
    return draft


def settle(opened: Opened, entry: Entry, columns: Iterable[str], answer: Answer) -> None:
    """After a conflict: take what is stored now as seen; with "theirs" also as the text in the field."""
    stored = texts_of(entry)
    for name in columns:
        opened.seen[name] = stored[name]
        if answer == "theirs":
            opened.typed[name] = stored[name]
    opened.nonce = new_id()


def seen_in(draft: Draft, kept: Iterable[str], stored: Mapping[str, str]) -> dict[str, str]:
    """What its person saw of the kept fields when the draft was typed."""
    return {name: draft.fields.get(name + _SEEN, stored[name]) for name in kept}


def differing(fields: Mapping[str, str], stored: Mapping[str, str]) -> dict[str, str]:
    """The texts that say something else than what is stored."""
    return {n: fields[n] for n in stored if n in fields and fields[n].strip() != stored[n].strip()}
