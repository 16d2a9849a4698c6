"""The SOP's flow chart: its lanes, its symbols, the way back from step 11, and what the screen gets."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.charts.flowchart import NOBODY, PROPOSED, Flow, Shape, flow_of, flowchart_html
from services.domain.roles import Role
from services.domain.sop import SOP_2024, Step

CONFIRMED = tuple(replace(step, confirmed=True) for step in SOP_2024)


def shapes(flow: Flow) -> dict[int, set[Shape]]:
    return {row.step.no: {mark.shape for mark in row.marks} for row in flow.rows}


def with_executor(no: int, *executor: Role) -> tuple[Step, ...]:
    return tuple(replace(step, executor=executor) if step.no == no else step for step in SOP_2024)


def test_every_executor_has_one_lane_and_nobody_else_has_one() -> None:
    assert flow_of(SOP_2024).lanes == (Role.SEKRETARIS, Role.PKP, Role.UMUM, Role.KASI)


def test_the_first_and_the_last_step_are_capsules_and_step_11_is_a_rhombus() -> None:
    found = shapes(flow_of(SOP_2024))
    assert found.pop(1) == found.pop(13) == {Shape.TERMINATOR}
    assert found.pop(11) == {Shape.DECISION}
    assert set().union(*found.values()) == {Shape.PROCESS}


def test_a_symbol_stands_in_the_lane_of_each_executor() -> None:
    flow = flow_of(SOP_2024)
    for row in flow.rows:
        assert {flow.lanes[mark.lane] for mark in row.marks} == set(row.step.executor)


def test_the_work_goes_from_the_first_executor_to_the_last() -> None:
    flow = flow_of(SOP_2024)
    collecting = flow.rows[1]
    assert flow.lanes[collecting.enters] is Role.KASI
    assert flow.lanes[collecting.leaves] is Role.PKP


def test_step_11_returns_to_step_10_and_no_other_step_returns() -> None:
    flow = flow_of(SOP_2024)
    assert {row.step.no: flow.rows[row.returns_to].step.no for row in flow.rows if row.returns_to is not None} == {
        11: 10
    }


def test_a_refusal_leaves_away_from_the_lane_it_came_from() -> None:
    flow = flow_of(SOP_2024)
    assert flow.side(flow.rows[10]) == -1
    moved = flow_of(with_executor(11, Role.KASI))
    assert moved.side(moved.rows[10]) == 1


def test_a_step_without_executor_lets_the_flow_through_and_is_named() -> None:
    flow = flow_of(with_executor(4))
    row = flow.rows[3]
    assert row.marks == ()
    assert row.enters == row.leaves == flow.rows[2].leaves
    assert NOBODY in flow.remark(row)


@given(st.lists(st.sampled_from(list(Role)), unique=True))
def test_executors_of_one_step_are_passed_without_turning_back(executor: list[Role]) -> None:
    lanes = [mark.lane for mark in flow_of(with_executor(5, *executor)).rows[4].marks]
    assert lanes in (sorted(lanes), sorted(lanes, reverse=True))


def test_proposed_executors_are_said_to_be_a_proposal() -> None:
    assert PROPOSED in flowchart_html(SOP_2024)
    assert "proposed" in flowchart_html(SOP_2024).partition("</style>")[2]


def test_confirmed_executors_are_no_proposal() -> None:
    drawn = flowchart_html(CONFIRMED).partition("</style>")[2]
    assert "usulan" not in drawn
    assert "proposed" not in drawn


def test_beside_confirmed_executors_each_proposal_is_marked_in_its_row() -> None:
    flow = flow_of((*CONFIRMED[:12], SOP_2024[12]))
    assert [row.step.no for row in flow.rows if "usulan" in flow.remark(row)] == [13]


def test_all_words_of_the_sop_stand_in_the_table() -> None:
    drawn = flowchart_html(SOP_2024)
    for step in SOP_2024:
        for text in (step.procedure, step.requirement, str(step.duration), step.output):
            assert f"<td>{text}</td>" in drawn or f">{text}</td>" in drawn


def test_who_does_a_step_can_be_heard() -> None:
    assert '<span class="mv-sr">Kasi, lalu Kasubag PKP</span>' in flowchart_html(SOP_2024)


def test_the_screen_gets_no_tag_that_streamlit_strips() -> None:
    drawn = flowchart_html(SOP_2024)
    assert not re.search(r"<(svg|path|foreignObject|script)", drawn)


def test_what_people_write_into_a_step_is_no_markup() -> None:
    drawn = flowchart_html((replace(SOP_2024[0], procedure="<b>&"), *SOP_2024[1:]))
    assert "&lt;b&gt;&amp;" in drawn


def test_colours_come_from_the_theme() -> None:
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", flowchart_html(SOP_2024))


def test_no_steps_make_an_empty_chart() -> None:
    assert flow_of(()).rows == ()
    assert "<table>" in flowchart_html(())
