"""The words of one report: the office's texts, the sentences built from the figures, or a person's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.domain.passages import Part
from services.report import texts
from services.views.board import Board
from services.views.office import Office
from services.views.report_texts import own_words, standard_text

_BUILT: Mapping[Part, Callable[[Office, Board], str]] = {
    Part.SUMMARY: lambda office, board: f"{texts.summary(office, board)} {texts.reached(board)}".rstrip(),
    Part.STEPS: lambda _office, board: f"{texts.steps_sentence(board)} {texts.executors_note(board)}".rstrip(),
    Part.SECTIONS: lambda _office, board: texts.sections_sentence(board),
    Part.CONCLUSIONS: lambda office, board: "\n".join(texts.conclusions(office, board)),
    Part.ADVICE: lambda _office, board: "\n".join(texts.advice(board)),
}


@dataclass(frozen=True, slots=True)
class Passages:
    """The text of every part of one report; ``built_summary`` is what the summary says of itself."""

    of: Mapping[Part, str]
    built_summary: str = ""

    def __getitem__(self, part: Part) -> str:
        return self.of[part]

    def items(self, part: Part) -> list[str]:
        """The lines of a part that is a list."""
        return [line.strip() for line in self.of[part].splitlines() if line.strip()]


def built(part: Part, office: Office, board: Board) -> str:
    """What the report says by itself in this part."""
    return standard_text(office, part, board.period) if part.is_standard else _BUILT[part](office, board)


def passages_of(office: Office, board: Board) -> Passages:
    words = {part: own_words(office, part, board.period) or built(part, office, board) for part in Part}
    return Passages(words, built(Part.SUMMARY, office, board))
