"""Which characters can be printed, and how text breaks into lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.charts.palette import RATING_SYMBOLS, UNRATED_SYMBOL
from services.report import fonts, symbol_font

ANY_TEXT = st.text(max_size=200) | st.text(alphabet="ab k-/\n\u00a0△中", max_size=300)


def test_every_mark_of_the_identity_can_be_printed() -> None:
    assert fonts.unsupported("".join(RATING_SYMBOLS) + UNRATED_SYMBOL + "✓!?●■□•–…\u00a0◇") == set()


def test_what_the_fonts_lack_is_named_and_replaced_visibly() -> None:
    assert fonts.unsupported("Surel 😀 中") == {"😀", "中"}
    assert fonts.printable("Surel 😀 中") == "Surel □ □"


def test_control_and_invisible_characters_disappear() -> None:
    assert fonts.printable("a\x00b\x1b\u200bc\u202ed\ufe0f\r\ne\tf\u2028g") == "abcd\ne f\ng"


def test_a_lone_surrogate_is_replaced_and_does_no_harm() -> None:
    assert fonts.printable("a\ud800b") == "a□b"


def test_letters_with_separate_accents_are_composed() -> None:
    assert fonts.printable("e\u0301") == "é"


@given(ANY_TEXT)
def test_printable_text_has_a_glyph_for_each_character(text: str) -> None:
    shown = fonts.printable(text)
    assert fonts.unsupported(shown) == set()
    assert fonts.printable(shown) == shown


@given(ANY_TEXT, st.floats(1, 120), st.sampled_from(["", "B", "I", "BI"]))
def test_no_line_is_wider_than_its_place(text: str, width: float, style: str) -> None:
    for line in fonts.wrap(fonts.printable(text), width, 9, style):
        assert fonts.width_mm(line, 9, style) <= width + 1e-6 or len(line) == 1


@given(ANY_TEXT, st.floats(1, 120))
def test_breaking_lines_loses_no_character(text: str, width: float) -> None:
    shown = fonts.printable(text)
    assert "".join(fonts.wrap(shown, width, 9)).replace(" ", "") == shown.replace(" ", "").replace("\n", "")


def test_a_long_word_breaks_after_a_hyphen_when_there_is_one() -> None:
    assert fonts.wrap("pemberdayaan-masyarakat", 30, 9) == ["pemberdayaan-", "masyarakat"]


def test_a_no_break_space_holds_number_and_sign_together() -> None:
    assert fonts.wrap("capaian 88,0\u00a0%", fonts.width_mm("capaian 88,0", 9) + 0.5, 9) == ["capaian", "88,0\u00a0%"]


def test_the_shipped_symbol_font_is_the_drawn_one() -> None:
    assert symbol_font.SYMBOL_FILE.read_bytes() == symbol_font.font_bytes()
