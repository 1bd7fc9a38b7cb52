"""One chromium for the package, the portal on the cast's database, and visits to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from lastcall.core.database import database
from tests import axe
from tests.cast import Cast
from tests.doors import chromium
from tests.doors.portal.browsing.visit import Visit


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """One chromium for all."""
    chromium.require()
    with chromium.running() as browser:
        yield browser


@pytest.fixture(scope="package")
def with_axe() -> None:
    """The accessibility checker is there."""
    axe.require()


@pytest.fixture
def site(cast: Cast) -> Iterator[str]:
    """The portal on the cast's database."""
    with chromium.served() as address:
        yield address
    database().close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go."""
    folder = Path(os.environ.get("LASTCALL_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visit(chrome: Browser, site: str, pictures: Path) -> Iterator[Callable[..., Visit]]:
    """Opens visits, and closes them."""
    contexts = []

    def begin(language: str, *, scheme: Literal["light", "dark"] = "light", scripts: bool = True) -> Visit:
        context = chrome.new_context(
            viewport={"width": 320, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        return Visit(context.new_page(), site, language, pictures)

    yield begin
    for context in contexts:
        context.close()
