"""A closing that stands open shuts itself: announced in time, put off as often as wished, nothing typed is lost (U13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from tests.doors.portal.proof.stage import World
from tests.doors.portal.proof.visitor import Visitor

Visit = Callable[..., Visitor]
WARNING: Final = "section.session"
TIMES: Final = 12


@pytest.fixture
def watched(visit: Visit, world: World, language: str) -> Visitor:
    """A visitor on a form of a closing, whose browser's clock the test moves."""
    visitor = visit(language)
    visitor.open_receipt(world.receipts["received"])
    visitor.page.clock.install()
    visitor.go("/case/sim/")
    return visitor


def life(visitor: Visitor) -> tuple[int, int]:
    """How long the page stays open, and how long before its end it warns, in seconds."""
    life, warn = (visitor.page.get_attribute(WARNING, name) for name in ("data-session", "data-warn"))
    return int(life or 0), int(warn or 0)


def pass_by(visitor: Visitor, seconds: int) -> None:
    """So much time goes by in the browser."""
    visitor.page.clock.run_for(seconds * 1000)


def test_it_warns_in_time_and_takes_the_focus(watched: Visitor) -> None:
    whole, warn = life(watched)
    assert warn >= 20
    pass_by(watched, whole - warn - 10)
    assert not watched.page.is_visible(WARNING)
    pass_by(watched, 12)
    assert watched.page.is_visible(WARNING)
    assert watched.page.get_attribute(WARNING, "role") == "alertdialog"
    assert watched.page.evaluate("document.activeElement.hasAttribute('data-stay')")


def test_it_can_be_put_off_ten_times_and_more(watched: Visitor) -> None:
    whole, warn = life(watched)
    for _ in range(TIMES):
        pass_by(watched, whole - warn + 5)
        assert watched.page.is_visible(WARNING)
        with watched.page.expect_response(lambda answer: answer.request.method == "HEAD") as answer:
            watched.page.click("[data-stay]")
        assert "lastcall_case" in answer.value.all_headers().get("set-cookie", ""), "the server gives no new time"
        watched.page.wait_for_selector(WARNING, state="hidden")
    assert watched.page.locator("[name=answer]").count() > 0


def test_what_was_chosen_is_still_there_when_it_has_shut(watched: Visitor, world: World) -> None:
    watched.page.check("[value=keep]")
    pass_by(watched, life(watched)[0] + 5)
    watched.at("/case/sim/")
    assert watched.page.is_checked("[value=keep]")
    assert watched.page.is_visible(f"{WARNING} [data-over]")
    _shut_and_send(watched, world)


@pytest.mark.parametrize(
    ("scene", "path", "field"),
    [
        ("received", "/case/sim/", "[value=keep]"),
        ("received", "/case/papers/", "[value=document_copy]"),
        ("received", "/case/identity/", "[value=residence_permit]"),
    ],
)
def test_without_scripts_the_answer_comes_through_too(
    visit: Visit, world: World, scene: str, path: str, field: str
) -> None:
    visitor = visit("en", scripts=False)
    visitor.open_receipt(world.receipts[scene])
    visitor.go(path)
    visitor.page.check(field)
    visitor.page.context.clear_cookies(name="lastcall_case")
    visitor.press()
    assert visitor.page.locator("#id_reference").count() == 1
    _words(visitor, world, scene)
    visitor.at(path)
    assert visitor.page.is_checked(field)


def _shut_and_send(visitor: Visitor, world: World) -> None:
    visitor.page.context.clear_cookies(name="lastcall_case")
    visitor.press()
    _words(visitor, world, "received")
    visitor.at("/case/sim/")
    assert visitor.page.is_checked("[value=keep]")


def _words(visitor: Visitor, world: World, scene: str) -> None:
    visitor.page.fill("#id_reference", world.receipts[scene].reference)
    visitor.page.fill("#id_secret", world.receipts[scene].secret)
    visitor.press()


def test_a_page_on_which_nothing_was_typed_shuts_by_itself(visit: Visit, world: World) -> None:
    visitor = visit("ru")
    visitor.open_receipt(world.receipts["on-hold"])
    visitor.page.clock.install()
    visitor.go("/case/")
    whole, _ = life(visitor)
    visitor.page.context.clear_cookies(name="lastcall_case")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    visitor.page.route("**/case/", lambda route: route.fulfill(status=204))  # the page stays, as on a very slow line
    with visitor.page.expect_request("**/case/"):
        pass_by(visitor, whole + 1)
    for _ in range(4):
        pass_by(visitor, 1)
        visitor.page.wait_for_timeout(100)
    assert len(asked) == 1, "asked once, and waited"
    visitor.page.unroute("**/case/")
    visitor.go("/case/")
    assert visitor.page.locator("#id_reference").count() == 1


def test_declaring_has_no_time_limit_that_loses_anything(visit: Visit, world: World) -> None:
    visitor = visit("en", scripts=False)
    visitor.to_check(contact="li@example.org")
    visitor.page.context.clear_cookies(name="lastcall_draft")
    visitor.press()
    visitor.at("/receipt/")
    assert len(world.new_cases()) == 1
