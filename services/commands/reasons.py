"""Why somebody at the server goes round what people may do by their roles: asked for, and kept in the logs."""

from __future__ import annotations

import sys

import click

from services.auth.accounts import AccountError
from services.auth.management import checked_reason
from services.auth.trail import Event
from services.cli import App
from services.commands.operator import operator

REASON = click.option(
    "--alasan", "reason", metavar="TEKS", default="", help="Alasannya, yang dicatat; di terminal ditanyakan bila perlu."
)


def require_reason(given: str, question: str = "Alasan") -> str:
    """The reason on one line; asked for where a person sits at a terminal. Raises UsageError where there is none."""
    if not given.strip() and sys.stdin.isatty():
        given = click.prompt(question, default="", show_default=False, err=True)
    try:
        return checked_reason(given, "Sebut alasannya dengan --alasan; alasan itu dicatat.")
    except AccountError as error:
        raise click.UsageError(str(error)) from error


def note_override(app: App, what: str, reason: str) -> None:
    """Put into the log of the door, before it happens, that a command changes the office's data, by whom and why."""
    app.accounts().trail.record(Event.OVERRIDE, "", by=operator(), detail=f"{what}: {reason}")
