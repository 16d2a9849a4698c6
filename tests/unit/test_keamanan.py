"""docs/keamanan.md promises nothing without a test that shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "keamanan.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT)


def test_every_promise_names_its_test() -> None:
    promises = [
        line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith(("| ---", "| Janji"))
    ]
    assert len(promises) > 15
    assert [line for line in promises if "`tests/" not in line] == []


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
