"""The desk in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from lastcall.core.database import database
from tests import axe
from tests.doors import chromium
from tests.doors.desk.journeys.looking import Desk
from tests.doors.desk.staffed import Staffed


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """One chromium for all."""
    chromium.require()
    axe.require()
    with chromium.running() as browser:
        yield browser


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where the pictures go."""
    folder = Path(os.environ.get("LASTCALL_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def site(staffed: Staffed) -> Iterator[str]:
    """The application on the cast's database."""
    with chromium.served() as address:
        yield address
    database().close()


@pytest.fixture
def desk(chrome: Browser, site: str, staffed: Staffed) -> Iterator[Desk]:
    """Opens browsers in which a member is signed in, or nobody; and closes them."""
    contexts = []

    def begin(login: str = "", language: str = "en") -> Page:
        context = chrome.new_context(viewport={"width": 1280, "height": 800}, base_url=site)
        contexts.append(context)
        if login:
            [cookie] = staffed.at_desk(login).cookies.values()
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "domain": urlsplit(site).hostname or "", "path": "/desk/"}]
            )
        page = context.new_page()
        page.goto(f"/desk/?lang={language}" if login else f"/?lang={language}")
        return page

    yield begin
    for context in contexts:
        context.close()
