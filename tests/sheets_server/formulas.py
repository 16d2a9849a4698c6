"""Arithmetic of formulas, as far as tests need it: operators, references and a few functions."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.sheets_server.a1 import parse_cells, split_title

Value = float | str | bool | None
Lookup = Callable[[str | None, int, int], "Value | Problem"]
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<ref>(?:'(?:[^']|'')*'!|[A-Za-z_]\w*!)?\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?(?![\w(]))"
    r"|(?P<name>[A-Za-z_][\w.]*)|(?P<op><=|>=|<>|[-+*/^&=<>(),;%]))"
)
PROBLEMS = {
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
    "#ERROR!": "ERROR",
}


@dataclass(frozen=True, slots=True)
class Problem(Exception):
    """An error value such as #DIV/0!."""

    sign: str

    def json(self) -> dict[str, Any]:
        return {"errorValue": {"type": PROBLEMS[self.sign], "message": f"Formula parse or evaluation: {self.sign}"}}


def evaluate(formula: str, lookup: Lookup) -> Value | Problem:
    try:
        parser = Parser(formula[1:], lookup)
        value = parser.comparison()
        parser.finish()
        return finite(one(value))
    except Problem as problem:
        return problem
    except RecursionError:
        return Problem("#REF!")
    except ZeroDivisionError:
        return Problem("#DIV/0!")
    except OverflowError:
        return Problem("#NUM!")
    except (IndexError, ValueError):
        return Problem("#N/A")


def finite(value: Value) -> Value:
    """An empty cell counts as 0; what is no real number is an error."""
    if isinstance(value, complex) or (isinstance(value, float) and not math.isfinite(value)):
        raise Problem("#NUM!")
    return 0 if value is None else value


def one(value: Any) -> Value:
    return value[0] if isinstance(value, list) and value else value if not isinstance(value, list) else None


class Parser:
    def __init__(self, text: str, lookup: Lookup) -> None:
        self.tokens = list(self.split(text))
        self.at = 0
        self.lookup = lookup

    @staticmethod
    def split(text: str) -> Iterable[tuple[str, str]]:
        at, end = 0, len(text.rstrip())
        while at < end:
            found = TOKEN.match(text, at)
            if not found or not found.lastgroup:
                raise Problem("#ERROR!")
            yield found.lastgroup, found[found.lastgroup]
            at = found.end()

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if token in wanted and token:
            self.at += 1
            return token
        return ""

    def finish(self) -> None:
        if self.at < len(self.tokens):
            raise Problem("#ERROR!")

    def comparison(self) -> Any:
        left = self.joined()
        while op := self.take("=", "<>", "<", ">", "<=", ">="):
            left = compare(op, one(left), one(self.joined()))
        return left

    def joined(self) -> Any:
        left = self.total()
        while self.take("&"):
            left = as_text(one(left)) + as_text(one(self.total()))
        return left

    def total(self) -> Any:
        left = self.product()
        while op := self.take("+", "-"):
            right = as_number(one(self.product()))
            left = as_number(one(left)) + (right if op == "+" else -right)
        return left

    def product(self) -> Any:
        left = self.power()
        while op := self.take("*", "/"):
            right = as_number(one(self.power()))
            if op == "/" and right == 0:
                raise Problem("#DIV/0!")
            left = as_number(one(left)) * right if op == "*" else as_number(one(left)) / right
        return left

    def power(self) -> Any:
        left = self.unary()
        while self.take("^"):
            left = finite(as_number(one(left)) ** as_number(one(self.unary())))
        return left

    def unary(self) -> Any:
        if op := self.take("-", "+"):
            value = as_number(one(self.unary()))
            return -value if op == "-" else value
        value = self.atom()
        while self.take("%"):
            value = as_number(one(value)) / 100
        return value

    def atom(self) -> Any:
        if self.take("("):
            value = self.comparison()
            self.expect(")")
            return value
        if self.at >= len(self.tokens):
            raise Problem("#ERROR!")
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(token)
        if kind == "text":
            return token[1:-1].replace('""', '"')
        if kind == "ref":
            return self.reference(token)
        if kind == "name":
            return self.call(token)
        raise Problem("#ERROR!")

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise Problem("#ERROR!")

    def reference(self, token: str) -> Any:
        title, rest = split_title(token)
        cells = parse_cells(rest or "")
        if cells is None or cells.top is None or cells.left is None:
            raise Problem("#REF!")
        box = cells.within(cells.top + 1, cells.left + 1)
        found = [
            self.lookup(title, row, column)
            for row in range(box.top, box.bottom)
            for column in range(box.left, box.right)
        ]
        for value in found:
            if isinstance(value, Problem):
                raise value
        return found[0] if cells.single else found

    def call(self, name: str) -> Any:
        upper = name.upper()
        if upper in {"TRUE", "FALSE"} and self.peek() != "(":
            return upper == "TRUE"
        if self.peek() != "(":
            raise Problem("#NAME?")
        self.take("(")
        if upper == "IFERROR":
            return self.guarded()
        arguments: list[Any] = []
        while self.peek() != ")":
            arguments.append(self.comparison())
            if not self.take(",", ";"):
                break
        self.expect(")")
        if upper not in FUNCTIONS:
            raise Problem("#NAME?")
        return FUNCTIONS[upper](arguments)

    def guarded(self) -> Any:
        start = self.at
        try:
            value = self.comparison()
        except Problem:
            value = self.after_problem(start)
        else:
            while self.at < len(self.tokens) and self.peek() != ")":
                self.at += 1
        self.expect(")")
        return value

    def after_problem(self, start: int) -> Any:
        depth, self.at = 0, start
        while self.at < len(self.tokens):
            token = self.peek()
            if depth == 0 and token in {",", ";"}:
                self.at += 1
                return self.comparison()
            if depth == 0 and token == ")":
                return None
            depth += (token == "(") - (token == ")")
            self.at += 1
        raise Problem("#ERROR!")


def as_number(value: Value) -> float:
    if value is None or value == "":
        return 0
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise Problem("#VALUE!") from None
    return value


def as_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}" if isinstance(value, float | int) else value


COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def compare(op: str, left: Value, right: Value) -> bool:
    if isinstance(left, str) != isinstance(right, str):
        left, right = as_text(left), as_text(right)
    a: Any = left if left is not None else 0
    b: Any = right if right is not None else 0
    return bool(COMPARISONS[op](a, b))


def flat(arguments: list[Any]) -> list[Value]:
    return [value for one in arguments for value in (one if isinstance(one, list) else [one])]


def numbers(arguments: list[Any]) -> list[float]:
    return [value for value in flat(arguments) if isinstance(value, int | float) and not isinstance(value, bool)]


def average(arguments: list[Any]) -> float:
    found = numbers(arguments)
    if not found:
        raise Problem("#DIV/0!")
    return sum(found) / len(found)


def missing(arguments: list[Any]) -> Value:
    raise Problem("#N/A")


FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": lambda arguments: sum(numbers(arguments)),
    "AVERAGE": average,
    "MIN": lambda arguments: min(numbers(arguments), default=0),
    "MAX": lambda arguments: max(numbers(arguments), default=0),
    "COUNT": lambda arguments: len(numbers(arguments)),
    "COUNTA": lambda arguments: len([value for value in flat(arguments) if value is not None]),
    "IF": lambda a: a[1] if one(a[0]) else (a[2] if len(a) > 2 else False),
    "ROUND": lambda a: round(as_number(one(a[0])), int(as_number(one(a[1]))) if len(a) > 1 else 0),
    "CONCATENATE": lambda arguments: "".join(as_text(value) for value in flat(arguments)),
    "NA": missing,
}
