"""axe in the dark, on paper and without scripts; ``test_every_page.py`` runs it on every page by day (U9)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import axe
from tests.cast import PASSPORT
from tests.doors.portal.proof.stage import World
from tests.doors.portal.proof.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def _axe_is_there() -> None:
    axe.require()


def broken(visitor: Visitor, name: str) -> list[str]:
    """What axe finds on the page that is shown."""
    return [f"{name}: {rule}" for rule in axe.violations(visitor.page)]


def test_in_the_dark(visit: Visit, world: World) -> None:
    visitor = visit("zh-hans", color_scheme="dark", width=1280)
    found = []
    for path in ("/", "/close/", "/prepare/", "/stop/", "/number/", "/case/", "/receipt/", "/nowhere/"):
        visitor.go(path)
        found += broken(visitor, path)
    visitor.go("/close/")
    visitor.press()
    found += broken(visitor, "close refused")
    visitor.declare(contact="li@example.org")
    found += broken(visitor, "receipt")
    assert not found, "\n".join(found)


def test_a_closing_in_the_dark(visit: Visit, world: World) -> None:
    visitor = visit("ru", color_scheme="dark", width=320)
    found = []
    for name, receipt in world.receipts.items():
        visitor.open_receipt(receipt)
        found += broken(visitor, name)
    visitor.open_receipt(world.receipts["proved"])
    for page in ("photo", "callback", "sim", "refund", "papers", "withdraw", "stop"):
        visitor.go(f"/case/{page}/")
        found += broken(visitor, page)
    assert not found, "\n".join(found)


def test_the_identity_questions_in_the_dark(visit: Visit, world: World) -> None:
    visitor = visit("en", color_scheme="dark", width=320)
    visitor.open_receipt(world.receipts["received"])
    visitor.identify(PASSPORT, "mail")
    found = broken(visitor, "code")
    visitor.give_code("000000")
    found += broken(visitor, "code refused")
    assert not found, "\n".join(found)


def test_without_scripts(visit: Visit, world: World, language: str) -> None:
    """A new page each time: axe leaves one without scripts as it found it only when it is the last to look."""
    visitor = visit(language, scripts=False, width=768)
    visitor.open_receipt(world.receipts["on-hold"])
    found = []
    for path in ("/", "/close/", "/prepare/", "/case/", "/case/withdraw/", "/case/papers/"):
        visitor.page = visitor.page.context.new_page()
        visitor.go(path)
        found += broken(visitor, path)
    assert not found, "\n".join(found)
