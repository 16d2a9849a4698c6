"""The address of the set-up as it is printed on the terminal."""

from __future__ import annotations

from services.setup.keys import LASTS

PAGE, KEY = "pasang", "kunci"
"""Name of the page, and of the key in its address."""


def notice(key: str, base: str) -> str:
    """One line for whoever looks at the terminal; ``base``: where the application answers."""
    hours = int(LASTS.total_seconds() // 3600)
    address = f"{base.rstrip('/')}/{PAGE}?{KEY}={key}"
    return f"Kantor belum disiapkan. Siapkan di (rahasia, berlaku {hours} jam): {address}"
