"""One chromium and one played stage for the package; a copy of the stage for each test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.doors import chromium
from tests.doors.portal.proof.stage import Stage, World, play, staged
from tests.doors.portal.proof.visitor import LANGUAGES, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Closings in every state."""
    return play(tmp_path_factory.mktemp("stage"), sqlite_template)


@pytest.fixture
def world(stage: Stage, tmp_path: Path) -> Iterator[World]:
    """A copy of the stage, served."""
    with staged(stage, tmp_path / "world") as world:
        yield world


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """One chromium for all."""
    chromium.require()
    with chromium.running() as browser:
        yield browser


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each of the three."""
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """With JavaScript and without."""
    return bool(request.param)


@pytest.fixture
def visit(chrome: Browser, world: World) -> Iterator[Visit]:
    """Opens visitors in fresh contexts of their own, and closes them."""
    contexts = []

    def begin(language: str = "en", *, scripts: bool = True, width: int = 320, **options: Any) -> Visitor:
        context = chrome.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts, **options)
        contexts.append(context)
        return Visitor(context.new_page(), world.site, language, scripts)

    yield begin
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where the pictures go: ``LASTCALL_SCREENSHOTS``; without it none are taken, for they cost a third of the time."""
    if not (where := os.environ.get("LASTCALL_SCREENSHOTS")):
        return None
    folder = Path(where)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
