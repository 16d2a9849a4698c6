"""Which passwords may be chosen, and that their fingerprints are right whatever their length."""

from __future__ import annotations

from unittest import mock

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.auth import passwords
from services.auth.passwords import (
    FEWEST_UNITS,
    LONGEST,
    SHORTEST,
    WeakPassword,
    check_choice,
    common_passwords,
    hash_password,
    matches,
    random_password,
    strength,
    units,
)

GOOD = "kopi susu pagi hujan"


@pytest.fixture
def quick() -> mock._patch[bytes]:
    """A fingerprint is slow on purpose; how slow is no matter here."""
    salt = bcrypt.gensalt(4)
    return mock.patch("bcrypt.gensalt", return_value=salt)


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery staple", "x7Qm2kP9vLw4RtZ", "ü" * 3 + "bermain di kali"]
)
def test_a_long_password_is_taken_whatever_its_characters(password: str) -> None:
    check_choice(password)


@pytest.mark.parametrize("length", [SHORTEST, 64, 65, 73, 200, LONGEST])
def test_every_length_from_fifteen_on_is_taken(length: int) -> None:
    text = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(length))
    check_choice(text)


@pytest.mark.parametrize("password", ["", "kuda terbang 1", "x" * (SHORTEST - 1)])
def test_a_short_one_is_refused_with_its_length(password: str) -> None:
    with pytest.raises(WeakPassword, match=f"ini {len(password)} karakter; sedikitnya 15"):
        check_choice(password)


def test_an_absurdly_long_one_is_refused() -> None:
    with pytest.raises(WeakPassword, match="lebih panjang dari 1000"):
        check_choice("ab" * LONGEST)


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password12345678!",
        "P@ssw0rdP@ssw0rd",
        "qwertyuiopasdfghjkl",
        "123456789012345",
        "aaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "silautsilaut2026",
        "camat.silaut.2026",
        "KecamatanSilaut2026",
        "pesisirselatan2025!",
        "S1laut-S1laut-2026",
        "zyxwvutsrqponml",
    ],
)
def test_common_ones_and_words_of_the_office_are_refused_however_they_are_stretched(password: str) -> None:
    with pytest.raises(WeakPassword, match="mudah ditebak"):
        check_choice(password)


def test_names_of_the_person_and_of_the_office_count_as_words_of_the_office() -> None:
    password = "Zulkarnain Tapanwali 26"
    check_choice(password)
    with pytest.raises(WeakPassword, match="mudah ditebak"):
        check_choice(password, ["zulkarnain", "Kantor Tapanwali"])


def test_three_thousand_common_passwords_come_with_their_source() -> None:
    assert len(common_passwords()) == 3000
    assert common_passwords()[:2] == ("123456", "password")
    assert "MIT licence" in passwords._COMMON_FILE.read_text("utf-8")


@pytest.mark.parametrize("stretch", ["{0}", "{0}123456789012345", "{0}!!!!!!!!!!!!!!!", "2026{0}2026 {0}"])
def test_none_of_the_common_passwords_is_taken_alone_doubled_or_padded(stretch: str) -> None:
    stretched = (stretch.format(entry) for entry in common_passwords())
    repeated = [text * (SHORTEST // len(text) + 1) if len(text) < SHORTEST else text for text in stretched]
    assert [text for text in repeated if units(text) >= FEWEST_UNITS] == []


@given(st.text(min_size=1, max_size=40), st.integers(2, 5))
def test_a_repetition_makes_a_password_hardly_better(text: str, times: int) -> None:
    assert units(text * times) <= len(text) + 2


def test_the_strength_is_said_in_words() -> None:
    assert [strength(text) for text in ("purple monkey dragon coffee", "x7Qm2kP9vLw4RtZ", GOOD)] == [
        "cukup",
        "kuat",
        "sangat kuat",
    ]


def test_a_first_password_passes_the_rules_itself() -> None:
    first = {random_password() for _ in range(50)}
    assert len(first) == 50
    for password in first:
        check_choice(password)


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=120).filter(str.strip), st.integers(0, 119))
def test_every_character_counts_also_beyond_the_72_bytes_of_bcrypt(text: str, place: int) -> None:
    place %= len(text)
    other = text[:place] + ("y" if text[place] == "x" else "x") + text[place + 1 :]
    with mock.patch("bcrypt.gensalt", return_value=b"$2b$04$" + b"e" * 22):
        kept = hash_password(text)
    assert matches(text, kept)
    same = passwords.normal(other) == passwords.normal(text)
    assert matches(other, kept) is same


def test_a_zero_byte_ends_nothing(quick: mock._patch[bytes]) -> None:
    with quick:
        kept = hash_password("abc\0def")
    assert not matches("abc", kept)
    assert not matches("abc\0xyz", kept)


def test_letters_count_the_same_however_they_are_composed(quick: mock._patch[bytes]) -> None:
    with quick:
        kept = hash_password("caf\u00e9")
    assert matches("cafe\u0301", kept)


def test_a_fingerprint_of_the_first_version_still_opens(quick: mock._patch[bytes]) -> None:
    kept = bcrypt.hashpw(b"sandi lama", bcrypt.gensalt(4)).decode()
    assert matches("sandi lama", kept)
    assert not matches("sandi baru", kept)
    assert not matches("x" * 80, kept)
    assert not matches("a\0b", kept)


def test_nothing_matches_where_there_is_no_password() -> None:
    with mock.patch.object(passwords, "NOBODY", passwords.NOBODY.replace("$12$", "$04$")):
        assert not matches("", "")
        assert not matches("apa saja", "")


def test_without_an_account_the_same_work_is_done_with_the_same_cost() -> None:
    with mock.patch("bcrypt.checkpw", return_value=False) as check:
        matches("apa saja", "")
    assert check.call_count == 1
    real = bcrypt.gensalt().decode()
    assert check.call_args.args[1].decode()[:7] == real[:7]
