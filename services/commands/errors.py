"""What a command ends with: exit codes, and errors that fit on one line and say what to do."""

from __future__ import annotations

import errno

import click

from services.store.store import Withheld

REFUSED = 1
WRONG_CALL = 2

_REASONS = {
    errno.ENOENT: "tidak ada",
    errno.EACCES: "tidak boleh dibuka; periksa hak aksesnya",
    errno.EPERM: "tidak boleh diubah; periksa hak aksesnya",
    errno.EROFS: "berada di media yang hanya dapat dibaca",
    errno.EISDIR: "adalah folder, bukan berkas",
    errno.ENOTDIR: "berada di dalam sesuatu yang bukan folder",
    errno.ENOSPC: "tidak dapat ditulis: media penuh",
    errno.ENAMETOOLONG: "bernama terlalu panjang",
}


class Refused(click.ClickException):
    """The call was right, but what it asks for is refused (exit code 1)."""

    exit_code = REFUSED


class Unusable(click.ClickException):
    """A file, the configuration or the store cannot be used (exit code 2)."""

    exit_code = WRONG_CALL


def say_withheld(withheld: Withheld) -> None:
    """What a shared sheet did not take, where there is such a thing."""
    if withheld:
        click.echo(str(withheld))


def file_error(error: OSError) -> Unusable:
    """An error of the operating system about a file, in Indonesian."""
    name = error.filename if error.filename is not None else "yang dipakai"
    reason = _REASONS.get(error.errno or 0, "tidak dapat dibaca atau ditulis; periksa lokasi dan medianya")
    return Unusable(f"Berkas {name} {reason}.")
