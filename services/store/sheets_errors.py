"""What a failing call to Google means: for the program (did it land, is it worth another try) and for people.

Failure                      a call failed
├── Refused                  not applied, and never will be: StoreUnavailable with what to do
├── Busy                     not applied, and worth another try (429, no connection, no token yet)
└── Unclear                  nobody knows whether it was applied (5xx, time-out, reset, half an answer)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from services.store.store import StoreUnavailable

_RATE = frozenset({"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"})
_NOTHING_WRITTEN = "Tidak ada yang disimpan."


class Failure(Exception):
    """``text`` is Google's own text, shortened, for the log."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.text, self.status = text, status


class Refused(Failure):
    """``reason`` is Google's (SERVICE_DISABLED …) or the status (NOT_FOUND …)."""

    def __init__(self, text: str, status: int, reason: str) -> None:
        super().__init__(text, status)
        self.reason = reason


class Busy(Failure):
    pass


class Unclear(Failure):
    pass


class KeyRefused(Failure):
    """Google does not accept the service account's key."""


class KeyDenied(StoreUnavailable):
    """The same, told to people."""


def failure_of(error: Exception) -> Failure:
    """The meaning of what requests, google-auth or gspread raised."""
    if isinstance(error, gspread.exceptions.APIError):
        return _from_answer(error.response)
    if isinstance(error, GoogleAuthError):
        return _from_sign_in(error)
    if isinstance(error, requests.exceptions.ConnectTimeout) or _never_connected(error):
        return Busy(_short(str(error)))
    return Unclear(_short(str(error)))


def explained(failure: Failure, email: str) -> StoreUnavailable:
    """The failure as a sentence for people: what happened and what to do."""
    if isinstance(failure, KeyRefused):
        return KeyDenied(
            f"Google menolak kunci akun layanan {email}. Buat kunci JSON baru untuk akun itu, lalu ganti bagian "
            "[gcp_service_account] di secrets.toml atau berkas GOOGLE_APPLICATION_CREDENTIALS."
        )
    if isinstance(failure, Refused):
        return StoreUnavailable(_refusal(failure, email))
    if failure.status == 429:
        quota = "Jatah permintaan ke Google habis untuk menit ini."
        return StoreUnavailable(f"{quota} {_NOTHING_WRITTEN} Coba lagi nanti.")
    if isinstance(failure, Busy):
        return StoreUnavailable(f"Google Sheets tidak dapat dihubungi saat ini. {_NOTHING_WRITTEN} Coba lagi nanti.")
    return StoreUnavailable("Google Sheets tidak menjawab dengan jelas saat ini. Coba lagi nanti.")


def _refusal(failure: Refused, email: str) -> str:
    if failure.reason in ("SERVICE_DISABLED", "accessNotConfigured"):
        return (
            "Google Sheets API belum diaktifkan untuk proyek akun layanan. Buka Google Cloud Console, menu APIs & "
            "Services, aktifkan Google Sheets API, lalu tunggu beberapa menit."
        )
    if failure.status == 403:
        return (
            f"Akun layanan {email} tidak berhak atas spreadsheet ini. Buka spreadsheet itu, tekan Bagikan (Share), "
            f"tambahkan {email} sebagai Editor. Bila sudah dibagikan, pastikan perannya Editor, bukan Pelihat."
        )
    if failure.status == 404:
        return f"Spreadsheet tidak ditemukan. Periksa alamatnya, dan bagikan spreadsheet itu ke {email} sebagai Editor."
    if "not supported for this document" in failure.text:
        return (
            "Berkas ini masih berupa berkas Excel (.xlsx) di Google Drive. Buka berkas itu, pilih File > Simpan "
            "sebagai Google Spreadsheet, lalu pakai alamat spreadsheet yang baru."
        )
    if "protected cell" in failure.text:
        return (
            "Sel yang akan ditulis dilindungi dari akun layanan. Di Data > Lindungi sheet dan rentang, tambahkan "
            f"{email} sebagai editor."
        )
    if "limit of 10000000 cells" in failure.text:
        return "Spreadsheet sudah penuh (10 juta sel). Hapus baris dan kolom kosong, atau pindahkan data lama."
    return f"Google Sheets menolak permintaan ini: {failure.text} {_NOTHING_WRITTEN}"


def _from_answer(response: requests.Response) -> Failure:
    status, error = response.status_code, _error_body(response)
    text, reason = _short(str(error.get("message", ""))) or f"HTTP {status}", _reason(error)
    if status == 429 or (status == 403 and reason in _RATE):
        return Busy(text, 429)
    if status == 401:
        return KeyRefused(text, status)
    if status >= 500 or status == 408:
        return Unclear(text, status)
    return Refused(text, status, reason)


def _error_body(response: requests.Response) -> Mapping[str, Any]:
    """Google's error object; empty where the answer is an HTML page."""
    try:
        error = response.json().get("error", {})
    except (ValueError, AttributeError):
        return {}
    return error if isinstance(error, dict) else {}


def _reason(error: Mapping[str, Any]) -> str:
    items = [item for key in ("details", "errors") for item in error.get(key, ())]
    found = [str(item["reason"]) for item in items if "reason" in item]
    return found[0] if found else str(error.get("status", ""))


def _from_sign_in(error: GoogleAuthError) -> Failure:
    """Nothing is sent without a token, so a failing sign-in has written nothing."""
    if isinstance(error, TransportError) or getattr(error, "retryable", False):
        return Busy(_short(str(error)))
    return KeyRefused(_short(str(error))) if isinstance(error, RefreshError) else Busy(_short(str(error)))


def _never_connected(error: Exception) -> bool:
    cause = error.args[0] if isinstance(error, requests.exceptions.ConnectionError) and error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _short(text: str) -> str:
    return " ".join(text.split())[:300]
