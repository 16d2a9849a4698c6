"""The service itself: spreadsheets, access, and one answer for each request. Every request is applied whole or not."""

from __future__ import annotations

import base64
import json
import math
import random
import string
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.sheets_server import batch, errors, values
from tests.sheets_server.answers import Answer, error_answer, json_answer
from tests.sheets_server.discovery import answer_mask, check_body
from tests.sheets_server.drive import Drive
from tests.sheets_server.errors import ApiError, unimplemented
from tests.sheets_server.faults import Clock, Fault, Quota
from tests.sheets_server.fields import Tree, select
from tests.sheets_server.model import Json, Spreadsheet, copied, new_spreadsheet
from tests.sheets_server.reading import properties_json, spreadsheet_json
from tests.sheets_server.routes import Call

ROBOT = "monev@proyek-uji.iam.gserviceaccount.com"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
TOKEN_SECONDS = 3599
EXACT_DIGITS = 16
"""Longer whole numbers become doubles, as all numbers in a cell are."""
ALPHABET = string.ascii_letters + string.digits + "-_"


class Google:
    """State of the server. All methods run in one thread, one request after the other."""

    def __init__(self, data: Path | None = None) -> None:
        self.books: dict[str, Spreadsheet] = {}
        self.tokens: dict[str, str] = {}
        self.clock = Clock(time.time)
        self.quota = Quota(self.clock)
        self.faults: list[Fault] = []
        self.hooks: list[tuple[str, Callable[[], None]]] = []
        self.api_disabled = False
        self.counts: Counter[str] = Counter()
        self.log: deque[Json] = deque(maxlen=20_000)
        self.data = data
        self.drive = Drive(self)
        if data is not None and data.exists():
            stored = json.loads(data.read_text("utf-8"))
            self.books = {one["id"]: Spreadsheet.from_json(one) for one in stored["spreadsheets"]}

    # ---- state

    def save(self) -> None:
        if self.data is None:
            return
        text = json.dumps({"spreadsheets": [one.to_json() for one in self.books.values()]})
        aside = self.data.with_name(self.data.name + ".new")
        aside.write_text(text, "utf-8")
        aside.replace(self.data)

    def new_book(self, title: str, owner: str, file_id: str = "") -> Spreadsheet:
        book = new_spreadsheet(file_id or "1" + "".join(random.choices(ALPHABET, k=43)), title)
        book.owner = owner
        book.created = book.modified = self.stamp()
        return book

    def keep(self, book: Spreadsheet) -> None:
        """The draft becomes the spreadsheet."""
        book.modified = self.stamp(book.modified)
        self.books[book.id] = book
        self.save()

    def stamp(self, after: str = "") -> str:
        now = datetime.now(UTC)
        text = rfc3339(now)
        return text if text > after else rfc3339(datetime.fromisoformat(after) + timedelta(milliseconds=1))

    def today(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def author(self, user: str) -> values.Author:
        return values.Author(user, self.today().date())

    # ---- requests

    def answer(self, call: Call) -> Answer:
        """The answer to a request that no fault has struck."""
        try:
            return self.served(call)
        except ApiError as error:
            return error_answer(error)
        except Exception:
            traceback.print_exc()
            return error_answer(ApiError(500, "Internal error encountered."))

    def served(self, call: Call) -> Answer:
        if call.kind == "token":
            return self.token(call)
        if call.kind == "other":
            raise errors.not_found() if "allowedLocations" in call.path else unimplemented(f"{call.method} {call.path}")
        user = self.user(call)
        if call.write is not None:
            if self.api_disabled:
                raise errors.service_disabled()
            self.quota.admit(user, call.write)
        self.run_hooks(call)
        if call.kind.startswith("drive."):
            return self.drive.answer(call, user)
        return self.sheets(call, user)

    def token(self, call: Call) -> Answer:
        form = parse_qs(call.body.decode("utf-8", "replace"))
        token = "ya29." + "".join(random.choices(ALPHABET, k=40))
        self.tokens[token] = claimed_user(form.get("assertion", [""])[0])
        return json_answer({"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"})

    def user(self, call: Call) -> str:
        if call.token not in self.tokens:
            raise errors.unauthenticated()
        return self.tokens[call.token]

    def run_hooks(self, call: Call) -> None:
        due = [hook for hook in self.hooks if hook[0] == call.kind]
        for hook in due:
            self.hooks.remove(hook)
            hook[1]()

    def book(self, file_id: str, user: str, write: bool) -> Spreadsheet:
        found = self.books.get(file_id)
        if found is None:
            raise errors.not_found()
        role = found.roles.get(user, found.roles.get("*", "writer"))
        if role == "none" or (write and role == "reader"):
            raise errors.forbidden()
        if found.mime_type != SPREADSHEET:
            raise errors.not_a_sheet()
        return found

    def sheets(self, call: Call, user: str) -> Answer:
        if call.kind == "create":
            return json_answer(self.create(call, user))
        handler = SHEETS.get(call.kind)
        if handler is None:
            raise unimplemented(call.kind)
        book = self.book(call.file_id, user, bool(call.write))
        if not call.write:
            return json_answer(masked(handler(self, book, call, user), call, ANSWERS[call.kind]))
        draft = book.copy()
        reply = handler(self, draft, call, user)
        result = json_answer(masked(reply, call, ANSWERS[call.kind]))
        self.keep(draft)
        return result

    def create(self, call: Call, user: str) -> Json:
        body = check_body("Spreadsheet", json_body(call))
        given = body.get("properties", {})
        book = self.new_book(given.get("title", "Untitled spreadsheet"), user)
        book.props.update({key: given[key] for key in ("locale", "timeZone") if key in given})
        if body.get("sheets"):
            book.sheets = []
            requests = [{"addSheet": {"properties": one.get("properties", {})}} for one in body["sheets"]]
            batch.apply(book, requests, self.author(user))
        self.keep(book)
        return spreadsheet_json(book, url_of(book), [], False, None)


def claimed_user(assertion: str) -> str:
    """The `iss` of the signed request for a token; signatures are not checked."""
    with suppress(ValueError, IndexError, AttributeError):
        part = assertion.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return str(claims.get("iss", ROBOT))
    return ROBOT


def rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def url_of(book: Spreadsheet) -> str:
    return f"https://docs.google.com/spreadsheets/d/{book.id}/edit"


def json_body(call: Call) -> Any:
    """Raises 400 where the body is no JSON, or holds a number that no double can hold."""
    if not call.body.strip():
        return {}

    def constant(text: str) -> float:
        raise ValueError(text)

    def number(text: str) -> float:
        value = float(text)
        if math.isinf(value):
            raise ValueError(text)
        return value

    def whole(text: str) -> float:
        return int(text) if len(text) < EXACT_DIGITS else number(text)

    try:
        return json.loads(call.body, parse_constant=constant, parse_float=number, parse_int=whole)
    except ValueError as error:
        raise errors.bad_payload("", f"Invalid JSON payload received. Unexpected token.\n{error}") from None


def truth(text: str) -> bool:
    return text.lower() == "true"


def masked(answer: Json, call: Call, schema: str) -> Json:
    tree = tree_of(call, schema)
    return answer if tree is None else select(answer, tree)


def tree_of(call: Call, schema: str) -> Tree | None:
    text = call.one("fields")
    return answer_mask(schema, text) if text else None


def checked_query(call: Call) -> Json:
    """The options of a values request; 400 for a value that Google does not know."""
    query = {name: call.one(name) for name in call.query or {}}
    for name, known in OPTIONS.items():
        if query.get(name) and query[name] not in known:
            raise errors.bad_payload(name, f"Invalid value at '{name}' (TYPE_ENUM), {json.dumps(query[name])}")
    return query


RENDER = {"FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"}
DATES = {"SERIAL_NUMBER", "FORMATTED_STRING"}
OPTIONS = {
    "valueRenderOption": RENDER,
    "responseValueRenderOption": RENDER,
    "dateTimeRenderOption": DATES,
    "responseDateTimeRenderOption": DATES,
    "majorDimension": {"ROWS", "COLUMNS", "DIMENSION_UNSPECIFIED"},
    "valueInputOption": {"RAW", "USER_ENTERED", "INPUT_VALUE_OPTION_UNSPECIFIED"},
    "insertDataOption": {"OVERWRITE", "INSERT_ROWS"},
}


def get(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    tree = tree_of(call, "Spreadsheet")
    return spreadsheet_json(book, url_of(book), call.all("ranges"), truth(call.one("includeGridData")), tree)


def batch_update(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    body = check_body("BatchUpdateSpreadsheetRequest", json_body(call))
    replies = batch.apply(book, body.get("requests", []), google.author(user))
    answer: Json = {"spreadsheetId": book.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        grid = body.get("responseIncludeGridData", False)
        ranges = body.get("responseRanges", [])
        tree = tree_of(call, "BatchUpdateSpreadsheetResponse")
        below = tree.get("updatedSpreadsheet") if tree else None
        answer["updatedSpreadsheet"] = spreadsheet_json(book, url_of(book), ranges, grid, below)
    return answer


def values_get(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    return values.get(book, call.rest, checked_query(call))


def values_batch_get(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    return values.batch_get(book, call.all("ranges"), checked_query(call))


def values_update(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    body = check_body("ValueRange", json_body(call), "data")
    return values.update(book, call.rest, body, checked_query(call), google.author(user))


def values_append(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    body = check_body("ValueRange", json_body(call), "data")
    return values.append(book, call.rest, body, checked_query(call), google.author(user))


def values_batch_update(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    body = check_body("BatchUpdateValuesRequest", json_body(call))
    return values.batch_update(book, body, google.author(user))


def values_clear(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    check_body("ClearValuesRequest", json_body(call))
    return {"spreadsheetId": book.id, "clearedRange": values.clear(book, call.rest, google.author(user))}


def values_batch_clear(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    body = check_body("BatchClearValuesRequest", json_body(call))
    cleared = [values.clear(book, text, google.author(user)) for text in body.get("ranges", [])]
    return {"spreadsheetId": book.id, **({"clearedRanges": cleared} if cleared else {})}


def metadata_get(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    hits = batch.metadata_found(book, [{"developerMetadataLookup": {"metadataId": int(call.rest)}}])
    if not hits:
        raise errors.not_found()
    return hits[0][1]


def metadata_search(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    body = check_body("SearchDeveloperMetadataRequest", json_body(call))
    filters = body.get("dataFilters", [])
    hits = batch.metadata_found(book, filters)
    return {"matchedDeveloperMetadata": [{"developerMetadata": one, "dataFilters": filters} for _, one in hits]}


def copy_to(google: Google, book: Spreadsheet, call: Call, user: str) -> Json:
    body = check_body("CopySheetToAnotherSpreadsheetRequest", json_body(call))
    source = book.by_id(int(call.rest))
    if source is None:
        raise errors.not_found()
    same = body.get("destinationSpreadsheetId") == book.id
    target = book if same else google.book(body.get("destinationSpreadsheetId", ""), user, True).copy()
    draft = batch.Draft(target, google.author(user))
    copy = batch.copied_sheet(draft, source, draft.new_id(), batch.copy_title(target, source.title))
    target.sheets.append(copy)
    if not same:
        google.keep(target)
    return copied(properties_json(copy, len(target.sheets) - 1))  # type: ignore[no-any-return]


Handler = Callable[[Google, Spreadsheet, Call, str], Json]
SHEETS: dict[str, Handler] = {
    "get": get,
    "batchUpdate": batch_update,
    "values.get": values_get,
    "values.batchGet": values_batch_get,
    "values.update": values_update,
    "values.batchUpdate": values_batch_update,
    "values.append": values_append,
    "values.clear": values_clear,
    "values.batchClear": values_batch_clear,
    "developerMetadata.get": metadata_get,
    "developerMetadata.search": metadata_search,
    "sheets.copyTo": copy_to,
}
ANSWERS = {
    "get": "Spreadsheet",
    "batchUpdate": "BatchUpdateSpreadsheetResponse",
    "values.get": "ValueRange",
    "values.batchGet": "BatchGetValuesResponse",
    "values.update": "UpdateValuesResponse",
    "values.batchUpdate": "BatchUpdateValuesResponse",
    "values.append": "AppendValuesResponse",
    "values.clear": "ClearValuesResponse",
    "values.batchClear": "BatchClearValuesResponse",
    "developerMetadata.get": "DeveloperMetadata",
    "developerMetadata.search": "SearchDeveloperMetadataResponse",
    "sheets.copyTo": "SheetProperties",
}
