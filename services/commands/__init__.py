"""The commands, one module each. Click's own words are translated first, for options take some when they are made."""

from services.commands import texts

texts.install()
