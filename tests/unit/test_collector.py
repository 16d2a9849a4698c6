"""The garbage collector rests during large work and goes on afterwards, whatever happened."""

from __future__ import annotations

import gc

import pytest

from services.collector import uncollected
from services.report.document import build_report
from services.views.board import board_of
from services.views.office import Office


@uncollected
def is_on(fail: bool = False) -> bool:
    if fail:
        raise ValueError("on purpose")
    return gc.isenabled()


def test_it_rests_during_the_work_and_goes_on_afterwards() -> None:
    assert gc.isenabled()
    assert not is_on()
    assert gc.isenabled()


def test_it_goes_on_after_work_that_failed() -> None:
    with pytest.raises(ValueError, match="on purpose"):
        is_on(fail=True)
    assert gc.isenabled()


def test_work_inside_other_work_does_not_wake_it() -> None:
    assert not uncollected(lambda: is_on() or gc.isenabled())()
    assert gc.isenabled()


def test_who_had_it_switched_off_finds_it_so() -> None:
    gc.disable()
    try:
        is_on()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("work", [Office.__init__, board_of, build_report])
def test_an_office_its_figures_and_its_report_are_made_without_it(work: object) -> None:
    assert hasattr(work, "__wrapped__")
