"""What the SOP says of a step, as the places of the steps show it."""

from __future__ import annotations

from dataclasses import replace

from services.domain.sop import SOP_2024
from services.ui import sop_says

COLLECTING = SOP_2024[1]


def test_a_step_is_said_in_the_words_of_the_sop() -> None:
    said = sop_says.lines(COLLECTING)
    words = (COLLECTING.procedure, COLLECTING.requirement, str(COLLECTING.duration), COLLECTING.output)
    assert all(word in said for word in words)


def test_holders_that_nobody_confirmed_are_marked_as_a_proposal() -> None:
    assert sop_says.holders(COLLECTING) == "Kasi dan Kasubag PKP <em>(usulan, belum dikonfirmasi)</em>"
    assert sop_says.holders(replace(COLLECTING, confirmed=True)) == "Kasi dan Kasubag PKP"


def test_a_step_without_holder_says_so() -> None:
    assert sop_says.holders(replace(COLLECTING, executor=(), confirmed=True)) == "belum ditetapkan"


def test_what_somebody_wrote_into_the_sop_is_only_text() -> None:
    assert "&lt;b&gt;" in sop_says.lines(replace(COLLECTING, output="<b>"))
