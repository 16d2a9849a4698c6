"""What a terminal is shown: texts of people and files with every character that could command it spelled out.

A table or JSON that goes into a file or another program stays as it is; only what people look at is guarded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

from services.domain.numbers import clean
from services.log import visible

_LAYOUT = ("\n", "\t")


class _Guarded:
    """A stream whose texts are harmless; everything else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self.bare = stream

    def write(self, text: str) -> int:
        if not isinstance(text, str):  # click tries bytes to learn what kind of stream this is
            return self.bare.write(text)
        return self.bare.write("".join(c if c in _LAYOUT else visible(c) for c in text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bare, name)


@contextmanager
def guarded() -> Iterator[None]:
    """While a command runs: standard error always, standard output where it is a terminal."""
    output = sys.stdout if not sys.stdout.isatty() else cast("TextIO", _Guarded(sys.stdout))
    with redirect_stdout(output), redirect_stderr(cast("TextIO", _Guarded(sys.stderr))):
        yield


def bare(stream: TextIO) -> TextIO:
    """The stream itself, for a progress bar, which moves the cursor on purpose."""
    return cast("TextIO", getattr(stream, "bare", stream))


def cells(*texts: str) -> str:
    """One line of a list for people and pipes; a text with a line break or a tab of its own makes no other line."""
    return "\t".join(map(clean, texts))
