"""Hak akses: everybody reads his own rights first, and those of all."""

from __future__ import annotations

import pytest

from services.domain.roles import RIGHTS, Role
from tests.pages.conftest import Opener
from tests.pages.looking import text
from tests.pages.test_guard import USERNAMES


@pytest.mark.parametrize("role", [Role.KASI, Role.CAMAT, Role.PIMPINAN, Role.ADMIN])
def test_the_own_rights_are_shown_and_no_others(open_page: Opener, role: Role) -> None:
    page = open_page("hak", USERNAMES[role])
    assert not page.exception
    seen = text(page)
    listed = seen.partition(" Memindahkan langkah ")[0]
    for action, (_, roles) in RIGHTS.items():
        assert (f" {action.value} " in listed) is (role in roles), action
    assert ("menunjuk Plh." in seen) is (role is Role.ADMIN)


def test_all_rights_name_who_has_them(open_page: Opener) -> None:
    page = open_page("hak", "kasi.pem")
    page.selectbox(key="hak-peran").set_value("").run()
    seen = text(page)
    assert "menyimpan isian terbuka Kasubag PKP, Kasi (seksi sendiri), Kasubag Umum (seksi sendiri)" in seen
    assert "menyetujui draf terbuka, dikunci Camat" in seen
    assert "11. Verifikasi selesai Camat, bukan yang memverifikasi" in seen
