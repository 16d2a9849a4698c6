"""Names of files made from what stands in the data, where a person may have written anything."""

from __future__ import annotations

import hashlib
import re

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 40


def name_part(text: str) -> str:
    """A part of a file name that every system takes and that leads into no other folder; other texts, other parts."""
    if _SAFE.fullmatch(text) and ".." not in text:
        return text
    readable = _UNSAFE.sub("-", text.replace("..", "-"))[:_LONGEST].strip("-.")
    return f"{readable or 'x'}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
