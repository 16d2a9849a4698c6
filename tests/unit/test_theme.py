"""The theme of the pages is the palette of the charts and of the report."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest
from streamlit import config

from services.charts.palette import DARK, LIGHT, Fill, Palette

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))
GROUNDS = list(itertools.product(("light", "dark"), (False, True)))
HUES = ("red", "orange", "yellow", "blue", "green", "violet", "gray")


def section(theme: str, *, sidebar: bool) -> dict[str, str]:
    colours = CONFIG["theme"][theme]
    return colours["sidebar"] if sidebar else {key: value for key, value in colours.items() if key != "sidebar"}


def hue(name: str, mark: str, chip: Fill) -> dict[str, str]:
    return {f"{name}Color": mark, f"{name}BackgroundColor": chip.background, f"{name}TextColor": chip.text}


def hues(palette: Palette) -> dict[str, str]:
    """Green is blue, because the identity has no green."""
    blue = palette.ratings[0].background
    return {
        **hue("red", palette.brick, palette.chip_late),
        **hue("orange", palette.ochre, palette.chip_now),
        **hue("yellow", palette.ochre, palette.chip_now),
        **hue("blue", blue, palette.chip_done),
        **hue("green", blue, palette.chip_done),
        **hue("violet", palette.navy, palette.chip_done),
        **hue("gray", palette.muted, palette.chip_open),
    }


def page(palette: Palette) -> dict[str, str]:
    return hues(palette) | {
        "primaryColor": palette.primary,
        "backgroundColor": palette.page,
        "secondaryBackgroundColor": palette.panel,
        "textColor": palette.text,
        "borderColor": palette.border,
        "linkColor": palette.navy,
        "codeBackgroundColor": palette.panel,
        "codeTextColor": palette.text,
        "dataframeBorderColor": palette.border,
        "dataframeHeaderBackgroundColor": palette.panel,
        "dataframeHeaderTextColor": palette.muted,
    }


def sidebar(background: str, text: str) -> dict[str, str]:
    """Navy in both themes, so that its marks are always the dark theme's."""
    field = DARK.chip_done.background
    return (
        page(DARK)
        | hues(DARK)
        | {
            "backgroundColor": background,
            "secondaryBackgroundColor": field,
            "textColor": text,
            "borderColor": DARK.plan,
            "codeBackgroundColor": field,
            "codeTextColor": text,
        }
    )


def contrast(one: str, other: str) -> float:
    """Ratio of WCAG 2.1, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_pages_take_every_colour_from_the_palette(theme: str, palette: Palette) -> None:
    assert section(theme, sidebar=False) == page(palette)


@pytest.mark.parametrize(("theme", "palette", "text"), [("light", LIGHT, LIGHT.panel), ("dark", DARK, DARK.text)])
def test_the_sidebar_takes_every_colour_from_the_palette(theme: str, palette: Palette, text: str) -> None:
    assert section(theme, sidebar=True) == sidebar(palette.sidebar, text)


@pytest.mark.parametrize(("theme", "is_sidebar"), GROUNDS)
def test_text_can_be_read_on_its_ground(theme: str, is_sidebar: bool) -> None:
    colours = section(theme, sidebar=is_sidebar)
    pairs = [
        ("textColor", "backgroundColor"),
        ("textColor", "secondaryBackgroundColor"),
        ("linkColor", "backgroundColor"),
        ("dataframeHeaderTextColor", "dataframeHeaderBackgroundColor"),
        *((f"{name}TextColor", f"{name}BackgroundColor") for name in HUES),
    ]
    too_weak = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    assert too_weak == []


@pytest.mark.parametrize(("theme", "is_sidebar"), GROUNDS)
def test_the_white_text_of_a_primary_button_can_be_read(theme: str, is_sidebar: bool) -> None:
    assert contrast(section(theme, sidebar=is_sidebar)["primaryColor"], "#FFFFFF") >= 4.5


def options(table: dict[str, object], prefix: str = "") -> list[str]:
    names: list[str] = []
    for key, value in table.items():
        names += options(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]
    return names


def test_the_installed_streamlit_knows_every_option() -> None:
    assert [name for name in options(CONFIG) if name not in config.get_config_options()] == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("browser.gatherUsageStats", False),
        ("client.showErrorDetails", "none"),
        ("client.showErrorLinks", False),
        ("client.toolbarMode", "minimal"),
        ("runner.postScriptGC", False),
        ("server.enableXsrfProtection", True),
        ("server.maxUploadSize", 10),
        ("server.showEmailPrompt", False),
    ],
)
def test_an_option_that_protects_the_office_is_set(option: str, value: object) -> None:
    group, key = option.split(".")
    assert CONFIG[group][key] == value


@pytest.mark.parametrize("option", ["server.address", "server.port", "server.fileWatcherType"])
def test_the_place_of_the_server_is_left_to_the_host(option: str) -> None:
    assert option not in options(CONFIG)
