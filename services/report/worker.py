"""Charts are drawn in a process of their own, one for each process of the application.

The chart engine holds Python's global lock while it draws and its first chart takes half a second: in the server's own
process every page of everybody would stand still meanwhile, and a fork after its first use hangs. So ``python -m
services.report.worker`` reads requests from its standard input and answers on its standard output, each message a
length of four bytes and then JSON; it ends when its input ends, that is, with the process that started it.
"""

from __future__ import annotations

import atexit
import json
import logging
import signal
import struct
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Literal

from services.charts.locale import NUMBER_LOCALE, TIME_LOCALE

Kind = Literal["svg", "png"]

TIME_LIMIT = 30.0
"""Seconds that one chart may take; the usual chart takes 0.03 to 0.2, the first one 0.6 more."""
PNG_PIXELS_PER_INCH = 220
ATTEMPTS = 2
_ROOT = Path(__file__).resolve().parents[2]
_FONT_DIR = Path(__file__).resolve().parents[1] / "assets" / "fonts"
_COMMAND = (sys.executable, "-m", "services.report.worker")
_LENGTH = struct.Struct(">I")
_SMALLEST = '{"mark":"point","data":{"values":[]}}'
_LOG = logging.getLogger(__name__)


class ChartError(ValueError):
    """The engine refuses this chart; the message is the engine's own."""


class _Silent(Exception):
    """The worker gave no answer. ``timed_out``: it took longer than allowed."""

    def __init__(self, timed_out: bool) -> None:
        super().__init__("melewati batas waktu" if timed_out else "proses grafik berhenti")
        self.timed_out = timed_out


# Drawing, in whichever process


def render(kind: Kind, text: str) -> str | bytes:
    """SVG text of a Vega-Lite specification, or the bytes of a PNG of an SVG, drawn in this process."""
    import vl_convert  # half a second and 60 MB, which only the process that draws shall pay

    _register_fonts()
    if kind == "png":
        png: bytes = vl_convert.svg_to_png(text, ppi=PNG_PIXELS_PER_INCH, scale=1.0)
        return png
    svg: str = vl_convert.vegalite_to_svg(
        text, format_locale=NUMBER_LOCALE, time_format_locale=TIME_LOCALE, allowed_base_urls=[]
    )
    return svg


@cache
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(_FONT_DIR))


# The process that asks


class ChartWorker:
    """The process that draws: started at the first chart, kept for the next ones, replaced when it dies or hangs.

    Where no worker answers, the chart is drawn in the asking process, so that a report never fails for that.
    """

    def __init__(self, command: Sequence[str] = _COMMAND, limit: float = TIME_LIMIT) -> None:
        self._command = command
        self._limit = limit
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = Lock()
        self.started = 0
        atexit.register(self.close)

    def warm_up(self) -> None:
        """Start the process, so that it loads while the caller does other work."""
        if self._asking.acquire(blocking=False):
            try:
                self._running()
            except OSError as error:
                _LOG.warning("Proses grafik tidak dapat dimulai: %s", error)
            finally:
                self._asking.release()

    def draw(self, kind: Kind, text: str) -> bytes:
        """The chart as bytes. Raises ChartError when the engine refuses it."""
        with self._asking:
            for _ in range(ATTEMPTS):
                try:
                    return self._answer(kind, text)
                except (OSError, _Silent) as error:
                    _LOG.warning("Grafik tidak dibuat oleh proses grafik (%s).", error)
                    self._end()
                    if isinstance(error, _Silent) and error.timed_out:
                        break
        _LOG.warning("Grafik dibuat di proses utama.")
        return _drawn(kind, text)

    def close(self) -> None:
        """End the process; the next chart starts another one."""
        with self._asking:
            self._end()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603  (our own command)
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT
            )
            self.started += 1
        return self._process

    def _answer(self, kind: Kind, text: str) -> bytes:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        late: list[bool] = []
        timer = Timer(self._limit, _stop, (process, late))
        timer.daemon = True
        timer.start()
        try:
            _send(process.stdin, json.dumps([kind, text]).encode())
            answer = _receive(process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if not answer:
            raise _Silent(bool(late))
        if answer[:1] == _REFUSED:
            raise ChartError(answer[1:].decode())
        return answer[1:]

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:  # what was not read by a dead process
                pass
        process.kill()
        process.wait()


def _stop(process: subprocess.Popen[bytes], late: list[bool]) -> None:
    late.append(True)
    process.kill()


@cache
def shared() -> ChartWorker:
    """The worker of this process."""
    return ChartWorker()


# Messages

_DONE, _REFUSED = b"+", b"-"


def _send(stream: IO[bytes], message: bytes) -> None:
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes | None:
    """One message, or None when the other side has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None


def _drawn(kind: Kind, text: str) -> bytes:
    try:
        drawn = render(kind, text)
    except ValueError as error:
        raise ChartError(str(error)) from error
    return drawn.encode() if isinstance(drawn, str) else drawn


# The process that draws


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    while message := _receive(requests):
        kind, text = json.loads(message)
        try:
            answer = _DONE + _drawn(kind, text)
        except ChartError as error:
            answer = _REFUSED + str(error).encode()
        _send(answers, answer)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the application, whose end is the worker's end
    render("svg", _SMALLEST)  # loads the engine before the first chart is asked for
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
