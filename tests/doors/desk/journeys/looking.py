"""Looking at a page of the desk: it fits, and axe finds nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests import axe

Desk = Callable[..., Page]
"""Opens a browser in which the member of that login is signed in, in a language; nobody without one."""
WIDTHS = (320, 768, 1280)


def look(page: Page, name: str) -> None:
    """The page fits at every width and axe finds nothing; pictures where ``LASTCALL_SCREENSHOTS`` says."""
    folder = os.environ.get("LASTCALL_SCREENSHOTS")
    page.wait_for_load_state("load")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert axe.violations(page) == []
