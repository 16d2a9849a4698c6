"""Passwords: which ones are good enough, random first ones, and their fingerprints.

The rules are those of NIST SP 800-63B: length decides, no rule about kinds of characters, and whatever is guessed first
(common passwords, the office's own words, repetitions, rows of keys) counts for little.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import bcrypt

from services.store.store import StoreError

SHORTEST = 15
LONGEST = 1000  # characters; more would only keep the server busy
FEWEST_UNITS = 8
RULE = (
    f"Sedikitnya {SHORTEST} huruf, angka, spasi, atau tanda, tanpa keharusan huruf besar atau angka. "
    "Paling mudah: empat kata atau lebih yang tidak saling berhubungan."
)
CONTEXT_WORDS = [
    "silaut",
    "kecamatan",
    "camat",
    "pesisir",
    "selatan",
    "pesisirselatan",
    "sumatera",
    "sumatra",
    "barat",
    "sumbar",
    "indonesia",
    "kantor",
    "monev",
    "admin",
    "sekretaris",
    "kasubag",
    "kasi",
    "umum",
    "pimpinan",
    "kinerja",
    "triwulan",
    "sandi",
    "rahasia",
    "katasandi",
    "password",
    "masuk",
]
"""Words of this work and of the region, which whoever guesses tries first."""

_MARK = "sha256:"
_FIRST_LENGTH = 20
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0/O and 1/l, easily confused
_COMMON_FILE = Path(__file__).with_name("common_passwords.txt")
_LOOKALIKES = str.maketrans("01345789@$!", "oieastbgasi")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgbyhnujm")
_SHORTEST_PIECE = 3
_YEAR = re.compile(r"(?:19|20)\d\d")


class AccountError(StoreError):
    """An account that cannot be made or changed; the message is for people, in Indonesian."""


class WeakPassword(AccountError):
    """A password that may not be chosen; the message says why and what to do, in Indonesian."""


def check_choice(password: str, words: Iterable[str] = ()) -> None:
    """Raise WeakPassword unless this may be somebody's password; ``words``: names of the person and of the office."""
    text = normal(password)
    if len(text) < SHORTEST:
        raise WeakPassword(
            f"Kata sandi ini {len(text)} karakter; sedikitnya {SHORTEST}. Tambahkan satu atau dua kata lagi."
        )
    if len(text) > LONGEST:
        raise WeakPassword(f"Kata sandi ini lebih panjang dari {LONGEST} karakter. Pakai yang lebih pendek.")
    if units(text, words) < FEWEST_UNITS:
        raise WeakPassword(
            "Kata sandi ini mudah ditebak: hampir seluruhnya kata sandi yang umum, kata kantor (misalnya silaut atau "
            "camat), tahun, urutan, atau pengulangan. Pakai empat kata atau lebih yang tidak saling berhubungan."
        )


def strength(password: str, words: Iterable[str] = ()) -> str:
    """How good a password that passed ``check_choice`` is, in words."""
    found = units(normal(password), words)
    return "cukup" if found < 14 else "kuat" if found < 20 else "sangat kuat"


def units(password: str, words: Iterable[str] = ()) -> int:
    """How many things somebody who guesses must get right.

    A character that nothing explains is one, a common password two; a word of the office, a year, a row of keys and a
    repetition of what came before are one each, however long.
    """
    text = password.casefold()
    known = frozenset(_known_words(words))
    longest = max(map(len, known | _common()))
    return min(_units(form, known, longest) for form in (text, text.translate(_LOOKALIKES)))


def random_password() -> str:
    """A first password, for its owner to change."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_FIRST_LENGTH))


def hash_password(password: str) -> str:
    """The fingerprint to keep: bcrypt over the SHA-256 of the password, for bcrypt itself reads no more than 72 bytes.

    Raises WeakPassword for a password without any visible character.
    """
    if not password.strip():
        raise WeakPassword("Kata sandi tidak boleh kosong.")
    return _MARK + bcrypt.hashpw(_short(password), bcrypt.gensalt()).decode()


NOBODY = f"{_MARK}$2b$12$" + "." * 53
"""A fingerprint of no password, with the cost of a real one: what is checked when there is no account."""


def matches(password: str, fingerprint: str) -> bool:
    """Whether it is the password of this fingerprint; always the same work, also where there is none (``""``)."""
    known = fingerprint or NOBODY
    if known.startswith(_MARK):
        return bcrypt.checkpw(_short(password), known.removeprefix(_MARK).encode())
    # Made before version 0.2: bcrypt over the password itself, which was refused where it was too long.
    encoded = password.encode()
    fits = len(encoded) <= 72 and b"\0" not in encoded
    return bcrypt.checkpw(encoded if fits else b"", known.encode()) and fits


def normal(password: str) -> str:
    """The one form of a password, however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password)


def _short(password: str) -> bytes:
    return base64.b64encode(hashlib.sha256(normal(password).encode("utf-8", "surrogatepass")).digest())


@cache
def common_passwords() -> tuple[str, ...]:
    """The 3,000 most common passwords, most common first; source and licence stand in the file."""
    lines = _COMMON_FILE.read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def _common() -> frozenset[str]:
    plain = {entry.casefold() for entry in common_passwords()}
    return frozenset(plain | {entry.translate(_LOOKALIKES) for entry in plain})


def _known_words(words: Iterable[str]) -> Iterable[str]:
    parts = re.findall(r"\w+", " ".join(words).casefold())
    yield from CONTEXT_WORDS
    yield from (part for part in parts if len(part) >= _SHORTEST_PIECE)


def _units(text: str, known: frozenset[str], longest: int) -> int:
    """Reads from left to right, each time the longest piece that is explained."""
    count = position = 0
    while position < len(text):
        length, cost = max(_pieces(text, position, known, longest), key=lambda piece: (piece[0], -piece[1]))
        position, count = position + length, count + cost
    return count


def _pieces(text: str, start: int, known: frozenset[str], longest: int) -> Iterable[tuple[int, int]]:
    """Length and cost of everything that explains the text from here on."""
    yield _run(text, start), 1
    yield _repetition(text, start), 1
    if _YEAR.match(text, start):
        yield 4, 1
    for end in range(min(len(text), start + longest), start + _SHORTEST_PIECE - 1, -1):
        piece = text[start:end]
        if piece in known:
            yield len(piece), 1
        elif piece in _common():
            yield len(piece), 2


def _run(text: str, start: int) -> int:
    """Length of one character repeated, or of a row of the alphabet or the keyboard, in either direction."""
    same = len(text) - start - len(text[start:].lstrip(text[start]))
    rows = (row[::way] for row in _ROWS for way in (1, -1))
    return max(same, *(_common_start(text[start:], row, row.find(text[start])) for row in rows))


def _common_start(text: str, row: str, at: int) -> int:
    length = 0
    while at >= 0 and length < len(text) and at + length < len(row) and text[length] == row[at + length]:
        length += 1
    return length if length >= _SHORTEST_PIECE else 1


def _repetition(text: str, start: int) -> int:
    """Length of the longest piece from here that stood before as well; it may run into itself."""
    length = _SHORTEST_PIECE - 1
    while start + length < len(text) and text.find(text[start : start + length + 1], 0, start + length) >= 0:
        length += 1
    return length if length >= _SHORTEST_PIECE else 1
