"""Google's own description of its API decides which bodies and masks are accepted."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.sheets_server.errors import bad_payload, invalid
from tests.sheets_server.fields import BadMask, Tree, parse

DOCUMENT = "discovery_cache/documents/sheets.v4.json"
INTEGER = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1), "int64": (-(2**63), 2**63 - 1)}


@cache
def schemas() -> dict[str, Any]:
    spec = find_spec("googleapiclient")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("google-api-python-client holds the discovery document and is not installed")
    document = json.loads((Path(spec.submodule_search_locations[0]) / DOCUMENT).read_text("utf-8"))
    found: dict[str, Any] = document["schemas"]
    return found


def without_nulls(value: Any) -> Any:
    """A null in an object is an absent field; a null in a list stays."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [without_nulls(one) for one in value]
    return value


def check_body(schema: str, body: Any, name: str = "") -> dict[str, Any]:
    """The body without its nulls; `name` is the field of Google's request that the body fills.

    Raises:
        ApiError: 400 with Google's words for an unknown field, a wrong type or a value that an enumeration lacks.
    """
    body = without_nulls(body)
    if not isinstance(body, dict):
        raise bad_payload("", 'Invalid JSON payload received. Unknown name "": Root element must be a message.')
    return dict(visit_object(schemas()[schema], body, name))


def visit_object(want: dict[str, Any], got: Any, path: str) -> dict[str, Any]:
    name = want.get("id", "message")
    if not isinstance(got, dict):
        raise bad_value(path, f"type.googleapis.com/google.apps.sheets.v4.{name}", got)
    known = want.get("properties")
    if known is None:
        return got
    for key in got:
        if key not in known:
            place = f" at '{path}'" if path else ""
            raise bad_payload(path, f'Invalid JSON payload received. Unknown name "{key}"{place}: Cannot find field.')
    return {key: visit(known[key], one, joined(path, key)) for key, one in got.items()}


def visit(want: dict[str, Any], got: Any, path: str) -> Any:
    if "$ref" in want:
        want = schemas()[want["$ref"]]
    kind = want.get("type", "any")
    if kind == "object":
        return visit_object(want, got, path)
    if kind == "array":
        return visit_list(want, got, path)
    if kind == "any":
        return got
    return SCALARS[kind](want, got, path)


def visit_list(want: dict[str, Any], got: Any, path: str) -> list[Any]:
    items = want.get("items", {})
    if not isinstance(got, list):
        raise bad_value(path, "type.googleapis.com/google.protobuf.ListValue", got)
    return [visit_item(items, one, f"{path}[{at}]") for at, one in enumerate(got)]


def visit_item(items: dict[str, Any], got: Any, path: str) -> Any:
    if items.get("type") == "array" and not isinstance(got, list):
        raise bad_value(path, "type.googleapis.com/google.protobuf.ListValue", got)
    return visit(items, got, path)


def text(want: dict[str, Any], got: Any, path: str) -> str:
    if want.get("format") in INTEGER and isinstance(got, int):
        return str(got)
    if not isinstance(got, str):
        raise bad_value(path, "TYPE_STRING", got)
    if "enum" in want and got not in want["enum"]:
        raise bad_value(path, "TYPE_ENUM", got)
    return got


def boolean(want: dict[str, Any], got: Any, path: str) -> bool:
    if not isinstance(got, bool):
        raise bad_value(path, "TYPE_BOOL", got)
    return got


def integer(want: dict[str, Any], got: Any, path: str) -> int:
    kind = want.get("format", "int32")
    try:
        number = int(got) if not isinstance(got, bool) and float(got) == int(float(got)) else None
    except (TypeError, ValueError, OverflowError):
        number = None
    low, high = INTEGER[kind]
    if number is None or not low <= number <= high:
        raise bad_value(path, f"TYPE_{kind.upper()}", got)
    return number


def number(want: dict[str, Any], got: Any, path: str) -> float:
    if isinstance(got, bool) or not isinstance(got, int | float):
        raise bad_value(path, "TYPE_DOUBLE", got)
    return got


SCALARS = {"string": text, "boolean": boolean, "integer": integer, "number": number}


def bad_value(path: str, kind: str, got: Any) -> Exception:
    return bad_payload(path, f"Invalid value at '{path}' ({kind}), {json.dumps(got, ensure_ascii=False)}")


def joined(path: str, key: str) -> str:
    return f"{path}.{snake(key)}" if path else snake(key)


@cache
def snake(key: str) -> str:
    """The name of the field in Google's messages."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()


def mask(schema: str, text: str) -> Tree:
    """A mask of the fields of one message.

    Raises:
        BadMask: the text is no mask or names a field that the message lacks.
    """
    tree = parse(text)
    check_mask({"$ref": schema}, tree, text)
    return tree


def check_mask(want: dict[str, Any], tree: Tree, text: str) -> None:
    while "$ref" in want or want.get("type") == "array":
        want = schemas()[want["$ref"]] if "$ref" in want else want.get("items", {})
    known = want.get("properties")
    for name, below in tree.items():
        if name == "*" or (known is None and not want.get("enum")):
            continue
        if known is None or name not in known:
            raise BadMask(text)
        check_mask(known[name], below, text)


def answer_mask(schema: str, text: str) -> Tree:
    """The mask of the parameter `fields`; 400 where it asks for a field that the answer cannot have."""
    try:
        return mask(schema, text)
    except BadMask:
        description = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{text}'."
        kind = "type.googleapis.com/google.rpc.BadRequest"
        violations = [{"field": text, "description": description}]
        raise invalid(
            "Request contains an invalid argument.", [{"@type": kind, "fieldViolations": violations}]
        ) from None
