"""The one way to Google: signed in, with a time-out on every call, within the budget, repeated only where safe."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import google.auth.transport.requests
import gspread
import requests
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL
from requests.adapters import HTTPAdapter

from services.store.sheets_access import GOOGLE, Budget, Patience
from services.store.sheets_errors import Busy, Failure, Refused, Unclear, explained, failure_of
from services.store.store import StoreUnavailable

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)

_SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
_FAILURES = (requests.RequestException, GoogleAuthError, gspread.exceptions.GSpreadException, ValueError, KeyError)
_BROKEN_KEY = (
    "Kunci akun layanan Google tidak terbaca ({what}). Salin ulang isi berkas JSON dari Google Cloud ke bagian "
    "[gcp_service_account] di secrets.toml, atau tunjuk berkas itu dengan GOOGLE_APPLICATION_CREDENTIALS."
)


class KeyUnreadable(StoreUnavailable):
    """The service account's key is not what Google gave out."""


class SheetsClient:
    """Calls to one spreadsheet. Raises StoreUnavailable in words for people; ``write`` may raise Unclear."""

    def __init__(self, spreadsheet: str, account: Mapping[str, object], endpoint: str, patience: Patience) -> None:
        """Raises KeyUnreadable."""
        self.spreadsheet, self._patience = spreadsheet, patience
        self._credentials = credentials = _credentials(account)
        self.email: str = credentials.service_account_email
        session, self._ask_for_token = _session(credentials, endpoint, patience.timeout)
        self._http: HTTPClient = gspread.Client(auth=credentials, session=session).http_client
        self._http.set_timeout(patience.timeout)

    def sign_in(self) -> None:
        """Get a token now, as the first call would by itself. Raises KeyDenied where Google refuses the key."""
        self._read(lambda: self._credentials.refresh(self._ask_for_token))  # type: ignore[no-untyped-call]

    def metadata(self, fields: str, ranges: Sequence[str] = ()) -> Mapping[str, Any]:
        """The spreadsheet resource, cut down to ``fields``."""
        params: dict[str, Any] = {"fields": fields, **({"ranges": list(ranges)} if ranges else {})}
        return self._read(lambda: self._http.fetch_sheet_metadata(self.spreadsheet, params=params))

    def values(self, ranges: Sequence[str]) -> list[list[list[Any]]]:
        """The typed values of each range, all from one moment. Raises Refused where a range is not there."""
        params = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
        answer = self._read(lambda: self._http.values_batch_get(self.spreadsheet, list(ranges), params=dict(params)))
        return [found.get("values", []) for found in answer["valueRanges"]]

    def write(self, body: Mapping[str, Any], fields: str) -> Mapping[str, Any]:
        """Send one batchUpdate, once, or again as long as it surely did not land.

        Raises Unclear when nobody knows whether it landed, Refused when a part of it is not possible.
        """
        url = SPREADSHEET_BATCH_UPDATE_URL % self.spreadsheet

        def call() -> Mapping[str, Any]:
            answer = self._http.request("post", url, params={"fields": fields}, json=body).json()
            return answer if isinstance(answer, dict) else {}

        return self._tried(call, self._patience.writes, (Busy,))

    def pause(self, number: int) -> None:
        """Wait before the try with this number."""
        if wait := self._patience.before_try(number):
            self._patience.sleep(wait)

    def explained(self, failure: Failure) -> StoreUnavailable:
        return explained(failure, self.email)

    @property
    def tries(self) -> int:
        return self._patience.tries

    def close(self) -> None:
        self._http.session.close()

    def _read(self, call: Callable[[], _T]) -> _T:
        return self._tried(call, self._patience.reads, (Busy, Unclear))

    def _tried(self, call: Callable[[], _T], budget: Budget, again: tuple[type[Failure], ...]) -> _T:
        for number in range(self.tries):
            self.pause(number)
            self._patience.take(budget)
            try:
                return call()
            except _FAILURES as error:
                failure = failure_of(error)
                _LOG.warning("Google Sheets: %s %s", failure.status or "", failure.text)
                last = number == self.tries - 1
                if not isinstance(failure, again) or last:
                    raise self._told(failure, again) from None
        raise AssertionError("tries is at least 1")

    def _told(self, failure: Failure, again: tuple[type[Failure], ...]) -> Exception:
        """What the caller itself decides on stays as it is; the rest is told to people."""
        if _is_about_the_request(failure) or (isinstance(failure, Unclear) and Unclear not in again):
            return failure
        return self.explained(failure)


def _is_about_the_request(failure: Failure) -> bool:
    """A tab, a range or a sheet id that is no longer there: whoever sent it looks again."""
    told = ("not supported for this document", "protected cell", "limit of 10000000 cells")
    return isinstance(failure, Refused) and failure.status == 400 and not any(text in failure.text for text in told)


def _credentials(account: Mapping[str, object]) -> Credentials:
    key = account.get("private_key")
    if not isinstance(key, str) or not isinstance(account.get("client_email"), str):
        raise KeyUnreadable(_BROKEN_KEY.format(what="private_key atau client_email tidak ada"))
    try:
        info = {**account, "private_key": _normal_key(key)}
        found: Credentials = Credentials.from_service_account_info(info, scopes=_SCOPES)  # type: ignore[no-untyped-call]
    except (ValueError, TypeError):
        raise KeyUnreadable(_BROKEN_KEY.format(what="isi private_key rusak")) from None
    return found


def _normal_key(key: str) -> str:
    """A key whose line ends were doubled or turned into spaces on their way through a form."""
    text = key.replace("\\r", "").replace("\\n", "\n").strip()
    begin, end = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"
    if text.startswith(begin) and text.endswith(end):
        text = "\n".join([begin, *text[len(begin) : -len(end)].split(), end])
    return text + "\n"


def _session(
    credentials: Credentials, endpoint: str, timeout: tuple[float, float]
) -> tuple[requests.Session, Callable[..., Any]]:
    """A session that signs each request, and what gets its tokens; both go to ``endpoint`` where it is not Google's."""
    plain = requests.Session()
    sign_in = functools.partial(google.auth.transport.requests.Request(plain), timeout=timeout)
    signed = google.auth.transport.requests.AuthorizedSession
    session: requests.Session = signed(credentials, auth_request=sign_in)  # type: ignore[no-untyped-call]
    if endpoint != GOOGLE:
        for each in (plain, session):
            each.trust_env = False
            each.mount("https://", _Elsewhere(endpoint))
    return session, sign_in


class _Elsewhere(HTTPAdapter):
    """Sends what is meant for Google to another endpoint, so that nothing leaves for Google itself."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._endpoint = endpoint.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        request.url = self._endpoint + request.path_url
        return super().send(request, *args, **options)
