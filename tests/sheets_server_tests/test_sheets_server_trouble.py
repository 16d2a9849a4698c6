"""Faults, quotas, access, people's edits: what a test can make happen."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.sheets_server.app import listener_on
from tests.sheets_server.control import Control, Edit, Effect, Refused, Server, running_sheets_server
from tests.sheets_server_tests.api import Book, append, area, cells, send, token_of, write

APPLIED = {Effect.UNAVAILABLE_AFTER, Effect.RESET_AFTER, Effect.HALF_ANSWER, Effect.DELAY, Effect.SLOW_ANSWER}
BROKEN = {Effect.RESET, Effect.RESET_AFTER, Effect.HALF_ANSWER}
STATUS = {
    Effect.TOO_MANY: 429,
    Effect.HTML_500: 500,
    Effect.INTERNAL: 500,
    Effect.UNAVAILABLE: 503,
    Effect.UNAVAILABLE_AFTER: 503,
    Effect.EXPIRED: 401,
    Effect.FORBIDDEN: 403,
    Effect.DISABLED: 403,
    Effect.STORAGE_FULL: 403,
    Effect.XLSX: 400,
    Effect.BAD_KEY: 400,
    Effect.DELAY: 200,
    Effect.SLOW_ANSWER: 200,
}


@pytest.mark.parametrize("effect", Effect)
def test_a_write_is_applied_or_not_as_the_fault_says(book: Book, effect: Effect) -> None:
    book.control.fault("batchUpdate", effect, seconds=0.01)
    if effect in BROKEN:
        with pytest.raises((OSError, HTTPException)):
            book.batch(append(cells("x")))
    else:
        assert book.batch(append(cells("x"))).status == STATUS[effect]
    assert book.values("Sheet1") == ([["x"]] if effect in APPLIED else [])


def test_a_fault_strikes_as_often_as_it_says(book: Book) -> None:
    book.control.fault("values.*", Effect.UNAVAILABLE, times=2, skip=1)
    statuses = [book.send("GET", "/values/A1").status for _ in range(5)]
    assert statuses == [200, 503, 503, 200, 200]


def test_a_fault_of_writes_leaves_reads_alone(book: Book) -> None:
    book.control.fault("write", Effect.UNAVAILABLE, times=None)
    assert book.send("GET", "/values/A1").status == 200
    assert [book.batch(append(cells(n))).status for n in range(3)] == [503] * 3
    book.control.heal()
    assert book.batch(append(cells(1))).status == 200


def test_chance_repeats_itself_with_the_same_seed(book: Book) -> None:
    def statuses(seed: int) -> list[int]:
        book.control.heal()
        book.control.fault("read", Effect.UNAVAILABLE, Effect.INTERNAL, times=None, probability=0.3, seed=seed)
        return [book.send("GET", "/values/A1").status for _ in range(40)]

    first = statuses(7)
    assert statuses(7) == first
    assert set(first) == {200, 500, 503}


def test_a_quota_answers_429_with_google_s_details_until_the_minute_is_over(book: Book) -> None:
    book.control.advance(0)
    book.control.quota(3)
    assert [book.send("GET", "/values/A1").status for _ in range(4)] == [200, 200, 200, 429]
    assert book.batch(append(cells(1))).status == 200
    error = book.send("GET", "/values/A1").error
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert error["details"][0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    book.control.advance(60)
    assert book.send("GET", "/values/A1").status == 200


def test_writes_have_a_quota_of_their_own(book: Book) -> None:
    book.control.advance(0)
    book.control.quota(1)
    book.batch(append(cells(1)))
    reply = book.batch(append(cells(2)))
    assert reply.message.startswith("Quota exceeded for quota metric 'Write requests'")
    assert book.values("Sheet1") == [[1]]


def test_requests_are_counted_by_kind(book: Book) -> None:
    book.control.forget()
    book.control.fault("batchUpdate", Effect.UNAVAILABLE)
    book.batch(append(cells(1)))
    book.batch(append(cells(2)))
    book.values("A1")
    assert book.control.counts() == {"batchUpdate": 2, "writes": 2, "values.get": 1, "reads": 1}
    assert [one["effect"] for one in book.control.log()] == ["503", None, None]


def test_a_token_is_needed_and_may_expire(book: Book) -> None:
    assert send(book.base, "GET", f"/v4/spreadsheets/{book.id}").status == 401
    book.control.expire_tokens()
    assert book.send("GET").error["status"] == "UNAUTHENTICATED"
    assert Book(book.base, book.control, book.id, token_of(book.base)).send("GET").status == 200


def test_a_reader_reads_and_cannot_write(book: Book) -> None:
    book.control.share(book.id, "reader")
    assert book.send("GET").status == 200
    reply = book.batch(append(cells(1)))
    assert (reply.status, reply.message) == (403, "The caller does not have permission")


def test_a_sheet_that_is_not_shared_is_forbidden_and_an_unknown_one_is_not_found(book: Book) -> None:
    book.control.share(book.id, "none")
    assert book.send("GET").status == 403
    other = Book(book.base, book.control, "tidak-ada", book.token).send("GET")
    assert (other.status, other.message) == (404, "Requested entity was not found.")


def test_an_xlsx_in_drive_is_no_sheet(book: Book) -> None:
    book.control.make_xlsx(book.id)
    reply = book.send("GET")
    assert (reply.status, reply.error["status"]) == (400, "FAILED_PRECONDITION")


def test_the_api_can_be_switched_off(book: Book) -> None:
    book.control.disable_api()
    reply = book.send("GET")
    assert reply.status == 403
    assert reply.error["details"][0]["reason"] == "SERVICE_DISABLED"


def test_google_s_address_for_regional_boundaries_answers_404(server: Server) -> None:
    path = "/v1/projects/-/serviceAccounts/a@b/allowedLocations"
    assert send(server.base, "GET", path).status == 404


def test_what_is_not_known_here_answers_501(book: Book) -> None:
    assert book.send("POST", ":getByDataFilter", {}).status == 501
    assert send(book.base, "GET", "/v4/etwas").error["status"] == "UNIMPLEMENTED"


def test_people_type_sort_insert_and_rename(office: Book) -> None:
    office.update("A1:B3", [["id", "nilai"], ["a", 1], ["b", 2]])
    office.control.human(
        office.id,
        Edit.type("Sheet1", "B2", "1,5"),
        Edit.sort("Sheet1", "A", descending=True),
        Edit.insert_rows("Sheet1", before=2),
        Edit.insert_columns("Sheet1", before="A"),
        Edit.duplicate_row("Sheet1", 4),
        Edit.rename_tab("Sheet1", "Isian"),
    )
    assert office.values("Isian") == [["", "id", "nilai"], [], ["", "b", 2], ["", "a", 1.5], ["", "a", 1.5]]


def test_people_delete_move_and_merge(office: Book) -> None:
    office.update("A1:C3", [["id", "x", "nilai"], ["a", "x", 1], ["b", "x", 2]])
    office.control.human(
        office.id,
        Edit.delete_columns("Sheet1", "B"),
        Edit.move_columns("Sheet1", "A", before="C"),
        Edit.delete_rows("Sheet1", 2),
        Edit.merge("Sheet1", "A1:B1"),
    )
    assert office.values("Sheet1") == [["nilai"], [2, "b"]]
    assert len(office.sheet()["merges"]) == 1


def test_people_edit_between_two_requests(office: Book) -> None:
    office.update("A1:B2", [["id", "nilai"], ["a", 1]])
    office.control.human_before("batchUpdate", office.id, Edit.insert_rows("Sheet1", before=2))
    office.batch(write(1, 1, cells(99)))
    office.batch(write(1, 0, cells("kedua")))
    assert office.values("Sheet1") == [["id", "nilai"], ["kedua", 99], ["a", 1]]


def test_an_edit_that_cannot_be_done_says_so(office: Book) -> None:
    with pytest.raises(Refused, match="No tab Tidak ada"):
        office.control.human(office.id, Edit.delete_tab("Tidak ada"))


def test_a_restarted_server_has_the_same_sheets(tmp_path: Path) -> None:
    data = tmp_path / "sheets.json"
    with running_sheets_server(data) as first:
        file_id = first.control.create("Monev")
        book = Book(first.base, first.control, file_id, token_of(first.base))
        merge = {"mergeCells": {"range": area(3, 0, 4, 2), "mergeType": "MERGE_ALL"}}
        book.batch(write(0, 0, cells("id", 1.5, True)), merge)
        before = book.get()
    with running_sheets_server(data) as second:
        book = Book(second.base, second.control, file_id, token_of(second.base))
        assert book.get() == before
        assert book.values("Sheet1") == [["id", 1.5, True]]


def test_a_killed_server_has_lost_nothing_that_it_confirmed(tmp_path: Path) -> None:
    data = tmp_path / "sheets.json"
    with process(data) as (base, first):
        file_id = Control(base).create("Monev")
        Book(base, Control(base), file_id, token_of(base)).batch(append(cells("a")))
        first.kill()
        first.wait()
    with process(data) as (base, _):
        assert Book(base, Control(base), file_id, token_of(base)).values("Sheet1") == [["a"]]


@contextmanager
def process(data: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "tests.sheets_server", "--port", "0", "--data", str(data)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield child.stdout.readline().strip(), child
        finally:
            child.kill()


def test_answers_do_not_wait_for_delayed_acknowledgements() -> None:
    """asyncio switches TCP_NODELAY on only for sockets that name TCP."""
    with listener_on(0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_slow_request_does_not_hold_up_the_others(book: Book) -> None:
    book.control.fault("batchUpdate", Effect.DELAY, seconds=30)
    connection = HTTPConnection(urlsplit(book.base).netloc, timeout=10)
    path = f"/v4/spreadsheets/{book.id}:batchUpdate"
    body = json.dumps({"requests": [append(cells("lambat"))]})
    connection.request("POST", path, body, {"Authorization": f"Bearer {book.token}"})
    while not book.control.counts().get("batchUpdate"):
        pass
    assert book.batch(append(cells("cepat"))).status == 200
    assert book.values("Sheet1") == [["cepat"]]
    connection.close()
