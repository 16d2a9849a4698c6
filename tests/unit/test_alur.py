"""The picture of the process in the docs is the one that the table of transitions gives."""

from __future__ import annotations

import re

import pytest

from services.domain.process import TRANSITIONS
from services.domain.sop import STEP_COUNT
from tools import alur


def test_the_page_in_the_docs_is_the_one_made_from_the_table() -> None:
    assert alur.PAGE.read_text("utf-8") == alur.document()


def test_the_diagram_shows_every_step_and_the_return_from_11_to_10() -> None:
    shown = re.findall(r'state "(\d+)\. [^"(]+" as L\d+$', alur.document(), re.MULTILINE)
    assert [int(no) for no in shown] == list(range(1, STEP_COUNT + 1))
    assert "L11 --> L10: kembali" in alur.document()
    assert "L11_diverifikasi --> L12: selesai" in alur.document()


def test_another_table_makes_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    before = alur.document()
    monkeypatch.setattr(alur, "TRANSITIONS", TRANSITIONS[1:])
    assert alur.document() != before
