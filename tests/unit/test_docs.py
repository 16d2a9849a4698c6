"""What README and docs say is there: links, pictures, commands, and how typed numbers are read."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from services.charts.palette import RATING_SYMBOLS
from services.cli import root
from services.domain.attainment import DEFAULT_SCALE
from services.domain.numbers import Reading, format_number, read_money, read_number
from services.domain.roles import Role
from services.sample.reference import SECTION_IDS
from services.ui.navigation import ENTRIES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))
PANDUAN = (DOCS / "panduan.md").read_text("utf-8")
LARGEST_PICTURE = 250_000

_LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_COMMAND = re.compile(r"python -m services ([^`\n]+)")
_ROW = re.compile(r"^\| `([^`]*)` \| (.+?) \|$", re.MULTILINE)


def _links(page: Path) -> list[str]:
    return [a or b for a, b in _LINK.findall(page.read_text("utf-8"))]


def _anchors(page: Path) -> set[str]:
    """Addresses of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in _links(document):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def test_every_picture_is_shown_somewhere_and_small() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in _links(page) if link.endswith(".png")}
    pictures = set((DOCS / "gambar").glob("*.png"))
    assert pictures
    assert pictures <= shown
    assert [p.name for p in pictures if p.stat().st_size > LARGEST_PICTURE] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        named = re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
        assert set(named) <= targets, page


def _commands() -> list[tuple[str, str]]:
    found = {(page.name, m[1]) for page in PAGES for m in _COMMAND.finditer(page.read_text("utf-8"))}
    return sorted((name, arguments) for name, arguments in found if arguments != "…")


@pytest.mark.parametrize(("document", "arguments"), _commands())
def test_every_command_and_option_that_is_named_exists(document: str, arguments: str) -> None:
    command: click.Command = root
    context = click.Context(command)
    is_value = False
    for word in shlex.split(arguments, comments=True):
        if word.startswith("--"):
            options = {option: parameter for parameter in command.get_params(context) for option in parameter.opts}
            assert word in options, document
            is_value = not getattr(options[word], "is_flag", False)
        elif is_value:
            is_value = False
        elif isinstance(command, click.Group):
            command = command.get_command(context, word) or pytest.fail(f"{document}: {word}")


def _endings(command: click.Command, context: click.Context, words: str = "") -> Iterator[str]:
    """The words after ``python -m services`` of every command that does something."""
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield words.strip()
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        yield from _endings(command.get_command(context, name) or pytest.fail(name), context, f"{words} {name}")


def test_the_guide_shows_every_command() -> None:
    shown = [arguments for name, arguments in _commands() if name == "panduan.md"]
    wanted = list(_endings(root, click.Context(root)))
    assert len(wanted) > 10
    assert [words for words in wanted if not any(f"{each} ".startswith(f"{words} ") for each in shown)] == []


def test_the_guide_names_every_page_of_the_menu() -> None:
    assert [entry.title for entry in ENTRIES if f"**{entry.title}**" not in PANDUAN] == []


def test_every_decision_is_listed() -> None:
    folder = DOCS / "keputusan"
    assert set(_links(folder / "README.md")) == {page.name for page in folder.glob("[0-9]*.md")}


def _examples(heading: str) -> list[tuple[str, str]]:
    """Rows of the table after these words of the guide."""
    table = PANDUAN.partition(f"\n**{heading}**")[2].partition("\n\n")[2].partition("\n\n")[0]
    return _ROW.findall(table)


def _as_the_guide_says(reading: Reading, said: str) -> bool:
    if said.startswith("ditolak"):
        return reading.problem is not None
    if said == "tidak diukur":
        return reading.value is None and reading.problem is None
    return reading.value is not None and format_number(reading.value) == said


def test_numbers_are_read_as_the_guide_says() -> None:
    examples = _examples("Realisasi")
    assert len(examples) > 10
    wrong = [(typed, said) for typed, said in examples if not _as_the_guide_says(read_number(typed, "dokumen"), said)]
    assert wrong == []


def test_money_is_read_as_the_guide_says() -> None:
    examples = _examples("Realisasi anggaran")
    assert len(examples) > 4
    assert [(typed, said) for typed, said in examples if not _as_the_guide_says(read_money(typed), said)] == []


def test_the_guide_shows_the_default_scale() -> None:
    for rating, symbol in zip(DEFAULT_SCALE.ratings, RATING_SYMBOLS, strict=True):
        row = next(line for line in PANDUAN.splitlines() if line.startswith(f"| {symbol} {rating.label} |"))
        assert rating.lower is None or str(rating.lower) in row


def test_the_guide_explains_every_role_and_section() -> None:
    for role in Role:
        assert role.label.removesuffix(" (baca saja)") in PANDUAN
    for section_id in SECTION_IDS:
        assert f"`{section_id}`" in PANDUAN


def test_percentages_in_the_guide_have_a_decimal_comma() -> None:
    assert re.findall(r"[0-9]+\.[0-9]+ ?%", PANDUAN) == []
