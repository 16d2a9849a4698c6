"""What stands on a page run by AppTest."""

from __future__ import annotations

import html
import re

from streamlit.testing.v1 import AppTest


def markup(app: AppTest) -> str:
    """Everything that the page draws as HTML of its own."""
    return "\n".join(element.proto.body for element in app.get("html"))


def text(app: AppTest) -> str:
    """The same as a person reads it: without tags, runs of spaces as one."""
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup(app), flags=re.DOTALL)).split())


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()
