"""Who can sign in to the sample office: one account for each role, one for each Kasi."""

from __future__ import annotations

from dataclasses import dataclass

from services.domain.roles import Role
from services.sample.reference import SECTION_IDS


@dataclass(frozen=True, slots=True)
class Person:
    """An account without its password, which is random for each installation."""

    username: str
    name: str
    role: Role
    section_id: str = ""


_KASI_NAMES = {
    "pem": "Kasi Pemerintahan",
    "trantib": "Kasi Trantibum",
    "pmn": "Kasi Pemberdayaan Masyarakat dan Nagari",
    "kesos": "Kasi Kesejahteraan Sosial",
    "yanum": "Kasi Pelayanan Umum",
}

ADMIN = Person("admin", "Admin", Role.ADMIN)

_PEOPLE = (
    Person("camat", "Camat Silaut", Role.CAMAT),
    Person("sekretaris", "Sekretaris Kecamatan", Role.SEKRETARIS),
    Person("pkp", "Kasubag PKP", Role.PKP, "pkp"),
    Person("umum", "Kasubag Umum", Role.UMUM, "umum"),
    *(Person(f"kasi.{section_id}", name, Role.KASI, section_id) for section_id, name in _KASI_NAMES.items()),
    Person("pimpinan", "Pimpinan", Role.PIMPINAN),
    ADMIN,
)
BY_USERNAME = {person.username: person for person in _PEOPLE}
FILLER = {section_id: f"kasi.{section_id}" if section_id in _KASI_NAMES else section_id for section_id in SECTION_IDS}
"""Username of the person who gives in each section's data."""


def accounts() -> tuple[Person, ...]:
    return _PEOPLE
