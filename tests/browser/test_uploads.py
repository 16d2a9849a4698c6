"""What the running server lets in: files of the right size from its own pages only, and no page of somebody else."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from services.domain.roles import Role
from tests.browser.driver import settled, sign_in

MEGABYTE = 1024 * 1024
SAID = "Berkas bertanda merah ditolak: lebih besar dari 10 MB, atau bukan jenis yang disebut di atas."
AFTER = "place => getComputedStyle(place, '::after').content"


@pytest.fixture
def checking(page: Page, office: str) -> Page:
    sign_in(settled(page.goto(f"{office}/keaslian") and page), Role.CAMAT)
    return page


def choose(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})


def test_a_file_too_large_or_of_another_kind_is_refused_in_indonesian(checking: Page) -> None:
    place = checking.get_by_test_id("stFileUploaderDropzone")
    choose(checking, "besar.pdf", b"%PDF-1.7" + b"x" * 10 * MEGABYTE)
    expect(checking.locator(".stFileChip[aria-invalid=true]")).to_have_count(1)
    choose(checking, "program.exe", b"MZ")
    expect(checking.locator(".stFileChip[aria-invalid=true]")).to_have_count(2)
    assert place.evaluate(AFTER).strip('"') == SAID
    expect(place.get_by_text("File must be")).to_be_hidden()
    expect(place.get_by_text("are not allowed")).to_be_hidden()


def test_what_a_file_is_decides_its_content_not_its_name(checking: Page) -> None:
    choose(checking, "\u202efdp.exe.pdf", b"MZ\x90\x00 program")
    expect(checking.get_by_role("alert")).to_contain_text("Berkas ini bukan PDF.")


def test_the_server_takes_files_from_its_own_pages_only(checking: Page) -> None:
    with checking.expect_request(lambda request: request.method == "PUT") as sent:
        choose(checking, "laporan.pdf", b"%PDF-1.7 kosong")
    settled(checking)
    request: Request = sent.value
    headers = request.all_headers()
    assert headers["x-xsrftoken"]

    def put(size: int, **changed: str | None) -> int:
        given = {name: value for name, value in {"x-xsrftoken": headers["x-xsrftoken"], **changed}.items() if value}
        part = {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"x" * size}
        return checking.request.put(request.url, headers=given, multipart={"file": part}).status

    assert put(10) == 204
    assert put(10, **{"x-xsrftoken": None}) == 403
    assert put(10, **{"x-xsrftoken": headers["x-xsrftoken"][:-2] + "xx"}) == 403
    assert put(11 * MEGABYTE) == 413
    asked = checking.request.fetch(request.url, method="OPTIONS", headers={"origin": "http://jahat.example"})
    assert asked.headers.get("access-control-allow-origin") not in ("*", "http://jahat.example")


@pytest.mark.parametrize(
    ("origin", "status"),
    [("{address}", 101), ("http://jahat.example", 403), ("null", 403)],
    ids=("own", "other", "null"),
)
def test_no_page_of_somebody_else_talks_to_the_application(office: str, origin: str, status: int) -> None:
    parts = urlsplit(office)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "streamlit"}
    connection.request("GET", "/_stcore/stream", headers={**headers, "Origin": origin.format(address=office)})
    answer = connection.getresponse()
    connection.close()
    assert answer.status == status


@pytest.mark.parametrize("path", ["/", "/pasang?kunci=x", "/_stcore/health", "/media/x", "/kuki"])
def test_no_answer_may_be_framed_guessed_at_or_named_to_others(page: Page, office: str, path: str) -> None:
    headers = page.request.get(f"{office}{path}").headers
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_whoever_asks_for_cookies_without_a_good_code_gets_none(page: Page, office: str) -> None:
    for headers in ({}, {"X-Monev-Kuki": "x" * 43}):
        answer = page.request.post(f"{office}/kuki", headers=headers)
        assert (answer.status, answer.headers.get("set-cookie")) == (204, None)


def test_the_files_of_the_application_are_not_served(office: str) -> None:
    parts = urlsplit(office)
    for path in ("/.streamlit/secrets.toml", "/data/monev.db", "/app/static/app.py", "/../app.py", "/media/../app.py"):
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        assert b"import streamlit" not in body, path
        assert b"SQLite" not in body, path
