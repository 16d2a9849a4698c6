"""Whoever runs a command on the server, as the logs call him: there is no account, so by the name the machine has."""

from __future__ import annotations

import getpass
import os
import sys

UNKNOWN = "tidak dikenal"


def operator() -> str:
    """Such as ``perintah (budi)``; no account can be called that."""
    return f"perintah ({_machine_user()})"


def _machine_user() -> str:
    """By the system itself where it can be asked; variables of the environment, which anybody sets, come second."""
    try:
        if sys.platform != "win32":
            import pwd

            return pwd.getpwuid(os.getuid()).pw_name
        return getpass.getuser()
    except (KeyError, OSError):
        return UNKNOWN
