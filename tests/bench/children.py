"""Measurements in a process of their own, so that nothing done before counts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from tests.sample_folder import ROOT

CHILD_SECONDS = 1800


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module of the benchmark."""
    return [sys.executable, "-m", f"tests.bench.{name}", *arguments]


def answer(command: list[str], environment: Mapping[str, str]) -> dict[str, float]:
    """What the command prints as JSON."""
    done = subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=CHILD_SECONDS
    )
    return dict(json.loads(done.stdout))
