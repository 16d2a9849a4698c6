"""Drive v3, as far as gspread and the office use it: files, their times, access, comments, CSV in and out."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from tests.sheets_server import values
from tests.sheets_server.answers import Answer, json_answer
from tests.sheets_server.errors import DriveError, file_not_found, unimplemented
from tests.sheets_server.fields import BadMask, parse, select
from tests.sheets_server.model import Json, Spreadsheet
from tests.sheets_server.reading import Eyes, Place, grid_values
from tests.sheets_server.routes import Call

if TYPE_CHECKING:
    from tests.sheets_server.google import Google

DEFAULT_FIELDS = {
    "list": "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)",
    "one": "kind,id,name,mimeType",
}
CONDITION = re.compile(
    r"""^\s*(\w+)\s*(=|!=|contains)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(true|false))\s*$"""
)


class Drive:
    def __init__(self, google: Google) -> None:
        self.google = google

    def answer(self, call: Call, user: str) -> Answer:
        handler = getattr(self, "on_" + call.kind.removeprefix("drive."), None)
        if handler is None:
            raise unimplemented(call.kind)
        found: Answer = handler(call, user)
        return found

    def book(self, call: Call, user: str, write: bool = False) -> Spreadsheet:
        found = self.google.books.get(call.file_id)
        role = found.roles.get(user, found.roles.get("*", "writer")) if found else "none"
        if found is None or role == "none":
            raise file_not_found(call.file_id)
        if write and role == "reader":
            message = "The user does not have sufficient permissions for this file."
            raise DriveError(403, message, "insufficientFilePermissions")
        return found

    def file_json(self, book: Spreadsheet) -> Json:
        return {
            "kind": "drive#file",
            "id": book.id,
            "name": book.props["title"],
            "mimeType": book.mime_type,
            "createdTime": book.created,
            "modifiedTime": book.modified,
            "trashed": False,
            "owners": [{"kind": "drive#user", "emailAddress": book.owner}],
        }

    def reply(self, value: Json, call: Call, default: str) -> Answer:
        try:
            return json_answer(select(value, parse(call.one("fields") or default)))
        except BadMask:
            raise DriveError(400, f"Invalid field selection {call.one('fields')}", "invalidParameter") from None

    def on_create(self, call: Call, user: str) -> Answer:
        body = body_of(call)
        book = self.google.new_book(body.get("name", "Untitled"), user)
        book.mime_type = body.get("mimeType", book.mime_type)
        self.google.keep(book)
        return self.reply(self.file_json(book), call, DEFAULT_FIELDS["one"])

    def on_get(self, call: Call, user: str) -> Answer:
        return self.reply(self.file_json(self.book(call, user)), call, DEFAULT_FIELDS["one"])

    def on_update(self, call: Call, user: str) -> Answer:
        book = self.book(call, user, write=True).copy()
        book.props = {**book.props, "title": body_of(call).get("name", book.props["title"])}
        self.google.keep(book)
        return self.reply(self.file_json(book), call, DEFAULT_FIELDS["one"])

    def on_list(self, call: Call, user: str) -> Answer:
        books = [book for book in self.google.books.values() if book.roles.get(user, book.roles.get("*")) != "none"]
        wanted = [book for book in books if matches(self.file_json(book), call.one("q"))]
        newest = sorted(wanted, key=lambda book: book.modified, reverse=True)
        files = [self.file_json(book) for book in newest]
        found = {"kind": "drive#fileList", "incompleteSearch": False, "files": files}
        return self.reply(found, call, DEFAULT_FIELDS["list"])

    def on_delete(self, call: Call, user: str) -> Answer:
        del self.google.books[self.book(call, user, write=True).id]
        self.google.save()
        return Answer(204)

    def on_copy(self, call: Call, user: str) -> Answer:
        source, body = self.book(call, user), body_of(call)
        empty = self.google.new_book("", user)
        book = source.copy()
        book.id, book.created, book.modified, book.owner = empty.id, empty.created, empty.modified, user
        book.roles = {}
        book.props["title"] = body.get("name", f"Copy of {source.props['title']}")
        self.google.keep(book)
        return self.reply(self.file_json(book), call, DEFAULT_FIELDS["one"])

    def on_export(self, call: Call, user: str) -> Answer:
        book, kind = self.book(call, user), call.one("mimeType")
        if kind == "text/csv":
            return Answer(200, csv_of(book).encode(), "text/csv")
        if kind == "application/pdf":
            return Answer(200, b"%PDF-1.4\n%%EOF\n", "application/pdf")
        raise unimplemented(f"export as {kind}")

    def on_upload(self, call: Call, user: str) -> Answer:
        if "csv" not in call.content_type or not call.file_id:
            raise unimplemented("upload of anything but CSV into a spreadsheet")
        old = self.book(call, user, write=True)
        rows = list(csv.reader(io.StringIO(call.body.decode("utf-8-sig"))))
        book = self.google.new_book(old.props["title"], old.owner, old.id)
        book.created, book.roles = old.created, old.roles
        sheet = book.sheets[0]
        sheet.resize(max(len(rows), 1), max([len(row) for row in rows] + [1]))
        query = {"valueInputOption": "USER_ENTERED"}
        values.update(book, "Sheet1!A1", {"values": rows}, query, self.google.author(user))
        self.google.keep(book)
        return self.reply({**self.file_json(book), "title": book.props["title"]}, call, "id,title,mimeType")

    def on_permissions(self, call: Call, user: str) -> Answer:
        book = self.book(call, user, write=call.method != "GET").copy()
        if call.method == "POST":
            body = body_of(call)
            book.roles[body.get("emailAddress", "*")] = body.get("role", "reader")
            self.google.keep(book)
            return json_answer({"kind": "drive#permission", "id": body.get("emailAddress", "anyone"), **body})
        if call.method == "DELETE":
            book.roles.pop(call.rest, None)
            self.google.keep(book)
            return Answer(204)
        found = {"kind": "drive#permissionList", "permissions": permissions_json(book)}
        return self.reply(found, call, "kind,permissions")

    def on_comments(self, call: Call, user: str) -> Answer:
        self.book(call, user)
        if call.method != "GET":
            raise unimplemented("writing comments")
        return self.reply({"kind": "drive#commentList", "comments": []}, call, "kind,comments")


def permissions_json(book: Spreadsheet) -> list[Json]:
    owner = {"kind": "drive#permission", "id": book.owner, "type": "user", "emailAddress": book.owner, "role": "owner"}
    others = [
        {"kind": "drive#permission", "id": user, "type": "user", "emailAddress": user, "role": role}
        for user, role in book.roles.items()
        if role != "none" and user != "*"
    ]
    return [owner, *others]


def body_of(call: Call) -> Json:
    try:
        body: Any = json.loads(call.body or b"{}")
    except ValueError:
        raise DriveError(400, "Parse Error", "parseError") from None
    return body if isinstance(body, dict) else {}


def matches(file: Json, q: str) -> bool:
    """Conditions of the parameter q, joined by `and`."""
    for condition in re.split(r"\s+and\s+(?=\w+\s*(?:=|!=|contains|in))", q) if q.strip() else []:
        found = CONDITION.match(condition)
        if not found:
            raise unimplemented(f"the search {condition}")
        name, op, double, single, flag = found.groups()
        text = re.sub(r"\\(.)", r"\1", double if double is not None else single or "")
        wanted: Any = flag == "true" if flag else text
        here = file.get(name)
        if not {"=": here == wanted, "!=": here != wanted, "contains": str(wanted).lower() in str(here).lower()}[op]:
            return False
    return True


def csv_of(book: Spreadsheet) -> str:
    sheet = book.first()
    rows = grid_values(Eyes(book), Place(sheet, sheet.whole, False), "FORMATTED_VALUE", "SERIAL_NUMBER")
    while rows and not rows[-1]:
        rows.pop()
    width = max(map(len, rows), default=0)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(row + [""] * (width - len(row)) for row in rows)
    return out.getvalue().removesuffix("\r\n")
