"""Memory and processor time of a process, as Linux counts them."""

from __future__ import annotations

import os
from pathlib import Path

_KB_PER_MB = 1024


def resident_mb(pid: int | str = "self") -> float:
    """What the process occupies now."""
    return _status(pid, "VmRSS")


def peak_mb(pid: int | str = "self") -> float:
    """The most that it has occupied."""
    return _status(pid, "VmHWM")


def processor_seconds(pid: int) -> float:
    """Processor time that the process has used, in steps of about 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB memory"


def load() -> str:
    """Load average of the last minute, five and fifteen minutes: above the number of cores, the machine was busy."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


def _status(pid: int | str, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / _KB_PER_MB
