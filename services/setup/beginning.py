"""A new office before its first quarter: what is asked for, and the rows that it begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.actions.base import TEXT_LIMIT, Unreadable, require_storable, too_long
from services.actions.office_tables import TWICE
from services.actions.settings import profile_rows
from services.domain.numbers import clean
from services.domain.roles import Role
from services.domain.settings import BY_KEY, SETTINGS, Group
from services.sample import reference
from services.sample.office import without_sample
from services.store import schema
from services.store.changes import remark
from services.store.seals import Head, chained
from services.store.store import Row, Transaction

SOURCE = "Siapkan kantor"
ACTION = "menyiapkan kantor"
ASKED = tuple(s.key for s in SETTINGS if s.group is Group.IDENTITY and s.key != "nomor_sop")
"""The settings that are asked for at the beginning; all others can wait."""
HEADS = {"pkp": Role.PKP, "umum": Role.UMUM}
"""Sections whose head has a role of his own; every office has them."""
CAMAT, SECRETARY = "camat", "sekretaris"
_POSTS = {CAMAT: ("Camat", Role.CAMAT), SECRETARY: ("Sekretaris Kecamatan", Role.SEKRETARIS)}
_KINDS = (("Subbagian ", "Subbag "), ("Seksi ", ""))


@dataclass(frozen=True, slots=True)
class NewSection:
    """``head``: name of its head, "" for not known yet."""

    id: str
    name: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class NewOffice:
    """``settings`` by key; ``leaders``: names of Camat and Sekretaris, "" for not known yet."""

    settings: Mapping[str, str]
    sections: tuple[NewSection, ...]
    leaders: Mapping[str, str]


def usual_sections() -> tuple[NewSection, ...]:
    """The sections of a kecamatan as most have them."""
    return tuple(NewSection(str(r["id"]), str(r["name"])) for r in reference.tables()[schema.SECTION.name])


def check_settings(settings: Mapping[str, str]) -> None:
    """Raises Unreadable with what is wrong with each setting, or Refused."""
    require_storable(settings.values())
    profile_rows(settings)


def check_sections(sections: Sequence[NewSection], leaders: Mapping[str, str]) -> None:
    """Raises Unreadable with what is wrong, by the id of the section or leader, or Refused."""
    require_storable(text for _, text in _texts(sections, leaders))
    found = {
        s.id: "Subbagian ini diperlukan oleh SOP. Tulis namanya." for s in sections if s.id in HEADS and not s.name
    }
    found |= {s.id: "Tulis nama seksinya, atau kosongkan nama kepalanya." for s in sections if s.head and not s.name}
    names = [s.name.casefold() for s in sections if s.name]
    found |= {s.id: TWICE for n, s in enumerate(sections) if _is_again(n, sections)}
    found |= {key: too_long(text) for key, text in _texts(sections, leaders) if len(text) > TEXT_LIMIT}
    if not found and len(names) == len(HEADS):
        found[sections[0].id] = "Tulis sedikitnya satu seksi."
    if found:
        raise Unreadable(found)


def tables(office: NewOffice, by: str, now: datetime) -> dict[str, tuple[Row, ...]]:
    """Every row that the office begins with, its first line of the log by this person. Raises Unreadable or Refused."""
    check_settings(office.settings)
    check_sections(office.sections, office.leaders)
    kept = without_sample(reference.tables())
    asked = {str(row["id"]): row for row in profile_rows(office.settings)}
    others = (
        row for row in kept[schema.PROFILE.name] if row["id"] not in BY_KEY and row["id"] != reference.SAMPLE_FLAG
    )
    sections = [s for s in office.sections if s.name]
    return {
        **kept,
        schema.PROFILE.name: (*asked.values(), *others),
        schema.SECTION.name: tuple(_section(s, order) for order, s in enumerate(sections, start=1)),
        schema.OFFICIAL.name: tuple(_officials(sections, office.leaders)),
        schema.HISTORY.name: _log(by, now),
    }


def brings_foreign_sop(office: NewOffice) -> bool:
    """Whether the SOP with which every office begins is that of another one."""
    return clean(office.settings["nama_kecamatan"]).casefold() != reference.DISTRICT.casefold()


def tidy(text: object) -> str:
    """What somebody typed into a line."""
    return clean(str(text or ""))


def _is_again(place: int, sections: Sequence[NewSection]) -> bool:
    name = sections[place].name.casefold()
    return bool(name) and any(name == s.name.casefold() for s in sections[:place])


def _texts(sections: Sequence[NewSection], leaders: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from leaders.items()
    for section in sections:
        yield from ((section.id, section.name), (section.id, section.head))


def _section(section: NewSection, order: int) -> Row:
    return {"id": section.id, "name": section.name, "short": _short(section), "order": order}


def _short(section: NewSection) -> str:
    """The usual short form of a usual name, else the name without what every section is called."""
    usual = {r["name"]: str(r["short"]) for r in reference.tables()[schema.SECTION.name]}
    if section.name in usual:
        return usual[section.name]
    kind, instead = next(((k, i) for k, i in _KINDS if section.name.startswith(k)), ("", ""))
    return instead + section.name.removeprefix(kind)


def _officials(sections: Sequence[NewSection], leaders: Mapping[str, str]) -> Iterator[Row]:
    """Those whose names are known; the others are added when they are."""
    for key, (post, role) in _POSTS.items():
        if leaders.get(key):
            yield _official(key, post, leaders[key], role)
    for section in sections:
        if section.head:
            role = HEADS.get(section.id, Role.KASI)
            yield _official(section.id, f"Kepala {section.name}", section.head, role, section.id)


def _official(key: str, post: str, name: str, role: Role, section_id: str = "") -> Row:
    texts = {"post": post, "name": name, "nip": "", "rank": "", "role": role.value, "section_id": section_id}
    return {"id": f"pejabat-{key}", **texts}


def _log(by: str, now: datetime) -> tuple[Row, ...]:
    done = Transaction(now, by, Role.ADMIN.value, ACTION, SOURCE, ())
    return chained([remark(done)], Head())[0]
