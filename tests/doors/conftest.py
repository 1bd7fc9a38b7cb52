"""The doors as people meet them, with translations compiled from today's catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import trans_real
from playwright.sync_api import Browser
from scripts.build_messages import build

from lastcall.core.database import database
from tests.cast import Cast
from tests.doors import chromium


@pytest.fixture(scope="session", autouse=True)
def translations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever ``.mo`` files lie about, these are of the ``.po`` files as they are now."""
    fresh, before = tmp_path_factory.mktemp("locale"), settings.LOCALE_PATHS
    build(into=Path(fresh))
    settings.LOCALE_PATHS = [str(fresh)]
    _forget_translations()
    yield
    settings.LOCALE_PATHS = before
    _forget_translations()


def _forget_translations() -> None:
    vars(trans_real).update(_translations={}, _default=None)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One chromium for a module."""
    chromium.require()
    with chromium.running() as running:
        yield running


@pytest.fixture
def browser(cast: Cast) -> Iterator[Client]:
    """A browser without cookies, on the cast's database."""
    yield Client(headers={"host": "localhost"})
    database().close()
