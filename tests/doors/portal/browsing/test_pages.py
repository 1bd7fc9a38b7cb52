"""Every page in a real browser, in three languages, on a telephone and on a desk. Pictures go to ``LASTCALL_SCREENSHOTS``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from lastcall.core.closing.receipts import Receipt
from tests.cast import LI_WEI_MSISDN, Cast
from tests.doors.portal import scenes
from tests.doors.portal.browsing.visit import Visit, assert_clean

CASES: dict[str, Callable[[Cast], Receipt]] = {
    "received": scenes.unproved,
    "waiting": scenes.waiting,
    "on-hold": lambda cast: cast.on_hold(),
    "frozen": scenes.frozen,
    "closed": lambda cast: cast.closed(),
    "quarantined": scenes.quarantined,
}


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_the_pages_for_everybody_fit_and_stay_quiet(visit: Callable[..., Visit], language: str) -> None:
    visitor = visit(language)
    visitor.look("home")
    for path, name in (("/case/", "case-form"), ("/number/", "number")):
        visitor.go(path)
        visitor.look(name)
    visitor.post("/case/", reference="0000 0000 0000 0000", secret="1111 1111 1111 1111")
    visitor.look("case-unknown")
    visitor.post("/number/", number=str(LI_WEI_MSISDN))
    visitor.look("number-answer")
    visitor.post("/number/", number="12345")
    visitor.look("number-refused")
    assert_clean(visitor)


@pytest.mark.parametrize("scene", CASES)
def test_a_case_fits_and_stays_quiet(visit: Callable[..., Visit], cast: Cast, scene: str) -> None:
    receipt = CASES[scene](cast)
    for language in scenes.LANGUAGES:
        visitor = visit(language)
        visitor.post("/case/", **scenes.words(receipt))
        visitor.look(f"case-{scene}")
        assert visitor.page.url == f"{visitor.site}/case/"
        assert visitor.page.locator(".state h1").count() == 1
        assert_clean(visitor)


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_a_page_that_is_not_there_looks_like_the_others(visit: Callable[..., Visit], language: str) -> None:
    visitor = visit(language)
    visitor.go("/nowhere/")
    visitor.look("not-found")
    assert visitor.complaints == []


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_it_is_dark_for_those_who_want_it(visit: Callable[..., Visit], cast: Cast, language: str) -> None:
    visitor = visit(language, scheme="dark")
    visitor.post("/case/", **scenes.words(cast.on_hold()))
    visitor.look("dark-case-on-hold")
    ground = visitor.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(20, 26, 27)"
    assert_clean(visitor)


def test_an_error_takes_the_focus_without_any_script(visit: Callable[..., Visit]) -> None:
    visitor = visit("en")
    visitor.post("/number/", number="")
    assert visitor.page.evaluate("document.activeElement.className") == "problem"
    visitor.page.click(".problem a")
    assert visitor.page.evaluate("document.activeElement.id") in {"id_number", ""}
    assert visitor.page.url.endswith("/number/#id_number")


def test_the_keyboard_reaches_the_content_first_and_every_stop_is_visible(visit: Callable[..., Visit]) -> None:
    visitor = visit("en")
    visitor.go("/number/")
    stops = []
    for _ in range(8):
        visitor.page.keyboard.press("Tab")
        stops.append(visitor.page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        assert visitor.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert stops[0] == "Skip to the content"
    assert "id_number" in stops


def test_the_language_switch_keeps_what_was_typed(visit: Callable[..., Visit]) -> None:
    visitor = visit("en")
    visitor.go("/case/")
    visitor.page.fill("#id_reference", "ABCD EFGH")
    visitor.page.click("nav.languages button[value=zh-hans]")
    assert visitor.page.input_value("#id_reference") == "ABCD EFGH"
    assert visitor.page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert visitor.page.locator(".problem").count() == 0
    assert_clean(visitor)


def test_it_works_without_scripts_from_the_form_to_leaving(chrome: Browser, site: str, cast: Cast) -> None:
    receipt = cast.on_hold()
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/case/?lang=ru")
    page.fill("#id_reference", receipt.reference)
    page.fill("#id_secret", receipt.secret)
    page.press("#id_secret", "Enter")  # must not press a language, which comes first on the page
    assert page.inner_text("h1") == "Принято, идёт период ожидания"
    cast.time.advance(timedelta(hours=1))
    page.reload()
    assert page.inner_text("h1") == "Принято, идёт период ожидания"
    page.click(".leave button")
    assert page.inner_text("h1") == "Ход закрытия"
    context.close()


def test_print_leaves_the_controls_out(visit: Callable[..., Visit], cast: Cast) -> None:
    visitor = visit("ru")
    visitor.post("/case/", **scenes.words(cast.closed()))
    visitor.page.emulate_media(media="print")
    assert not visitor.page.is_visible("nav.languages")
    assert not visitor.page.is_visible(".leave")
    assert visitor.page.is_visible("table")
    visitor.page.pdf(path=visitor.pictures / "print-case-closed-ru.pdf")
