"""A real browser on the real application: Debian's chromium driven by Playwright."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return None


def require() -> str:
    """Where chromium is; skips the test where it is missing, fails instead when ``LASTCALL_TEST_REQUIRE_ALL=1``."""
    # The same engine without what only a screen needs: a page takes two thirds of the time.
    if path := shutil.which("chromium-headless-shell") or shutil.which("chromium"):
        return path
    reason = "chromium is not installed (Debian: apt-get install chromium-headless-shell)"
    if os.environ.get("LASTCALL_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and LASTCALL_TEST_REQUIRE_ALL=1 says that it must be")
    pytest.skip(reason)


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def served() -> Iterator[str]:
    """The application at an address of its own on this machine; each request has its own thread, so two clicks are two."""
    from lastcall.site.wsgi import application

    server = make_server("127.0.0.1", 0, application, server_class=_Threads, handler_class=_Quiet)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="portal-under-test", daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def picture(page: Page, path: Path) -> None:
    """The whole page, for people to look at."""
    page.screenshot(path=path, full_page=True)


@contextmanager
def running() -> Iterator[Browser]:
    """Chromium. Playwright keeps an event loop in this thread, which Django would take for asynchronous code."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=require(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
