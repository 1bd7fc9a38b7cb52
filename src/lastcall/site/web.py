"""The web process: ``python -m lastcall.site.web HOST PORT`` serves until it is told to stop, or until whoever started it is gone.

A process of its own, so that the worker's computing never keeps a visitor waiting. ``lastcall serve`` starts it.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Final

import uvicorn

PATIENCE: Final = 5
"""Seconds for requests under way once it is told to stop; a visitor's open connection must not keep it."""


def main() -> None:
    """Serve; the standard input is closed when the process that started this one has ended."""
    host, port = sys.argv[1], int(sys.argv[2])
    server = uvicorn.Server(
        uvicorn.Config(
            "lastcall.site.asgi:application", host=host, port=port, log_level="warning", access_log=False, ws="none",
            # Whose word counts about a visitor's address is LASTCALL_TLS_PROXY's matter, not the server's.
            proxy_headers=False, server_header=False, timeout_graceful_shutdown=PATIENCE,
        )
    )  # fmt: skip
    threading.Thread(target=_stop_with_parent, args=(server,), name="lastcall-parent", daemon=True).start()
    server.run()


def _stop_with_parent(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    server.should_exit = True


if __name__ == "__main__":
    main()
