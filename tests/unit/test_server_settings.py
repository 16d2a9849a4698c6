"""How Streamlit is told to behave: what would be unsafe or English is off, whatever its own default says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit import config

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("section", "name", "wanted"),
    [
        ("server", "enableXsrfProtection", True),
        ("server", "maxUploadSize", 10),
        ("server", "showEmailPrompt", False),
        ("browser", "gatherUsageStats", False),
        ("client", "showErrorDetails", "none"),
        ("client", "showErrorLinks", False),
        ("client", "toolbarMode", "minimal"),
    ],
)
def test_what_is_written_is_safe(section: str, name: str, wanted: object) -> None:
    assert SETTINGS[section][name] == wanted
    assert f"{section}.{name}" in config._config_options_template  # a name that Streamlit does not know is ignored


@pytest.mark.parametrize(
    ("option", "safe"),
    [
        ("server.enableCORS", True),
        ("server.enableStaticServing", False),
        ("server.enableAgentApi", False),
        ("server.xsrfCookieSameSite", "lax"),
        ("global.developmentMode", False),
        ("logger.level", "info"),
    ],
)
def test_what_is_not_written_is_safe_by_default(option: str, safe: object) -> None:
    section, _, name = option.partition(".")
    assert name not in SETTINGS.get(section, {})
    default = config._config_options_template[option].value
    assert (default.lower() if isinstance(default, str) else default) == safe
