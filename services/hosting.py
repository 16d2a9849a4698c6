"""Whether files written here outlive a restart: free hosting often begins each time with an empty disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

_COMMUNITY_CLOUD = Path("/mount/src")
"""Where Streamlit Community Cloud puts the code; nothing on that machine stays."""
_EPHEMERAL = ("SPACE_ID", "RENDER", "DYNO", "K_SERVICE", "RAILWAY_ENVIRONMENT")
"""Set by Hugging Face Spaces, Render, Heroku, Cloud Run and Railway, where only a mounted volume stays."""


def disk_lasts(
    folder: Path,
    env: Mapping[str, str],
    is_mount: Callable[[Path], bool] = os.path.ismount,
    code: Path = Path(__file__),
) -> bool:
    """Whether what is written into ``folder`` is still there after a restart, as far as it can be known."""
    if _COMMUNITY_CLOUD in code.resolve().parents:
        return False
    if not any(env.get(name) for name in _EPHEMERAL):
        return True
    own = folder.resolve()
    return any(is_mount(place) for place in (own, *own.parents) if place != Path(place.anchor))
