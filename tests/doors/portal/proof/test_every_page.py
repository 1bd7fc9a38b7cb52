"""Every page once in three languages, at three widths, with scripts and without: what must hold for all of them (U1 to U17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import PASSPORT
from tests.doors.portal.proof.looking import Look
from tests.doors.portal.proof.stage import NUMBER, World
from tests.doors.portal.proof.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def look(visit: Visit, language: str, scripts: bool, pictures: Path | None) -> Look:
    """A visitor who looks closely; with axe where scripts run, for axe finds the same without."""
    visitor = visit(language, scripts=scripts)
    visitor.weigh()
    return Look(visitor, pictures, with_axe=scripts)


def test_the_pages_for_everybody(look: Look) -> None:
    visitor = look.visitor
    for path, name in (("/", "home"), ("/close/", "close"), ("/prepare/", "prepare"), ("/number/", "number"),
                       ("/case/", "case-form"), ("/stop/", "stop"), ("/receipt/", "no-receipt")):  # fmt: skip
        visitor.go(path)
        look.at(name)
    visitor.go("/nowhere/")
    look.at("not-found", status=404)
    _declaring(look)
    _answers_of_forms(look)
    assert not look.complaints, "\n".join(look.complaints)


def _declaring(look: Look) -> None:
    visitor = look.visitor
    visitor.go("/close/")
    visitor.fill("12345", day="31.02.2026", contact="nobody")
    visitor.press()
    look.at("close-refused", refused=True)
    visitor.fill(day="31.12.2026", contact="li@example.org")
    visitor.press()
    look.at("check-with-day")
    visitor.to_check()
    look.at("check")
    visitor.press()
    look.at("receipt")


def _answers_of_forms(look: Look) -> None:
    visitor = look.visitor
    visitor.go("/number/")
    visitor.page.fill("#id_number", NUMBER)
    visitor.press()
    look.at("number-answer")
    visitor.page.fill("#id_number", "")
    visitor.press()
    look.at("number-refused", refused=True)
    visitor.open("0000 0000 0000 0000", "1111 1111 1111 1111")
    look.at("case-form-refused", refused=True)
    visitor.go("/stop/")
    visitor.press()
    look.at("stop-refused", refused=True)
    visitor.page.fill("#id_number", NUMBER)
    visitor.page.fill("#id_word", "ABCD 1234")
    visitor.press()
    look.at("stopped")
    visitor.go("/case/sim/")
    look.at("case-form-then")


def test_a_closing_in_every_state(look: Look, world: World) -> None:
    for name, receipt in world.receipts.items():
        look.visitor.open_receipt(receipt)
        look.at(f"case-{name}")
    _ceasing(look, world)
    assert not look.complaints, "\n".join(look.complaints)


def _ceasing(look: Look, world: World) -> None:
    world.cast.time.advance(timedelta(days=8))
    on_hold = world.receipts["on-hold"]
    while world.cast.case(on_hold).state != "ceasing":
        assert world.cast.worker.run_one() is not None
    look.visitor.open_receipt(on_hold)
    look.at("case-ceasing")


def test_what_a_closing_asks(look: Look, world: World) -> None:
    visitor = look.visitor
    visitor.open_receipt(world.receipts["received"])
    _identity(look)
    for page in ("papers", "withdraw", "stop", "prepare", "sim"):
        visitor.go(f"/case/{page}/")
        look.at(f"ask-{page}")
    visitor.go("/case/papers/")
    visitor.press()
    look.at("ask-papers-refused", refused=True)
    visitor.page.check("[name=answer][value=statement]")
    visitor.press()
    look.at("ask-papers-made")
    _asks_the_proved(look, world)
    assert not look.complaints, "\n".join(look.complaints)


def _identity(look: Look) -> None:
    visitor = look.visitor
    visitor.go("/case/identity/")
    look.at("identity-kind")
    visitor.press()
    look.at("identity-kind-refused", refused=True)
    visitor.choose(PASSPORT[0])
    look.at("identity-country")
    visitor.press()
    look.at("identity-country-refused", refused=True)
    visitor.page.select_option("#id_country", PASSPORT[1])
    visitor.press()
    look.at("identity-where")
    visitor.choose("mail")
    look.at("identity-number")
    visitor.page.fill("#id_document", "E1")
    visitor.press()
    look.at("identity-number-refused", refused=True)
    visitor.page.fill("#id_document", PASSPORT[2])
    visitor.press()
    look.at("identity-code")
    visitor.give_code("000000")
    look.at("identity-code-refused", refused=True)


def _asks_the_proved(look: Look, world: World) -> None:
    visitor = look.visitor
    visitor.open_receipt(world.receipts["locked"])
    visitor.go("/case/identity/")
    look.at("identity-locked")
    visitor.open_receipt(world.receipts["proved"])
    for page in ("photo", "callback", "sim", "refund"):
        visitor.go(f"/case/{page}/")
        look.at(f"ask-{page}")
        visitor.press()
        look.at(f"ask-{page}-refused", refused=True)
    visitor.open_receipt(world.receipts["closed"])
    visitor.go("/case/back/")
    look.at("ask-back")
    visitor.go("/case/asked/")
    look.at("asked-nobody")
    visitor.go("/case/rest/")
    look.at("ask-rest")
    visitor.press()
    look.at("ask-rest-refused", refused=True)
    visitor.page.check("[name=answer][value='90']")
    visitor.press()
    look.at("ask-rest-sure")
    visitor.press()
    look.at("case-rests-longer")
