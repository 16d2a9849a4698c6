"""`python -m tests.sheets_server --port N [--data FILE]`: serves until it is interrupted."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.sheets_server.app import address_of, listener_on, server_of


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sheets_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--data", type=Path, help="file that keeps the spreadsheets over restarts")
    options = parser.parse_args()
    listener = listener_on(options.port)
    print(address_of(listener), flush=True)
    server_of(options.data).run(sockets=[listener])


if __name__ == "__main__":
    main()
