"""Who may import whom: pages show and ask, actions decide, the domain computes, a store remembers."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ALLOWED = {
    "pages": {"actions", "views", "charts", "report", "auth", "ui", "tabular", "store", "domain"},
    "ui": {"setup", "actions", "auth", "charts", "report", "views", "tabular", "store", "domain"},
    "auth": {"actions", "views", "store", "domain"},
    "commands": {"setup", "actions", "auth", "views", "charts", "report", "sample", "tabular", "store", "domain"},
    "setup": {"sample", "actions", "auth", "views", "store", "domain"},
    "sample": {"actions", "auth", "views", "store", "domain"},
    "actions": {"views", "tabular", "store", "domain"},
    "report": {"charts", "views", "domain"},
    "charts": {"views", "domain"},
    "views": {"store", "domain"},
    "tabular": {"store", "domain"},
    "store": {"domain"},
    "domain": set(),
}
"""Layer -> layers it may import. Modules directly in `services` and `app.py` put the layers together and see all."""

ONLY_IN = {
    "streamlit": {"app", "pages", "ui", "auth"},
    "starlette": {"ui"},
    "streamlit_authenticator": {"auth"},
    "sqlalchemy": {"store"},
    "psycopg": {"store"},
    "gspread": {"store"},
    "openpyxl": {"tabular"},
    "fpdf": {"report"},
    "pikepdf": {"report"},
    "pyhanko": {"report"},
    "segno": {"report"},
    "altair": {"charts"},
    "vl_convert": {"charts", "report"},
}
"""Library -> layers that may know it, so that each can be replaced in one place."""

TIMELESS = ("domain", "views", "charts", "report")
CLOCK_CALLS = {"now", "today", "utcnow", "time", "monotonic"}


def python_files() -> list[Path]:
    folders = [file for folder in ("services", "pages") for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in (ROOT / "app.py", *folders) if file.exists()]


def layer_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "services" and len(parts) > 2 else parts[0]


def imported_names(file: Path) -> Iterator[str]:
    """Full dotted names; `from services import views` gives `services.views`."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = absolute_package(file, node)
            yield from (f"{package}.{alias.name}" for alias in node.names)


def absolute_package(file: Path, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    own = file.relative_to(ROOT).parts[: -node.level]
    return ".".join([*own, *([node.module] if node.module else [])])


def layers_imported(file: Path) -> set[str]:
    parts = [name.split(".") for name in imported_names(file)]
    return {part[1] for part in parts if part[0] == "services" and len(part) > 1 and part[1] in ALLOWED}


def libraries_imported(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imported_names(file)} - {"services", "pages", "app"}


FILES = python_files()
LAYER_FILES = [file for file in FILES if layer_of(file) in ALLOWED]


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", LAYER_FILES, ids=name_of)
def test_a_file_imports_only_the_layers_below_it(file: Path) -> None:
    layer = layer_of(file)
    assert layers_imported(file) <= ALLOWED[layer] | {layer}


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_library_is_known_only_to_its_own_layer(file: Path) -> None:
    strangers = {lib for lib in libraries_imported(file) if layer_of(file) not in ONLY_IN.get(lib, {layer_of(file)})}
    assert strangers == set()


@pytest.mark.parametrize("file", [f for f in FILES if layer_of(f) == "domain"], ids=name_of)
def test_the_domain_needs_nothing_but_python(file: Path) -> None:
    assert libraries_imported(file) <= sys.stdlib_module_names


@pytest.mark.parametrize("file", [f for f in FILES if layer_of(f) in TIMELESS], ids=name_of)
def test_the_time_is_handed_in_and_never_read(file: Path) -> None:
    assert [name for name in calls(file) if name in CLOCK_CALLS] == []


def calls(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def test_every_folder_of_services_is_a_known_layer() -> None:
    folders = {file.parts[len(ROOT.parts) + 1] for file in (ROOT / "services").glob("*/*.py")}
    assert folders <= set(ALLOWED)


def test_the_directions_have_no_circle() -> None:
    order: list[str] = []
    while len(order) < len(ALLOWED):
        free = [layer for layer, below in ALLOWED.items() if layer not in order and below <= set(order)]
        assert free, f"a circle among {set(ALLOWED) - set(order)}"
        order += free
