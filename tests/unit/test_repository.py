"""What must hold for the repository as a whole: its pins, its self-sufficiency, its honesty about tests."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from services import VERSION
from services.config import SETTINGS, load

ROOT = Path(__file__).parents[2]
PINS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;\\]+)")
OWN = {"app", "pages", "services", "tests", "tools"}


def lines_of(name: str) -> list[str]:
    return (ROOT / name).read_text("utf-8").splitlines()


def pins(name: str) -> dict[str, str]:
    return {found["name"]: found["version"] for line in lines_of(name) if (found := PIN.match(line))}


def direct(name: str) -> dict[str, str]:
    """Requirement -> the reason written beside it."""
    entries = [line.partition("#") for line in lines_of(name) if line and not line.startswith("#")]
    return {re.split(r"[\[<>=]", left.strip())[0]: reason.strip() for left, _, reason in entries}


def imports_below(*names: str) -> set[str]:
    files = [file for name in names for file in sorted((ROOT / name).rglob("*.py"))]
    files += [ROOT / "app.py"] if (ROOT / "app.py").exists() and "services" in names else []
    trees = [ast.walk(ast.parse(file.read_text("utf-8"))) for file in files]
    modules = [module for tree in trees for node in tree for module in modules_of(node)]
    return {module.split(".")[0] for module in modules} - set(sys.stdlib_module_names) - OWN


def modules_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and node.level == 0 else []


def not_named(modules: set[str], named: set[str]) -> list[str]:
    providers = packages_distributions()
    return sorted(module for module in modules if not {name.lower() for name in providers.get(module, [])} & named)


@pytest.mark.parametrize("name", PINS)
def test_every_requirement_is_pinned_and_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", "\n".join(line for line in lines_of(name) if not line.lstrip().startswith("#")))
    assert [entry for entry in entries if not (PIN.match(entry) and "--hash=sha256:" in entry)] == []


@pytest.mark.parametrize("name", PINS)
def test_the_pins_name_no_package_index_and_no_local_path(name: str) -> None:
    assert [
        line for line in lines_of(name) if re.search(r"://|--index|--find-links|--extra-index| @ |^#.*/", line)
    ] == []


def test_the_tests_run_with_the_versions_that_the_office_gets() -> None:
    development = pins("requirements-dev.txt")
    assert {name: development.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_requirement_is_pinned_and_says_why_it_is_there(name: str) -> None:
    wanted = direct(f"{name}.in")
    assert all(wanted.values())
    assert set(wanted) <= set(pins(f"{name}.txt"))


def test_what_the_application_imports_is_a_direct_requirement() -> None:
    assert not_named(imports_below("services", "pages"), set(direct("requirements.in"))) == []


def test_what_the_tests_import_is_a_direct_requirement() -> None:
    named = set(direct("requirements.in")) | set(direct("requirements-dev.in"))
    assert not_named(imports_below("tests"), named) == []


def test_the_version_that_reports_name_is_that_of_the_project() -> None:
    assert f'version = "{VERSION}"' in lines_of("pyproject.toml")


def test_no_other_dependency_file_outranks_the_pins_on_a_host() -> None:
    """Community Cloud would take these first and install other versions."""
    assert [name for name in ("uv.lock", "Pipfile", "environment.yml") if (ROOT / name).exists()] == []


def browser_sources() -> list[Path]:
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "services").rglob("*")]
    return [file for file in files if file.suffix in {".py", ".css", ".js", ".svg", ".html"} and file.exists()]


def test_a_browser_loads_nothing_from_another_host() -> None:
    loads = re.compile(r"""(?:src\s*=|@import|url\()\s*["']?\s*(?:https?:)?//|cdn\.|unpkg\.|fonts\.googleapis""", re.I)
    assert [file.name for file in browser_sources() if loads.search(file.read_text("utf-8"))] == []


def test_the_logo_is_drawn_with_paths_only() -> None:
    """An image in a page may load neither fonts nor other images."""
    logo = (ROOT / "services" / "assets" / "logo.svg").read_text("utf-8")
    assert set(re.findall(r"<(\w+)", logo)) == {"svg", "path"}


def test_the_fonts_of_the_report_come_with_their_licence() -> None:
    fonts = ROOT / "services" / "assets" / "fonts"
    styles = {f"LiberationSans-{style}" for style in ("Regular", "Bold", "Italic", "BoldItalic")}
    assert styles <= {file.stem for file in fonts.glob("*.ttf")}
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text("utf-8")


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    silent = re.compile(r"pytest\.(?:skip|importorskip|xfail)\b|mark\.(?:skip|skipif|xfail)\b")
    own = Path(__file__)
    tests = [file for file in (ROOT / "tests").rglob("*.py") if file != own]
    assert [str(file.relative_to(ROOT)) for file in tests if silent.search(file.read_text("utf-8"))] == []


def test_the_example_of_the_secrets_is_a_valid_configuration() -> None:
    example = ROOT / ".streamlit" / "secrets.toml.example"
    text = example.read_text("utf-8")
    assert load({}, example).office == "silaut"
    assert [setting.name for setting in SETTINGS if setting.name not in text or setting.env not in text] == []


def test_no_secret_is_under_version_control() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    assert [name for name in tracked if name.endswith("secrets.toml") or name.startswith(("data/", ".venv/"))] == []


@pytest.mark.parametrize(
    "target", ["run", "test", "lint", "format", "types", "bench", "pictures", "audit", "upgrade", "clean"]
)
def test_make_without_a_target_lists_it(target: str) -> None:
    listing = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"^  make {target} +\S", listing, re.M)
