"""The real client libraries against the server: gspread with google-auth's service account."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from gspread.utils import ExportFormat, ValueRenderOption
from requests.adapters import HTTPAdapter

from tests.sheets_server.control import Effect, Server


class ToServer(HTTPAdapter):
    """Every request goes to the server, whatever its address: nothing leaves the machine."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def send(self, request: requests.PreparedRequest, *rest: Any, **more: Any) -> requests.Response:
        request.url = self.base + request.path_url
        return super().send(request, *rest, **{**more, "proxies": {}})


@pytest.fixture
def client(server: Server) -> gspread.Client:
    plain = requests.Session()
    plain.mount("https://", ToServer(server.base))
    credentials = Credentials.from_service_account_info(server.key, scopes=gspread.auth.DEFAULT_SCOPES)
    session = AuthorizedSession(credentials, auth_request=Request(plain))
    session.mount("https://", ToServer(server.base))
    found = gspread.Client(credentials, session=session)
    found.set_timeout((5, 5))
    return found


def test_gspread_opens_writes_and_reads(client: gspread.Client, server: Server) -> None:
    sheet = client.open_by_key(server.control.create("Monev")).sheet1
    sheet.update([["id", "nilai"], ["a", 1.5]])
    sheet.append_row(["b", "=1+1"])
    assert sheet.get(value_render_option=ValueRenderOption.unformatted) == [["id", "nilai"], ["a", 1.5], ["b", "=1+1"]]


def test_an_expired_token_is_renewed_by_google_auth(client: gspread.Client, server: Server) -> None:
    sheet = client.open_by_key(server.control.create("Monev")).sheet1
    server.control.expire_tokens()
    assert sheet.get("A1") == [[]]
    assert server.control.counts()["token"] == 2


def test_a_refused_key_is_told_from_a_refused_request(client: gspread.Client, server: Server) -> None:
    server.control.fault("token", Effect.BAD_KEY)
    with pytest.raises(RefreshError, match="invalid_grant"):
        client.open_by_key(server.control.create("Monev"))


def test_an_html_page_has_no_code_for_gspread(client: gspread.Client, server: Server) -> None:
    sheet = client.open_by_key(server.control.create("Monev")).sheet1
    server.control.fault("values.get", Effect.HTML_500)
    with pytest.raises(gspread.exceptions.APIError) as caught:
        sheet.get("A1")
    assert (caught.value.code, caught.value.response.status_code) == (-1, 500)


def test_a_service_account_owns_no_files(client: gspread.Client, server: Server) -> None:
    server.control.fault("drive.create", Effect.STORAGE_FULL)
    with pytest.raises(gspread.exceptions.APIError) as caught:
        client.create("Monev")
    assert caught.value.response.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"


def test_drive_finds_copies_exports_and_deletes(client: gspread.Client, server: Server) -> None:
    file_id = server.control.create("Untuk disalin")
    client.open_by_key(file_id).sheet1.update([["a", 1.5], ["b,c"]])
    copy = client.copy(file_id, title="Salinan")
    assert [one["name"] for one in client.list_spreadsheet_files(title="Salinan")] == ["Salinan"]
    assert client.export(copy.id, ExportFormat.CSV) == b'a,"1,5"\r\n"b,c",'
    client.import_csv(copy.id, "x,y\r\n1,2\r\n")
    assert copy.sheet1.get_all_values() == [["x", "y"], ["1", "2"]]
    client.del_spreadsheet(copy.id)
    assert client.list_spreadsheet_files(title="Salinan") == []
